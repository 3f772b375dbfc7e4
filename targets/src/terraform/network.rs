//! VPCs, subnets, routes, network ACLs, endpoints, flow logs and peerings.

use archgen_core::resource::Resource;
use archgen_core::resource::network::{
    ElasticIp, FlowLog, InternetGateway, InternetGatewayAttachment, NatGateway, NetworkAcl,
    NetworkAclAssociation, NetworkAclEntry, Route, RouteTable, RouteTableAssociation, Subnet, Vpc,
    VpcCidrBlock, VpcEndpoint, VpcIpv6Block, VpcPeeringConnection,
};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn vpc(&self, resource: &Resource, it: &Vpc, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn vpc_cidr_block(&self, resource: &Resource, it: &VpcCidrBlock, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn vpc_ipv6_block(&self, resource: &Resource, it: &VpcIpv6Block, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn subnet(&self, resource: &Resource, it: &Subnet, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn internet_gateway(
        &self,
        resource: &Resource,
        it: &InternetGateway,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn internet_gateway_attachment(
        &self,
        resource: &Resource,
        it: &InternetGatewayAttachment,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn elastic_ip(&self, resource: &Resource, it: &ElasticIp, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn nat_gateway(&self, resource: &Resource, it: &NatGateway, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn route_table(&self, resource: &Resource, it: &RouteTable, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn route(&self, resource: &Resource, it: &Route, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn route_table_association(
        &self,
        resource: &Resource,
        it: &RouteTableAssociation,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn network_acl(&self, resource: &Resource, it: &NetworkAcl, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn network_acl_entry(
        &self,
        resource: &Resource,
        it: &NetworkAclEntry,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn network_acl_association(
        &self,
        resource: &Resource,
        it: &NetworkAclAssociation,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn vpc_endpoint(&self, resource: &Resource, it: &VpcEndpoint, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn flow_log(&self, resource: &Resource, it: &FlowLog, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn vpc_peering_connection(
        &self,
        resource: &Resource,
        it: &VpcPeeringConnection,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }
}
