//! The rows of AWS's network semantics about IPv6, gateways, prefix lists and the resolver.

use super::world::{World, block, cidr, group, reference, tcp};
use crate::network::model::SubnetAcl;
use crate::network::transit::Crossing;
use crate::network::{Answer, Family, Model, Question, Reach, Side, Wanted};
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::{
    Destination, PortRange, RouteTarget, RulePeer, SubnetIpv6, Traffic,
};
use crate::resource::{EgressOnlyInternetGateway, ResourceId, ResourceKind};
use crate::value::Value;

fn endpoint(name: &str) -> Side {
    Side::Endpoint(name.to_string())
}

fn ask(world: &World, from: &Side, to: &Side, wanted: &Wanted) -> Reach {
    Model::new(&world.graph).reach(from, to, wanted, Question::Works)
}

fn over(world: &World, from: &Side, to: &Side, family: Family) -> Answer {
    ask(world, from, to, &Wanted::tcp(443).with_family(family)).answer
}

fn udp(port: u16) -> Traffic {
    Traffic::Udp(Value::Literal(PortRange { first: port, last: port }))
}

/// What blocks, in words.
fn why(world: &World, from: &Side, to: &Side, wanted: &Wanted) -> String {
    let model = Model::new(&world.graph);
    let reach = model.reach(from, to, wanted, Question::Works);
    assert_eq!(reach.answer, Answer::No);
    model.path_text(&reach.path.unwrap(), wanted, Question::Works)
}

/// A VPC with IPv6 from Amazon; `node` stands in `a0` and lets everything in and out.
fn dual_stack() -> World {
    let mut world = World::default();
    world.vpc("a", "10.0.0.0/16");
    world.ipv6("a", None);
    world.gateway("a");
    world.subnet("a", "a0", "10.0.0.0/24");
    world.subnet_ipv6("a0", SubnetIpv6::Nth(0));
    world.group("g", "a", true);
    world.rule("g", Ingress, block("0.0.0.0/0"), Traffic::All);
    world.rule("g", Ingress, block("::/0"), Traffic::All);
    world.interfaces("node", InterfaceKind::Linux, &["a0"], &["g"], (false, true));
    world
}

#[test]
fn row_15_nothing_filters_the_resolver() {
    let mut world = World::default();
    world.vpc("a", "10.0.0.0/16");
    world.subnet("a", "a0", "10.0.8.0/24");
    world.group("closed", "a", false);
    world.service("one", &["a0"], &["closed"]);
    world.acl("shut", "a", &["a0"]);
    let resolver = Side::Block("10.0.0.2/32".parse().unwrap());
    let dns = Wanted::of(&udp(53));
    assert_eq!(ask(&world, &endpoint("one"), &resolver, &dns).answer, Answer::Yes);
    // It answers nothing else, and nobody else.
    let web = Wanted::tcp(443);
    assert_eq!(ask(&world, &endpoint("one"), &resolver, &web).answer, Answer::No);
    world.vpc("b", "10.1.0.0/16");
    world.subnet("b", "b0", "10.1.8.0/24");
    world.group("open", "b", true);
    world.service("other", &["b0"], &["open"]);
    assert_eq!(ask(&world, &endpoint("other"), &resolver, &dns).answer, Answer::No);
}

#[test]
fn row_22_ipv4_default_route_does_not_cover_ipv6() {
    let mut world = dual_stack();
    world.route_to_gateway("a0", "0.0.0.0/0", "a");
    assert_eq!(over(&world, &endpoint("node"), &Side::Internet, Family::Ipv6), Answer::No);
    world.route_to_gateway("a0", "::/0", "a");
    assert_eq!(over(&world, &endpoint("node"), &Side::Internet, Family::Ipv6), Answer::Yes);
    // IPv6 addresses are public ones: no other is needed, and the way in is open too.
    assert_eq!(over(&world, &endpoint("node"), &Side::Internet, Family::Ipv4), Answer::No);
    assert_eq!(over(&world, &Side::Internet, &endpoint("node"), Family::Ipv6), Answer::Yes);
}

#[test]
fn egress_only_gateways_let_nobody_in() {
    let mut world = dual_stack();
    world.egress_only("out", "a");
    let target = RouteTarget::EgressOnlyInternetGateway(reference("out"));
    world.route("a0", "::/0", target.clone());
    assert_eq!(over(&world, &endpoint("node"), &Side::Internet, Family::Ipv6), Answer::Yes);
    assert_eq!(over(&world, &Side::Internet, &endpoint("node"), Family::Ipv6), Answer::No);
    // They know IPv6 only.
    world.route("a0", "0.0.0.0/0", target);
    let text = why(&world, &endpoint("node"), &Side::Internet, &Wanted::tcp(443));
    assert!(text.contains("carry IPv6 only"), "{text}");
}

#[test]
fn row_23_every_ipv6_block_has_a_local_route() {
    let mut world = dual_stack();
    world.subnet("a", "a1", "10.0.1.0/24");
    world.subnet_ipv6("a1", SubnetIpv6::Nth(1));
    world.interfaces("other", InterfaceKind::Linux, &["a1"], &["g"], (false, true));
    for family in Family::ALL {
        assert_eq!(over(&world, &endpoint("node"), &endpoint("other"), family), Answer::Yes);
    }
    world.interfaces("old", InterfaceKind::Linux, &["a1"], &["g"], (false, false));
    let wanted = Wanted::tcp(443).with_family(Family::Ipv6);
    let text = why(&world, &endpoint("node"), &endpoint("old"), &wanted);
    assert!(text.contains("has no IPv6 address"), "{text}");
}

#[test]
fn row_32_a_block_that_amazon_chooses_is_known_only_as_a_whole() {
    let mut world = dual_stack();
    world.subnet("a", "a1", "10.0.1.0/24");
    world.subnet_ipv6("a1", SubnetIpv6::Nth(1));
    world.group("narrow", "a", true);
    world.rule("narrow", Ingress, block("2600:1f18::/32"), Traffic::All);
    world.interfaces("other", InterfaceKind::Linux, &["a1"], &["narrow"], (false, true));
    let ask = |world: &World| over(world, &endpoint("node"), &endpoint("other"), Family::Ipv6);
    assert_eq!(ask(&world), Answer::Unknown);
    world.rule("narrow", Ingress, block("2000::/3"), tcp(443, 443));
    assert_eq!(ask(&world), Answer::Yes);
}

/// `one` in VPC `a` and `two` in VPC `b`, with a peering and a transit gateway between them.
fn two_vpcs() -> World {
    let mut world = World::default();
    for (vpc, cidr, name, group) in
        [("a", "10.0.0.0/16", "one", "ga"), ("b", "10.1.0.0/16", "two", "gb")]
    {
        world.vpc(vpc, cidr);
        let subnet = format!("{vpc}0");
        world.subnet(vpc, &subnet, &cidr.replace("0.0/16", "0.0/24"));
        let edge = format!("{vpc}9");
        world.subnet(vpc, &edge, &cidr.replace("0.0/16", "9.0/24"));
        world.group(group, vpc, true);
        world.service(name, &[&subnet], &[group]);
    }
    world.rule("gb", Ingress, block("10.0.0.0/16"), tcp(443, 443));
    world.transit("hub", true, true, false);
    world.attach("in_a", "hub", "a", &["a9"], false);
    world.attach("in_b", "hub", "b", &["b9"], false);
    world.peering("ab", "a", "b");
    world
}

fn to_hub() -> RouteTarget {
    RouteTarget::TransitGateway(reference("hub"))
}

fn one_to_two(world: &World) -> Answer {
    over(world, &endpoint("one"), &endpoint("two"), Family::Ipv4)
}

#[test]
fn transit_gateways_need_routes_on_both_sides() {
    let mut world = two_vpcs();
    assert_eq!(one_to_two(&world), Answer::No);
    world.route("a0", "10.1.0.0/16", to_hub());
    assert_eq!(one_to_two(&world), Answer::No);
    world.route("b0", "10.0.0.0/16", to_hub());
    assert_eq!(one_to_two(&world), Answer::Yes);
}

#[test]
fn transit_gateways_ask_the_table_of_the_attachment() {
    let mut world = two_vpcs();
    world.route("a0", "10.1.0.0/16", to_hub());
    world.route("b0", "10.0.0.0/16", to_hub());
    world.transit_table("own", "hub");
    world.associate("own", "in_a");
    let text = why(&world, &endpoint("one"), &endpoint("two"), &Wanted::tcp(443));
    assert!(text.contains("`hub` has no route to it"), "{text}");
    world.propagate("own", "in_b");
    assert_eq!(one_to_two(&world), Answer::Yes);
    // Of routes for the same block the static one decides.
    world.transit_route("own", "10.1.0.0/16", None);
    let text = why(&world, &endpoint("one"), &endpoint("two"), &Wanted::tcp(443));
    assert!(text.contains("`hub` drops it"), "{text}");
}

#[test]
fn network_acls_of_a_transit_gateways_subnet_count() {
    let mut world = two_vpcs();
    world.route("a0", "10.1.0.0/16", to_hub());
    world.route("b0", "10.0.0.0/16", to_hub());
    // What goes to the gateway enters the attachment's subnet; what comes from it leaves it.
    world.acl("edge", "a", &["a9"]);
    world.entry("edge", 100, Ingress, true, "10.0.0.0/24", tcp(443, 443));
    assert_eq!(one_to_two(&world), Answer::No);
    world.entry("edge", 100, Egress, true, "10.0.0.0/24", tcp(32768, 60999));
    assert_eq!(one_to_two(&world), Answer::Yes);
}

#[test]
fn zones_without_an_attachment_do_not_reach_a_transit_gateway() {
    let mut world = two_vpcs();
    world.route("a0", "10.1.0.0/16", to_hub());
    world.route("b0", "10.0.0.0/16", to_hub());
    world.subnet_zone("a9", 1);
    let text = why(&world, &endpoint("one"), &endpoint("two"), &Wanted::tcp(443));
    assert!(text.contains("no interface in the zone of a.a0[0]"), "{text}");
}

#[test]
fn row_06_groups_are_named_across_a_transit_gateway_only_where_it_allows_that() {
    let mut world = two_vpcs();
    world.route("a0", "10.1.0.0/16", to_hub());
    world.route("b0", "10.0.0.0/16", to_hub());
    world.graph.resources.retain(|_, it| !matches!(it.kind, ResourceKind::SecurityGroupRule(_)));
    world.rule("gb", Ingress, group("ga"), tcp(443, 443));
    assert_eq!(one_to_two(&world), Answer::No);
    let hub = world.graph.resources.get_mut(&ResourceId::new(&["hub"])).unwrap();
    let ResourceKind::TransitGateway(hub) = &mut hub.kind else {
        panic!("the hub is a transit gateway");
    };
    hub.group_references = Value::Literal(true);
    assert_eq!(one_to_two(&world), Answer::Yes);
}

#[test]
fn row_24_static_before_prefix_list_before_propagated() {
    let mut world = two_vpcs();
    world.route("b0", "10.0.0.0/16", to_hub());
    world.vpn("office", Some("a"));
    let destination = || Destination::Cidr(cidr("10.1.0.0/16"));
    world.route_to("a0", destination(), RouteTarget::VpnGateway(reference("office")), true);
    assert_eq!(one_to_two(&world), Answer::Unknown);
    world.prefix_list("list", &["10.1.0.0/16"]);
    world.route_to("a0", Destination::PrefixList(reference("list")), to_hub(), false);
    assert_eq!(one_to_two(&world), Answer::Yes);
    world.transit("nobody", true, true, false);
    let nowhere = RouteTarget::TransitGateway(reference("nobody"));
    world.route("a0", "10.1.0.0/16", nowhere);
    assert_eq!(one_to_two(&world), Answer::No);
}

/// `one` in `a0` and `two` in `a1`, two subnets of one VPC; their group admits itself.
fn one_vpc() -> World {
    let mut world = World::default();
    world.vpc("a", "10.0.0.0/16");
    world.subnet("a", "a0", "10.0.0.0/24");
    world.subnet("a", "a1", "10.0.1.0/24");
    world.group("g", "a", true);
    world.rule("g", Ingress, group("g"), Traffic::All);
    world.service("one", &["a0"], &["g"]);
    world.service("two", &["a1"], &["g"]);
    world
}

#[test]
fn row_24_a_propagated_route_never_comes_before_a_local_one() {
    let mut world = one_vpc();
    world.vpn("office", Some("a"));
    let destination = Destination::Cidr(cidr("10.0.1.0/24"));
    world.route_to("a0", destination, RouteTarget::VpnGateway(reference("office")), true);
    assert_eq!(one_to_two(&world), Answer::Yes);
}

#[test]
fn row_05_group_reference_does_not_hold_behind_an_appliance() {
    let mut world = one_vpc();
    assert_eq!(one_to_two(&world), Answer::Yes);
    let firewall = RouteTarget::Appliance(ResourceId::new(&["firewall"]));
    world.route("a0", "10.0.1.0/24", firewall);
    assert_eq!(one_to_two(&world), Answer::No);
    // Rules about addresses may hold: that depends on the appliance.
    world.rule("g", Ingress, block("10.0.0.0/24"), Traffic::All);
    assert_eq!(one_to_two(&world), Answer::Unknown);
}

#[test]
fn row_09_other_protocols_have_no_ports() {
    let mut world = dual_stack();
    world.subnet("a", "a1", "10.0.1.0/24");
    world.group("tunnel", "a", true);
    world.rule("tunnel", Ingress, RulePeer::Cidr(cidr("10.0.0.0/16")), Traffic::Protocol(50));
    world.interfaces("other", InterfaceKind::Linux, &["a1"], &["tunnel"], (false, false));
    let ask = |traffic: &Traffic| {
        ask(&world, &endpoint("node"), &endpoint("other"), &Wanted::of(traffic)).answer
    };
    assert_eq!(ask(&Traffic::Protocol(50)), Answer::Yes);
    assert_eq!(ask(&Traffic::Protocol(51)), Answer::No);
    assert_eq!(ask(&Traffic::tcp_port(443)), Answer::No);
}

#[test]
fn explanations_have_awss_codes() {
    let world = two_vpcs();
    let model = Model::new(&world.graph);
    let explanation = model.explain(&endpoint("one"), &endpoint("two"), &Wanted::tcp(443));
    assert_eq!(explanation.answer, Answer::No);
    let codes: Vec<&str> = explanation.flows[0].steps.iter().filter_map(|it| it.code).collect();
    assert_eq!(codes, ["NO_ROUTE_TO_DESTINATION", "NO_ROUTE_TO_DESTINATION"]);
    let explanation = model.explain(&endpoint("two"), &endpoint("one"), &Wanted::tcp(443));
    let codes: Vec<&str> = explanation.flows[0].steps.iter().filter_map(|it| it.code).collect();
    assert_eq!(codes[1], "SG_HAS_NO_RULES");
}

#[test]
fn a_transit_table_that_may_hold_more_routes_is_not_known() {
    let mut world = two_vpcs();
    world.route("a0", "10.1.0.0/16", to_hub());
    world.route("b0", "10.0.0.0/16", to_hub());
    let ask = |more: bool| {
        let mut model = Model::new(&world.graph);
        for table in &mut model.transits[0].tables {
            table.unknown = more;
        }
        let question = Question::Works;
        model.reach(&endpoint("one"), &endpoint("two"), &Wanted::tcp(443), question).answer
    };
    assert_eq!(ask(false), Answer::Yes);
    assert_eq!(ask(true), Answer::Unknown);
}

#[test]
fn a_transit_gateway_knows_what_is_attached() {
    let mut model = Model::new(&two_vpcs().graph);
    let attached = |model: &Model| {
        let it = &model.transits[0];
        [it.attaches(0), it.attaches(1), it.attaches(2), it.may_attach(1), it.may_attach(2)]
    };
    assert_eq!(attached(&model), [true, true, false, true, false]);
    // One of the two is another VPC.
    model.transits[0].attachments.pop();
    assert_eq!(attached(&model), [true, false, false, false, false]);
    // An attachment of a VPC that is not known may be any.
    model.transits[0].attachments[0].vpc = None;
    assert_eq!(attached(&model), [false, false, false, true, true]);
}

#[test]
fn of_several_interfaces_one_is_known_only_where_all_are_alike() {
    let mut world = two_vpcs();
    world.subnet("a", "a7", "10.0.7.0/24");
    world.subnet("a", "a8", "10.0.8.0/24");
    let mut model = Model::new(&world.graph);
    let at = |model: &Model, tier: &str| {
        model.subnets.iter().position(|it| it.tier == format!("a.{tier}")).unwrap()
    };
    let (a0, a7, a8) = (at(&model, "a0"), at(&model, "a7"), at(&model, "a8"));
    // Each subnet of these worlds has a table of its own.
    let apart = |model: &Model| matches!(model.any_of(&[a7, a8], a0), Crossing::Unknown);
    assert!(apart(&model));
    model.subnets[a8].table = model.subnets[a7].table;
    assert!(!apart(&model));
    // One of them is the subnet itself, whose interface is not filtered.
    assert!(matches!(model.any_of(&[a7, a8], a7), Crossing::Unknown));
    assert!(matches!(model.any_of(&[a7], a7), Crossing::SameSubnet));
    model.subnets[a8].acl = SubnetAcl::Unknown;
    assert!(apart(&model));
    model.subnets[a7].acl = SubnetAcl::Unknown;
    assert!(apart(&model));
}

#[test]
fn what_comes_by_the_interface_in_the_subnet_itself_passes_no_acl() {
    let mut world = two_vpcs();
    world.gateway("a");
    world.route_to_gateway("a9", "0.0.0.0/0", "a");
    world.route("a9", "192.168.0.0/16", to_hub());
    world.group("all", "a", true);
    world.rule("all", Ingress, block("0.0.0.0/0"), Traffic::All);
    world.balancer("front", true, &["a9"], &["all"]);
    world.acl("wall", "a", &["a9"]);
    world.entry("wall", 100, Egress, true, "0.0.0.0/0", Traffic::All);
    let ask = |from: Side| {
        let model = Model::new(&world.graph);
        model.reach(&from, &endpoint("front"), &Wanted::tcp(443), Question::Open).answer
    };
    assert_eq!(ask(Side::Block("192.168.0.0/16".parse().unwrap())), Answer::Unknown);
    assert_eq!(ask(Side::Internet), Answer::No);
}

#[test]
fn no_block_that_amazon_chooses_is_as_wide_as_a_route_elsewhere() {
    let mut world = dual_stack();
    world.subnet("a", "a1", "10.0.1.0/24");
    world.subnet_ipv6("a1", SubnetIpv6::Nth(1));
    world.interfaces("other", InterfaceKind::Linux, &["a1"], &["g"], (false, true));
    world.add("eigw", "eigw", EgressOnlyInternetGateway { vpc: reference("a") });
    let target = || RouteTarget::EgressOnlyInternetGateway(reference("eigw"));
    world.route("a0", "2a00:1450::/32", target());
    let six = |world: &World| over(world, &endpoint("node"), &endpoint("other"), Family::Ipv6);
    assert_eq!(six(&world), Answer::Yes, "the VPC's own /56 is longer than a /32");
    world.route("a0", "2a00:1450:0:ff00::/60", target());
    assert_eq!(six(&world), Answer::Unknown, "a /60 may be a part of the VPC's own /56");
}
