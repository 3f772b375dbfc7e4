//! `kms_key!`: a key of AWS Key Management Service.

use crate::check::{Context, kms as checks};
use crate::declare::Handle;
use crate::field::{FieldValue, List};
use crate::lower::{Lower, kms};
use crate::types::Days;
use crate::value::Text;

/// How long a key that is to be deleted is kept where the author says nothing: the longest time.
const DELETION_WINDOW: Days = Days(30);

crate::words! {
    /// An AWS service that uses a key by itself, in no role's name.
    KeyService: "services" {
        /// Encrypts log groups of this account and Region.
        CloudWatchLogs = "logs",
        /// Alarms of this account publish to encrypted topics.
        CloudWatchAlarms = "cloudwatch.amazonaws.com",
        /// Rules of this account publish to encrypted topics and queues.
        EventBridge = "events.amazonaws.com",
        /// Budgets of this account publish to encrypted topics.
        Budgets = "budgets.amazonaws.com",
    }
}

crate::declaration! {
    /// A symmetric key that encrypts data, with an alias.
    KmsKey KmsKeyBuilder {
        /// What it encrypts.
        required description: Text = "\"Databases and buckets of the shop\"";
        /// Whether AWS makes new key material by itself; old material still decrypts.
        default rotation: bool = true;
        /// How often, 90 to 2560 days; left out, every year.
        optional rotation_period: Days;
        /// How long it can be had back once somebody deletes it, 7 to 30 days.
        default deletion_window: Days = DELETION_WINDOW;
        /// Its alias without `alias/`; left out, `ARCHITECTURE-ENVIRONMENT-NAME`.
        optional alias: String;
        /// AWS services that use it by themselves, each for this account only.
        optional services: List<KeyService>;
        /// Who may encrypt and decrypt with it besides what archgen derives: `["role/analytics"]`, a role or
        /// user of the account of deployment, or a whole ARN.
        optional users: List<Text>;
    } members KmsKeyMembers {
        /// The Amazon Resource Name.
        arn;
        /// The identifier.
        id;
    }
}

/// `kms_key: key` is `kms_key: key.arn`.
impl FieldValue<Text> for Handle<KmsKey> {}

impl KmsKey {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        kms::lower_key(self, cx);
    }
}
