//! Blocks of VPCs, subnets, peerings and prefix lists of a template that was read, by the same rules as
//! those of declarations (AG0202, AG0203, AG0204, AG0206, AG0207, AG0210, AG0218, AG0219, AG0224).
//!
//! Blocks with host bits set are not reported: a reader writes them as AWS would.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::quota::bad_list;
use super::{Scope, labelled};
use crate::check::{Context, peering, vpc as rules};
use crate::loc::Loc;
use crate::network::span::Span;
use crate::resource::network::{Accepter, Ipv6Block, SubnetIpv6};
use crate::resource::{PrefixList, Resource, ResourceId, ResourceKind};
use crate::types::Ipv4Cidr;
use crate::value::Value;

/// A block of a VPC with its place.
struct Block {
    net: IpNet,
    loc: Loc,
}

/// The blocks of a VPC.
#[derive(Default)]
struct Blocks {
    /// The known ones; the first IPv4 block is the VPC's primary one.
    known: Vec<Block>,
    /// Whether there are IPv4 blocks that are not known.
    unknown_v4: bool,
    /// Whether there are IPv6 blocks that are not known.
    unknown_v6: bool,
}

impl Blocks {
    fn of(&self, v4: bool) -> impl Iterator<Item = &Block> {
        self.known.iter().filter(move |it| it.net.addr().is_ipv4() == v4)
    }

    fn is_known(&self, v4: bool) -> bool {
        if v4 { !self.unknown_v4 } else { !self.unknown_v6 }
    }
}

/// Checks every VPC.
pub(super) fn check(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let vpcs = blocks(scope);
    for all in vpcs.values() {
        for block in &all.known {
            if let IpNet::V4(it) = block.net {
                rules::block_size(&Ipv4Cidr(it), block.loc, cx);
                rules::block_place(&Ipv4Cidr(it), block.loc, cx);
            }
        }
        secondary(all, cx);
    }
    subnets(scope, &vpcs, cx);
    peerings(scope, &vpcs, cx);
    lists(scope, cx);
}

fn blocks<'a>(scope: &Scope<'a>) -> BTreeMap<&'a ResourceId, Blocks> {
    let mut all: BTreeMap<&ResourceId, Blocks> = BTreeMap::new();
    let mut add = |vpc: &'a ResourceId, net: Option<IpNet>, v4: bool, loc: Loc| {
        let blocks = all.entry(vpc).or_default();
        match net {
            Some(net) => blocks.known.push(Block { net, loc }),
            None if v4 => blocks.unknown_v4 = true,
            None => blocks.unknown_v6 = true,
        }
    };
    // The primary block comes first.
    for (_, it, vpc) in scope.graph.all::<crate::resource::Vpc>() {
        add(&it.id, vpc.cidr.literal().map(|it| it.0.into()), true, it.loc);
    }
    for resource in scope.graph.resources.values() {
        if let ResourceKind::VpcCidrBlock(it) = &resource.kind {
            add(it.vpc.id(), it.cidr.literal().map(|it| it.0.into()), true, resource.loc);
        }
        if let ResourceKind::VpcIpv6Block(it) = &resource.kind {
            let net = match &it.block {
                Ipv6Block::Given(Value::Literal(it)) => Some(it.0),
                Ipv6Block::Given(Value::Parameter(_) | Value::Unknown) | Ipv6Block::Amazon => None,
            };
            add(it.vpc.id(), net, false, resource.loc);
        }
    }
    all
}

/// Secondary IPv4 blocks that overlap another, or that AWS does not take beside the primary one.
fn secondary(all: &Blocks, cx: &mut Context<'_>) {
    let v4: Vec<(Ipv4Cidr, Loc)> = all
        .of(true)
        .filter_map(|it| match it.net {
            IpNet::V4(net) => Some((Ipv4Cidr(net), it.loc)),
            IpNet::V6(_) => None,
        })
        .collect();
    let Some((primary, _)) = v4.first().filter(|_| all.is_known(true)) else { return };
    for (position, (block, loc)) in v4.iter().enumerate().skip(1) {
        if let Some((other, at)) = v4[..position].iter().find(|(it, _)| it.overlaps(block)) {
            let message = format!("secondary block {block} overlaps {other}");
            let diagnostic =
                rules::secondary(*loc, message).help("blocks of one VPC must not share addresses");
            cx.push(labelled(diagnostic, *at, format!("{other} is given here")));
        } else if let Some(why) = rules::restricted(primary, block) {
            let message = format!("AWS does not take {block} as a secondary block: {why}");
            cx.push(
                rules::secondary(*loc, message)
                    .help("take a block of 100.64.0.0/10, or of the primary block's own range"),
            );
        }
    }
}

/// Subnets: their size, outside their VPC, overlapping.
fn subnets(scope: &Scope<'_>, vpcs: &BTreeMap<&ResourceId, Blocks>, cx: &mut Context<'_>) {
    let mut placed: BTreeMap<&ResourceId, Vec<(Span, IpNet, &Resource)>> = BTreeMap::new();
    for resource in scope.graph.resources.values() {
        let ResourceKind::Subnet(subnet) = &resource.kind else { continue };
        let name = &resource.declaration;
        let v4 = subnet.cidr.literal().map(|it| IpNet::V4(it.0));
        let v6 = match &subnet.ipv6 {
            Some(SubnetIpv6::Given(Value::Literal(it))) => Some(it.0),
            Some(SubnetIpv6::Given(_) | SubnetIpv6::Nth(_)) | None => None,
        };
        for net in v4.into_iter().chain(v6) {
            if !has_size(&net) {
                rules::subnet_size(name, &net.to_string(), resource.loc, cx);
            }
            let span = Span::of(net);
            placed.entry(subnet.vpc.id()).or_default().push((span, net, resource));
            let is_v4 = net.addr().is_ipv4();
            let Some(vpc) = vpcs.get(subnet.vpc.id()).filter(|it| it.is_known(is_v4)) else {
                continue;
            };
            // A VPC of another template may have blocks that are not seen here.
            if !scope.graph.resources.contains_key(subnet.vpc.id())
                || vpc.of(is_v4).any(|it| it.net.contains(&net))
            {
                continue;
            }
            let known: Vec<String> = vpc.of(is_v4).map(|it| it.net.to_string()).collect();
            if known.is_empty() {
                continue;
            }
            let diagnostic = rules::outside(
                resource.loc,
                format!("subnet `{name}` {net}"),
                scope.name_of(subnet.vpc.id()),
                &known.join(", "),
            )
            .help("give it a block inside the VPC's");
            let first = vpc.of(is_v4).next().map_or(Loc::NONE, |it| it.loc);
            cx.push(labelled(diagnostic, first, "the VPC's block is given here"));
        }
    }
    for mut all in placed.into_values() {
        // Blocks nest or are apart: one that overlaps an earlier one lies in it.
        all.sort_by_key(|(span, _, it)| {
            (span.v6, span.first, std::cmp::Reverse(span.last), &it.id)
        });
        let mut widest: Option<(Span, IpNet, &Resource)> = None;
        for (span, net, resource) in all {
            match widest {
                Some((wide, other, first)) if wide.intersect(&span).is_some() => {
                    let diagnostic = rules::overlap(
                        resource.loc,
                        format!("subnet `{}` {net}", resource.declaration),
                        &format!("subnet `{}` {other}", first.declaration),
                    )
                    .help("subnets of one VPC must not share addresses");
                    let text = format!("`{}` is declared here", first.declaration);
                    cx.push(labelled(diagnostic, first.loc, text));
                }
                Some(_) | None => widest = Some((span, net, resource)),
            }
        }
    }
}

/// Whether AWS takes a subnet of a size: /16 to /28, or in IPv6 /44 to /64 in steps of 4.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
fn has_size(net: &IpNet) -> bool {
    let length = net.prefix_len();
    match net {
        IpNet::V4(_) => (16..=28).contains(&length),
        IpNet::V6(_) => (44..=64).contains(&length) && length.is_multiple_of(4),
    }
}

/// Peered VPCs that share addresses, in either family.
fn peerings(scope: &Scope<'_>, vpcs: &BTreeMap<&ResourceId, Blocks>, cx: &mut Context<'_>) {
    for resource in scope.graph.resources.values() {
        let ResourceKind::VpcPeeringConnection(it) = &resource.kind else { continue };
        let Some(mine) = vpcs.get(it.requester.id()) else { continue };
        let (name, theirs): (&str, Vec<(IpNet, Loc)>) = match &it.accepter {
            Accepter::Vpc(accepter) => {
                let Some(theirs) = vpcs.get(accepter.id()) else { continue };
                let all = theirs.known.iter().map(|it| (it.net, it.loc)).collect();
                (scope.name_of(accepter.id()), all)
            }
            Accepter::External { cidr, .. } => {
                let net = cidr.literal().map(|it| (IpNet::V4(it.0), Loc::NONE));
                ("the other VPC", net.into_iter().collect())
            }
        };
        let shared = mine.known.iter().find_map(|one| {
            let meets = |it: &&(IpNet, Loc)| Span::of(it.0).intersect(&Span::of(one.net)).is_some();
            theirs.iter().find(meets).map(|other| (one, other))
        });
        let Some((one, (other, at))) = shared else { continue };
        let named = |it: &str| if it.contains(' ') { it.to_string() } else { format!("`{it}`") };
        let diagnostic = peering::overlap(
            resource.loc,
            &format!("{} {other}", named(name)),
            &format!("{} {}", named(scope.name_of(it.requester.id())), one.net),
        );
        let diagnostic = labelled(diagnostic, one.loc, format!("{} is given here", one.net));
        cx.push(labelled(diagnostic, *at, format!("{other} is given here")));
    }
}

/// Prefix lists with blocks of the other family.
fn lists(scope: &Scope<'_>, cx: &mut Context<'_>) {
    for (_, resource, list) in scope.graph.all::<PrefixList>() {
        let PrefixList { ipv6, entries, .. } = list;
        let other =
            entries.iter().filter_map(Value::literal).find(|it| it.0.addr().is_ipv4() == *ipv6);
        if let Some(block) = other {
            let (own, name) = if *ipv6 { ("IPv6", "IPv4") } else { ("IPv4", "IPv6") };
            let message = format!(
                "prefix list `{}` is for {own}, and {block} is an {name} block",
                resource.declaration
            );
            cx.push(bad_list(resource.loc, message).help("make a list for each family"));
        }
    }
}

#[cfg(test)]
mod tests;
