//! Buckets.

use super::Ref;
use super::iam::{Role, Statement};
use crate::types::{Count, Days};
use crate::value::{Text, Value};

/// A bucket that only its owner can use.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    /// Its physical name, if the author gave one.
    pub name: Option<Text>,
    /// The ARN of the KMS key; none means keys that S3 manages.
    pub kms_key: Option<Text>,
    /// Whether old versions of objects are kept.
    pub versioning: Value<bool>,
    /// What happens to objects as they age.
    pub lifecycle: Vec<LifecycleRule>,
    /// Whether objects move between access tiers by use, and to which archives.
    pub intelligent_tiering: Option<IntelligentTiering>,
    /// Where objects are copied to.
    pub replication: Option<Replication>,
    /// Where its access logs go.
    pub access_logs: Option<(Ref<Bucket>, String)>,
}

/// What happens to objects as they age.
#[derive(Clone, Debug, PartialEq)]
pub struct LifecycleRule {
    /// Its name.
    pub id: String,
    /// The objects it is about; empty means all.
    pub prefix: Value<String>,
    /// When objects move to another storage class.
    pub transitions: Vec<(StorageClass, Value<Days>)>,
    /// When objects are deleted.
    pub expire_after: Option<Value<Days>>,
    /// When old versions are deleted.
    pub expire_old_versions_after: Option<Value<Days>>,
    /// When uploads that were never finished are deleted.
    pub abort_uploads_after: Days,
}

crate::words! {
    /// Where S3 keeps an object.
    StorageClass: "storage classes" {
        /// For objects seldom read.
        InfrequentAccess = "STANDARD_IA",
        /// Moved by use.
        IntelligentTiering = "INTELLIGENT_TIERING",
        /// Archive, read at once.
        GlacierInstantRetrieval = "GLACIER_IR",
        /// Archive, read within minutes to hours.
        GlacierFlexibleRetrieval = "GLACIER",
        /// Archive, read within half a day.
        GlacierDeepArchive = "DEEP_ARCHIVE",
    }
}

/// Archives that Intelligent-Tiering may use.
#[derive(Clone, Debug, PartialEq)]
pub struct IntelligentTiering {
    /// After how many days without use an object is archived.
    pub archive_after: Value<Days>,
    /// After how many days without use it is archived deeply.
    pub deep_archive_after: Option<Value<Days>>,
}

/// Copies every object to another bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct Replication {
    /// The ARN of the other bucket.
    pub destination: Text,
    /// The role that copies.
    pub role: Ref<Role>,
    /// The time within which AWS promises the copy, in minutes; none means no promise.
    pub time_control: Option<Count>,
}

/// What others may do with a bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct BucketPolicy {
    /// The bucket.
    pub bucket: Ref<Bucket>,
    /// The statements.
    pub statements: Vec<Statement>,
}
