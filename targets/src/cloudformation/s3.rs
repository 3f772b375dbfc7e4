//! Buckets.

use archgen_core::resource::Resource;
use archgen_core::resource::s3::{Bucket, BucketPolicy, LifecycleRule, Replication};
use archgen_core::value::Value;

use super::expr::{Expr, Object};
use super::writer::{Writer, choose, value};
use crate::spelling::{ARCHIVE, COPY_EVERYTHING};

impl Writer<'_> {
    pub(super) fn bucket(&self, resource: &Resource, it: &Bucket) -> Object {
        let encryption = match &it.kms_key {
            Some(key) => Object::new().with("BucketKeyEnabled", true).with(
                "ServerSideEncryptionByDefault",
                Object::new()
                    .with("KMSMasterKeyID", self.text(key))
                    .with("SSEAlgorithm", "aws:kms"),
            ),
            None => Object::new().with(
                "ServerSideEncryptionByDefault",
                Object::new().with("SSEAlgorithm", "AES256"),
            ),
        };
        let lifecycle: Vec<Expr> = it.lifecycle.iter().map(lifecycle_rule).collect();
        let lifecycle = (!lifecycle.is_empty()).then(|| Object::new().with("Rules", lifecycle));
        let tiering = it.intelligent_tiering.iter().map(|it| {
            let tier = |name: &str, days| -> Expr {
                Object::new().with("AccessTier", name).with("Days", value(days)).into()
            };
            let mut tiers = vec![tier("ARCHIVE_ACCESS", &it.archive_after)];
            tiers.extend(it.deep_archive_after.iter().map(|it| tier("DEEP_ARCHIVE_ACCESS", it)));
            Object::new()
                .with("Id", ARCHIVE)
                .with("Status", "Enabled")
                .with("Tierings", tiers)
                .into()
        });
        let logging = it.access_logs.as_ref().map(|(bucket, prefix)| {
            Object::new()
                .with("DestinationBucketName", self.id(bucket))
                .maybe("LogFilePrefix", (!prefix.is_empty()).then_some(prefix.as_str()))
        });
        let versioning = match &it.versioning {
            // A bucket that never had versions has no status either.
            Value::Literal(false) => None,
            Value::Literal(true) | Value::Parameter(_) | Value::Unknown => {
                let status = choose(&it.versioning, "Enabled", "Suspended");
                Some(Object::new().with("Status", status))
            }
        };
        let owner: Expr = Object::new().with("ObjectOwnership", "BucketOwnerEnforced").into();
        let blocked = Object::new()
            .with("BlockPublicAcls", true)
            .with("BlockPublicPolicy", true)
            .with("IgnorePublicAcls", true)
            .with("RestrictPublicBuckets", true);
        Object::new()
            .with(
                "BucketEncryption",
                Object::new()
                    .with("ServerSideEncryptionConfiguration", vec![Expr::from(encryption)]),
            )
            .maybe("BucketName", self.optional_text(it.name.as_ref()))
            .list("IntelligentTieringConfigurations", tiering.collect())
            .maybe("LifecycleConfiguration", lifecycle)
            .maybe("LoggingConfiguration", logging)
            .with("OwnershipControls", Object::new().with("Rules", vec![owner]))
            .with("PublicAccessBlockConfiguration", blocked)
            .maybe(
                "ReplicationConfiguration",
                it.replication.as_ref().map(|it| self.replication(it)),
            )
            .with("Tags", self.tags(resource))
            .maybe("VersioningConfiguration", versioning)
    }

    fn replication(&self, it: &Replication) -> Object {
        let mut destination = Object::new().with("Bucket", self.text(&it.destination));
        if let Some(minutes) = it.time_control {
            let minutes = || Object::new().with("Minutes", minutes.0);
            let metrics = Object::new().with("EventThreshold", minutes()).with("Status", "Enabled");
            let time = Object::new().with("Status", "Enabled").with("Time", minutes());
            destination = destination.with("Metrics", metrics).with("ReplicationTime", time);
        }
        let rule: Expr = Object::new()
            .with("DeleteMarkerReplication", Object::new().with("Status", "Enabled"))
            .with("Destination", destination)
            .with("Filter", Object::new().with("Prefix", ""))
            .with("Id", COPY_EVERYTHING)
            .with("Priority", 1_u32)
            .with("Status", "Enabled")
            .into();
        Object::new().with("Role", self.arn(&it.role)).with("Rules", vec![rule])
    }

    pub(super) fn bucket_policy(&self, it: &BucketPolicy) -> Object {
        Object::new()
            .with("Bucket", self.id(&it.bucket))
            .with("PolicyDocument", self.policy(&it.statements))
    }
}

fn lifecycle_rule(it: &LifecycleRule) -> Expr {
    let transitions = it.transitions.iter().map(|(class, days)| {
        Object::new()
            .with("StorageClass", class.as_str())
            .with("TransitionInDays", value(days))
            .into()
    });
    let everything = it.prefix.literal().is_some_and(String::is_empty);
    let uploads = Object::new().with("DaysAfterInitiation", it.abort_uploads_after.0);
    let old = it
        .expire_old_versions_after
        .as_ref()
        .map(|days| Object::new().with("NoncurrentDays", value(days)));
    Object::new()
        .with("AbortIncompleteMultipartUpload", uploads)
        .maybe("ExpirationInDays", it.expire_after.as_ref().map(value))
        .with("Id", it.id.as_str())
        .maybe("NoncurrentVersionExpiration", old)
        .maybe("Prefix", (!everything).then(|| value(&it.prefix)))
        .with("Status", "Enabled")
        .list("Transitions", transitions.collect())
        .into()
}
