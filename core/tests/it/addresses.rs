//! The address planner: what it places fits, and what is placed stays where it is.

use std::collections::BTreeMap;

use archgen_core::addresses;
use archgen_core::declare::Vpc;
use archgen_core::node::Node;
use archgen_core::types::Ipv4Cidr;
use proptest::prelude::*;

use crate::common::*;

/// A tier as it is written.
#[derive(Clone, Debug)]
enum Tier {
    /// `/24`.
    Sized(u8),
    /// Written out: the first of so many /28 blocks in the VPC, one for each zone.
    Explicit(u32),
}

/// A VPC as it is written.
#[derive(Clone, Debug)]
struct Written {
    length: u8,
    secondary: Option<u8>,
    zones: usize,
    tiers: Vec<Tier>,
}

impl Written {
    fn declaration(&self) -> Vpc {
        let blocks = |it: &Tier| -> Node {
            match it {
                Tier::Sized(length) => size(*length),
                Tier::Explicit(first) => list((0..self.zones as u32).map(|zone| {
                    let address = std::net::Ipv4Addr::from(0x0a00_0000 + (first + zone) * 16);
                    text(&format!("{address}/28"))
                })),
            }
        };
        let names: Vec<String> = (0..self.tiers.len()).map(|it| format!("tier{it}")).collect();
        let tiers = names.iter().map(String::as_str).zip(self.tiers.iter().map(blocks));
        let cidr = text(&format!("10.0.0.0/{}", self.length));
        let mut raw = vpc("network", cidr, int(self.zones as i128), record(tiers));
        if let Some(length) = self.secondary {
            raw = with(raw, "secondary_cidrs", texts(&[&format!("10.64.0.0/{length}")]));
        }
        architecture([raw]).get::<Vpc>("network").expect("the VPC").clone()
    }

    fn plan(&self) -> BTreeMap<(String, usize), Ipv4Cidr> {
        addresses::plan(&self.declaration())
    }

    /// The blocks of a written-out tier.
    fn explicit(&self) -> Vec<Ipv4Cidr> {
        let vpc = self.declaration();
        let names: Vec<String> = (0..self.tiers.len())
            .filter(|it| matches!(self.tiers[*it], Tier::Explicit(_)))
            .map(|it| format!("tier{it}"))
            .collect();
        names
            .iter()
            .flat_map(|it| vpc.subnet_blocks(it))
            .filter_map(|it| it.literal().copied())
            .collect()
    }
}

fn tier() -> impl Strategy<Value = Tier> {
    prop_oneof![5 => (17u8..=28).prop_map(Tier::Sized), 1 => (0u32..256).prop_map(Tier::Explicit)]
}

fn written() -> impl Strategy<Value = Written> {
    (16u8..=26, proptest::option::of(16u8..=24), 1usize..=6, prop::collection::vec(tier(), 1..6))
        .prop_map(|(length, secondary, zones, tiers)| Written { length, secondary, zones, tiers })
}

/// Everything that was placed and still is stands where it stood.
fn nothing_moved(
    before: &BTreeMap<(String, usize), Ipv4Cidr>,
    after: &BTreeMap<(String, usize), Ipv4Cidr>,
) -> Result<(), TestCaseError> {
    for (subnet, block) in before {
        if let Some(now) = after.get(subnet) {
            prop_assert_eq!(now, block, "{:?} moved", subnet);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    /// Placed subnets lie in the VPC, on their own boundary, and share no address with each other.
    #[test]
    fn placed_subnets_fit(written in written()) {
        let vpc = written.declaration();
        let plan: Vec<Ipv4Cidr> = written.plan().into_values().collect();
        for (position, block) in plan.iter().enumerate() {
            prop_assert_eq!(block.0, block.0.trunc());
            let inside = vpc.blocks().iter().filter_map(|it| it.literal()).any(|it| it.contains(block));
            prop_assert!(inside, "{block} lies outside");
            for other in &plan[..position] {
                prop_assert!(!block.overlaps(other), "{block} overlaps {other}");
            }
        }
    }

    /// Nothing is placed on what a tier before it has written out.
    #[test]
    fn written_out_blocks_are_left_alone(mut written in written(), first in 0u32..256) {
        written.tiers.insert(0, Tier::Explicit(first));
        written.tiers.truncate(6);
        let first_only = Written { tiers: vec![Tier::Explicit(first)], ..written.clone() };
        for block in written.plan().values() {
            for other in first_only.explicit() {
                prop_assert!(!block.overlaps(&other), "{block} overlaps {other}");
            }
        }
    }

    /// A tier at the end moves nothing.
    #[test]
    fn a_tier_more_moves_nothing(written in written(), tier in tier()) {
        let mut more = written.clone();
        more.tiers.push(tier);
        nothing_moved(&written.plan(), &more.plan())?;
    }

    /// A zone more moves nothing.
    #[test]
    fn a_zone_more_moves_nothing(mut written in written()) {
        written.tiers.retain(|it| matches!(it, Tier::Sized(_)));
        written.zones = written.zones.min(5);
        let more = Written { zones: written.zones + 1, ..written.clone() };
        nothing_moved(&written.plan(), &more.plan())?;
        // Unless it is full, nothing is lost either.
        if more.zones <= 4 {
            prop_assert!(written.plan().keys().all(|it| more.plan().contains_key(it)));
        }
    }

    /// A further block moves nothing and takes nothing away.
    #[test]
    fn a_block_more_moves_nothing(written in written(), length in 16u8..=24) {
        let before = Written { secondary: None, ..written };
        let after = Written { secondary: Some(length), ..before.clone() };
        nothing_moved(&before.plan(), &after.plan())?;
        prop_assert!(before.plan().keys().all(|it| after.plan().contains_key(it)));
    }

    /// "The next free block" is free, in the VPC and on its boundary.
    #[test]
    fn the_next_free_block_is_free(written in written(), length in 16u8..=28) {
        let vpc = written.declaration();
        if let Some(free) = addresses::next_free(&vpc, length) {
            prop_assert_eq!(free.0, free.0.trunc());
            prop_assert!(vpc.blocks().iter().filter_map(|it| it.literal()).any(|it| it.contains(&free)));
            for block in written.plan().into_values().chain(written.explicit()) {
                prop_assert!(!block.overlaps(&free), "{free} is taken by {block}");
            }
        }
    }
}

/// The example of the documentation: three tiers in three zones of a /16.
#[test]
fn an_example_by_hand() {
    let written = Written {
        length: 16,
        secondary: None,
        zones: 3,
        tiers: vec![Tier::Sized(24), Tier::Sized(22), Tier::Sized(24)],
    };
    let shown: Vec<String> = written
        .plan()
        .iter()
        .map(|((tier, zone), block)| format!("{tier}[{zone}] {block}"))
        .collect();
    assert_eq!(
        shown,
        [
            "tier0[0] 10.0.0.0/24",
            "tier0[1] 10.0.1.0/24",
            "tier0[2] 10.0.2.0/24",
            "tier1[0] 10.0.4.0/22",
            "tier1[1] 10.0.8.0/22",
            "tier1[2] 10.0.12.0/22",
            "tier2[0] 10.0.20.0/24",
            "tier2[1] 10.0.21.0/24",
            "tier2[2] 10.0.22.0/24",
        ]
    );
}
