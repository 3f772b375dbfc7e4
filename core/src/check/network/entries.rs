//! Entries of network ACLs that never decide (AG0316), and their numbers in a template (AG0309).

use std::collections::{BTreeMap, BTreeSet};

use super::{Scope, direction_name, labelled};
use crate::check::{Context, security};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::network::model::{Acl, AclEntry};
use crate::network::span::Span;
use crate::network::traffic::{Protocol, TrafficSet};
use crate::resource::network::Direction;
use crate::resource::{NetworkAcl, NetworkAclAssociation, NetworkAclEntry, Resource, ResourceId};
use crate::value::Value;

/// Entries of one ACL and direction that are compared; AWS allows 40 at most.
const MOST_ENTRIES: usize = 100;

/// Why an entry never decides.
enum Why {
    /// Entries before it match everything that it matches.
    Shadowed(Vec<(u16, Loc, bool)>),
    /// No subnet that uses the ACL has addresses of its family.
    NoIpv6,
}

/// Checks every entry.
pub(super) fn check(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let without_ipv6 = without_ipv6(scope);
    for ((id, _, _), acl) in scope.graph.all::<NetworkAcl>().zip(&scope.model.acls) {
        for direction in [Direction::Ingress, Direction::Egress] {
            let dead = without_ipv6.contains(id.id());
            for (entry, why) in never_first(acl, direction, dead) {
                cx.push(never_decides(acl, entry, &why));
            }
        }
    }
}

/// The ACLs that are used, and by no subnet with IPv6 addresses.
fn without_ipv6<'a>(scope: &Scope<'a>) -> BTreeSet<&'a ResourceId> {
    let mut dead: BTreeMap<&ResourceId, bool> = BTreeMap::new();
    if scope.open {
        return BTreeSet::new();
    }
    for (_, resource, _) in scope.graph.all::<NetworkAclAssociation>() {
        let crate::resource::ResourceKind::NetworkAclAssociation(it) = &resource.kind else {
            continue;
        };
        let none = scope.graph.get(&it.subnet).is_some_and(|it| it.ipv6.is_none());
        let all = dead.entry(it.acl.id()).or_insert(true);
        *all &= none;
    }
    dead.into_iter().filter(|(_, it)| *it).map(|(id, _)| id).collect()
}

/// The entries that never match first, one for each line of the author's.
fn never_first(acl: &Acl, direction: Direction, no_ipv6: bool) -> Vec<(&AclEntry, Why)> {
    let entries: Vec<&AclEntry> =
        acl.entries.iter().filter(|it| it.direction == direction).take(MOST_ENTRIES).collect();
    let mut found: Vec<(&AclEntry, Why)> = Vec::new();
    let mut alive: BTreeSet<Loc> = BTreeSet::new();
    for (position, entry) in entries.iter().enumerate() {
        match why(entry, &entries[..position], no_ipv6) {
            Some(why) => found.push((entry, why)),
            None => {
                alive.insert(entry.loc);
            }
        }
    }
    // A line that is several entries does something if one of them does.
    let mut seen: BTreeSet<Loc> = BTreeSet::new();
    found.retain(|(it, _)| !it.loc.is_known() || !alive.contains(&it.loc) && seen.insert(it.loc));
    found
}

/// Why an entry never decides, if it certainly never does.
fn why(entry: &AclEntry, before: &[&AclEntry], no_ipv6: bool) -> Option<Why> {
    let (Some(number), Value::Literal(block)) = (entry.number, &entry.block) else {
        return None;
    };
    let block = Span::of(*block);
    if block.v6 && no_ipv6 {
        return Some(Why::NoIpv6);
    }
    let foreign = if block.v6 { Protocol::Icmp } else { Protocol::Icmpv6 };
    let traffic = entry.traffic.possible.clone().without(foreign);
    let mut left: Vec<(Span, TrafficSet)> = vec![(block, traffic)];
    let mut by: Vec<(u16, Loc, bool)> = Vec::new();
    for other in before {
        let (Some(earlier), Value::Literal(net)) = (other.number, &other.block) else {
            continue;
        };
        let span = Span::of(*net);
        // Two entries cannot have one number: which of them AWS would take is not known.
        if earlier >= number || span.v6 != block.v6 {
            continue;
        }
        let mut rest: Vec<(Span, TrafficSet)> = Vec::new();
        let mut took = false;
        for (piece, traffic) in left {
            let Some(inner) = piece.intersect(&span) else {
                rest.push((piece, traffic));
                continue;
            };
            let remaining = traffic.subtract(&other.traffic.certain);
            took |= remaining != traffic;
            rest.extend(piece.subtract(&[inner]).into_iter().map(|it| (it, traffic.clone())));
            if !remaining.is_empty() {
                rest.push((inner, remaining));
            }
        }
        left = rest;
        if took {
            by.push((earlier, other.loc, other.allow));
        }
        if left.is_empty() {
            return Some(Why::Shadowed(by));
        }
    }
    None
}

/// AG0316: a network ACL entry never decides.
fn never_decides(acl: &Acl, entry: &AclEntry, why: &Why) -> Diagnostic {
    let number = entry.number.unwrap_or(0);
    let direction = direction_name(entry.direction);
    let subject = format!("{direction} entry {number} of network ACL `{}` never decides", acl.name);
    match why {
        Why::Shadowed(by) => {
            let numbers: Vec<String> = by.iter().map(|(it, _, _)| it.to_string()).collect();
            let (numbers, match_it) = match numbers.as_slice() {
                [one] => (format!("entry {one}"), "matches"),
                [first @ .., last] => (format!("entries {} and {last}", first.join(", ")), "match"),
                [] => (String::new(), "match"),
            };
            let message = format!("{subject}: {numbers} {match_it} all of it first");
            let differs = by.iter().any(|(_, _, allow)| *allow != entry.allow);
            let (word, other) = if entry.allow { ("allow", "deny") } else { ("deny", "allow") };
            let mut diagnostic = Diagnostic::new(Code::AG0316, entry.loc, message);
            if differs {
                diagnostic = diagnostic.note(format!("it would {word} what they {other}"));
            }
            if let Some((it, loc, _)) = by.first() {
                diagnostic = labelled(diagnostic, *loc, format!("entry {it} is here"));
            }
            diagnostic.help(if differs {
                "give it a lower number than theirs, or remove it"
            } else {
                "remove it"
            })
        }
        Why::NoIpv6 => Diagnostic::new(
            Code::AG0316,
            entry.loc,
            format!("{subject}: no subnet that uses the ACL has IPv6 addresses"),
        )
        .help("remove it, or give the subnets IPv6 blocks"),
    }
}

/// AG0309: an entry of a template is numbered wrongly or twice.
pub(super) fn numbers(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let mut seen: BTreeMap<(&ResourceId, Direction, u16), &Resource> = BTreeMap::new();
    for resource in scope.graph.resources.values() {
        let crate::resource::ResourceKind::NetworkAclEntry(entry) = &resource.kind else {
            continue;
        };
        let entry: &NetworkAclEntry = entry;
        let Some(number) = entry.number.literal().copied() else { continue };
        if !(1..=32766).contains(&number) {
            cx.push(security::entry_number(
                resource.loc,
                format!("an entry's number is between 1 and 32766, not {number}"),
            ));
            continue;
        }
        let key = (entry.acl.id(), entry.direction, number);
        if let Some(first) = seen.get(&key) {
            let message = format!(
                "{} entry {number} of network ACL `{}` is given twice",
                direction_name(entry.direction),
                scope.name_of(entry.acl.id())
            );
            cx.push(labelled(
                security::entry_number(resource.loc, message),
                first.loc,
                "it is given here first",
            ));
        } else {
            seen.insert(key, resource);
        }
    }
}

#[cfg(test)]
mod tests;
