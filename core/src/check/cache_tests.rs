//! Tests of the checks and of the lowering of `redis!`.

use crate::check::testing_fields::{amount, cache, number, record, text, tier, unknown, yes};
use crate::codes::Code;
use crate::resource::{CacheParameterGroup, Ref, ReplicationGroup, ResourceId};
use crate::value::{Text, Value};

const ALL: &[Code] = &[
    Code::AG0007,
    Code::AG0107,
    Code::AG0208,
    Code::AG0501,
    Code::AG0503,
    Code::AG0505,
    Code::AG0506,
    Code::AG0508,
];

#[track_caller]
fn all(changes: Vec<(&'static str, crate::node::Node)>, expected: &[&str]) {
    assert_eq!(cache(changes).find(ALL), expected);
}

#[test]
fn a_sound_cache_and_unknown_values_pass() {
    all(vec![], &[]);
    for field in [
        "subnets",
        "node",
        "version",
        "shards",
        "replicas",
        "failover",
        "snapshots",
        "snapshot_window",
        "maintenance_window",
        "parameters",
        "identifier",
        "kms_key",
        "encryption_at_rest",
    ] {
        all(vec![(field, unknown())], &[]);
    }
    all(vec![("replicas", number(1)), ("failover", yes(true)), ("shards", number(3))], &[]);
}

#[test]
fn a_key_needs_encryption() {
    let key = || text("arn:aws:kms:us-east-1:123456789012:key/1");
    all(vec![("kms_key", key())], &[]);
    all(vec![("kms_key", key()), ("encryption_at_rest", unknown())], &[]);
    all(
        vec![("kms_key", key()), ("encryption_at_rest", yes(false))],
        &["AG0506 at kms_key: `cache` has a key and is not encrypted where it is stored"],
    );
}

#[test]
fn versions_and_nodes() {
    all(
        vec![("version", text("7.2"))],
        &["AG0503 at version: ElastiCache cannot create Redis `7.2`"],
    );
    all(
        vec![("node", text("cache.t4g.nano"))],
        &["AG0508 at node: ElastiCache has no node type `cache.t4g.nano`"],
    );
    all(
        vec![("node", text("cache.r6gd.xlarge"))],
        &["AG0506 at node: `cache.r6gd.xlarge` needs data tiering, which `redis!` does not offer"],
    );
}

#[test]
fn failover() {
    all(
        vec![("failover", yes(true))],
        &["AG0506 at failover: `cache` has no replica that could take over"],
    );
    all(vec![("failover", yes(true)), ("replicas", unknown())], &[]);
    all(
        vec![("failover", yes(false)), ("shards", number(2))],
        &["AG0506 at failover: cluster mode cannot do without failover"],
    );
    all(
        vec![("replicas", number(1)), ("subnets", tier("lonely"))],
        &["AG0208 at subnets: Redis cache `cache` needs 2 zones, and `network.lonely` spans 1"],
    );
    all(vec![("subnets", tier("lonely"))], &[]);
    all(vec![("replicas", number(6))], &["AG0007 at replicas: `replicas` cannot be 6"]);
    all(vec![("shards", number(0))], &["AG0007 at shards: `shards` cannot be 0"]);
}

#[test]
fn snapshots_windows_names() {
    all(
        vec![("snapshots", amount(0.0, "days"))],
        &["AG0501 at snapshots: ElastiCache cannot keep snapshots for 0 days"],
    );
    all(vec![("snapshots", amount(35.0, "days"))], &[]);
    all(
        vec![("snapshot_window", text("03:00-03:30"))],
        &["AG0505 at snapshot_window: `snapshot_window` is 30 minutes long"],
    );
    all(
        vec![
            ("snapshot_window", text("03:00-04:00")),
            ("maintenance_window", text("mon:03:30-mon:04:30")),
        ],
        &[
            "AG0505 at maintenance_window: `maintenance_window` mon:03:30-mon:04:30 overlaps `snapshot_window` 03:00-04:00",
        ],
    );
    all(
        vec![("identifier", text("a--b"))],
        &["AG0107 at identifier: a cache cannot be called `a--b`: it has two hyphens in a row"],
    );
    all(
        vec![("parameters", record(vec![("cluster_enabled", text("yes"))]))],
        &["AG0007 at parameters: `cluster_enabled` is not given in `parameters`"],
    );
}

#[test]
fn lowering() {
    let graph = cache(vec![
        ("shards", number(2)),
        ("replicas", number(1)),
        ("parameters", record(vec![("maxmemory_policy", text("allkeys-lru"))])),
    ])
    .graph();
    let id = ResourceId::new(&["cache", "replication_group"]);
    let group = graph.get::<ReplicationGroup>(&Ref::new(id)).expect("a group");
    assert_eq!(group.cluster_mode, Value::Literal(true));
    assert_eq!(group.automatic_failover, Value::Literal(true));
    assert_eq!(group.multi_az, Value::Literal(true));
    let parameters: &CacheParameterGroup = graph.get(&group.parameter_group).expect("a group");
    assert_eq!(parameters.family, Value::Literal("redis7".to_string()));
    assert_eq!(
        parameters.parameters,
        [
            ("cluster-enabled".to_string(), Text::literal("yes")),
            ("maxmemory-policy".to_string(), Text::literal("allkeys-lru")),
        ]
    );
    let graph = cache(vec![]).graph();
    let id = ResourceId::new(&["cache", "replication_group"]);
    let group = graph.get::<ReplicationGroup>(&Ref::new(id)).expect("a group");
    assert_eq!(group.automatic_failover, Value::Literal(false));
    assert_eq!(group.multi_az, Value::Literal(false));
}
