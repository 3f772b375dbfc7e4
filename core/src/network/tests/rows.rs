//! The rows of AWS's network semantics that apply to the resources there are.

use super::world::{World, block, cidr, group, reference, tcp};
use crate::network::hop::{Component, RouteOutcome};
use crate::network::{Answer, Model, Question, Reach, Side, Wanted};
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::{
    Accepter, EndpointKind, EndpointService, RouteTarget, SecurityGroup, Traffic, VpcEndpoint,
    VpcPeeringConnection,
};
use crate::value::{Text, Value};

fn endpoint(name: &str) -> Side {
    Side::Endpoint(name.to_string())
}

fn works(world: &World, from: &Side, to: &Side, port: u16) -> Answer {
    reach(world, from, to, &Wanted::tcp(port)).answer
}

fn reach(world: &World, from: &Side, to: &Side, wanted: &Wanted) -> Reach {
    Model::new(&world.graph).reach(from, to, wanted, Question::Works)
}

/// `client` (group `c`) and `server` (group `s`) in two subnets of one VPC. `s` has no rules.
fn pair() -> World {
    let mut world = World::default();
    world.vpc("net", "10.0.0.0/16");
    world.subnet("net", "left", "10.0.1.0/24");
    world.subnet("net", "right", "10.0.2.0/24");
    world.group("c", "net", true);
    world.group("s", "net", true);
    world.service("client", &["left"], &["c"]);
    world.service("server", &["right"], &["s"]);
    world
}

/// The same with a rule that admits the client.
fn admitted() -> World {
    let mut world = pair();
    world.rule("s", Ingress, group("c"), tcp(80, 80));
    world
}

fn client_to_server(world: &World) -> Answer {
    works(world, &endpoint("client"), &endpoint("server"), 80)
}

#[test]
fn row_01_several_groups_are_a_union() {
    let mut world = pair();
    world.group("more", "net", false);
    world.rule("more", Ingress, block("10.0.1.0/25"), tcp(80, 80));
    world.rule("s", Ingress, block("10.0.1.128/25"), tcp(80, 80));
    world.service("both", &["right"], &["s", "more"]);
    assert_eq!(client_to_server(&world), Answer::No);
    assert_eq!(works(&world, &endpoint("client"), &endpoint("both"), 80), Answer::Yes);
}

#[test]
fn row_02_without_egress_rules_nothing_leaves() {
    let mut world = admitted();
    assert_eq!(client_to_server(&world), Answer::Yes);
    world.group("shut", "net", false);
    world.rule("s", Ingress, block("0.0.0.0/0"), tcp(80, 80));
    world.service("mute", &["left"], &["shut"]);
    assert_eq!(works(&world, &endpoint("mute"), &endpoint("server"), 80), Answer::No);
    world.rule("shut", Egress, group("s"), tcp(80, 80));
    assert_eq!(works(&world, &endpoint("mute"), &endpoint("server"), 80), Answer::Yes);
}

#[test]
fn row_03_groups_let_answers_pass() {
    let mut world = pair();
    world.group("inward", "net", false);
    world.rule("inward", Ingress, group("c"), tcp(80, 80));
    world.service("sink", &["right"], &["inward"]);
    assert_eq!(works(&world, &endpoint("client"), &endpoint("sink"), 80), Answer::Yes);
}

#[test]
fn row_04_group_reference_matches_private_addresses_only() {
    let mut world = pair();
    world.gateway("net");
    world.route_to_gateway("right", "0.0.0.0/0", "net");
    world.balancer("edge", true, &["right"], &["s"]);
    world.rule("s", Ingress, group("c"), tcp(443, 443));
    assert_eq!(works(&world, &endpoint("client"), &endpoint("edge"), 443), Answer::Yes);
    assert_eq!(works(&world, &Side::Internet, &endpoint("edge"), 443), Answer::No);
    // Nor are addresses that only look like the group's.
    let block = Side::Block("10.0.1.0/24".parse().unwrap());
    assert_eq!(works(&world, &block, &endpoint("edge"), 443), Answer::No);
}

#[test]
fn row_06_group_reference_needs_the_vpc_or_a_peering() {
    let mut world = World::default();
    for (vpc, block) in [("one", "10.1.0.0/16"), ("two", "10.2.0.0/16")] {
        world.vpc(vpc, block);
        world.group(&format!("{vpc}_group"), vpc, true);
    }
    world.subnet("one", "here", "10.1.1.0/24");
    world.subnet("two", "there", "10.2.1.0/24");
    world.service("client", &["here"], &["one_group"]);
    world.service("server", &["there"], &["two_group"]);
    world.rule("two_group", Ingress, group("one_group"), tcp(80, 80));
    assert_eq!(client_to_server(&world), Answer::No);
    world.peering("link", "one", "two");
    world.route_to_peering("here", "10.2.0.0/16", "link");
    assert_eq!(client_to_server(&world), Answer::No, "answers have no route");
    world.route_to_peering("there", "10.1.0.0/16", "link");
    assert_eq!(client_to_server(&world), Answer::Yes);
}

#[test]
fn row_08_sharing_a_group_admits_nobody() {
    let mut world = pair();
    world.service("twin", &["left"], &["s"]);
    assert_eq!(works(&world, &endpoint("twin"), &endpoint("server"), 80), Answer::No);
    world.rule("s", Ingress, group("s"), tcp(80, 80));
    assert_eq!(works(&world, &endpoint("twin"), &endpoint("server"), 80), Answer::Yes);
}

#[test]
fn row_09_all_traffic_is_every_port_and_protocol() {
    let mut world = pair();
    world.rule("s", Ingress, group("c"), Traffic::All);
    let reach = reach(&world, &endpoint("client"), &endpoint("server"), &Wanted::anything());
    assert_eq!(reach.answer, Answer::Yes);
}

#[test]
fn row_10_icmp_has_types_and_codes() {
    let icmp = |kind, code| Wanted::of(&Traffic::Icmp { kind, code });
    let mut world = pair();
    world.rule("s", Ingress, group("c"), Traffic::Icmp { kind: Some(8), code: None });
    let ask =
        |wanted: &Wanted| reach(&world, &endpoint("client"), &endpoint("server"), wanted).answer;
    assert_eq!(ask(&icmp(Some(8), Some(0))), Answer::Yes);
    assert_eq!(ask(&icmp(Some(8), None)), Answer::Yes);
    assert_eq!(ask(&icmp(Some(3), Some(4))), Answer::No);
    assert_eq!(ask(&icmp(None, None)), Answer::No);
}

#[test]
fn row_11_families_are_separate() {
    let mut world = pair();
    world.rule("s", Ingress, block("::/0"), tcp(80, 80));
    assert_eq!(client_to_server(&world), Answer::No);
}

#[test]
fn row_16_lowest_number_decides_and_the_rest_is_denied() {
    let mut world = admitted();
    world.acl("acl", "net", &["right"]);
    world.entry("acl", 100, Egress, true, "0.0.0.0/0", Traffic::All);
    assert_eq!(client_to_server(&world), Answer::No, "nothing is allowed in");
    world.entry("acl", 200, Ingress, true, "10.0.0.0/16", Traffic::All);
    assert_eq!(client_to_server(&world), Answer::Yes);
    world.entry("acl", 300, Ingress, false, "0.0.0.0/0", Traffic::All);
    assert_eq!(client_to_server(&world), Answer::Yes, "a higher number comes later");
    world.entry("acl", 150, Ingress, false, "10.0.1.7/32", tcp(80, 80));
    assert_eq!(client_to_server(&world), Answer::No, "one address of the subnet is denied");
    let open = Model::new(&world.graph).reach(
        &endpoint("client"),
        &endpoint("server"),
        &Wanted::tcp(80),
        Question::Open,
    );
    assert_eq!(open.answer, Answer::Yes);
}

#[test]
fn row_17_acl_does_not_apply_inside_a_subnet() {
    let mut world = admitted();
    world.service("near", &["right"], &["c"]);
    world.acl("acl", "net", &["right"]);
    assert_eq!(works(&world, &endpoint("near"), &endpoint("server"), 80), Answer::Yes);
    assert_eq!(client_to_server(&world), Answer::No);
}

#[test]
fn row_18_default_acl_allows_all() {
    assert_eq!(client_to_server(&admitted()), Answer::Yes);
}

#[test]
fn row_19_answers_need_the_ports_of_the_client() {
    let mut world = admitted();
    world.balancer("edge", false, &["left"], &["c"]);
    world.acl("acl", "net", &["right"]);
    world.entry("acl", 100, Ingress, true, "0.0.0.0/0", Traffic::All);
    assert_eq!(client_to_server(&world), Answer::No, "answers are denied");
    world.entry("acl", 100, Egress, true, "10.0.1.0/24", tcp(32768, 60999));
    assert_eq!(client_to_server(&world), Answer::Yes, "Linux uses these ports");
    let balancer = works(&world, &endpoint("edge"), &endpoint("server"), 80);
    assert_eq!(balancer, Answer::No, "load balancers use more");
    world.entry("acl", 200, Egress, true, "10.0.1.0/24", tcp(1024, 65535));
    assert_eq!(works(&world, &endpoint("edge"), &endpoint("server"), 80), Answer::Yes);
}

/// `client` in a private subnet whose NAT gateway stands in a public one.
fn behind_nat() -> World {
    let mut world = World::default();
    world.vpc("net", "10.0.0.0/16");
    world.gateway("net");
    world.subnet("net", "public", "10.0.1.0/24");
    world.subnet("net", "private", "10.0.2.0/24");
    world.nat("nat", "public");
    world.route_to_gateway("public", "0.0.0.0/0", "net");
    world.route_to_nat("private", "0.0.0.0/0", "nat");
    world.group("c", "net", true);
    world.service("client", &["private"], &["c"]);
    world
}

#[test]
fn row_19_nat_needs_its_own_ports() {
    let mut world = behind_nat();
    world.acl("acl", "net", &["public"]);
    world.entry("acl", 100, Egress, true, "0.0.0.0/0", Traffic::All);
    world.entry("acl", 100, Ingress, true, "10.0.0.0/16", Traffic::All);
    world.entry("acl", 200, Ingress, true, "0.0.0.0/0", tcp(32768, 65535));
    assert_eq!(works(&world, &endpoint("client"), &Side::Internet, 443), Answer::No);
    world.entry("acl", 300, Ingress, true, "0.0.0.0/0", tcp(1024, 32767));
    assert_eq!(works(&world, &endpoint("client"), &Side::Internet, 443), Answer::Yes);
}

#[test]
fn row_22_longest_prefix_decides_and_ipv4_is_not_ipv6() {
    let mut world = behind_nat();
    assert_eq!(works(&world, &endpoint("client"), &Side::Internet, 443), Answer::Yes);
    world.route("private", "8.8.8.0/24", RouteTarget::VpcPeering(reference("gone")));
    let google = Side::Block("8.8.8.8/32".parse().unwrap());
    assert_eq!(works(&world, &endpoint("client"), &google, 443), Answer::Unknown);
    let other = Side::Block("9.9.9.9/32".parse().unwrap());
    assert_eq!(works(&world, &endpoint("client"), &other, 443), Answer::Yes);
    let v6 = Side::Block("2600::/16".parse().unwrap());
    assert_eq!(works(&world, &endpoint("client"), &v6, 443), Answer::No);
}

#[test]
fn row_23_every_block_of_the_vpc_has_a_local_route() {
    let mut world = admitted();
    world.further_block("net", "10.7.0.0/16");
    world.subnet("net", "far", "10.7.1.0/24");
    world.service("distant", &["far"], &["c"]);
    assert_eq!(works(&world, &endpoint("distant"), &endpoint("server"), 80), Answer::Yes);
    // A default route does not override it.
    world.gateway("net");
    world.route_to_gateway("far", "0.0.0.0/0", "net");
    assert_eq!(works(&world, &endpoint("distant"), &endpoint("server"), 80), Answer::Yes);
}

#[test]
fn row_26_subnet_without_table_uses_the_main_one() {
    let mut world = behind_nat();
    world.graph.resources.retain(|id, _| id.as_str() != "private.association");
    assert_eq!(works(&world, &endpoint("client"), &Side::Internet, 443), Answer::No);
    let near = Side::Block("10.0.1.0/24".parse().unwrap());
    assert_eq!(works(&world, &endpoint("client"), &near, 443), Answer::Yes);
}

#[test]
fn row_33_peering_gives_no_way_beyond() {
    let mut world = World::default();
    for (vpc, block) in [("one", "10.1.0.0/16"), ("two", "10.2.0.0/16"), ("three", "10.3.0.0/16")] {
        world.vpc(vpc, block);
        world.subnet(vpc, &format!("{vpc}_subnet"), &block.replace(".0.0/16", ".1.0/24"));
        world.group(&format!("{vpc}_group"), vpc, true);
        world.rule(&format!("{vpc}_group"), Ingress, block_all(), Traffic::All);
        let (subnet, group) = (format!("{vpc}_subnet"), format!("{vpc}_group"));
        world.service(&format!("{vpc}_service"), &[&subnet], &[&group]);
    }
    world.gateway("two");
    world.route_to_gateway("two_subnet", "0.0.0.0/0", "two");
    world.peering("first", "one", "two");
    world.peering("second", "two", "three");
    world.route_to_peering("one_subnet", "10.2.0.0/16", "first");
    world.route_to_peering("two_subnet", "10.1.0.0/16", "first");
    world.route_to_peering("two_subnet", "10.3.0.0/16", "second");
    world.route_to_peering("three_subnet", "10.2.0.0/16", "second");
    world.route_to_peering("one_subnet", "10.3.0.0/16", "first");
    world.route_to_peering("three_subnet", "10.1.0.0/16", "second");
    let ask = |world: &World, to: &str| works(world, &endpoint("one_service"), &endpoint(to), 80);
    assert_eq!(ask(&world, "two_service"), Answer::Yes);
    assert_eq!(ask(&world, "three_service"), Answer::No);
    world.route_to_peering("one_subnet", "0.0.0.0/0", "first");
    assert_eq!(works(&world, &endpoint("one_service"), &Side::Internet, 443), Answer::No);
}

fn block_all() -> crate::resource::network::RulePeer {
    block("0.0.0.0/0")
}

#[test]
fn row_34_what_somebody_else_runs_is_not_known() {
    let mut world = admitted();
    let accepter = Accepter::External {
        vpc: Text::literal("vpc-1"),
        account: None,
        role: None,
        region: None,
        cidr: super::world::v4("10.9.0.0/16"),
    };
    let kind = VpcPeeringConnection { requester: reference("net"), accepter };
    world.add("partner", "partner", kind);
    let there = Side::Block("10.9.1.0/24".parse().unwrap());
    assert_eq!(works(&world, &endpoint("client"), &there, 80), Answer::No, "there is no route");
    world.route_to_peering("left", "10.9.0.0/16", "partner");
    assert_eq!(works(&world, &endpoint("client"), &there, 80), Answer::Unknown);
    assert_eq!(works(&world, &there, &endpoint("server"), 80), Answer::No, "no rule admits it");
}

#[test]
fn row_35_public_subnet_needs_a_public_address_too() {
    let mut world = behind_nat();
    world.service("bare", &["public"], &["c"]);
    world.balancer("edge", true, &["public"], &["c"]);
    world.rule("c", Ingress, block("0.0.0.0/0"), tcp(443, 443));
    assert_eq!(works(&world, &endpoint("bare"), &Side::Internet, 443), Answer::No);
    assert_eq!(works(&world, &endpoint("edge"), &Side::Internet, 443), Answer::Yes);
    assert_eq!(works(&world, &Side::Internet, &endpoint("bare"), 443), Answer::No);
    assert_eq!(works(&world, &Side::Internet, &endpoint("edge"), 443), Answer::Yes);
    world.balancer("inner", false, &["public"], &["c"]);
    assert_eq!(works(&world, &Side::Internet, &endpoint("inner"), 443), Answer::No);
    world.balancer("lost", true, &["private"], &["c"]);
    assert_eq!(works(&world, &Side::Internet, &endpoint("lost"), 443), Answer::No);
}

#[test]
fn row_36_nat_does_not_serve_its_own_subnet() {
    let mut world = behind_nat();
    world.nat("inner", "private");
    world.graph.resources.retain(|id, _| !id.as_str().starts_with("private.0.0.0.0/0"));
    world.route_to_nat("private", "0.0.0.0/0", "inner");
    assert_eq!(works(&world, &endpoint("client"), &Side::Internet, 443), Answer::No);
}

#[test]
fn nat_carries_tcp_udp_and_icmp_only() {
    let world = behind_nat();
    let ask = |wanted: &Wanted| reach(&world, &endpoint("client"), &Side::Internet, wanted).answer;
    assert_eq!(ask(&Wanted::of(&Traffic::Icmp { kind: Some(8), code: None })), Answer::Yes);
    assert_eq!(ask(&Wanted::anything()), Answer::No);
}

#[test]
fn row_38_interface_endpoint_owns_the_name_of_its_service() {
    let mut world = behind_nat();
    let logs = Side::Service(EndpointService::Logs);
    assert_eq!(works(&world, &endpoint("client"), &logs, 443), Answer::Yes);
    world.group("endpoints", "net", false);
    let kind = VpcEndpoint {
        vpc: reference("net"),
        service: EndpointService::Logs,
        kind: EndpointKind::Interface {
            subnets: vec![reference("private")],
            groups: vec![reference::<SecurityGroup>("endpoints")],
        },
    };
    world.add("net", "net.logs", kind);
    let shut = works(&world, &endpoint("client"), &logs, 443);
    assert_eq!(shut, Answer::No, "the NAT gateway is not tried any more");
    world.rule("endpoints", Ingress, group("c"), tcp(443, 443));
    assert_eq!(works(&world, &endpoint("client"), &logs, 443), Answer::Yes);
}

#[test]
fn gateway_endpoint_serves_the_tables_it_is_in() {
    let mut world = pair();
    let s3 = Side::Service(EndpointService::S3);
    assert_eq!(works(&world, &endpoint("client"), &s3, 443), Answer::No);
    let tables = vec![reference("left.table")];
    let kind = VpcEndpoint {
        vpc: reference("net"),
        service: EndpointService::S3,
        kind: EndpointKind::Gateway { tables },
    };
    world.add("net", "net.s3", kind);
    let reach = reach(&world, &endpoint("client"), &s3, &Wanted::tcp(443));
    assert_eq!(reach.answer, Answer::Yes);
    let by_gateway = |it: &crate::network::hop::Hop| {
        matches!(&it.component, Component::Route { outcome: RouteOutcome::GatewayEndpoint, .. })
    };
    assert!(reach.path.unwrap().hops.iter().any(by_gateway));
    assert_eq!(works(&world, &endpoint("server"), &s3, 443), Answer::No);
}

#[test]
fn unknown_values_decide_nothing_unless_others_do() {
    let mut world = admitted();
    world.rule("c", Egress, block("10.0.0.0/8"), Traffic::All);
    for resource in world.graph.resources.values_mut() {
        if let crate::resource::ResourceKind::Subnet(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        }
    }
    assert_eq!(client_to_server(&world), Answer::Yes, "the groups do not ask for addresses");
    let blocked = works(&world, &endpoint("client"), &endpoint("server"), 81);
    assert_eq!(blocked, Answer::No);
    world.acl("acl", "net", &["right"]);
    world.entry("acl", 100, Egress, true, "0.0.0.0/0", Traffic::All);
    world.entry("acl", 100, Ingress, true, "10.0.1.0/24", Traffic::All);
    assert_eq!(client_to_server(&world), Answer::Unknown);
    let mut model = Model::new(&admitted().graph);
    model.unknown_groups("server");
    let reach =
        model.reach(&endpoint("client"), &endpoint("server"), &Wanted::tcp(81), Question::Works);
    assert_eq!(reach.answer, Answer::Unknown);
    assert_eq!(reach.unknown_reason().as_deref(), Some("groups or their rules are not known"));
}

#[test]
fn unknown_port_is_blocked_only_where_no_port_is_open() {
    let wanted = Wanted::of(&Traffic::Tcp(Value::Unknown));
    let ask =
        |world: &World| reach(world, &endpoint("client"), &endpoint("server"), &wanted).answer;
    assert_eq!(ask(&pair()), Answer::No);
    assert_eq!(ask(&admitted()), Answer::Unknown);
    let mut open = pair();
    open.rule(
        "s",
        Ingress,
        crate::resource::network::RulePeer::Cidr(cidr("0.0.0.0/0")),
        tcp(0, 65535),
    );
    assert_eq!(ask(&open), Answer::Yes);
}
