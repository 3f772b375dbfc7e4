//! Random small networks: the engine agrees with the oracle, and what it says while parts are unknown
//! stays true when they are known.

use std::collections::BTreeMap;

use super::oracle::{Oracle, Packet};
use super::world::{World, block, group, tcp};
use crate::network::{Answer, Model, Question, Side, Wanted};
use crate::resource::ResourceKind;
use crate::resource::network::{Direction, PortRange, RouteTarget, Traffic};
use crate::value::Value;

/// Numbers without a pattern (xorshift64*), the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

const SUBNETS: [(&str, &str, &str); 4] = [
    ("a", "a0", "10.0.0.0/28"),
    ("a", "a1", "10.0.0.16/28"),
    ("a", "a2", "10.9.0.0/28"),
    ("b", "b0", "10.1.0.0/28"),
];
const BLOCKS: [&str; 9] = [
    "0.0.0.0/0",
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/28",
    "10.0.0.0/24",
    "10.0.0.8/29",
    "10.1.0.0/24",
    "8.8.8.0/24",
    "::/0",
];
const RANGES: [(u16, u16); 8] = [
    (0, 65535),
    (0, 65535),
    (1024, 65535),
    (32768, 60999),
    (32768, 65535),
    (443, 443),
    (22, 443),
    (1024, 32767),
];

fn traffic(dice: &mut Dice) -> Traffic {
    let (first, last) = dice.one(&RANGES);
    match dice.roll(8) {
        0 | 1 => Traffic::All,
        2 => Traffic::Udp(Value::Literal(PortRange { first, last })),
        3 => Traffic::Icmp { kind: dice.one(&[None, Some(8), Some(0)]), code: None },
        _ => tcp(first, last),
    }
}

fn network(dice: &mut Dice) -> World {
    let mut world = World::default();
    world.vpc("a", "10.0.0.0/24");
    world.further_block("a", "10.9.0.0/24");
    world.vpc("b", "10.1.0.0/24");
    world.gateway("a");
    if dice.chance(50) {
        world.gateway("b");
    }
    world.peering("peering", "a", "b");
    world.peering("other_peering", "b", "a");
    world.nat("nat", dice.one(&["a0", "a1"]));
    for (vpc, name, cidr) in SUBNETS {
        world.subnet(vpc, name, cidr);
        if dice.chance(75) {
            let to = dice.one(&["0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "8.8.8.0/24"]);
            if vpc == "a" && dice.chance(50) {
                world.route_to_nat(name, to, "nat");
            } else {
                world.route_to_gateway(name, to, dice.one(&["a", vpc, vpc, vpc]));
            }
        }
        if dice.chance(20) {
            world.route_to_gateway(name, "9.0.0.0/8", vpc);
        }
        if dice.chance(80) {
            let far: &[&str] = if vpc == "a" {
                &["10.1.0.0/24", "10.1.0.0/28", "10.1.0.0/29"]
            } else {
                &["10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/28"]
            };
            let peering = dice.one(&["peering", "peering", "peering", "other_peering"]);
            world.route_to_peering(name, dice.one(far), peering);
        }
    }
    for (index, (vpc, name, _)) in SUBNETS.iter().enumerate() {
        if !dice.chance(35) {
            continue;
        }
        let acl = format!("acl{index}");
        world.acl(&acl, vpc, &[name]);
        for direction in [Direction::Ingress, Direction::Egress] {
            for number in 0..dice.roll(4) {
                let allow = dice.chance(65);
                let (from, what) = (dice.one(&BLOCKS), traffic(dice));
                world.entry(&acl, 10 + number as u16, direction, allow, from, what);
            }
            if dice.chance(70) {
                world.entry(&acl, 100, direction, true, "0.0.0.0/0", Traffic::All);
            }
        }
    }
    for name in ["g0", "g1", "g2"] {
        world.group(name, "a", dice.chance(40));
        for _ in 0..1 + dice.roll(3) {
            let direction = dice.one(&[Direction::Ingress, Direction::Ingress, Direction::Egress]);
            let peer = if dice.chance(40) {
                group(dice.one(&["g0", "g1", "g2"]))
            } else {
                block(dice.one(&BLOCKS))
            };
            let what = traffic(dice);
            world.rule(name, direction, peer, what);
        }
    }
    for name in ["one", "two"] {
        let subnets = subset(dice, &["a0", "a1", "a2", "b0"]);
        let groups = subset(dice, &["g0", "g1", "g2"]);
        world.service(name, &subnets, &groups);
    }
    let (subnets, groups) = (subset(dice, &["a0", "a1", "b0"]), subset(dice, &["g0", "g1", "g2"]));
    world.balancer("edge", dice.chance(80), &subnets, &groups);
    world
}

/// One or two of these.
fn subset<'a>(dice: &mut Dice, of: &[&'a str]) -> Vec<&'a str> {
    let first = dice.one(of);
    let mut all = vec![first];
    if dice.chance(35) {
        let second = dice.one(of);
        if second != first {
            all.push(second);
        }
    }
    all
}

fn side(name: &str) -> Side {
    if name == "internet" { Side::Internet } else { Side::Endpoint(name.to_string()) }
}

fn wanted(packet: Packet) -> Wanted {
    let icmp = |kind| Traffic::Icmp { kind: Some(kind), code: Some(0) };
    Wanted::of(&match packet {
        Packet::Tcp(port) => tcp(port, port),
        Packet::Udp(port) => Traffic::Udp(Value::Literal(PortRange { first: port, last: port })),
        Packet::Icmp(kind) => icmp(kind),
    })
}

const QUESTIONS: [(&str, &str); 8] = [
    ("one", "two"),
    ("two", "one"),
    ("one", "one"),
    ("one", "internet"),
    ("edge", "two"),
    ("internet", "edge"),
    ("edge", "internet"),
    ("internet", "two"),
];
const PACKETS: [Packet; 4] = [Packet::Tcp(443), Packet::Tcp(80), Packet::Udp(443), Packet::Icmp(8)];

/// How many networks are tried; `ARCHGEN_ORACLE_NETWORKS` says otherwise.
fn networks(default: u64) -> u64 {
    std::env::var("ARCHGEN_ORACLE_NETWORKS").ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

#[test]
fn engine_agrees_with_oracle() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 1..=networks(200) {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let world = network(&mut dice);
        let model = Model::new(&world.graph);
        let oracle = Oracle::new(&world.graph);
        for (from, to) in QUESTIONS {
            let packet = dice.one(&PACKETS);
            for question in [Question::Works, Question::Open] {
                let expected =
                    if oracle.ask(from, to, packet, question) { Answer::Yes } else { Answer::No };
                let reach = model.reach(&side(from), &side(to), &wanted(packet), question);
                assert_eq!(
                    reach.answer,
                    expected,
                    "seed {seed}: {from} to {to} {packet:?} {question:?}\n{:#?}\n{:#?}",
                    reach.path,
                    world.graph.resources.values().map(|it| (&it.id, &it.kind)).collect::<Vec<_>>()
                );
                *seen.entry(format!("{from} {to} {question:?} {expected:?}")).or_default() += 1;
            }
        }
    }
    // What has no public address is never reached from the internet; everything else has both answers.
    for (from, to) in QUESTIONS {
        for question in ["Works", "Open"] {
            let count = |answer: &str| {
                seen.get(&format!("{from} {to} {question} {answer}")).copied().unwrap_or(0)
            };
            assert!(count("No") > 0, "{from} {to} {question}: {seen:?}");
            assert_eq!(
                count("Yes") > 0,
                (from, to) != ("internet", "two"),
                "{from} {to} {question}: {seen:?}"
            );
        }
    }
}

/// Makes some values unknown.
fn forget(world: &World, dice: &mut Dice) -> World {
    let mut world = world.clone();
    for resource in world.graph.resources.values_mut() {
        if !dice.chance(8) {
            continue;
        }
        if let ResourceKind::Vpc(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        } else if let ResourceKind::VpcCidrBlock(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        } else if let ResourceKind::Subnet(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        } else if let ResourceKind::Route(it) = &mut resource.kind {
            if dice.chance(50) {
                it.destination =
                    crate::resource::network::Destination::Cidr(Value::Parameter("x".to_string()));
            } else {
                it.target = RouteTarget::Unknown;
            }
        } else if let ResourceKind::NetworkAclEntry(it) = &mut resource.kind {
            match dice.roll(3) {
                0 => it.number = Value::Unknown,
                1 => it.cidr = Value::Unknown,
                _ => it.traffic = Traffic::Unknown,
            }
        } else if let ResourceKind::SecurityGroupRule(it) = &mut resource.kind {
            if dice.chance(50) {
                it.peer = crate::resource::network::RulePeer::Cidr(Value::Unknown);
            } else if let Traffic::Tcp(_) = it.traffic {
                it.traffic = Traffic::Tcp(Value::Unknown);
            } else {
                it.traffic = Traffic::Unknown;
            }
        } else if let ResourceKind::Service(it) = &mut resource.kind {
            if dice.chance(50) { it.subnets.clear() } else { it.groups.clear() }
        }
    }
    world
}

#[test]
fn answers_hold_whatever_is_unknown() {
    let mut seen: BTreeMap<(Answer, Question), u32> = BTreeMap::new();
    for seed in 1..=networks(800) {
        let mut dice = Dice(seed.wrapping_mul(0xD1B5_4A32_D192_ED03) | 1);
        let world = network(&mut dice);
        let blurred = forget(&world, &mut dice);
        let (sharp, model) = (Model::new(&world.graph), Model::new(&blurred.graph));
        for (from, to) in QUESTIONS {
            let wanted = wanted(dice.one(&PACKETS));
            for question in [Question::Works, Question::Open] {
                let truth = sharp.reach(&side(from), &side(to), &wanted, question);
                let reach = model.reach(&side(from), &side(to), &wanted, question);
                assert!(
                    reach.answer == Answer::Unknown || reach.answer == truth.answer,
                    "seed {seed}: {from} to {to} {question:?}: {:?} though {:?}\n{:?}\n{:?}",
                    reach.answer,
                    truth.answer,
                    reach.path.map(|it| model.path_text(&it, &wanted, question)),
                    truth.path.map(|it| sharp.path_text(&it, &wanted, question))
                );
                if reach.answer == Answer::Unknown {
                    assert!(reach.unknown_reason().is_some());
                }
                *seen.entry((reach.answer, question)).or_default() += 1;
            }
        }
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
}
