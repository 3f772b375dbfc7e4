//! Rules that the team wrote and no declared connection needs.

use std::collections::BTreeSet;

use super::{Found, Why, is_control, resource};
use crate::check::Context;
use crate::check::network::Scope;
use crate::check::reachability::{side, startup, wanted};
use crate::declare::{Allow, Connect, EcsCluster, EcsService, EksCluster};
use crate::field::{Field, List};
use crate::flow::{FlowTarget, Peer};
use crate::network::build::control_plane_name;
use crate::network::model::{Groups, Match};
use crate::network::side::{Place, Where};
use crate::network::span::Span;
use crate::network::{Family, Model, Side, Wanted};
use crate::resource::elb::Listener;
use crate::resource::network::{Direction, Traffic};
use crate::resource::{ResourceId, SecurityGroup};
use crate::service_fields::VolumeKind;
use crate::types::Port;
use crate::value::Value;

/// What the connections of an architecture use.
struct Uses<'a> {
    model: &'a Model,
    /// The groups on either side of a `connect!` or `allow!`.
    touched: BTreeSet<usize>,
    /// The rules that may let a connection through.
    used: BTreeSet<&'a ResourceId>,
}

impl<'a> Uses<'a> {
    /// Notes what a connection uses. A rule that may let some of it through counts, whether others do too.
    fn connection(&mut self, from: &Side, to: &Side, wanted: &Wanted, declared: bool) {
        for family in Family::ALL {
            for source in self.model.places(from, family).concat() {
                let targets = match to {
                    Side::Service(it) => self.model.service_places(*it, &source),
                    Side::Endpoint(_)
                    | Side::Group(_)
                    | Side::Tier(_)
                    | Side::Vpc(_)
                    | Side::Internet
                    | Side::Block(_)
                    | Side::Host(_) => self.model.places(to, family).concat(),
                };
                for target in &targets {
                    self.pair(&source, target, wanted, declared);
                }
            }
        }
    }

    fn pair(&mut self, from: &Place, to: &Place, wanted: &Wanted, declared: bool) {
        let sides = [(from, to, Direction::Egress), (to, from, Direction::Ingress)];
        for (own, other, direction) in sides {
            let Groups::Known(groups) = &own.groups else { continue };
            if declared {
                self.touched.extend(groups);
            }
            if from.position == Where::Unaddressed || to.position == Where::Unaddressed {
                continue;
            }
            for rule in groups.iter().flat_map(|it| &self.model.groups[*it].rules) {
                if rule.direction == direction
                    && about(&rule.peer, other)
                    && !rule.traffic.possible.intersect(&wanted.set).is_empty()
                {
                    self.used.insert(&rule.id);
                }
            }
        }
    }
}

/// Whether a rule may be about a place.
fn about(peer: &Match, other: &Place) -> bool {
    match peer {
        Match::Block(Value::Literal(it)) => {
            let block = Span::of(*it);
            other.spans.is_empty() || other.spans.iter().any(|it| it.intersect(&block).is_some())
        }
        Match::Block(Value::Parameter(_) | Value::Unknown) | Match::Group(None) | Match::Public => {
            true
        }
        Match::Group(Some(group)) => match &other.groups {
            Groups::Known(it) => it.contains(group),
            Groups::Unknown => true,
            Groups::NotAsked => false,
        },
    }
}

/// The written rules that no connection needs, of groups whose connections are declared.
pub(super) fn unused<'a>(scope: &Scope<'a>, found: &Found<'_>, cx: &Context<'_>) -> Found<'a> {
    let mut unused = Found::new();
    let known = scope.model.groups.iter().all(|it| it.unknown_rules.is_empty());
    if scope.open || !known || scope.unknown_groups() || scope.written.is_empty() {
        return unused;
    }
    let mut uses = Uses { model: scope.model, touched: BTreeSet::new(), used: BTreeSet::new() };
    let connections = cx.architecture.all::<Connect>().map(|it| (&it.from, &it.to));
    let permissions = cx.architecture.all::<Allow>().map(|it| (&it.from, &it.to));
    for (from, to) in connections.chain(permissions) {
        declared(from, to, &mut uses, cx);
    }
    starts(&mut uses, cx);
    nodes(&mut uses, cx);
    load_balancers(scope, &mut uses);
    for (index, group) in scope.model.groups.iter().enumerate() {
        if !uses.touched.contains(&index) || !scope.written.contains(group.name.as_str()) {
            continue;
        }
        // A line of the author's may be several rules, one for each block: it is needed if one is.
        let needed: BTreeSet<_> = group
            .rules
            .iter()
            .filter(|it| uses.used.contains(&it.id))
            .map(|it| (it.loc, it.direction, it.traffic.possible.clone()))
            .collect();
        for rule in &group.rules {
            let control = resource(&rule.id, scope).is_none_or(|it| is_control(&it.traffic));
            let line = (rule.loc, rule.direction, rule.traffic.possible.clone());
            if !control && !needed.contains(&line) && !found.contains_key(&rule.id) {
                unused.insert(&rule.id, Why::NoConnection);
            }
        }
    }
    unused
}

fn declared(
    from: &Field<List<Peer>>,
    to: &Field<List<FlowTarget>>,
    uses: &mut Uses<'_>,
    cx: &Context<'_>,
) {
    for source in from.literal().into_iter().flatten().filter_map(side) {
        for target in to.literal().into_iter().flatten().filter_map(Field::literal) {
            let (Some(target_side), Some(all)) = (side(&target.peer), wanted(target, cx)) else {
                continue;
            };
            for wanted in &all {
                uses.connection(&source, &target_side, wanted, true);
            }
        }
    }
}

/// What services need before they run, and the file systems they mount.
fn starts(uses: &mut Uses<'_>, cx: &Context<'_>) {
    let endpoint = |name: &str| Side::Endpoint(name.to_string());
    for service in cx.architecture.all::<EcsService>() {
        if let Some(cluster) = cx.follow::<EcsCluster>(&service.cluster) {
            let (from, needs) = startup::needs(service, cluster);
            for (to, _) in &needs {
                uses.connection(&from, to, &Wanted::tcp(443), false);
                // A task pulls secrets itself where it has an interface of its own.
                uses.connection(&endpoint(&service.meta.name), to, &Wanted::tcp(443), false);
            }
        }
        for volume in service.known_volumes() {
            if let Some(VolumeKind::Efs(it)) = volume.source.literal() {
                let from = endpoint(&service.meta.name);
                uses.connection(&from, &endpoint(&it.name), &Wanted::tcp(2049), false);
            }
        }
    }
}

/// What the nodes of clusters need, and what they and their control planes say to each other.
fn nodes(uses: &mut Uses<'_>, cx: &Context<'_>) {
    for cluster in cx.architecture.all::<EksCluster>() {
        let (from, needs) = startup::node_needs(cluster);
        for (to, _) in &needs {
            uses.connection(&from, to, &Wanted::tcp(443), false);
        }
        let plane = Side::Endpoint(control_plane_name(&cluster.meta.name));
        for to in [&from, &plane] {
            uses.connection(&from, to, &Wanted::of(&Traffic::All), false);
        }
        uses.connection(&plane, &from, &Wanted::of(&Traffic::All), false);
    }
}

/// What load balancers listen for, from wherever it comes, and what they send on.
fn load_balancers<'a>(scope: &Scope<'a>, uses: &mut Uses<'a>) {
    let endpoint = |name: &str| Side::Endpoint(name.to_string());
    let tcp = |port: &Value<Port>| Wanted::of(&Traffic::tcp(port.clone()));
    for forward in &scope.model.forwards {
        let from = endpoint(&forward.load_balancer);
        uses.connection(&from, &endpoint(&forward.target), &tcp(&forward.target_port), false);
    }
    for (_, _, listener) in scope.graph.all::<Listener>() {
        let Some(balancer) = scope.graph.get(&listener.load_balancer) else { continue };
        let wanted = tcp(&Value::Literal(Port(listener.port)));
        for group in &balancer.groups {
            let group: &crate::resource::Ref<SecurityGroup> = group;
            let Some(index) = scope.model.group(group.id()) else { continue };
            for rule in &scope.model.groups[index].rules {
                if rule.direction == Direction::Ingress
                    && !rule.traffic.possible.intersect(&wanted.set).is_empty()
                {
                    uses.used.insert(&rule.id);
                }
            }
        }
    }
}
