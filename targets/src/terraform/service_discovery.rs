//! Private DNS zones and the names in them.

use archgen_core::resource::Resource;
use archgen_core::resource::service_discovery::{DiscoveryService, PrivateDnsNamespace};

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, value};

impl Writer<'_> {
    pub(super) fn private_dns_namespace(
        &self,
        resource: &Resource,
        it: &PrivateDnsNamespace,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("name", value(&it.name))
            .with("tags", self.tags(resource))
            .with("vpc", self.id(&it.vpc));
        out.add(self.block(resource, body));
    }

    pub(super) fn discovery_service(
        &self,
        resource: &Resource,
        it: &DiscoveryService,
        out: &mut Module,
    ) {
        let record: Expr = Object::new().with("ttl", it.ttl.0).with("type", "A").into();
        let dns = Object::new()
            .with("dns_records", vec![record])
            .with("namespace_id", self.id(&it.namespace))
            .with("routing_policy", "MULTIVALUE");
        // ECS itself tells which tasks are healthy. Provider 6 takes an empty block for none at all and
        // would replace the service in every plan, so the number stays though it is deprecated:
        // <https://github.com/hashicorp/terraform-provider-aws/issues/44285>
        let health = Object::new().with("failure_threshold", 1_u32);
        let body = Object::new()
            .with("dns_config", dns)
            .with("health_check_custom_config", health)
            .with("name", value(&it.name))
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }
}
