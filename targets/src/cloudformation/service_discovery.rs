//! Private DNS names of services.

use archgen_core::resource::Resource;
use archgen_core::resource::service_discovery::{DiscoveryService, PrivateDnsNamespace};

use super::expr::{Expr, Object};
use super::writer::{Writer, value};

impl Writer<'_> {
    pub(super) fn private_dns_namespace(
        &self,
        resource: &Resource,
        it: &PrivateDnsNamespace,
    ) -> Object {
        Object::new()
            .with("Name", value(&it.name))
            .with("Tags", self.tags(resource))
            .with("Vpc", self.id(&it.vpc))
    }

    pub(super) fn discovery_service(&self, resource: &Resource, it: &DiscoveryService) -> Object {
        let record: Expr = Object::new().with("TTL", it.ttl.0).with("Type", "A").into();
        let dns = Object::new()
            .with("DnsRecords", vec![record])
            .with("NamespaceId", self.id(&it.namespace))
            .with("RoutingPolicy", "MULTIVALUE");
        // ECS itself tells which tasks are healthy.
        let health = Object::new().with("FailureThreshold", 1_u32);
        Object::new()
            .with("DnsConfig", dns)
            .with("HealthCheckCustomConfig", health)
            .with("Name", value(&it.name))
            .with("Tags", self.tags(resource))
    }
}
