//! File systems.

use archgen_core::resource::Resource;
use archgen_core::resource::efs::{AccessPoint, FileSystem, MountTarget};
use archgen_core::value::Value;

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, choose, map_value, value, variable};
use crate::spelling::after_days;

impl Writer<'_> {
    pub(super) fn file_system(&self, resource: &Resource, it: &FileSystem, out: &mut Module) {
        let lifecycle = it.infrequent_access_after.as_ref().map(|days| {
            // AWS has a word for each number of days.
            let after = match days {
                Value::Parameter(name) => {
                    Expr::concat([Expr::from("AFTER_"), variable(name), Expr::from("_DAYS")])
                }
                Value::Literal(_) | Value::Unknown => map_value(days, |it| after_days(it.0).into()),
            };
            Object::new().with("transition_to_ia", after)
        });
        let body = Object::new()
            .with("encrypted", true)
            .maybe("kms_key_id", self.optional_text(it.kms_key.as_ref()))
            .maybe("lifecycle_policy", lifecycle)
            .with("tags", self.tags(resource));
        let file_system = self.store(resource, body);
        let id = file_system.address.attribute("id");
        out.add(file_system);

        let backup = Object::new().with("status", choose(&it.backups, "ENABLED", "DISABLED"));
        let body = Object::new().with("backup_policy", backup).with("file_system_id", id.clone());
        out.add(self.part(resource, "aws_efs_backup_policy", body));

        if let Some(region) = &it.replicate_to {
            let destination = Object::new().with("region", self.text(region));
            let body =
                Object::new().with("destination", destination).with("source_file_system_id", id);
            out.add(self.part(resource, "aws_efs_replication_configuration", body));
        }
    }

    pub(super) fn mount_target(&self, resource: &Resource, it: &MountTarget, out: &mut Module) {
        let body = Object::new()
            .with("file_system_id", self.id(&it.file_system))
            .with("security_groups", self.ids(&it.groups))
            .with("subnet_id", self.id(&it.subnet));
        out.add(self.block(resource, body));
    }

    pub(super) fn access_point(&self, resource: &Resource, it: &AccessPoint, out: &mut Module) {
        let user = value(&it.user);
        let owner = Object::new()
            .with("owner_gid", user.clone())
            .with("owner_uid", user.clone())
            .with("permissions", "0750");
        let root = Object::new().with("creation_info", owner).with("path", value(&it.path));
        let body = Object::new()
            .with("file_system_id", self.id(&it.file_system))
            .with("posix_user", Object::new().with("gid", user.clone()).with("uid", user))
            .with("root_directory", root)
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }
}
