//! What AWS would refuse of several stacks: that one holds too much, or that two need each other.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::codes::Code;
use archgen_core::resource::{ResourceGraph, ResourceId};
use archgen_core::{Diagnostic, Loc};

use super::limits::Limits;
use super::order::components;
use super::place::{Item, Placed};
use super::{Stack, names, split};

/// Every problem.
pub(super) fn find(
    stacks: &[Stack],
    items: &[Item],
    ids: &[&ResourceId],
    placed: &Placed,
    graph: &ResourceGraph,
    limits: &Limits,
) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for it in stacks {
        if let Some((what, have, most)) = split::load(&it.template, it.json()).exceeds(limits) {
            all.push(too_much(it, (what, have, most), items, ids, placed, graph));
        }
    }
    all.extend(circles(items, ids, placed, graph));
    all
}

/// AG0710: a stack holds more than AWS takes.
fn too_much(
    stack: &Stack,
    (what, have, most): (&str, usize, usize),
    items: &[Item],
    ids: &[&ResourceId],
    placed: &Placed,
    graph: &ResourceGraph,
) -> Diagnostic {
    // What is new in it made it too much; else what there is most of.
    let mut declarations: BTreeMap<&str, (bool, usize, Loc)> = BTreeMap::new();
    for ((it, id), at) in items.iter().zip(ids).zip(&placed.at) {
        if placed.bins[*at].name != stack.name {
            continue;
        }
        let Some(resource) = graph.resources.get(*id) else { continue };
        let entry = declarations.entry(&resource.declaration).or_insert((false, 0, resource.loc));
        entry.0 |= it.stack.is_none();
        entry.1 += if what == "bytes" { it.bytes } else { 1 };
    }
    let largest =
        declarations.iter().max_by_key(|(name, it)| (it.0, it.1, std::cmp::Reverse(**name)));
    let (name, loc) = largest.map_or(("", Loc::NONE), |(name, it)| (*name, it.2));
    let forget = if name.is_empty() {
        String::new()
    } else {
        format!(
            ", or let `{name}` be made anew in another stack: `archgen lock forget {name}`, which \
             removes what is deployed of it"
        )
    };
    Diagnostic::new(
        Code::AG0710,
        loc,
        format!(
            "the stack `{}` would have {have} {what}, and AWS takes {most}: what is in a stack stays there",
            stack.name
        ),
    )
    .help(format!("give some of it a declaration of its own, which gets a stack with room{forget}"))
}

/// AG0711: stacks need each other.
fn circles(
    items: &[Item],
    ids: &[&ResourceId],
    placed: &Placed,
    graph: &ResourceGraph,
) -> Vec<Diagnostic> {
    let mut needs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); placed.bins.len()];
    for (it, at) in items.iter().zip(&placed.at) {
        let to = it.links.iter().map(|it| it.0).chain(it.after.iter().copied());
        needs[*at].extend(to.map(|it| placed.at[it]).filter(|it| it != at));
    }
    let lists: Vec<Vec<usize>> = needs.into_iter().map(|it| it.into_iter().collect()).collect();
    let mut all = Vec::new();
    for circle in components(&lists).into_iter().filter(|it| it.len() > 1) {
        // The link that is new, from what was there to what was not.
        let mut found: Option<(bool, usize, usize)> = None;
        for (at, it) in items.iter().enumerate().filter(|it| circle.contains(&placed.at[it.0])) {
            let to = it.links.iter().map(|it| it.0).chain(it.after.iter().copied());
            let to = to.filter(|to| placed.at[*to] != placed.at[at]);
            for to in to.filter(|to| circle.contains(&placed.at[*to])) {
                let new = it.stack.is_some() && items[to].stack.is_none();
                let first = placed.at[at] < placed.at[to];
                let candidate = (new || first, at, to);
                if found.is_none_or(|it| candidate.0 && !it.0) {
                    found = Some(candidate);
                }
            }
        }
        let Some((_, from, to)) = found else { continue };
        let stacks: BTreeSet<&str> =
            circle.iter().map(|it| placed.bins[*it].name.as_str()).collect();
        let loc = graph.resources.get(ids[to]).map_or(Loc::NONE, |it| it.loc);
        all.push(
            Diagnostic::new(
                Code::AG0711,
                loc,
                format!(
                    "the stacks {} would need each other: `{}` in `{}` refers to `{}` in `{}`",
                    names(&stacks),
                    ids[from],
                    placed.bins[placed.at[from]].name,
                    ids[to],
                    placed.bins[placed.at[to]].name,
                ),
            )
            .help(
                "what was deployed stays in its stack, and stacks are deployed one after the other: refer \
                 the other way round, or let what refers be made anew with `archgen lock forget`",
            ),
        );
    }
    all
}
