//! What network ACLs drop: failing, passing and unknown cases.

use crate::check::network::testing::{declared, network, thing, with};
use crate::network::tests::world::{World, block, group, tcp};
use crate::resource::ResourceKind;
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::Traffic;
use crate::value::Value;

/// `task` in `left` may connect to `server` in `right`, which has an ACL.
fn guarded() -> World {
    let mut world = network();
    world.group("s", "net", false);
    world.service("server", &["right"], &["s"]);
    world.rule("s", Ingress, group("g"), tcp(80, 80));
    world.acl("acl", "net", &["right"]);
    world.entry("acl", 100, Ingress, true, "10.0.0.0/16", tcp(80, 80));
    world
}

fn unknown_blocks(world: &mut World) {
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::NetworkAclEntry(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        }
    }
}

#[test]
fn ag0317_answers_between_groups() {
    let mut world = guarded();
    world.entry("acl", 100, Egress, true, "10.0.0.0/16", tcp(80, 80));
    assert_eq!(
        with("AG0317", &world),
        [
            "[AG0317] the egress of network ACL `acl` drops the answers of connections from `net.left[0]` to `net.right[0]` on tcp/80"
        ]
    );
    assert_eq!(declared(&world, &[]).len(), 1);
    let mut unknown = world.clone();
    unknown_blocks(&mut unknown);
    assert_eq!(with("AG0317", &unknown), Vec::<String>::new());
    world.entry("acl", 200, Egress, true, "10.0.1.0/24", tcp(32768, 50000));
    assert!(with("AG0317", &world)[0].contains("drops some of the answers"));
    world.entry("acl", 300, Egress, true, "10.0.1.0/24", tcp(50001, 60999));
    assert_eq!(with("AG0317", &world), Vec::<String>::new());
}

#[test]
fn ag0317_only_what_is_admitted_is_asked() {
    // The ACL does not let the connection in at all: that is meant.
    let mut shut = guarded();
    shut.graph.resources.retain(|id, _| !id.as_str().starts_with("acl.Ingress"));
    assert_eq!(with("AG0317", &shut), Vec::<String>::new());
    // No group lets it out.
    let mut mute = guarded();
    for resource in mute.graph.resources.values_mut() {
        if let ResourceKind::SecurityGroup(it) = &mut resource.kind {
            it.default_egress = Value::Literal(false);
        }
    }
    assert_eq!(with("AG0317", &mute), Vec::<String>::new());
    mute.rule("g", Egress, group("s"), tcp(80, 80));
    assert_eq!(with("AG0317", &mute).len(), 1);
    // What is denied for some addresses only is meant.
    let mut some = guarded();
    some.entry("acl", 50, Egress, false, "10.0.1.7/32", Traffic::All);
    some.entry("acl", 100, Egress, true, "10.0.0.0/16", Traffic::All);
    assert_eq!(with("AG0317", &some), Vec::<String>::new());
}

/// `web` in a public subnet with an ACL, open to everybody on port 443.
fn public() -> World {
    let mut world = network();
    world.gateway("net");
    world.route_to_gateway("right", "0.0.0.0/0", "net");
    world.group("w", "net", false);
    world.rule("w", Ingress, block("0.0.0.0/0"), tcp(443, 443));
    world.acl("acl", "net", &["right"]);
    let mut web = thing("web", &["right"], &["w"]);
    web.public = Value::Literal(true);
    world.stand(web);
    world
}

#[test]
fn ag0317_answers_to_the_internet() {
    let mut world = public();
    world.entry("acl", 100, Ingress, true, "0.0.0.0/0", tcp(443, 443));
    world.entry("acl", 100, Egress, true, "0.0.0.0/0", tcp(443, 443));
    assert_eq!(
        with("AG0317", &world),
        [
            "[AG0317] the egress of network ACL `acl` drops the answers of connections from the internet to `net.right[0]` on tcp/443"
        ]
    );
    world.entry("acl", 200, Egress, true, "0.0.0.0/0", tcp(1024, 65535));
    assert_eq!(with("AG0317", &world), Vec::<String>::new());
    // Nothing in the subnet opens connections to port 443, whatever the ACL has an entry for.
    world.rule("w", Egress, block("0.0.0.0/0"), tcp(443, 443));
    assert_eq!(
        with("AG0317", &world),
        [
            "[AG0317] the ingress of network ACL `acl` drops the answers of connections from `net.right[0]` to the internet on tcp/443"
        ]
    );
    // An entry for everything may be there for answers.
    let mut wide = public();
    wide.rule("w", Egress, block("0.0.0.0/0"), tcp(443, 443));
    wide.entry("acl", 100, Ingress, true, "0.0.0.0/0", tcp(443, 443));
    wide.entry("acl", 100, Egress, true, "0.0.0.0/0", Traffic::All);
    assert_eq!(with("AG0317", &wide), Vec::<String>::new());
}

#[test]
fn row_20_path_mtu_discovery_needs_icmp() {
    let icmp = |kind, code| Traffic::Icmp { kind: Some(kind), code };
    let mut world = public();
    world.entry("acl", 100, Ingress, true, "0.0.0.0/0", tcp(0, 65535));
    world.entry("acl", 100, Egress, true, "0.0.0.0/0", tcp(0, 65535));
    let both = "[AG0318] network ACL `acl` lets TCP through to and from the internet and drops ICMP type 3 code 4 (ingress and egress)";
    assert_eq!(with("AG0318", &world), [both]);
    world.entry("acl", 200, Ingress, true, "0.0.0.0/0", icmp(3, Some(4)));
    assert_eq!(with("AG0318", &world), [both.replace("ingress and egress", "egress")]);
    world.entry("acl", 200, Egress, true, "0.0.0.0/0", icmp(3, None));
    assert_eq!(with("AG0318", &world), Vec::<String>::new());
    // In IPv6 it is type 2.
    world.with_ipv6();
    world.route_to_gateway("right", "::/0", "net");
    assert_eq!(with("AG0318", &world), Vec::<String>::new(), "no TCP over IPv6");
    world.entry("acl", 300, Ingress, true, "::/0", tcp(0, 65535));
    world.entry("acl", 300, Egress, true, "::/0", tcp(0, 65535));
    assert_eq!(
        with("AG0318", &world),
        [
            "[AG0318] network ACL `acl` lets TCP through to and from the internet and drops ICMPv6 type 2 (ingress and egress)"
        ]
    );
    for (number, direction) in [(400, Ingress), (400, Egress)] {
        let traffic = Traffic::Icmpv6 { kind: Some(2), code: Some(0) };
        world.entry("acl", number, direction, true, "::/0", traffic);
    }
    assert_eq!(with("AG0318", &world), Vec::<String>::new());
    let mut unknown = public();
    unknown.entry("acl", 100, Ingress, true, "0.0.0.0/0", tcp(0, 65535));
    unknown.entry("acl", 100, Egress, true, "0.0.0.0/0", tcp(0, 65535));
    unknown.entry("acl", 200, Ingress, true, "0.0.0.0/0", Traffic::Unknown);
    unknown.entry("acl", 200, Egress, true, "0.0.0.0/0", Traffic::Unknown);
    assert_eq!(with("AG0318", &unknown), Vec::<String>::new());
    // Inside a VPC packets are rarely too large.
    let mut inner = guarded();
    inner.entry("acl", 200, Egress, true, "0.0.0.0/0", tcp(0, 65535));
    assert_eq!(with("AG0318", &inner), Vec::<String>::new());
}

/// `edge` in `left` sends requests to `task` in `right` on port 8080.
fn balanced() -> World {
    let mut world = network();
    let mut edge = thing("edge", &["left"], &["g"]);
    edge.kind = InterfaceKind::LoadBalancer;
    world.stand(edge);
    world.stand(thing("target", &["right"], &["g"]));
    world.forward("edge", 443, "target", 8080);
    world.acl("acl", "net", &["right"]);
    world.entry("acl", 900, Ingress, true, "0.0.0.0/0", Traffic::All);
    world.entry("acl", 900, Egress, true, "0.0.0.0/0", Traffic::All);
    world
}

#[test]
fn row_21_denying_the_subnet_or_everybody_breaks_health_checks() {
    assert_eq!(with("AG0320", &balanced()), Vec::<String>::new());
    for denied in ["10.0.1.0/24", "0.0.0.0/0"] {
        let mut world = balanced();
        world.entry("acl", 100, Ingress, false, denied, Traffic::All);
        assert_eq!(
            with("AG0320", &world),
            [
                "[AG0320] the ingress of network ACL `acl` drops what `edge` sends to `target` on tcp/8080"
            ]
        );
    }
    let mut some = balanced();
    some.entry("acl", 100, Ingress, false, "10.0.1.0/25", Traffic::All);
    assert_eq!(with("AG0320", &some), Vec::<String>::new(), "half of the subnet gets through");
    let mut other = balanced();
    other.entry("acl", 100, Ingress, false, "10.0.1.0/24", tcp(80, 80));
    assert_eq!(with("AG0320", &other), Vec::<String>::new());
    let mut unknown = balanced();
    unknown.entry("acl", 100, Ingress, false, "10.0.1.0/24", Traffic::Unknown);
    assert_eq!(with("AG0320", &unknown), Vec::<String>::new());
}
