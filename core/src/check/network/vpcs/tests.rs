//! VPCs, subnets and peerings of a template.

use crate::check::network::testing::{codes, network, read};
use crate::check::testing;
use crate::codes::Code;
use crate::network::tests::world::{World, cidr, reference, v4};
use crate::resource::network::{
    Accepter, Ipv6Block, SubnetIpv6, VpcIpv6Block, VpcPeeringConnection,
};
use crate::resource::{ResourceKind, Vpc};
use crate::value::{Text, Value};

fn vpc(block: &str) -> World {
    let mut world = World::default();
    world.vpc("net", block);
    world
}

fn ipv6_block(world: &mut World, vpc: &str, block: Ipv6Block) {
    world.add(
        vpc,
        &format!("{vpc}.ipv6.{}", world.line),
        VpcIpv6Block { vpc: reference(vpc), block },
    );
}

fn given(block: &str) -> Ipv6Block {
    Ipv6Block::Given(cidr(block))
}

#[test]
fn row_28_sizes_of_vpcs_and_subnets() {
    assert_eq!(
        read(&vpc("10.0.0.0/8")),
        ["[AG0204] a VPC's block is between /16 and /28, and 10.0.0.0/8 is a /8"]
    );
    assert_eq!(codes(&vpc("10.0.0.0/29")), ["AG0204"]);
    let mut world = vpc("10.0.0.0/16");
    world.bare_subnet("net", "Small", "10.0.1.0/28");
    world.bare_subnet("net", "Large", "10.0.128.0/17");
    assert_eq!(read(&world), Vec::<String>::new());
    world.bare_subnet("net", "Tiny", "10.0.2.0/29");
    assert_eq!(
        read(&world),
        ["[AG0210] a subnet is between /16 and /28, and `Tiny` is 10.0.2.0/29"]
    );
    let mut unknown = World::default();
    unknown.add("net", "net", Vpc { cidr: Value::Unknown });
    unknown.bare_subnet("net", "Any", "192.168.0.0/24");
    assert_eq!(read(&unknown), Vec::<String>::new());
}

#[test]
fn ag0202_subnet_outside_its_vpc() {
    let mut world = vpc("10.0.0.0/16");
    world.further_block("net", "10.7.0.0/16");
    world.bare_subnet("net", "Second", "10.7.1.0/24");
    world.bare_subnet("elsewhere", "Imported", "192.168.1.0/24");
    assert_eq!(read(&world), Vec::<String>::new());
    world.bare_subnet("net", "Astray", "10.8.1.0/24");
    assert_eq!(
        read(&world),
        [
            "[AG0202] subnet `Astray` 10.8.1.0/24 lies outside the VPC `net` 10.0.0.0/16, 10.7.0.0/16"
        ]
    );
}

#[test]
fn ag0203_subnets_overlap() {
    let mut world = vpc("10.0.0.0/16");
    world.bare_subnet("net", "A", "10.0.0.0/24");
    world.bare_subnet("net", "B", "10.0.1.0/24");
    assert_eq!(read(&world), Vec::<String>::new());
    world.bare_subnet("net", "C", "10.0.1.128/25");
    world.bare_subnet("net", "D", "10.0.1.0/24");
    assert_eq!(
        read(&world),
        [
            "[AG0203] subnet `C` 10.0.1.128/25 overlaps subnet `B` 10.0.1.0/24",
            "[AG0203] subnet `D` 10.0.1.0/24 overlaps subnet `B` 10.0.1.0/24",
        ]
    );
}

#[test]
fn row_30_secondary_blocks() {
    let beside = |primary: &str, secondary: &str| {
        let mut world = vpc(primary);
        world.further_block("net", secondary);
        codes(&world)
    };
    for refused in [
        ("10.0.0.0/16", "172.16.0.0/16"),
        ("10.0.0.0/16", "192.168.0.0/16"),
        ("10.1.0.0/16", "10.0.0.0/16"),
        ("172.16.0.0/16", "172.31.0.0/16"),
        ("10.0.0.0/16", "198.19.0.0/16"),
        ("10.0.0.0/16", "10.0.128.0/17"),
    ] {
        assert_eq!(beside(refused.0, refused.1), ["AG0206"], "{refused:?}");
    }
    for taken in [("10.0.0.0/16", "100.64.0.0/16"), ("10.0.0.0/16", "10.1.0.0/16")] {
        assert_eq!(beside(taken.0, taken.1), Vec::<String>::new(), "{taken:?}");
    }
    let mut unknown = World::default();
    unknown.add("net", "net", Vpc { cidr: Value::Unknown });
    unknown.further_block("net", "10.0.0.0/16");
    unknown.further_block("net", "192.168.0.0/16");
    assert_eq!(codes(&unknown), Vec::<String>::new());
}

#[test]
fn row_31_blocks_of_docker_and_link_local_ones() {
    assert_eq!(
        read(&vpc("172.17.0.0/20")),
        [
            "[AG0219] 172.17.0.0/20 overlaps 172.17.0.0/16, which AWS services and Docker use themselves"
        ]
    );
    assert_eq!(
        read(&vpc("169.254.0.0/16")),
        ["[AG0218] a VPC cannot have 169.254.0.0/16: 169.254.0.0/16 is for link-local addresses"]
    );
    assert_eq!(read(&vpc("172.18.0.0/16")), Vec::<String>::new());
    let declared = |block: &str| {
        let source =
            format!(r#"vpc network {{ cidr: "{block}", zones: 1, subnets: {{ private: /24 }} }}"#);
        testing::found(&source).into_iter().map(|(code, _)| code).collect::<Vec<Code>>()
    };
    assert_eq!(declared("172.17.0.0/16"), [Code::AG0219]);
    assert_eq!(declared("169.254.0.0/16"), [Code::AG0218]);
    assert_eq!(declared("172.18.0.0/16"), []);
}

#[test]
fn row_32_ipv6_blocks_of_subnets() {
    let subnet = |block: &str| {
        let mut world = vpc("10.0.0.0/16");
        ipv6_block(&mut world, "net", given("2600:1f00::/56"));
        world.bare_subnet("net", "A", "10.0.0.0/24");
        for resource in world.graph.resources.values_mut() {
            if let ResourceKind::Subnet(it) = &mut resource.kind {
                it.ipv6 = Some(SubnetIpv6::Given(cidr(block)));
            }
        }
        codes(&world)
    };
    assert_eq!(subnet("2600:1f00:0:1::/64"), Vec::<String>::new());
    assert_eq!(subnet("2600:1f00:0:1::/65"), ["AG0210"]);
    assert_eq!(subnet("2600:1f00:0:2::/63"), ["AG0210"]);
    assert_eq!(subnet("2600:1f01::/64"), ["AG0202"]);
    let mut amazon = network();
    ipv6_block(&mut amazon, "net", Ipv6Block::Amazon);
    amazon.with_ipv6();
    assert_eq!(codes(&amazon), Vec::<String>::new(), "its block is not known");
}

#[test]
fn row_33_peered_vpcs_share_no_address_in_either_family() {
    let pair = |second: &str| {
        let mut world = vpc("10.0.0.0/16");
        world.vpc("far", second);
        world.peering("link", "net", "far");
        world
    };
    assert_eq!(
        read(&pair("10.0.0.0/20")),
        ["[AG0207] `far` 10.0.0.0/20 overlaps `net` 10.0.0.0/16: they cannot be peered"]
    );
    let mut world = pair("10.1.0.0/16");
    assert_eq!(read(&world), Vec::<String>::new());
    ipv6_block(&mut world, "net", Ipv6Block::Amazon);
    ipv6_block(&mut world, "far", Ipv6Block::Amazon);
    assert_eq!(read(&world), Vec::<String>::new(), "Amazon never gives a block twice");
    ipv6_block(&mut world, "net", given("2600:1f00::/56"));
    ipv6_block(&mut world, "far", given("2600:1f00::/56"));
    assert_eq!(
        read(&world),
        ["[AG0207] `far` 2600:1f00::/56 overlaps `net` 2600:1f00::/56: they cannot be peered"]
    );
    let mut outside = vpc("10.0.0.0/16");
    let cidr = v4("10.0.4.0/24");
    let accepter = Accepter::External {
        vpc: Text::literal("vpc-1"),
        account: None,
        role: None,
        region: None,
        cidr,
    };
    let kind = VpcPeeringConnection { requester: reference("net"), accepter };
    outside.add("link", "link", kind);
    assert_eq!(
        read(&outside),
        ["[AG0207] the other VPC 10.0.4.0/24 overlaps `net` 10.0.0.0/16: they cannot be peered"]
    );
}
