//! Caches.

use archgen_core::resource::Resource;
use archgen_core::resource::elasticache::{
    CacheParameterGroup, CacheSubnetGroup, ReplicationGroup,
};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn cache_subnet_group(
        &self,
        resource: &Resource,
        it: &CacheSubnetGroup,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn cache_parameter_group(
        &self,
        resource: &Resource,
        it: &CacheParameterGroup,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn replication_group(
        &self,
        resource: &Resource,
        it: &ReplicationGroup,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }
}
