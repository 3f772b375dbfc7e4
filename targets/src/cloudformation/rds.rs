//! PostgreSQL on RDS.

use archgen_core::resource::Resource;
use archgen_core::resource::rds::{DbInstance, DbParameterGroup, DbSubnetGroup, Password};

use super::expr::{Expr, Object};
use super::writer::{Writer, description, optional, text_value, value};

impl Writer<'_> {
    pub(super) fn db_subnet_group(&self, resource: &Resource, it: &DbSubnetGroup) -> Object {
        Object::new()
            .with("DBSubnetGroupDescription", description(&it.description, 255))
            .with("SubnetIds", self.ids(&it.subnets))
            .with("Tags", self.tags(resource))
    }

    pub(super) fn db_parameter_group(&self, resource: &Resource, it: &DbParameterGroup) -> Object {
        let settings = (!it.parameters.is_empty()).then(|| self.text_object(&it.parameters));
        Object::new()
            .with("Description", description(&it.description, 255))
            .with("Family", value(&it.family))
            .maybe("Parameters", settings)
            .with("Tags", self.tags(resource))
    }

    pub(super) fn db_instance(&self, resource: &Resource, it: &DbInstance) -> Object {
        let logs = it.log_exports.iter().map(|it| Expr::from(*it)).collect();
        let all = Object::new()
            .maybe("AllocatedStorage", it.storage.as_ref().map(text_value))
            .with("AutoMinorVersionUpgrade", value(&it.auto_minor_version_upgrade))
            .maybe("BackupRetentionPeriod", optional(it.backup_retention.as_ref()))
            .with("CopyTagsToSnapshot", true)
            .with("DBInstanceClass", value(&it.class))
            .maybe("DBInstanceIdentifier", self.optional_text(it.identifier.as_ref()))
            .maybe("DBName", optional(it.database.as_ref()))
            .with("DBParameterGroupName", self.id(&it.parameter_group))
            .maybe("DBSubnetGroupName", it.subnet_group.as_ref().map(|it| self.id(it)))
            .with("DeletionProtection", value(&it.deletion_protection))
            .list("EnableCloudwatchLogsExports", logs)
            .with("EnablePerformanceInsights", it.performance_insights.is_some())
            .with("Engine", "postgres")
            .maybe("EngineVersion", optional(it.engine_version.as_ref()))
            .maybe("MasterUsername", optional(it.username.as_ref()))
            .maybe("MaxAllocatedStorage", optional(it.max_storage.as_ref()))
            .maybe("MonitoringInterval", it.monitoring.as_ref().map(|it| value(&it.0)))
            .maybe("MonitoringRoleArn", it.monitoring.as_ref().map(|it| self.arn(&it.1)))
            .with("MultiAZ", value(&it.multi_az))
            .maybe("PerformanceInsightsRetentionPeriod", optional(it.performance_insights.as_ref()))
            .maybe("Port", it.port.as_ref().map(text_value))
            .maybe("PreferredBackupWindow", optional(it.backup_window.as_ref()))
            .maybe("PreferredMaintenanceWindow", optional(it.maintenance_window.as_ref()))
            .maybe("KmsKeyId", self.optional_text(it.kms_key.as_ref()))
            .with("PubliclyAccessible", false)
            .with("StorageType", it.storage_type)
            .with("Tags", self.tags(resource))
            .with("VPCSecurityGroups", self.ids(&it.groups));
        match &it.replica_of {
            // A replica in the same Region is encrypted with its source's key, and may not say so.
            Some(source) => all.with("SourceDBInstanceIdentifier", self.id(source)),
            None => password(self, it, all).with("StorageEncrypted", true),
        }
    }
}

/// How the first user gets a password: no template holds one.
fn password(writer: &Writer<'_>, it: &DbInstance, all: Object) -> Object {
    match &it.password {
        Some(Password::Managed { kms_key }) => {
            let secret = writer.optional_text(kms_key.as_ref());
            let secret = secret.map(|it| Object::new().with("KmsKeyId", it));
            all.with("ManageMasterUserPassword", true).maybe("MasterUserSecret", secret)
        }
        // Resolved while it is deployed.
        // <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html>
        Some(Password::Secret(secret)) => {
            let begin = Expr::from("{{resolve:secretsmanager:");
            let end = Expr::from(":SecretString:password}}");
            all.with("MasterUserPassword", Expr::concat([begin, writer.id(secret), end]))
        }
        None => all,
    }
}
