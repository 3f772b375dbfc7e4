//! An address of one side of a connection, as far as it is known.

use ipnet::IpNet;

use super::model::Holds;
use super::span::{Family, Span, global_v6, split_public};
use crate::value::Value;

/// An address of one side, or what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// One of these, which are all treated alike.
    Within(Span),
    /// A private IPv4 address, or an IPv6 address of a VPC, that is not known.
    UnknownInside(Family),
    /// A public address that is not known: of one of AWS's own services, or of a host.
    SomePublic(Family),
}

impl Address {
    /// The family.
    pub fn family(&self) -> Family {
        match self {
            Address::Within(it) => it.family(),
            Address::UnknownInside(it) | Address::SomePublic(it) => *it,
        }
    }

    /// Whether it is an IPv4 address.
    pub fn is_v4(&self) -> bool {
        self.family() == Family::Ipv4
    }

    /// Whether the address lies in a block.
    pub fn within(&self, block: &Value<IpNet>) -> Holds {
        let Some(net) = block.literal() else {
            return Holds::Maybe;
        };
        if net.addr().is_ipv4() != self.is_v4() {
            return Holds::No;
        }
        let block = Span::of(*net);
        let known = match self {
            Address::Within(span) if !span.is_stand_in() || block.is_stand_in() => Some(*span),
            Address::Within(_) | Address::UnknownInside(_) | Address::SomePublic(_) => None,
        };
        if let Some(span) = known {
            return if block.contains(&span) {
                Holds::Yes
            } else if block.intersect(&span).is_none() {
                Holds::No
            } else {
                Holds::Maybe
            };
        }
        // An address that is not known: a block says all of where it may be, or nothing, or cannot tell.
        let (public, rest) = split_public(&block);
        match (self, self.family()) {
            _ if net.prefix_len() == 0 => Holds::Yes,
            (Address::SomePublic(_), Family::Ipv4) if public.is_empty() => Holds::No,
            (Address::UnknownInside(_), Family::Ipv4) => Holds::Maybe,
            (Address::Within(_), _) | (_, Family::Ipv6) if block.contains(&global_v6()) => {
                Holds::Yes
            }
            (Address::Within(_) | Address::SomePublic(_), Family::Ipv6) if public.is_empty() => {
                Holds::No
            }
            (Address::UnknownInside(_), Family::Ipv6) if public.is_empty() && rest.is_empty() => {
                Holds::No
            }
            (
                Address::Within(_) | Address::UnknownInside(_) | Address::SomePublic(_),
                Family::Ipv4 | Family::Ipv6,
            ) => Holds::Maybe,
        }
    }

    /// The address in messages.
    pub fn text(&self) -> String {
        match self {
            Address::Within(span) if span.is_stand_in() => {
                "an IPv6 address that Amazon chooses".to_string()
            }
            Address::Within(span) => span.text(),
            Address::UnknownInside(_) => "an address that is not known here".to_string(),
            Address::SomePublic(_) => "the service's public addresses".to_string(),
        }
    }
}
