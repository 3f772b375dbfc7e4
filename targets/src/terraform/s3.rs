//! Buckets. What CloudFormation says in one resource, the provider has a resource each for.

use std::collections::BTreeSet;

use archgen_core::resource::s3::{Bucket, BucketPolicy, LifecycleRule, Replication};
use archgen_core::resource::{Resource, ResourceKind};
use archgen_core::value::Value;

use super::address::Address;
use super::expr::{Expr, Object};
use super::module::{Block, Module};
use super::writer::{Writer, choose, value};
use crate::spelling::{ARCHIVE, COPY_EVERYTHING};

const PUBLIC_ACCESS: &str = "aws_s3_bucket_public_access_block";
const VERSIONING: &str = "aws_s3_bucket_versioning";

/// The most characters of a prefix that the provider makes the name of a bucket of.
const PREFIX: usize = 37;

impl Writer<'_> {
    pub(super) fn bucket(&self, resource: &Resource, it: &Bucket, out: &mut Module) {
        let name = match &it.name {
            Some(name) => Object::new().with("bucket", self.text(name)),
            None => Object::new().with("bucket_prefix", bucket_prefix(&self.store_name(resource))),
        };
        let bucket = self.store(resource, name.with("tags", self.tags(resource)));
        let bucket = match &it.name {
            Some(_) => bucket,
            None => Self::named_once(bucket, "bucket_prefix"),
        };
        let id = bucket.address.attribute("bucket");
        let part = |kind, body: Object| self.part(resource, kind, body.with("bucket", id.clone()));
        let after = |kind, block: Block| Block {
            depends_on: BTreeSet::from([Address::of(resource, kind)]),
            ..block
        };
        out.add(bucket);

        let encryption = match &it.kms_key {
            Some(key) => Object::new()
                .with("kms_master_key_id", self.text(key))
                .with("sse_algorithm", "aws:kms"),
            None => Object::new().with("sse_algorithm", "AES256"),
        };
        let rule = Object::new()
            .with("apply_server_side_encryption_by_default", encryption)
            .maybe("bucket_key_enabled", it.kms_key.as_ref().map(|_| true));
        out.add(part(
            "aws_s3_bucket_server_side_encryption_configuration",
            Object::new().with("rule", rule),
        ));
        let blocked = Object::new()
            .with("block_public_acls", true)
            .with("block_public_policy", true)
            .with("ignore_public_acls", true)
            .with("restrict_public_buckets", true);
        out.add(part(PUBLIC_ACCESS, blocked));
        // S3 takes one of these settings of a bucket at a time.
        let owner = Object::new().with("object_ownership", "BucketOwnerEnforced");
        let owner = part("aws_s3_bucket_ownership_controls", Object::new().with("rule", owner));
        out.add(after(PUBLIC_ACCESS, owner));

        // A bucket that never had versions has no status either.
        let versioned = it.versioning != Value::Literal(false);
        if versioned {
            let status = choose(&it.versioning, "Enabled", "Suspended");
            let versioning = Object::new().with("status", status);
            out.add(part(VERSIONING, Object::new().with("versioning_configuration", versioning)));
        }
        // Rules about old versions, and copies, need versions first.
        let after_versions = |block| if versioned { after(VERSIONING, block) } else { block };
        let rules: Vec<Expr> = it.lifecycle.iter().map(lifecycle_rule).collect();
        if !rules.is_empty() {
            let body = Object::new().with("rule", rules);
            out.add(after_versions(part("aws_s3_bucket_lifecycle_configuration", body)));
        }
        if let Some(it) = &it.replication {
            let body = self.replication(it);
            out.add(after_versions(part("aws_s3_bucket_replication_configuration", body)));
        }
        if let Some(it) = &it.intelligent_tiering {
            let tier = |name: &str, days| -> Expr {
                Object::new().with("access_tier", name).with("days", value(days)).into()
            };
            let mut tiers = vec![tier("ARCHIVE_ACCESS", &it.archive_after)];
            tiers.extend(it.deep_archive_after.iter().map(|it| tier("DEEP_ARCHIVE_ACCESS", it)));
            let body = Object::new()
                .with("name", ARCHIVE)
                .with("status", "Enabled")
                .with("tiering", tiers);
            out.add(part("aws_s3_bucket_intelligent_tiering_configuration", body));
        }
        if let Some((logs, prefix)) = &it.access_logs {
            let body = Object::new()
                .with("target_bucket", self.id(logs))
                .with("target_prefix", prefix.as_str());
            out.add(part("aws_s3_bucket_logging", body));
        }
    }

    fn replication(&self, it: &Replication) -> Object {
        let mut destination = Object::new().with("bucket", self.text(&it.destination));
        if let Some(minutes) = it.time_control {
            let minutes = || Object::new().with("minutes", minutes.0);
            let metrics =
                Object::new().with("event_threshold", minutes()).with("status", "Enabled");
            let time = Object::new().with("status", "Enabled").with("time", minutes());
            destination = destination.with("metrics", metrics).with("replication_time", time);
        }
        let rule = Object::new()
            .with("delete_marker_replication", Object::new().with("status", "Enabled"))
            .with("destination", destination)
            .with("filter", Object::new().with("prefix", ""))
            .with("id", COPY_EVERYTHING)
            .with("priority", 1_u32)
            .with("status", "Enabled");
        Object::new().with("role", self.arn(&it.role)).with("rule", rule)
    }

    pub(super) fn bucket_policy(&self, resource: &Resource, it: &BucketPolicy, out: &mut Module) {
        let policy = self.policy(&it.statements);
        let policy = self.document(out, resource, "bucket_policy", policy);
        let body = Object::new().with("bucket", self.id(&it.bucket)).with("policy", policy);
        let mut block = self.block(resource, body);
        // S3 takes one of these settings of a bucket at a time.
        let bucket = self.resource(it.bucket.id());
        if matches!(bucket.kind, ResourceKind::Bucket(_)) {
            block.depends_on.insert(Address::of(bucket, PUBLIC_ACCESS));
        }
        out.add(block);
    }
}

/// As much of a name as the provider takes for a prefix.
fn bucket_prefix(name: &str) -> String {
    let start: String = name.chars().take(PREFIX - 1).collect();
    format!("{}-", start.trim_end_matches('-'))
}

fn lifecycle_rule(it: &LifecycleRule) -> Expr {
    let transitions = it.transitions.iter().map(|(class, days)| {
        Object::new().with("days", value(days)).with("storage_class", class.as_str()).into()
    });
    let uploads = Object::new().with("days_after_initiation", it.abort_uploads_after.0);
    let expiration = it.expire_after.as_ref().map(|days| Object::new().with("days", value(days)));
    let old = it
        .expire_old_versions_after
        .as_ref()
        .map(|days| Object::new().with("noncurrent_days", value(days)));
    Object::new()
        .with("abort_incomplete_multipart_upload", uploads)
        .maybe("expiration", expiration)
        // An empty prefix is that of all objects; a rule must say one.
        .with("filter", Object::new().with("prefix", value(&it.prefix)))
        .with("id", it.id.as_str())
        .maybe("noncurrent_version_expiration", old)
        .with("status", "Enabled")
        .list("transition", transitions.collect())
        .into()
}
