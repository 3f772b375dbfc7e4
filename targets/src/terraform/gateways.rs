//! Egress-only, transit and VPN gateways, and prefix lists.

use archgen_core::resource::Resource;
use archgen_core::resource::gateways::{
    EgressOnlyInternetGateway, PrefixList, TransitGateway, TransitGatewayAssociation,
    TransitGatewayAttachment, TransitGatewayPropagation, TransitGatewayRoute,
    TransitGatewayRouteTable, VpnGateway, VpnGatewayAttachment,
};

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, choose, value};

#[cfg(test)]
mod tests;

impl Writer<'_> {
    pub(super) fn egress_only_internet_gateway(
        &self,
        resource: &Resource,
        it: &EgressOnlyInternetGateway,
        out: &mut Module,
    ) {
        let body = Object::new().with("tags", self.tags(resource)).with("vpc_id", self.id(&it.vpc));
        out.add(self.block(resource, body));
    }

    pub(super) fn prefix_list(&self, resource: &Resource, it: &PrefixList, out: &mut Module) {
        let entries: Vec<Expr> =
            it.entries.iter().map(|it| Object::new().with("cidr", value(it)).into()).collect();
        let body = Object::new()
            .with("address_family", if it.ipv6 { "IPv6" } else { "IPv4" })
            .list("entry", entries)
            .with("max_entries", value(&it.max_entries))
            .with("name", it.name.as_str())
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn transit_gateway(
        &self,
        resource: &Resource,
        it: &TransitGateway,
        out: &mut Module,
    ) {
        let able = |it| choose(it, "enable", "disable");
        let body = Object::new()
            .with("default_route_table_association", able(&it.default_association))
            .with("default_route_table_propagation", able(&it.default_propagation))
            .with("security_group_referencing_support", able(&it.group_references))
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn transit_gateway_attachment(
        &self,
        resource: &Resource,
        it: &TransitGatewayAttachment,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("ipv6_support", choose(&it.ipv6, "enable", "disable"))
            .with("subnet_ids", self.ids(&it.subnets))
            .with("tags", self.tags(resource))
            .with("transit_gateway_id", self.id(&it.gateway))
            .with("vpc_id", self.id(&it.vpc));
        out.add(self.block(resource, body));
    }

    pub(super) fn transit_gateway_route_table(
        &self,
        resource: &Resource,
        it: &TransitGatewayRouteTable,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("tags", self.tags(resource))
            .with("transit_gateway_id", self.id(&it.gateway));
        out.add(self.block(resource, body));
    }

    pub(super) fn transit_gateway_association(
        &self,
        resource: &Resource,
        it: &TransitGatewayAssociation,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("transit_gateway_attachment_id", self.id(&it.attachment))
            .with("transit_gateway_route_table_id", self.id(&it.table));
        out.add(self.block(resource, body));
    }

    pub(super) fn transit_gateway_propagation(
        &self,
        resource: &Resource,
        it: &TransitGatewayPropagation,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("transit_gateway_attachment_id", self.id(&it.attachment))
            .with("transit_gateway_route_table_id", self.id(&it.table));
        out.add(self.block(resource, body));
    }

    pub(super) fn transit_gateway_route(
        &self,
        resource: &Resource,
        it: &TransitGatewayRoute,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("destination_cidr_block", value(&it.destination))
            .with("transit_gateway_route_table_id", self.id(&it.table));
        let body = match &it.target {
            Some(it) => body.with("transit_gateway_attachment_id", self.id(it)),
            None => body.with("blackhole", true),
        };
        out.add(self.block(resource, body));
    }

    pub(super) fn vpn_gateway(&self, resource: &Resource, it: &VpnGateway, out: &mut Module) {
        let VpnGateway {} = it;
        out.add(self.block(resource, Object::new().with("tags", self.tags(resource))));
    }

    pub(super) fn vpn_gateway_attachment(
        &self,
        resource: &Resource,
        it: &VpnGatewayAttachment,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("vpc_id", self.id(&it.vpc))
            .with("vpn_gateway_id", self.id(&it.gateway));
        out.add(self.block(resource, body));
    }
}
