//! Each quota has a case under, near and over it, and one of what is not counted.

use super::usage;
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
