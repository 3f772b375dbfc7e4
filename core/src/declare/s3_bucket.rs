//! `s3_bucket!`: a bucket that only its owner can use.

use crate::check::{Context, storage as checks};
use crate::field::{List, Map};
use crate::lower::{Lower, storage};
use crate::types::{Days, Seconds};
use crate::value::Text;

crate::record! {
    /// What happens to objects as they age.
    Lifecycle: "lifecycle" {
        /// The objects it is about, by the start of their names; left out, all.
        default prefix: String = String::new();
        /// When objects move to another storage class: `{ InfrequentAccess: 30days }`.
        optional transitions: Map<Days>;
        /// When objects are deleted.
        optional expire_after: Days;
        /// When old versions are deleted.
        optional expire_old_versions_after: Days;
    }
}

crate::record! {
    /// Archives that S3 Intelligent-Tiering may use.
    Tiering: "intelligent_tiering" {
        /// After how long without use an object is archived, 90 to 730 days.
        required archive_after: Days = "90days";
        /// After how long without use it is archived deeply, 180 to 730 days.
        optional deep_archive_after: Days;
    }
}

crate::record! {
    /// Where objects are copied to.
    ReplicateTo: "replication" {
        /// The ARN of the other bucket, which must keep versions.
        required bucket: Text = "\"arn:aws:s3:::documents-replica\"";
        /// The time within which AWS promises the copy (Replication Time Control): 15 minutes.
        optional within: Seconds;
    }
}

crate::declaration! {
    /// A bucket: private, encrypted, reached by TLS only.
    S3Bucket S3BucketBuilder {
        /// Its physical name, unique in all of AWS; left out, CloudFormation makes one, and a replicated
        /// bucket is called `ARCHITECTURE-ENVIRONMENT-NAME-ACCOUNT-REGION`.
        optional bucket_name: String;
        /// Whether old versions of objects are kept; 90 days, unless `lifecycle` says otherwise.
        default versioning: bool = true;
        /// The ARN of the KMS key; left out, keys that S3 manages.
        optional kms_key: Text;
        /// What happens to objects as they age.
        optional lifecycle: List<Lifecycle>;
        /// Whether objects are archived by use.
        optional intelligent_tiering: Tiering;
        /// Where objects are copied to, in another Region.
        optional replication: ReplicateTo;
    } members S3BucketMembers {
        /// The name.
        name;
        /// The Amazon Resource Name.
        arn;
    }
}

impl S3Bucket {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_bucket(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        storage::lower_bucket(self, cx);
    }
}
