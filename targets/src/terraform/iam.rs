//! Roles and instance profiles.

use archgen_core::resource::Resource;
use archgen_core::resource::iam::{InstanceProfile, Role};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn role(&self, resource: &Resource, it: &Role, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn instance_profile(
        &self,
        resource: &Resource,
        it: &InstanceProfile,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }
}
