//! Each quota has a case under, near and over it, and one of what is not counted.

use super::{Quota, usage};
use crate::check::network::testing::{declared, network, read, with};
use crate::network::Family;
use crate::network::tests::world::{World, block, group, reference, tcp};
use crate::resource::ResourceKind;
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::{EndpointService, RouteTarget, RulePeer, Traffic};
use crate::value::Value;

/// What is over a quota in an architecture.
fn over(world: &World) -> Vec<String> {
    let quotas = ["[AG0307]", "[AG0308]", "[AG0312]", "[AG0319]", "[AG0222]", "[AG0224]"];
    declared(world, &[]).into_iter().filter(|it| quotas.iter().any(|q| it.starts_with(q))).collect()
}

#[test]
fn ag0307_rules_per_group() {
    let mut world = network();
    for port in 0..60 {
        world.rule("g", Ingress, block("10.0.0.0/8"), tcp(port, port));
        world.rule("g", Ingress, block("::/0"), tcp(port, port));
        if port > 0 {
            // The rule that a new group starts with is the 60th.
            world.rule("g", Egress, block("10.0.0.0/8"), tcp(port, port));
        }
        world.rule("g", Ingress, RulePeer::Cidr(Value::Unknown), tcp(port, port));
    }
    assert_eq!(over(&world), Vec::<String>::new());
    world.rule("g", Ingress, group("g"), tcp(443, 443));
    assert_eq!(
        over(&world),
        ["[AG0307] security group `g` has 61 ingress rules for IPv4, and AWS allows 60"]
    );
}

#[test]
fn ag0308_groups_per_interface() {
    let mut world = network();
    let names: Vec<String> = (0..6).map(|it| format!("g{it}")).collect();
    for name in &names {
        world.group(name, "net", true);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    world.service("five", &["left"], &names[..5]);
    assert_eq!(over(&world), Vec::<String>::new());
    world.service("six", &["left"], &names);
    assert_eq!(
        over(&world),
        ["[AG0308] `six` has 6 security groups, and AWS allows 5 on an interface"]
    );
}

#[test]
fn ag0312_entries_per_acl() {
    let mut world = network();
    world.acl("acl", "net", &["left"]);
    for number in 1..=19 {
        world.entry("acl", number, Ingress, true, "10.0.0.0/8", Traffic::All);
        world.entry("acl", number + 100, Ingress, true, "::/0", Traffic::All);
    }
    assert_eq!(over(&world), Vec::<String>::new());
    world.entry("acl", 50, Ingress, true, "10.0.0.0/8", Traffic::All);
    assert_eq!(
        over(&world),
        ["[AG0312] network ACL `acl` has 20 ingress entries for IPv4, and AWS allows 19"]
    );
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::NetworkAclEntry(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        }
    }
    assert_eq!(over(&world), Vec::<String>::new());
}

/// The use of one quota by something.
fn used(world: &World, subject: &str, quota: Quota) -> Option<(usize, usize)> {
    let all = usage(&world.graph);
    all.iter().find(|it| it.subject == subject && it.quota == quota).map(|it| (it.used, it.limit))
}

#[test]
fn row_12_rules_are_counted_by_direction_and_family() {
    let mut world = network();
    world.group("two", "net", false);
    world.rule("two", Ingress, block("10.0.0.0/8"), tcp(1, 1));
    world.rule("two", Ingress, block("::/0"), tcp(2, 2));
    world.rule("two", Ingress, group("g"), tcp(3, 3));
    world.rule("two", Egress, block("10.0.0.0/8"), tcp(4, 4));
    let count = |direction, family| {
        used(&world, "security group `two`", Quota::GroupRules(direction, family))
    };
    assert_eq!(count(Ingress, Family::Ipv4), Some((2, 60)));
    assert_eq!(count(Ingress, Family::Ipv6), Some((2, 60)));
    assert_eq!(count(Egress, Family::Ipv4), Some((1, 60)));
    assert_eq!(count(Egress, Family::Ipv6), None);
    assert_eq!(used(&world, "`task`", Quota::InterfaceGroups), Some((1, 5)));
}

#[test]
fn row_13_a_list_counts_as_many_entries_as_it_may_have() {
    let mut world = network();
    world.list("office", 20, &["10.9.0.0/16"]);
    world.rule_by_list("g", "office", tcp(443, 443));
    let ipv4 = Quota::GroupRules(Ingress, Family::Ipv4);
    assert_eq!(used(&world, "security group `g`", ipv4), Some((20, 60)));
    // Lists that AWS keeps have a weight, whether the graph has them or only their name.
    let name = "com.amazonaws.global.cloudfront.origin-facing";
    world.rule_by_list("g", name, tcp(443, 443));
    assert_eq!(used(&world, "security group `g`", ipv4), Some((75, 60)));
    let mut edge = network();
    edge.list(name, 100, &["120.52.22.96/27"]);
    edge.rule_by_list("g", name, tcp(443, 443));
    assert_eq!(used(&edge, "security group `g`", ipv4), Some((55, 60)));
    for port in 1..=5 {
        edge.rule("g", Ingress, group("g"), tcp(port, port));
    }
    assert_eq!(over(&edge), Vec::<String>::new());
    edge.rule("g", Ingress, group("g"), tcp(6, 6));
    assert_eq!(
        over(&edge),
        ["[AG0307] security group `g` has 61 ingress rules for IPv4, and AWS allows 60"]
    );
    // A list of unknown weight counts nothing.
    let mut unknown = network();
    unknown.rule_by_list("g", "pl-12345678", tcp(443, 443));
    assert_eq!(used(&unknown, "security group `g`", ipv4), None);
}

#[test]
fn ag0319_rules_on_an_interface() {
    let mut world = network();
    let names: Vec<String> = (0..4).map(|it| format!("g{it}")).collect();
    for name in &names {
        world.group(name, "net", false);
    }
    for port in 0..250 {
        world.rule("g0", Ingress, block("10.0.0.0/8"), tcp(port, port));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    world.service("four", &["left"], &names);
    assert_eq!(with("AG0319", &world), Vec::<String>::new());
    world.rule("g0", Ingress, block("10.0.0.0/8"), tcp(999, 999));
    assert_eq!(
        with("AG0319", &world),
        [
            "[AG0319] `four` has 1004 rules (those of its largest group, times its groups), and AWS allows 1000"
        ]
    );
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::SecurityGroupRule(it) = &mut resource.kind {
            it.peer = RulePeer::Cidr(Value::Unknown);
        }
    }
    assert_eq!(with("AG0319", &world), Vec::<String>::new());
}

#[test]
fn row_27_routes_of_a_table_by_family() {
    let mut world = network();
    let gone = || RouteTarget::TransitGateway(reference("hub"));
    for number in 0..45 {
        world.route("left", &format!("172.16.{number}.0/24"), gone());
        world.route("left", &format!("2600:{number}::/32"), gone());
    }
    assert_eq!(with("AG0222", &world), Vec::<String>::new());
    assert_eq!(
        with("AG0223", &world),
        ["[AG0223] route table `left.table` has 45 of the 50 routes for IPv4 it may have"]
    );
    world.list("six", 6, &["172.20.0.0/16"]);
    world.route_by_list("left", "six", gone());
    assert_eq!(
        with("AG0222", &world),
        ["[AG0222] route table `left.table` has 51 routes for IPv4, and AWS allows 50"]
    );
    // Propagated routes have a quota of their own, and what is unknown is not counted.
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::Route(it) = &mut resource.kind {
            it.propagated = true;
        }
    }
    assert_eq!(with("AG0222", &world), Vec::<String>::new());
    assert_eq!(used(&world, "route table `left.table`", Quota::PropagatedRoutes), Some((96, 100)));
}

#[test]
fn ag0223_quota_nearly_used() {
    let mut world = network();
    for port in 0..53 {
        world.rule("g", Ingress, block("10.0.0.0/8"), tcp(port, port));
    }
    assert_eq!(with("AG0223", &world), Vec::<String>::new());
    world.rule("g", Ingress, RulePeer::Cidr(Value::Unknown), tcp(80, 80));
    assert_eq!(with("AG0223", &world), Vec::<String>::new());
    world.rule("g", Ingress, block("10.0.0.0/8"), tcp(53, 53));
    assert_eq!(
        with("AG0223", &world),
        ["[AG0223] security group `g` has 54 of the 60 ingress rules for IPv4 it may have"]
    );
}

#[test]
fn row_39_network_address_units() {
    let mut world = network();
    world.vpc("far", "10.1.0.0/16");
    world.bare_subnet("far", "there", "10.1.1.0/24");
    world.nat("nat", "left");
    world.endpoint_of("logs", "net", EndpointService::Logs, &["left", "right"], &["g"]);
    world.stand(crate::check::network::testing::thing("one", &["there"], &["g"]));
    // A task, a NAT gateway, an endpoint in two zones.
    assert_eq!(used(&world, "VPC `net`", Quota::AddressUnits), Some((1 + 6 + 12, 64_000)));
    world.peering("link", "net", "far");
    assert_eq!(used(&world, "VPC `net`", Quota::PeeredAddressUnits), Some((20, 128_000)));
    assert_eq!(used(&world, "VPC `far`", Quota::PeeredAddressUnits), Some((20, 128_000)));
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::Service(it) = &mut resource.kind {
            it.desired_count = Some(Value::Literal(crate::types::Count(63_983)));
        }
    }
    assert_eq!(
        with("AG0222", &world),
        ["[AG0222] VPC `net` has 64001 network address units, and AWS allows 64000"]
    );
}

#[test]
fn ag0222_blocks_and_endpoints() {
    let mut world = network();
    for number in 1..=5 {
        world.further_block("net", &format!("10.{number}.0.0/16"));
    }
    assert_eq!(with("AG0222", &world), ["[AG0222] VPC `net` has 6 IPv4 blocks, and AWS allows 5"]);
    // The declaration's own check counts its blocks.
    assert_eq!(over(&world), Vec::<String>::new());
}

#[test]
fn ag0224_entries_of_a_list() {
    let mut world = network();
    world.list("full", 1, &["10.8.0.0/16"]);
    assert_eq!(read(&world), Vec::<String>::new());
    world.list("small", 1, &["10.8.0.0/16", "10.9.0.0/16"]);
    assert_eq!(read(&world), ["[AG0224] prefix list `small` has 2 entries, and it may hold 1"]);
    if let Some(it) = world.graph.resources.values_mut().find(|it| it.declaration == "small")
        && let ResourceKind::PrefixList(it) = &mut it.kind
    {
        it.max_entries = Value::Unknown;
    }
    assert_eq!(read(&world), Vec::<String>::new());
}
