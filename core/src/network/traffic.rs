//! Sets of traffic: protocols with ports or ICMP types, as sorted ranges that do not touch.

use std::fmt;

use crate::resource::network::{PortRange, Traffic};
use crate::value::Value;

/// A set of 16-bit numbers: sorted ranges, the last number included, that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ranges(Vec<(u16, u16)>);

impl Ranges {
    /// Every number.
    pub fn all() -> Ranges {
        Ranges(vec![(0, u16::MAX)])
    }

    /// The numbers from `first` to `last`; none if they are reversed.
    pub fn of(first: u16, last: u16) -> Ranges {
        if first <= last { Ranges(vec![(first, last)]) } else { Ranges::default() }
    }

    /// Whether there is no number in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ranges.
    pub fn iter(&self) -> impl Iterator<Item = (u16, u16)> {
        self.0.iter().copied()
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Ranges) -> Ranges {
        let mut all: Vec<(u16, u16)> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match merged.last_mut() {
                Some(before) if u32::from(first) <= u32::from(before.1) + 1 => {
                    before.1 = before.1.max(last);
                }
                Some(_) | None => merged.push((first, last)),
            }
        }
        Ranges(merged)
    }

    /// What is in both.
    #[must_use]
    pub fn intersect(&self, other: &Ranges) -> Ranges {
        let mut both = Vec::new();
        let (mut a, mut b) = (0, 0);
        while let (Some(one), Some(two)) = (self.0.get(a), other.0.get(b)) {
            let (first, last) = (one.0.max(two.0), one.1.min(two.1));
            if first <= last {
                both.push((first, last));
            }
            if one.1 < two.1 { a += 1 } else { b += 1 }
        }
        Ranges(both)
    }

    /// What is in this one and not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Ranges) -> Ranges {
        let mut left = Vec::new();
        for (first, last) in self.iter() {
            let mut start = u32::from(first);
            for (from, to) in other.iter() {
                if to < first || from > last {
                    continue;
                }
                if u32::from(from) > start {
                    left.push((start as u16, from - 1));
                }
                start = start.max(u32::from(to) + 1);
            }
            if start <= u32::from(last) {
                left.push((start as u16, last));
            }
        }
        Ranges(left)
    }

    /// Whether all of `other` is in this one.
    pub fn contains(&self, other: &Ranges) -> bool {
        other.iter().all(|(first, last)| self.iter().any(|(a, b)| a <= first && last <= b))
    }
}

/// A protocol whose traffic is told apart by a 16-bit number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP, by its destination port.
    Tcp,
    /// UDP, by its destination port.
    Udp,
    /// ICMP, by its type (the high byte) and code (the low byte).
    Icmp,
    /// ICMPv6, by its type (the high byte) and code (the low byte).
    Icmpv6,
    /// Every other protocol, by its IANA number.
    Other,
}

impl Protocol {
    /// Every protocol.
    pub const ALL: [Protocol; 5] =
        [Protocol::Tcp, Protocol::Udp, Protocol::Icmp, Protocol::Icmpv6, Protocol::Other];

    /// Its largest number.
    const fn last(self) -> u16 {
        match self {
            Protocol::Tcp | Protocol::Udp | Protocol::Icmp | Protocol::Icmpv6 => u16::MAX,
            Protocol::Other => 255,
        }
    }

    /// All its numbers.
    pub fn everything(self) -> Ranges {
        Ranges::of(0, self.last())
    }

    /// Its name in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Icmp => "icmp",
            Protocol::Icmpv6 => "icmpv6",
            Protocol::Other => "protocol",
        }
    }
}

/// A set of traffic.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrafficSet {
    numbered: [Ranges; 5],
}

impl TrafficSet {
    /// No traffic.
    pub fn none() -> TrafficSet {
        TrafficSet::default()
    }

    /// All traffic.
    pub fn all() -> TrafficSet {
        TrafficSet { numbered: Protocol::ALL.map(Protocol::everything) }
    }

    /// Numbers of one protocol.
    pub fn of(protocol: Protocol, ranges: Ranges) -> TrafficSet {
        let mut set = TrafficSet::none();
        set.numbered[protocol as usize] = ranges;
        set
    }

    /// TCP to the ports from `first` to `last`.
    pub fn tcp(first: u16, last: u16) -> TrafficSet {
        TrafficSet::of(Protocol::Tcp, Ranges::of(first, last))
    }

    /// The numbers of one protocol.
    pub fn of_protocol(&self, protocol: Protocol) -> &Ranges {
        &self.numbered[protocol as usize]
    }

    /// Takes every number of a protocol out.
    #[must_use]
    pub fn without(mut self, protocol: Protocol) -> TrafficSet {
        self.numbered[protocol as usize] = Ranges::default();
        self
    }

    /// Whether there is no traffic in it.
    pub fn is_empty(&self) -> bool {
        self.numbered.iter().all(Ranges::is_empty)
    }

    /// Whether all traffic is in it.
    pub fn is_all(&self) -> bool {
        Protocol::ALL.iter().all(|it| self.has_all_of(*it))
    }

    /// Whether every number of a protocol is in it.
    pub fn has_all_of(&self, protocol: Protocol) -> bool {
        self.numbered[protocol as usize].0 == [(0, protocol.last())]
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &TrafficSet) -> TrafficSet {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        self.with(other, Ranges::union)
    }

    /// What is in both.
    #[must_use]
    pub fn intersect(&self, other: &TrafficSet) -> TrafficSet {
        if self.is_all() {
            return other.clone();
        }
        if other.is_all() {
            return self.clone();
        }
        self.with(other, Ranges::intersect)
    }

    /// What is in this one and not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &TrafficSet) -> TrafficSet {
        self.with(other, Ranges::subtract)
    }

    /// Whether all of `other` is in this one.
    pub fn contains(&self, other: &TrafficSet) -> bool {
        self.numbered.iter().zip(&other.numbered).all(|(a, b)| a.contains(b))
    }

    fn with(&self, other: &TrafficSet, combine: impl Fn(&Ranges, &Ranges) -> Ranges) -> TrafficSet {
        TrafficSet {
            numbered: std::array::from_fn(|it| combine(&self.numbered[it], &other.numbered[it])),
        }
    }
}

impl fmt::Display for TrafficSet {
    /// `tcp/443,8000-8080 udp/53`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("all traffic");
        }
        if self.is_empty() {
            return f.write_str("no traffic");
        }
        let mut parts = Vec::new();
        for protocol in Protocol::ALL {
            let ranges = self.of_protocol(protocol);
            if ranges.is_empty() {
                continue;
            }
            if self.has_all_of(protocol) {
                parts.push(match protocol {
                    Protocol::Other => "other protocols".to_string(),
                    Protocol::Tcp | Protocol::Udp | Protocol::Icmp | Protocol::Icmpv6 => {
                        protocol.as_str().to_string()
                    }
                });
                continue;
            }
            let numbers: Vec<String> = ranges.iter().map(|it| range_text(protocol, it)).collect();
            parts.push(format!("{}/{}", protocol.as_str(), numbers.join(",")));
        }
        f.write_str(&parts.join(" "))
    }
}

/// `8000-8080` of ports; `8.0` or `8` of ICMP types and codes.
fn range_text(protocol: Protocol, (first, last): (u16, u16)) -> String {
    match protocol {
        Protocol::Tcp | Protocol::Udp | Protocol::Other => {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        }
        Protocol::Icmp | Protocol::Icmpv6 => {
            let [kind, code] = first.to_be_bytes();
            let [last_kind, last_code] = last.to_be_bytes();
            if first == last {
                format!("{kind}.{code}")
            } else if code == 0 && last_code == u8::MAX {
                if kind == last_kind { kind.to_string() } else { format!("{kind}-{last_kind}") }
            } else {
                format!("{kind}.{code}-{last_kind}.{last_code}")
            }
        }
    }
}

/// Traffic that gets through whatever is not known turns out to be, and traffic that may get through.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Admitted {
    /// Gets through for certain; a part of `possible`.
    pub certain: TrafficSet,
    /// May get through.
    pub possible: TrafficSet,
}

impl Admitted {
    /// Nothing gets through.
    pub fn none() -> Admitted {
        Admitted::default()
    }

    /// Everything gets through.
    pub fn all() -> Admitted {
        Admitted::exactly(TrafficSet::all())
    }

    /// Nothing is known.
    pub fn unknown() -> Admitted {
        Admitted { certain: TrafficSet::none(), possible: TrafficSet::all() }
    }

    /// Exactly this gets through.
    pub fn exactly(set: TrafficSet) -> Admitted {
        Admitted { certain: set.clone(), possible: set }
    }

    /// At most this gets through.
    pub fn at_most(set: TrafficSet) -> Admitted {
        Admitted { certain: TrafficSet::none(), possible: set }
    }

    /// What a rule is about.
    pub fn of(traffic: &Traffic) -> Admitted {
        let ports = |protocol: Protocol, ports: &Value<PortRange>| match ports {
            Value::Literal(it) => {
                Admitted::exactly(TrafficSet::of(protocol, Ranges::of(it.first, it.last)))
            }
            Value::Parameter(_) | Value::Unknown => {
                Admitted::at_most(TrafficSet::of(protocol, Ranges::all()))
            }
        };
        let icmp = |protocol: Protocol, kind: Option<u8>, code: Option<u8>| {
            let ranges = match (kind, code) {
                (None, _) => Ranges::all(),
                (Some(kind), None) => {
                    Ranges::of(u16::from_be_bytes([kind, 0]), u16::from_be_bytes([kind, 255]))
                }
                (Some(kind), Some(code)) => {
                    let number = u16::from_be_bytes([kind, code]);
                    Ranges::of(number, number)
                }
            };
            Admitted::exactly(TrafficSet::of(protocol, ranges))
        };
        match traffic {
            Traffic::All => Admitted::all(),
            Traffic::Tcp(it) => ports(Protocol::Tcp, it),
            Traffic::Udp(it) => ports(Protocol::Udp, it),
            Traffic::Icmp { kind, code } => icmp(Protocol::Icmp, *kind, *code),
            Traffic::Icmpv6 { kind, code } => icmp(Protocol::Icmpv6, *kind, *code),
            Traffic::Protocol(it) => {
                let number = u16::from(*it);
                Admitted::exactly(TrafficSet::of(Protocol::Other, Ranges::of(number, number)))
            }
            Traffic::Unknown => Admitted::unknown(),
        }
    }

    /// What either lets through.
    #[must_use]
    pub fn union(&self, other: &Admitted) -> Admitted {
        Admitted {
            certain: self.certain.union(&other.certain),
            possible: self.possible.union(&other.possible),
        }
    }

    /// What both let through.
    #[must_use]
    pub fn intersect(&self, other: &Admitted) -> Admitted {
        Admitted {
            certain: self.certain.intersect(&other.certain),
            possible: self.possible.intersect(&other.possible),
        }
    }
}
