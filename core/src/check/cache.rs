//! Checks of `redis!`.
//!
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html>

use super::findings::{
    bad_class, bad_name, bad_version, between, hyphenated, lacks, limit, written_version,
};
use super::windows::{self, Window};
use super::{Context, classes, versions};
use crate::declare::Redis;
use crate::field::Field;
use crate::lower::cache::{failover, multi_az};
use crate::value::Value;

/// Checks a cache.
pub fn check(cache: &Redis, cx: &mut Context<'_>) {
    version(cache, cx);
    node(cache, cx);
    between(cx, &cache.shards, "shards", 1, 500);
    between(cx, &cache.replicas, "replicas", 0, 5);
    takeover(cache, cx);
    if let Some(field) = &cache.snapshots
        && let Some(days) = field.literal()
        && !(1..=35).contains(&days.0)
    {
        let message = format!("ElastiCache cannot keep snapshots for {} days", days.0);
        cx.retention(field, message, if days.0 == 0 { &[1] } else { &[35] });
    }
    if let Some((field, name)) = cache.identifier.as_ref().and_then(|it| Some((it, it.literal()?)))
        && let Some(why) = hyphenated(name, 40)
    {
        let help = "use 1 to 40 lower-case letters, digits and single hyphens, a letter first";
        bad_name(cx, field.loc, "a cache", name, why, help);
    }
    settings(cache, cx);
    let backup =
        Window { name: "snapshot_window", field: cache.snapshot_window.as_ref(), least: 60 };
    let maintenance =
        Window { name: "maintenance_window", field: cache.maintenance_window.as_ref(), least: 60 };
    windows::check(cx, &backup, &maintenance);
}

/// The version can be created, and is written out: the parameter group depends on it.
fn version(cache: &Redis, cx: &mut Context<'_>) {
    let field = &cache.version;
    let Some(version) = written_version(cx, field) else { return };
    if versions::REDIS.contains(&version.as_str()) {
        return;
    }
    let newest = versions::newest_like(version, versions::REDIS);
    let message = format!("ElastiCache cannot create Redis `{version}`");
    bad_version(cx, field.loc, message, versions::SOURCE, format!("use `{newest}`"));
}

/// The node type exists, and can do what is asked of it.
fn node(cache: &Redis, cx: &mut Context<'_>) {
    let field = &cache.node;
    let Some(node) = field.literal() else { return };
    if let Some(help) = classes::problem(node, "cache", classes::ELASTICACHE) {
        bad_class(cx, field.loc, format!("ElastiCache has no node type `{node}`"), Some(help));
        return;
    }
    match classes::family(node) {
        Some("r6gd") => lacks(
            cx,
            field.loc,
            format!("`{node}` needs data tiering, which `redis!` does not offer"),
            None,
            "use `cache.r6g` or `cache.r7g` of the same size",
        ),
        Some("m1") => lacks(
            cx,
            field.loc,
            format!("`{node}` has neither replicas nor encryption"),
            None,
            "use `cache.t4g.micro` or larger",
        ),
        Some(_) | None => {}
    }
}

/// AG0506 and AG0208: what failover needs.
fn takeover(cache: &Redis, cx: &mut Context<'_>) {
    if matches!(cache.shards.value, Value::Parameter(_)) {
        limit(
            cx,
            cache.shards.loc,
            "`shards` cannot be a parameter",
            "write the number out: with more than one, cluster mode is on",
        );
    }
    if cache.failover.is_none() && matches!(cache.replicas.value, Value::Parameter(_)) {
        lacks(
            cx,
            cache.replicas.loc,
            "whether a replica takes over depends on the number of replicas, which is a parameter",
            None,
            "say `failover: true` or `failover: false`",
        );
    }
    if let Some(key) = &cache.kms_key
        && cache.encryption_at_rest.literal() == Some(&false)
    {
        lacks(
            cx,
            key.loc,
            format!("`{}` has a key and is not encrypted where it is stored", cache.meta.name),
            Some((cache.encryption_at_rest.loc, "encryption is turned off here".to_string())),
            "leave `encryption_at_rest: false` or `kms_key` out",
        );
    }
    if let Some(field) = &cache.failover {
        let shards = cache.shards.literal().map(|it| it.0);
        let replicas = cache.replicas.literal().map(|it| it.0);
        match field.literal() {
            Some(true) if shards == Some(1) && replicas == Some(0) => lacks(
                cx,
                field.loc,
                format!("`{}` has no replica that could take over", cache.meta.name),
                Some((cache.replicas.loc, "no replicas here".to_string())),
                "add `replicas: 1`",
            ),
            Some(false) if shards.is_some_and(|it| it > 1) => lacks(
                cx,
                field.loc,
                "cluster mode cannot do without failover",
                Some((cache.shards.loc, "cluster mode is on with more than one shard".to_string())),
                "leave `failover` out, or use one shard",
            ),
            Some(true | false) | None => {}
        }
    }
    if failover(cache).literal() == Some(&true) && multi_az(cache).literal() == Some(&true) {
        cx.needs_zones(
            cache,
            &cache.subnets,
            2,
            "a replica that takes over stands in another zone than its primary",
        );
    }
}

/// The names of the engine's settings.
fn settings(cache: &Redis, cx: &mut Context<'_>) {
    let Some(map) = cache.parameters.as_ref().and_then(Field::literal) else {
        return;
    };
    for entry in &map.0 {
        if entry.name.replace('_', "-") == "cluster-enabled" {
            limit(
                cx,
                entry.loc,
                "`cluster_enabled` is not given in `parameters`",
                "use `shards: 2` or more",
            );
        } else if !entry
            .name
            .chars()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_' || it == '-')
        {
            limit(
                cx,
                entry.loc,
                format!("Redis has no setting `{}`", entry.name),
                "its settings have names such as `maxmemory_policy`",
            );
        }
    }
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
