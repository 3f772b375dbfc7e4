//! Random small networks: the engine agrees with the oracle, and what it says while parts are unknown
//! stays true when they are known.
//!
//! `ARCHGEN_ORACLE_NETWORKS` says how many networks are tried, `ARCHGEN_ORACLE_FIRST` from which seed on,
//! `ARCHGEN_ORACLE_FEATURES` which features they have (names with commas between).

pub(crate) mod dice;
mod features;
pub(crate) mod forget;
pub(crate) mod generate;
mod roads;
mod shrink;

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::oracle::{Mark, Oracle, Packet, Verdict};
use super::world::{World, tcp};
use crate::network::hop::{Component, Hop, RouteOutcome};
use crate::network::{Answer, Family, Model, Question, Side, Wanted};
use crate::resource::network::{EndpointService, Ipv6Block, PortRange, Traffic};
use crate::resource::{Ref, Subnet, TransitGatewayAttachment, VpcIpv6Block};
use crate::value::Value;
use dice::Dice;
use features::{Feature, exact, has};
use generate::Plan;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

/// The seeds to try.
fn seeds() -> std::ops::Range<u64> {
    let first = number("ARCHGEN_ORACLE_FIRST", 1);
    first..first + number("ARCHGEN_ORACLE_NETWORKS", 1000)
}

/// One question with every part.
#[derive(Clone, Copy, Debug)]
struct Asked {
    from: &'static str,
    to: &'static str,
    packet: Packet,
    six: bool,
    question: Question,
}

fn side(name: &str) -> Side {
    match name {
        "internet" => Side::Internet,
        "s3" => Side::Service(EndpointService::S3),
        "logs" => Side::Service(EndpointService::Logs),
        _ => Side::Endpoint(name.to_string()),
    }
}

impl Asked {
    fn wanted(&self) -> Wanted {
        let wanted = Wanted::of(&match self.packet {
            Packet::Tcp(port) => tcp(port, port),
            Packet::Udp(port) => {
                Traffic::Udp(Value::Literal(PortRange { first: port, last: port }))
            }
            Packet::Icmp(kind) => Traffic::Icmp { kind: Some(kind), code: Some(0) },
            Packet::Icmpv6(kind) => Traffic::Icmpv6 { kind: Some(kind), code: Some(0) },
            Packet::Protocol(it) => Traffic::Protocol(it),
        });
        wanted.with_family(if self.six { Family::Ipv6 } else { Family::Ipv4 })
    }

    fn engine(&self, model: &Model) -> Verdict {
        match model.reach(&side(self.from), &side(self.to), &self.wanted(), self.question).answer {
            Answer::Yes => Verdict::Yes,
            Answer::No => Verdict::No,
            Answer::Unknown => Verdict::Unknown,
        }
    }

    fn outside(&self) -> bool {
        self.from == "internet" || self.to == "internet"
    }

    /// Whether the answer of the engine is as good as that of the oracle.
    fn agrees(
        &self,
        model: &Model,
        answer: Verdict,
        expected: Verdict,
        oracle: &Oracle,
        plan: &Plan,
    ) -> bool {
        let service = matches!(side(self.to), Side::Service(_)) && !exact(Feature::ServiceExact);
        let outside = oracle.met(Mark::TransitOutside) && !exact(Feature::TransitOutside);
        let mixed = self.six && plan.mixed() && !exact(Feature::AmazonMixed);
        let parts = plan.parts && oracle.met(Mark::Acl) && !exact(Feature::TransitParts);
        let followed = exact(Feature::PrivateNat) && exact(Feature::MoreSpecific);
        let unknown = answer == Verdict::Unknown
            && (service
                || outside
                || mixed
                || parts
                || !followed && (self.by_nat(model) || oracle.met(Mark::NatInside))
                || oracle.met(Mark::Vpn) && !exact(Feature::VpnInside));
        // What the target itself refuses is refused, whatever lies behind a VPN gateway.
        let refused = answer == Verdict::No
            && expected == Verdict::Unknown
            && oracle.met(Mark::Vpn)
            && !exact(Feature::VpnInside);
        answer == expected || unknown || refused
    }

    /// Whether the engine may not know because a NAT gateway may translate on some way to a private address.
    fn by_nat(&self, model: &Model) -> bool {
        let family = self.wanted().family;
        let places = |name: &str| model.places(&side(name), family).concat();
        let targets = places(self.to);
        let unfollowed = |it: &Hop| {
            matches!(it.component, Component::Route { outcome: RouteOutcome::Unfollowed(_), .. })
        };
        places(self.from).iter().any(|from| {
            targets
                .iter()
                .any(|to| model.paths(from, to).any(|(_, _, hops)| hops.iter().any(unfollowed)))
        })
    }

    /// None if it cannot be asked, or AWS's pages or the chosen features leave it out.
    fn oracle(&self, world: &World, oracle: &Oracle) -> Option<Verdict> {
        let (from, to) = (side(self.from), side(self.to));
        let verdict = oracle.ask(&world.graph, &from, &to, self.packet, self.six, self.question)?;
        let left_out = oracle.met(Mark::Unsettled)
            || (oracle.met(Mark::SixCrossing) && !has(Feature::SixCrossing))
            || (oracle.met(Mark::Asymmetric) && !has(Feature::Asymmetric))
            || (oracle.met(Mark::TransitOutside) && !has(Feature::TransitOutside))
            || (oracle.met(Mark::TransitOutside)
                && oracle.met(Mark::SharedSubnet)
                && !has(Feature::TransitSharedBlurred))
            // The oracle does not follow answers from beyond through a NAT gateway.
            || (oracle.met(Mark::TransitOutside)
                && (oracle.met(Mark::Nat) || oracle.met(Mark::PrivateNat)))
            || (oracle.met(Mark::Vpn) && !has(Feature::VpnInside))
            || (oracle.met(Mark::NatInside) && !has(Feature::PrivateNat))
            || (self.six && self.outside() && own_blocks(world) && !has(Feature::OwnBlocks));
        (!left_out).then_some(verdict)
    }
}

fn own_blocks(world: &World) -> bool {
    world.graph.all::<VpcIpv6Block>().any(|(_, _, it)| matches!(it.block, Ipv6Block::Given(_)))
}

/// The questions about one network.
fn asked(dice: &mut Dice) -> Vec<Asked> {
    const ENDPOINTS: [&str; 6] = ["one", "two", "edge", "node", "box", "store"];
    const PODS: [&str; 9] = ["one", "two", "edge", "node", "box", "store", "pod", "cell", "free"];
    const SIX: [&str; 3] = ["node", "box", "store"];
    let mut all = Vec::new();
    for _ in 0..20 {
        let six = has(Feature::Ipv6) && has(Feature::Interfaces) && dice.chance(40);
        let four: &[&str] = if has(Feature::Policies) { &PODS } else { &ENDPOINTS };
        let places: &[&'static str] = if six { &SIX } else { four };
        let (one, two) = (dice.one(places), dice.one(places));
        let (from, to) = match dice.roll(12) {
            0..=5 => (one, two),
            6 => (one, one),
            7 | 8 => (one, "internet"),
            9 => ("internet", if six { one } else { dice.one(&["edge", one]) }),
            10 if has(Feature::GatewayEndpoint) && !six => (one, "s3"),
            11 if has(Feature::InterfaceEndpoint) && !six => (one, "logs"),
            _ => (one, two),
        };
        let packet = match dice.roll(8) {
            0 => Packet::Udp(443),
            1 if six => Packet::Icmpv6(128),
            1 => Packet::Icmp(8),
            2 => Packet::Protocol(47),
            3 => Packet::Tcp(80),
            _ => Packet::Tcp(443),
        };
        for question in [Question::Works, Question::Open] {
            all.push(Asked { from, to, packet, six, question });
        }
    }
    all
}

/// What was counted: by kind of question, mark and answer.
type Counts = BTreeMap<(String, Mark, Verdict), u64>;

#[derive(Default)]
struct Tally {
    counts: Counts,
    asked: u64,
    left_out: u64,
    wrong: Vec<(u64, Asked, Verdict, Verdict, Vec<Mark>)>,
}

/// Asks about every network; two threads share the seeds.
fn compare(stop_at: usize) -> Tally {
    let next = Mutex::new(seeds());
    let total = Mutex::new(Tally::default());
    let work = || {
        let mut tally = Tally::default();
        loop {
            let chunk: Vec<u64> = next.lock().unwrap().by_ref().take(50).collect();
            if chunk.is_empty() || total.lock().unwrap().wrong.len() >= stop_at {
                break;
            }
            for seed in chunk {
                one_network(seed, &mut tally);
            }
            total.lock().unwrap().wrong.append(&mut tally.wrong);
        }
        let mut total = total.lock().unwrap();
        total.asked += tally.asked;
        total.left_out += tally.left_out;
        for (key, count) in tally.counts {
            *total.counts.entry(key).or_default() += count;
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let mut total = total.into_inner().unwrap();
    total.wrong.sort_by_key(|it| it.0);
    total
}

fn one_network(seed: u64, tally: &mut Tally) {
    let mut dice = Dice::new(seed, 0x9E37_79B9_7F4A_7C15);
    let (world, plan) = generate::network(&mut dice);
    let model = Model::new(&world.graph);
    let oracle = Oracle::new(&world.graph).unwrap();
    for it in asked(&mut dice) {
        let Some(expected) = it.oracle(&world, &oracle) else {
            tally.left_out += 1;
            continue;
        };
        tally.asked += 1;
        let marks = oracle.marks();
        for mark in &marks {
            let family = if it.six { "IPv6" } else { "IPv4" };
            let key = (format!("{:?} {family}", it.question), *mark, expected);
            *tally.counts.entry(key).or_default() += 1;
        }
        let answer = it.engine(&model);
        if !it.agrees(&model, answer, expected, &oracle, &plan) {
            tally.wrong.push((seed, it, answer, expected, marks));
        }
    }
}

#[test]
fn engine_agrees_with_oracle() {
    let tally = compare(1);
    if let Some((seed, it, answer, expected, _)) = tally.wrong.first() {
        let mut dice = Dice::new(*seed, 0x9E37_79B9_7F4A_7C15);
        let world = shrink::shrink(generate::network(&mut dice).0, it);
        panic!(
            "seed {seed}: {it:?}: the engine says {answer:?}, the oracle {expected:?}\n{}",
            shrink::dump(&world, it)
        );
    }
    no_class_is_empty(&tally.counts);
}

/// Every mark has both answers, for both kinds of questions and both families, where both are possible.
fn no_class_is_empty(counts: &Counts) {
    // A few networks need not show everything.
    if seeds().count() < 1000 {
        return;
    }
    let count = |kind: &str, mark: Mark, verdict: Verdict| {
        counts.get(&(kind.to_string(), mark, verdict)).copied().unwrap_or(0)
    };
    for (mark, feature, families) in CLASSES {
        if feature.is_some_and(|it| !has(it)) {
            continue;
        }
        for (family, covered) in [("IPv4", families.0), ("IPv6", families.1)] {
            if !covered || (family == "IPv6" && !has(Feature::Ipv6)) {
                continue;
            }
            for question in ["Works", "Open"] {
                let kind = format!("{question} {family}");
                for verdict in [Verdict::Yes, Verdict::No] {
                    // These say why it is no.
                    if verdict == Verdict::Yes && DECIDES.contains(mark) {
                        continue;
                    }
                    assert!(count(&kind, *mark, verdict) > 0, "{kind} {mark:?} {verdict:?}");
                }
            }
        }
    }
}

const DECIDES: [Mark; 3] = [Mark::AclDecides, Mark::GroupDecides, Mark::RouteDecides];

/// Mark, the feature it needs, whether IPv4 and IPv6 meet it.
type Class = (Mark, Option<Feature>, (bool, bool));
const CLASSES: &[Class] = &[
    (Mark::SameSubnet, None, (true, true)),
    (Mark::Acl, None, (true, true)),
    (Mark::AclDecides, None, (true, true)),
    (Mark::GroupDecides, None, (true, true)),
    (Mark::RouteDecides, None, (true, true)),
    (Mark::Reference, None, (true, true)),
    (Mark::SelfReference, None, (true, true)),
    (Mark::ListRule, Some(Feature::PrefixLists), (true, true)),
    (Mark::ListRoute, Some(Feature::PrefixLists), (true, true)),
    (Mark::Peering, None, (true, true)),
    (Mark::Nat, None, (true, false)),
    (Mark::PrivateNat, Some(Feature::PrivateNat), (true, false)),
    (Mark::Transit, Some(Feature::Transit), (true, true)),
    (Mark::SharedSubnet, Some(Feature::TransitShared), (true, true)),
    (Mark::EgressOnly, Some(Feature::EgressOnly), (false, true)),
    (Mark::InternetGateway, None, (true, true)),
    (Mark::FromInternet, None, (true, true)),
    (Mark::SixCrossing, Some(Feature::SixCrossing), (false, true)),
    (Mark::GatewayEndpoint, Some(Feature::GatewayEndpoint), (true, false)),
    (Mark::InterfaceEndpoint, Some(Feature::InterfaceEndpoint), (true, false)),
];

/// Counts all disagreements by what they met, with the first seed of each: not a test, a view.
#[test]
#[ignore = "prints every kind of disagreement"]
#[allow(clippy::print_stdout)]
fn survey() {
    let start = std::time::Instant::now();
    let tally = compare(usize::MAX);
    let mut kinds: BTreeMap<String, (u64, u64, Asked)> = BTreeMap::new();
    for (seed, it, answer, expected, marks) in &tally.wrong {
        let key = format!("engine {answer:?} oracle {expected:?} six {} {marks:?}", it.six);
        kinds.entry(key).or_insert((0, *seed, *it)).0 += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|it| std::cmp::Reverse(it.1.0));
    for (key, (count, seed, it)) in kinds.iter().take(40) {
        println!("{count:6} seed {seed} {it:?}\n       {key}");
    }
    for ((kind, mark, verdict), count) in &tally.counts {
        println!("{kind:12} {mark:?} {verdict:?} {count}");
    }
    println!(
        "{} asked, {} left out, {} disagreements, {:?}",
        tally.asked,
        tally.left_out,
        tally.wrong.len(),
        start.elapsed()
    );
    if let Some((seed, it, answer, expected, _)) = tally.wrong.first() {
        let mut dice = Dice::new(*seed, 0x9E37_79B9_7F4A_7C15);
        let world = shrink::shrink(generate::network(&mut dice).0, it);
        println!(
            "seed {seed}: engine {answer:?} oracle {expected:?}\n{}",
            shrink::dump(&world, it)
        );
    }
}

/// What the engine says of a network and of the same network with parts unknown.
fn sharp_and_blurred(world: &World, blurred: &World, it: &Asked) -> (Verdict, Verdict) {
    (it.engine(&Model::new(&world.graph)), it.engine(&Model::new(&blurred.graph)))
}

#[test]
fn answers_hold_whatever_is_unknown() {
    let next = Mutex::new(seeds());
    let all: Mutex<BTreeMap<(Answer, Question), u64>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(seed) = next.lock().unwrap().next() else {
                        break;
                    };
                    let seen = one_blurred(seed);
                    let mut all = all.lock().unwrap();
                    for key in seen {
                        *all.entry(key).or_default() += 1;
                    }
                }
            });
        }
    });
    let all = all.into_inner().unwrap();
    assert_eq!(all.len(), 6, "{all:?}");
}

/// Whether the attachment of a transit gateway stands in a subnet with others.
fn shared(world: &World) -> bool {
    let own = |it: &Ref<Subnet>| ["at", "bt", "ct"].contains(&it.id().as_str());
    let mut all = world.graph.all::<TransitGatewayAttachment>();
    all.any(|(_, _, it)| !it.subnets.iter().all(own))
}

fn one_blurred(seed: u64) -> Vec<(Answer, Question)> {
    let mut dice = Dice::new(seed, 0xD1B5_4A32_D192_ED03);
    let (world, _) = generate::network(&mut dice);
    let blurred = forget::forget(&world, &mut dice);
    if shared(&world) && !has(Feature::TransitSharedBlurred) {
        return Vec::new();
    }
    let (sharp, model) = (Model::new(&world.graph), Model::new(&blurred.graph));
    let mut seen = Vec::new();
    let blurred_block = blurred
        .graph
        .all::<VpcIpv6Block>()
        .any(|(_, _, it)| matches!(&it.block, Ipv6Block::Given(it) if it.literal().is_none()));
    for it in asked(&mut dice) {
        if it.six && it.outside() && blurred_block && !has(Feature::OwnBlocksBlurred) {
            continue;
        }
        let wanted = it.wanted();
        let (from, to) = (side(it.from), side(it.to));
        let truth = sharp.reach(&from, &to, &wanted, it.question).answer;
        let reach = model.reach(&from, &to, &wanted, it.question);
        if reach.answer == Answer::Unknown {
            assert!(reach.unknown_reason().is_some(), "seed {seed}: {it:?}");
        } else if reach.answer != truth {
            let (world, blurred) = shrink::shrink_pair(world, blurred, &it);
            panic!(
                "seed {seed}: {it:?}: {:?} though {truth:?}; not known:\n{}\n{}",
                reach.answer,
                shrink::differences(&world, &blurred),
                shrink::dump(&blurred, &it)
            );
        }
        seen.push((reach.answer, it.question));
    }
    seen
}
