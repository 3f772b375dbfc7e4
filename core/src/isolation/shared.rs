//! Secrets, keys, log groups and access points: whether each tenant has its own, and whether nobody else uses it.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Kind, Reference, Target, Use};
use super::scope::{Between, Finding, Found, Scope, Tenants, Unknown, and_others};
use crate::codes::Code;
use crate::tenant_fields::{ComputeIsolation, Layer};

/// Finds what is shared that shall not be.
pub fn find(scope: &Scope<'_>, found: &mut Found) {
    references(scope, found);
    together(scope, found);
    own(scope, found);
}

/// The layer and code of what is used.
fn meaning(scope: &Scope<'_>, used: Use, to: usize) -> (Layer, Code) {
    let kind = scope.thing(to).kind;
    match kind {
        Kind::Secret | Kind::Key | Kind::LogGroup | Kind::AccessPoint | Kind::Database => {
            (kind.layer(), Code::AG0603)
        }
        Kind::Role => (Layer::Identity, Code::AG0602),
        Kind::Rule => (Layer::Routing, Code::AG0604),
        Kind::Bucket | Kind::FileSystem => (kind.layer(), Code::AG0603),
        Kind::Service
        | Kind::TaskDefinition
        | Kind::TargetGroup
        | Kind::Listener
        | Kind::LoadBalancer
        | Kind::SecurityGroup
        | Kind::Other => match used {
            Use::Secret => (Layer::Secrets, Code::AG0603),
            Use::Log => (Layer::Logs, Code::AG0603),
            Use::Encryption => (Layer::Keys, Code::AG0603),
            Use::AccessPoint => (Layer::Compute, Code::AG0603),
            Use::TaskRole
            | Use::ExecutionRole
            | Use::TaskDefinition
            | Use::TargetGroup
            | Use::Forward
            | Use::SecurityGroup
            | Use::Parent
            | Use::Watch
            | Use::Other => (Layer::Compute, Code::AG0605),
        },
    }
}

/// What refers to what is a tenant's.
fn references(scope: &Scope<'_>, found: &mut Found) {
    // One finding for each resource that refers, and what of it is used.
    for (number, thing) in scope.facts.things.iter().enumerate() {
        let by = scope.owner[number];
        for Reference { used, to } in &thing.references {
            let Target::Thing(to) = to else { continue };
            let Some(owner) = scope.owner[*to] else { continue };
            // Where requests are sent is `routing`'s.
            if by == Some(owner) || *used == Use::Forward {
                continue;
            }
            let (layer, code) = meaning(scope, *used, *to);
            let tenant = scope.key(owner);
            let (message, between) = match by {
                Some(by) => (
                    format!(
                        "{} of tenant {} {} {} of tenant {tenant}",
                        scope.named(number),
                        scope.key(by),
                        used.as_str(),
                        scope.named(*to),
                    ),
                    vec![Between::new(by, Tenants::from([owner]))],
                ),
                None if !used.is_exclusive() => continue,
                // A group that is shared is what these have.
                None if *used == Use::SecurityGroup
                    && scope.tenant(owner).isolation.compute != ComputeIsolation::Silo =>
                {
                    continue;
                }
                None => (
                    format!(
                        "{}, which is no tenant's, {} {} of tenant {tenant}",
                        scope.named(number),
                        used.as_str(),
                        scope.named(*to),
                    ),
                    scope.with_all(owner),
                ),
            };
            let mut finding = Finding::new(code, [layer], Some(number), message, between);
            let there = format!("{} is declared here", scope.named(*to));
            finding.labels.push((scope.thing(*to).loc, there));
            found.findings.push(finding);
        }
    }
}

/// What several tenants use together.
fn together(scope: &Scope<'_>, found: &mut Found) {
    #[derive(Default)]
    struct Users {
        tenants: BTreeMap<u32, usize>,
        other: Option<usize>,
    }
    let mut all: BTreeMap<(Use, &Target), Users> = BTreeMap::new();
    for (number, thing) in scope.facts.things.iter().enumerate() {
        for Reference { used, to } in &thing.references {
            // Log groups are judged by themselves: a tenant writes to its own only.
            let is_store = matches!(used, Use::Secret | Use::AccessPoint);
            let owned = matches!(to, Target::Thing(it) if scope.owner[*it].is_some());
            if !is_store || owned {
                continue;
            }
            let users = all.entry((*used, to)).or_default();
            match scope.owner[number] {
                Some(it) => {
                    users.tenants.entry(it).or_insert(number);
                }
                None => users.other = users.other.or(Some(number)),
            }
        }
    }
    for ((used, to), users) in all {
        let Some((first, thing)) = users.tenants.iter().next() else { continue };
        let count = users.tenants.len() + usize::from(users.other.is_some());
        if count < 2 {
            continue;
        }
        let (layer, code) = match to {
            Target::Thing(it) => meaning(scope, used, *it),
            Target::Elsewhere(_) if used == Use::AccessPoint => (Layer::Compute, Code::AG0603),
            Target::Elsewhere(_) => (Layer::Secrets, Code::AG0603),
        };
        let what = scope.called(to);
        let second = users.tenants.iter().nth(1).map(|it| *it.1).or(users.other);
        let second = second.map(|it| scope.named(it)).unwrap_or_default();
        let message = format!(
            "{} of tenant {} {} {what}, which {second} uses too",
            scope.named(*thing),
            scope.key(*first),
            used.as_str(),
        );
        let tenants: Tenants = users.tenants.keys().copied().collect();
        let others = if users.other.is_some() { &scope.everybody } else { &tenants };
        let between = tenants.iter().map(|it| Between::new(*it, others.clone())).collect();
        let culprit = match to {
            Target::Thing(it) => *it,
            Target::Elsewhere(_) => *thing,
        };
        let mut finding = Finding::new(code, [layer], Some(culprit), message, between);
        if tenants.len() > 1 {
            let names = and_others(&scope.key(*first), tenants.len());
            finding.notes.push(format!("it is used by {names}"));
        }
        finding.labels.push((scope.thing(*thing).loc, format!("{} uses it", scope.named(*thing))));
        found.findings.push(finding);
    }
}

/// Whether what is claimed to be a tenant's own is there.
fn own(scope: &Scope<'_>, found: &mut Found) {
    for tenant in 0..scope.pool.tenants.len() as u32 {
        let it = scope.tenant(tenant);
        // A tenant need not have secrets; what it uses of others' is found above.
        for (layer, kind) in [(Layer::Keys, Kind::Key), (Layer::Logs, Kind::LogGroup)] {
            if it.claims(layer) && scope.owned(tenant, kind).next().is_none() {
                let message =
                    format!("tenant {} has no {} of its own", scope.key(tenant), kind.as_str());
                let between = scope.with_all(tenant);
                found.findings.push(Finding::new(Code::AG0603, [layer], None, message, between));
            }
        }
        for name in &it.missing {
            found.unknown.push(Unknown {
                what: format!(
                    "`{name}` of tenant {} is not among what was read",
                    scope.key(tenant)
                ),
                layers: Layer::ALL.iter().copied().collect(),
                tenants: Tenants::from([tenant]),
            });
        }
        if it.claims(Layer::Keys) {
            encrypted(scope, tenant, found);
        }
        if it.claims(Layer::Logs) {
            logged(scope, tenant, found);
        }
        for thing in &it.things {
            for what in &scope.thing(*thing).unknown {
                found.unknown.push(Unknown {
                    what: format!("{}: {what}", scope.named(*thing)),
                    layers: BTreeSet::from([scope.thing(*thing).kind.layer(), Layer::Keys]),
                    tenants: Tenants::from([tenant]),
                });
            }
        }
    }
}

/// Whether the secrets and log groups of a tenant are encrypted with its own key.
fn encrypted(scope: &Scope<'_>, tenant: u32, found: &mut Found) {
    let secrets = scope.owned(tenant, Kind::Secret);
    for thing in secrets.chain(scope.owned(tenant, Kind::LogGroup)) {
        let mut keys = scope.uses(thing, Use::Encryption).peekable();
        let what = if keys.peek().is_none() {
            if !scope.thing(thing).unknown.is_empty() {
                continue;
            }
            "with a key that AWS owns".to_string()
        } else {
            let foreign = keys.find_map(|it| match it {
                // What is another tenant's is found with what refers to it.
                Target::Thing(it) if scope.owner[*it].is_some() => None,
                Target::Thing(_) | Target::Elsewhere(_) => Some(scope.called(it)),
            });
            match foreign {
                Some(it) => format!("with {it}, which is not its own"),
                None => continue,
            }
        };
        let message =
            format!("{} of tenant {} is encrypted {what}", scope.named(thing), scope.key(tenant));
        let between = scope.with_all(tenant);
        let finding = Finding::new(Code::AG0603, [Layer::Keys], Some(thing), message, between);
        found.findings.push(finding);
    }
}

/// Whether the tasks of a tenant write to its own log group.
fn logged(scope: &Scope<'_>, tenant: u32, found: &mut Found) {
    for thing in scope.owned(tenant, Kind::TaskDefinition) {
        for to in scope.uses(thing, Use::Log) {
            let name = match to {
                Target::Thing(it) if scope.owner[*it].is_some() => continue,
                Target::Thing(_) | Target::Elsewhere(_) => scope.called(to),
            };
            let message = format!(
                "{} of tenant {} writes to {name}, which is not its own",
                scope.named(thing),
                scope.key(tenant)
            );
            let between = scope.with_all(tenant);
            let finding = Finding::new(Code::AG0603, [Layer::Logs], Some(thing), message, between);
            found.findings.push(finding);
        }
    }
}
