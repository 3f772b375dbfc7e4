//! Redis on ElastiCache.

use super::Ref;
use super::network::{SecurityGroup, Subnet};
use crate::types::{Count, Days};
use crate::value::{Text, Value};

/// The subnets a cache may stand in.
#[derive(Clone, Debug, PartialEq)]
pub struct CacheSubnetGroup {
    /// What it is for.
    pub description: String,
    /// The subnets.
    pub subnets: Vec<Ref<Subnet>>,
}

/// Settings of the cache engine.
#[derive(Clone, Debug, PartialEq)]
pub struct CacheParameterGroup {
    /// What it is for.
    pub description: String,
    /// The family, such as `redis7`.
    pub family: Value<String>,
    /// The settings.
    pub parameters: Vec<(String, Text)>,
}

/// A Redis cache of one or more shards.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicationGroup {
    /// The ARN of the KMS key; none means AWS's own.
    pub kms_key: Option<Text>,
    /// Its physical name, if the author gave one.
    pub identifier: Option<Text>,
    /// What it is for.
    pub description: String,
    /// The engine's version.
    pub engine_version: Value<String>,
    /// The node type.
    pub node_type: Value<String>,
    /// The number of shards; more than one means cluster mode.
    pub shards: Value<Count>,
    /// The number of replicas of each shard.
    pub replicas: Value<Count>,
    /// Whether cluster mode is on.
    pub cluster_mode: Value<bool>,
    /// Whether a replica takes over by itself.
    pub automatic_failover: Value<bool>,
    /// Whether nodes stand in several zones.
    pub multi_az: Value<bool>,
    /// Whether data is encrypted where it is stored.
    pub encryption_at_rest: Value<bool>,
    /// Whether data is encrypted on the way.
    pub encryption_in_transit: Value<bool>,
    /// Where it may stand.
    pub subnet_group: Ref<CacheSubnetGroup>,
    /// The groups on it.
    pub groups: Vec<Ref<SecurityGroup>>,
    /// The engine's settings.
    pub parameter_group: Ref<CacheParameterGroup>,
    /// How long daily snapshots are kept; none means there are none.
    pub snapshot_retention: Option<Value<Days>>,
    /// When snapshots are taken.
    pub snapshot_window: Option<Value<String>>,
    /// When AWS may change it.
    pub maintenance_window: Option<Value<String>>,
}
