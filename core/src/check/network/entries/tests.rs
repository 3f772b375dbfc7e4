//! Entries that never decide, and the numbers of a template's entries.

use crate::check::network::testing::{network, with};
use crate::network::tests::world::{World, tcp};
use crate::resource::ResourceKind;
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::Traffic;
use crate::value::Value;

fn guarded(entries: &[(u16, bool, &str, Traffic)]) -> World {
    let mut world = network();
    world.acl("acl", "net", &["right"]);
    world.entry("acl", 100, Egress, true, "0.0.0.0/0", Traffic::All);
    for (number, allow, block, traffic) in entries {
        world.entry("acl", *number, Ingress, *allow, block, traffic.clone());
    }
    world
}

fn dead(entries: &[(u16, bool, &str, Traffic)]) -> Vec<String> {
    with("AG0316", &guarded(entries))
}

#[test]
fn ag0316_shadowed_by_one() {
    let all = Traffic::All;
    assert_eq!(
        dead(&[(100, true, "0.0.0.0/0", all.clone()), (200, false, "192.0.2.0/24", all.clone())]),
        [
            "[AG0316] ingress entry 200 of network ACL `acl` never decides: entry 100 matches all of it first"
        ]
    );
    let before = [(90, false, "192.0.2.0/24", all.clone()), (100, true, "0.0.0.0/0", all.clone())];
    assert_eq!(dead(&before), Vec::<String>::new());
    assert_eq!(
        dead(&[(100, true, "10.0.0.0/8", tcp(80, 80)), (200, true, "10.0.0.0/8", tcp(80, 81))]),
        Vec::<String>::new()
    );
}

#[test]
fn ag0316_shadowed_by_several_together() {
    let halves = [
        (100, true, "10.0.0.0/9", tcp(0, 1000)),
        (110, true, "10.128.0.0/9", tcp(0, 1000)),
        (120, false, "10.0.0.0/8", tcp(900, 2000)),
        (130, true, "10.0.0.0/8", tcp(500, 1500)),
    ];
    assert_eq!(
        dead(&halves),
        [
            "[AG0316] ingress entry 130 of network ACL `acl` never decides: entries 100, 110 and 120 match all of it first"
        ]
    );
    let hole = [
        (100, true, "10.0.0.0/9", tcp(0, 1000)),
        (110, true, "10.128.0.0/10", tcp(0, 1000)),
        (130, true, "10.0.0.0/8", tcp(500, 900)),
    ];
    assert_eq!(dead(&hole), Vec::<String>::new(), "10.192.0.0/10 is left");
    // In IPv4 there is no ICMPv6 that could be left of "all".
    let icmp = Traffic::Icmp { kind: None, code: None };
    let every: Vec<(u16, bool, &str, Traffic)> = vec![
        (1, true, "0.0.0.0/0", tcp(0, 65535)),
        (2, true, "0.0.0.0/0", icmp),
        (3, true, "0.0.0.0/0", Traffic::Protocol(50)),
        (4, true, "0.0.0.0/0", Traffic::All),
    ];
    assert_eq!(dead(&every), Vec::<String>::new(), "UDP is left");
}

#[test]
fn ag0316_unknown_entries_shadow_nothing() {
    let entries = [(100, true, "0.0.0.0/0", Traffic::All), (200, false, "192.0.2.0/24", tcp(1, 2))];
    let change = |edit: &dyn Fn(&mut crate::resource::NetworkAclEntry)| {
        let mut world = guarded(&entries);
        for resource in world.graph.resources.values_mut() {
            if let ResourceKind::NetworkAclEntry(it) = &mut resource.kind
                && it.allow
            {
                edit(it);
            }
        }
        with("AG0316", &world)
    };
    assert_eq!(change(&|it| it.cidr = Value::Unknown), Vec::<String>::new());
    assert_eq!(change(&|it| it.number = Value::Unknown), Vec::<String>::new());
    assert_eq!(change(&|it| it.traffic = Traffic::Tcp(Value::Unknown)), Vec::<String>::new());
    assert_eq!(change(&|_| {}).len(), 1);
}

#[test]
fn ag0316_ipv6_where_no_subnet_has_it() {
    let mut world = guarded(&[(100, true, "::/0", Traffic::All)]);
    assert_eq!(
        with("AG0316", &world),
        [
            "[AG0316] ingress entry 100 of network ACL `acl` never decides: no subnet that uses the ACL has IPv6 addresses"
        ]
    );
    let mut spare = world.clone();
    spare.graph.resources.retain(|id, _| id.as_str() != "acl.right");
    assert_eq!(with("AG0316", &spare), Vec::<String>::new(), "another template may use it");
    world.with_ipv6();
    assert_eq!(with("AG0316", &world), Vec::<String>::new());
}

#[test]
fn ag0309_numbers_of_a_template() {
    let mut world = guarded(&[(100, true, "10.0.0.0/8", tcp(1, 1))]);
    assert_eq!(with("AG0309", &world), Vec::<String>::new());
    world.entry("acl", 32767, Ingress, true, "10.0.0.0/8", tcp(2, 2));
    world.entry("acl", 300, Ingress, true, "10.0.0.0/8", tcp(3, 3));
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::NetworkAclEntry(it) = &mut resource.kind
            && it.number == Value::Literal(300)
        {
            it.number = Value::Literal(100);
        }
    }
    assert_eq!(
        with("AG0309", &world),
        [
            "[AG0309] an entry's number is between 1 and 32766, not 32767",
            "[AG0309] ingress entry 100 of network ACL `acl` is given twice",
        ]
    );
}
