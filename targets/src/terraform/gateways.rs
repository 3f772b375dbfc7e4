//! Egress-only, transit and VPN gateways, and prefix lists.

use archgen_core::resource::Resource;
use archgen_core::resource::gateways::{
    EgressOnlyInternetGateway, PrefixList, TransitGateway, TransitGatewayAssociation,
    TransitGatewayAttachment, TransitGatewayPropagation, TransitGatewayRoute,
    TransitGatewayRouteTable, VpnGateway, VpnGatewayAttachment,
};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn egress_only_internet_gateway(
        &self,
        resource: &Resource,
        it: &EgressOnlyInternetGateway,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn prefix_list(&self, resource: &Resource, it: &PrefixList, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn transit_gateway(
        &self,
        resource: &Resource,
        it: &TransitGateway,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn transit_gateway_attachment(
        &self,
        resource: &Resource,
        it: &TransitGatewayAttachment,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn transit_gateway_route_table(
        &self,
        resource: &Resource,
        it: &TransitGatewayRouteTable,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn transit_gateway_association(
        &self,
        resource: &Resource,
        it: &TransitGatewayAssociation,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn transit_gateway_propagation(
        &self,
        resource: &Resource,
        it: &TransitGatewayPropagation,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn transit_gateway_route(
        &self,
        resource: &Resource,
        it: &TransitGatewayRoute,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn vpn_gateway(&self, resource: &Resource, it: &VpnGateway, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn vpn_gateway_attachment(
        &self,
        resource: &Resource,
        it: &VpnGatewayAttachment,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }
}
