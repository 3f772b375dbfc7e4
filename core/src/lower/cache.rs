//! Lowers `redis!`: a replication group with its subnet and parameter group.

use super::Lower;
use super::database::groups;
use crate::declare::{Declaration, Redis};
use crate::resource::{
    Attribute, CacheParameterGroup, CacheSubnetGroup, Ref, ReplicationGroup, ResourceId,
};
use crate::value::{Text, Value};

/// The family of parameter groups for a version of Redis.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html>
pub fn family(version: &str) -> Option<&'static str> {
    match version.split('.').next()? {
        "7" => Some("redis7"),
        "6" => Some("redis6.x"),
        "5" => Some("redis5.0"),
        "4" => Some("redis4.0"),
        _ => None,
    }
}

/// Whether a cache runs in cluster mode; unknown where the number of shards is.
pub fn cluster_mode(cache: &Redis) -> Value<bool> {
    match cache.shards.literal() {
        Some(shards) => Value::Literal(shards.0 > 1),
        None => Value::Unknown,
    }
}

/// Whether a replica takes over by itself: as the author says, or else where it can.
pub fn failover(cache: &Redis) -> Value<bool> {
    if let Some(field) = &cache.failover {
        return field.value.clone();
    }
    match (cache.shards.literal(), cache.replicas.literal()) {
        (Some(shards), Some(replicas)) => Value::Literal(shards.0 > 1 || replicas.0 > 0),
        (None, Some(replicas)) if replicas.0 > 0 => Value::Literal(true),
        (Some(shards), None) if shards.0 > 1 => Value::Literal(true),
        (Some(_) | None, Some(_) | None) => Value::Unknown,
    }
}

/// Whether nodes stand in several zones: where a replica takes over.
pub fn multi_az(cache: &Redis) -> Value<bool> {
    match cache.replicas.literal() {
        Some(replicas) if replicas.0 == 0 => Value::Literal(false),
        Some(_) | None => failover(cache),
    }
}

/// The identifier of a node, as CloudWatch names it: `ID-001`, in cluster mode `ID-0001-001`.
///
/// ElastiCache sends its metrics for every node; no metric is about the whole group.
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html>
pub fn node_id(cache: &Redis, node: u32) -> Text {
    let group: Ref<ReplicationGroup> =
        Ref::new(ResourceId::new(&[&cache.meta.name, "replication_group"]));
    let id = group.attribute(Attribute::Id);
    match cluster_mode(cache) {
        Value::Literal(true) => id.then(format!("-0001-{node:03}")),
        Value::Literal(false) => id.then(format!("-{node:03}")),
        Value::Parameter(_) | Value::Unknown => Text::unknown(),
    }
}

/// Lowers a cache.
pub fn lower(cache: &Redis, cx: &mut Lower<'_>) {
    let meta = &cache.meta;
    let name = meta.name.as_str();
    let declaration = Declaration::Redis(Box::new(cache.clone()));
    let groups = groups(cx, &declaration);
    let subnets = cx.subnets(&cache.subnets);
    let subnet_group = cx.add(
        meta,
        &[name, "subnet_group"],
        CacheSubnetGroup { description: format!("Where {} may stand", meta.identity()), subnets },
    );
    let parameter_group = parameter_group(cache, cx);
    let group = ReplicationGroup {
        kms_key: cache.kms_key.as_ref().map(|it| cx.field_text(it)),
        identifier: cache.identifier.as_ref().map(|it| cx.string_text(it)),
        description: format!("Cache {} of {}", meta.identity(), cx.stem()),
        engine_version: cache.version.value.clone(),
        node_type: cache.node.value.clone(),
        shards: cache.shards.value.clone(),
        replicas: cache.replicas.value.clone(),
        cluster_mode: cluster_mode(cache),
        automatic_failover: failover(cache),
        multi_az: multi_az(cache),
        encryption_at_rest: cache.encryption_at_rest.value.clone(),
        encryption_in_transit: cache.encryption_in_transit.value.clone(),
        subnet_group,
        groups,
        parameter_group,
        snapshot_retention: cache.snapshots.as_ref().map(|it| it.value.clone()),
        snapshot_window: cache.snapshot_window.as_ref().map(|it| it.value.clone()),
        maintenance_window: cache.maintenance_window.as_ref().map(|it| it.value.clone()),
    };
    let group = cx.add(meta, &[name, "replication_group"], group);
    cx.output(
        &[name, "endpoint"],
        format!("The host name of {name}"),
        group.attribute(Attribute::EndpointAddress),
    );
}

/// The engine's settings, by name; cluster mode is one of them.
fn parameter_group(cache: &Redis, cx: &mut Lower<'_>) -> Ref<CacheParameterGroup> {
    let name = cache.meta.name.as_str();
    let mut parameters = Vec::new();
    match cluster_mode(cache) {
        Value::Literal(true) => {
            parameters.push(("cluster-enabled".to_string(), Text::literal("yes")));
        }
        Value::Literal(false) => {}
        Value::Parameter(_) | Value::Unknown => {
            parameters.push(("cluster-enabled".to_string(), Text::unknown()));
        }
    }
    if let Some(map) = cache.parameters.as_ref().and_then(|it| it.literal()) {
        for entry in &map.0 {
            let setting = entry.name.replace('_', "-");
            if setting != "cluster-enabled" {
                parameters.push((setting, cx.field_text(&entry.field)));
            }
        }
    }
    parameters.sort();
    let family = match cache.version.literal().and_then(|it| family(it)) {
        Some(it) => Value::Literal(it.to_string()),
        None => Value::Unknown,
    };
    let group = CacheParameterGroup {
        description: format!("Settings of {}", cache.meta.identity()),
        family,
        parameters,
    };
    cx.add(&cache.meta, &[name, "parameter_group"], group)
}
