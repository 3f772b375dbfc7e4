//! Data stores that the internet reaches, over IPv4 or IPv6, directly or through a load balancer.

use std::collections::BTreeSet;

use super::Scope;
use crate::check::{Context, is_store};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::lower;
use crate::network::chain::Exposure;
use crate::network::model::Layer;
use crate::network::model::{Holds, Interface};
use crate::network::reach::Path;
use crate::network::{Model, Question, Wanted};
use crate::resource::ResourceId;
use crate::resource::network::{Direction, Traffic};
use crate::value::Value;

/// A data store.
struct Store<'a> {
    name: &'a str,
    loc: Loc,
    /// What it listens for.
    listens: Vec<Wanted>,
}

/// Checks the stores that are declared. Gives the rules that open one.
pub(super) fn check_declared(scope: &Scope<'_>, cx: &mut Context<'_>) -> BTreeSet<ResourceId> {
    let architecture = cx.architecture;
    let mut rules = BTreeSet::new();
    for declaration in architecture.declarations.iter().filter(|it| is_store(it.kind())) {
        let Some(endpoint) = lower::endpoint(architecture, declaration) else {
            continue;
        };
        let meta = declaration.meta();
        let listens = endpoint.listens.iter().map(Wanted::of).collect();
        let store = Store { name: &meta.name, loc: meta.loc, listens };
        check(scope.model, &store, true, &mut rules, cx);
    }
    rules
}

/// Checks what holds data in a template. Gives the rules that open one.
pub(super) fn check_read(scope: &Scope<'_>, cx: &mut Context<'_>) -> BTreeSet<ResourceId> {
    let mut rules = BTreeSet::new();
    for endpoint in scope.model.endpoints.iter().filter(|it| it.store) {
        let listens = if endpoint.ports.is_empty() {
            vec![Wanted::of(&Traffic::Tcp(Value::Unknown))]
        } else {
            endpoint.ports.iter().map(|it| Wanted::of(&Traffic::tcp(it.clone()))).collect()
        };
        let store = Store { name: &endpoint.name, loc: endpoint.loc, listens };
        check(scope.model, &store, false, &mut rules, cx);
    }
    rules
}

/// Checks a store. `strict` says that a public address must not be all that is missing: a template says
/// itself whether there is one.
fn check(
    model: &Model,
    store: &Store<'_>,
    strict: bool,
    rules: &mut BTreeSet<ResourceId>,
    cx: &mut Context<'_>,
) {
    for wanted in &store.listens {
        let (path, through) = match model.exposed(store.name, wanted) {
            Some(Exposure::Direct(path)) => (*path, None),
            Some(Exposure::Through(chain)) => {
                let Some(path) = chain.second.path.clone() else {
                    continue;
                };
                (path, Some(chain.forward.load_balancer.clone()))
            }
            None if strict => match model.exposed_but_for_address(store.name, wanted) {
                Some(path) => (path, None),
                None => continue,
            },
            None => continue,
        };
        let wanted = wanted.clone().with_family(path.to.family);
        let opening = {
            let layer = Layer::SecurityGroup;
            model.admitting_rule(&path, Direction::Ingress, layer, &wanted)
        };
        let label = opening.map(|(group, rule)| {
            rules.insert(rule.id.clone());
            (rule.loc, format!("this rule of security group `{}` admits it", group.name))
        });
        cx.push(exposed(model, store, &path, &wanted, through, label));
        return;
    }
}

/// AG0303: a data store is reachable from the internet.
fn exposed(
    model: &Model,
    store: &Store<'_>,
    path: &Path,
    wanted: &Wanted,
    through: Option<String>,
    label: Option<(Loc, String)>,
) -> Diagnostic {
    let how = through.map(|it| format!(" through `{it}`")).unwrap_or_default();
    let on = if wanted.exact { format!(" on {}", wanted.set) } else { String::new() };
    let message = format!("data store `{}` is open to the internet{on}{how}", store.name);
    let text = model.path_text(path, wanted, Question::Open);
    let mut diagnostic =
        Diagnostic::new(Code::AG0303, store.loc, message).note(format!("path: {text}")).help(
            "let it stand in a tier without a route to an internet gateway, and admit only the \
             groups of its clients",
        );
    let public = |it: &Interface| it.public != Holds::No;
    if path.to.family == crate::network::Family::Ipv4
        && model.endpoint(store.name).is_some_and(|it| !it.interfaces.iter().any(public))
    {
        diagnostic = diagnostic.note("only the public address that it does not have is missing");
    }
    match label {
        Some((loc, text)) => super::labelled(diagnostic, loc, text),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests;
