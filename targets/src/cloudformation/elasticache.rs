//! Redis on ElastiCache.

use archgen_core::resource::Resource;
use archgen_core::resource::elasticache::{
    CacheParameterGroup, CacheSubnetGroup, ReplicationGroup,
};
use archgen_core::value::Value;

use super::expr::{Expr, Object};
use super::writer::{Writer, choose, description, optional, value};

impl Writer<'_> {
    pub(super) fn cache_subnet_group(&self, resource: &Resource, it: &CacheSubnetGroup) -> Object {
        Object::new()
            .with("Description", description(&it.description, 255))
            .with("SubnetIds", self.ids(&it.subnets))
            .with("Tags", self.tags(resource))
    }

    pub(super) fn cache_parameter_group(
        &self,
        resource: &Resource,
        it: &CacheParameterGroup,
    ) -> Object {
        let settings = (!it.parameters.is_empty()).then(|| self.text_object(&it.parameters));
        Object::new()
            .with("CacheParameterGroupFamily", value(&it.family))
            .with("Description", description(&it.description, 255))
            .maybe("Properties", settings)
            .with("Tags", self.tags(resource))
    }

    pub(super) fn replication_group(&self, resource: &Resource, it: &ReplicationGroup) -> Object {
        let all = Object::new()
            .with("AtRestEncryptionEnabled", value(&it.encryption_at_rest))
            .maybe("KmsKeyId", self.optional_text(it.kms_key.as_ref()))
            .with("AutomaticFailoverEnabled", value(&it.automatic_failover))
            .with("CacheNodeType", value(&it.node_type))
            .with("CacheParameterGroupName", self.id(&it.parameter_group))
            .with("CacheSubnetGroupName", self.id(&it.subnet_group))
            .with("Engine", "redis")
            .with("EngineVersion", value(&it.engine_version))
            .with("MultiAZEnabled", value(&it.multi_az))
            .maybe("PreferredMaintenanceWindow", optional(it.maintenance_window.as_ref()))
            .with("ReplicationGroupDescription", description(&it.description, 255))
            .maybe("ReplicationGroupId", self.optional_text(it.identifier.as_ref()))
            .with("SecurityGroupIds", self.ids(&it.groups))
            .maybe("SnapshotRetentionLimit", optional(it.snapshot_retention.as_ref()))
            .maybe("SnapshotWindow", optional(it.snapshot_window.as_ref()))
            .with("Tags", self.tags(resource))
            .with("TransitEncryptionEnabled", value(&it.encryption_in_transit));
        let all = match &it.encryption_in_transit {
            // The mode may not be given where there is no encryption.
            Value::Literal(false) => all,
            Value::Literal(true) => all.with("TransitEncryptionMode", "required"),
            Value::Parameter(_) | Value::Unknown => all.with(
                "TransitEncryptionMode",
                choose(&it.encryption_in_transit, "required", Expr::Ref("AWS::NoValue".into())),
            ),
        };
        // Nodes are counted whole without cluster mode, by shard with it; a number that a parameter
        // gives cannot be added to, and one shard may be counted either way.
        match (&it.cluster_mode, &it.replicas) {
            (Value::Literal(false), Value::Literal(replicas)) => {
                all.with("NumCacheClusters", replicas.0 + 1)
            }
            _ => all
                .with("ClusterMode", choose(&it.cluster_mode, "enabled", "disabled"))
                .with("NumNodeGroups", value(&it.shards))
                .with("ReplicasPerNodeGroup", value(&it.replicas)),
        }
    }
}
