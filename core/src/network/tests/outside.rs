//! Builds by hand what leads out of VPCs: IPv6, gateways, prefix lists, endpoints, and interfaces.

use super::world::{World, cidr, reference};
use crate::loc::Loc;
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::*;
use crate::resource::*;
use crate::value::Value;

impl World {
    /// An IPv6 block of a VPC; none is one from Amazon.
    pub fn ipv6(&mut self, vpc: &str, given: Option<&str>) {
        let block = given.map_or(Ipv6Block::Amazon, |it| Ipv6Block::Given(cidr(it)));
        let kind = VpcIpv6Block { vpc: reference(vpc), block };
        self.add(vpc, &format!("{vpc}.ipv6.{}", self.line), kind);
    }

    pub fn subnet_ipv6(&mut self, subnet: &str, block: SubnetIpv6) {
        let subnet = self.graph.resources.get_mut(&ResourceId::new(&[subnet])).unwrap();
        if let ResourceKind::Subnet(it) = &mut subnet.kind {
            it.ipv6 = Some(block);
        }
    }

    pub fn subnet_zone(&mut self, subnet: &str, zone: u8) {
        let subnet = self.graph.resources.get_mut(&ResourceId::new(&[subnet])).unwrap();
        if let ResourceKind::Subnet(it) = &mut subnet.kind {
            it.zone = zone;
        }
    }

    pub fn egress_only(&mut self, name: &str, vpc: &str) {
        self.add(vpc, name, EgressOnlyInternetGateway { vpc: reference(vpc) });
    }

    pub fn private_nat(&mut self, name: &str, subnet: &str) {
        self.add("nat", name, NatGateway { subnet: reference(subnet), address: None });
    }

    pub fn prefix_list(&mut self, name: &str, entries: &[&str]) {
        let kind = PrefixList {
            name: name.to_string(),
            ipv6: entries.iter().any(|it| it.contains(':')),
            max_entries: Value::Literal(10),
            entries: entries.iter().map(|it| cidr(it)).collect(),
        };
        self.add(name, name, kind);
    }

    pub fn route_to(
        &mut self,
        subnet: &str,
        destination: Destination,
        target: RouteTarget,
        propagated: bool,
    ) {
        let table = reference(&format!("{subnet}.table"));
        let id = format!("{subnet}.route.{}", self.line);
        self.add("routes", &id, Route { table, destination, target, propagated });
    }

    /// A transit gateway: default association, default propagation, references to groups.
    pub fn transit(&mut self, name: &str, association: bool, propagation: bool, groups: bool) {
        let kind = TransitGateway {
            default_association: Value::Literal(association),
            default_propagation: Value::Literal(propagation),
            group_references: Value::Literal(groups),
        };
        self.add(name, name, kind);
    }

    pub fn attach(&mut self, name: &str, gateway: &str, vpc: &str, subnets: &[&str], ipv6: bool) {
        let kind = TransitGatewayAttachment {
            gateway: reference(gateway),
            vpc: reference(vpc),
            subnets: subnets.iter().map(|it| reference(it)).collect(),
            ipv6: Value::Literal(ipv6),
        };
        self.add(gateway, name, kind);
    }

    pub fn transit_table(&mut self, name: &str, gateway: &str) {
        self.add(gateway, name, TransitGatewayRouteTable { gateway: reference(gateway) });
    }

    pub fn associate(&mut self, table: &str, attachment: &str) {
        let kind = TransitGatewayAssociation {
            table: reference(table),
            attachment: reference(attachment),
        };
        self.add(table, &format!("{table}.{attachment}.association"), kind);
    }

    pub fn propagate(&mut self, table: &str, attachment: &str) {
        let kind = TransitGatewayPropagation {
            table: reference(table),
            attachment: reference(attachment),
        };
        self.add(table, &format!("{table}.{attachment}.propagation"), kind);
    }

    /// A static route of a transit gateway; without a target it drops.
    pub fn transit_route(&mut self, table: &str, to: &str, target: Option<&str>) {
        let kind = TransitGatewayRoute {
            table: reference(table),
            destination: cidr(to),
            target: target.map(reference),
        };
        self.add(table, &format!("{table}.route.{}", self.line), kind);
    }

    pub fn vpn(&mut self, name: &str, vpc: Option<&str>) {
        self.add(name, name, VpnGateway {});
        if let Some(vpc) = vpc {
            let kind = VpnGatewayAttachment { vpc: reference(vpc), gateway: reference(name) };
            self.add(name, &format!("{name}.attachment"), kind);
        }
    }

    pub fn gateway_endpoint(&mut self, vpc: &str, service: EndpointService, subnets: &[&str]) {
        let tables = subnets.iter().map(|it| reference(&format!("{it}.table"))).collect();
        let kind =
            VpcEndpoint { vpc: reference(vpc), service, kind: EndpointKind::Gateway { tables } };
        self.add(vpc, &format!("{vpc}.{service:?}"), kind);
    }

    pub fn interface_endpoint(
        &mut self,
        vpc: &str,
        service: EndpointService,
        subnets: &[&str],
        groups: &[&str],
    ) {
        let kind = EndpointKind::Interface {
            subnets: subnets.iter().map(|it| reference(it)).collect(),
            groups: groups.iter().map(|it| reference(it)).collect(),
        };
        let kind = VpcEndpoint { vpc: reference(vpc), service, kind };
        self.add(vpc, &format!("{vpc}.{service:?}"), kind);
    }

    /// Network interfaces, with public IPv4 addresses or not, with IPv6 addresses or not.
    pub fn interfaces(
        &mut self,
        name: &str,
        kind: InterfaceKind,
        subnets: &[&str],
        groups: &[&str],
        (public, ipv6): (bool, bool),
    ) {
        let it = Interfaces {
            declaration: name.to_string(),
            loc: Loc::new("lib.rs", self.line, 1, 1),
            type_name: "AWS::EC2::Instance".to_string(),
            kind,
            subnets: Some(subnets.iter().map(|it| reference(it)).collect()),
            groups: Some(groups.iter().map(|it| reference(it)).collect()),
            public: Value::Literal(public),
            ipv6: Value::Literal(ipv6),
            ports: Vec::new(),
            store: false,
        };
        self.graph.interfaces.insert(ResourceId::new(&[name]), it);
    }
}
