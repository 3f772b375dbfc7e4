//! Routes that AWS refuses or between which it chooses by itself (AG0214 to AG0217).
//! <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html>
//!
//! A prefix list in a gateway route table cannot be seen: no resource associates a table with a gateway.

use std::collections::BTreeMap;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{Scope, labelled};
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::network::span::Span;
use crate::resource::network::{Destination, Ipv6Block, RouteTarget, SubnetIpv6};
use crate::resource::{
    PrefixList, Ref, Resource, ResourceId, ResourceKind, Route, RouteTable, Subnet,
};
use crate::types::Cidr;
use crate::value::Value;

/// A route with what it comes from.
type Written<'a> = (&'a Route, &'a Resource);

/// Checks every route.
pub(super) fn check(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let blocks = Blocks::of(scope);
    let mut tables: BTreeMap<&ResourceId, Vec<Written<'_>>> = BTreeMap::new();
    for resource in scope.graph.resources.values() {
        let ResourceKind::Route(route) = &resource.kind else { continue };
        tables.entry(route.table.id()).or_default().push((route, resource));
        reserved(route, resource, scope, cx);
    }
    for (table, routes) in &tables {
        let vpc = scope.graph.get(&Ref::<RouteTable>::new((*table).clone())).map(|it| it.vpc.id());
        twice(routes, vpc.and_then(|it| blocks.vpcs.get(it)), scope, cx);
        lists(routes, scope, cx);
        if let Some(vpc) = vpc {
            inside(routes, vpc, &blocks, scope, cx);
        }
    }
}

/// The blocks of every VPC, and of its subnets by their first address.
#[derive(Default)]
struct Blocks<'a> {
    vpcs: BTreeMap<&'a ResourceId, Vec<IpNet>>,
    subnets: BTreeMap<&'a ResourceId, BTreeMap<(bool, u128), (Span, &'a str)>>,
}

impl<'a> Blocks<'a> {
    fn of(scope: &Scope<'a>) -> Blocks<'a> {
        let mut all = Blocks::default();
        for (id, vpc) in scope.vpcs() {
            all.vpcs.entry(id).or_default().extend(vpc.cidr.literal().map(|it| IpNet::V4(it.0)));
        }
        for resource in scope.graph.resources.values() {
            if let ResourceKind::VpcCidrBlock(it) = &resource.kind
                && let Value::Literal(block) = &it.cidr
            {
                all.vpcs.entry(it.vpc.id()).or_default().push(IpNet::V4(block.0));
            }
            if let ResourceKind::VpcIpv6Block(it) = &resource.kind
                && let Ipv6Block::Given(Value::Literal(block)) = &it.block
            {
                all.vpcs.entry(it.vpc.id()).or_default().push(block.0);
            }
            if let ResourceKind::Subnet(it) = &resource.kind {
                all.subnet(it, resource);
            }
        }
        all
    }

    fn subnet(&mut self, subnet: &'a Subnet, resource: &'a Resource) {
        let v4 = subnet.cidr.literal().map(|it| IpNet::V4(it.0));
        let v6 = match &subnet.ipv6 {
            Some(SubnetIpv6::Given(Value::Literal(it))) => Some(it.0),
            Some(SubnetIpv6::Given(_) | SubnetIpv6::Nth(_)) | None => None,
        };
        let own = self.subnets.entry(subnet.vpc.id()).or_default();
        for span in v4.into_iter().chain(v6).map(Span::of) {
            own.insert((span.v6, span.first), (span, &resource.declaration));
        }
    }

    /// How a block meets the subnets of a VPC.
    fn meets(&self, vpc: &ResourceId, span: &Span) -> Meets<'_> {
        let Some(subnets) = self.subnets.get(vpc) else { return Meets::None };
        let touching = subnets
            .range(..=(span.v6, span.last))
            .next_back()
            .map(|(_, it)| it)
            .filter(|(it, _)| it.intersect(span).is_some());
        match touching {
            Some((it, _)) if it == span => Meets::Same,
            Some((_, name)) => Meets::Part(name),
            None => Meets::None,
        }
    }
}

/// How a block meets subnets.
enum Meets<'a> {
    /// It is the block of one.
    Same,
    /// It shares addresses with this one, and more or fewer.
    Part(&'a str),
    /// It shares none.
    None,
}

/// AG0214: a route table has two routes for the same addresses.
fn twice(
    routes: &[Written<'_>],
    local: Option<&Vec<IpNet>>,
    scope: &Scope<'_>,
    cx: &mut Context<'_>,
) {
    let mut seen: BTreeMap<&Destination, &Resource> = BTreeMap::new();
    for (route, resource) in routes.iter().filter(|(it, _)| !it.propagated) {
        // The overlap of a peering is an error of its own.
        if matches!(route.target, RouteTarget::VpcPeering(_)) && cx.sink.has(Code::AG0207) {
            continue;
        }
        let what = match &route.destination {
            Destination::Cidr(Value::Literal(it)) => {
                if local.is_some_and(|all| all.contains(&it.0)) {
                    let message = format!(
                        "route table {} has the local route for {it} already",
                        scope.table_name(&route.table)
                    );
                    cx.push(
                        same_addresses(resource, message)
                            .help("leave it out: the local route is always there"),
                    );
                    continue;
                }
                it.to_string()
            }
            Destination::Cidr(Value::Parameter(_) | Value::Unknown) => continue,
            Destination::PrefixList(it) => format!("prefix list `{}`", scope.name_of(it.id())),
        };
        match seen.get(&route.destination) {
            Some(first) => {
                let message = format!(
                    "route table {} has two routes for {what}",
                    scope.table_name(&route.table)
                );
                let diagnostic = same_addresses(resource, message).help("keep one of them");
                cx.push(labelled(diagnostic, first.loc, "the first is here"));
            }
            None => {
                seen.insert(&route.destination, resource);
            }
        }
    }
}

fn same_addresses(resource: &Resource, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0214, resource.loc, message)
        .note("AWS refuses a second route for a destination that a table has")
}

/// AG0215: overlapping prefix lists lead to different places.
fn lists(routes: &[Written<'_>], scope: &Scope<'_>, cx: &mut Context<'_>) {
    let mut blocks: Vec<(Span, usize)> = Vec::new();
    for (number, (route, _)) in routes.iter().enumerate() {
        let Destination::PrefixList(list) = &route.destination else { continue };
        let Some(list) = scope.graph.get::<PrefixList>(list) else { continue };
        let nets = list.entries.iter().filter_map(Value::literal);
        blocks.extend(nets.map(|it: &Cidr| (Span::of(it.0), number)));
    }
    blocks.sort_by_key(|(it, number)| (it.v6, it.first, std::cmp::Reverse(it.last), *number));
    let mut around: Vec<(Span, usize)> = Vec::new();
    let mut told: Vec<(usize, usize)> = Vec::new();
    for (span, number) in blocks {
        around.retain(|(it, _)| it.contains(&span));
        for (wide, other) in &around {
            let pair = (number.min(*other), number.max(*other));
            let ((one, _), (two, at)) = (&routes[pair.0], &routes[pair.1]);
            if one.target == two.target
                || unknown(one)
                || unknown(two)
                || one.destination == two.destination
                || told.contains(&pair)
            {
                continue;
            }
            told.push(pair);
            let (Destination::PrefixList(first), Destination::PrefixList(second)) =
                (&one.destination, &two.destination)
            else {
                continue;
            };
            let message = format!(
                "prefix lists `{}` and `{}` in route table {} overlap in {} and lead to different places",
                scope.name_of(first.id()),
                scope.name_of(second.id()),
                scope.table_name(&two.table),
                span.text(),
            );
            let mut diagnostic = Diagnostic::new(Code::AG0215, at.loc, message)
                .note("AWS takes either of them, and stays with it")
                .help("take the shared addresses out of one list, or route them by a block of their own");
            if wide != &span {
                diagnostic = diagnostic.note(format!("one holds {}", wide.text()));
            }
            cx.push(diagnostic);
        }
        if !around.contains(&(span, number)) && around.len() < 100 {
            around.push((span, number));
        }
    }
}

fn unknown(route: &Route) -> bool {
    route.target == RouteTarget::Unknown
}

/// AG0216: a route more specific than the local one is one that AWS refuses.
fn inside(
    routes: &[Written<'_>],
    vpc: &ResourceId,
    blocks: &Blocks<'_>,
    scope: &Scope<'_>,
    cx: &mut Context<'_>,
) {
    let Some(local) = blocks.vpcs.get(vpc) else { return };
    for (route, resource) in routes.iter().filter(|(it, _)| !it.propagated) {
        let Destination::Cidr(Value::Literal(block)) = &route.destination else { continue };
        // The overlap of a peering is an error of its own.
        if matches!(route.target, RouteTarget::VpcPeering(_)) && cx.sink.has(Code::AG0207) {
            continue;
        }
        let Some(around) = local.iter().find(|it| it.contains(&block.0) && **it != block.0) else {
            continue;
        };
        let target = match &route.target {
            RouteTarget::NatGateway(_) | RouteTarget::Appliance(_) | RouteTarget::Unknown => None,
            RouteTarget::InternetGateway(_) => Some("an internet gateway"),
            RouteTarget::VpcPeering(_) => Some("a peering"),
            RouteTarget::EgressOnlyInternetGateway(_) => Some("an egress-only internet gateway"),
            RouteTarget::TransitGateway(_) => Some("a transit gateway"),
            RouteTarget::VpnGateway(_) => Some("a VPN gateway"),
        };
        let why = match (target, blocks.meets(vpc, &Span::of(block.0))) {
            (Some(target), _) => format!("it leads to {target}"),
            (None, Meets::Same) => continue,
            (None, Meets::Part(name)) => {
                format!("it is not the block of a whole subnet, but meets `{name}`")
            }
            // Another template may have a subnet there.
            (None, Meets::None) if scope.read || scope.open => continue,
            (None, Meets::None) => "no subnet has that block".to_string(),
        };
        let message = format!(
            "route table {} cannot have a route for {block} inside the VPC's {around}: {why}",
            scope.table_name(&route.table)
        );
        cx.push(
            Diagnostic::new(Code::AG0216, resource.loc, message)
                .note(
                    "a route more specific than the local one is for the whole block of a subnet, and \
                     leads to a NAT gateway, a network interface or a Gateway Load Balancer endpoint",
                )
                .help("leave it to the local route, or give it the block of a subnet"),
        );
    }
}

/// AG0217: a route leads to addresses that AWS keeps.
fn reserved(route: &Route, resource: &Resource, scope: &Scope<'_>, cx: &mut Context<'_>) {
    let Destination::Cidr(Value::Literal(block)) = &route.destination else { return };
    let kept = match block.0 {
        IpNet::V4(_) => IpNet::V4(Ipv4Net::new_assert([169, 254, 168, 0].into(), 22)),
        IpNet::V6(_) => {
            IpNet::V6(Ipv6Net::new_assert([0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0].into(), 32))
        }
    };
    if !kept.contains(&block.0) {
        return;
    }
    let message = format!(
        "route table {} has a route for {block}, and AWS keeps {kept}",
        scope.table_name(&route.table)
    );
    cx.push(
        Diagnostic::new(Code::AG0217, resource.loc, message)
            .help("remove it: its own services, such as the resolver and the clock, are there"),
    );
}

#[cfg(test)]
mod tests;
