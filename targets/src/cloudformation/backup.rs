//! Vaults, plans and selections of AWS Backup.

use archgen_core::resource::Resource;
use archgen_core::resource::backup::{BackupPlan, BackupSelection, BackupVault};

use super::expr::{Expr, Object};
use super::writer::{Writer, value};
use crate::spelling::{BACKUP_RULE, BACKUP_SELECTION};

impl Writer<'_> {
    pub(super) fn backup_vault(&self, resource: &Resource, it: &BackupVault) -> Object {
        Object::new()
            .with("BackupVaultName", self.text(&it.name))
            .with("BackupVaultTags", self.tag_object(resource))
            .maybe("EncryptionKeyArn", self.optional_text(it.kms_key.as_ref()))
    }

    pub(super) fn backup_plan(&self, resource: &Resource, it: &BackupPlan) -> Object {
        let lifecycle = || Object::new().with("DeleteAfterDays", value(&it.keep));
        let copies = it.copy_to.iter().map(|vault| -> Expr {
            Object::new()
                .with("DestinationBackupVaultArn", self.text(vault))
                .with("Lifecycle", lifecycle())
                .into()
        });
        let rule: Expr = Object::new()
            .list("CopyActions", copies.collect())
            .with("Lifecycle", lifecycle())
            .with("RuleName", BACKUP_RULE)
            .with("ScheduleExpression", value(&it.schedule))
            .with("StartWindowMinutes", value(&it.start_window))
            .with("TargetBackupVault", self.id(&it.vault))
            .into();
        let plan = Object::new()
            .with("BackupPlanName", self.text(&it.name))
            .with("BackupPlanRule", vec![rule]);
        Object::new().with("BackupPlan", plan).with("BackupPlanTags", self.tag_object(resource))
    }

    pub(super) fn backup_selection(&self, it: &BackupSelection) -> Object {
        let selection = Object::new()
            .with("IamRoleArn", self.arn(&it.role))
            .with("Resources", self.texts(&it.stores))
            .with("SelectionName", BACKUP_SELECTION);
        Object::new().with("BackupPlanId", self.id(&it.plan)).with("BackupSelection", selection)
    }
}
