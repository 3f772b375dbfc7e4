//! Databases.

use archgen_core::resource::Resource;
use archgen_core::resource::rds::{DbInstance, DbParameterGroup, DbSubnetGroup};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn db_subnet_group(
        &self,
        resource: &Resource,
        it: &DbSubnetGroup,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn db_parameter_group(
        &self,
        resource: &Resource,
        it: &DbParameterGroup,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn db_instance(&self, resource: &Resource, it: &DbInstance, out: &mut Module) {
        let _ = (resource, it, out);
    }
}
