//! Services of Kubernetes clusters: each check finds what is wrong, passes what is right, and leaves open what
//! is not known.

use crate::check::testing::{expect, findings, found};
use crate::codes::Code;
use crate::environment::Environment;

const PLATFORM: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20 }, nat: PerZone }
eks_cluster platform {
    subnets: network.private, version: "1.34",
    node_groups: {
        general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 },
        spot: Spot {
            instances: ["m6i.large", "m5.large"], nodes: 0..=4, labels: { capacity: "spot" },
            taints: ["capacity=spot:NoSchedule"],
        },
        arm: OnDemand { instances: ["m6g.large"], nodes: 1..=2 },
    },
}
namespace shop { cluster: platform, quota: { cpu: 4vCPU, memory: 8GB, pods: 8 }, limits: { max_memory: 6GB } }
"#;

/// One service with more fields.
fn service(more: &str) -> String {
    format!(
        "{PLATFORM}k8s_service api {{ namespace: shop, image: \"api:1\", port: 80, cpu: 256, memory: 512MB, {more} }}"
    )
}

#[test]
fn a_service_that_fits_is_right() {
    assert_eq!(found(&service("")), []);
    assert_eq!(found(&service("nodes: \"spot\", tolerates: [\"capacity=spot:NoSchedule\"]")), []);
    assert_eq!(found(&service("nodes: \"spot\", tolerates: [\"capacity:NoSchedule\"]")), []);
    assert_eq!(found(&service("architecture: Arm64")), []);
    assert_eq!(found(&service("user: \"1000\"")), []);
    assert_eq!(found(&service("replicas: 2..=4, scale_on: [Cpu > 70pct]")), []);
}

/// Only what starts nodes for pods leaves open whether one will fit.
#[test]
fn karpenter_may_make_nodes_that_fit() {
    let with = |more: &str| service("node_labels: { capacity: \"large\" }") + more;
    let karpenter = "karpenter: { node_pools: { any: { families: [\"m6i\"], limits: { cpu: 4, memory: 16GB } } } }";
    let finds = |more: &str| found(&with(more)).iter().any(|it| it.0 == Code::AG0426);
    assert!(finds(""));
    assert!(finds(" cluster_addons tools { cluster: platform, load_balancer_controller: {} }"));
    assert!(!finds(&format!(" cluster_addons tools {{ cluster: platform, {karpenter} }}")));
    assert!(!finds(" cluster_addons tools { cluster: platform, karpenter: ? }"));
    assert!(!finds(" cluster_addons tools { cluster: ?, load_balancer_controller: {} }"));
}

#[test]
fn policies_of_the_cluster_refuse_pods() {
    let with = |service: &str, kyverno: &str| {
        format!(
            "{PLATFORM}k8s_service api {{ namespace: shop, cpu: 256, memory: 512MB, {service} }}
             cluster_addons tools {{ cluster: platform, kyverno: {kyverno} }}"
        )
    };
    let probes = |kyverno: &str| with("image: \"api:1\", port: 80", kyverno);
    expect(&probes("{}"), &[(Code::AG0441, "api")]);
    expect(&probes("{ policies: [Probes] }"), &[(Code::AG0441, "api")]);
    for it in [
        "{ policies: [NonRoot] }",
        "{ policies: ? }",
        "{ action: Audit }",
        "{ action: ? }",
        "{ exempt: [\"shop\"] }",
        "{ exempt: [?] }",
    ] {
        assert_eq!(found(&probes(it)), [], "{it}");
    }
    let healthy = |image: &str| {
        with(&format!("image: {image}, port: 80, health_check: {{ path: \"/health\" }}"), "{}")
    };
    assert_eq!(found(&healthy("\"example.com:5000/api:1\"")), []);
    assert_eq!(found(&healthy("?")), []);
    expect(&healthy("\"example.com:5000/api\""), &[(Code::AG0441, "\"example.com:5000/api\"")]);
    expect(&healthy("\"api:latest\""), &[(Code::AG0441, "\"api:latest\"")]);
}

#[test]
fn pods_need_nodes_that_take_them() {
    expect(&service("nodes: \"genral\""), &[(Code::AG0426, "\"genral\"")]);
    expect(&service("nodes: \"spot\""), &[(Code::AG0426, "\"spot\"")]);
    expect(
        &service("nodes: \"spot\", tolerates: [\"capacity=spot:NoExecute\"]"),
        &[(Code::AG0426, "\"spot\"")],
    );
    expect(
        &service("node_labels: { capacity: \"large\" }"),
        &[(Code::AG0426, "{ capacity: \"large\" }")],
    );
    expect(&service("nodes: \"general\", architecture: Arm64"), &[(Code::AG0426, "Arm64")]);
    let unknown =
        ["nodes: ?", "nodes: \"spot\", tolerates: ?", "node_labels: ?", "architecture: ?"];
    for it in unknown {
        assert_eq!(found(&service(it)), [], "{it}");
    }
    let cluster =
        service("nodes: \"spot\"").replace("taints: [\"capacity=spot:NoSchedule\"]", "taints: ?");
    assert_eq!(found(&cluster), []);
}

#[test]
fn pods_are_smaller_than_their_nodes_and_limits() {
    let large = |text: &str| {
        service("").replace("memory: 512MB", text).replace("memory: 8GB,", "memory: 64GB,")
    };
    expect(&large("memory: 7GB"), &[(Code::AG0427, "7GB")]);
    let cpu = service("").replace("cpu: 256", "cpu: 2vCPU");
    expect(&cpu, &[(Code::AG0427, "2vCPU")]);
    assert_eq!(found(&large("memory: ?")), []);
    let types = cpu.replace("m6i.large\"], nodes: 2..=6", "x99.huge\"], nodes: 2..=6");
    assert_eq!(found(&types), []);
}

#[test]
fn a_quota_holds_what_may_run() {
    let many = service("replicas: 2..=20, scale_on: [Cpu > 70pct]");
    let codes: Vec<(Code, String)> = found(&many);
    let at: Vec<&str> = codes.iter().map(|it| it.1.as_str()).collect();
    assert!(codes.iter().all(|it| it.0 == Code::AG0428), "{codes:?}");
    assert_eq!(at, ["4vCPU", "8GB", "8"]);
    assert_eq!(found(&service("replicas: ?")), []);
    assert_eq!(found(&many.replace("quota: { cpu: 4vCPU, memory: 8GB, pods: 8 }", "quota: ?")), []);
}

#[test]
fn one_pod_is_too_few_in_production() {
    expect(&service("replicas: 1"), &[(Code::AG0429, "1")]);
    assert_eq!(findings(&service("replicas: 1"), Environment::Staging), []);
    assert_eq!(found(&service("replicas: 1").replace("port: 80, ", "")), []);
    assert_eq!(found(&service("replicas: ?")), []);
}

#[test]
fn a_name_belongs_to_one_service_of_a_namespace() {
    let second = "k8s_service other { namespace: shop, image: \"o:1\", cpu: 256, memory: 512MB, \
                  service_name: \"api\" }";
    expect(&format!("{}{second}", service("")), &[(Code::AG0430, "\"api\"")]);
    let elsewhere = second.replace("namespace: shop", "namespace: ?");
    assert_eq!(found(&format!("{}{elsewhere}", service(""))), []);
    expect(&service("service_name: \"A b\""), &[(Code::AG0107, "\"A b\"")]);
}

#[test]
fn nobody_runs_as_root() {
    expect(&service("user: \"0\""), &[(Code::AG0325, "\"0\"")]);
    expect(&service("user: \"root\""), &[(Code::AG0325, "\"root\"")]);
    assert_eq!(found(&service("user: ?")), []);
}

#[test]
fn scaling_has_a_range_and_something_to_follow() {
    expect(&service("replicas: 2..=4"), &[(Code::AG0404, "2..=4")]);
    let fixed = service("replicas: 3, scale_on: [Cpu > 70pct]");
    assert_eq!(found(&fixed).iter().map(|it| it.0).collect::<Vec<_>>(), [Code::AG0404]);
    expect(
        &service("health_check: { interval: 1s }"),
        &[(Code::AG0407, "1s"), (Code::AG0407, "1s")],
    );
}

#[test]
fn a_role_needs_the_agent_that_hands_it_out() {
    let uses =
        format!("{}s3_bucket files {{}} connect c {{ from: [api], to: [files] }}", service(""));
    assert_eq!(found(&uses), []);
    let without = uses.replace("version: \"1.34\",", "version: \"1.34\", addons: [VpcCni],");
    expect(&without, &[(Code::AG0403, "files")]);
    assert_eq!(found(&uses.replace("version: \"1.34\",", "version: \"1.34\", addons: ?,")), []);
}
