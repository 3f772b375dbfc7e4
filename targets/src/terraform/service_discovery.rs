//! Private DNS zones and the names in them.

use archgen_core::resource::Resource;
use archgen_core::resource::service_discovery::{DiscoveryService, PrivateDnsNamespace};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn private_dns_namespace(
        &self,
        resource: &Resource,
        it: &PrivateDnsNamespace,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn discovery_service(
        &self,
        resource: &Resource,
        it: &DiscoveryService,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }
}
