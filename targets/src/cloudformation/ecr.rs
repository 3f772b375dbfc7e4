//! Repositories of container images.

use archgen_core::resource::Resource;
use archgen_core::resource::ecr::Repository;

use super::expr::{Expr, Object};
use super::writer::{Writer, choose, value};
use crate::spelling::{IMAGES_TOO_MANY, IMAGES_UNTAGGED};

impl Writer<'_> {
    pub(super) fn repository(&self, resource: &Resource, it: &Repository) -> Object {
        let encryption = match &it.kms_key {
            Some(key) => Object::new().with("EncryptionType", "KMS").with("KmsKey", self.text(key)),
            None => Object::new().with("EncryptionType", "AES256"),
        };
        let scanning = Object::new().with("ScanOnPush", value(&it.scan_on_push));
        let policy = lifecycle(it).embedded_json();
        Object::new()
            .with("EncryptionConfiguration", encryption)
            .with("ImageScanningConfiguration", scanning)
            .with("ImageTagMutability", choose(&it.immutable, "IMMUTABLE", "MUTABLE"))
            .with("LifecyclePolicy", Object::new().with("LifecyclePolicyText", policy))
            .with("RepositoryName", self.text(&it.name))
            .with("Tags", self.tags(resource))
    }
}

/// Which images go, as ECR has it: a document.
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>
fn lifecycle(it: &Repository) -> Expr {
    let rule = |priority: u32, description: &str, selection: Object| -> Expr {
        Object::new()
            .with("rulePriority", priority)
            .with("description", description)
            .with("selection", selection)
            .with("action", Object::new().with("type", "expire"))
            .into()
    };
    let untagged = Object::new()
        .with("tagStatus", "untagged")
        .with("countType", "sinceImagePushed")
        .with("countUnit", "days")
        .with("countNumber", value(&it.keep_untagged));
    let mut rules = vec![rule(1, IMAGES_UNTAGGED, untagged)];
    rules.extend(it.keep.iter().map(|count| {
        let many = Object::new()
            .with("tagStatus", "any")
            .with("countType", "imageCountMoreThan")
            .with("countNumber", value(count));
        rule(2, IMAGES_TOO_MANY, many)
    }));
    Object::new().with("rules", rules).into()
}
