//! Places the subnets of tiers that are given by size.
//!
//! Nothing that exists moves when zones are added or tiers are added at the end: every tier reserves
//! room for four zones when it is placed, tiers are placed in the order in which they are written, and
//! the fifth and sixth zone are placed from the other end of the VPC.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use crate::declare::Vpc;
use crate::declare::vpc::TierBlocks;
use crate::types::Ipv4Cidr;

/// The zones that every tier has room for from the start.
const RESERVED_ZONES: u64 = 4;

/// A run of addresses, the last one included.
type Run = (u64, u64);

/// The block of every placed subnet, by tier and zone. What has no room is missing.
pub fn plan(vpc: &Vpc) -> BTreeMap<(String, usize), Ipv4Cidr> {
    let mut placed = BTreeMap::new();
    let Some(zones) = vpc.zone_count() else { return placed };
    let pools: Vec<Run> = vpc.blocks().iter().filter_map(|it| it.literal()).map(run).collect();
    let mut taken: Vec<Run> = Vec::new();
    for (_, tier) in vpc.tiers() {
        let blocks = tier.field.literal().and_then(|it| it.blocks.literal());
        if let Some(TierBlocks::Explicit(list)) = blocks {
            taken.extend(list.iter().filter_map(|it| it.literal()).map(run));
        }
    }
    let sized: Vec<(&str, u8)> = vpc
        .tiers()
        .filter_map(|(name, tier)| match *tier.field.literal()?.blocks.literal()? {
            TierBlocks::Sized(length) if (16..=28).contains(&length) => Some((name, length)),
            TierBlocks::Sized(_) | TierBlocks::Explicit(_) => None,
        })
        .collect();
    for (name, length) in &sized {
        let size = 1u64 << (32 - length);
        // A VPC too small for the reserve still gets the zones it has, one by one.
        if let Some(start) = first_free(&pools, &taken, size * RESERVED_ZONES, size) {
            taken.push((start, start + size * RESERVED_ZONES - 1));
            for zone in 0..zones.min(RESERVED_ZONES as usize) {
                placed.insert((name.to_string(), zone), block(start + size * zone as u64, *length));
            }
        } else {
            for zone in 0..zones.min(RESERVED_ZONES as usize) {
                let Some(start) = first_free(&pools, &taken, size, size) else { break };
                taken.push((start, start + size - 1));
                placed.insert((name.to_string(), zone), block(start, *length));
            }
        }
    }
    for (name, length) in &sized {
        let size = 1u64 << (32 - length);
        for zone in RESERVED_ZONES as usize..zones {
            let Some(start) = last_free(&pools, &taken, size) else { break };
            taken.push((start, start + size - 1));
            placed.insert((name.to_string(), zone), block(start, *length));
        }
    }
    placed
}

/// The first free block of a prefix length in a VPC, for "the next free /24 is …".
pub fn next_free(vpc: &Vpc, length: u8) -> Option<Ipv4Cidr> {
    if !(16..=28).contains(&length) {
        return None;
    }
    let pools: Vec<Run> = vpc.blocks().iter().filter_map(|it| it.literal()).map(run).collect();
    let mut taken: Vec<Run> = Vec::new();
    for (name, _) in vpc.tiers() {
        taken.extend(vpc.subnet_blocks(name).iter().filter_map(|it| it.literal()).map(run));
    }
    let size = 1u64 << (32 - length);
    first_free(&pools, &taken, size, size).map(|start| block(start, length))
}

/// The lowest start of `length` free addresses, a multiple of `step`.
fn first_free(pools: &[Run], taken: &[Run], length: u64, step: u64) -> Option<u64> {
    for (first, last) in pools {
        let mut start = first.div_ceil(step) * step;
        while start + length - 1 <= *last {
            match taken.iter().find(|it| it.0 < start + length && start <= it.1) {
                Some(it) => start = (it.1 + 1).div_ceil(step) * step,
                None => return Some(start),
            }
        }
    }
    None
}

/// The highest start of `length` free addresses, a multiple of `length`.
fn last_free(pools: &[Run], taken: &[Run], length: u64) -> Option<u64> {
    for (first, last) in pools {
        let mut start = ((last + 1) / length * length).checked_sub(length)?;
        while start >= *first {
            match taken.iter().find(|it| it.0 < start + length && start <= it.1) {
                Some(it) => start = (it.0 / length * length).checked_sub(length)?,
                None => return Some(start),
            }
        }
    }
    None
}

/// The addresses of a block.
fn run(block: &Ipv4Cidr) -> Run {
    let first = u64::from(u32::from(block.0.network()));
    (first, first + block.addresses() - 1)
}

/// The block of a prefix length that starts at an address.
fn block(start: u64, length: u8) -> Ipv4Cidr {
    Ipv4Cidr(Ipv4Net::new_assert((start as u32).into(), length))
}
