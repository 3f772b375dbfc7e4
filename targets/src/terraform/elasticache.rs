//! Caches.

use archgen_core::resource::Resource;
use archgen_core::resource::elasticache::{
    CacheParameterGroup, CacheSubnetGroup, ReplicationGroup,
};
use archgen_core::value::Value;

use super::expr::{Expr, Object};
use super::module::{Block, Lifecycle, Module};
use super::rds::final_snapshot;
use super::writer::{Writer, choose, description, optional, value};

/// The port of a replication group that says none, as AWS has it. The provider knows the port of a group
/// only from its arguments.
///
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html>
const PORT: u16 = 6379;

impl Writer<'_> {
    pub(super) fn cache_subnet_group(
        &self,
        resource: &Resource,
        it: &CacheSubnetGroup,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("description", description(&it.description, 255))
            .with("name", self.store_name(resource))
            .with("subnet_ids", self.ids(&it.subnets))
            .with("tags", self.tags(resource));
        out.add(Self::named_once(self.block(resource, body), "name"));
    }

    pub(super) fn cache_parameter_group(
        &self,
        resource: &Resource,
        it: &CacheParameterGroup,
        out: &mut Module,
    ) {
        let settings = it.parameters.iter().map(|(name, it)| {
            Object::new().with("name", name.as_str()).with("value", self.text(it)).into()
        });
        let prefix = Expr::from(self.name_prefix(resource));
        // A group of another family is another group, which the cache moves to before the old one ends:
        // its name says the family. One of another name is, too, and holds nothing that would be lost.
        let family = match &it.family {
            Value::Literal(it) => Expr::from(it.replace('.', "-")),
            Value::Parameter(_) | Value::Unknown => {
                Expr::call("replace", [value(&it.family), Expr::from("."), Expr::from("-")])
            }
        };
        let body = Object::new()
            .with("description", description(&it.description, 255))
            .with("family", value(&it.family))
            .with("name", Expr::concat([prefix, family]))
            .list("parameter", settings.collect())
            .with("tags", self.tags(resource));
        let lifecycle = Lifecycle { create_before_destroy: true, ..Lifecycle::default() };
        out.add(Block { lifecycle, ..self.block(resource, body) });
    }

    pub(super) fn replication_group(
        &self,
        resource: &Resource,
        it: &ReplicationGroup,
        out: &mut Module,
    ) {
        let identifier = self
            .optional_text(it.identifier.as_ref())
            .unwrap_or_else(|| self.store_name(resource).into());
        let all = Object::new()
            // As CloudFormation does; ElastiCache would wait for the maintenance window.
            .with("apply_immediately", true)
            .with("at_rest_encryption_enabled", value(&it.encryption_at_rest))
            .maybe("kms_key_id", self.optional_text(it.kms_key.as_ref()))
            .with("automatic_failover_enabled", value(&it.automatic_failover))
            .with("description", description(&it.description, 255))
            .with("engine", "redis")
            .with("engine_version", value(&it.engine_version))
            .with("final_snapshot_identifier", final_snapshot(identifier.clone()))
            .maybe("maintenance_window", optional(it.maintenance_window.as_ref()))
            .with("multi_az_enabled", value(&it.multi_az))
            .with("node_type", value(&it.node_type))
            .with("parameter_group_name", self.id(&it.parameter_group))
            .with("port", PORT)
            .with("replication_group_id", identifier)
            .with("security_group_ids", self.ids(&it.groups))
            .maybe("snapshot_retention_limit", optional(it.snapshot_retention.as_ref()))
            .maybe("snapshot_window", optional(it.snapshot_window.as_ref()))
            .with("subnet_group_name", self.id(&it.subnet_group))
            .with("tags", self.tags(resource))
            .with("transit_encryption_enabled", value(&it.encryption_in_transit));
        let all = match &it.encryption_in_transit {
            // The mode may not be given where there is no encryption.
            Value::Literal(false) => all,
            Value::Literal(true) => all.with("transit_encryption_mode", "required"),
            Value::Parameter(_) | Value::Unknown => all.with(
                "transit_encryption_mode",
                choose(&it.encryption_in_transit, "required", Expr::Null),
            ),
        };
        // Nodes are counted whole without cluster mode, by shard with it, as in CloudFormation.
        let all = match (&it.cluster_mode, &it.replicas) {
            (Value::Literal(false), Value::Literal(replicas)) => {
                all.with("num_cache_clusters", replicas.0 + 1)
            }
            _ => all
                .with("cluster_mode", choose(&it.cluster_mode, "enabled", "disabled"))
                .with("num_node_groups", value(&it.shards))
                .with("replicas_per_node_group", value(&it.replicas)),
        };
        let block = self.store(resource, all);
        out.add(match &it.identifier {
            Some(_) => block,
            None => Self::named_once(block, "replication_group_id"),
        });
    }
}
