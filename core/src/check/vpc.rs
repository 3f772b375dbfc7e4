//! A VPC's blocks, subnets and zones: sizes (AG0204, AG0210), places (AG0202, AG0203, AG0209), counts
//! (AG0205), secondary blocks (AG0206), NAT gateways (AG0211), addresses (AG0212).
//!
//! Peerings are checked in [`super::peering`]. Unknown blocks are skipped.

use ipnet::Ipv4Net;

use super::{Context, findings};
use crate::addresses;
use crate::codes::Code;
use crate::declare::Vpc;
use crate::declare::vpc::{Nat, TierBlocks, TierRoute};
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::types::Ipv4Cidr;

/// Addresses of every subnet that AWS keeps: network, router, DNS, reserve, broadcast.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
pub const RESERVED_ADDRESSES: u64 = 5;

/// A subnet with a known block.
struct Placed {
    /// `private[1]`.
    label: String,
    block: Ipv4Cidr,
    loc: Loc,
    sized: bool,
}

/// Checks a VPC's blocks, subnets and zones.
pub fn check(vpc: &Vpc, cx: &mut Context<'_>) {
    if let Some(zones) = vpc.zones.literal()
        && !(1..=6).contains(&zones.0)
    {
        findings::limit(
            cx,
            vpc.zones.loc,
            format!("a VPC spans 1 to 6 zones, not {zones}"),
            "most Regions have 3 zones, none has more than 6",
        );
    }
    for block in vpc.blocks() {
        let Some(it) = block.literal() else { continue };
        block_size(it, block.loc, cx);
        block_place(it, block.loc, cx);
    }
    secondary_blocks(vpc, cx);
    subnet_counts(vpc, cx);
    let placed = placed(vpc, cx);
    inside(vpc, &placed, cx);
    overlaps(vpc, &placed, cx);
    nat(vpc, cx);
    usable_addresses(vpc, cx);
    if let Some(retention) = &vpc.flow_logs {
        cx.log_retention(retention);
    }
}

/// AG0204: a VPC's block is not between /16 and /28.
pub(super) fn block_size(it: &Ipv4Cidr, loc: Loc, cx: &mut Context<'_>) {
    let length = it.0.prefix_len();
    if (16..=28).contains(&length) {
        return;
    }
    let help = if length < 16 {
        format!("a /16 is the largest: write `{}/16`", it.0.network())
    } else {
        "a /28 (16 addresses) is the smallest".to_string()
    };
    cx.push(
        Diagnostic::new(
            Code::AG0204,
            loc,
            format!("a VPC's block is between /16 and /28, and {it} is a /{length}"),
        )
        .help(help),
    );
}

/// AG0218 and AG0219: a VPC's block is where AWS takes none, or where some of its services have theirs.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>
pub(super) fn block_place(it: &Ipv4Cidr, loc: Loc, cx: &mut Context<'_>) {
    let link_local = Ipv4Cidr(Ipv4Net::new_assert([169, 254, 0, 0].into(), 16));
    let docker = Ipv4Cidr(Ipv4Net::new_assert([172, 17, 0, 0].into(), 16));
    if it.overlaps(&link_local) {
        cx.push(
            Diagnostic::new(
                Code::AG0218,
                loc,
                format!("a VPC cannot have {it}: {link_local} is for link-local addresses"),
            )
            .help("take a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"),
        );
    }
    if it.overlaps(&docker) {
        cx.push(
            Diagnostic::new(
                Code::AG0219,
                loc,
                format!("{it} overlaps {docker}, which AWS services and Docker use themselves"),
            )
            .note("AWS Cloud9 and Amazon SageMaker, for example, cannot reach such addresses")
            .help("take another block; a VPC's primary block cannot be changed later"),
        );
    }
}

/// Secondary blocks that overlap another block of the VPC, or that AWS does not take.
fn secondary_blocks(vpc: &Vpc, cx: &mut Context<'_>) {
    let blocks = vpc.blocks();
    for (position, block) in blocks.iter().enumerate().skip(1) {
        let Some(it) = block.literal() else { continue };
        let mut overlaps = false;
        for before in &blocks[..position] {
            let Some(other) = before.literal() else { continue };
            if it.overlaps(other) {
                overlaps = true;
                cx.push(
                    secondary(block.loc, format!("secondary block {it} overlaps {other}"))
                        .label(before.loc, format!("{other} is given here"))
                        .help("blocks of one VPC must not share addresses"),
                );
            }
        }
        if overlaps {
            continue;
        }
        if let Some(why) = blocks[0].literal().and_then(|primary| restricted(primary, it)) {
            cx.push(
                secondary(block.loc, format!("AWS does not take {it} as a secondary block: {why}"))
                    .help("take a block of 100.64.0.0/10, or of the primary block's own range"),
            );
        }
    }
    if blocks.len() > 5 {
        cx.push(
            secondary(
                blocks[5].loc,
                format!("a VPC has at most 5 blocks, and `{}` has {}", vpc.meta.name, blocks.len()),
            )
            .note("AWS raises the quota to 50 on request".to_string())
            .help("join blocks that lie side by side"),
        );
    }
}

/// AG0206: a secondary block overlaps another block of the VPC, or AWS does not take it.
pub(super) fn secondary(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0206, loc, message)
}

/// Why AWS refuses a secondary block beside a primary one.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions>
pub(super) fn restricted(primary: &Ipv4Cidr, block: &Ipv4Cidr) -> Option<String> {
    let net = |text: &str| text.parse().ok().map(Ipv4Cidr);
    let (ten, oneseven, onenine) =
        (net("10.0.0.0/8")?, net("172.16.0.0/12")?, net("192.168.0.0/16")?);
    let shared = net("198.19.0.0/16")?;
    if block.overlaps(&shared) {
        return Some("198.19.0.0/16 is restricted".to_string());
    }
    let private = [("10.0.0.0/8", ten), ("172.16.0.0/12", oneseven), ("192.168.0.0/16", onenine)];
    for (name, range) in private {
        if !range.contains(primary) {
            continue;
        }
        for (other, forbidden) in private {
            if other != name && forbidden.overlaps(block) {
                return Some(format!("beside a primary block in {name}, {other} is restricted"));
            }
        }
        if name == "10.0.0.0/8"
            && net("10.0.0.0/15")?.contains(primary)
            && block.overlaps(&net("10.0.0.0/16")?)
        {
            return Some(
                "beside a primary block in 10.0.0.0/15, 10.0.0.0/16 is restricted".to_string(),
            );
        }
        if name == "172.16.0.0/12" && block.overlaps(&net("172.31.0.0/16")?) {
            return Some(
                "beside a primary block in 172.16.0.0/12, 172.31.0.0/16 is restricted".to_string(),
            );
        }
    }
    None
}

/// AG0205: a tier does not have one subnet for each zone.
fn subnet_counts(vpc: &Vpc, cx: &mut Context<'_>) {
    let Some(zones) = vpc.zone_count() else { return };
    for (name, tier) in vpc.tiers() {
        let Some(spec) = tier.field.literal() else { continue };
        let Some(TierBlocks::Explicit(list)) = spec.blocks.literal() else { continue };
        if list.len() == zones {
            continue;
        }
        let help = if list.len() < zones {
            let length = list.iter().find_map(|it| it.literal()).map_or(24, |it| it.0.prefix_len());
            match addresses::next_free(vpc, length) {
                Some(free) => {
                    format!("add the next free block, `\"{free}\"`, or set `zones: {}`", list.len())
                }
                None => format!("set `zones: {}`", list.len()),
            }
        } else {
            format!("leave {} out, or set `zones: {}`", list.len() - zones, list.len())
        };
        cx.push(
            Diagnostic::new(
                Code::AG0205,
                spec.blocks.loc,
                format!(
                    "tier `{name}` has {} subnets, and `{}` has {zones} zones",
                    list.len(),
                    vpc.meta.name
                ),
            )
            .label(vpc.zones.loc, "the zones are given here")
            .help(help),
        );
    }
}

/// Every subnet with a known block; AG0209 and AG0210 for those that cannot be placed.
fn placed(vpc: &Vpc, cx: &mut Context<'_>) -> Vec<Placed> {
    let mut placed = Vec::new();
    for (name, tier) in vpc.tiers() {
        let Some(blocks) = tier.field.literal().map(|it| &it.blocks) else { continue };
        match blocks.literal() {
            Some(TierBlocks::Sized(length)) if !(16..=28).contains(length) => {
                subnet_size(name, &format!("/{length}"), blocks.loc, cx);
            }
            Some(TierBlocks::Sized(length)) => no_room(vpc, name, *length, blocks.loc, cx),
            Some(TierBlocks::Explicit(list)) => {
                for (zone, block) in list.iter().enumerate() {
                    let Some(it) = block.literal() else { continue };
                    if !(16..=28).contains(&it.0.prefix_len()) {
                        subnet_size(&format!("{name}[{zone}]"), &it.to_string(), block.loc, cx);
                    }
                }
            }
            None => {}
        }
        let sized = matches!(blocks.literal(), Some(TierBlocks::Sized(_)));
        for (zone, block) in vpc.subnet_blocks(name).into_iter().enumerate() {
            if let Some(it) = block.literal() {
                let label = format!("{name}[{zone}]");
                placed.push(Placed { label, block: *it, loc: block.loc, sized });
            }
        }
    }
    placed
}

/// AG0210: a subnet is not between /16 and /28.
pub(super) fn subnet_size(label: &str, block: &str, loc: Loc, cx: &mut Context<'_>) {
    cx.push(
        Diagnostic::new(
            Code::AG0210,
            loc,
            format!("a subnet is between /16 and /28, and `{label}` is {block}"),
        )
        .help("a /24 has 251 usable addresses, a /28 has 11"),
    );
}

/// AG0209: a VPC has no room for a subnet.
fn no_room(vpc: &Vpc, tier: &str, length: u8, loc: Loc, cx: &mut Context<'_>) {
    let (Some(zones), true) =
        (vpc.zone_count(), vpc.blocks().iter().all(|it| it.literal().is_some()))
    else {
        return;
    };
    let found = vpc.subnet_blocks(tier).iter().filter(|it| it.literal().is_some()).count();
    if found < zones {
        cx.push(
            Diagnostic::new(
                Code::AG0209,
                loc,
                format!(
                    "`{}` has room for {found} of the {zones} /{length} subnets of tier `{tier}`",
                    vpc.meta.name
                ),
            )
            .help(if length < 28 {
                format!(
                    "make the subnets smaller (`/{}`), or add a block to `secondary_cidrs`",
                    length + 1
                )
            } else {
                "use fewer zones, or add a block to `secondary_cidrs`".to_string()
            }),
        );
    }
}

/// Subnets outside their VPC.
fn inside(vpc: &Vpc, placed: &[Placed], cx: &mut Context<'_>) {
    let blocks = vpc.blocks();
    let Some(known) = blocks.iter().map(|it| it.literal()).collect::<Option<Vec<_>>>() else {
        return;
    };
    for subnet in placed.iter().filter(|it| !it.sized) {
        if known.iter().any(|it| it.contains(&subnet.block)) {
            continue;
        }
        let all: Vec<String> = known.iter().map(|it| it.to_string()).collect();
        cx.push(
            outside(
                subnet.loc,
                format!("subnet `{}` {}", subnet.label, subnet.block),
                &vpc.meta.name,
                &all.join(", "),
            )
            .label(vpc.cidr.loc, "the VPC's block is given here")
            .maybe_help(free(vpc, subnet.block.0.prefix_len())),
        );
    }
}

/// AG0202: a subnet lies outside its VPC.
pub(super) fn outside(loc: Loc, subnet: String, vpc: &str, blocks: &str) -> Diagnostic {
    Diagnostic::new(Code::AG0202, loc, format!("{subnet} lies outside the VPC `{vpc}` {blocks}"))
}

/// AG0203: two subnets of one VPC overlap.
pub(super) fn overlap(loc: Loc, subnet: String, other: &str) -> Diagnostic {
    Diagnostic::new(Code::AG0203, loc, format!("{subnet} overlaps {other}"))
}

/// Subnets of one VPC that overlap.
fn overlaps(vpc: &Vpc, placed: &[Placed], cx: &mut Context<'_>) {
    for (position, subnet) in placed.iter().enumerate() {
        for before in &placed[..position] {
            if !subnet.block.overlaps(&before.block) || (subnet.sized && before.sized) {
                continue;
            }
            cx.push(
                overlap(
                    subnet.loc,
                    format!("subnet `{}` {}", subnet.label, subnet.block),
                    &format!("subnet `{}` {}", before.label, before.block),
                )
                .label(before.loc, format!("`{}` is declared here", before.label))
                .maybe_help(free(vpc, subnet.block.0.prefix_len())),
            );
        }
    }
}

/// "the next free /24 is …".
fn free(vpc: &Vpc, length: u8) -> Option<String> {
    let free = addresses::next_free(vpc, length)?;
    Some(format!("the next free /{length} in `{}` is {free}", vpc.meta.name))
}

/// AG0211: NAT gateways have no public tier to stand in, or a tier routes to NAT gateways that are not
/// there.
fn nat(vpc: &Vpc, cx: &mut Context<'_>) {
    let Some(nat) = vpc.nat.literal() else { return };
    let known = vpc.tiers().all(|(name, _)| vpc.route_of(name).literal().is_some());
    if vpc.subnets.literal().is_none() || !known {
        return;
    }
    let public = vpc.nat_tier().is_some();
    match nat {
        Nat::Single | Nat::PerZone if !public => cx.push(
            Diagnostic::new(
                Code::AG0211,
                vpc.nat.loc,
                format!("`{}` has no public tier for its NAT gateways to stand in", vpc.meta.name),
            )
            .help("add a tier `public`, or set `nat: None`"),
        ),
        Nat::Single | Nat::PerZone => {}
        Nat::None => {
            for (name, tier) in vpc.tiers() {
                let route = tier.field.literal().and_then(|it| it.route.as_ref());
                if let Some(route) = route
                    && route.literal() == Some(&TierRoute::NatGateway)
                {
                    cx.push(
                        Diagnostic::new(
                            Code::AG0211,
                            route.loc,
                            format!(
                                "tier `{name}` routes to NAT gateways, and `{}` has none",
                                vpc.meta.name
                            ),
                        )
                        .help("set `nat: Single` or `nat: PerZone`"),
                    );
                }
            }
        }
    }
}

/// AG0212: a subnet has fewer usable addresses than are asked for.
fn usable_addresses(vpc: &Vpc, cx: &mut Context<'_>) {
    for (name, tier) in vpc.tiers() {
        let Some(spec) = tier.field.literal() else { continue };
        let Some(addresses) = &spec.addresses else { continue };
        let Some(wanted) = addresses.literal() else { continue };
        for (zone, block) in vpc.subnet_blocks(name).iter().enumerate() {
            let Some(it) = block.literal() else { continue };
            let usable = it.addresses().saturating_sub(RESERVED_ADDRESSES);
            if usable >= u64::from(wanted.0) {
                continue;
            }
            let length = (16..=28)
                .rev()
                .find(|it| (1u64 << (32 - it)) >= u64::from(wanted.0) + RESERVED_ADDRESSES);
            cx.push(
                Diagnostic::new(
                    Code::AG0212,
                    addresses.loc,
                    format!(
                        "subnet `{name}[{zone}]` {it} has {usable} usable addresses, not {wanted}"
                    ),
                )
                .note(format!(
                    "of its {} addresses AWS keeps {RESERVED_ADDRESSES} for itself",
                    it.addresses()
                ))
                .maybe_help(length.map(|it| format!("a /{it} has enough"))),
            );
            break;
        }
    }
}
