//! AWS Backup: vaults, plans, and what a plan copies.

use super::{Ref, Role};
use crate::types::Days;
use crate::value::{Text, Value};

/// The most characters of a vault's name.
/// <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html>
pub const VAULT_NAME_LIMIT: usize = 50;

/// A place for copies.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupVault {
    /// Its physical name.
    pub name: Text,
    /// The ARN of the KMS key; none means AWS's own.
    pub kms_key: Option<Text>,
}

/// When copies are made and how long they are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupPlan {
    /// Its physical name.
    pub name: Text,
    /// Where copies go.
    pub vault: Ref<BackupVault>,
    /// When, as a cron expression of AWS in UTC.
    pub schedule: Value<String>,
    /// How many minutes late a copy may start.
    pub start_window: Value<u16>,
    /// How long copies are kept.
    pub keep: Value<Days>,
    /// The ARN of a vault that holds them once more.
    pub copy_to: Option<Text>,
}

/// What a plan copies.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupSelection {
    /// The plan.
    pub plan: Ref<BackupPlan>,
    /// Who copies.
    pub role: Ref<Role>,
    /// The ARNs of the stores.
    pub stores: Vec<Text>,
}
