//! Routes that AWS refuses or chooses between.

use crate::check::network::testing::{codes, declared, network, with};
use crate::network::tests::world::{World, reference};
use crate::resource::network::{Destination, RouteTarget};
use crate::resource::{ResourceId, ResourceKind};
use crate::value::Value;

fn hub() -> RouteTarget {
    RouteTarget::TransitGateway(reference("hub"))
}

fn other() -> RouteTarget {
    RouteTarget::TransitGateway(reference("other"))
}

fn appliance() -> RouteTarget {
    RouteTarget::Appliance(ResourceId::new(&["firewall"]))
}

fn unknown_destinations(world: &mut World) {
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::Route(it) = &mut resource.kind {
            it.destination = Destination::Cidr(Value::Unknown);
        }
    }
}

#[test]
fn ag0214_two_routes_for_one_block() {
    let mut world = network();
    world.route("left", "172.16.0.0/16", hub());
    world.route("right", "172.16.0.0/16", other());
    assert_eq!(codes(&world), Vec::<String>::new());
    world.route("left", "172.16.0.0/16", other());
    let twice = "[AG0214] route table `routes` has two routes for 172.16.0.0/16";
    let found = with("AG0214", &world);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].split("has").nth(1), twice.split("has").nth(1));
    unknown_destinations(&mut world);
    assert_eq!(codes(&world), Vec::<String>::new());
    let mut local = network();
    local.route("left", "10.0.0.0/16", appliance());
    let found = with("AG0214", &local);
    assert!(found[0].ends_with("has the local route for 10.0.0.0/16 already"), "{found:?}");
}

#[test]
fn row_24_a_propagated_route_may_stand_beside_a_static_one() {
    let mut world = network();
    world.route("left", "172.16.0.0/16", hub());
    world.route("left", "172.16.0.0/16", other());
    assert_eq!(codes(&world), ["AG0214"]);
    let routes = world.graph.resources.values_mut().filter_map(|it| match &mut it.kind {
        ResourceKind::Route(it) => Some(it),
        _other => None,
    });
    if let Some(it) = routes.last() {
        it.propagated = true;
    }
    assert_eq!(codes(&world), Vec::<String>::new());
}

#[test]
fn row_24_overlapping_lists_are_ambiguous() {
    let lists = |target: RouteTarget, block: &str| {
        let mut world = network();
        world.list("office", 5, &["172.16.0.0/16", "172.20.0.0/16"]);
        world.list("partner", 5, &[block]);
        world.route_by_list("left", "office", hub());
        world.route_by_list("left", "partner", target);
        world
    };
    let found = with("AG0215", &lists(other(), "172.16.8.0/24"));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("[AG0215] prefix lists `office` and `partner` in route table"));
    assert!(found[0].ends_with("overlap in 172.16.8.0/24 and lead to different places"));
    assert_eq!(codes(&lists(hub(), "172.16.8.0/24")), Vec::<String>::new());
    assert_eq!(codes(&lists(other(), "172.17.8.0/24")), Vec::<String>::new());
    assert_eq!(codes(&lists(RouteTarget::Unknown, "172.16.8.0/24")), Vec::<String>::new());
    // A route for a block comes before both.
    let mut split = lists(hub(), "172.16.8.0/24");
    split.route("left", "172.16.8.0/24", other());
    assert_eq!(codes(&split), Vec::<String>::new());
}

#[test]
fn row_14_a_list_is_of_one_family() {
    let mut world = network();
    world.list("mixed", 5, &["10.8.0.0/16", "2600::/32"]);
    assert_eq!(
        with("AG0224", &world),
        ["[AG0224] prefix list `mixed` is for IPv4, and 2600::/32 is an IPv6 block"]
    );
    world.list("plain", 5, &["10.8.0.0/16"]);
    assert_eq!(with("AG0224", &world).len(), 1);
    // In which table a gateway looks cannot be seen; the page says so.
    assert!(crate::codes::Code::AG0215.explanation().contains("table of a gateway"));
}

fn inside(destination: &str, target: RouteTarget) -> Vec<String> {
    let mut world = network();
    world.route("left", destination, target);
    with("AG0216", &world)
        .iter()
        .map(|it| it.split(": ").last().unwrap_or_default().to_string())
        .collect()
}

#[test]
fn row_23_more_specific_than_local() {
    assert_eq!(inside("10.0.2.0/24", appliance()), Vec::<String>::new());
    assert_eq!(inside("10.0.2.0/24", RouteTarget::NatGateway(reference("nat"))).len(), 0);
    assert_eq!(inside("10.0.2.0/24", RouteTarget::Unknown), Vec::<String>::new());
    assert_eq!(inside("10.0.2.0/24", hub()), ["it leads to a transit gateway"]);
    let part = "it is not the block of a whole subnet, but meets `net`";
    assert_eq!(inside("10.0.2.0/25", appliance()), [part]);
    assert_eq!(inside("10.0.2.128/25", appliance()), [part]);
    assert_eq!(inside("10.0.0.0/22", appliance()), [part]);
    assert_eq!(inside("10.0.2.0/25", RouteTarget::Unknown), [part]);
    // Another template may have a subnet there; in an architecture there is none.
    assert_eq!(inside("10.0.99.0/24", appliance()), Vec::<String>::new());
    let mut world = network();
    world.route("left", "10.0.99.0/24", appliance());
    let found = declared(&world, &[]);
    assert!(found[0].ends_with("inside the VPC's 10.0.0.0/16: no subnet has that block"));
    // Wider than the local route it does not meet it.
    assert_eq!(inside("10.0.0.0/8", hub()), Vec::<String>::new());
    unknown_destinations(&mut world);
    assert_eq!(declared(&world, &[]), Vec::<String>::new());
}

#[test]
fn row_30_a_further_block_meets_older_routes() {
    let mut world = network();
    world.route("left", "10.1.2.0/24", hub());
    assert_eq!(codes(&world), Vec::<String>::new());
    world.further_block("net", "10.1.0.0/16");
    assert_eq!(codes(&world), ["AG0216"]);
    world.route("right", "10.1.0.0/16", hub());
    assert_eq!(codes(&world), ["AG0214", "AG0216"]);
}

#[test]
fn row_25_addresses_that_aws_keeps() {
    let kept = |destination: &str| {
        let mut world = network();
        world.route("left", destination, hub());
        with("AG0217", &world).len()
    };
    assert_eq!(kept("169.254.168.0/22"), 1);
    assert_eq!(kept("169.254.169.254/32"), 1);
    assert_eq!(kept("fd00:ec2::/32"), 1);
    assert_eq!(kept("fd00:ec2::254/128"), 1);
    assert_eq!(kept("169.254.0.0/16"), 0, "a wider route is not refused");
    assert_eq!(kept("169.254.172.0/24"), 0);
    assert_eq!(kept("fd00:ec3::/32"), 0);
    let mut world = network();
    world.route("left", "169.254.169.0/24", hub());
    unknown_destinations(&mut world);
    assert_eq!(codes(&world), Vec::<String>::new());
}
