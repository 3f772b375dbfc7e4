//! Who reaches whom, pair by pair: the classes of a [`Relation`] spelled out as lines, one source at a
//! time, so that memory grows with endpoints and rules and not with pairs.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::network::relation::{Row, Via};
use archgen_core::network::traffic::{Protocol, Ranges};
use archgen_core::network::{Admitted, Answer, Family, Model, Relation, TrafficSet};

/// What gets through from one endpoint to another, in one way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The endpoint that connects.
    pub from: String,
    /// The endpoint that is connected to.
    pub to: String,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, the number of another protocol, or `all`.
    pub protocol: String,
    /// `443`, `8000-8080`, an ICMP type `8`, a type with its code `8.0`, or `all`.
    pub ports: String,
    /// The family.
    pub family: Family,
    /// Whether it gets through.
    pub reachable: Answer,
    /// The gateways that it passes, or the load balancers of a chain of connections.
    pub via: Vec<String>,
}

/// The families that a network has: IPv6 only if a VPC has it.
pub fn families(model: &Model) -> &'static [Family] {
    if model.vpcs.iter().any(|it| !it.ipv6.is_empty()) { &Family::ALL } else { &[Family::Ipv4] }
}

/// Every line of a relation: by `from`, `to`, family, way (direct connections first), protocol and port.
///
/// Where nothing gets through between two endpoints there is one line that says so, for each family.
/// From an endpoint to itself there are lines only where something gets through.
pub fn lines<'a>(
    relation: &'a Relation,
    families: &'static [Family],
) -> impl Iterator<Item = Line> + 'a {
    let pairs = Pairs::new(relation);
    let sources = pairs.order.clone();
    sources.into_iter().flat_map(move |from| {
        let mut lines = Vec::new();
        let reached = pairs.from(from);
        for to in &pairs.order {
            for family in families {
                let ways = reached.get(&(*to, *family));
                if ways.is_none() && from == *to {
                    continue;
                }
                let before = lines.len();
                for (way, admitted) in ways.into_iter().flatten() {
                    pairs.spell((from, *to, *family), way, admitted, &mut |line, _| {
                        lines.push(line);
                    });
                }
                if lines.len() == before && from != *to {
                    lines.push(Line {
                        from: pairs.names[from as usize].clone(),
                        to: pairs.names[*to as usize].clone(),
                        protocol: "all".to_string(),
                        ports: "all".to_string(),
                        family: *family,
                        reachable: Answer::No,
                        via: Vec::new(),
                    });
                }
            }
        }
        lines
    })
}

/// A part of some traffic that gets through, or may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, as [`lines`] says it.
    pub line: Line,
    /// Whether it goes by a chain of connections.
    pub chain: bool,
    /// The traffic.
    pub set: TrafficSet,
}

/// Of some traffic, what gets through from one endpoint to another.
pub fn parts(
    relation: &Relation,
    (from, to): (&str, &str),
    family: Family,
    set: &TrafficSet,
) -> Vec<Part> {
    let pairs = Pairs::new(relation);
    let number = |name: &str| pairs.names.iter().position(|it| it == name).map(|it| it as u32);
    let (Some(from), Some(to)) = (number(from), number(to)) else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    let reached = pairs.from(from);
    for (way, through) in reached.get(&(to, family)).into_iter().flatten() {
        let admitted = Admitted {
            certain: through.admitted.certain.intersect(set),
            possible: through.admitted.possible.intersect(set),
        };
        let through = Through { admitted, ..through.clone() };
        pairs.spell((from, to, family), way, &through, &mut |line, set| {
            parts.push(Part { line, chain: *way != Way::Direct, set });
        });
    }
    parts
}

/// How traffic gets from one endpoint to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// In one connection.
    Direct,
    /// In a chain of connections through these load balancers.
    Chain(Via),
}

/// What gets through in one way: all of it, and by what gateways its parts go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Through {
    admitted: Admitted,
    parts: Vec<(TrafficSet, Via)>,
}

/// The ways from one endpoint to each other one, by family.
type Reached = BTreeMap<(u32, Family), BTreeMap<Way, Through>>;

/// The rows of a relation, found by the endpoint that connects.
struct Pairs {
    names: Vec<String>,
    /// The endpoints by name.
    order: Vec<u32>,
    rows: Vec<Row>,
    by_source: Vec<Vec<usize>>,
}

impl Pairs {
    fn new(relation: &Relation) -> Pairs {
        let names = relation.names().to_vec();
        let mut order: Vec<u32> = (0..names.len() as u32).collect();
        order.sort_by(|a, b| names[*a as usize].cmp(&names[*b as usize]));
        let rows: Vec<Row> = relation.rows().chain(relation.chains()).collect();
        let mut by_source = vec![Vec::new(); names.len()];
        for (number, row) in rows.iter().enumerate() {
            for from in row.from.iter() {
                by_source[*from as usize].push(number);
            }
        }
        Pairs { names, order, rows, by_source }
    }

    /// What an endpoint reaches.
    fn from(&self, from: u32) -> Reached {
        let name = &self.names[from as usize];
        let mut reached = Reached::new();
        for row in self.by_source[from as usize].iter().map(|it| &self.rows[*it]) {
            if row.chain && row.via.contains(name) {
                continue;
            }
            let way = if row.chain { Way::Chain(row.via.clone()) } else { Way::Direct };
            for to in row.to.iter().filter(|it| !row.chain || **it != from) {
                let through =
                    reached.entry((*to, row.family)).or_default().entry(way.clone()).or_default();
                through.admitted = through.admitted.union(&row.admitted);
                through.parts.push((row.admitted.possible.clone(), row.via.clone()));
            }
        }
        reached
    }

    /// The lines of one way.
    fn spell(
        &self,
        (from, to, family): (u32, u32, Family),
        way: &Way,
        through: &Through,
        each: &mut dyn FnMut(Line, TrafficSet),
    ) {
        let maybe = through.admitted.possible.subtract(&through.admitted.certain);
        for (set, reachable) in
            [(&through.admitted.certain, Answer::Yes), (&maybe, Answer::Unknown)]
        {
            for (protocol, ports, part) in ranges(set, family) {
                let via: BTreeSet<&String> = match way {
                    Way::Chain(it) => it.iter().collect(),
                    Way::Direct => through
                        .parts
                        .iter()
                        .filter(|it| !it.0.intersect(&part).is_empty())
                        .flat_map(|it| it.1.iter())
                        .collect(),
                };
                let line = Line {
                    from: self.names[from as usize].clone(),
                    to: self.names[to as usize].clone(),
                    protocol,
                    ports,
                    family,
                    reachable,
                    via: via.into_iter().cloned().collect(),
                };
                each(line, part);
            }
        }
    }
}

/// The traffic that exists in a family: ICMP has another protocol in each.
fn of_family(set: &TrafficSet, family: Family) -> TrafficSet {
    set.clone().without(match family {
        Family::Ipv4 => Protocol::Icmpv6,
        Family::Ipv6 => Protocol::Icmp,
    })
}

/// The maximal ranges of a set in a family: protocol, ports, and the set of each.
fn ranges(set: &TrafficSet, family: Family) -> Vec<(String, String, TrafficSet)> {
    let all = || "all".to_string();
    let set = of_family(set, family);
    if set == of_family(&TrafficSet::all(), family) {
        return vec![(all(), all(), set)];
    }
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        if set.of_protocol(protocol).is_empty() {
            continue;
        }
        if protocol == Protocol::Other {
            for number in set.of_protocol(protocol).iter().flat_map(|(a, b)| a..=b) {
                if !NAMED.contains(&number) {
                    let part = TrafficSet::of(protocol, Ranges::of(number, number));
                    found.push((number.to_string(), all(), part));
                }
            }
        } else if set.has_all_of(protocol) {
            let part = TrafficSet::of(protocol, Ranges::all());
            found.push((protocol.as_str().to_string(), all(), part));
        } else {
            for (first, last) in set.of_protocol(protocol).iter() {
                let part = TrafficSet::of(protocol, Ranges::of(first, last));
                found.push((protocol.as_str().to_string(), ports(protocol, first, last), part));
            }
        }
    }
    found
}

/// The numbers of ICMP, TCP, UDP and ICMPv6, which go by their names.
const NAMED: [u16; 4] = [1, 6, 17, 58];

/// A range of ports, or of ICMP types and codes.
fn ports(protocol: Protocol, first: u16, last: u16) -> String {
    if !matches!(protocol, Protocol::Icmp | Protocol::Icmpv6) {
        return if first == last { first.to_string() } else { format!("{first}-{last}") };
    }
    let ([kind, code], [last_kind, last_code]) = (first.to_be_bytes(), last.to_be_bytes());
    let whole = code == 0 && last_code == u8::MAX;
    match (first == last, whole) {
        (true, _) => format!("{kind}.{code}"),
        (false, true) if kind == last_kind => kind.to_string(),
        (false, true) => format!("{kind}-{last_kind}"),
        (false, false) => format!("{kind}.{code}-{last_kind}.{last_code}"),
    }
}
