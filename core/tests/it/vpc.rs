//! VPCs and peerings: AG0201 to AG0213.

use archgen_core::Code;
use archgen_core::declare::{Kind, RawDeclaration};

use crate::common::*;

fn tiers(private: Node) -> Node {
    record([("private", private)])
}

use archgen_core::node::Node;

/// A VPC of one tier in two zones.
fn private(cidr: Node, private: Node) -> RawDeclaration {
    vpc("network", cidr, int(2), tiers(private))
}

#[test]
fn ag0201_malformed_or_host_bits() {
    rule(
        Code::AG0201,
        [private(text("10.0.0.1/16"), size(24))],
        "[AG0201] `10.0.0.1/16` has host bits set\n  \
         note: AWS would store 10.0.0.0/16, and every later plan would show a difference\n  \
         help: write `10.0.0.0/16`",
        [private(text("10.0.0.0/16"), size(24))],
        [private(unknown(), size(24))],
    );
}

#[test]
fn ag0201_every_way_to_be_malformed() {
    let why = |cidr: &str| said([private(text(cidr), size(24))]).join("\n");
    for (cidr, reason) in [
        ("10.0.0.0", "it has no prefix length"),
        ("10.0.0.0/33", "`/33` is not a prefix length from /0 to /32"),
        ("10.0.0.0/-1", "`/-1` is not a prefix length from /0 to /32"),
        ("10.0.0.0/", "`/` is not a prefix length from /0 to /32"),
        ("10.0.0.256/16", "`10.0.0.256` is not an IP address"),
        ("010.0.0.0/16", "`010.0.0.0` is not an IP address"),
        ("2001:db8::/129", "`/129` is not a prefix length from /0 to /128"),
    ] {
        let expected = format!("[AG0201] `{cidr}` is not a CIDR block: {reason}\n");
        assert!(why(cidr).starts_with(&expected), "{}", why(cidr));
    }
}

#[test]
fn ag0202_outside_its_vpc() {
    let subnets = |second: Node| list([text("10.0.1.0/24"), second]);
    rule(
        Code::AG0202,
        [private(text("10.0.0.0/16"), subnets(text("10.1.2.0/24")))],
        "[AG0202] subnet `private[1]` 10.1.2.0/24 lies outside the VPC `network` 10.0.0.0/16\n  \
         note: the VPC's block is given here: shop.rs:1:1\n  \
         help: the next free /24 in `network` is 10.0.0.0/24",
        [private(text("10.0.0.0/16"), subnets(text("10.0.2.0/24")))],
        [private(text("10.0.0.0/16"), subnets(unknown()))],
    );
    // A block of the VPC that is not known may be the one it lies in.
    let more = with(
        private(text("10.0.0.0/16"), subnets(text("10.1.2.0/24"))),
        "secondary_cidrs",
        list([unknown()]),
    );
    assert_eq!(said([more]), Vec::<String>::new());
    let more = with(
        private(text("10.0.0.0/16"), subnets(text("10.1.2.0/24"))),
        "secondary_cidrs",
        texts(&["10.1.0.0/16"]),
    );
    assert_eq!(said([more]), Vec::<String>::new());
}

#[test]
fn ag0203_overlap() {
    let subnets = |second: Node| list([text("10.0.1.0/24"), second]);
    rule(
        Code::AG0203,
        [private(text("10.0.0.0/16"), subnets(text("10.0.1.128/25")))],
        "[AG0203] subnet `private[1]` 10.0.1.128/25 overlaps subnet `private[0]` 10.0.1.0/24\n  \
         note: `private[0]` is declared here: shop.rs:1:1\n  \
         help: the next free /25 in `network` is 10.0.0.0/25",
        [private(text("10.0.0.0/16"), subnets(text("10.0.2.0/25")))],
        [private(unknown(), subnets(unknown()))],
    );
}

#[test]
fn ag0204_size_of_a_vpc() {
    let of = |cidr: Node| vpc("network", cidr, int(1), tiers(size(28)));
    rule(
        Code::AG0204,
        [of(text("10.0.0.0/8"))],
        "[AG0204] a VPC's block is between /16 and /28, and 10.0.0.0/8 is a /8\n  \
         help: a /16 is the largest: write `10.0.0.0/16`",
        [of(text("10.0.0.0/28"))],
        [of(unknown())],
    );
}

#[test]
fn ag0205_one_subnet_for_each_zone() {
    let of = |zones: Node| {
        vpc("network", text("10.0.0.0/16"), zones, tiers(texts(&["10.0.1.0/24", "10.0.2.0/24"])))
    };
    rule(
        Code::AG0205,
        [of(int(3))],
        "[AG0205] tier `private` has 2 subnets, and `network` has 3 zones\n  \
         note: the zones are given here: shop.rs:1:1\n  \
         help: add the next free block, `\"10.0.0.0/24\"`, or set `zones: 2`",
        [of(int(2))],
        [of(unknown())],
    );
}

#[test]
fn ag0206_secondary_blocks() {
    let of = |block: Node| with(network(), "secondary_cidrs", list([block]));
    rule(
        Code::AG0206,
        [of(text("10.0.128.0/20"))],
        "[AG0206] secondary block 10.0.128.0/20 overlaps 10.0.0.0/16\n  \
         note: 10.0.0.0/16 is given here: shop.rs:1:1\n  \
         help: blocks of one VPC must not share addresses",
        [of(text("100.64.0.0/16"))],
        [of(unknown())],
    );
    for (block, reason) in [
        ("192.168.0.0/16", "beside a primary block in 10.0.0.0/8, 192.168.0.0/16 is restricted"),
        ("172.20.0.0/16", "beside a primary block in 10.0.0.0/8, 172.16.0.0/12 is restricted"),
        ("198.19.4.0/24", "198.19.0.0/16 is restricted"),
    ] {
        let expected = format!(
            "[AG0206] AWS does not take {block} as a secondary block: {reason}\n  \
             help: take a block of 100.64.0.0/10, or of the primary block's own range"
        );
        assert_eq!(said([of(text(block))]), [expected]);
    }
}

fn peered(a: Node, b: Node) -> [RawDeclaration; 3] {
    let peering =
        [("requester", name_of(Kind::Vpc, "shop")), ("accepter", name_of(Kind::Vpc, "reports"))];
    [
        vpc("shop", a, int(2), tiers(size(24))),
        vpc("reports", b, int(2), tiers(size(24))),
        declare(Kind::VpcPeering, "between", peering),
    ]
}

#[test]
fn ag0207_peered_vpcs() {
    rule(
        Code::AG0207,
        peered(text("10.0.0.0/16"), text("10.0.64.0/18")),
        "[AG0207] `reports` 10.0.64.0/18 overlaps `shop` 10.0.0.0/16: they cannot be peered\n  \
         note: 10.0.0.0/16 is given here: shop.rs:1:1\n  \
         note: 10.0.64.0/18 is given here: shop.rs:1:1\n  \
         note: AWS refuses a peering whose VPCs share an address, used or not\n  \
         help: give one of them another block; a VPC's primary block cannot be changed later",
        peered(text("10.0.0.0/16"), text("10.1.0.0/16")),
        peered(text("10.0.0.0/16"), unknown()),
    );
}

#[test]
fn ag0208_zones_of_a_tier() {
    let of = |zones: Node| {
        [
            vpc("network", text("10.0.0.0/16"), zones, record([("database", size(24))])),
            declare(
                Kind::RdsPostgres,
                "database",
                [
                    ("subnets", tier("network", "database")),
                    ("version", text("16.8")),
                    ("class", text("db.t4g.medium")),
                    ("storage", range(amount(100.0, "GB"), amount(1000.0, "GB"))),
                    ("multi_az", unknown()),
                    ("backups", amount(7.0, "days")),
                ],
            ),
        ]
    };
    rule(
        Code::AG0208,
        of(int(1)),
        "[AG0208] PostgreSQL database `database` needs 2 zones, and `network.database` spans 1\n  \
         note: a DB subnet group has subnets in at least two zones, with or without `multi_az`\n  \
         help: give `network` at least `zones: 2`",
        of(int(2)),
        of(unknown()),
    );
}

#[test]
fn ag0209_no_room() {
    let of = |cidr: Node| vpc("network", cidr, int(3), tiers(size(25)));
    rule(
        Code::AG0209,
        [of(text("10.0.0.0/24"))],
        "[AG0209] `network` has room for 2 of the 3 /25 subnets of tier `private`\n  \
         help: make the subnets smaller (`/26`), or add a block to `secondary_cidrs`",
        [of(text("10.0.0.0/23"))],
        [of(unknown())],
    );
}

#[test]
fn ag0210_size_of_a_subnet() {
    let of = |blocks: Node| vpc("network", text("10.0.0.0/16"), int(1), tiers(blocks));
    rule(
        Code::AG0210,
        [of(texts(&["10.0.1.0/29"]))],
        "[AG0210] a subnet is between /16 and /28, and `private[0]` is 10.0.1.0/29\n  \
         help: a /24 has 251 usable addresses, a /28 has 11",
        [of(texts(&["10.0.1.0/28"]))],
        [of(list([unknown()]))],
    );
    assert_eq!(
        said([of(size(30))]),
        ["[AG0210] a subnet is between /16 and /28, and `private` is /30\n  \
          help: a /24 has 251 usable addresses, a /28 has 11"]
    );
}

#[test]
fn ag0211_nat_gateways() {
    let of = |nat: Node, tiers: Node| {
        with(vpc("network", text("10.0.0.0/16"), int(2), tiers), "nat", nat)
    };
    let both = || record([("public", size(24)), ("private", size(24))]);
    rule(
        Code::AG0211,
        [of(word("PerZone"), tiers(size(24)))],
        "[AG0211] `network` has no public tier for its NAT gateways to stand in\n  \
         help: add a tier `public`, or set `nat: None`",
        [of(word("PerZone"), both())],
        [of(unknown(), tiers(size(24)))],
    );
    let route = |nat: Node| {
        of(
            nat,
            record([
                ("public", size(24)),
                ("jobs", record([("blocks", size(24)), ("route", word("NatGateway"))])),
            ]),
        )
    };
    assert_eq!(
        said([route(word("None"))]),
        ["[AG0211] tier `jobs` routes to NAT gateways, and `network` has none\n  \
          help: set `nat: Single` or `nat: PerZone`"]
    );
    assert_eq!(said([route(word("Single"))]), Vec::<String>::new());
    assert_eq!(said([route(unknown())]), Vec::<String>::new());
}

#[test]
fn ag0212_usable_addresses() {
    let of = |wanted: Node| {
        private(text("10.0.0.0/16"), record([("blocks", size(24)), ("addresses", wanted)]))
    };
    rule(
        Code::AG0212,
        [of(int(256))],
        "[AG0212] subnet `private[0]` 10.0.0.0/24 has 251 usable addresses, not 256\n  \
         note: of its 256 addresses AWS keeps 5 for itself\n  \
         help: a /23 has enough",
        [of(int(251))],
        [of(unknown())],
    );
}

#[test]
fn ag0213_between_two_vpcs() {
    let of = |accepter: Node| {
        let [shop, reports, _] = peered(text("10.0.0.0/16"), text("10.1.0.0/16"));
        let fields = [("requester", name_of(Kind::Vpc, "shop")), ("accepter", accepter)];
        [shop, reports, declare(Kind::VpcPeering, "between", fields)]
    };
    rule(
        Code::AG0213,
        of(name_of(Kind::Vpc, "shop")),
        "[AG0213] `between` peers a VPC with itself\n  help: give two VPCs",
        of(name_of(Kind::Vpc, "reports")),
        of(unknown()),
    );
}
