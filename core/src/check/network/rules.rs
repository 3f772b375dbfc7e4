//! Rules of security groups that can be removed (AG0314).

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::{Scope, groups, labelled, listed};
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::network::model::Layer;
use crate::network::model::{Groups, Match, Rule, Target};
use crate::network::span::Span;
use crate::resource::network::{Direction, Traffic};
use crate::resource::{ResourceId, SecurityGroupRule};
use crate::value::Value;

mod flows;
mod middlebox;

/// Checks the rules of groups that are declared.
pub(super) fn check_declared(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let found = dispensable(scope);
    let unused = flows::unused(scope, &found, cx);
    push(found, scope, cx);
    push(unused, scope, cx);
}

/// Checks the rules of a template.
pub(super) fn check_read(scope: &Scope<'_>, cx: &mut Context<'_>) {
    push(dispensable(scope), scope, cx);
}

/// Why a rule can be removed.
enum Why {
    /// No connection that is declared needs it.
    NoConnection,
    /// The group it names is on no interface.
    NobodyThere(String),
    /// Another rule of the group admits all of it, or of several one.
    Contained(Loc, String),
    /// Everything with the group it names comes through an appliance.
    Middlebox(String),
}

/// The rules that can be removed, by name in the graph, with the reason.
type Found<'a> = BTreeMap<&'a ResourceId, Why>;

/// What the rules of a graph show by themselves.
fn dispensable<'a>(scope: &Scope<'a>) -> Found<'a> {
    let mut found = Found::new();
    contained(scope, &mut found);
    middlebox::find(scope, &mut found);
    let unused: BTreeSet<&ResourceId> =
        groups::unused(scope).into_iter().map(|(id, _)| id).collect();
    if unused.is_empty() {
        return found;
    }
    for group in scope.model.groups.iter().filter(|it| !unused.contains(&it.id)) {
        for rule in &group.rules {
            if let Match::Group(Some(peer)) = rule.peer
                && unused.contains(&scope.model.groups[peer].id)
            {
                let name = scope.model.groups[peer].name.clone();
                found.insert(&rule.id, Why::NobodyThere(name));
            }
        }
    }
    found
}

/// Rules of which another rule of the same group admits everything.
fn contained<'a>(scope: &Scope<'a>, found: &mut Found<'a>) {
    for (_, group) in scope.model.of_layer(Layer::SecurityGroup) {
        for direction in [Direction::Ingress, Direction::Egress] {
            let mut blocks: Vec<(Span, IpNet, &Rule)> = Vec::new();
            let mut peers: BTreeMap<usize, Vec<&Rule>> = BTreeMap::new();
            for rule in group.rules.iter().filter(|it| it.direction == direction) {
                match &rule.peer {
                    Match::Block(Value::Literal(it)) => blocks.push((Span::of(*it), *it, rule)),
                    Match::Group(Some(it)) => peers.entry(*it).or_default().push(rule),
                    Match::Block(Value::Parameter(_) | Value::Unknown)
                    | Match::Group(None)
                    | Match::Public => {}
                }
            }
            for rules in peers.values() {
                // The rules for one peer differ in their ports; there are few of them.
                for (position, rule) in rules.iter().enumerate().take(FEW) {
                    let wider = rules.iter().take(FEW).enumerate().find(|(other, it)| {
                        holds(it, rule) && (!holds(rule, it) || *other < position)
                    });
                    if let Some((_, wider)) = wider {
                        contained_in(rule, wider, scope, found);
                    }
                }
            }
            nested(blocks, scope, found);
        }
    }
}

/// How many rules for one peer are compared with each other.
const FEW: usize = 100;

/// Rules for blocks inside the blocks of others: blocks nest, so that those around one are a stack.
fn nested<'a>(mut blocks: Vec<(Span, IpNet, &'a Rule)>, scope: &Scope<'a>, found: &mut Found<'a>) {
    blocks.sort_by_key(|(span, _, rule)| {
        (span.v6, span.first, std::cmp::Reverse(span.last), &rule.id)
    });
    let mut around: Vec<(Span, &Rule)> = Vec::new();
    for (span, _, rule) in blocks {
        around.retain(|(it, _)| it.contains(&span));
        let wider = around.iter().take(FEW).find(|(it, other)| {
            holds(other, rule) && (*it != span || !found.contains_key(&other.id))
        });
        if let Some((_, wider)) = wider {
            contained_in(rule, wider, scope, found);
        }
        // Of rules for one block that mean the same, the first stays.
        for (it, other) in &around {
            if *it == span && holds(rule, other) && !holds(other, rule) {
                contained_in(other, rule, scope, found);
            }
        }
        if around.len() < FEW {
            around.push((span, rule));
        }
    }
}

/// Whether one rule certainly admits all that another may.
fn holds(wide: &Rule, narrow: &Rule) -> bool {
    wide.id != narrow.id
        && !narrow.traffic.possible.is_empty()
        && wide.traffic.certain.contains(&narrow.traffic.possible)
}

fn contained_in<'a>(narrow: &'a Rule, wide: &Rule, scope: &Scope<'a>, found: &mut Found<'a>) {
    // A rule that names a list is more than one of its blocks.
    let lists = [narrow, wide].iter().any(|it| is_list(&it.id, scope));
    if !lists {
        found.insert(&narrow.id, Why::Contained(wide.loc, text(&wide.id, scope)));
    }
}

fn is_list(rule: &ResourceId, scope: &Scope<'_>) -> bool {
    resource(rule, scope)
        .is_some_and(|it| matches!(it.peer, crate::resource::network::RulePeer::PrefixList(_)))
}

fn resource<'a>(rule: &ResourceId, scope: &Scope<'a>) -> Option<&'a SecurityGroupRule> {
    scope.graph.get(&crate::resource::Ref::new(rule.clone()))
}

/// `tcp/80 from 10.0.0.0/8`.
fn text(rule: &ResourceId, scope: &Scope<'_>) -> String {
    use crate::resource::network::RulePeer;
    let Some(it) = resource(rule, scope) else {
        return String::new();
    };
    let peer = match &it.peer {
        RulePeer::Cidr(Value::Literal(it)) => it.to_string(),
        RulePeer::Cidr(Value::Parameter(it)) => format!("`{it}`"),
        RulePeer::Cidr(Value::Unknown) => "unknown addresses".to_string(),
        RulePeer::PrefixList(it) => format!("`{}`", it.id()),
        RulePeer::Group(it) => {
            let name = scope.graph.resources.get(it.id()).map(|it| it.declaration.as_str());
            format!("`{}`", name.unwrap_or(it.id().as_str()))
        }
    };
    let word = match it.direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    };
    format!("{} {word} {peer}", it.traffic)
}

/// Whether a rule is about messages of the network itself, which nobody connects by.
fn is_control(traffic: &Traffic) -> bool {
    matches!(traffic, Traffic::Icmp { .. } | Traffic::Icmpv6 { .. })
}

/// Pushes what was found about rules that the team wrote, several rules of one line as one finding.
fn push(found: Found<'_>, scope: &Scope<'_>, cx: &mut Context<'_>) {
    type Key<'a> = (Loc, &'a str, Direction, u8);
    let mut lines: BTreeMap<Key<'_>, Vec<(&ResourceId, &Why)>> = BTreeMap::new();
    for (id, why) in &found {
        let (Some(rule), Some(it)) = (resource(id, scope), scope.graph.resources.get(*id)) else {
            continue;
        };
        if !scope.is_written(it) {
            continue;
        }
        let group = scope.graph.resources.get(rule.group.id());
        let name = group.map_or(rule.group.id().as_str(), |it| it.declaration.as_str());
        let kind = match why {
            Why::NoConnection => 0,
            Why::NobodyThere(_) => 1,
            Why::Contained(..) => 2,
            Why::Middlebox(_) => 3,
        };
        // Places that are not known are not one line.
        let key = (it.loc, name, rule.direction, kind);
        lines.entry(key).or_default().push((id, why));
    }
    for ((loc, group, direction, _), rules) in lines {
        cx.push(not_needed(loc, group, direction, &rules, scope));
    }
}

/// AG0314: a security group rule is not needed.
fn not_needed(
    loc: Loc,
    group: &str,
    direction: Direction,
    rules: &[(&ResourceId, &Why)],
    scope: &Scope<'_>,
) -> Diagnostic {
    let Some((first, why)) = rules.first() else {
        return Diagnostic::new(Code::AG0314, loc, String::new());
    };
    let direction = super::direction_name(direction);
    let mut what = text(first, scope);
    if rules.len() > 1 {
        what = format!("{what} and {} more", rules.len() - 1);
    }
    let rule = format!("the {direction} rule of security group `{group}` for {what}");
    let new = |message: String| Diagnostic::new(Code::AG0314, loc, message);
    match why {
        Why::NoConnection => new(format!("no connection needs {rule}"))
            .help("remove it, or say with a `connect!` or `allow!` who it is for"),
        Why::NobodyThere(peer) => {
            new(format!("{rule} admits nobody: {} is on no interface", listed([peer.as_str()])))
                .help("remove it, or name a group that is in use")
        }
        Why::Contained(wide, wider) => {
            let message = format!("{rule} adds nothing: the one for {wider} holds all of it");
            labelled(new(message), *wide, "the wider rule is here").help("remove it")
        }
        Why::Middlebox(peer) => {
            new(format!("{rule} admits nobody: `{peer}` is reached through an appliance"))
                .note(
                    "a rule that names a group does not hold for traffic that a middlebox forwards",
                )
                .help("name the addresses instead of the group")
        }
    }
}

/// The subnets in which interfaces with each group certainly stand; none where that is not known.
fn subnets_by_group(scope: &Scope<'_>) -> Vec<Option<BTreeSet<usize>>> {
    let mut all: Vec<Option<BTreeSet<usize>>> =
        scope.model.groups.iter().map(|_| Some(BTreeSet::new())).collect();
    for interface in scope.model.endpoints.iter().flat_map(|it| &it.interfaces) {
        let Groups::Known(groups) = &interface.groups else {
            continue;
        };
        for group in groups {
            if interface.subnets.is_empty() {
                all[*group] = None;
            } else if let Some(subnets) = &mut all[*group] {
                subnets.extend(&interface.subnets);
            }
        }
    }
    all
}

/// Whether any route leads to an appliance.
fn has_appliances(scope: &Scope<'_>) -> bool {
    let routes = scope.model.tables.iter().flat_map(|it| &it.routes);
    routes.into_iter().any(|it| matches!(it.target, Target::Appliance(_)))
}

#[cfg(test)]
mod tests;
