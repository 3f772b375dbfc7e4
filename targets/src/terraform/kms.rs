//! Keys and their aliases.

use archgen_core::resource::Resource;
use archgen_core::resource::kms::{KmsAlias, KmsKey};

use super::expr::Object;
use super::module::Module;
use super::writer::{Writer, optional, value};

impl Writer<'_> {
    pub(super) fn kms_key(&self, resource: &Resource, it: &KmsKey, out: &mut Module) {
        let policy = self.policy(&it.statements);
        let policy = self.document(out, resource, "policy", policy);
        let body = Object::new()
            .with("deletion_window_in_days", value(&it.deletion_window))
            .with("description", self.text(&it.description))
            .with("enable_key_rotation", value(&it.rotation))
            .with("policy", policy)
            .maybe("rotation_period_in_days", optional(it.rotation_period.as_ref()))
            .with("tags", self.tags(resource));
        // What it encrypted is lost with it.
        out.add(self.store(resource, body));
    }

    pub(super) fn kms_alias(&self, resource: &Resource, it: &KmsAlias, out: &mut Module) {
        let body =
            Object::new().with("name", self.text(&it.name)).with("target_key_id", self.id(&it.key));
        out.add(self.block(resource, body));
    }
}
