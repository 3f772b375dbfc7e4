//! The gateways and prefix lists of the graph.

use archgen_core::resource::network::{
    Destination, Direction, Ipv6Block, RouteTarget, RulePeer, Traffic,
};
use archgen_core::resource::*;
use archgen_core::value::Value;

use super::{Builder, cidr, ipv4};

pub(super) fn gateways(
    it: &mut Builder,
    vpc: &Ref<Vpc>,
    subnets: &[Ref<Subnet>],
    table: &Ref<RouteTable>,
) {
    let route = |it: &mut Builder, name: &str, destination, target| {
        let kind = Route { table: table.clone(), destination, target, propagated: false };
        it.add(name, kind);
    };
    let egress_only = it.add("network.egress_only", EgressOnlyInternetGateway { vpc: vpc.clone() });
    let target = RouteTarget::EgressOnlyInternetGateway(egress_only);
    route(it, "network.private.ipv6_route", Destination::Cidr(cidr("::/0")), target);

    let vpn = it.add("office.gateway", VpnGateway {});
    it.add("office.attachment", VpnGatewayAttachment { vpc: vpc.clone(), gateway: vpn.clone() });
    let office = it.add(
        "office.blocks",
        PrefixList {
            name: "office".to_string(),
            ipv6: false,
            max_entries: Value::Literal(4),
            entries: vec![cidr("172.20.0.0/16"), cidr("172.21.0.0/16")],
        },
    );
    let to_office = Destination::PrefixList(office.clone());
    route(it, "office.route", to_office, RouteTarget::VpnGateway(vpn));
    let group = SecurityGroup {
        vpc: vpc.clone(),
        description: "the office".to_string(),
        group_name: None,
        default_egress: Value::Literal(false),
    };
    let group = it.add("office.security_group", group);
    for direction in [Direction::Ingress, Direction::Egress] {
        let rule = SecurityGroupRule {
            group: group.clone(),
            direction,
            peer: RulePeer::PrefixList(office.clone()),
            traffic: Traffic::tcp_port(5432),
            description: "the office".to_string(),
        };
        it.add(&format!("office.{direction:?}"), rule);
    }

    let able = Value::Literal(false);
    let hub = it.add(
        "hub.gateway",
        TransitGateway {
            default_association: able.clone(),
            default_propagation: able,
            group_references: Value::Literal(true),
        },
    );
    let other = it.add("other.vpc", Vpc { cidr: ipv4("10.8.0.0/16") });
    it.add(
        "other.ipv6",
        VpcIpv6Block { vpc: other, block: Ipv6Block::Given(cidr("2001:db8:8::/56")) },
    );
    let attachment = it.add(
        "hub.network",
        TransitGatewayAttachment {
            gateway: hub.clone(),
            vpc: vpc.clone(),
            subnets: subnets.to_vec(),
            ipv6: Value::Literal(false),
        },
    );
    let destination = Destination::Cidr(cidr("10.8.0.0/16"));
    route(it, "hub.route", destination, RouteTarget::TransitGateway(hub.clone()));
    let own = it.add("hub.table", TransitGatewayRouteTable { gateway: hub });
    it.add(
        "hub.association",
        TransitGatewayAssociation { table: own.clone(), attachment: attachment.clone() },
    );
    it.add(
        "hub.propagation",
        TransitGatewayPropagation { table: own.clone(), attachment: attachment.clone() },
    );
    for (block, target) in [("10.0.0.0/8", Some(attachment)), ("10.66.0.0/16", None)] {
        let name = format!("hub.to_{}", block.replace(['.', '/'], "_"));
        let kind = TransitGatewayRoute { table: own.clone(), destination: cidr(block), target };
        it.add(&name, kind);
    }
}
