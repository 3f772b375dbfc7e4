//! Vaults, plans and selections of AWS Backup.

use archgen_core::resource::Resource;
use archgen_core::resource::backup::{BackupPlan, BackupSelection, BackupVault};

use super::expr::Object;
use super::module::Module;
use super::writer::{Writer, value};
use crate::spelling::{BACKUP_RULE, BACKUP_SELECTION};

impl Writer<'_> {
    pub(super) fn backup_vault(&self, resource: &Resource, it: &BackupVault, out: &mut Module) {
        let body = Object::new()
            .maybe("kms_key_arn", self.optional_text(it.kms_key.as_ref()))
            .with("name", self.text(&it.name))
            .with("tags", self.tags(resource));
        out.add(self.store(resource, body));
    }

    pub(super) fn backup_plan(&self, resource: &Resource, it: &BackupPlan, out: &mut Module) {
        // AWS Backup fills it in, and rules are compared as a whole: without it each plan would have a change.
        let lifecycle = || {
            Object::new()
                .with("delete_after", value(&it.keep))
                .with("opt_in_to_archive_for_supported_resources", false)
        };
        let copy = it.copy_to.as_ref().map(|vault| {
            Object::new()
                .with("destination_vault_arn", self.text(vault))
                .with("lifecycle", lifecycle())
        });
        let rule = Object::new()
            .maybe("copy_action", copy)
            .with("lifecycle", lifecycle())
            .with("rule_name", BACKUP_RULE)
            .with("schedule", value(&it.schedule))
            .with("start_window", value(&it.start_window))
            .with("target_vault_name", self.name(&it.vault));
        let body = Object::new()
            .with("name", self.text(&it.name))
            .with("rule", rule)
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn backup_selection(
        &self,
        resource: &Resource,
        it: &BackupSelection,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("iam_role_arn", self.arn(&it.role))
            .with("name", BACKUP_SELECTION)
            .with("plan_id", self.id(&it.plan))
            .with("resources", self.texts(&it.stores));
        out.add(self.waits_for_permissions(self.block(resource, body), &[&it.role]));
    }
}
