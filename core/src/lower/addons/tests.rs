//! What `cluster_addons!` is lowered into.

use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::resource::eks::{AccessEntry, AccessKind, PodIdentity};
use crate::resource::{EventRule, Queue, QueuePolicy, Ref, ResourceGraph, ResourceId, Role, Typed};

const PLATFORM: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20 }, nat: PerZone }
eks_cluster platform {
    subnets: network.private, version: "1.34",
    node_groups: { general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 } },
}
s3_bucket backups { kms_key: "arn:aws:kms:eu-west-1:123456789012:key/a" }
secret api_keys { description: "keys" }
secret other { description: "others" }
"#;

fn graph(addons: &str) -> ResourceGraph {
    let source = format!("{PLATFORM} cluster_addons addons {{ cluster: platform, {addons} }}");
    let architecture = architecture(&source, Environment::Production);
    assert_eq!(architecture.problems(), []);
    crate::lower::lower(&architecture)
}

fn find<K: Typed + Clone>(graph: &ResourceGraph, id: &str) -> Option<K> {
    graph.get::<K>(&Ref::new(ResourceId::new(&[id]))).cloned()
}

#[track_caller]
fn get<K: Typed + Clone>(graph: &ResourceGraph, id: &str) -> K {
    match find(graph, id) {
        Some(it) => it,
        None => panic!("no {id}; there are {:?}", graph.resources.keys().collect::<Vec<_>>()),
    }
}

/// What a role may do: each action with the resources.
fn may(role: &Role) -> Vec<(&'static str, Vec<String>)> {
    let all = role.statements.iter().flat_map(|it| {
        let resources: Vec<String> = it.resources.iter().map(ToString::to_string).collect();
        it.actions.iter().map(move |action| (*action, resources.clone()))
    });
    all.collect()
}

#[test]
fn nothing_is_made_that_is_not_asked_for() {
    let plain = graph("");
    assert_eq!(plain.all::<PodIdentity>().count(), 0);
    assert_eq!(plain.all::<Queue>().count(), 0);
}

#[test]
fn only_the_secrets_that_are_listed_are_read() {
    let it = graph("external_secrets: { secrets: [api_keys] }");
    let role: Role = get(&it, "addons.external_secrets.role");
    assert_eq!(
        may(&role),
        [
            ("secretsmanager:DescribeSecret", vec!["${api_keys.secret.Arn}".to_string()]),
            ("secretsmanager:GetSecretValue", vec!["${api_keys.secret.Arn}".to_string()]),
        ]
    );
    let identity: PodIdentity = get(&it, "addons.external_secrets.pod_identity");
    assert_eq!(identity.namespace.literal().map(String::as_str), Some("external-secrets"));
    assert_eq!(identity.service_account, "external-secrets");
}

#[test]
fn cert_manager_uses_its_zones_and_else_nothing() {
    let it = graph("cert_manager: {}");
    assert_eq!(find::<Role>(&it, "addons.cert_manager.role"), None);
    let it = graph("cert_manager: { zones: [\"Z1\"] }");
    let role: Role = get(&it, "addons.cert_manager.role");
    assert!(may(&role).contains(&(
        "route53:ChangeResourceRecordSets",
        vec!["arn:${Partition}:route53:::hostedzone/Z1".to_string()]
    )));
}

#[test]
fn velero_uses_its_bucket_and_the_key_of_it() {
    let it = graph("velero: { bucket: backups, schedules: { all: { every: 6h } } }");
    let role: Role = get(&it, "addons.velero.role");
    let may = may(&role);
    assert!(may.contains(&("s3:PutObject", vec!["${backups.bucket.Arn}/*".to_string()])));
    assert!(may.iter().any(|it| it.0 == "kms:GenerateDataKey"));
    assert!(may.iter().all(|it| it.0.starts_with("ec2:Describe") || it.1 != ["*"]));
}

#[test]
fn karpenter_finds_where_nodes_stand_and_hears_what_happens_to_them() {
    let it = graph(
        "karpenter: { node_pools: { general: { families: [\"m6i\"], limits: { cpu: 8, memory: 32GB } } } }",
    );
    for id in ["network.private.a.subnet", "network.private.b.subnet", "platform.security_group"] {
        let tags = &it.resource_tags[&ResourceId::new(&[id])];
        assert_eq!(tags["karpenter.sh/discovery"], "shop-production-platform", "{id}");
    }
    let entry: AccessEntry = get(&it, "addons.karpenter_node.access_entry");
    assert_eq!(entry.kind, AccessKind::Nodes);
    assert_eq!(entry.principal.to_string(), "${addons.karpenter_node.role.Arn}");
    let rule: EventRule = get(&it, "addons.interruptions.event_rule");
    assert_eq!(rule.kinds.len(), 5);
    let policy: QueuePolicy = get(&it, "addons.interruptions.queue_policy");
    assert_eq!(policy.statements.len(), 2);
    let role: Role = get(&it, "addons.karpenter.role");
    let passed = may(&role).into_iter().find(|it| it.0 == "iam:PassRole");
    assert_eq!(passed.map(|it| it.1), Some(vec!["${addons.karpenter_node.role.Arn}".to_string()]));
    // Whatever it makes or ends is of this cluster.
    for it in role.statements.iter().filter(|it| {
        it.actions
            .iter()
            .any(|it| *it == "ec2:TerminateInstances" || *it == "ec2:CreateLaunchTemplate")
    }) {
        assert!(it.conditions.iter().any(|it| it.key.ends_with("eks:eks-cluster-name")), "{it:?}");
    }
}

#[test]
fn an_add_on_stands_in_the_namespace_that_is_said() {
    let source = format!(
        "{PLATFORM} namespace edge {{ cluster: platform, namespace_name: \"balancers\" }}
         cluster_addons addons {{
             cluster: platform, load_balancer_controller: {{ namespace: edge }}, external_secrets: ?,
         }}"
    );
    let it = crate::lower::lower(&architecture(&source, Environment::Production));
    let identity: PodIdentity = get(&it, "addons.load_balancer_controller.pod_identity");
    assert_eq!(identity.namespace.literal().map(String::as_str), Some("balancers"));
    let role: Role = get(&it, "addons.load_balancer_controller.role");
    // The published policy has as many.
    assert_eq!(role.statements.len(), 16);
}

#[test]
fn names_of_queues_fit() {
    let name = super::karpenter::queue_name(&"a".repeat(100), "addons");
    assert_eq!(name.len(), 80);
    assert!(name.ends_with("-interruptions"));
}
