//! What the engine chooses between: readings of a side, load balancers, paths to show, and what answers
//! need when several hops filter them.

use super::world::{World, block, group, reference, tcp};
use crate::loc::Loc;
use crate::network::address::Address;
use crate::network::chain::Exposure;
use crate::network::hop::{Component, Hop, RouteOutcome, Way};
use crate::network::model::{Forward, LINUX_PORTS};
use crate::network::reach::{admitted, judge};
use crate::network::side::{Place, Where};
use crate::network::span::Span;
use crate::network::traffic::{Admitted, Protocol, Ranges, TrafficSet};
use crate::network::{Answer, Model, Question, Side, Wanted};
use crate::resource::ResourceId;
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::Direction::Ingress;
use crate::resource::network::{Destination, RouteTarget, Subnet, Vpc};
use crate::types::Port;
use crate::value::Value;

fn endpoint(name: &str) -> Side {
    Side::Endpoint(name.to_string())
}

/// A route of a load balancer: 443 to 80 of `server`.
fn forward(load_balancer: &str, target: &str, keeps_client_address: Value<bool>) -> Forward {
    Forward {
        load_balancer: load_balancer.to_string(),
        listener_port: Value::Literal(Port(443)),
        target: target.to_string(),
        target_port: Value::Literal(Port(80)),
        keeps_client_address,
        loc: Loc::NONE,
    }
}

/// Two load balancers, `open` to the internet and `shut`, both admitted by `server`; `other` stands beside
/// it and admits nobody.
fn balanced() -> World {
    let mut world = World::default();
    world.vpc("net", "10.0.0.0/16");
    world.gateway("net");
    world.subnet("net", "public", "10.0.0.0/24");
    world.route_to_gateway("public", "0.0.0.0/0", "net");
    world.subnet("net", "private", "10.0.1.0/24");
    world.group("o", "net", true);
    world.rule("o", Ingress, block("0.0.0.0/0"), tcp(443, 443));
    world.group("c", "net", true);
    world.group("s", "net", true);
    world.rule("s", Ingress, group("o"), tcp(80, 80));
    world.rule("s", Ingress, group("c"), tcp(80, 80));
    world.balancer("open", true, &["public"], &["o"]);
    world.balancer("shut", true, &["public"], &["c"]);
    world.service("server", &["private"], &["s"]);
    world.service("other", &["private"], &["s"]);
    world
}

fn with_forwards(world: &World, forwards: &[Forward]) -> Model {
    let mut model = Model::new(&world.graph);
    model.forwards = forwards.to_vec();
    model
}

fn through(model: &Model, from: &Side, to: &str, question: Question) -> Option<(Answer, String)> {
    let chain = model.through_load_balancer(from, to, &Wanted::tcp(80), question)?;
    Some((chain.answer, chain.forward.load_balancer.clone()))
}

#[test]
fn a_chain_leads_only_where_its_forward_does() {
    let no = Value::Literal(false);
    let model = with_forwards(&balanced(), &[forward("open", "server", no)]);
    let found = through(&model, &Side::Internet, "server", Question::Open);
    assert_eq!(found, Some((Answer::Yes, "open".to_string())));
    assert_eq!(through(&model, &Side::Internet, "other", Question::Open), None);
    // A load balancer does not reach its target through itself.
    assert_eq!(through(&model, &endpoint("open"), "server", Question::Open), None);
    // Another port is not sent there.
    let other = Wanted::tcp(81);
    assert!(
        model.through_load_balancer(&Side::Internet, "server", &other, Question::Open).is_none()
    );
    assert!(
        model.through_load_balancer(&Side::Internet, "server", &other, Question::Works).is_none()
    );
}

#[test]
fn of_several_load_balancers_the_best_counts() {
    let no = || Value::Literal(false);
    let (open, shut) = (forward("open", "server", no()), forward("shut", "server", no()));
    for forwards in [[open.clone(), shut.clone()], [shut.clone(), open.clone()]] {
        let model = with_forwards(&balanced(), &forwards);
        let found = through(&model, &Side::Internet, "server", Question::Open);
        assert_eq!(found, Some((Answer::Yes, "open".to_string())));
    }
    // Of equals it is the first.
    let mut world = balanced();
    world.balancer("twin", true, &["public"], &["o"]);
    for names in [["open", "twin"], ["twin", "open"]] {
        let model = with_forwards(&world, &names.map(|it| forward(it, "server", no())));
        let found = through(&model, &Side::Internet, "server", Question::Open);
        assert_eq!(found, Some((Answer::Yes, names[0].to_string())));
    }
}

#[test]
fn a_target_that_sees_the_client_is_not_known_unless_the_client_stays_out() {
    let yes = || Value::Literal(true);
    let model = with_forwards(&balanced(), &[forward("open", "server", yes())]);
    let found = through(&model, &Side::Internet, "server", Question::Open);
    assert_eq!(found.map(|it| it.0), Some(Answer::Unknown));
    let model = with_forwards(&balanced(), &[forward("shut", "server", yes())]);
    let found = through(&model, &Side::Internet, "server", Question::Open);
    assert_eq!(found.map(|it| it.0), Some(Answer::No));
    // The load balancer's own connection is refused, which decides nothing here.
    let mut world = balanced();
    world.group("strict", "net", true);
    world.service("far", &["private"], &["strict"]);
    let model = with_forwards(&world, &[forward("open", "far", yes())]);
    let found = through(&model, &Side::Internet, "far", Question::Open);
    assert_eq!(found.map(|it| it.0), Some(Answer::Unknown));
}

#[test]
fn exposure_says_by_what() {
    let model = with_forwards(&balanced(), &[forward("open", "server", Value::Literal(false))]);
    let direct = model.exposed("open", &Wanted::tcp(443));
    assert!(matches!(direct, Some(Exposure::Direct(_))));
    let through = model.exposed("server", &Wanted::tcp(80));
    assert!(matches!(through, Some(Exposure::Through(_))));
    assert!(model.exposed("other", &Wanted::tcp(80)).is_none());
    let model = with_forwards(&balanced(), &[forward("shut", "server", Value::Literal(false))]);
    assert!(model.exposed("server", &Wanted::tcp(80)).is_none());
}

#[test]
fn only_a_missing_address_keeps_the_internet_out() {
    let mut world = balanced();
    world.service("bare", &["public"], &["o"]);
    world.service("hidden", &["private"], &["o"]);
    let model = Model::new(&world.graph);
    assert!(model.exposed_but_for_address("bare", &Wanted::tcp(443)).is_some());
    assert!(model.exposed_but_for_address("bare", &Wanted::tcp(80)).is_none());
    assert!(model.exposed_but_for_address("hidden", &Wanted::tcp(443)).is_none());
}

#[test]
fn hops_of_one_stretch_let_through_the_same_port() {
    let hop = |stretch: u8, first: u16, last: u16| Hop {
        component: Component::Unknown("test".to_string()),
        way: Way::Back { ports: (40_000, 40_000), stretch },
        admitted: Admitted::exactly(TrafficSet::tcp(first, last)),
    };
    let gets_through = |hops: &[Hop]| judge(hops, &Wanted::tcp(80), Question::Open) == Answer::Yes;
    // Each lets answers through, and no port passes both.
    assert!(!gets_through(&[hop(0, 1, 40_000), hop(0, 40_001, 65_535)]));
    assert!(gets_through(&[hop(0, 1, 40_000), hop(1, 40_000, 65_535)]));
    assert!(gets_through(&[hop(0, 1, 40_000), hop(0, 40_000, 65_535)]));
}

#[test]
fn nothing_wanted_works_and_is_not_open() {
    let nothing = Wanted::exactly(TrafficSet::none());
    assert_eq!(judge(&[], &nothing, Question::Works), Answer::Yes);
    assert_eq!(judge(&[], &nothing, Question::Open), Answer::No);
}

#[test]
fn answers_of_a_machine_of_any_system_are_known_only_where_all_pass() {
    let back = |ports: (u16, u16), last: u16| Hop {
        component: Component::Unknown("test".to_string()),
        way: Way::Back { ports, stretch: 0 },
        admitted: Admitted::exactly(TrafficSet::tcp(32_768, last)),
    };
    let wanted = Wanted::tcp(80);
    assert_eq!(judge(&[back(LINUX_PORTS, 60_999)], &wanted, Question::Works), Answer::Yes);
    assert_eq!(judge(&[back(LINUX_PORTS, 60_998)], &wanted, Question::Works), Answer::No);
    let all = admitted(&[back(LINUX_PORTS, 60_999)], Question::Works);
    assert_eq!(all.certain.of_protocol(Protocol::Tcp), &Ranges::all());
}

/// `left` may connect by its group, and not by its addresses alone.
fn by_group() -> World {
    let mut world = World::default();
    world.vpc("net", "10.0.0.0/16");
    world.subnet("net", "left", "10.0.1.0/24");
    world.subnet("net", "right", "10.0.2.0/24");
    world.group("c", "net", true);
    world.group("s", "net", true);
    world.service("client", &["left"], &["c"]);
    world.service("server", &["right"], &["s"]);
    world.rule("s", Ingress, group("c"), tcp(80, 80));
    world
}

#[test]
fn one_reading_of_a_tier_that_works_is_enough() {
    let model = Model::new(&by_group().graph);
    let works = |from: &str| {
        let from = Side::Tier(format!("net.{from}"));
        model.reach(&from, &endpoint("server"), &Wanted::tcp(80), Question::Works).answer
    };
    assert_eq!(works("left"), Answer::Yes);
    assert_eq!(works("right"), Answer::No);
}

#[test]
fn a_reading_that_is_not_known_counts_more_than_one_that_fails() {
    let mut world = by_group();
    world.subnet("net", "blurred", "10.0.4.0/24");
    world.interfaces("node", InterfaceKind::Linux, &["blurred"], &["c"], (false, false));
    let node = world.graph.interfaces.get_mut(&ResourceId::new(&["node"])).expect("a node");
    node.groups = None;
    let model = Model::new(&world.graph);
    // By its addresses alone nothing gets in; what stands there may have the group.
    let from = Side::Tier("net.blurred".to_string());
    let reach = model.reach(&from, &endpoint("server"), &Wanted::tcp(80), Question::Works);
    assert_eq!(reach.answer, Answer::Unknown);
}

/// The subnet that a place stands in.
fn subnet(model: &Model, place: &Place) -> String {
    let Where::Subnet(it) = place.position else { panic!("not in a subnet: {place:?}") };
    model.subnets[it].tier.clone()
}

/// Where the path that is shown starts.
fn starts(world: &World, from: &str, question: Question) -> String {
    let model = Model::new(&world.graph);
    let reach = model.reach(&endpoint(from), &endpoint("server"), &Wanted::tcp(80), question);
    subnet(&model, &reach.path.expect("a path").from)
}

#[test]
fn the_first_of_equal_paths_is_shown() {
    let mut world = by_group();
    world.subnet("net", "more", "10.0.3.0/24");
    world.service("both", &["left", "more"], &["c"]);
    world.service("none", &["left", "more"], &["s"]);
    for question in [Question::Works, Question::Open] {
        assert_eq!(starts(&world, "both", question), "net.left");
        assert_eq!(starts(&world, "none", question), "net.left");
    }
}

#[test]
fn blocked_placements_are_counted() {
    let mut world = by_group();
    world.subnet("net", "more", "10.0.3.0/24");
    world.service("both", &["left", "more"], &["c"]);
    world.acl("wall", "net", &["more"]);
    let model = Model::new(&world.graph);
    let wanted = Wanted::tcp(80);
    let reach = model.reach(&endpoint("both"), &endpoint("server"), &wanted, Question::Works);
    assert_eq!((reach.answer, reach.pairs, reach.blocked), (Answer::No, 2, 1));
    let reach = model.reach(&endpoint("client"), &endpoint("server"), &wanted, Question::Works);
    assert_eq!((reach.answer, reach.pairs, reach.blocked), (Answer::Yes, 1, 0));
}

#[test]
fn the_closest_way_has_the_fewest_obstacles() {
    // From `a` the subnet's ACL and the group are in the way, from `b` the group alone.
    for (first, second) in [("a", "b"), ("b", "a")] {
        let mut world = World::default();
        world.vpc("net", "10.0.0.0/16");
        world.subnet("net", "a", "10.0.1.0/24");
        world.subnet("net", "b", "10.0.2.0/24");
        world.subnet("net", "right", "10.0.3.0/24");
        world.acl("wall", "net", &["a"]);
        world.group("c", "net", true);
        world.group("s", "net", true);
        world.service("client", &[first, second], &["c"]);
        world.service("server", &["right"], &["s"]);
        let model = Model::new(&world.graph);
        let wanted = Wanted::tcp(80);
        let path = model.closest(&endpoint("client"), &endpoint("server"), &wanted);
        let path = path.expect("a path");
        assert_eq!(path.blocking(&wanted, Question::Open).len(), 1);
        assert_eq!(subnet(&model, &path.from), "net.b");
        // The other way round too.
        let path = model.closest(&endpoint("server"), &endpoint("client"), &wanted);
        assert_eq!(subnet(&model, &path.expect("a path").to), "net.b");
    }
}

/// A VPC whose block is not known beside one that reaches the internet.
fn blurred() -> World {
    let mut world = balanced();
    world.add("far", "far", Vpc { cidr: Value::Parameter("block".to_string()) });
    world
}

#[test]
fn small_blocks_of_the_internet_may_be_a_vpc_that_is_not_known() {
    let wanted = Wanted::tcp(443);
    let ask = |world: &World, from: &str, question: Question| {
        let from = Side::Block(from.parse().expect("a block"));
        Model::new(&world.graph).reach(&from, &endpoint("open"), &wanted, question).answer
    };
    assert_eq!(ask(&balanced(), "203.0.113.0/24", Question::Open), Answer::Yes);
    assert_eq!(ask(&blurred(), "203.0.113.0/24", Question::Open), Answer::Unknown);
    // A VPC has a /16 at most.
    assert_eq!(ask(&blurred(), "203.0.0.0/16", Question::Open), Answer::Unknown);
    assert_eq!(ask(&blurred(), "203.0.0.0/15", Question::Open), Answer::Yes);
    let shut = |world: &World, from: &str| {
        let from = Side::Block(from.parse().expect("a block"));
        let model = Model::new(&world.graph);
        model.reach(&from, &endpoint("shut"), &wanted, Question::Works).answer
    };
    assert_eq!(shut(&balanced(), "203.0.113.0/24"), Answer::No);
    assert_eq!(shut(&blurred(), "203.0.113.0/24"), Answer::Unknown);
    assert_eq!(shut(&blurred(), "203.0.0.0/15"), Answer::No);
}

#[test]
fn what_is_open_may_be_peered_and_what_is_closed_is_not() {
    let mut world = by_group();
    world.vpc("far", "10.9.0.0/16");
    world.subnet("far", "there", "10.9.1.0/24");
    world.group("f", "far", true);
    world.rule("f", Ingress, block("10.0.0.0/16"), tcp(80, 80));
    world.service("server2", &["there"], &["f"]);
    let ask = |open: bool| {
        let mut model = Model::new(&world.graph);
        model.open = open;
        let wanted = Wanted::tcp(80);
        let reach =
            model.reach(&endpoint("client"), &endpoint("server2"), &wanted, Question::Works);
        reach.answer
    };
    assert_eq!(ask(false), Answer::No);
    assert_eq!(ask(true), Answer::Unknown);
}

#[test]
fn the_subnet_of_another_vpc_is_never_local() {
    let mut world = by_group();
    world.vpc("twin", "10.0.0.0/16");
    let kind = Subnet {
        vpc: reference("twin"),
        cidr: super::world::v4("10.0.2.0/24"),
        ipv6: None,
        zone: 0,
        tier: "there".to_string(),
    };
    world.add("twin", "there", kind);
    world.group("t", "twin", true);
    world.rule("t", Ingress, block("0.0.0.0/0"), tcp(80, 80));
    world.service("server2", &["there"], &["t"]);
    let model = Model::new(&world.graph);
    let wanted = Wanted::tcp(80);
    let reach = model.reach(&endpoint("client"), &endpoint("server2"), &wanted, Question::Works);
    assert_eq!(reach.answer, Answer::No);
}

#[test]
fn a_nat_gateway_behind_doubt_is_not_followed() {
    // Whether the VPC's unknown block holds the address decides between the local route and the NAT.
    let outcome = |nat: bool| {
        let mut world = World::default();
        world.add("net", "net", Vpc { cidr: Value::Parameter("block".to_string()) });
        world.vpc("other", "203.0.113.0/24");
        world.gateway("net");
        world.subnet("net", "public", "10.0.0.0/24");
        world.subnet("net", "private", "10.0.1.0/24");
        world.nat("nat", "public");
        if nat {
            world.route_to_nat("private", "0.0.0.0/0", "nat");
        } else {
            world.route_to_nat("private", "198.51.100.0/24", "nat");
        }
        let model = Model::new(&world.graph);
        let at = model.subnets.iter().position(|it| it.tier == "net.private").expect("a subnet");
        let block: ipnet::IpNet = "203.0.113.0/24".parse().expect("a block");
        let address = Address::Within(Span::of(block));
        model.way_between(at, usize::from(model.subnets[at].vpc == 0), &address)
    };
    assert!(matches!(outcome(true), RouteOutcome::Unfollowed(_)));
    assert!(matches!(outcome(false), RouteOutcome::Unknown(_)));
}

#[test]
fn prefix_lists_that_overlap_are_not_known_only_where_they_differ() {
    let outcome = |target: &str| {
        let mut world = World::default();
        world.vpc("net", "10.0.0.0/16");
        world.gateway("net");
        world.subnet("net", "public", "10.0.0.0/24");
        world.subnet("net", "private", "10.0.1.0/24");
        world.nat("nat", "public");
        world.nat("twin", "public");
        for (list, nat) in [("first", "nat"), ("second", target)] {
            world.prefix_list(list, &["203.0.113.0/24"]);
            let destination = Destination::PrefixList(reference(list));
            let nat = RouteTarget::NatGateway(reference(nat));
            world.route_to("private", destination, nat, false);
        }
        let model = Model::new(&world.graph);
        let at = model.subnets.iter().position(|it| it.tier == "net.private").expect("a subnet");
        let block: ipnet::IpNet = "203.0.113.0/25".parse().expect("a block");
        model.way_out(at, &Address::Within(Span::of(block)), Where::Internet)
    };
    assert!(matches!(outcome("nat"), RouteOutcome::Nat(_)));
    assert!(matches!(outcome("twin"), RouteOutcome::Unknown(_)));
}
