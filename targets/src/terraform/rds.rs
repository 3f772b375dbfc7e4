//! Databases. The first user's password is made up by AWS and kept in Secrets Manager: no state holds it.

use archgen_core::resource::rds::{DbInstance, DbParameterGroup, DbSubnetGroup, Password};
use archgen_core::resource::{Resource, ResourceKind};

use super::address::Address;
use super::expr::{Expr, Object};
use super::module::{Block, Lifecycle, Mode, Module};
use super::secrets::{READ_VERSION, VERSION};
use super::writer::{Writer, description, optional, value};

/// The settings of PostgreSQL that take effect when it starts; RDS refuses to apply one of them at once.
/// CloudFormation asks RDS which they are, the provider has to be told.
///
/// <https://www.postgresql.org/docs/current/runtime-config.html>,
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html>
const STATIC_SETTINGS: &[&str] = &[
    "archive_mode",
    "autovacuum_freeze_max_age",
    "autovacuum_max_workers",
    "autovacuum_multixact_freeze_max_age",
    "autovacuum_worker_slots",
    "commit_timestamp_buffers",
    "cron.database_name",
    "cron.max_running_jobs",
    "cron.use_background_workers",
    "dynamic_shared_memory_type",
    "hot_standby",
    "huge_pages",
    "io_max_concurrency",
    "io_workers",
    "jit_provider",
    "max_active_replication_origins",
    "max_connections",
    "max_files_per_process",
    "max_locks_per_transaction",
    "max_logical_replication_workers",
    "max_notify_queue_pages",
    "max_pred_locks_per_transaction",
    "max_prepared_transactions",
    "max_replication_slots",
    "max_wal_senders",
    "max_worker_processes",
    "min_dynamic_shared_memory",
    "multixact_member_buffers",
    "multixact_offset_buffers",
    "notify_buffers",
    "old_snapshot_threshold",
    "pg_bigm.last_update",
    "pg_stat_statements.max",
    "pglogical.use_spi",
    "port",
    "rds.logical_replication",
    "rds.rds_superuser_reserved_connections",
    "rds.restrict_password_commands",
    "reserved_connections",
    "serializable_buffers",
    "shared_buffers",
    "shared_memory_type",
    "shared_preload_libraries",
    "subtransaction_buffers",
    "superuser_reserved_connections",
    "track_activity_query_size",
    "track_commit_timestamp",
    "transaction_buffers",
    "wal_buffers",
    "wal_decode_buffer_size",
    "wal_level",
    "wal_log_hints",
];

impl Writer<'_> {
    /// The name of a store that the author gave none, in the characters and the case that its service
    /// takes: AWS would lower it anyway, and the provider would then see a difference for ever.
    pub(crate) fn store_name(&self, resource: &Resource) -> String {
        let name = self.physical_name(resource).to_lowercase();
        let parts: Vec<&str> = name.split('-').filter(|it| !it.is_empty()).collect();
        parts.join("-")
    }

    /// A prefix that the provider makes a name of which is new for every replacement.
    pub(super) fn name_prefix(&self, resource: &Resource) -> String {
        format!("{}-", self.store_name(resource))
    }

    /// A block whose resource holds data: a plan that destroys it is an error. A tenant's is not: all tenants have
    /// one block, and `prevent_destroy` would forbid that any of them ever goes. That one may go is asked before
    /// anything is emitted (AG0116).
    pub(super) fn store(&self, resource: &Resource, body: Object) -> Block {
        let prevent_destroy = !self.is_tenants(resource);
        let lifecycle = Lifecycle { prevent_destroy, ..Lifecycle::default() };
        Block { lifecycle, ..self.block(resource, body) }
    }

    /// A block whose name archgen made up is given it once: like the names that AWS makes up, it stays when
    /// the declaration is renamed, for another name would be another resource.
    pub(super) fn named_once(block: Block, argument: &'static str) -> Block {
        let mut block = block;
        block.lifecycle.ignore_changes.push(argument);
        block
    }

    pub(super) fn db_subnet_group(
        &self,
        resource: &Resource,
        it: &DbSubnetGroup,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("description", description(&it.description, 255))
            .with("name_prefix", self.name_prefix(resource))
            .with("subnet_ids", self.ids(&it.subnets))
            .with("tags", self.tags(resource));
        out.add(Self::named_once(self.block(resource, body), "name_prefix"));
    }

    pub(super) fn db_parameter_group(
        &self,
        resource: &Resource,
        it: &DbParameterGroup,
        out: &mut Module,
    ) {
        let settings = it.parameters.iter().map(|(name, it)| {
            let starts = STATIC_SETTINGS.contains(&name.as_str());
            Object::new()
                .with("apply_method", if starts { "pending-reboot" } else { "immediate" })
                .with("name", name.as_str())
                .with("value", self.text(it))
                .into()
        });
        let body = Object::new()
            .with("description", description(&it.description, 255))
            .with("family", value(&it.family))
            .with("name_prefix", self.name_prefix(resource))
            .list("parameter", settings.collect())
            .with("tags", self.tags(resource));
        // A new major version needs a group of another family; the database has to move there before
        // RDS lets go of the old one.
        let lifecycle = Lifecycle { create_before_destroy: true, ..Lifecycle::default() };
        let block = Block { lifecycle, ..self.block(resource, body) };
        out.add(Self::named_once(block, "name_prefix"));
    }

    pub(super) fn db_instance(&self, resource: &Resource, it: &DbInstance, out: &mut Module) {
        let identifier = self
            .optional_text(it.identifier.as_ref())
            .unwrap_or_else(|| self.store_name(resource).into());
        let logs = it.log_exports.iter().map(|it| Expr::from(*it)).collect();
        let all = Object::new()
            .maybe("allocated_storage", optional(it.storage.as_ref()))
            // As CloudFormation does; RDS would wait for the maintenance window.
            .with("apply_immediately", true)
            .with("auto_minor_version_upgrade", value(&it.auto_minor_version_upgrade))
            .maybe("backup_retention_period", optional(it.backup_retention.as_ref()))
            .maybe("backup_window", optional(it.backup_window.as_ref()))
            .with("copy_tags_to_snapshot", true)
            .maybe("db_name", optional(it.database.as_ref()))
            .maybe("db_subnet_group_name", it.subnet_group.as_ref().map(|it| self.id(it)))
            .with("deletion_protection", value(&it.deletion_protection))
            .list("enabled_cloudwatch_logs_exports", logs)
            .maybe("engine_version", optional(it.engine_version.as_ref()))
            .with("identifier", identifier.clone())
            .with("instance_class", value(&it.class))
            .maybe("maintenance_window", optional(it.maintenance_window.as_ref()))
            .maybe("max_allocated_storage", optional(it.max_storage.as_ref()))
            .maybe("monitoring_interval", it.monitoring.as_ref().map(|it| value(&it.0)))
            .maybe("monitoring_role_arn", it.monitoring.as_ref().map(|it| self.arn(&it.1)))
            .with("multi_az", value(&it.multi_az))
            .with("parameter_group_name", self.id(&it.parameter_group))
            .with("performance_insights_enabled", it.performance_insights.is_some())
            .maybe(
                "performance_insights_retention_period",
                optional(it.performance_insights.as_ref()),
            )
            .maybe("port", optional(it.port.as_ref()))
            .maybe("kms_key_id", self.optional_text(it.kms_key.as_ref()))
            .with("publicly_accessible", false)
            // A replica is encrypted as its source is. The provider does not send this for one, but
            // replaces a replica that differs from it.
            .with("storage_encrypted", true)
            .with("storage_type", it.storage_type)
            .with("tags", self.tags(resource))
            .maybe("username", optional(it.username.as_ref()))
            .with("vpc_security_group_ids", self.ids(&it.groups));
        let block = match &it.replica_of {
            // It holds nothing of its own, and AWS takes no last snapshot of one. The provider takes its
            // engine from the source.
            Some(source) => self.block(
                resource,
                all.with("replicate_source_db", self.id(source)).with("skip_final_snapshot", true),
            ),
            None => {
                let all = all
                    .with("engine", "postgres")
                    .with("final_snapshot_identifier", final_snapshot(identifier))
                    .with("skip_final_snapshot", false);
                self.store(resource, self.password(it, all, out))
            }
        };
        out.add(match &it.identifier {
            Some(_) => block,
            None => Self::named_once(block, "identifier"),
        });
    }

    /// How the first user gets a password.
    fn password(&self, it: &DbInstance, all: Object, out: &mut Module) -> Object {
        match &it.password {
            Some(Password::Managed { kms_key }) => all
                .with("manage_master_user_password", true)
                .maybe("master_user_secret_kms_key_id", self.optional_text(kms_key.as_ref())),
            // Read from what was kept, not taken from what was made up: where making the database fails, the next
            // run would make up another password.
            Some(Password::Secret(secret)) => {
                let secret = self.resource(secret.id());
                let kept = Address::of(secret, VERSION).attribute("secret_id");
                let read = self.part(secret, VERSION, Object::new().with("secret_id", kept));
                out.add(Block { mode: Mode::Ephemeral, ..read });
                let text = Address::of(secret, READ_VERSION).attribute("secret_string");
                let both = Expr::call("jsondecode", [text]);
                all.with("password_wo", Expr::Index(Box::new(both), Box::new("password".into())))
                    .with("password_wo_version", 1_u32)
            }
            None => all,
        }
    }
}

/// The most characters of the name of a store, where archgen has to make one up.
///
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>,
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html>
pub(super) fn made_up_limit(kind: &ResourceKind) -> Option<usize> {
    if let ResourceKind::DbInstance(it) = kind {
        it.identifier.is_none().then_some(63)
    } else if let ResourceKind::ReplicationGroup(it) = kind {
        it.identifier.is_none().then_some(40)
    } else {
        None
    }
}

/// Whether it is known when a setting takes effect: PostgreSQL's own and those of RDS are, those of
/// extensions seldom.
pub(super) fn knows_setting(name: &str) -> bool {
    !name.contains('.') || name.starts_with("rds.") || STATIC_SETTINGS.contains(&name)
}

/// The name of the snapshot that is taken when a store is deleted.
pub(super) fn final_snapshot(identifier: Expr) -> Expr {
    Expr::concat([identifier, Expr::from("-final")])
}
