//! Random small networks: three VPCs with their subnets, ACLs, groups and endpoints.

use super::super::world::{World, block, cidr, group, reference, tcp};
use super::dice::Dice;
use super::{Feature, exact, has, roads};
use crate::resource::interfaces::InterfaceKind;
use crate::resource::kubernetes::PolicyPeer;
use crate::resource::network::*;
use crate::value::Value;

/// VPC, subnet, its block, number of its /64, whether only transit gateways stand there.
pub const SUBNETS: [(&str, &str, &str, u8, bool); 9] = [
    ("a", "a0", "10.0.0.0/28", 0, false),
    ("a", "a1", "10.0.0.16/28", 1, false),
    ("a", "a2", "10.9.0.0/28", 2, false),
    ("a", "at", "10.0.0.32/28", 3, true),
    ("b", "b0", "10.1.0.0/28", 0, false),
    ("b", "b1", "10.1.0.16/28", 1, false),
    ("b", "bt", "10.1.0.32/28", 3, true),
    ("c", "c0", "10.2.0.0/28", 0, false),
    ("c", "ct", "10.2.0.32/28", 3, true),
];
/// VPC, its block, its own IPv6 block if it has one.
pub const VPCS: [(&str, &str, &str); 3] = [
    ("a", "10.0.0.0/24", "2a0b:1234:aa:aa00::/56"),
    ("b", "10.1.0.0/24", "2a0b:1234:bb:bb00::/56"),
    ("c", "10.2.0.0/24", "2a0b:1234:cc:cc00::/56"),
];
const BLOCKS: [&str; 11] = [
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/28",
    "10.0.0.0/24",
    "10.0.0.8/29",
    "10.1.0.0/24",
    "10.9.0.4/30",
    "8.8.8.0/24",
    "10.1.0.8/32",
];
const BLOCKS6: [&str; 10] = [
    "::/0",
    "::/0",
    "::/0",
    "2000::/3",
    "2a0b:1234:aa:aa00::/56",
    "2a0b:1234:aa:aa00::/64",
    "2a0b:1234:aa:aa00::/65",
    "2a0b:1234:bb:bb00::/56",
    "2a0b:1234::/32",
    "2a00:1450::/32",
];
const RANGES: [(u16, u16); 10] = [
    (0, 65535),
    (0, 65535),
    (1024, 65535),
    (32768, 60999),
    (32768, 65535),
    (49152, 65535),
    (443, 443),
    (22, 443),
    (1024, 32767),
    (60999, 65535),
];
const GROUPS: [(&str, &[&str]); 3] =
    [("a", &["ga0", "ga1", "ga2"]), ("b", &["gb0", "gb1"]), ("c", &["gc0"])];
const KINDS: [InterfaceKind; 6] = [
    InterfaceKind::Linux,
    InterfaceKind::Windows,
    InterfaceKind::Instance,
    InterfaceKind::NetworkLoadBalancer,
    InterfaceKind::Function,
    InterfaceKind::Managed,
];

/// What this network has, and how open its rules are.
pub struct Plan {
    pub loose: bool,
    /// By VPC: none, from Amazon, or the team's own.
    pub six: [Option<bool>; 3],
    pub transit: bool,
    pub vpn: bool,
    pub peerings: bool,
    /// Whether rules and routes may name other IPv6 blocks than those of everybody.
    pub far: bool,
    /// Whether ACLs of attachments may have entries about parts of subnets.
    pub parts: bool,
}

impl Plan {
    /// Whether blocks from Amazon stand beside others that are named.
    pub fn mixed(&self) -> bool {
        self.far && self.six.contains(&Some(false))
    }
}

fn traffic(dice: &mut Dice) -> Traffic {
    let (first, last) = dice.one(&RANGES);
    let code = dice.one(&[None, None, Some(0), Some(3)]);
    match dice.roll(12) {
        0..=2 => Traffic::All,
        3 => Traffic::Udp(Value::Literal(PortRange { first, last })),
        4 => {
            let kind = dice.one(&[None, Some(8), Some(0)]);
            Traffic::Icmp { kind, code: kind.and(code) }
        }
        5 if has(Feature::Ipv6) => {
            let kind = dice.one(&[None, Some(128), Some(129)]);
            Traffic::Icmpv6 { kind, code: kind.and(code) }
        }
        6 => Traffic::Protocol(dice.one(&[47, 47, 50])),
        _ => tcp(first, last),
    }
}

fn any_block(dice: &mut Dice, plan: &Plan) -> &'static str {
    if has(Feature::Ipv6) && dice.chance(40) {
        if plan.far { dice.one(&BLOCKS6) } else { dice.one(&BLOCKS6[..4]) }
    } else if has(Feature::Reserved) && dice.chance(10) {
        dice.one(&["10.0.0.0/30", "10.0.0.15/32", "10.1.0.0/32"])
    } else {
        dice.one(&BLOCKS)
    }
}

/// Whether a block is less than a subnet.
fn partial(block: &str) -> bool {
    ["/29", "/30", "/32", "/65"].iter().any(|it| block.ends_with(it) && !block.ends_with("::/32"))
}

pub fn network(dice: &mut Dice) -> (World, Plan) {
    let mut world = World::default();
    let mixed = has(Feature::AmazonMixed) && (exact(Feature::AmazonMixed) || dice.chance(20));
    let mut plan = Plan {
        loose: dice.chance(60),
        six: sixes(dice, mixed),
        transit: has(Feature::Transit) && dice.chance(60),
        vpn: has(Feature::Vpn) && dice.chance(30),
        peerings: dice.chance(75),
        far: true,
        parts: has(Feature::TransitParts) && (exact(Feature::TransitParts) || dice.chance(20)),
    };
    plan.far = !plan.six.contains(&Some(false)) || mixed;
    places(&mut world, dice, &plan);
    lists(&mut world, dice, &plan);
    roads::gateways(&mut world, dice, &plan);
    for (vpc, name, _, _, only) in SUBNETS {
        if !only || plan.transit {
            roads::routes(&mut world, dice, &plan, vpc, name, only);
        }
    }
    acls(&mut world, dice, &plan);
    groups(&mut world, dice, &plan);
    endpoints(&mut world, dice);
    (world, plan)
}

/// Where the IPv6 blocks of the VPCs come from.
fn sixes(dice: &mut Dice, mixed: bool) -> [Option<bool>; 3] {
    let amazon = dice.chance(25);
    [(); 3].map(|()| match dice.roll(10) {
        _ if !has(Feature::Ipv6) => None,
        0 => None,
        1..=3 if mixed => Some(false),
        _ => Some(!amazon),
    })
}

fn places(world: &mut World, dice: &mut Dice, plan: &Plan) {
    for (index, (vpc, block, given)) in VPCS.into_iter().enumerate() {
        world.vpc(vpc, block);
        if let Some(ours) = plan.six[index] {
            world.ipv6(vpc, ours.then_some(given));
        }
    }
    world.further_block("a", "10.9.0.0/24");
    for (vpc, name, block, nth, only) in SUBNETS {
        if only && !plan.transit {
            continue;
        }
        world.subnet(vpc, name, block);
        let index = VPCS.iter().position(|it| it.0 == vpc).unwrap();
        match plan.six[index] {
            Some(true) => {
                let block = VPCS[index].2.replace("00::/56", &format!("0{nth}::/64"));
                world.subnet_ipv6(name, SubnetIpv6::Given(cidr(&block)));
            }
            Some(false) => world.subnet_ipv6(name, SubnetIpv6::Nth(nth)),
            None => {}
        }
        if has(Feature::TransitZones) && plan.transit && dice.chance(15) {
            world.subnet_zone(name, 1);
        }
    }
}

fn lists(world: &mut World, dice: &mut Dice, plan: &Plan) {
    if !has(Feature::PrefixLists) {
        return;
    }
    let far = dice.one(&["10.1.0.0/24", "10.1.0.0/28", "10.0.0.0/8"]);
    world.prefix_list("to_b", &[far, "9.0.0.0/8"]);
    world.prefix_list("to_a", &[dice.one(&["10.0.0.0/24", "10.0.0.0/28"]), "10.9.0.0/24"]);
    world.prefix_list("some", &["10.0.0.0/29", "10.0.0.4/30", "8.8.0.0/16", "10.1.0.0/28"]);
    if has(Feature::Ipv6) && plan.far {
        world.prefix_list("to_a6", &["2a0b:1234:aa:aa00::/56", "2a00::/12"]);
        world.prefix_list("some6", &["2a0b:1234:aa:aa01::/64", "2a00:1450::/32"]);
    } else if has(Feature::Ipv6) {
        world.prefix_list("to_a6", &["2000::/3"]);
        world.prefix_list("some6", &["2000::/3"]);
    }
}

fn acls(world: &mut World, dice: &mut Dice, plan: &Plan) {
    for (index, (vpc, name, _, _, only)) in SUBNETS.iter().enumerate() {
        if (*only && !plan.transit) || !dice.chance(if plan.loose { 15 } else { 35 }) {
            continue;
        }
        let acl = format!("acl{index}");
        world.acl(&acl, vpc, &[name]);
        for direction in [Direction::Ingress, Direction::Egress] {
            for number in 0..dice.roll(4) {
                let allow = dice.chance(65);
                let (mut from, what) = (any_block(dice, plan), traffic(dice));
                let attached = *only || ["a0", "b0", "c0", "a1", "b1"].contains(name);
                if plan.transit && attached && !plan.parts && partial(from) {
                    from = if from.contains(':') { "::/0" } else { "0.0.0.0/0" };
                }
                world.entry(&acl, 10 + number as u16, direction, allow, from, what);
            }
            if dice.chance(70) {
                world.entry(&acl, 100, direction, true, "0.0.0.0/0", Traffic::All);
            }
            if has(Feature::Ipv6) && dice.chance(70) {
                world.entry(&acl, 101, direction, true, "::/0", Traffic::All);
            }
        }
    }
}

fn groups(world: &mut World, dice: &mut Dice, plan: &Plan) {
    for (vpc, names) in GROUPS {
        for name in names {
            world.group(name, vpc, dice.chance(if plan.loose { 80 } else { 40 }));
        }
    }
    let all: Vec<&str> = GROUPS.iter().flat_map(|it| it.1.iter().copied()).collect();
    for name in &all {
        for _ in 0..1 + dice.roll(3) {
            let direction = dice.one(&[Direction::Ingress, Direction::Ingress, Direction::Egress]);
            let peer = if has(Feature::PrefixLists) && dice.chance(12) {
                let lists = ["some", "to_a", "some6"];
                let lists = if has(Feature::Ipv6) { &lists } else { &lists[..2] };
                RulePeer::PrefixList(reference(dice.one(lists)))
            } else if dice.chance(40) {
                group(if dice.chance(40) { name } else { dice.one(&all) })
            } else {
                block(any_block(dice, plan))
            };
            let what = if plan.loose && dice.chance(50) { Traffic::All } else { traffic(dice) };
            world.rule(name, direction, peer, what);
        }
        if plan.loose && dice.chance(70) {
            world.rule(name, Direction::Ingress, block("0.0.0.0/0"), Traffic::All);
        }
        if plan.loose && has(Feature::Ipv6) && dice.chance(70) {
            world.rule(name, Direction::Ingress, block("::/0"), Traffic::All);
        }
    }
}

/// Subnets and groups of a VPC that an endpoint may have.
fn stand(dice: &mut Dice, vpcs: &[&str]) -> (Vec<&'static str>, Vec<&'static str>) {
    let vpc = dice.one(vpcs);
    let all = SUBNETS.iter().filter(|it| it.0 == vpc && !it.4).map(|it| it.1);
    let all: Vec<&'static str> = all.collect();
    let groups = GROUPS.iter().find(|it| it.0 == vpc).unwrap().1;
    (dice.some(&all), dice.some(groups))
}

/// Pods, which need their policies' leave beside that of their groups.
fn policies(world: &mut World, dice: &mut Dice) {
    if !has(Feature::Policies) {
        return;
    }
    const PODS: [&str; 3] = ["pod", "cell", "free"];
    for name in PODS {
        let (subnets, groups) = stand(dice, &["a", "a", "b"]);
        world.pods(name, name != "free", &subnets, &groups);
    }
    for name in PODS {
        for _ in 0..2 + dice.roll(4) {
            let direction = dice.one(&[Direction::Ingress, Direction::Egress]);
            let peer = match dice.roll(6) {
                0 => PolicyPeer::Internet,
                1 | 2 => PolicyPeer::Network {
                    name: "some".to_string(),
                    blocks: vec![cidr(dice.one(&BLOCKS)), cidr(dice.one(&BLOCKS))],
                },
                _ => PolicyPeer::Pods(reference(&format!("{}.policy", dice.one(&PODS)))),
            };
            world.policy_rule(name, direction, peer, traffic(dice));
        }
    }
}

fn endpoints(world: &mut World, dice: &mut Dice) {
    for (name, vpcs) in [("one", ["a", "a"]), ("two", ["a", "b"])] {
        let (subnets, groups) = stand(dice, &vpcs);
        world.service(name, &subnets, &groups);
    }
    let (subnets, groups) = stand(dice, &["a", "a", "b"]);
    world.balancer("edge", dice.chance(80), &subnets, &groups);
    for (name, vpcs) in [
        ("node", ["a", "a", "b", "a"]),
        ("box", ["a", "b", "b", "c"]),
        ("store", ["a", "b", "c", "a"]),
    ] {
        let (subnets, groups) = stand(dice, &vpcs);
        let mut kind = dice.one(&KINDS);
        if kind == InterfaceKind::Instance && !has(Feature::InstanceSystem) {
            kind = InterfaceKind::Linux;
        }
        if !has(Feature::Interfaces) {
            world.service(name, &subnets, &groups);
            continue;
        }
        // Only a Network Load Balancer may have no group.
        let none = kind == InterfaceKind::NetworkLoadBalancer && dice.chance(50);
        let groups = if none { Vec::new() } else { groups };
        let addresses = (dice.chance(50), dice.chance(90));
        world.interfaces(name, kind, &subnets, &groups, addresses);
    }
    policies(world, dice);
    if has(Feature::InterfaceEndpoint) {
        let (subnets, groups) = stand(dice, &["a"]);
        world.interface_endpoint("a", EndpointService::Logs, &subnets, &groups);
    }
}
