//! Ports of rules and numbers of network ACL entries: AG0305, AG0306, AG0309.

use archgen_core::Code;
use archgen_core::declare::{Kind, RawDeclaration};
use archgen_core::node::{Node, NodeKind};

use crate::common::*;

/// A group that admits these ports from inside the VPC.
fn group(ports: Node) -> [RawDeclaration; 2] {
    let rule = pair(text("10.0.0.0/16"), ports);
    let fields = [("vpc", name_of(Kind::Vpc, "network")), ("ingress", list([rule]))];
    [network(), declare(Kind::SecurityGroup, "web", fields)]
}

#[test]
fn ag0305_ports() {
    for wrong in [0, 65536, 70000, -1] {
        rule(
            Code::AG0305,
            group(call("tcp", [int(443), int(wrong)])),
            &format!(
                "[AG0305] port {wrong} is not between 1 and 65535\n  \
                 help: TCP and UDP ports have 16 bits, and port 0 cannot be connected to"
            ),
            group(call("tcp", [int(1), int(65535)])),
            group(call("tcp", [int(443), unknown()])),
        );
    }
    // Both ends of a range are looked at.
    assert_eq!(said(group(call("udp", [range(int(0), int(65536))]))).len(), 2);
}

#[test]
fn ag0306_ranges() {
    rule(
        Code::AG0306,
        group(call("tcp", [range(int(8080), int(8000))])),
        "[AG0306] the port range 8080 to 8000 is empty\n  \
         help: write a port, or the first and the last as `8000..=8080`",
        group(call("tcp", [range(int(8000), int(8000))])),
        group(call("tcp", [range(int(8080), unknown())])),
    );
    assert_eq!(
        said(group(call("udp", []))),
        ["[AG0306] `udp()` names no port\n  \
          help: write a port, or the first and the last as `8000..=8080`"]
    );
    let open = NodeKind::Range { start: Some(Box::new(int(8000))), end: None, inclusive: false };
    assert_eq!(
        said(group(call("tcp", [Node::new(open, HERE)]))),
        ["[AG0306] a port range needs both ends\n  \
          help: write a port, or the first and the last as `8000..=8080`"]
    );
}

#[test]
fn ag0309_numbers() {
    let of = |second: Node| {
        let allow = || call("allow", [text("10.0.0.0/16"), word("all")]);
        let fields = [
            ("subnets", tier("network", "private")),
            ("ingress", list([pair(int(100), allow()), pair(second, allow())])),
            ("egress", list([pair(int(100), allow())])),
        ];
        [network(), declare(Kind::NetworkAcl, "guard", fields)]
    };
    rule(
        Code::AG0309,
        of(int(100)),
        "[AG0309] number 100 is given twice\n  note: it is given here first: shop.rs:1:1\n  \
         help: number entries in steps of 100, so that others fit between; the lowest decides",
        of(int(200)),
        of(unknown()),
    );
    for wrong in [0, 32767] {
        let said = said(of(int(wrong)));
        assert_eq!(said.len(), 1, "{said:?}");
        let expected = format!("[AG0309] an entry's number is between 1 and 32766, not {wrong}\n");
        assert!(said[0].starts_with(&expected), "{said:?}");
    }
}
