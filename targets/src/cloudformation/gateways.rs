//! Egress-only, transit and VPN gateways, and prefix lists.

use archgen_core::resource::Resource;
use archgen_core::resource::gateways::{
    EgressOnlyInternetGateway, PrefixList, TransitGateway, TransitGatewayAssociation,
    TransitGatewayAttachment, TransitGatewayPropagation, TransitGatewayRoute,
    TransitGatewayRouteTable, VpnGateway, VpnGatewayAttachment,
};

use super::expr::{Expr, Object};
use super::writer::{Writer, choose, value};

impl Writer<'_> {
    pub(super) fn egress_only_internet_gateway(
        &self,
        resource: &Resource,
        it: &EgressOnlyInternetGateway,
    ) -> Object {
        Object::new().with("Tags", self.tags(resource)).with("VpcId", self.id(&it.vpc))
    }

    pub(super) fn prefix_list(&self, resource: &Resource, it: &PrefixList) -> Object {
        let entries: Vec<Expr> =
            it.entries.iter().map(|it| Object::new().with("Cidr", value(it)).into()).collect();
        Object::new()
            .with("AddressFamily", if it.ipv6 { "IPv6" } else { "IPv4" })
            .list("Entries", entries)
            .with("MaxEntries", value(&it.max_entries))
            .with("PrefixListName", it.name.as_str())
            .with("Tags", self.tags(resource))
    }

    pub(super) fn transit_gateway(&self, resource: &Resource, it: &TransitGateway) -> Object {
        let able = |it| choose(it, "enable", "disable");
        Object::new()
            .with("DefaultRouteTableAssociation", able(&it.default_association))
            .with("DefaultRouteTablePropagation", able(&it.default_propagation))
            .with("SecurityGroupReferencingSupport", able(&it.group_references))
            .with("Tags", self.tags(resource))
    }

    pub(super) fn transit_gateway_attachment(
        &self,
        resource: &Resource,
        it: &TransitGatewayAttachment,
    ) -> Object {
        let ipv6 = choose(&it.ipv6, "enable", "disable");
        Object::new()
            .with("Options", Object::new().with("Ipv6Support", ipv6))
            .with("SubnetIds", self.ids(&it.subnets))
            .with("Tags", self.tags(resource))
            .with("TransitGatewayId", self.id(&it.gateway))
            .with("VpcId", self.id(&it.vpc))
    }

    pub(super) fn transit_gateway_route_table(
        &self,
        resource: &Resource,
        it: &TransitGatewayRouteTable,
    ) -> Object {
        Object::new()
            .with("Tags", self.tags(resource))
            .with("TransitGatewayId", self.id(&it.gateway))
    }

    pub(super) fn transit_gateway_association(&self, it: &TransitGatewayAssociation) -> Object {
        Object::new()
            .with("TransitGatewayAttachmentId", self.id(&it.attachment))
            .with("TransitGatewayRouteTableId", self.id(&it.table))
    }

    pub(super) fn transit_gateway_propagation(&self, it: &TransitGatewayPropagation) -> Object {
        Object::new()
            .with("TransitGatewayAttachmentId", self.id(&it.attachment))
            .with("TransitGatewayRouteTableId", self.id(&it.table))
    }

    pub(super) fn transit_gateway_route(&self, it: &TransitGatewayRoute) -> Object {
        let all = Object::new()
            .with("DestinationCidrBlock", value(&it.destination))
            .with("TransitGatewayRouteTableId", self.id(&it.table));
        match &it.target {
            Some(it) => all.with("TransitGatewayAttachmentId", self.id(it)),
            None => all.with("Blackhole", true),
        }
    }

    pub(super) fn vpn_gateway(&self, resource: &Resource, it: &VpnGateway) -> Object {
        let VpnGateway {} = it;
        Object::new().with("Tags", self.tags(resource)).with("Type", "ipsec.1")
    }

    pub(super) fn vpn_gateway_attachment(&self, it: &VpnGatewayAttachment) -> Object {
        Object::new().with("VpcId", self.id(&it.vpc)).with("VpnGatewayId", self.id(&it.gateway))
    }
}
