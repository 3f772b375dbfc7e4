//! `ecs_cluster!`: the cluster, its DNS zone, and the instances that run its tasks.

use super::{Lower, endpoint, iam};
use crate::check::instances::is_graviton;
use crate::declare::ecs_cluster::{ClusterCapacity, Ec2Capacity};
use crate::declare::{Declaration, EcsCluster};
use crate::resource::ecs::Capacity;
use crate::resource::{
    Attribute, AutoScalingGroup, CapacityProvider, Cluster, ClusterCapacityProviders,
    LaunchTemplate, PrivateDnsNamespace, Ref, ResourceId,
};
use crate::value::{Text, Value};

/// The newest image for instances of ECS, by instruction set.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html>
const X86_64_IMAGE: &str = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";
const ARM64_IMAGE: &str =
    "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id";

/// What runs a cluster's tasks; nothing while that is not known.
pub fn capacity(cluster: &EcsCluster) -> Vec<Capacity> {
    match cluster.capacity.literal() {
        Some(ClusterCapacity::Fargate) => vec![Capacity::Fargate],
        Some(ClusterCapacity::FargateSpot) => vec![Capacity::FargateSpot],
        Some(ClusterCapacity::Ec2(_)) => {
            let id = ResourceId::new(&[&cluster.meta.name, "capacity_provider"]);
            vec![Capacity::Instances(Ref::new(id))]
        }
        None => Vec::new(),
    }
}

/// Lowers a cluster.
pub fn lower_cluster(it: &EcsCluster, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let cluster = Cluster {
        name: it.cluster_name.as_ref().map(|it| cx.string_text(it)),
        container_insights: it.container_insights.value.clone(),
    };
    let cluster = cx.add(&it.meta, &[name, "cluster"], cluster);
    if let (Some(namespace), Some(vpc)) = (&it.namespace, cx.vpc_of(&it.subnets)) {
        let namespace = PrivateDnsNamespace { name: namespace.value.clone(), vpc };
        cx.add(&it.meta, &[name, "namespace"], namespace);
    }
    if let Some(ClusterCapacity::Ec2(instances)) = it.capacity.literal() {
        lower_instances(it, instances, &cluster, cx);
    }
    let providers = capacity(it);
    if !providers.is_empty() {
        let association = ClusterCapacityProviders {
            cluster: cluster.clone(),
            providers: providers.clone(),
            default: providers,
        };
        cx.add(&it.meta, &[name, "capacity_providers"], association);
    }
    cx.output(
        &[name, "name"],
        format!("The name of the ECS cluster {name}"),
        cluster.attribute(Attribute::Name),
    );
}

fn lower_instances(
    it: &EcsCluster,
    instances: &Ec2Capacity,
    cluster: &Ref<Cluster>,
    cx: &mut Lower<'_>,
) {
    let name = it.meta.name.as_str();
    let declaration = Declaration::EcsCluster(Box::new(it.clone()));
    let Some(stand) = endpoint(cx.architecture, &declaration) else {
        return;
    };
    cx.derive_group(&it.meta, &stand);
    cx.allow_aws(&it.meta, &stand);
    let profile = iam::instance_profile(it, cx);
    let graviton = instances.instance.literal().is_some_and(|it| is_graviton(it));
    let template = LaunchTemplate {
        instance_type: Some(cx.string_text(&instances.instance)),
        image_parameter: Some(if graviton { ARM64_IMAGE } else { X86_64_IMAGE }),
        groups: stand.all_groups(),
        profile: Some(profile),
        volume: instances.volume.value.clone(),
        user_data: vec![
            Text::literal("#!/bin/bash"),
            Text::literal("echo ECS_CLUSTER=")
                .then(cluster.attribute(Attribute::Name))
                .then(" >> /etc/ecs/ecs.config"),
            // Keeps tasks from taking the role of the instance.
            Text::literal("echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config"),
        ],
    };
    let launch_template = cx.add(&it.meta, &[name, "launch_template"], template);
    let (minimum, maximum) = match instances.instances.literal() {
        Some(it) => (it.first.value.clone(), it.last.value.clone()),
        None => (Value::Unknown, Value::Unknown),
    };
    let subnets = cx.subnets(&it.subnets);
    let group = AutoScalingGroup {
        launch_template,
        minimum,
        maximum,
        subnets: subnets.clone(),
        protect_from_scale_in: true,
    };
    let group = cx.add(&it.meta, &[name, "auto_scaling_group"], group);
    cx.depends_on_routes(group.id(), &subnets);
    let provider = CapacityProvider { group, target: instances.target.value.clone() };
    cx.add(&it.meta, &[name, "capacity_provider"], provider);
}
