//! Connections that must not work: what is denied, and stores on the internet.

use std::collections::BTreeSet;

use super::{is_store, name, side, wanted};
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::field::{Field, List};
use crate::flow::{FlowTarget, Peer};
use crate::loc::Loc;
use crate::lower;
use crate::network::model::{Holds, Interface};
use crate::network::reach::{Chain, Exposure, Path, admitted};
use crate::network::{Answer, Family, Model, Question, Side, TrafficSet, Wanted};
use crate::resource::ResourceId;
use crate::resource::network::Direction;

/// Checks a `deny!`: nothing may let it through, directly or through a load balancer.
pub fn check(
    model: &Model,
    from: &Field<List<Peer>>,
    to: &Field<List<FlowTarget>>,
    cx: &mut Context<'_>,
) {
    for source in from.literal().into_iter().flatten() {
        let Some(source_side) = side(source) else {
            continue;
        };
        for target in to.literal().into_iter().flatten().filter_map(Field::literal) {
            let Some(target_side) = side(&target.peer) else {
                continue;
            };
            let Some(mut wanted) = wanted(target, cx) else {
                continue;
            };
            if wanted.is_empty() {
                wanted.push(Wanted::anything());
            }
            if let Some(finding) =
                open(model, source, &source_side, &target.peer, &target_side, &wanted)
            {
                cx.push(finding);
            }
        }
    }
}

/// The finding, if the connection is certainly open.
fn open(
    model: &Model,
    from: &Field<Peer>,
    from_side: &Side,
    to: &Field<Peer>,
    to_side: &Side,
    wanted: &[Wanted],
) -> Option<Diagnostic> {
    let over = |wanted: &Wanted| Family::ALL.map(|it| wanted.clone().with_family(it));
    for wanted in &wanted.iter().flat_map(over).collect::<Vec<Wanted>>() {
        let direct = model.reach(from_side, to_side, wanted, Question::Open);
        if direct.answer == Answer::Yes
            && let Some(path) = &direct.path
        {
            let open = open_part(path, wanted);
            let message =
                format!("{} can reach {} on {open}, which is denied", name(from), name(to));
            let path_text = model.path_text(path, wanted, Question::Open);
            let mut diagnostic = Diagnostic::new(Code::AG0302, to.loc, message)
                .note(format!("path: {path_text}"))
                .help("remove the rule that admits it, or the `deny!`");
            if let Some((loc, text)) = model.opening(path, wanted)
                && loc.is_known()
            {
                diagnostic = diagnostic.label(loc, text);
            }
            return Some(diagnostic);
        }
        for target in model.endpoints_of(to_side) {
            let chain = model.through_load_balancer(from_side, &target, wanted, Question::Open);
            if let Some(chain) = chain.filter(|it| it.answer == Answer::Yes) {
                return Some(open_through(model, from, to, &chain));
            }
        }
    }
    None
}

/// The finding for a connection that is open through a load balancer.
fn open_through(
    model: &Model,
    from: &Field<Peer>,
    to: &Field<Peer>,
    chain: &Chain<'_>,
) -> Diagnostic {
    let balancer = &chain.forward.load_balancer;
    let message =
        format!("{} can reach {} through `{balancer}`, which is denied", name(from), name(to));
    let path = model.chain_text(chain, Question::Open);
    let mut diagnostic =
        Diagnostic::new(Code::AG0302, to.loc, message).note(format!("path: {path}")).help(format!(
            "remove the route to `{}` from `{balancer}`, or the `deny!`",
            chain.forward.target
        ));
    if chain.forward.loc.is_known() {
        diagnostic = diagnostic.label(chain.forward.loc, "this route sends requests there");
    }
    diagnostic
}

/// What of the traffic gets through.
fn open_part(path: &Path, wanted: &Wanted) -> TrafficSet {
    let certain = admitted(&path.hops, Question::Open).certain;
    if wanted.exact { certain.intersect(&wanted.set) } else { certain }
}

/// Checks that no data store is open to the internet. Gives the rules that open one.
pub fn check_stores(model: &Model, cx: &mut Context<'_>) -> BTreeSet<ResourceId> {
    let mut rules = BTreeSet::new();
    let architecture = cx.architecture;
    for declaration in architecture.declarations.iter().filter(|it| is_store(it)) {
        let Some(endpoint) = lower::endpoint(architecture, declaration) else {
            continue;
        };
        let store = &declaration.meta().name;
        for wanted in endpoint.listens.iter().map(Wanted::of) {
            let (path, through) = match model.exposed(store, &wanted) {
                Some(Exposure::Direct(path)) => (*path, None),
                Some(Exposure::Through(chain)) => {
                    let Some(path) = chain.second.path.clone() else {
                        continue;
                    };
                    (path, Some(chain.forward.load_balancer.clone()))
                }
                None => match model.exposed_but_for_address(store, &wanted) {
                    Some(path) => (path, None),
                    None => continue,
                },
            };
            let opening = model.admitting_rule(&path, Direction::Ingress, &wanted);
            let label = opening.map(|(group, rule)| {
                rules.insert(rule.id.clone());
                (rule.loc, format!("this rule of security group `{}` admits it", group.name))
            });
            cx.push(exposed_store(model, declaration.meta(), &path, &wanted, through, label));
            break;
        }
    }
    rules
}

/// AG0303: a data store is reachable from the internet.
fn exposed_store(
    model: &Model,
    meta: &crate::declare::Meta,
    path: &Path,
    wanted: &Wanted,
    through: Option<String>,
    label: Option<(Loc, String)>,
) -> Diagnostic {
    let how = through.map(|it| format!(" through `{it}`")).unwrap_or_default();
    let message =
        format!("data store `{}` is open to the internet on {}{how}", meta.name, wanted.set);
    let text = model.path_text(path, wanted, Question::Open);
    let mut diagnostic =
        Diagnostic::new(Code::AG0303, meta.loc, message).note(format!("path: {text}")).help(
            "let it stand in a tier without a route to an internet gateway, and admit only the \
             groups of its clients",
        );
    let public = |it: &Interface| it.public != Holds::No;
    if model.endpoint(&meta.name).is_some_and(|it| !it.interfaces.iter().any(public)) {
        diagnostic = diagnostic.note("only the public address that it does not have is missing");
    }
    if let Some((loc, text)) = label
        && loc.is_known()
    {
        diagnostic = diagnostic.label(loc, text);
    }
    diagnostic
}
