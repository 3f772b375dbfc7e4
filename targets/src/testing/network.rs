//! The network of the graph.

use archgen_core::resource::iam::Statement;
use archgen_core::resource::network::{
    Accepter, Destination, Direction, EndpointKind, EndpointService, Ipv6Block, PortRange,
    RouteTarget, RulePeer, SubnetIpv6, Traffic,
};
use archgen_core::resource::*;
use archgen_core::types::Days;
use archgen_core::value::{Text, Value};

use super::{Builder, Shared, cidr, ipv4, role};

pub(super) fn network(it: &mut Builder) -> Shared {
    let vpc = it.add("network.vpc", Vpc { cidr: ipv4("10.0.0.0/16") });
    it.add(
        "network.cidr.10_1_0_0_16",
        VpcCidrBlock { vpc: vpc.clone(), cidr: ipv4("10.1.0.0/16") },
    );
    it.add("network.ipv6", VpcIpv6Block { vpc: vpc.clone(), block: Ipv6Block::Amazon });
    let mut subnets = |tier: &str, at: u8| -> Vec<Ref<Subnet>> {
        (0..2)
            .map(|zone| {
                let subnet = Subnet {
                    vpc: vpc.clone(),
                    cidr: ipv4(&format!("10.0.{}.0/24", at + zone)),
                    ipv6: (tier == "private").then_some(SubnetIpv6::Nth(zone)),
                    zone,
                    tier: tier.to_string(),
                };
                it.add(&format!("network.{tier}.{}.subnet", ["a", "b"][zone as usize]), subnet)
            })
            .collect()
    };
    let public = subnets("public", 0);
    let private = subnets("private", 10);
    let gateway = it.add("network.internet_gateway", InternetGateway {});
    it.add(
        "network.internet_gateway_attachment",
        InternetGatewayAttachment { vpc: vpc.clone(), gateway: gateway.clone() },
    );
    let table = it.add("network.public.route_table", RouteTable { vpc: vpc.clone() });
    it.after(
        "network.public.internet_route",
        &["network.internet_gateway_attachment", "network.internet_gateway"],
        Route {
            table: table.clone(),
            destination: Destination::Cidr(cidr("0.0.0.0/0")),
            target: RouteTarget::InternetGateway(gateway),
            propagated: false,
        },
    );
    it.add(
        "network.public.a.route_table_association",
        RouteTableAssociation { table: table.clone(), subnet: public[0].clone() },
    );
    let address = it.after(
        "network.private.a.elastic_ip",
        &["network.internet_gateway_attachment"],
        ElasticIp {},
    );
    let nat = it.after(
        "network.private.a.nat_gateway",
        &["edge.ingress.internet.tcp_443", "free.egress.internet.tcp_443"],
        NatGateway { subnet: public[0].clone(), address: Some(address) },
    );
    let private_table = it.add("network.private.route_table", RouteTable { vpc: vpc.clone() });
    it.add(
        "network.private.internet_route",
        Route {
            table: private_table.clone(),
            destination: Destination::Cidr(cidr("0.0.0.0/0")),
            target: RouteTarget::NatGateway(nat),
            propagated: false,
        },
    );
    let peering = it.add(
        "partner.peering",
        VpcPeeringConnection {
            requester: vpc.clone(),
            accepter: Accepter::External {
                vpc: Text::parameter("peer_vpc"),
                account: None,
                role: None,
                region: Some("eu-west-1".into()),
                cidr: ipv4("10.9.0.0/16"),
            },
        },
    );
    it.add(
        "partner.route",
        Route {
            table: private_table.clone(),
            destination: Destination::Cidr(cidr("10.9.0.0/16")),
            target: RouteTarget::VpcPeering(peering),
            propagated: false,
        },
    );
    let acl = it.add("network.private.acl", NetworkAcl { vpc: vpc.clone() });
    let ports = |first, last| Value::Literal(PortRange { first, last });
    let entries = [
        (Traffic::Tcp(ports(1024, 65535)), "10.0.0.0/16"),
        (Traffic::Udp(ports(53, 53)), "10.0.0.0/16"),
        (Traffic::Icmp { kind: Some(8), code: None }, "10.0.0.0/16"),
        (Traffic::Icmpv6 { kind: None, code: None }, "::/0"),
        (Traffic::All, "0.0.0.0/0"),
        (Traffic::Protocol(50), "10.0.0.0/16"),
    ];
    for (index, (traffic, block)) in (1_u16..).zip(entries) {
        it.add(
            &format!("network.private.acl.entry_{index}"),
            NetworkAclEntry {
                acl: acl.clone(),
                number: Value::Literal(index * 100),
                direction: if index == 5 { Direction::Egress } else { Direction::Ingress },
                allow: index != 5,
                traffic,
                cidr: cidr(block),
            },
        );
    }
    it.add(
        "network.private.a.acl_association",
        NetworkAclAssociation { acl, subnet: private[0].clone() },
    );
    let groups = groups(it, &vpc);
    super::gateways::gateways(it, &vpc, &private, &private_table);
    it.add(
        "network.endpoint.s3",
        VpcEndpoint {
            vpc: vpc.clone(),
            service: EndpointService::S3,
            kind: EndpointKind::Gateway { tables: vec![private_table] },
        },
    );
    it.add(
        "network.endpoint.logs",
        VpcEndpoint {
            vpc: vpc.clone(),
            service: EndpointService::Logs,
            kind: EndpointKind::Interface {
                subnets: private.clone(),
                groups: vec![groups[2].clone()],
            },
        },
    );
    let log_group = it.add(
        "network.flow_logs.log_group",
        LogGroup { name: "/shop/flow".into(), retention: Value::Literal(Days(30)), kms_key: None },
    );
    let write = Statement::allow(
        "WriteRecords",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        vec![log_group.attribute(Attribute::Arn)],
    );
    let role = it.add("network.flow_logs.role", role("vpc-flow-logs.amazonaws.com", vec![write]));
    it.add("network.flow_logs", FlowLog { vpc: vpc.clone(), log_group, role });
    let [edge, api, store] = groups;
    Shared { vpc, public, private, edge, api, store }
}

/// The edge opens connections to the API only, the API also to the internet, the store to nobody.
fn groups(it: &mut Builder, vpc: &Ref<Vpc>) -> [Ref<SecurityGroup>; 3] {
    let mut group = |name: &str, default_egress| {
        let group = SecurityGroup {
            vpc: vpc.clone(),
            description: format!("what {name} → may do"),
            group_name: None,
            default_egress: Value::Literal(default_egress),
        };
        it.add(&format!("{name}.security_group"), group)
    };
    let (edge, api, store, free) =
        (group("edge", false), group("api", false), group("store", false), group("free", true));
    let mut rule = |name: &str, group: &Ref<SecurityGroup>, direction, peer, traffic| {
        let description = format!("rule {name}");
        let group = group.clone();
        it.add(name, SecurityGroupRule { group, direction, peer, traffic, description });
    };
    let internet = || RulePeer::Cidr(cidr("0.0.0.0/0"));
    let of = |it: &Ref<SecurityGroup>| RulePeer::Group(it.clone());
    use Direction::{Egress, Ingress};
    let tcp = Traffic::tcp_port;
    rule("edge.ingress.internet.tcp_443", &edge, Ingress, internet(), tcp(443));
    let office = RulePeer::Cidr(Value::Parameter("office".to_string()));
    rule(
        "edge.ingress.office.icmp",
        &edge,
        Ingress,
        office,
        Traffic::Icmp { kind: None, code: None },
    );
    rule("edge.egress.api.tcp_8080", &edge, Egress, of(&api), tcp(8080));
    rule("api.ingress.edge.tcp_8080", &api, Ingress, of(&edge), tcp(8080));
    rule("api.egress.internet.tcp_443", &api, Egress, internet(), tcp(443));
    rule("api.egress.store.tcp_5432", &api, Egress, of(&store), tcp(5432));
    rule("store.ingress.api.tcp_5432", &store, Ingress, of(&api), tcp(5432));
    rule("free.egress.internet.tcp_443", &free, Egress, internet(), tcp(443));
    [edge, api, store]
}
