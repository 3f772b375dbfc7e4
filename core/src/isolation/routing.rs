//! Which requests a tenant gets: whether a request that one tenant's rule is for can be answered by what
//! serves another.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Kind, Rule, Target, Use, shown};
use super::glob::{common, holds, literal_prefix, meet, soften};
use super::scope::{Between, Boundary, Finding, Found, Scope, Tenants, Unknown};
use crate::codes::Code;
use crate::tenant_fields::Layer;

/// How many pairs of rules that overlap are looked at.
const MOST_PAIRS: usize = 200_000;

/// A rule with whose it is.
struct Entry<'a> {
    thing: usize,
    rule: &'a Rule,
    /// The tenant whose rule it is.
    owner: Option<u32>,
    /// Where it sends requests.
    targets: BTreeSet<usize>,
    /// The tenant whose target group it sends them to, where it is nobody's rule.
    serves: Option<u32>,
}

/// Finds requests that reach another tenant.
pub fn find(scope: &Scope<'_>, found: &mut Found) {
    let mut listeners: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for (number, thing) in scope.facts.things.iter().enumerate() {
        let Some(rule) = &thing.rule else { continue };
        let owner = scope.owner[number];
        let mut targets = BTreeSet::new();
        for to in scope.uses(number, Use::Forward) {
            if let Target::Thing(it) = to {
                targets.insert(*it);
            }
        }
        let serves = targets.iter().find_map(|it| scope.owner[*it]);
        if let Some(owner) = owner {
            sent(scope, number, owner, &targets, found);
        }
        let entry = Entry { thing: number, rule, owner, targets, serves };
        listeners.entry(rule.listener.as_str()).or_default().push(entry);
    }
    for all in listeners.values() {
        if all.iter().any(|it| it.owner.is_some()) {
            listener(scope, all, found);
        }
    }
    for tenant in 0..scope.pool.tenants.len() as u32 {
        if scope.tenant(tenant).isolation.routed && scope.owned(tenant, Kind::Rule).next().is_none()
        {
            let message = format!("tenant {} has no listener rule of its own", scope.key(tenant));
            let between = scope.with_all(tenant);
            found.findings.push(Finding::new(
                Code::AG0604,
                [Layer::Routing],
                None,
                message,
                between,
            ));
        }
    }
}

/// Where a tenant's own rule sends its requests.
fn sent(scope: &Scope<'_>, rule: usize, owner: u32, targets: &BTreeSet<usize>, found: &mut Found) {
    let has_own = scope.owned(owner, Kind::TargetGroup).next().is_some();
    for target in targets {
        let to = scope.owner[*target];
        if to == Some(owner) || to.is_none() && !has_own {
            continue;
        }
        let whose = match to {
            Some(it) => format!("of tenant {}", scope.key(it)),
            None => "which is not its own".to_string(),
        };
        let comma = if to.is_some() { "" } else { "," };
        let message = format!(
            "{} sends the requests of tenant {} to {}{comma} {whose}",
            scope.named(rule),
            scope.key(owner),
            scope.named(*target),
        );
        let between = match to {
            Some(it) => vec![Between::new(owner, Tenants::from([it]))],
            None => scope.with_all(owner),
        };
        found.findings.push(Finding::new(
            Code::AG0604,
            [Layer::Routing, Layer::Compute],
            Some(rule),
            message,
            between,
        ));
    }
}

/// What a rule begins with in one dimension, so that those that cannot overlap are never compared.
struct Dimension {
    /// What each rule's values begin with.
    starts: Vec<Vec<String>>,
    sorted: Vec<(String, usize)>,
    lengths: BTreeSet<usize>,
}

impl Dimension {
    fn new(starts: Vec<Vec<String>>) -> Dimension {
        let mut sorted: Vec<(String, usize)> = Vec::new();
        for (rule, all) in starts.iter().enumerate() {
            sorted.extend(all.iter().map(|it| (it.clone(), rule)));
        }
        sorted.sort();
        let lengths = sorted.iter().map(|it| it.0.len()).collect();
        Dimension { starts, sorted, lengths }
    }

    /// The stretches of the sorted list that may overlap a rule.
    fn stretches(&self, rule: usize) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        for start in &self.starts[rule] {
            let first = self.sorted.partition_point(|it| it.0 < *start);
            let rest = self.sorted[first..].partition_point(|it| it.0.starts_with(start.as_str()));
            all.push((first, first + rest));
            for length in self.lengths.iter().take_while(|it| **it < start.len()) {
                let Some(shorter) = start.get(..*length) else { continue };
                let first = self.sorted.partition_point(|it| it.0.as_str() < shorter);
                let rest = self.sorted[first..].partition_point(|it| it.0 == shorter);
                all.push((first, first + rest));
            }
        }
        all
    }
}

/// What all values begin with; one empty text where there are none.
fn starts<'a>(values: impl Iterator<Item = &'a String>, backwards: bool) -> Vec<String> {
    let mut all: Vec<String> = values
        .map(|it| {
            let soft = soften(it);
            if backwards {
                let turned: String = soft.chars().rev().collect();
                literal_prefix(&turned).to_string()
            } else {
                literal_prefix(&soft).to_string()
            }
        })
        .collect();
    if all.is_empty() {
        all.push(String::new());
    }
    all
}

fn dimensions(all: &[Entry<'_>]) -> Vec<Dimension> {
    let headers: BTreeSet<&String> = all.iter().flat_map(|it| it.rule.headers.keys()).collect();
    let of = |f: &dyn Fn(&Rule) -> Vec<String>| {
        Dimension::new(all.iter().map(|it| f(it.rule)).collect())
    };
    let mut dimensions = vec![
        of(&|it| starts(it.hosts.iter(), false)),
        of(&|it| starts(it.hosts.iter(), true)),
        of(&|it| starts(it.paths.iter(), false)),
    ];
    for name in headers {
        dimensions.push(of(&|it| starts(it.headers.get(name).into_iter().flatten(), false)));
    }
    dimensions
}

/// Whether two rules overlap: certainly with a request, perhaps, or not.
enum Overlap {
    No,
    Perhaps,
    Yes(String),
}

/// A value that both lists have; one empty list means every value.
fn both(one: &[String], other: &[String], every: &str) -> Result<String, bool> {
    let every = [every.to_string()];
    let one = if one.is_empty() { &every[..] } else { one };
    let other = if other.is_empty() { &every[..] } else { other };
    let mut perhaps = false;
    for a in one {
        for b in other {
            if meet(a, b) {
                return common(a, b).ok_or(true);
            }
            perhaps |= meet(&soften(a), &soften(b));
        }
    }
    Err(perhaps)
}

fn overlap(one: &Rule, other: &Rule) -> Overlap {
    let mut perhaps = one.others || other.others;
    let mut parts: Vec<String> = Vec::new();
    for (a, b, every) in [(&one.hosts, &other.hosts, "*"), (&one.paths, &other.paths, "/*")] {
        match both(a, b, every) {
            Ok(it) => parts.push(it),
            Err(true) => perhaps = true,
            Err(false) => return Overlap::No,
        }
    }
    let names: BTreeSet<&String> = one.headers.keys().chain(other.headers.keys()).collect();
    let mut headers = Vec::new();
    for name in names {
        let nothing = Vec::new();
        let a = one.headers.get(name).unwrap_or(&nothing);
        let b = other.headers.get(name).unwrap_or(&nothing);
        match both(a, b, "*") {
            Ok(it) => headers.push(format!("{name}: {}", shown(&it))),
            Err(true) => perhaps = true,
            Err(false) => return Overlap::No,
        }
    }
    if perhaps {
        return Overlap::Perhaps;
    }
    let host = parts.first().map(String::as_str).unwrap_or_default();
    let path = parts.get(1).map(String::as_str).unwrap_or_default();
    let host = if host.is_empty() || host == "x" { "any host" } else { host };
    let with =
        if headers.is_empty() { String::new() } else { format!(" with {}", headers.join(", ")) };
    Overlap::Yes(format!("`{}{}`{with}", shown(host), shown(path)))
}

/// Whether a rule takes every request of another.
fn takes_all(all: &Rule, part: &Rule) -> bool {
    let covers = |all: &[String], part: &[String], every: &str| {
        let every = [every.to_string()];
        let all = if all.is_empty() { &every[..] } else { all };
        let part = if part.is_empty() { &every[..] } else { part };
        part.iter().all(|part| all.iter().any(|all| holds(all, part)))
    };
    !all.others
        && covers(&all.hosts, &part.hosts, "*")
        && covers(&all.paths, &part.paths, "/*")
        && all
            .headers
            .iter()
            .all(|(name, it)| part.headers.get(name).is_some_and(|part| covers(it, part, "*")))
}

fn listener(scope: &Scope<'_>, all: &[Entry<'_>], found: &mut Found) {
    let dimensions = dimensions(all);
    let mut pairs: BTreeMap<(usize, usize), String> = BTreeMap::new();
    for (number, entry) in all.iter().enumerate() {
        let Some(owner) = entry.owner else { continue };
        let best = dimensions
            .iter()
            .map(|it| (it, it.stretches(number)))
            .min_by_key(|(_, it)| it.iter().map(|(from, to)| to - from).sum::<usize>());
        let Some((dimension, stretches)) = best else { continue };
        let mut others: BTreeSet<usize> = BTreeSet::new();
        for (from, to) in stretches {
            others.extend(dimension.sorted[from..to].iter().map(|it| it.1));
        }
        for other in others {
            let it = &all[other];
            let whose = it.owner.or(it.serves);
            let twice = other < number && it.owner.is_some();
            if other == number || twice || it.targets == entry.targets || it.targets.is_empty() {
                continue;
            }
            match whose {
                Some(whose) if whose == owner => {}
                Some(whose) => match overlap(entry.rule, it.rule) {
                    Overlap::No => {}
                    Overlap::Perhaps => found.unknown.push(Unknown {
                        what: format!(
                            "whether {} and {} are for the same requests depends on values that are \
                             not known",
                            scope.named(entry.thing),
                            scope.named(it.thing)
                        ),
                        layers: BTreeSet::from([Layer::Routing]),
                        tenants: Tenants::from([owner, whose]),
                    }),
                    Overlap::Yes(request) => {
                        if pairs.len() < MOST_PAIRS {
                            pairs.insert((number, other), request);
                        }
                    }
                },
                None => mould(scope, entry, it, owner, found),
            }
        }
    }
    culprits(scope, all, &pairs, found);
}

/// A rule that is no tenant's beside one that is.
fn mould(scope: &Scope<'_>, entry: &Entry<'_>, other: &Entry<'_>, owner: u32, found: &mut Found) {
    if !scope.tenant(owner).claims(Layer::Compute) {
        return;
    }
    let (Some(own), Some(before)) = (entry.rule.priority, other.rule.priority) else { return };
    if before > own {
        return;
    }
    let Overlap::Yes(request) = overlap(entry.rule, other.rule) else { return };
    let names: Vec<String> = other.targets.iter().map(|it| scope.named(*it)).collect();
    if takes_all(other.rule, entry.rule) {
        let message = format!(
            "{} takes the requests of tenant {} before {} does: {request} is answered by {}",
            scope.named(other.thing),
            scope.key(owner),
            scope.named(entry.thing),
            names.join(", "),
        );
        let between = scope.with_all(owner);
        let mut finding = Finding::new(
            Code::AG0604,
            [Layer::Routing, Layer::Compute],
            Some(other.thing),
            message,
            between,
        );
        finding.labels.push((
            scope.thing(entry.thing).loc,
            format!("{} has priority {own}", scope.named(entry.thing)),
        ));
        found.findings.push(finding);
    } else {
        found.boundaries.push(Boundary {
            name: scope.named(other.thing),
            why: format!("it takes some requests before the tenants' rules, such as {request}"),
            layers: BTreeSet::from([Layer::Routing]),
            tenants: scope.everybody.clone(),
        });
    }
}

/// Says of rules that overlap which of them it is: the one that overlaps most, else the one that wins.
fn culprits(
    scope: &Scope<'_>,
    all: &[Entry<'_>],
    pairs: &BTreeMap<(usize, usize), String>,
    found: &mut Found,
) {
    let mut partners: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (a, b) in pairs.keys() {
        partners.entry(*a).or_default().insert(*b);
        partners.entry(*b).or_default().insert(*a);
    }
    let priority = |it: usize| all[it].rule.priority.unwrap_or(u32::MAX);
    let mut order: Vec<usize> = partners.keys().copied().collect();
    order.sort_by_key(|it| (std::cmp::Reverse(partners[it].len()), priority(*it), *it));
    let mut done: BTreeSet<usize> = BTreeSet::new();
    for one in order {
        let others: Vec<usize> =
            partners[&one].iter().copied().filter(|it| !done.contains(it)).collect();
        done.insert(one);
        let Some(first) = others.first().copied() else { continue };
        let whose = |it: usize| all[it].owner.or(all[it].serves);
        let (Some(own), Some(other)) = (whose(one), whose(first)) else { continue };
        let key = if one < first { (one, first) } else { (first, one) };
        let request = pairs.get(&key).or_else(|| pairs.get(&(key.1, key.0)));
        let (winner, loser) =
            if priority(one) <= priority(first) { (one, first) } else { (first, one) };
        let answers: Vec<String> = all[winner].targets.iter().map(|it| scope.named(*it)).collect();
        let message = format!(
            "{} of tenant {} and {} of tenant {} are for the same requests: {} is answered by {}",
            scope.named(all[one].thing),
            scope.key(own),
            scope.named(all[first].thing),
            scope.key(other),
            request.map(String::as_str).unwrap_or_default(),
            answers.join(", "),
        );
        let tenants: BTreeSet<u32> = others.iter().filter_map(|it| whose(*it)).collect();
        let between = vec![Between::new(own, tenants.into_iter().collect())];
        let mut finding =
            Finding::new(Code::AG0604, [Layer::Routing], Some(all[one].thing), message, between);
        for it in [loser, winner] {
            let place = all[it].rule.priority.map_or_else(
                || "has a priority that is not known".to_string(),
                |it| format!("has priority {it}"),
            );
            finding.labels.push((
                scope.thing(all[it].thing).loc,
                format!("{} {place}", scope.named(all[it].thing)),
            ));
        }
        if others.len() > 1 {
            finding.notes.push(format!("it overlaps the rules of {} others", others.len()));
        }
        found.findings.push(finding);
    }
}
