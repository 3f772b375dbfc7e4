//! Shared file systems.

use archgen_core::resource::Resource;
use archgen_core::resource::efs::{AccessPoint, FileSystem, MountTarget};
use archgen_core::value::Value;

use super::expr::{Expr, Object};
use super::writer::{Writer, choose, map_value, parameter, text_value, value};
use crate::spelling::after_days;

impl Writer<'_> {
    pub(super) fn file_system(&self, resource: &Resource, it: &FileSystem) -> Object {
        let backup = Object::new().with("Status", choose(&it.backups, "ENABLED", "DISABLED"));
        let lifecycle = it.infrequent_access_after.iter().map(|days| {
            // AWS has a word for each number of days.
            let after = match days {
                Value::Parameter(name) => {
                    Expr::concat([Expr::from("AFTER_"), parameter(name), Expr::from("_DAYS")])
                }
                Value::Literal(_) | Value::Unknown => map_value(days, |it| after_days(it.0).into()),
            };
            Object::new().with("TransitionToIA", after).into()
        });
        let replication = it.replicate_to.as_ref().map(|region| {
            let destination: Expr = Object::new().with("Region", self.text(region)).into();
            Object::new().with("Destinations", vec![destination])
        });
        Object::new()
            .with("BackupPolicy", backup)
            .with("Encrypted", true)
            .maybe("KmsKeyId", self.optional_text(it.kms_key.as_ref()))
            .with("FileSystemTags", self.tags(resource))
            .list("LifecyclePolicies", lifecycle.collect())
            .maybe("ReplicationConfiguration", replication)
    }

    pub(super) fn mount_target(&self, it: &MountTarget) -> Object {
        Object::new()
            .with("FileSystemId", self.id(&it.file_system))
            .with("SecurityGroups", self.ids(&it.groups))
            .with("SubnetId", self.id(&it.subnet))
    }

    pub(super) fn access_point(&self, resource: &Resource, it: &AccessPoint) -> Object {
        let user = text_value(&it.user);
        let owner = Object::new()
            .with("OwnerGid", user.clone())
            .with("OwnerUid", user.clone())
            .with("Permissions", "0750");
        let root = Object::new().with("CreationInfo", owner).with("Path", value(&it.path));
        Object::new()
            .with("AccessPointTags", self.tags(resource))
            .with("FileSystemId", self.id(&it.file_system))
            .with("PosixUser", Object::new().with("Gid", user.clone()).with("Uid", user))
            .with("RootDirectory", root)
    }
}
