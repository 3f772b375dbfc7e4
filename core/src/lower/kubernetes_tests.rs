//! What `eks_cluster!` is lowered into.

use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::network::{Answer, Model, Question, Side, Wanted};
use crate::resource::eks::{AccessEntry, Addon, ApiEndpoint, NodeGroup, PodIdentity};
use crate::resource::{
    EksCluster, LaunchTemplate, LogGroup, Ref, ResourceGraph, ResourceId, Role, Typed,
};

const PLATFORM: &str = r#"
vpc network {
    cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20, data: /24 }, nat: PerZone,
}
eks_cluster platform {
    subnets: network.private, version: "1.34",
    node_groups: {
        general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 },
        batch: Spot {
            instances: ["m6g.large", "m7g.large"], nodes: 0..=4, disk: 100GB,
            labels: { workload: "batch" }, taints: ["workload=batch:NoSchedule"],
        },
    },
    addons: [VpcCni, EbsCsi, PodIdentityAgent],
    access: ["role/platform" => ClusterAdmin, "role/platform" => View],
}
redis orders { subnets: network.data, node: "cache.t4g.small" }
redis other { subnets: network.data, node: "cache.t4g.small" }
connect c { from: [platform], to: [orders] }
"#;

fn graph(source: &str) -> ResourceGraph {
    let architecture = architecture(source, Environment::Production);
    assert_eq!(architecture.problems(), []);
    super::super::lower(&architecture)
}

#[track_caller]
fn get<K: Typed + Clone>(graph: &ResourceGraph, id: &str) -> K {
    match graph.get::<K>(&Ref::new(ResourceId::new(&[id]))) {
        Some(it) => it.clone(),
        None => panic!("no `{id}` in {:#?}", graph.resources.keys().collect::<Vec<_>>()),
    }
}

fn waits(graph: &ResourceGraph, id: &str, other: &str) -> bool {
    let resource = graph.resources.get(&ResourceId::new(&[id])).expect("a resource");
    resource.depends_on.contains(&ResourceId::new(&[other]))
}

#[test]
fn a_control_plane_is_private_and_has_its_log_group_first() {
    let graph = graph(PLATFORM);
    let cluster: EksCluster = get(&graph, "platform.cluster");
    assert_eq!(cluster.name.as_literal().as_deref(), Some("shop-production-platform"));
    assert_eq!(cluster.endpoint, ApiEndpoint::Private);
    assert_eq!(
        cluster.service_cidr.literal().map(ToString::to_string).as_deref(),
        Some("172.20.0.0/16")
    );
    assert_eq!(cluster.given_groups(), [super::super::group_id("platform")]);
    let logs: LogGroup = get(&graph, "platform.log_group");
    assert_eq!(
        logs.name.as_literal().as_deref(),
        Some("/aws/eks/shop-production-platform/cluster")
    );
    assert!(waits(&graph, "platform.cluster", "platform.log_group"));
    // What comes with it is known by it.
    let own = cluster.own_group().expect("a group").id().clone();
    let aws_own = graph.aws_own();
    let with = |id: &ResourceId| aws_own.comes_with(id).map(|it| it.id().to_string());
    assert_eq!(with(&own).as_deref(), Some("platform.cluster"));
    let rule = ResourceId::new(&[own.as_str(), "ingress"]);
    assert_eq!(with(&rule).as_deref(), Some("platform.cluster"));
    assert_eq!(with(super::super::group_id("platform").id()), None);
    assert_eq!(with(&ResourceId::new(&["platform.cluster"])), None);
}

#[test]
fn nodes_are_started_between_the_addons() {
    let graph = graph(PLATFORM);
    let batch: NodeGroup = get(&graph, "platform.batch.node_group");
    assert_eq!((batch.capacity.as_str(), batch.image()), ("SPOT", "AL2023_ARM_64_STANDARD"));
    assert_eq!(batch.taints.len(), 1);
    let template: LaunchTemplate = get(&graph, "platform.batch.launch_template");
    assert_eq!(template.volume.literal().map(|it| it.0), Some(100));
    assert_eq!(
        (template.instance_type, template.image_parameter, template.profile),
        (None, None, None)
    );
    let general: NodeGroup = get(&graph, "platform.general.node_group");
    assert_eq!(general.image(), "AL2023_x86_64_STANDARD");
    for it in [
        "platform.vpc_cni.addon",
        "platform.private.a.default_route",
        "platform.egress.orders.tcp_6379",
    ] {
        let it = it.replace("platform.private", "network.private");
        assert!(waits(&graph, "platform.batch.node_group", &it), "{it}");
    }
    let storage = "platform.aws_ebs_csi_driver.addon";
    assert!(waits(&graph, storage, "platform.general.node_group"));
    assert!(waits(&graph, storage, "platform.aws_ebs_csi_driver.pod_identity"));
    let _: Addon = get(&graph, storage);
}

#[test]
fn pods_take_roles_with_their_tags() {
    let graph = graph(PLATFORM);
    let identity: PodIdentity = get(&graph, "platform.aws_ebs_csi_driver.pod_identity");
    assert_eq!(identity.service_account, "ebs-csi-controller-sa");
    let role: Role = get(&graph, identity.role.id().as_str());
    assert_eq!(role.trusted_actions(), ["sts:AssumeRole", "sts:TagSession"]);
    let role: Role = get(&graph, "platform.node_role");
    assert_eq!(role.trusted_actions(), ["sts:AssumeRole"]);
}

#[test]
fn a_principal_has_one_entry() {
    let graph = graph(PLATFORM);
    let entry: AccessEntry = get(&graph, "platform.role_platform.access_entry");
    assert_eq!(entry.principal.to_string(), "arn:${Partition}:iam::${AccountId}:role/platform");
    assert_eq!(entry.policies.len(), 2);
    let other =
        PLATFORM.replace("\"role/platform\" => View", "\"arn:aws:iam::1:role/platform\" => View");
    let graph = self::graph(&other);
    assert_eq!(graph.all::<AccessEntry>().count(), 2);
}

#[test]
fn subnets_are_found_by_what_makes_load_balancers() {
    let graph = graph(PLATFORM);
    let tags: Vec<String> = graph
        .resource_tags
        .iter()
        .flat_map(|(id, tags)| tags.iter().map(move |(key, value)| format!("{id} {key}={value}")))
        .collect();
    assert_eq!(
        tags,
        [
            "network.private.a.subnet kubernetes.io/role/internal-elb=1",
            "network.private.b.subnet kubernetes.io/role/internal-elb=1",
            "network.public.a.subnet kubernetes.io/role/elb=1",
            "network.public.b.subnet kubernetes.io/role/elb=1",
        ]
    );
}

#[test]
fn pods_reach_each_other_the_api_and_what_is_connected() {
    let model = Model::new(&graph(PLATFORM));
    let reach = |from: &str, to: &str, port: u16| {
        let side = |it: &str| Side::Endpoint(it.to_string());
        model.reach(&side(from), &side(to), &Wanted::tcp(port), Question::Works).answer
    };
    assert_eq!(reach("platform", "orders", 6379), Answer::Yes);
    assert_eq!(reach("platform", "other", 6379), Answer::No);
    assert_eq!(reach("orders", "platform", 443), Answer::No);
    assert_eq!(reach("platform", "platform.api", 443), Answer::Yes);
    // Webhooks and kubelets.
    assert_eq!(reach("platform.api", "platform", 10250), Answer::Yes);
    assert_eq!(reach("platform", "platform", 8080), Answer::Yes);
    assert_eq!(reach("platform.api", "orders", 6379), Answer::Yes);
    assert_eq!(reach("platform.api", "other", 6379), Answer::No);
}

#[test]
fn what_is_not_known_stays_unknown() {
    let unknown = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /20 } }
eks_cluster platform {
    subnets: ?, version: ?, node_groups: ?, addons: ?, access: ?, endpoint: ?, logs: ?,
    service_cidr: ?, kms_key: ?, extended_support: ?, cluster_name: ?,
}
eks_cluster other {
    subnets: network.private, version: ?, addons: [?], access: [?, "role/a" => ?], logs: [?],
    node_groups: { a: ?, b: Spot { instances: ?, nodes: ? }, c: Spot { instances: [?], nodes: 1..=? } },
}
"#;
    let graph = graph(unknown);
    assert_eq!(graph.all::<NodeGroup>().count(), 2);
    assert_eq!(graph.all::<EksCluster>().count(), 2);
}
