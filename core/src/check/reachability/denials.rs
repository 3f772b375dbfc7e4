//! Connections that must not work.

use super::{by_tags, name, side, wanted};
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::field::{Field, List};
use crate::flow::{FlowTarget, Peer};
use crate::network::chain::Chain;
use crate::network::reach::{Path, admitted};
use crate::network::{Answer, Family, Model, Question, Side, TrafficSet, Wanted};

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
            return Some(by_tags(diagnostic, &[from, to]));
        }
        for target in model.endpoints_of(to_side) {
            let chain = model.through_load_balancer(from_side, &target, wanted, Question::Open);
            if let Some(chain) = chain.filter(|it| it.answer == Answer::Yes) {
                return Some(by_tags(open_through(model, from, to, &chain), &[from, to]));
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
