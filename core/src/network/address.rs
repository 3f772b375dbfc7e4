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
        let (public, _) = split_public(&block);
        match (self, self.family()) {
            _ if net.prefix_len() == 0 => Holds::Yes,
            (Address::SomePublic(_), Family::Ipv4) if public.is_empty() => Holds::No,
            (Address::Within(_), _) | (_, Family::Ipv6) if block.contains(&global_v6()) => {
                Holds::Yes
            }
            (Address::Within(_) | Address::SomePublic(_), Family::Ipv6) if public.is_empty() => {
                Holds::No
            }
            (
                Address::Within(_) | Address::UnknownInside(_) | Address::SomePublic(_),
                Family::Ipv4 | Family::Ipv6,
            ) => Holds::Maybe,
        }
    }

    /// Whether it is a public IPv4 address.
    pub fn is_public(&self) -> Holds {
        match self {
            Address::Within(span) if !span.v6 => match split_public(span) {
                (_, rest) if rest.is_empty() => Holds::Yes,
                (public, _) if public.is_empty() => Holds::No,
                (_, _) => Holds::Maybe,
            },
            Address::SomePublic(Family::Ipv4) => Holds::Yes,
            Address::UnknownInside(Family::Ipv4) => Holds::Maybe,
            Address::Within(_)
            | Address::SomePublic(Family::Ipv6)
            | Address::UnknownInside(Family::Ipv6) => Holds::No,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::span::stand_in;

    fn within(address: Address, block: &str) -> Holds {
        address.within(&Value::Literal(block.parse().expect("a block")))
    }

    #[test]
    fn public_addresses_that_are_not_known() {
        let (v4, v6) = (Address::SomePublic(Family::Ipv4), Address::SomePublic(Family::Ipv6));
        for (address, block, expected) in [
            (v4, "0.0.0.0/0", Holds::Yes),
            (v4, "8.8.8.0/24", Holds::Maybe),
            (v4, "10.0.0.0/8", Holds::No),
            (v4, "::/0", Holds::No),
            (v6, "::/0", Holds::Yes),
            (v6, "2000::/3", Holds::Yes),
            (v6, "2600::/12", Holds::Maybe),
            (v6, "fd00::/8", Holds::No),
        ] {
            assert_eq!(within(address, block), expected, "{address:?} in {block}");
        }
    }

    #[test]
    fn addresses_inside_that_are_not_known() {
        let inside = Address::UnknownInside(Family::Ipv4);
        assert_eq!(within(inside, "0.0.0.0/0"), Holds::Yes);
        assert_eq!(within(inside, "10.0.0.0/8"), Holds::Maybe);
        assert_eq!(within(inside, "8.8.8.0/24"), Holds::Maybe);
        assert_eq!(inside.within(&Value::Unknown), Holds::Maybe);
    }

    #[test]
    fn what_stands_in_answers_to_what_is_said_of_all_ipv6() {
        let block: IpNet = stand_in(3).into();
        let address = Address::Within(Span::of(block));
        for (other, expected) in [
            ("::/0", Holds::Yes),
            ("2000::/3", Holds::Yes),
            ("2600::/12", Holds::Maybe),
            ("fd00::/8", Holds::No),
            ("0.0.0.0/0", Holds::No),
        ] {
            assert_eq!(within(address, other), expected, "{other}");
        }
        assert_eq!(address.within(&Value::Literal(block)), Holds::Yes);
        assert_eq!(address.within(&Value::Literal(stand_in(4).into())), Holds::No);
        assert_eq!(address.text(), "an IPv6 address that Amazon chooses");
    }
}
