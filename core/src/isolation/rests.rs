//! What the verdicts about a tenant rest on, in words.

use std::collections::BTreeSet;

use super::facts::{Kind, Target, Use, shown};
use super::scope::Scope;
use crate::tenant_fields::{ComputeIsolation, DatabaseIsolation, Layer};

/// What the verdicts about a tenant rest on, layer by layer.
pub(super) fn rests(scope: &Scope<'_>, tenant: u32) -> Vec<Vec<String>> {
    Layer::ALL.iter().map(|it| rests_on(scope, tenant, *it)).collect()
}

fn rests_on(scope: &Scope<'_>, tenant: u32, layer: Layer) -> Vec<String> {
    let it = scope.tenant(tenant);
    let key = scope.key(tenant);
    let own = |kind: Kind| -> Vec<String> {
        scope.owned(tenant, kind).map(|it| scope.named(it)).collect()
    };
    if !it.claims(layer) {
        return vec![match layer {
            Layer::Compute | Layer::Identity => match scope.pool.shared_service {
                Some(service) => format!("{key} is served by {}", scope.named(service)),
                None => format!("{key} claims nothing"),
            },
            Layer::Database
            | Layer::Network
            | Layer::Secrets
            | Layer::Keys
            | Layer::Logs
            | Layer::Routing => format!("{key} claims nothing"),
        }];
    }
    let mut all: Vec<String> = Vec::new();
    let users = |thing: usize| -> Vec<String> {
        let mut users: Vec<String> = Vec::new();
        for other in &it.things {
            let refers = scope.thing(*other).references.iter();
            if refers.into_iter().any(|it| it.to == Target::Thing(thing)) {
                users.push(scope.named(*other));
            }
        }
        users
    };
    match layer {
        Layer::Compute => {
            for kind in [Kind::Service, Kind::TaskDefinition, Kind::TargetGroup] {
                for name in own(kind) {
                    all.push(format!(
                        "{name} is {key}'s, and no other tenant's rule or service uses it"
                    ));
                }
            }
            if it.isolation.compute == ComputeIsolation::Silo {
                for name in own(Kind::SecurityGroup) {
                    all.push(format!("{name} is on nothing but what is {key}'s"));
                }
            }
        }
        Layer::Database => match it.isolation.database {
            Some(DatabaseIsolation::Instance) => {
                for name in own(Kind::Database) {
                    all.push(format!(
                        "{name} is {key}'s, and nothing of another tenant reaches it"
                    ));
                }
            }
            Some(DatabaseIsolation::Schema | DatabaseIsolation::Database) => {
                let secrets = || scope.owned(tenant, Kind::Secret);
                // Without one that says so, any of them may be it.
                let any = !secrets().any(|it| scope.thing(it).is_login);
                for it in secrets().filter(|it| any || scope.thing(*it).is_login) {
                    let name = scope.named(it);
                    all.push(format!("{key} logs in with {name}, which only it reads"));
                }
            }
            None => {}
        },
        Layer::Network => {
            let names: BTreeSet<&str> =
                it.things.iter().filter_map(|it| scope.thing(*it).endpoint.as_deref()).collect();
            for name in names {
                all.push(format!(
                    "no rule admits a connection between `{name}` and another tenant's"
                ));
            }
            if all.is_empty() {
                all.push(format!("{key} has no network interface of its own"));
            }
        }
        Layer::Secrets | Layer::Keys | Layer::Logs => {
            let kind = match layer {
                Layer::Secrets => Kind::Secret,
                Layer::Keys => Kind::Key,
                Layer::Logs
                | Layer::Compute
                | Layer::Database
                | Layer::Network
                | Layer::Identity
                | Layer::Routing => Kind::LogGroup,
            };
            if scope.owned(tenant, kind).next().is_none() {
                all.push(format!("{key} has no {}, and uses none of another", kind.as_str()));
            }
            for thing in scope.owned(tenant, kind) {
                let users = users(thing);
                let by = if users.is_empty() {
                    "nothing refers to it".to_string()
                } else {
                    format!("it is used only by {}", users.join(", "))
                };
                all.push(format!(
                    "{} is {key}'s: {by}, and no role of another covers it",
                    scope.named(thing)
                ));
            }
        }
        Layer::Identity => {
            for thing in scope.owned(tenant, Kind::Role) {
                let count = scope.thing(thing).statements.len();
                all.push(format!(
                    "none of the {count} statements of {} covers what is another's",
                    scope.named(thing)
                ));
            }
        }
        Layer::Routing => {
            for thing in scope.owned(tenant, Kind::Rule) {
                let Some(rule) = &scope.thing(thing).rule else { continue };
                let mut is_for: Vec<String> = rule
                    .hosts
                    .iter()
                    .chain(&rule.paths)
                    .map(|it| format!("`{}`", shown(it)))
                    .collect();
                for (name, values) in &rule.headers {
                    let values: Vec<String> = values.iter().map(|it| shown(it)).collect();
                    is_for.push(format!("`{name}: {}`", values.join("`, `")));
                }
                let targets: Vec<String> =
                    scope.uses(thing, Use::Forward).map(|it| scope.called(it)).collect();
                all.push(format!(
                    "{} is for {}, which no other tenant's rule is for, and sends to {}",
                    scope.named(thing),
                    is_for.join(" "),
                    targets.join(", ")
                ));
            }
        }
    }
    all
}
