//! `backup_plan!`: copies of databases, file systems and buckets by AWS Backup.
//!
//! <https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html>

use crate::check::{Context, backup as checks};
use crate::data_fields::StoreRef;
use crate::field::{Field, List};
use crate::lower::{Lower, backup};
use crate::types::{Days, Seconds};
use crate::value::Text;

crate::declaration! {
    /// Copies of databases, file systems and buckets, in a vault of their own.
    BackupPlan BackupPlanBuilder {
        /// What is copied: databases, file systems, and buckets that keep versions.
        required stores: List<StoreRef> = "[database]";
        /// How often: 1, 2, 3, 4, 6, 8, 12 or 24 hours.
        required every: Seconds = "4h";
        /// When the first copy of a day starts, in UTC: `"01:30"`. AWS Backup starts no copy of a database in
        /// its windows for backups and maintenance, nor in the hour before.
        default at: String = "01:30".to_string();
        /// How long copies are kept, 1 to 36500 days.
        required keep: Days = "35days";
        /// The ARN of a vault in another Region or account, where each copy is kept once more, as long.
        optional copy_to: Text;
        /// The ARN of the key that encrypts the vault; left out, AWS Backup's own. It cannot be changed.
        optional kms_key: Text;
        /// The vault's physical name, 2 to 50 letters, digits, `-` and `_`; it cannot be changed.
        optional vault_name: String;
    } members BackupPlanMembers {
        /// The Amazon Resource Name of the vault.
        vault_arn;
        /// The name of the vault.
        vault_name;
    }
}

impl BackupPlan {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        backup::lower(self, cx);
    }

    /// What it copies; none if that is not all known.
    pub fn known_stores(&self) -> Option<Vec<&StoreRef>> {
        self.stores.literal()?.iter().map(Field::literal).collect()
    }
}
