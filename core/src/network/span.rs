//! Ranges of IPv4 and IPv6 addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

/// A version of the Internet Protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

impl Family {
    /// Both.
    pub const ALL: [Family; 2] = [Family::Ipv4, Family::Ipv6];

    /// `ipv4` or `ipv6`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Family::Ipv4 => "ipv4",
            Family::Ipv6 => "ipv6",
        }
    }

    /// Its name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Family::Ipv4 => "IPv4",
            Family::Ipv6 => "IPv6",
        }
    }
}

/// Where blocks that Amazon will choose stand in the model: in the range for documentation (RFC 3849),
/// in which nothing real is. What is compared with one is known only if it says all or nothing of the
/// IPv6 internet.
const STAND_IN: (u128, u128) = (0x2001_0db8_f000 << 80, (0x2001_0db9_0000 << 80) - 1);

/// The stand-in for the /56 that Amazon will choose for the VPC with this number.
pub fn stand_in(vpc: usize) -> ipnet::Ipv6Net {
    let number = (vpc as u128) % (1 << 20);
    let address = Ipv6Addr::from_bits(STAND_IN.0 | (number << 72));
    ipnet::Ipv6Net::new_assert(address, 56)
}

/// Where the addresses stand in the model from which CloudFront asks origins: AWS keeps the list, and changes it. In
/// the range for benchmarks (RFC 2544) nothing real is either.
const CLOUDFRONT: (Ipv4Addr, u8) = (Ipv4Addr::new(198, 19, 255, 0), 24);

/// The stand-in for CloudFront's addresses.
pub fn cloudfront() -> Ipv4Net {
    Ipv4Net::new_assert(CLOUDFRONT.0, CLOUDFRONT.1)
}

/// Addresses of one family from `first` to `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Whether they are IPv6 addresses.
    pub v6: bool,
    /// The first.
    pub first: u128,
    /// The last; it belongs to the span.
    pub last: u128,
}

/// IPv4 blocks that are never on the internet: this network, private, shared, loopback, link-local,
/// multicast and reserved (RFC 1122, 1918, 6598, 3927, 5771, 1112).
const NOT_PUBLIC: [(Ipv4Addr, u8); 9] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// IPv6 blocks that are on the internet: global unicast (RFC 4291).
const GLOBAL_V6: (u128, u128) = (0x2000 << 112, (0x4000 << 112) - 1);

impl Span {
    /// The addresses of a block.
    pub fn of(net: IpNet) -> Span {
        match net {
            IpNet::V4(it) => Span::of_v4(it),
            IpNet::V6(it) => {
                Span { v6: true, first: it.network().to_bits(), last: it.broadcast().to_bits() }
            }
        }
    }

    /// The addresses of an IPv4 block.
    pub fn of_v4(net: Ipv4Net) -> Span {
        Span {
            v6: false,
            first: u128::from(net.network().to_bits()),
            last: u128::from(net.broadcast().to_bits()),
        }
    }

    /// The family.
    pub fn family(&self) -> Family {
        if self.v6 { Family::Ipv6 } else { Family::Ipv4 }
    }

    /// Whether it stands for addresses that Amazon chooses.
    pub fn is_stand_in(&self) -> bool {
        let ipv6 = self.v6 && STAND_IN.0 <= self.first && self.last <= STAND_IN.1;
        ipv6 || Span::of_v4(cloudfront()).contains(self)
    }

    /// Every address of a family.
    pub fn everything(v6: bool) -> Span {
        Span { v6, first: 0, last: if v6 { u128::MAX } else { u128::from(u32::MAX) } }
    }

    /// Whether all of `other` lies in it.
    pub fn contains(&self, other: &Span) -> bool {
        self.v6 == other.v6 && self.first <= other.first && other.last <= self.last
    }

    /// The addresses in both.
    pub fn intersect(&self, other: &Span) -> Option<Span> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (self.v6 == other.v6 && first <= last).then_some(Span { v6: self.v6, first, last })
    }

    /// The addresses in this one and in none of `others`.
    pub fn subtract(&self, others: &[Span]) -> Vec<Span> {
        let mut left = vec![*self];
        for other in others {
            let mut next = Vec::with_capacity(left.len() + 1);
            for span in left {
                let Some(hole) = span.intersect(other) else {
                    next.push(span);
                    continue;
                };
                if span.first < hole.first {
                    next.push(Span { last: hole.first - 1, ..span });
                }
                if hole.last < span.last {
                    next.push(Span { first: hole.last + 1, ..span });
                }
            }
            left = next;
        }
        left
    }

    /// The first address.
    pub fn first_address(&self) -> IpAddr {
        match u32::try_from(self.first) {
            Ok(it) if !self.v6 => IpAddr::V4(Ipv4Addr::from_bits(it)),
            Ok(_) | Err(_) => IpAddr::V6(Ipv6Addr::from_bits(self.first)),
        }
    }

    /// The addresses that interfaces may have in a subnet with this block: without the first four and the
    /// last, which AWS keeps.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
    pub fn usable(&self) -> Span {
        if self.last - self.first < 8 {
            return *self;
        }
        Span { first: self.first + 4, last: self.last - 1, ..*self }
    }

    /// The span as a block, `10.0.0.0/24`, or as its ends where it is not one. The usable addresses of a
    /// subnet are shown as its block.
    pub fn text(&self) -> String {
        let (before, after) = (self.first.saturating_sub(4), self.last.saturating_add(1));
        let blocks = [
            *self,
            Span { first: before, last: after, ..*self },
            Span { first: before, ..*self },
            Span { last: after, ..*self },
        ];
        match blocks.iter().find_map(Span::block_text) {
            Some(it) => it,
            None => {
                let last = Span { first: self.last, ..*self };
                format!("{}-{}", self.first_address(), last.first_address())
            }
        }
    }

    fn block_text(&self) -> Option<String> {
        let size = self.last - self.first;
        let host_bits = 128 - size.leading_zeros();
        let is_block = size.wrapping_add(1) & size == 0 && self.first & size == 0;
        if is_block {
            let longest = if self.v6 { 128 } else { 32 };
            return Some(format!("{}/{}", self.first_address(), longest - host_bits));
        }
        None
    }
}

/// The spans of the internet.
pub fn internet(family: Family) -> Vec<Span> {
    match family {
        Family::Ipv4 => {
            let mut others = not_public();
            others.push(Span::of_v4(cloudfront()));
            Span::everything(false).subtract(&others)
        }
        Family::Ipv6 => {
            let amazon = Span { v6: true, first: STAND_IN.0, last: STAND_IN.1 };
            global_v6().subtract(&[amazon])
        }
    }
}

/// The IPv6 internet.
pub fn global_v6() -> Span {
    Span { v6: true, first: GLOBAL_V6.0, last: GLOBAL_V6.1 }
}

/// The IPv4 spans that are never on the internet.
pub fn not_public() -> Vec<Span> {
    NOT_PUBLIC
        .iter()
        .map(|(address, length)| Span::of_v4(Ipv4Net::new_assert(*address, *length)))
        .collect()
}

/// The part of a span that is on the internet, and the part that is not.
pub fn split_public(span: &Span) -> (Vec<Span>, Vec<Span>) {
    let public: Vec<Span> = if span.v6 {
        span.intersect(&global_v6()).into_iter().collect()
    } else {
        span.subtract(&not_public())
    };
    let rest = span.subtract(&public);
    (public, rest)
}

/// One address of each class that the blocks tell apart: addresses that lie in the same of the blocks
/// are treated the same by everything that knows only these blocks.
pub fn classes(spans: &[Span], blocks: &[Span]) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::new();
    for span in spans {
        let mut starts: Vec<u128> = vec![span.first];
        for block in blocks {
            let Some(inner) = span.intersect(block) else {
                continue;
            };
            starts.push(inner.first);
            if inner.last < span.last {
                starts.push(inner.last + 1);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        for (position, first) in starts.iter().enumerate() {
            let last = starts.get(position + 1).map_or(span.last, |it| it - 1);
            pieces.push(Span { v6: span.v6, first: *first, last });
        }
    }
    if pieces.len() < 2 {
        return pieces;
    }
    let mut seen: Vec<(bool, Vec<bool>)> = Vec::new();
    pieces.retain(|piece| {
        let signature = (piece.v6, blocks.iter().map(|it| it.contains(piece)).collect());
        let new = !seen.contains(&signature);
        if new {
            seen.push(signature);
        }
        new
    });
    pieces
}
