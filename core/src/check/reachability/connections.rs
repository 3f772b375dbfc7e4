//! Connections that must work.

use super::{by_tags, name, side, wanted};
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::field::{Field, List};
use crate::flow::{FlowTarget, Peer};
use crate::network::reach::Path;
use crate::network::side::Where;
use crate::network::{Answer, Model, Question, Reach, Side, TrafficSet, Wanted};

/// Checks a `connect!`: everything on the way must let it through.
pub fn check(
    model: &Model,
    from: &Field<List<Peer>>,
    to: &Field<List<FlowTarget>>,
    cx: &mut Context<'_>,
) {
    check_ports(to, cx);
    for source in from.literal().into_iter().flatten() {
        let Some(source_side) = side(source) else {
            continue;
        };
        for target in to.literal().into_iter().flatten().filter_map(Field::literal) {
            let Some(target_side) = side(&target.peer) else {
                continue;
            };
            let Some(wanted) = wanted(target, cx) else {
                continue;
            };
            if let Some((traffic, reach)) = blocked(model, &source_side, &target_side, &wanted) {
                let finding = cannot_reach(model, source, &target.peer, &traffic, &reach);
                cx.push(by_tags(finding, &[source, &target.peer]));
            }
        }
    }
}

/// The traffic that certainly does not get through, and why.
fn blocked(model: &Model, from: &Side, to: &Side, wanted: &[Wanted]) -> Option<(Wanted, Reach)> {
    let mut all: Option<Wanted> = None;
    for wanted in wanted {
        if model.reach(from, to, wanted, Question::Works).answer != Answer::No {
            continue;
        }
        // Who is outside comes by the load balancer; who is inside and means it names the load balancer.
        if let Side::Endpoint(name) = to
            && matches!(from, Side::Internet | Side::Block(_))
            && let Some(chain) = model.through_load_balancer(from, name, wanted, Question::Works)
            && chain.answer != Answer::No
        {
            continue;
        }
        all = Some(match all {
            Some(it) => Wanted {
                set: it.set.union(&wanted.set),
                exact: it.exact && wanted.exact,
                family: it.family,
            },
            None => wanted.clone(),
        });
    }
    let all = all?;
    let reach = model.reach(from, to, &all, Question::Works);
    (reach.answer == Answer::No).then_some((all, reach))
}

/// AG0301: a connection that must work is blocked.
fn cannot_reach(
    model: &Model,
    from: &Field<Peer>,
    to: &Field<Peer>,
    traffic: &Wanted,
    reach: &Reach,
) -> Diagnostic {
    let on = if traffic.exact { format!(" on {}", traffic.set) } else { String::new() };
    let message = format!("{} cannot reach {}{on}", name(from), name(to));
    let mut diagnostic = Diagnostic::new(Code::AG0301, to.loc, message);
    if let Some(path) = &reach.path {
        let text = model.path_text(path, traffic, Question::Works);
        diagnostic = diagnostic.note(format!("path: {text}"));
        if reach.blocked < reach.pairs
            && let Some(pair) = pair(model, path)
        {
            diagnostic = diagnostic.note(format!("{pair}; other subnets get through"));
        }
        diagnostic = diagnostic.maybe_help(model.fix(path, traffic, Question::Works));
    }
    diagnostic
}

/// The subnets of a path.
fn pair(model: &Model, path: &Path) -> Option<String> {
    let subnet = |it: Where| match it {
        Where::Subnet(it) => Some(&model.subnets[it].name),
        Where::UnknownSubnet
        | Where::Internet
        | Where::Peered(_)
        | Where::Nowhere
        | Where::Service(_)
        | Where::CloudFront
        | Where::Resolver(_)
        | Where::Unaddressed => None,
    };
    match (subnet(path.from.position), subnet(path.to.position)) {
        (Some(from), Some(to)) => Some(format!("blocked from `{from}` to `{to}`")),
        (Some(from), None) => Some(format!("blocked from `{from}`")),
        (None, Some(to)) => Some(format!("blocked to `{to}`")),
        (None, None) => None,
    }
}

/// AG0310: a connection says no port and its peer has none.
pub fn check_ports(to: &Field<List<FlowTarget>>, cx: &mut Context<'_>) {
    for target in to.literal().into_iter().flatten().filter_map(Field::literal) {
        let Some(peer) = target.peer.literal() else {
            continue;
        };
        if target.ports.is_some() || super::listens(peer, cx).is_none_or(|it| !it.is_empty()) {
            continue;
        }
        let written = match peer.found() {
            Some((_, tag)) => match tag.field.literal() {
                Some(value) => format!("tagged({:?} => {:?})", tag.name, value.0),
                None => format!("tagged({:?})", tag.name),
            },
            None => peer.describe().replace('`', ""),
        };
        let written = if *peer == Peer::Internet { "internet".to_string() } else { written };
        let quoted = if matches!(peer, Peer::Cidr(_)) { format!("\"{written}\"") } else { written };
        let example = crate::network::explain::written(&TrafficSet::tcp(443, 443));
        let finding = Diagnostic::new(
            Code::AG0310,
            target.peer.loc,
            format!(
                "the connection to {} says no port, and it has none of its own",
                name(&target.peer)
            ),
        )
        .help(format!("say which: `{quoted}: {example}`"));
        cx.push(by_tags(finding, &[&target.peer]));
    }
}
