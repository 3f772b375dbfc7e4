//! Sets of traffic and addresses against sets of single numbers.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::network::span::{Span, classes, split_public};
use crate::network::traffic::{Protocol, Ranges, TrafficSet};

fn ranges() -> impl Strategy<Value = (Ranges, BTreeSet<u16>)> {
    let edge = prop_oneof![0u16..40, 65500u16..=65535];
    prop::collection::vec((edge.clone(), edge), 0..5).prop_map(|pairs| {
        let mut ranges = Ranges::default();
        let mut set = BTreeSet::new();
        for (first, last) in pairs {
            let last = if last.abs_diff(first) > 40 { first } else { last };
            ranges = ranges.union(&Ranges::of(first, last));
            if first <= last {
                set.extend(first..=last);
            }
        }
        (ranges, set)
    })
}

fn numbers(ranges: &Ranges) -> BTreeSet<u16> {
    ranges.iter().flat_map(|(first, last)| first..=last).collect()
}

proptest! {
    #[test]
    fn ranges_are_sets((a, one) in ranges(), (b, two) in ranges()) {
        prop_assert_eq!(numbers(&a.union(&b)), &one | &two);
        prop_assert_eq!(numbers(&a.intersect(&b)), &one & &two);
        prop_assert_eq!(numbers(&a.subtract(&b)), &one - &two);
        prop_assert_eq!(a.contains(&b), two.is_subset(&one));
        prop_assert_eq!(a.is_empty(), one.is_empty());
    }

    #[test]
    fn ranges_do_not_touch((a, _) in ranges(), (b, _) in ranges()) {
        for it in [a.union(&b), a.intersect(&b), a.subtract(&b)] {
            let all: Vec<(u16, u16)> = it.iter().collect();
            prop_assert!(all.windows(2).all(|it| u32::from(it[0].1) + 1 < u32::from(it[1].0)));
        }
    }

    #[test]
    fn classes_cover_every_signature(blocks in prop::collection::vec((0u128..64, 0u128..64), 0..5)) {
        let blocks: Vec<Span> = blocks
            .into_iter()
            .map(|(a, b)| Span { v6: false, first: a.min(b), last: a.max(b) })
            .collect();
        let whole = Span { v6: false, first: 5, last: 60 };
        let signature = |it: &Span| -> Vec<bool> { blocks.iter().map(|block| block.contains(it)).collect() };
        let one = |it: u128| Span { v6: false, first: it, last: it };
        let expected: BTreeSet<Vec<bool>> = (5..=60).map(|it| signature(&one(it))).collect();
        let found: Vec<Vec<bool>> = classes(&[whole], &blocks).iter().map(signature).collect();
        prop_assert_eq!(found.len(), expected.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    }
}

#[test]
fn traffic_is_printed_by_protocol() {
    let web = TrafficSet::tcp(443, 443).union(&TrafficSet::tcp(8000, 8080));
    assert_eq!(web.to_string(), "tcp/443,8000-8080");
    let ping = TrafficSet::of(Protocol::Icmp, Ranges::of(8 << 8, (8 << 8) | 255));
    assert_eq!(web.union(&ping).to_string(), "tcp/443,8000-8080 icmp/8");
    assert_eq!(TrafficSet::all().to_string(), "all traffic");
    assert_eq!(TrafficSet::none().to_string(), "no traffic");
    assert_eq!(
        TrafficSet::all().without(Protocol::Tcp).to_string(),
        "udp icmp icmpv6 other protocols"
    );
    assert_eq!(TrafficSet::of(Protocol::Icmp, Ranges::of(0x0304, 0x0304)).to_string(), "icmp/3.4");
}

#[test]
fn spans_print_as_blocks() {
    let span = Span::of("10.0.0.0/24".parse().unwrap());
    assert_eq!(span.text(), "10.0.0.0/24");
    assert_eq!(Span { first: span.first + 1, ..span }.text(), "10.0.0.1-10.0.0.255");
    assert_eq!(Span::of("2001:db8::/32".parse().unwrap()).text(), "2001:db8::/32");
    assert_eq!(Span::everything(true).text(), "::/0");
    assert_eq!(Span::everything(false).text(), "0.0.0.0/0");
    assert_eq!(Span { first: span.first, last: span.first, ..span }.text(), "10.0.0.0/32");
}

#[test]
fn private_blocks_are_not_on_the_internet() {
    let (public, private) = split_public(&Span::of("10.0.0.0/7".parse().unwrap()));
    assert_eq!(public.iter().map(Span::text).collect::<Vec<_>>(), ["11.0.0.0/8"]);
    assert_eq!(private.iter().map(Span::text).collect::<Vec<_>>(), ["10.0.0.0/8"]);
    let (public, private) = split_public(&Span::of("fd00::/8".parse().unwrap()));
    assert!(public.is_empty() && private.len() == 1);
}

fn span(first: u128, last: u128) -> Span {
    Span { v6: false, first, last }
}

#[test]
fn classes_are_cut_at_both_ends_of_a_block() {
    let cut = |whole: Span, block: Span| classes(&[whole], &[block]);
    assert_eq!(cut(span(0, 63), span(16, 31)), [span(0, 15), span(16, 31)]);
    assert_eq!(cut(span(16, 63), span(0, 31)), [span(16, 31), span(32, 63)]);
    assert_eq!(cut(span(0, 31), span(16, 63)), [span(0, 15), span(16, 31)]);
    assert_eq!(cut(span(0, 63), span(0, 63)), [span(0, 63)]);
}

#[test]
fn aws_keeps_five_addresses_of_a_subnet() {
    let usable = |it: &str| Span::of(it.parse::<ipnet::IpNet>().unwrap()).usable();
    let (subnet, small) = (usable("10.0.0.0/28"), usable("10.0.0.0/29"));
    assert_eq!(subnet.first_address().to_string(), "10.0.0.4");
    assert_eq!(subnet.last - subnet.first, 10);
    // Smaller ones are no subnets: nothing is kept of a block of the internet.
    assert_eq!(small.last - small.first, 7);
    let v6 = usable("2600:db8::/64");
    assert!(v6.v6);
    assert_eq!(v6.first_address().to_string(), "2600:db8::4");
}

#[test]
fn spans_are_shown_as_blocks_where_they_are() {
    let whole = Span::of("10.0.0.0/24".parse::<ipnet::IpNet>().unwrap());
    let shown = |before: u128, after: u128| {
        Span { first: whole.first + before, last: whole.last - after, ..whole }.text()
    };
    assert_eq!(shown(0, 0), "10.0.0.0/24");
    assert_eq!(shown(4, 1), "10.0.0.0/24");
    assert_eq!(shown(4, 0), "10.0.0.0/24");
    assert_eq!(shown(0, 1), "10.0.0.0/24");
    assert_eq!(shown(5, 1), "10.0.0.5-10.0.0.254");
}
