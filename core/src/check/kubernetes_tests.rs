//! The checks of Kubernetes clusters: what is wrong, right and unknown.

use super::testing::{architecture, expect, findings};
use crate::check::diagnose;
use crate::codes::Code;
use crate::environment::Environment;

/// A VPC with these subnets in the private tier, and what is behind it.
fn network(cidr: &str, private: &str, more: &str) -> String {
    format!(
        r#"vpc network {{ cidr: "{cidr}", zones: 3, subnets: {{ public: /24, private: {private} }}, {more} }}
"#
    )
}

/// A cluster with these node groups and fields.
fn cluster(version: &str, groups: &str, fields: &str) -> String {
    format!(
        r#"eks_cluster platform {{ subnets: network.private, version: {version}, node_groups: {{ {groups} }}, {fields} }}"#
    )
}

const GENERAL: &str =
    r#"general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 2..=6 }"#;

fn with(fields: &str) -> String {
    network("10.0.0.0/16", "/20", "nat: PerZone") + &cluster("\"1.34\"", GENERAL, fields)
}

fn groups(groups: &str) -> String {
    network("10.0.0.0/16", "/20", "nat: PerZone") + &cluster("\"1.34\"", groups, "")
}

#[test]
fn versions() {
    let version =
        |it: &str| network("10.0.0.0/16", "/20", "nat: PerZone") + &cluster(it, GENERAL, "");
    expect(&version("\"1.28\""), &[(Code::AG0412, "\"1.28\"")]);
    expect(&version("\"1.15\""), &[(Code::AG0412, "\"1.15\"")]);
    expect(&version("\"1.34.2\""), &[(Code::AG0412, "\"1.34.2\"")]);
    expect(&version("\"1.32\""), &[(Code::AG0413, "\"1.32\"")]);
    expect(&version("\"1.34\""), &[]);
    // Newer than the table.
    expect(&version("\"1.40\""), &[]);
    expect(&version("?"), &[]);
    let text = findings(&version("\"1.28\""), Environment::Production)[0].0.plain();
    assert!(text.contains("its extended support ended on 2025-11-26"), "{text}");
    assert!(text.contains("as of 2026-11-21"), "{text}");
}

#[test]
fn who_connects() {
    let open = with(r#"endpoint: Public("203.0.113.0/24", "0.0.0.0/0")"#);
    expect(&open, &[(Code::AG0321, "\"0.0.0.0/0\"")]);
    expect(&with(r#"endpoint: Public("203.0.113.0/24")"#), &[]);
    expect(&with("endpoint: Private"), &[]);
    expect(&with("endpoint: ?"), &[]);
    expect(&with("endpoint: Public(?)"), &[]);
    expect(&with("endpoint: Public()"), &[(Code::AG0004, "Public()")]);
    expect(&with("endpoint: Open"), &[(Code::AG0005, "Open")]);
}

#[test]
fn addresses_of_services() {
    let block = |it: &str| with(&format!("service_cidr: {it}"));
    expect(&block("\"10.0.128.0/20\""), &[(Code::AG0225, "\"10.0.128.0/20\"")]);
    expect(&block("\"100.64.0.0/16\""), &[(Code::AG0225, "\"100.64.0.0/16\"")]);
    expect(&block("\"192.168.0.0/28\""), &[(Code::AG0225, "\"192.168.0.0/28\"")]);
    expect(&block("\"10.100.0.0/16\""), &[]);
    expect(&block("?"), &[]);
    // Left out, it is a block that this VPC has.
    let taken = network("172.20.0.0/16", "/20", "nat: PerZone");
    expect(&(taken + &cluster("\"1.34\"", GENERAL, "")), &[(Code::AG0225, "platform")]);
    let unknown = r#"vpc network { cidr: ?, zones: 3, subnets: { private: /20 } }"#.to_string();
    expect(&(unknown + &cluster("\"1.34\"", GENERAL, "")), &[]);
}

#[test]
fn addresses_of_services_and_peers() {
    let peered = |cidr: &str, fields: &str| {
        with(fields)
            + &format!(
                r#"
vpc office {{ cidr: "{cidr}", zones: 2, subnets: {{ private: /24 }} }}
vpc_peering link {{ requester: office, accepter: network }}
"#
            )
    };
    let ours = r#"service_cidr: "10.100.0.0/16""#;
    expect(&peered("10.100.0.0/16", ours), &[(Code::AG0225, "\"10.100.0.0/16\"")]);
    expect(&peered("10.101.0.0/16", ours), &[]);
    let external = with(ours)
        + r#"
vpc_peering link { requester: network, external: { vpc: "vpc-1", cidrs: ["10.100.64.0/20"] } }
"#;
    expect(&external, &[(Code::AG0225, "\"10.100.0.0/16\"")]);
}

/// 3 × /24 hold nodes and pods: 753 usable addresses (seed row F12).
#[test]
fn headroom() {
    let of = |subnets: &str, groups: &str| {
        network("10.0.0.0/16", subnets, "nat: PerZone") + &cluster("\"1.34\"", groups, "")
    };
    let nodes = |most: &str| {
        format!(
            r#"general: OnDemand {{ instances: ["m6i.large", "m6i.xlarge"], nodes: 2..={most} }}"#
        )
    };
    // 60 addresses each.
    expect(&of("/24", &nodes("13")), &[(Code::AG0226, "network.private")]);
    expect(&of("/24", &nodes("12")), &[]);
    expect(&of("/20", &nodes("13")), &[]);
    expect(&of("/24", &nodes("?")), &[]);
    let unknown = r#"general: OnDemand { instances: ["p5.48xlarge"], nodes: 2..=99 }"#;
    expect(&of("/24", unknown), &[]);
    let text = findings(&of("/24", &nodes("13")), Environment::Production)[0].0.plain();
    assert!(text.contains("may take 780 addresses, and `network.private` has 753"), "{text}");
}

/// Nodes that Karpenter may start count as those of groups do.
#[test]
fn headroom_with_karpenter() {
    let of = |pool: &str| {
        network("10.0.0.0/16", "/24", "nat: PerZone")
            + &cluster(
                "\"1.34\"",
                r#"general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 2..=10 }"#,
                "addons: [VpcCni, CoreDns, KubeProxy, PodIdentityAgent]",
            )
            + &format!(
                "cluster_addons tools {{ cluster: platform, karpenter: {{ node_pools: {{ more: {pool} }} }} }}"
            )
    };
    let limits =
        |cpu: &str| format!("{{ families: [\"m6i\"], limits: {{ cpu: {cpu}, memory: 64GB }} }}");
    // 600 of the groups, and 30 for each two vCPUs.
    expect(&of(&limits("8")), &[]);
    expect(&of(&limits("12")), &[(Code::AG0226, "network.private")]);
    let text = findings(&of(&limits("12")), Environment::Production)[0].0.plain();
    assert!(
        text.contains("`more` of Karpenter: 3 nodes `m6i.xlarge` with 58 pods each take 180"),
        "{text}"
    );
    expect(&of(&limits("?")), &[]);
    expect(&of("{ families: ?, limits: { cpu: 64, memory: 64GB } }"), &[]);
    expect(&of("{ families: [\"m6i\"], vcpus: ?, limits: { cpu: 64, memory: 64GB } }"), &[]);
    // One node of eight vCPUs.
    expect(&of("{ families: [\"m6i\"], vcpus: 8..=8, limits: { cpu: 12, memory: 64GB } }"), &[]);
}

#[test]
fn what_only_a_service_can_be_given() {
    let of = |connect: &str| {
        with("") + " s3_bucket files {} secret key { description: \"a key\" } " + connect
    };
    expect(&of("connect c { from: [platform], to: [files] }"), &[(Code::AG0431, "files")]);
    expect(&of("connect c { from: [platform], to: [key] }"), &[(Code::AG0431, "key")]);
    expect(&of("connect c { from: [platform], to: ? }"), &[]);
    expect(&of(""), &[]);
}

#[test]
fn node_groups() {
    let one = r#"spot: Spot { instances: ["m6i.large"], nodes: 0..=6 }"#;
    expect(&groups(one), &[(Code::AG0414, "[\"m6i.large\"]")]);
    expect(&groups(r#"spot: Spot { instances: ["m6i.large", "m5.large"], nodes: 0..=6 }"#), &[]);
    expect(&groups(r#"spot: Spot { instances: ["m6i.large", ?], nodes: 0..=6 }"#), &[]);
    expect(&groups(r#"spot: Spot { instances: ?, nodes: 0..=6 }"#), &[]);
    let mixed = r#"all: OnDemand { instances: ["m6i.large", "m6g.large"], nodes: 1..=2 }"#;
    expect(&groups(mixed), &[(Code::AG0415, "\"m6g.large\"")]);
    expect(&groups("all: OnDemand { instances: [], nodes: 1..=2 }"), &[(Code::AG0415, "[]")]);
    expect(
        &groups(r#"all: OnDemand { instances: ["m6g.large"], nodes: 3..=2 }"#),
        &[(Code::AG0402, "3..=2")],
    );
    expect(&groups("all: ?"), &[]);
    expect(&groups("all: Reserved { }"), &[(Code::AG0005, "Reserved { }")]);
    let tainted = |it: &str| {
        groups(&format!(
            r#"all: OnDemand {{ instances: ["m6i.large"], nodes: 1..=2, taints: [{it}] }}"#
        ))
    };
    expect(&tainted("\"spot\""), &[(Code::AG0007, "\"spot\"")]);
    expect(&tainted("\"a=b:NoSchedule\""), &[]);
}

#[test]
fn addons_access_names_and_logs() {
    expect(&with("addons: [VpcCni, EbsCsi]"), &[(Code::AG0403, "EbsCsi")]);
    expect(&with("addons: [VpcCni, EbsCsi, PodIdentityAgent]"), &[]);
    expect(&with("addons: [EbsCsi, ?]"), &[]);
    expect(&with("addons: ?"), &[]);
    expect(&with(r#"access: ["platform" => View]"#), &[(Code::AG0416, "\"platform\"")]);
    let root = r#"access: ["arn:aws:iam::123456789012:root" => View]"#;
    expect(&with(root), &[(Code::AG0416, "\"arn:aws:iam::123456789012:root\"")]);
    expect(&with(r#"access: ["role/platform" => View, ? => Admin]"#), &[]);
    expect(&with(r#"cluster_name: "a b""#), &[(Code::AG0107, "\"a b\"")]);
    expect(&with(r#"cluster_name: "-a""#), &[(Code::AG0107, "\"-a\"")]);
    expect(&with(r#"cluster_name: "shop-production-eks""#), &[]);
    expect(&with("log_retention: 8days"), &[(Code::AG0501, "8days")]);
    expect(&with("logs: [], log_retention: 8days"), &[]);
}

/// The findings about the graph of a cluster in a VPC with this way out.
fn graph(more: &str, fields: &str) -> Vec<String> {
    let source = network("10.0.0.0/16", "/20", more) + &cluster("\"1.34\"", GENERAL, fields);
    let (_, found) = diagnose(&architecture(&source, Environment::Production));
    found.iter().map(|it| format!("{}: {}", it.code, it.message)).collect()
}

#[test]
fn nodes_need_aws() {
    let alone = graph("nat: None", "");
    assert!(
        alone.iter().any(|it| it
            == "AG0304: a node of `platform` cannot start: it cannot reach Amazon EC2, the API of \
                Amazon ECR, the registry of Amazon ECR and Amazon S3"),
        "{alone:#?}"
    );
    assert_eq!(graph("nat: PerZone", ""), Vec::<String>::new());
    let endpoints = "nat: None, endpoints: [S3, EcrApi, EcrDkr, Ec2]";
    assert_eq!(graph(endpoints, ""), Vec::<String>::new());
    // Pods with roles of their own.
    let storage = "addons: [VpcCni, EbsCsi, PodIdentityAgent]";
    let found = graph(endpoints, storage);
    assert!(
        found.iter().any(|it| it.contains("the credentials of EKS Pod Identity")),
        "{found:#?}"
    );
    assert_eq!(graph("nat: ?", ""), Vec::<String>::new());
    assert_eq!(graph("nat: None, endpoints: ?", ""), Vec::<String>::new());
}

#[test]
fn a_control_plane_needs_two_zones() {
    let one = r#"
vpc network { cidr: "10.0.0.0/16", zones: 1, subnets: { public: /24, private: /20 }, nat: PerZone }
"#
    .to_string()
        + &cluster("\"1.34\"", GENERAL, "");
    let (_, found) = diagnose(&architecture(&one, Environment::Production));
    let codes: Vec<Code> = found.iter().map(|it| it.code).collect();
    assert_eq!(codes, [Code::AG0221]);
}
