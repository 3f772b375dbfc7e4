//! What `k8s_service!` is lowered into, and who then reaches whom.

use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::network::report::StepKind;
use crate::network::{Answer, Model, Question, Relation, Side, Wanted};
use crate::resource::eks::{NodeGroup, PodIdentity};
use crate::resource::kubernetes::{NetworkPolicyRule, PolicyPeer};
use crate::resource::network::SecurityGroupRule;
use crate::resource::{ListenerRule, Ref, ResourceGraph, ResourceId, Role, TargetGroup};

const SHOP: &str = r#"
vpc network {
    cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20, data: /24 }, nat: PerZone,
}
eks_cluster platform {
    subnets: network.private, version: "1.34",
    node_groups: {
        general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 },
        spot: Spot { instances: ["m6i.large", "m5.large"], nodes: 0..=4, taints: ["spot:NoSchedule"] },
    },
}
namespace shop { cluster: platform }
secret keys { description: "keys" }
s3_bucket files {}
rds_postgres orders {
    subnets: network.data, version: "16.6", class: "db.t4g.medium", storage: 100GB, backups: 7days,
    multi_az: true,
}
k8s_service auth_svc {
    namespace: shop, image: "auth:1", port: 8000, cpu: 256, memory: 512MB,
    nodes: "spot", tolerates: ["spot:NoSchedule"], environment: { CONTENT: content.host },
}
k8s_service content { namespace: shop, image: "content:1", port: 8080, cpu: 256, memory: 512MB }
k8s_service worker { namespace: shop, image: "worker:1", cpu: 256, memory: 512MB }
alb edge { subnets: network.public, routes: ["/auth/*" => auth_svc] }
connect a { from: [auth_svc], to: [content, orders] }
connect b { from: [worker], to: [files, internet => tcp(443)] }
"#;

fn graph(source: &str) -> ResourceGraph {
    let architecture = architecture(source, Environment::Production);
    assert_eq!(architecture.problems(), []);
    super::super::lower(&architecture)
}

fn side(name: &str) -> Side {
    match name {
        "internet" => Side::Internet,
        _ => Side::Endpoint(name.to_string()),
    }
}

#[track_caller]
fn expect(model: &Model, from: &str, to: &str, port: u16, expected: Answer) {
    for question in [Question::Open, Question::Works] {
        let reach = model.reach(&side(from), &side(to), &Wanted::tcp(port), question);
        assert_eq!(reach.answer, expected, "{from} to {to}:{port}, {question:?}");
    }
}

#[test]
fn pods_reach_what_both_their_nodes_and_their_policy_admit() {
    let model = Model::new(&graph(SHOP));
    for (from, to, port, expected) in [
        ("auth_svc", "content", 8080, Answer::Yes),
        ("content", "auth_svc", 8000, Answer::No),
        ("auth_svc", "content", 8081, Answer::No),
        ("worker", "content", 8080, Answer::No),
        ("auth_svc", "orders", 5432, Answer::Yes),
        // The nodes' group admits it, which all pods have; only a policy keeps others from it.
        ("platform", "orders", 5432, Answer::Yes),
        ("content", "orders", 5432, Answer::No),
        ("edge", "auth_svc", 8000, Answer::Yes),
        ("edge", "content", 8000, Answer::No),
        ("worker", "internet", 443, Answer::Yes),
        ("worker", "internet", 80, Answer::No),
        ("content", "internet", 443, Answer::No),
        ("platform", "content", 8080, Answer::No),
        ("auth_svc", "platform", 443, Answer::No),
        // The rule about the internet says nothing of private addresses.
        ("worker", "platform", 443, Answer::No),
        ("internet", "auth_svc", 8000, Answer::No),
    ] {
        expect(&model, from, to, port, expected);
    }
    let s3 = Side::Service(crate::resource::network::EndpointService::S3);
    let reach = model.reach(&side("worker"), &s3, &Wanted::tcp(443), Question::Works);
    assert_eq!(reach.answer, Answer::Yes);
}

#[test]
fn requests_come_through_the_load_balancer() {
    let model = Model::new(&graph(SHOP));
    let to = Wanted::tcp(8000);
    let chain = model.through_load_balancer(&Side::Internet, "auth_svc", &to, Question::Open);
    assert_eq!(chain.map(|it| it.answer), Some(Answer::Yes));
    let relation = Relation::new(&model);
    let number =
        |name: &str| relation.names().iter().position(|it| it == name).expect("a name") as u32;
    let (internet, auth) = (number("internet"), number("auth_svc"));
    let chains = relation.chains();
    assert!(chains.iter().any(|it| it.from.contains(&internet) && it.to.contains(&auth)));
}

#[test]
fn what_blocks_says_which_policy() {
    let model = Model::new(&graph(SHOP));
    let found = model.explain(&side("worker"), &side("content"), &Wanted::tcp(8080));
    assert_eq!(found.answer, Answer::No);
    let blocked: Vec<_> =
        found.flows.iter().flat_map(|it| &it.steps).filter(|it| it.answer == Answer::No).collect();
    let kinds: Vec<_> = blocked.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [StepKind::PolicyEgress, StepKind::PolicyIngress]);
    assert!(blocked.iter().all(|it| it.code.is_none()));
    assert_eq!(found.fix.as_deref(), Some("add `connect!(worker => content: tcp(8080))`"));
    let admitted = model.explain(&side("auth_svc"), &side("orders"), &Wanted::tcp(5432));
    let policy = admitted.flows[0].steps.iter().find(|it| it.kind == StepKind::PolicyEgress);
    assert!(policy.is_some_and(|it| it.text.contains("lets out")), "{policy:?}");
}

#[test]
fn rules_open_the_nodes_group_once_and_the_policy_of_who_connects() {
    let graph = graph(SHOP);
    let rules: Vec<&str> = graph
        .all::<SecurityGroupRule>()
        .map(|(_, it, _)| it.id.as_str())
        .filter(|it| it.contains("orders") || it.contains("edge"))
        .collect();
    assert_eq!(
        rules,
        [
            "edge.egress.platform.tcp_8000",
            "edge.ingress.internet.tcp_80",
            "orders.ingress.platform.tcp_5432",
            "platform.egress.orders.tcp_5432",
            "platform.ingress.edge.tcp_8000",
        ]
    );
    let policies: Vec<(&str, &NetworkPolicyRule)> =
        graph.network_policy_rules().map(|(it, rule)| (it.id.as_str(), rule)).collect();
    let names: Vec<&str> = policies.iter().map(|it| it.0).collect();
    assert_eq!(
        names,
        [
            "auth_svc.network_policy.egress.content_network_policy.tcp_8080",
            "auth_svc.network_policy.egress.orders.tcp_5432",
            "auth_svc.network_policy.ingress.edge.tcp_8000",
            "content.network_policy.ingress.auth_svc_network_policy.tcp_8080",
            "worker.network_policy.egress.internet.tcp_443",
        ]
    );
    assert!(matches!(&policies[1].1.peer, PolicyPeer::Network { blocks, .. } if blocks.len() == 2));
}

#[test]
fn only_who_uses_aws_has_a_role() {
    let graph = graph(SHOP);
    let roles: Vec<&str> = graph
        .all::<Role>()
        .map(|(_, it, _)| it.id.as_str())
        .filter(|it| !it.starts_with("platform") && !it.starts_with("orders"))
        .collect();
    assert_eq!(roles, ["worker.role"]);
    let identity = Ref::<PodIdentity>::new(ResourceId::new(&["worker", "pod_identity"]));
    let identity = graph.get(&identity).expect("an association");
    assert_eq!(
        (
            identity.namespace.literal().map_or("", String::as_str),
            identity.service_account.as_str()
        ),
        ("shop", "worker")
    );
}

#[test]
fn a_load_balancer_has_targets_that_the_cluster_fills() {
    let graph = graph(SHOP);
    let group = Ref::<TargetGroup>::new(ResourceId::new(&["edge", "auth_svc", "target_group"]));
    assert!(graph.get(&group).is_some());
    assert_eq!(graph.all::<ListenerRule>().count(), 1);
    let (_, workload) =
        graph.workloads().find(|(it, _)| it.declaration == "auth_svc").expect("pods");
    assert_eq!(workload.targets, [group]);
    assert!(workload.health.is_some());
    assert_eq!(workload.environment[0].1.to_string(), "content.shop.svc.cluster.local");
}

#[test]
fn nodes_that_a_service_asks_for_have_a_label() {
    let graph = graph(SHOP);
    let labelled: Vec<&str> = graph
        .all::<NodeGroup>()
        .filter(|(_, _, it)| !it.labels.is_empty())
        .map(|(_, _, it)| it.name.as_str())
        .collect();
    assert_eq!(labelled, ["spot"]);
}

#[test]
fn aws_knows_nothing_of_policies() {
    let graph = graph(SHOP);
    let aws = graph.of_aws();
    assert!(aws.kubernetes.is_empty());
    let model = Model::new(&aws);
    assert!(model.endpoint("auth_svc").is_none());
    expect(&model, "platform", "orders", 5432, Answer::Yes);
    expect(&model, "edge", "platform", 8000, Answer::Yes);
}

#[test]
fn what_is_not_known_is_tolerated() {
    let source = SHOP.replace("namespace: shop, image: \"auth:1\"", "namespace: ?, image: ?");
    let model = Model::new(&graph(&source));
    assert!(model.endpoint("auth_svc").is_none());
    let source =
        SHOP.replace("namespace shop { cluster: platform }", "namespace shop { cluster: ? }");
    assert!(Model::new(&graph(&source)).endpoint("content").is_none());
}
