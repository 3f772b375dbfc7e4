//! Whether one side reaches another: for all subnets and addresses, or for any; directly, or through
//! load balancers.

use super::address::Address;
use super::flow::Ends;
use super::hop::{Component, Hop, RouteOutcome, Way};
use super::model::{INSTANCE_PORTS, LINUX_PORTS, Model, WINDOWS_PORTS};
use super::side::{Place, Readings, Side, Where};
use super::span::Family;
use super::traffic::{Admitted, Protocol, Ranges, TrafficSet};
use crate::resource::network::Traffic;

/// An answer that holds whatever is not known turns out to be, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It does not.
    No,
    /// Not known here; `Reach::unknown_reason` says what is missing.
    Unknown,
    /// It does.
    Yes,
}

/// What is asked about two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Whether all of the traffic gets through, from wherever the one may stand to wherever the other
    /// may stand, and all answers come back.
    Works,
    /// Whether some of the traffic gets through, from somewhere to somewhere.
    Open,
}

/// The traffic that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The traffic.
    pub set: TrafficSet,
    /// Whether it is exactly that, or an unknown part of it.
    pub exact: bool,
    /// The family of the addresses.
    pub family: Family,
}

impl Wanted {
    /// The traffic of a rule or connection.
    pub fn of(traffic: &Traffic) -> Wanted {
        let admitted = Admitted::of(traffic);
        Wanted {
            exact: admitted.certain == admitted.possible,
            set: admitted.possible,
            family: Family::Ipv4,
        }
    }

    /// All traffic.
    pub fn anything() -> Wanted {
        Wanted::exactly(TrafficSet::all())
    }

    /// TCP to a port.
    pub fn tcp(port: u16) -> Wanted {
        Wanted::exactly(TrafficSet::tcp(port, port))
    }

    /// Exactly this, over IPv4.
    pub fn exactly(set: TrafficSet) -> Wanted {
        Wanted { set, exact: true, family: Family::Ipv4 }
    }

    /// The same over this family.
    #[must_use]
    pub fn with_family(mut self, family: Family) -> Wanted {
        self.family = family;
        self
    }

    /// What two have in common; not exact if one is not.
    #[must_use]
    pub fn and(&self, other: &Wanted) -> Wanted {
        Wanted {
            set: self.set.intersect(&other.set),
            exact: self.exact && other.exact,
            family: self.family,
        }
    }
}

/// A connection from one place to another, with what is on its way.
#[derive(Clone, Debug)]
pub struct Path {
    /// The side that connects.
    pub from: Place,
    /// Its address.
    pub source: Address,
    /// The side that is connected to.
    pub to: Place,
    /// Its address.
    pub destination: Address,
    /// What is on the way there, and then on the way back.
    pub hops: Vec<Hop>,
}

/// An answer with the path that decides it.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The answer.
    pub answer: Answer,
    /// The path that decides it: the first that is open, blocked or not known.
    pub path: Option<Path>,
    /// How many pairs of places were asked about.
    pub pairs: usize,
    /// How many of them do not work (or, asked whether it is open, are closed).
    pub blocked: usize,
}

impl Reach {
    fn unknown() -> Reach {
        Reach { answer: Answer::Unknown, path: None, pairs: 0, blocked: 0 }
    }

    /// What is missing for an answer.
    pub fn unknown_reason(&self) -> Option<String> {
        if self.answer != Answer::Unknown {
            return None;
        }
        let Some(path) = &self.path else {
            return Some("a side is not known".to_string());
        };
        let mut unknown = path.hops.iter().filter(|it| it.admitted.certain != it.admitted.possible);
        // Where the way itself is not known, that says most.
        let says_most =
            |it: &&Hop| matches!(it.component, Component::Unknown(_) | Component::Route { .. });
        let hop = unknown.clone().find(says_most).or(unknown.next());
        let Some(hop) = hop else {
            return Some("a block of a VPC is not known".to_string());
        };
        Some(match &hop.component {
            Component::Unknown(why) => why.clone(),
            Component::Route {
                outcome: RouteOutcome::Unknown(why) | RouteOutcome::Unfollowed(why),
                ..
            } => why.clone(),
            Component::Route { .. } => "routes are not known".to_string(),
            Component::Acl { .. } => "entries of a network ACL are not known".to_string(),
            Component::Egress | Component::Ingress => {
                "groups or their rules are not known".to_string()
            }
            Component::PolicyEgress | Component::PolicyIngress => {
                "network policies are not known".to_string()
            }
            Component::PublicAddress(name) => {
                format!("whether {name} has a public address is not known")
            }
            Component::NatProtocols | Component::Addressed(..) | Component::Resolver => {
                "addresses are not known".to_string()
            }
        })
    }
}

impl Path {
    /// The answer for this path.
    pub fn answer(&self, wanted: &Wanted, question: Question) -> Answer {
        judge(&self.hops, wanted, question)
    }

    /// The hops that block: nothing that is not known can open them.
    pub fn blocking(&self, wanted: &Wanted, question: Question) -> Vec<&Hop> {
        self.hops
            .iter()
            .filter(|it| judge(std::slice::from_ref(*it), wanted, question) == Answer::No)
            .collect()
    }
}

/// What gets through there and whose answers get back.
pub fn admitted(hops: &[Hop], question: Question) -> Admitted {
    let mut admitted = Admitted::all();
    for hop in hops.iter().filter(|it| it.way == Way::There) {
        admitted = admitted.intersect(&hop.admitted);
    }
    let mut stretches: Vec<(Way, Admitted)> = Vec::new();
    for hop in hops.iter().filter(|it| it.way != Way::There) {
        match stretches.iter_mut().find(|it| it.0 == hop.way) {
            Some(it) => it.1 = it.1.intersect(&hop.admitted),
            None => stretches.push((hop.way, hop.admitted.clone())),
        }
    }
    for (way, back) in &stretches {
        let Way::Back { ports, stretch } = way else {
            continue;
        };
        // Whoever wants in chooses the port of his own end, but not the one a NAT gateway takes.
        let ports = match (question, stretch) {
            (Question::Open, 0) => (1, u16::MAX),
            (Question::Open | Question::Works, _) => *ports,
        };
        // A machine whose system is not known uses the ports of the one or of the other.
        let either: &[(u16, u16)] =
            if ports == INSTANCE_PORTS { &[LINUX_PORTS, WINDOWS_PORTS] } else { &[ports] };
        let mut possible = TrafficSet::none();
        for ports in either {
            admitted.certain = answered(&admitted.certain, &back.certain, *ports, question);
            possible =
                possible.union(&answered(&admitted.possible, &back.possible, *ports, question));
        }
        admitted.possible = possible;
    }
    admitted
}

/// The answer for what is on the way.
pub fn judge(hops: &[Hop], wanted: &Wanted, question: Question) -> Answer {
    let admitted = admitted(hops, question);
    let all = |set: &TrafficSet| set.contains(&wanted.set);
    let none = |set: &TrafficSet| set.intersect(&wanted.set).is_empty();
    if wanted.set.is_empty() {
        return if question == Question::Works { Answer::Yes } else { Answer::No };
    }
    match question {
        Question::Works if all(&admitted.certain) => Answer::Yes,
        Question::Works if wanted.exact && !all(&admitted.possible) => Answer::No,
        Question::Open if wanted.exact && !none(&admitted.certain) => Answer::Yes,
        Question::Open if all(&admitted.certain) => Answer::Yes,
        Question::Works | Question::Open => {
            if none(&admitted.possible) {
                Answer::No
            } else {
                Answer::Unknown
            }
        }
    }
}

/// The part of `there` whose answers get back.
///
/// Asked whether it works, every port that the client may use must be open for answers. Asked whether
/// it is open, one is enough, whichever the client chooses; and a packet of UDP, ICMP or another
/// protocol does its work without an answer.
fn answered(
    there: &TrafficSet,
    back: &TrafficSet,
    ports: (u16, u16),
    question: Question,
) -> TrafficSet {
    let mut left = there.clone();
    let numbered = |protocol: Protocol| match question {
        Question::Works => back.of_protocol(protocol).contains(&Ranges::of(ports.0, ports.1)),
        Question::Open => {
            !back.of_protocol(protocol).intersect(&Ranges::of(ports.0, ports.1)).is_empty()
        }
    };
    if !numbered(Protocol::Tcp) {
        left = left.without(Protocol::Tcp);
    }
    if question == Question::Open {
        return left;
    }
    if !numbered(Protocol::Udp) {
        left = left.without(Protocol::Udp);
    }
    // Other protocols have no ports: the answers are of the same protocol.
    let unanswered = left.of_protocol(Protocol::Other).subtract(back.of_protocol(Protocol::Other));
    left = left.subtract(&TrafficSet::of(Protocol::Other, unanswered));
    // Of ICMP only an echo request has an answer: type 8 has type 0, and in ICMPv6 type 128 has 129.
    for (protocol, request, answer) in [(Protocol::Icmp, 8, 0), (Protocol::Icmpv6, 128, 129)] {
        let answer = u16::from_be_bytes([answer, 0]);
        if !back.of_protocol(protocol).contains(&Ranges::of(answer, answer)) {
            let requests = Ranges::of(
                u16::from_be_bytes([request, 0]),
                u16::from_be_bytes([request, u8::MAX]),
            );
            left = left.subtract(&TrafficSet::of(protocol, requests));
        }
    }
    left
}

impl Model {
    /// Whether one side reaches another directly.
    ///
    /// A block says its family by itself; otherwise it is the one of `wanted`.
    pub fn reach(&self, from: &Side, to: &Side, wanted: &Wanted, question: Question) -> Reach {
        let family = from.family().or(to.family()).unwrap_or(wanted.family);
        let wanted = &wanted.clone().with_family(family);
        let from = self.places(from, wanted.family);
        let target = self.places(to, wanted.family);
        match question {
            Question::Works => {
                // It is enough that one reading of both sides works.
                let mut worst: Option<Reach> = None;
                for from in &from {
                    let targets: Readings = match to {
                        Side::Service(_) => vec![Vec::new()],
                        Side::Endpoint(_)
                        | Side::Group(_)
                        | Side::Tier(_)
                        | Side::Vpc(_)
                        | Side::Internet
                        | Side::Host(_)
                        | Side::Block(_) => target.clone(),
                    };
                    for target in &targets {
                        let reach = self.works(from, to, target, wanted);
                        if reach.answer == Answer::Yes {
                            return reach;
                        }
                        if worst.as_ref().is_none_or(|it| it.answer < reach.answer) {
                            worst = Some(reach);
                        }
                    }
                }
                worst.unwrap_or_else(Reach::unknown)
            }
            Question::Open => self.open(&from.concat(), to, &self.standing(to, target), wanted),
        }
    }

    /// What stands at a side that is connected to: in a tier or VPC, only what has interfaces there.
    fn standing(&self, side: &Side, readings: Readings) -> Vec<Place> {
        match side {
            Side::Tier(_) | Side::Vpc(_) => readings.into_iter().skip(1).flatten().collect(),
            Side::Endpoint(_)
            | Side::Group(_)
            | Side::Internet
            | Side::Block(_)
            | Side::Host(_)
            | Side::Service(_) => readings.concat(),
        }
    }

    /// The places that a place connects to.
    fn targets(&self, side: &Side, from: &Place, fixed: &[Place]) -> Vec<Place> {
        match side {
            Side::Service(service) => self.service_places(*service, from),
            Side::Endpoint(_)
            | Side::Group(_)
            | Side::Tier(_)
            | Side::Vpc(_)
            | Side::Internet
            | Side::Host(_)
            | Side::Block(_) => fixed.to_vec(),
        }
    }

    /// Every pair of addresses that may be treated differently, with what is on the way.
    pub(super) fn paths<'a>(
        &'a self,
        from: &'a Place,
        to: &'a Place,
    ) -> impl Iterator<Item = (Address, Address, Vec<Hop>)> + 'a {
        let blocks = self.distinctions(from, to);
        let destinations = to.addresses(&blocks);
        from.addresses(&blocks).into_iter().flat_map(move |source| {
            destinations.clone().into_iter().map(move |destination| {
                let ends = Ends { from, source, to, destination };
                (source, destination, self.hops(&ends))
            })
        })
    }

    fn works(&self, from: &[Place], side: &Side, fixed: &[Place], wanted: &Wanted) -> Reach {
        let mut reach = Reach { answer: Answer::Yes, path: None, pairs: 0, blocked: 0 };
        for from in from {
            let targets = self.targets(side, from, fixed);
            if targets.is_empty() {
                reach.answer = reach.answer.min(Answer::Unknown);
            }
            for to in &targets {
                reach.pairs += 1;
                let mut blocked = false;
                for (source, destination, hops) in self.paths(from, to) {
                    let mut answer = judge(&hops, wanted, Question::Works);
                    if answer == Answer::No
                        && (self.may_be_inside(from, &source)
                            || self.may_be_inside(to, &destination))
                    {
                        answer = Answer::Unknown;
                    }
                    blocked |= answer == Answer::No;
                    if answer < reach.answer || reach.path.is_none() {
                        reach.answer = reach.answer.min(answer);
                        reach.path = Some(Path {
                            from: from.clone(),
                            source,
                            to: to.clone(),
                            destination,
                            hops,
                        });
                    }
                }
                reach.blocked += usize::from(blocked);
            }
        }
        if reach.pairs == 0 { Reach::unknown() } else { reach }
    }

    pub(super) fn open(
        &self,
        from: &[Place],
        side: &Side,
        fixed: &[Place],
        wanted: &Wanted,
    ) -> Reach {
        let mut reach = Reach { answer: Answer::No, path: None, pairs: 0, blocked: 0 };
        for from in from {
            for to in &self.targets(side, from, fixed) {
                reach.pairs += 1;
                for (source, destination, hops) in self.paths(from, to) {
                    let mut answer = judge(&hops, wanted, Question::Open);
                    if answer == Answer::Yes
                        && (self.may_be_inside(from, &source)
                            || self.may_be_inside(to, &destination))
                    {
                        answer = Answer::Unknown;
                    }
                    if answer > reach.answer || reach.path.is_none() {
                        reach.answer = reach.answer.max(answer);
                        reach.path = Some(Path {
                            from: from.clone(),
                            source,
                            to: to.clone(),
                            destination,
                            hops,
                        });
                    }
                    if reach.answer == Answer::Yes {
                        return reach;
                    }
                }
            }
        }
        if reach.pairs == 0 { Reach::unknown() } else { reach }
    }

    /// Whether addresses of the internet may be those of a VPC whose blocks are not known.
    pub(super) fn may_be_inside(&self, place: &Place, address: &Address) -> bool {
        let Address::Within(span) = address else {
            return false;
        };
        // VPC blocks are /16 at the largest, and /44 in IPv6.
        let largest = if span.v6 { 1 << (128 - 44) } else { 1 << (32 - 16) };
        place.position == Where::Internet
            && span.last - span.first < largest
            && self.vpcs.iter().any(|it| it.has_unknown_block(span.family()))
    }

    /// Of all ways from one side to another the one with the fewest obstacles.
    pub(super) fn closest(&self, from: &Side, to: &Side, wanted: &Wanted) -> Option<Path> {
        let mut best: Option<(usize, Path)> = None;
        let fixed = self.standing(to, self.places(to, wanted.family));
        for from in &self.places(from, wanted.family).concat() {
            for to in &self.targets(to, from, &fixed) {
                for (source, destination, hops) in self.paths(from, to) {
                    let (from, to) = (from.clone(), to.clone());
                    let path = Path { from, source, to, destination, hops };
                    let obstacles = path.blocking(wanted, Question::Open).len();
                    // One that is blocked by several hops together has none of its own.
                    let obstacles = if obstacles == 0 { usize::MAX } else { obstacles };
                    if best.as_ref().is_none_or(|it| obstacles < it.0) {
                        best = Some((obstacles, path));
                    }
                }
            }
        }
        best.map(|it| it.1)
    }
}
