//! `eks_cluster!`: the control plane, its nodes, add-ons, and who may use it.
//!
//! Nodes and the interfaces of the control plane share a group that archgen derives, whose members reach each
//! other: kubelets, webhooks and pods use any port. The group that EKS makes is on the control plane only,
//! because nodes whose launch template names groups do not get it.
//! <https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html>
//! <https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html>

use std::collections::{BTreeMap, BTreeSet};

use super::{Lower, endpoint, slug, workload};
use crate::check::instances::is_graviton;
use crate::declare::eks_cluster::{ClusterEndpoint, NodeGroupField};
use crate::declare::vpc::TierRoute;
use crate::declare::{Declaration, EksCluster, Vpc as VpcDeclaration};
use crate::field::Field;
use crate::resource::eks::{
    AccessEntry, AccessKind, Addon, ApiEndpoint, CLUSTER_NAME_LIMIT, ClusterAccess, ClusterAddon,
    NodeGroup, PODS, PodIdentity,
};
use crate::resource::iam::Trust;
use crate::resource::network::{Direction, RulePeer, Traffic};
use crate::resource::{
    Attribute, EksCluster as Cluster, LaunchTemplate, LogGroup, Ref, ResourceId, Role,
    SecurityGroup, SecurityGroupRule, Subnet,
};
use crate::value::{Pseudo, Text, Value};

/// What names of roles and users of the account of deployment start with.
pub const OWN_ROLE: &str = "role/";
/// See [`OWN_ROLE`].
pub const OWN_USER: &str = "user/";

/// What lets nodes join a cluster, whoever starts them.
/// <https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html>
pub const NODE_POLICIES: &[&str] = &[
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
];

/// Where EKS runs the pods of its add-ons.
const SYSTEM: &str = "kube-system";

/// The tags by which the AWS Load Balancer Controller finds the subnets of load balancers that face the
/// internet, and of those that do not.
/// <https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html>
const PUBLIC_BALANCERS: &str = "kubernetes.io/role/elb";
const INTERNAL_BALANCERS: &str = "kubernetes.io/role/internal-elb";

/// Lowers a cluster.
pub fn lower_eks_cluster(it: &EksCluster, cx: &mut Lower<'_>) {
    let Some(stand) = endpoint(cx.architecture, &Declaration::EksCluster(Box::new(it.clone())))
    else {
        return;
    };
    let Some(group) = stand.group().cloned() else { return };
    cx.derive_group(&it.meta, &stand);
    cx.allow_flow(
        &it.meta,
        it.meta.macro_loc,
        &stand,
        &stand,
        Traffic::All,
        &format!("Within {}", it.meta.identity()),
    );
    cx.allow_aws(&it.meta, &stand);
    let cluster = control_plane(it, &group, cx);
    let before: Vec<ResourceId> = addons(it, &cluster, |it| it.comes_before_nodes(), cx);
    let nodes = node_groups(it, &cluster, &group, &before, cx);
    for addon in addons(it, &cluster, |it| !it.comes_before_nodes(), cx) {
        for group in &nodes {
            cx.depends_on(&addon, group);
        }
    }
    access(it, &cluster, cx);
    tag_subnets(it, cx);
    let name = it.meta.name.as_str();
    cx.output(
        &[name, "name"],
        format!("The name of the EKS cluster {name}"),
        cluster.attribute(Attribute::Name),
    );
    cx.output(
        &[name, "endpoint"],
        format!("The URL of the Kubernetes API of {name}"),
        cluster.attribute(Attribute::ApiUrl),
    );
}

/// The name in AWS: the log group has it too, which must be there before EKS makes one that is kept for ever.
fn physical_name(it: &EksCluster, cx: &Lower<'_>) -> Text {
    match &it.cluster_name {
        Some(name) => cx.string_text(name),
        None => {
            let name = format!("{}-{}", cx.stem(), it.meta.identity());
            Text::literal(name.chars().take(CLUSTER_NAME_LIMIT).collect::<String>())
        }
    }
}

fn control_plane(it: &EksCluster, group: &Ref<SecurityGroup>, cx: &mut Lower<'_>) -> Ref<Cluster> {
    let name = it.meta.name.as_str();
    let physical = physical_name(it, cx);
    let logs: BTreeSet<_> =
        it.logs.literal().into_iter().flatten().filter_map(Field::literal).copied().collect();
    let role = Role {
        trust: Trust::Service("eks.amazonaws.com"),
        description: format!("The control plane of {} in {}", it.meta.identity(), cx.stem()),
        managed_policies: vec!["AmazonEKSClusterPolicy"],
        statements: Vec::new(),
    };
    let role = cx.add(&it.meta, &[name, "cluster_role"], role);
    let own = own_group(it, cx);
    let cluster = Cluster {
        name: physical.clone(),
        version: it.version.value.clone(),
        role,
        subnets: cx.subnets(&it.subnets),
        // Without a group of its own nothing is known of where it stands.
        groups: own.map(|own| vec![own, group.clone()]).unwrap_or_default(),
        endpoint: match it.endpoint.literal() {
            Some(ClusterEndpoint::Public(blocks)) => {
                ApiEndpoint::Public(blocks.iter().map(|it| it.value.clone()).collect())
            }
            Some(ClusterEndpoint::Private) | None => ApiEndpoint::Private,
        },
        service_cidr: it.service_cidr.value.clone(),
        logs: logs.iter().copied().collect(),
        kms_key: it.kms_key.as_ref().map(|it| cx.field_text(it)),
        extended_support: it.extended_support.value.clone(),
    };
    let cluster = cx.add(&it.meta, &[name, "cluster"], cluster);
    if !logs.is_empty() {
        let log_group = LogGroup {
            name: Text::literal("/aws/eks/").then(physical).then("/cluster"),
            retention: it.log_retention.value.clone(),
            kms_key: None,
        };
        let log_group = cx.add(&it.meta, &[name, "log_group"], log_group);
        cx.depends_on(cluster.id(), log_group.id());
    }
    cluster
}

/// The group that EKS makes for a cluster. It admits its own members and lets everything out.
fn own_group(it: &EksCluster, cx: &mut Lower<'_>) -> Option<Ref<SecurityGroup>> {
    let name = it.meta.name.as_str();
    let vpc = cx.vpc_of(&it.subnets)?;
    let kind = SecurityGroup {
        vpc,
        description: "EKS created security group".to_string(),
        group_name: None,
        default_egress: Value::Literal(true),
    };
    let id = [name, "cluster", "cluster_security_group_id"];
    let group = cx.add(&it.meta, &id, kind);
    let rule = SecurityGroupRule {
        group: group.clone(),
        direction: Direction::Ingress,
        peer: RulePeer::Group(group.clone()),
        traffic: Traffic::All,
        description: String::new(),
    };
    cx.add(&it.meta, &[id.as_slice(), &["ingress"]].concat(), rule);
    Some(group)
}

/// The groups of nodes; gives what must be there before pods can run.
fn node_groups(
    it: &EksCluster,
    cluster: &Ref<Cluster>,
    group: &Ref<SecurityGroup>,
    before: &[ResourceId],
    cx: &mut Lower<'_>,
) -> Vec<ResourceId> {
    let name = it.meta.name.as_str();
    let role = Role {
        trust: Trust::Service("ec2.amazonaws.com"),
        description: format!("The nodes of {} in {}", it.meta.identity(), cx.stem()),
        managed_policies: NODE_POLICIES.to_vec(),
        statements: Vec::new(),
    };
    let role = cx.add(&it.meta, &[name, "node_role"], role);
    let mut all = Vec::new();
    for (key, field) in it.known_groups() {
        let Some(spec) = field.literal() else { continue };
        let template = LaunchTemplate {
            instance_type: None,
            image_parameter: None,
            groups: vec![group.clone()],
            profile: None,
            volume: spec.spec.disk.value.clone(),
            user_data: Vec::new(),
        };
        let template = cx.add_at(&it.meta, field.loc, &[name, key, "launch_template"], template);
        let subnets = cx.subnets(&it.subnets);
        let kind = node_group(it, key, spec, (cluster, &role, &template), subnets.clone(), cx);
        let nodes = cx.add_at(&it.meta, field.loc, &[name, key, "node_group"], kind);
        cx.depends_on_routes(nodes.id(), &subnets);
        for other in before {
            cx.depends_on(nodes.id(), other);
        }
        all.push(nodes.id().clone());
    }
    all
}

fn node_group(
    it: &EksCluster,
    key: &str,
    field: &NodeGroupField,
    (cluster, role, template): (&Ref<Cluster>, &Ref<Role>, &Ref<LaunchTemplate>),
    subnets: Vec<Ref<Subnet>>,
    cx: &Lower<'_>,
) -> NodeGroup {
    let spec = &field.spec;
    let types = spec.instances.literal().map(Vec::as_slice).unwrap_or_default();
    let (minimum, maximum) = match spec.nodes.literal() {
        Some(it) => (it.first.value.clone(), it.last.value.clone()),
        None => (Value::Unknown, Value::Unknown),
    };
    let mut labels: Vec<(String, Text)> = Vec::new();
    for label in spec.labels.iter().filter_map(Field::literal).flat_map(|it| &it.0) {
        labels.push((label.name.clone(), cx.field_text(&label.field)));
    }
    if workload::is_asked_for(it, key, cx) {
        labels.push((workload::NODE_GROUP_LABEL.to_string(), Text::literal(key)));
    }
    labels.sort();
    let taints = spec.taints.iter().filter_map(Field::literal).flatten();
    let mut taints: Vec<_> = taints.filter_map(Field::literal).cloned().collect();
    taints.sort();
    NodeGroup {
        cluster: cluster.clone(),
        name: key.to_string(),
        version: it.version.value.clone(),
        role: role.clone(),
        launch_template: template.clone(),
        subnets,
        instance_types: types.iter().map(|it| cx.string_text(it)).collect(),
        graviton: types.iter().filter_map(Field::literal).any(|it| is_graviton(it)),
        capacity: field.capacity,
        minimum,
        maximum,
        labels,
        taints,
    }
}

/// The add-ons that `wanted` chooses, each with the role of its pods if they need one.
fn addons(
    it: &EksCluster,
    cluster: &Ref<Cluster>,
    wanted: impl Fn(ClusterAddon) -> bool,
    cx: &mut Lower<'_>,
) -> Vec<ResourceId> {
    let name = it.meta.name.as_str();
    let mut all = Vec::new();
    for addon in it.known_addons().into_iter().filter(|it| wanted(*it)) {
        let key = slug(addon.as_str());
        let kind = Addon { cluster: cluster.clone(), addon };
        let installed = cx.add(&it.meta, &[name, &key, "addon"], kind);
        if let Some((service_account, policy)) = addon.permissions() {
            let role = Role {
                trust: Trust::Service(PODS),
                description: format!(
                    "The add-on {} of {} in {}",
                    addon.as_str(),
                    it.meta.identity(),
                    cx.stem()
                ),
                managed_policies: vec![policy],
                statements: Vec::new(),
            };
            let role = cx.add(&it.meta, &[name, &key, "role"], role);
            let identity = PodIdentity {
                cluster: cluster.clone(),
                namespace: Value::Literal(SYSTEM.to_string()),
                service_account: service_account.to_string(),
                role,
            };
            let identity = cx.add(&it.meta, &[name, &key, "pod_identity"], identity);
            // Pods get credentials when they start.
            cx.depends_on(installed.id(), identity.id());
        }
        all.push(installed.id().clone());
    }
    all
}

/// The ARN of a principal: `role/platform` is one of the account of deployment.
pub(super) fn principal(text: Text) -> Text {
    match text.as_literal() {
        Some(path) if path.starts_with(OWN_ROLE) || path.starts_with(OWN_USER) => {
            Text::literal("arn:")
                .then(Text::pseudo(Pseudo::Partition))
                .then(":iam::")
                .then(Text::pseudo(Pseudo::AccountId))
                .then(format!(":{path}"))
        }
        Some(_) | None => text,
    }
}

/// Who may use the cluster, each principal once.
fn access(it: &EksCluster, cluster: &Ref<Cluster>, cx: &mut Lower<'_>) {
    let mut principals: BTreeMap<Text, BTreeSet<ClusterAccess>> = BTreeMap::new();
    for pair in it.access.iter().filter_map(Field::literal).flatten().filter_map(Field::literal) {
        let Some(policy) = pair.value.literal() else { continue };
        let principal = principal(cx.field_text(&pair.key));
        principals.entry(principal).or_default().insert(*policy);
    }
    for (principal, policies) in principals {
        let text = principal.to_string();
        // What all of them have is left out, and the account where it is that of the deployment.
        let own = text.split_once("${AccountId}:").or_else(|| text.split_once("iam::"));
        let key = slug(own.map_or(text.as_str(), |it| it.1));
        let kind = AccessEntry {
            cluster: cluster.clone(),
            principal,
            kind: AccessKind::Standard,
            policies: policies.into_iter().collect(),
        };
        cx.add(&it.meta, &[&it.meta.name, &key, "access_entry"], kind);
    }
}

/// Tags the subnets of the VPC for the load balancers of Kubernetes.
fn tag_subnets(it: &EksCluster, cx: &mut Lower<'_>) {
    let Some(tier) = it.subnets.literal() else { return };
    let Some(vpc) = cx.architecture.get::<VpcDeclaration>(&tier.vpc) else { return };
    let mut tags = Vec::new();
    for (name, _) in vpc.tiers() {
        let tag = if name == tier.tier {
            INTERNAL_BALANCERS
        } else if vpc.route_of(name).literal() == Some(&TierRoute::InternetGateway) {
            PUBLIC_BALANCERS
        } else {
            continue;
        };
        tags.extend(vpc.subnet_ids(name).into_iter().map(|it| (it, tag)));
    }
    for (subnet, tag) in tags {
        cx.tag(subnet, tag, "1");
    }
}

#[cfg(test)]
#[path = "kubernetes_tests.rs"]
mod tests;
