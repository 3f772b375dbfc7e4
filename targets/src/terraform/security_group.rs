//! Security groups and their rules.

use archgen_core::resource::Resource;
use archgen_core::resource::network::{SecurityGroup, SecurityGroupRule};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn security_group(&self, resource: &Resource, it: &SecurityGroup, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn security_group_rule(
        &self,
        resource: &Resource,
        it: &SecurityGroupRule,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }
}
