//! What network ACLs drop of what they and the groups mean to admit: answers (AG0317), the messages of path
//! MTU discovery (AG0318), what load balancers send to their targets (AG0320).
//!
//! Asked for pairs of subnets that occur, not for pairs of interfaces; without an ACL of the team's own
//! nothing is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Scope, direction_name};
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::network::Family;
use crate::network::address::Address;
use crate::network::flow::{Component, Ends, Hop, RouteOutcome, Way};
use crate::network::model::{Groups, Holds, SubnetAcl, WIDE_PORTS};
use crate::network::side::{Place, Where};
use crate::network::span::{self, Span};
use crate::network::traffic::{Protocol, Ranges};
use crate::resource::NetworkAcl;
use crate::resource::network::Direction;
use crate::value::Value;

mod pairs;

/// Checks every network ACL that is used.
pub(super) fn check(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let used = subnets_by_acl(scope);
    if used.is_empty() {
        return;
    }
    for (acl, subnets) in &used {
        path_mtu(scope, *acl, subnets, cx);
    }
    balancers(scope, cx);
    // A connection that is declared and does not work is an error of its own.
    if !cx.sink.has(Code::AG0301) {
        answers(scope, cx);
    }
}

/// The subnets that use each ACL of the team's own.
fn subnets_by_acl(scope: &Scope<'_>) -> BTreeMap<usize, Vec<usize>> {
    let mut used: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, subnet) in scope.model.subnets.iter().enumerate() {
        if let SubnetAcl::Acl(acl) = subnet.acl {
            used.entry(acl).or_default().push(number);
        }
    }
    used
}

/// Whether a subnet uses an ACL of the team's own.
fn has_acl(scope: &Scope<'_>, subnet: usize) -> bool {
    matches!(scope.model.subnets[subnet].acl, SubnetAcl::Acl(_))
}

/// Where an ACL was written.
fn acl_loc(scope: &Scope<'_>, acl: usize) -> Loc {
    scope.parts.all::<NetworkAcl>().nth(acl).map_or(Loc::NONE, |(it, _)| it.loc)
}

/// Interfaces in a subnet that no group filters; none if its addresses are not known.
fn place(scope: &Scope<'_>, subnet: usize, family: Family, ports: (u16, u16)) -> Option<Place> {
    let it = &scope.model.subnets[subnet];
    let span = match family {
        Family::Ipv4 => Span::of_v4(*it.block.literal()?),
        Family::Ipv6 => Span::of((*it.ipv6.as_ref()?.literal()?).into()),
    };
    Some(Place {
        name: format!("`{}`", it.name),
        position: Where::Subnet(subnet),
        family,
        spans: vec![span],
        groups: Groups::NotAsked,
        public: Holds::Yes,
        client_ports: ports,
    })
}

/// The internet.
fn internet(family: Family) -> Place {
    Place {
        name: "the internet".to_string(),
        position: Where::Internet,
        family,
        spans: span::internet(family),
        groups: Groups::NotAsked,
        public: Holds::Yes,
        client_ports: WIDE_PORTS,
    }
}

/// The blocks by which the ACLs of two places tell addresses apart.
fn distinctions(scope: &Scope<'_>, places: [&Place; 2]) -> Vec<Span> {
    let mut blocks = BTreeSet::new();
    for place in places {
        let Where::Subnet(subnet) = place.position else { continue };
        let subnet = &scope.model.subnets[subnet];
        if let SubnetAcl::Acl(acl) = subnet.acl {
            let entries = &scope.model.acls[acl].entries;
            blocks
                .extend(entries.iter().filter_map(|it| it.block.literal()).map(|it| Span::of(*it)));
        }
        if let Some(table) = subnet.table {
            let routes = &scope.model.tables[table].routes;
            let known = routes.iter().filter_map(|it| it.destination.literal());
            blocks.extend(known.map(|it| Span::of(*it)));
        }
    }
    blocks.into_iter().collect()
}

/// What is on the way between each two addresses of two places that are treated differently.
fn ways(scope: &Scope<'_>, from: &Place, to: &Place) -> Vec<Vec<Hop>> {
    let blocks = distinctions(scope, [from, to]);
    let targets = span::classes(&to.spans, &blocks);
    let mut all = Vec::new();
    for source in span::classes(&from.spans, &blocks) {
        for destination in &targets {
            let ends = Ends {
                from,
                source: Address::Within(source),
                to,
                destination: Address::Within(*destination),
            };
            all.push(scope.model.hops(&ends));
        }
    }
    all
}

/// AG0318: a network ACL drops the messages of path MTU discovery.
///
/// Only what an internet gateway leads to is asked about: inside a VPC packets are rarely too large.
fn path_mtu(scope: &Scope<'_>, acl: usize, subnets: &[usize], cx: &mut Context<'_>) {
    for family in Family::ALL {
        let found = subnets.iter().find_map(|it| drops_too_big(scope, *it, family));
        let Some(directions) = found else { continue };
        let name = &scope.model.acls[acl].name;
        let (what, entry) = match family {
            Family::Ipv4 => ("ICMP type 3 code 4", "ICMP type 3 code 4"),
            Family::Ipv6 => ("ICMPv6 type 2", "ICMPv6 type 2"),
        };
        let message = format!(
            "network ACL `{name}` lets TCP through to and from the internet and drops {what} ({})",
            directions.join(" and ")
        );
        let everybody = match family {
            Family::Ipv4 => "0.0.0.0/0",
            Family::Ipv6 => "::/0",
        };
        cx.push(
            Diagnostic::new(Code::AG0318, acl_loc(scope, acl), message)
                .note("by these messages hosts learn that a packet is too large; without them connections hang")
                .help(format!("allow {entry} from and to {everybody}")),
        );
    }
}

/// The directions in which the ACL of a public subnet certainly drops what says that a packet is too
/// large, though it lets TCP through.
fn drops_too_big(scope: &Scope<'_>, subnet: usize, family: Family) -> Option<Vec<&'static str>> {
    let (protocol, first, last) = match family {
        Family::Ipv4 => (Protocol::Icmp, 0x0304, 0x0304),
        Family::Ipv6 => (Protocol::Icmpv6, 0x0200, 0x02ff),
    };
    let too_big = Ranges::of(first, last);
    let here = place(scope, subnet, family, WIDE_PORTS)?;
    let mut dropped = [true, true];
    let mut tcp = false;
    for hops in ways(scope, &internet(family), &here) {
        let mut both = [None, None];
        let mut routed = false;
        for hop in &hops {
            match &hop.component {
                Component::Acl { direction: Direction::Ingress, .. } => both[0] = Some(hop),
                Component::Acl { direction: Direction::Egress, .. } => both[1] = Some(hop),
                Component::Route { outcome: RouteOutcome::InternetGateway, .. } => routed = true,
                Component::Egress
                | Component::Ingress
                | Component::PolicyEgress
                | Component::PolicyIngress
                | Component::Route { .. }
                | Component::PublicAddress(_)
                | Component::NatProtocols
                | Component::Addressed(..)
                | Component::Resolver
                | Component::Unknown(_) => {}
            }
        }
        let [Some(ingress), Some(egress)] = both else { return None };
        if !routed {
            continue;
        }
        let passes = |it: &Hop| !it.admitted.certain.of_protocol(Protocol::Tcp).is_empty();
        tcp |= passes(ingress) && passes(egress);
        for (dropped, hop) in dropped.iter_mut().zip([ingress, egress]) {
            let some = hop.admitted.possible.of_protocol(protocol).intersect(&too_big);
            *dropped &= some.is_empty();
        }
    }
    let names: Vec<&'static str> = ["ingress", "egress"]
        .into_iter()
        .zip(dropped)
        .filter(|(_, it)| *it)
        .map(|(it, _)| it)
        .collect();
    (tcp && !names.is_empty()).then_some(names)
}

/// What a load balancer sends on, to a port that is known.
struct Forward<'a> {
    load_balancer: &'a str,
    target: &'a str,
    port: u16,
    loc: Loc,
}

/// What load balancers send on, of declarations and of a template.
fn forwards<'a>(scope: &Scope<'a>) -> Vec<Forward<'a>> {
    let mut all: Vec<Forward<'a>> = Vec::new();
    for it in &scope.model.forwards {
        if let Value::Literal(port) = &it.target_port {
            let (load_balancer, target) = (it.load_balancer.as_str(), it.target.as_str());
            all.push(Forward { load_balancer, target, port: port.0, loc: it.loc });
        }
    }
    let name = |id| scope.graph.interfaces.get(id).map(|it| it.declaration.as_str());
    for it in &scope.graph.forwards {
        if let (Value::Literal(port), Some(load_balancer), Some(target)) =
            (&it.target_port, name(&it.load_balancer), name(&it.target))
        {
            all.push(Forward { load_balancer, target, port: port.0, loc: it.loc });
        }
    }
    all
}

/// AG0320: a network ACL drops what a load balancer sends to its targets.
fn balancers(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let mut told: BTreeSet<(&str, &str, u16)> = BTreeSet::new();
    let mut known: BTreeMap<(usize, usize, u16), Option<(usize, Direction)>> = BTreeMap::new();
    for forward in &forwards(scope) {
        let port = forward.port;
        let (Some(balancer), Some(target)) =
            (scope.model.endpoint(forward.load_balancer), scope.model.endpoint(forward.target))
        else {
            continue;
        };
        let subnets = |it: &crate::network::model::Endpoint| -> Option<BTreeSet<usize>> {
            let all: BTreeSet<usize> =
                it.interfaces.iter().flat_map(|it| it.subnets.iter().copied()).collect();
            let known = it.interfaces.iter().all(|it| !it.subnets.is_empty());
            (known && !all.is_empty()).then_some(all)
        };
        let (Some(from), Some(to)) = (subnets(balancer), subnets(target)) else { continue };
        if !from.iter().chain(&to).any(|it| has_acl(scope, *it)) || from.len() * to.len() > 400 {
            continue;
        }
        let mut blocked = None;
        let all = from.iter().all(|from| {
            to.iter().all(|to| {
                blocked = *known
                    .entry((*from, *to, port))
                    .or_insert_with(|| blocked_by(scope, *from, *to, port));
                blocked.is_some()
            })
        });
        if let (true, Some((acl, direction))) = (all, blocked)
            && told.insert((forward.load_balancer, forward.target, port))
        {
            cx.push(never_arrives(scope, forward, acl, direction));
        }
    }
}

/// The ACL that certainly drops every packet to a port between two subnets.
fn blocked_by(scope: &Scope<'_>, from: usize, to: usize, port: u16) -> Option<(usize, Direction)> {
    if from == to {
        return None;
    }
    let source = place(scope, from, Family::Ipv4, WIDE_PORTS)?;
    let target = place(scope, to, Family::Ipv4, WIDE_PORTS)?;
    let wanted = Ranges::of(port, port);
    let mut found = None;
    for hops in ways(scope, &source, &target) {
        found = Some(hops.iter().find_map(|hop| {
            match (&hop.component, hop.way) {
                (Component::Acl { acl: SubnetAcl::Acl(acl), direction, .. }, Way::There) => hop
                    .admitted
                    .possible
                    .of_protocol(Protocol::Tcp)
                    .intersect(&wanted)
                    .is_empty()
                    .then_some((*acl, *direction)),
                (_, Way::There | Way::Back { .. }) => None,
            }
        })?);
    }
    found
}

fn never_arrives(
    scope: &Scope<'_>,
    forward: &Forward<'_>,
    acl: usize,
    direction: Direction,
) -> Diagnostic {
    let name = &scope.model.acls[acl].name;
    let message = format!(
        "the {} of network ACL `{name}` drops what `{}` sends to `{}` on tcp/{}",
        direction_name(direction),
        forward.load_balancer,
        forward.target,
        forward.port
    );
    let diagnostic = Diagnostic::new(Code::AG0320, acl_loc(scope, acl), message)
        .note("health checks come the same way: every target stays unhealthy")
        .help("allow the port between the subnets of the load balancer and those of its targets");
    super::labelled(diagnostic, forward.loc, "requests are sent on here")
}

/// What an ACL drops of the answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Dropped {
    acl: usize,
    direction: Direction,
    /// The ports that answers go to.
    ports: (u16, u16),
    /// Whether some of the ports are open.
    partly: bool,
}

/// Checks the answers of what groups and ACLs let through.
fn answers(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let mut found: BTreeMap<Dropped, (String, usize)> = BTreeMap::new();
    for ((from, to), wanted) in pairs::wanted(scope) {
        let (Some(source), Some(target)) = (from.place(scope), to.place(scope)) else { continue };
        if let Some(dropped) = dropped(scope, &source, &target, &wanted) {
            let text = || format!("{} to {} on tcp/{}", source.name, target.name, ports(&wanted));
            found.entry(dropped).or_insert_with(|| (text(), 0)).1 += 1;
        }
    }
    for (dropped, (example, number)) in found {
        cx.push(lost_answers(scope, &dropped, &example, number));
    }
}

/// `80,443`, the first few of them.
fn ports(ranges: &Ranges) -> String {
    let all: Vec<String> = ranges
        .iter()
        .map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") })
        .collect();
    if all.len() > 4 { format!("{},…", all[..4].join(",")) } else { all.join(",") }
}

/// What drops the answers of TCP connections, if it certainly does for every address that can connect.
fn dropped(scope: &Scope<'_>, from: &Place, to: &Place, wanted: &Ranges) -> Option<Dropped> {
    let mut found: Option<Dropped> = None;
    for hops in ways(scope, from, to) {
        let mut there = wanted.clone();
        for hop in hops.iter().filter(|it| it.way == Way::There) {
            there = there.intersect(hop.admitted.certain.of_protocol(Protocol::Tcp));
        }
        if there.is_empty() {
            continue;
        }
        let mut this = None;
        for hop in &hops {
            let Way::Back { ports, .. } = hop.way else { continue };
            let range = Ranges::of(ports.0, ports.1);
            let possible = hop.admitted.possible.of_protocol(Protocol::Tcp);
            if possible.contains(&range) {
                continue;
            }
            // What has no way back at all does not fail by the ACL.
            let Component::Acl { acl: SubnetAcl::Acl(acl), direction, .. } = &hop.component else {
                return None;
            };
            let partly = !possible.intersect(&range).is_empty();
            this.get_or_insert(Dropped { acl: *acl, direction: *direction, ports, partly });
        }
        // Some addresses are answered: what is dropped of others is meant.
        found = Some(this?);
    }
    found
}

/// AG0317: a network ACL drops the answers of what is admitted.
fn lost_answers(scope: &Scope<'_>, dropped: &Dropped, example: &str, number: usize) -> Diagnostic {
    let name = &scope.model.acls[dropped.acl].name;
    let direction = direction_name(dropped.direction);
    let some = if dropped.partly { "some of the answers" } else { "the answers" };
    let message = format!(
        "the {direction} of network ACL `{name}` drops {some} of connections from {example}"
    );
    let (first, last) = dropped.ports;
    let mut diagnostic =
        Diagnostic::new(Code::AG0317, acl_loc(scope, dropped.acl), message).note(format!(
            "a network ACL does not know connections: their answers go to ports {first} to {last}"
        ));
    if number > 1 {
        diagnostic = diagnostic.note(format!("{} more pairs of subnets are like that", number - 1));
    }
    diagnostic.help(format!("allow tcp ports {first} to {last} in its {direction}"))
}

#[cfg(test)]
mod tests;
