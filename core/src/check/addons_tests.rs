//! The checks of add-ons: what is wrong, right and unknown.

use crate::check::testing::{expect, found};
use crate::codes::Code;

/// A cluster with this version and these fields.
fn cluster(version: &str, fields: &str) -> String {
    format!(
        r#"
vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ public: /24, private: /20 }}, nat: PerZone }}
eks_cluster platform {{
    subnets: network.private, version: {version}, {fields}
    node_groups: {{ general: OnDemand {{ instances: ["m6i.large"], nodes: 2..=6 }} }},
}}
s3_bucket backups {{ lifecycle: [{{ expire_after: 60days }}] }}
"#
    )
}

/// Add-ons of a cluster that has what they need.
fn addons(fields: &str) -> String {
    cluster("\"1.34\"", "") + &format!("cluster_addons addons {{ cluster: platform, {fields} }}")
}

fn pool(fields: &str) -> String {
    addons(&format!("karpenter: {{ node_pools: {{ general: {{ {fields} }} }} }}"))
}

fn velero(schedule: &str) -> String {
    addons(&format!("velero: {{ bucket: backups, schedules: {{ everything: {{ {schedule} }} }} }}"))
}

#[test]
fn charts_run_on_some_versions_of_kubernetes() {
    let on = |version: &str| {
        cluster(version, "extended_support: true,")
            + "cluster_addons addons { cluster: platform, cert_manager: {}, velero: { bucket: backups, schedules: { a: { every: 6h } } } }"
    };
    expect(&on("\"1.34\""), &[]);
    expect(&on("?"), &[]);
    expect(&on("\"1.32\""), &[(Code::AG0413, "\"1.32\""), (Code::AG0432, "cert_manager")]);
    expect(&on("\"1.40\""), &[(Code::AG0432, "cert_manager")]);
}

#[test]
fn permissions_come_by_the_agent() {
    let with = |list: &str, more: &str| {
        cluster("\"1.34\"", &format!("addons: {list},"))
            + &format!("cluster_addons addons {{ cluster: platform, {more} }}")
    };
    let wanted = "external_secrets: {}, cert_manager: {}";
    expect(&with("[VpcCni]", wanted), &[(Code::AG0433, "external_secrets")]);
    let zones = "cert_manager: { zones: [\"Z0123456789ABCDEFGHIJ\"] }";
    expect(&with("[VpcCni]", zones), &[(Code::AG0433, "cert_manager")]);
    expect(&with("[VpcCni, PodIdentityAgent]", wanted), &[]);
    expect(&with("[VpcCni, ?]", wanted), &[]);
    expect(&with("?", wanted), &[]);
}

#[test]
fn a_cluster_has_its_add_ons_once() {
    let twice = addons("external_secrets: {}") + "cluster_addons more { cluster: platform }";
    expect(&twice, &[(Code::AG0437, "platform")]);
    let unknown = addons("external_secrets: {}") + "cluster_addons more { cluster: ? }";
    expect(&unknown, &[]);
}

#[test]
fn schedules_are_what_cron_says() {
    expect(&velero("every: 6h, keep: 30days"), &[]);
    expect(&velero("every: 5h"), &[(Code::AG0435, "5h")]);
    expect(&velero("every: 90s"), &[(Code::AG0435, "90s")]);
    expect(&velero("every: 48h"), &[(Code::AG0435, "48h")]);
    expect(&velero("every: 24h, keep: 0days"), &[(Code::AG0435, "0days")]);
    expect(&velero("every: ?, keep: ?"), &[]);
    let none = addons("velero: { bucket: backups, schedules: {} }");
    expect(&none, &[(Code::AG0435, "{}")]);
}

#[test]
fn buckets_keep_what_backups_keep() {
    expect(&velero("every: 6h, keep: 90days"), &[(Code::AG0438, "90days")]);
    expect(&velero("every: 6h, keep: 60days"), &[]);
    let unknown = addons("velero: { bucket: ?, schedules: { a: { every: 6h, keep: 90days } } }");
    expect(&unknown, &[]);
}

#[test]
fn node_pools_can_start_nodes() {
    let limits = "limits: { cpu: 64, memory: 256GB }";
    expect(&pool(&format!("families: [\"m6i\", \"m7i-flex\"], {limits}")), &[]);
    expect(&pool(&format!("families: [\"m6\"], {limits}")), &[(Code::AG0436, "\"m6\"")]);
    expect(
        &pool(&format!("families: [\"m6i.large\"], {limits}")),
        &[(Code::AG0436, "\"m6i.large\"")],
    );
    // Newer than the table.
    expect(&pool(&format!("families: [\"m9i\"], {limits}")), &[]);
    expect(&pool(&format!("families: [], {limits}")), &[(Code::AG0436, "[]")]);
    expect(&pool(&format!("families: [\"m6i\", \"m6g\"], {limits}")), &[(Code::AG0436, "\"m6g\"")]);
    expect(&pool(&format!("families: [?, \"m6g\"], {limits}")), &[]);
    expect(&pool(&format!("families: [\"m6i\"], capacity: [], {limits}")), &[(Code::AG0436, "[]")]);
    expect(&pool("families: [\"m6i\"], limits: { cpu: 0, memory: ? }"), &[(Code::AG0436, "0")]);
    expect(
        &pool(&format!("families: [\"m6i\"], vcpus: 16..=4, {limits}")),
        &[(Code::AG0436, "16")],
    );
    expect(
        &pool(&format!("families: [\"m6i\"], vcpus: 96..=128, {limits}")),
        &[(Code::AG0436, "96")],
    );
    expect(&pool(&format!("families: [\"m6i\"], vcpus: ?..=128, {limits}")), &[]);
    assert_eq!(found(&addons("karpenter: { node_pools: ? }")), []);
    assert_eq!(found(&addons("karpenter: ?, velero: ?, cert_manager: ?")), []);
}

#[test]
fn promtail_is_past_its_end() {
    let with = |field: &str| addons(&format!("loki: {{ bucket: logs }}, {field}"));
    let logs = "s3_bucket logs {} ";
    let ebs = |source: &str| logs.to_string() + &source.replace("subnets: network.private,", EBS);
    expect(&ebs(&with("promtail: {}")), &[(Code::AG0434, "promtail")]);
    expect(&ebs(&with("alloy: {}")), &[]);
}

/// The add-ons of a cluster with volumes.
const EBS: &str = "subnets: network.private, addons: [PodIdentityAgent, EbsCsi],";

#[test]
fn volumes_and_secrets_come_from_other_add_ons() {
    let logs = "s3_bucket logs {} secret key { description: \"key\" } ";
    let with = |fields: &str| logs.to_string() + &addons(fields);
    let ebs = |fields: &str| with(fields).replace("subnets: network.private,", EBS);
    expect(&with("loki: { bucket: logs }"), &[(Code::AG0433, "loki")]);
    expect(&ebs("loki: { bucket: logs }"), &[]);
    expect(&with("alloy: {}"), &[(Code::AG0439, "alloy")]);
    let alerts = "prometheus: { alerts: { pagerduty: key } }";
    expect(&ebs(alerts), &[(Code::AG0439, "key")]);
    expect(&ebs(&format!("{alerts}, external_secrets: {{}}")), &[]);
    expect(&ebs("prometheus: { alerts: { pagerduty: ? } }, external_secrets: ?"), &[]);
    expect(&ebs("prometheus: ?"), &[]);
}

#[test]
fn namespaces_let_the_pods_of_add_ons_run() {
    let with = |level: &str, fields: &str| {
        (addons(fields)
            + &format!(" namespace watching {{ cluster: platform, pod_security: {level} }}"))
            .replace("subnets: network.private,", EBS)
    };
    let prometheus = "prometheus: { namespace: watching }";
    expect(&with("Restricted", prometheus), &[(Code::AG0440, "watching")]);
    expect(&with("Privileged", prometheus), &[]);
    expect(&with("?", prometheus), &[]);
    expect(&with("Restricted", "external_secrets: { namespace: watching }"), &[]);
}

#[test]
fn logs_are_not_deleted_before_loki_does() {
    let with = |days: u32| {
        addons(&format!("loki: {{ bucket: backups, retention: {days}days }}"))
            .replace("subnets: network.private,", EBS)
    };
    expect(&with(90), &[(Code::AG0438, "90days")]);
    expect(&with(60), &[]);
}
