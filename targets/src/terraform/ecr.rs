//! Repositories of container images.

use archgen_core::resource::Resource;
use archgen_core::resource::ecr::Repository;

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, choose, value};
use crate::spelling::{IMAGES_TOO_MANY, IMAGES_UNTAGGED};

impl Writer<'_> {
    pub(super) fn repository(&self, resource: &Resource, it: &Repository, out: &mut Module) {
        let encryption = match &it.kms_key {
            Some(key) => {
                Object::new().with("encryption_type", "KMS").with("kms_key", self.text(key))
            }
            None => Object::new().with("encryption_type", "AES256"),
        };
        let scanning = Object::new().with("scan_on_push", value(&it.scan_on_push));
        let body = Object::new()
            .with("encryption_configuration", encryption)
            .with("image_scanning_configuration", scanning)
            .with("image_tag_mutability", choose(&it.immutable, "IMMUTABLE", "MUTABLE"))
            .with("name", self.text(&it.name))
            .with("tags", self.tags(resource));
        out.add(self.store(resource, body));
        let policy = self.document(out, resource, "lifecycle", lifecycle(it));
        let body = Object::new()
            .with("policy", policy)
            .with("repository", self.address(&resource.id).attribute("name"));
        out.add(self.part(resource, "aws_ecr_lifecycle_policy", body));
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
