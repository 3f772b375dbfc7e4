//! Places the subnets of tiers that are given by size.
//!
//! Nothing that exists moves when zones, or tiers or secondary blocks at the end, are added: where a
//! subnet lies depends on its zone and on the tiers before its own, and on nothing else. Every tier keeps
//! room for four zones; the fifth and sixth zone are placed from the other end of the VPC. What then has
//! no room is missing, and reported, rather than put where something else was.
//!
//! Where the history of the architecture knows a subnet, it stays where it is, whatever is written before
//! it, and what is new is placed around it.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use crate::declare::Vpc;
use crate::declare::vpc::TierBlocks;
use crate::types::Ipv4Cidr;

/// The zones that every tier has room for from the start.
const RESERVED_ZONES: u64 = 4;
/// No Region has more zones.
const MOST_ZONES: usize = 6;

/// A run of addresses, the last one included.
type Run = (u64, u64);

/// The block of every placed subnet, by tier and zone. What has no room is missing.
pub fn plan(vpc: &Vpc) -> BTreeMap<(String, usize), Ipv4Cidr> {
    let mut placed = BTreeMap::new();
    let Some(zones) = vpc.zone_count() else { return placed };
    let pools: Vec<Run> = vpc.blocks().iter().filter_map(|it| it.literal()).map(run).collect();
    if vpc.meta.recorded.subnets.values().any(|(cidr, _)| cidr.is_some()) {
        return around(vpc, zones, &pools);
    }
    // What the tiers so far keep for themselves, in use or not, from either end.
    let (mut taken, mut taken_above): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    let mut above: Vec<(&str, usize, u64, u8)> = Vec::new();
    for (name, tier) in vpc.tiers() {
        match tier.field.literal().and_then(|it| it.blocks.literal()) {
            Some(TierBlocks::Explicit(list)) => {
                let runs: Vec<Run> = list.iter().filter_map(|it| it.literal()).map(run).collect();
                taken.extend(&runs);
                taken_above.extend(runs);
            }
            Some(&TierBlocks::Sized(length)) if (16..=28).contains(&length) => {
                let size = 1u64 << (32 - length);
                for (zone, start) in from_below(&pools, &taken, size).into_iter().enumerate() {
                    taken.push((start, start + size - 1));
                    if zone < zones {
                        placed.insert((name.to_string(), zone), block(start, length));
                    }
                }
                for zone in RESERVED_ZONES as usize..MOST_ZONES {
                    let all = [taken.as_slice(), &taken_above].concat();
                    let Some(start) = last_free(&pools, &all, size) else { break };
                    taken_above.push((start, start + size - 1));
                    if zone < zones {
                        above.push((name, zone, start, length));
                    }
                }
            }
            Some(TierBlocks::Sized(_)) | None => {}
        }
    }
    for (name, zone, start, length) in above {
        let run = (start, start + (1u64 << (32 - length)) - 1);
        // A later tier has been placed there: this one has no room.
        if !taken.iter().any(|it| meet(*it, run)) {
            placed.insert((name.to_string(), zone), block(start, length));
        }
    }
    placed
}

/// The block of every placed subnet, where some stood already.
fn around(vpc: &Vpc, zones: usize, pools: &[Run]) -> BTreeMap<(String, usize), Ipv4Cidr> {
    let mut placed = BTreeMap::new();
    let mut taken: Vec<Run> = Vec::new();
    let mut sized: Vec<(&str, u8)> = Vec::new();
    for (name, tier) in vpc.tiers() {
        match tier.field.literal().and_then(|it| it.blocks.literal()) {
            Some(TierBlocks::Explicit(list)) => {
                taken.extend(list.iter().filter_map(|it| it.literal()).map(run));
            }
            Some(&TierBlocks::Sized(length)) if (16..=28).contains(&length) => {
                sized.push((name, length));
            }
            Some(TierBlocks::Sized(_)) | None => {}
        }
    }
    // What stands stays, if it is still of that size, inside, and nobody wrote something else there.
    for (name, length) in &sized {
        for zone in 0..zones {
            let key = (name.to_string(), zone);
            let Some((Some(block), _)) = vpc.meta.recorded.subnets.get(&key) else { continue };
            let it = run(block);
            let inside = pools.iter().any(|pool| pool.0 <= it.0 && it.1 <= pool.1);
            if block.0.prefix_len() == *length && inside && !taken.iter().any(|at| meet(*at, it)) {
                taken.push(it);
                placed.insert(key, *block);
            }
        }
    }
    // Beside each tier its further zones have room, as long as there is other room.
    let mut kept_free: Vec<Run> = Vec::new();
    for (name, length) in &sized {
        let size = 1u64 << (32 - length);
        kept_free.extend(
            (0..RESERVED_ZONES as usize).filter_map(|zone| beside(&placed, name, zone, size)),
        );
    }
    for (name, length) in sized {
        let size = 1u64 << (32 - length);
        let is_new = (0..MOST_ZONES).all(|zone| !placed.contains_key(&(name.to_string(), zone)));
        let all = [taken.as_slice(), &kept_free].concat();
        let run_of = if is_new { from_below(pools, &all, size) } else { Vec::new() };
        kept_free.extend(run_of.iter().map(|start| (*start, start + size - 1)));
        for zone in 0..zones {
            let key = (name.to_string(), zone);
            if placed.contains_key(&key) {
                continue;
            }
            let is_free = |it: &Run| {
                pools.iter().any(|pool| pool.0 <= it.0 && it.1 <= pool.1)
                    && !taken.iter().any(|at| meet(*at, *it))
            };
            let near = run_of.get(zone).map(|start| (*start, start + size - 1));
            let near = near.or_else(|| beside(&placed, name, zone, size)).filter(is_free);
            let all = [taken.as_slice(), &kept_free].concat();
            let start = near
                .map(|it| it.0)
                .or_else(|| first_free(pools, &all, size, size))
                .or_else(|| first_free(pools, &taken, size, size));
            if let Some(start) = start {
                taken.push((start, start + size - 1));
                placed.insert(key, block(start, length));
            }
        }
    }
    placed
}

/// Where a zone of a tier lies if its zones lie side by side.
fn beside(
    placed: &BTreeMap<(String, usize), Ipv4Cidr>,
    tier: &str,
    zone: usize,
    size: u64,
) -> Option<Run> {
    let ((_, at), block) = placed.iter().find(|((name, _), _)| name == tier)?;
    let first = (run(block).0 + size * zone as u64).checked_sub(size * *at as u64)?;
    Some((first, first + size - 1))
}

/// The starts of a tier's first zones: side by side where there is room for all of them, else one by one.
fn from_below(pools: &[Run], taken: &[Run], size: u64) -> Vec<u64> {
    let mut taken = taken.to_vec();
    let mut starts: Vec<u64> = Vec::new();
    for pool in pools {
        let pool = std::slice::from_ref(pool);
        if starts.is_empty()
            && let Some(start) = first_free(pool, &taken, size * RESERVED_ZONES, size)
        {
            return (0..RESERVED_ZONES).map(|zone| start + size * zone).collect();
        }
        while (starts.len() as u64) < RESERVED_ZONES
            && let Some(start) = first_free(pool, &taken, size, size)
        {
            taken.push((start, start + size - 1));
            starts.push(start);
        }
    }
    starts
}

/// Whether two runs share an address.
fn meet(a: Run, b: Run) -> bool {
    a.0 <= b.1 && b.0 <= a.1
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
