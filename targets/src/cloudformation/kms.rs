//! Keys and their aliases.

use archgen_core::resource::Resource;
use archgen_core::resource::kms::{KmsAlias, KmsKey};

use super::expr::Object;
use super::writer::{Writer, optional, value};

impl Writer<'_> {
    pub(super) fn kms_key(&self, resource: &Resource, it: &KmsKey) -> Object {
        Object::new()
            .with("Description", self.text(&it.description))
            .with("EnableKeyRotation", value(&it.rotation))
            .with("KeyPolicy", self.policy(&it.statements))
            .with("PendingWindowInDays", value(&it.deletion_window))
            .maybe("RotationPeriodInDays", optional(it.rotation_period.as_ref()))
            .with("Tags", self.tags(resource))
    }

    pub(super) fn kms_alias(&self, it: &KmsAlias) -> Object {
        Object::new().with("AliasName", self.text(&it.name)).with("TargetKeyId", self.id(&it.key))
    }
}
