//! What gets through between two stands: what the network between their places carries, and what the
//! rules of their groups admit.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::stands::{LayerRules, Stand, Stands, WidePeer, WideRules};
use super::{Reached, Via};
use crate::network::address::Address;
use crate::network::flow::{Ends, References};
use crate::network::hop::{Component, Hop, RouteOutcome, Way};
use crate::network::model::{Groups, Holds, Layer, Match, Model, Rule};
use crate::network::reach::{Question, admitted};
use crate::network::side::{Place, Where};
use crate::network::span::{Family, Span};
use crate::network::traffic::{Admitted, TrafficSet};
use crate::resource::network::Direction;

/// One way between addresses of two places that nothing but groups tells apart.
#[derive(Clone, Debug)]
struct Lane {
    source: Address,
    destination: Address,
    admitted: Admitted,
    references: References,
    via: Via,
}

/// What decides about the network between two places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct LaneKey {
    from: Where,
    to: Where,
    public: (Holds, Holds),
    client_ports: (u16, u16),
    family: Family,
    /// The rules about addresses of both sides, if they tell some apart.
    rules: Option<(usize, usize)>,
}

/// What has been found out about the network between places.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    known: RefCell<BTreeMap<LaneKey, Vec<Lane>>>,
    /// What rules about addresses admit for an address.
    rules: RefCell<BTreeMap<(usize, Direction, Address), Vec<Admitted>>>,
}

impl Lanes {
    /// What gets through from one stand to another; none if nothing does. Rules about small groups count
    /// only if `close`.
    pub fn reached(
        &self,
        model: &Model,
        stands: &Stands,
        from: &Stand,
        to: &Stand,
        close: bool,
    ) -> Option<Reached> {
        let outside =
            |it: &Stand| !matches!(it.place.position, Where::Subnet(_) | Where::UnknownSubnet);
        if outside(from) && outside(to) {
            return None;
        }
        let key = LaneKey {
            from: from.place.position,
            to: to.place.position,
            public: (from.place.public, to.place.public),
            client_ports: from.place.client_ports,
            family: from.place.family,
            rules: None,
        };
        let (own, other) = (stands.rules_of_set[from.set], stands.rules_of_set[to.set]);
        let (own_rules, other_rules) = (&stands.rules[own], &stands.rules[other]);
        // Rules about some of the addresses tell more of them apart.
        let split = splits(own_rules, &to.place) || splits(other_rules, &from.place);
        let key = LaneKey { rules: split.then_some((own, other)), ..key };
        let mut known = self.known.borrow_mut();
        let lanes = known.entry(key).or_insert_with(|| {
            let blocks: Vec<Span> = if split {
                own_rules.blocks().chain(other_rules.blocks()).collect()
            } else {
                Vec::new()
            };
            lanes(model, &from.place, &to.place, &blocks)
        });
        let (own_big, other_big) = (&own_rules.big_groups, &other_rules.big_groups);
        let (one, two) = (seen_groups(stands, from), seen_groups(stands, to));
        // What rules about groups admit, layer by layer.
        let named = |direction: Direction| {
            close.then(|| {
                let (rules, own, other) = match direction {
                    Direction::Egress => (own_rules, &stands.sets[from.set], two),
                    Direction::Ingress => (other_rules, &stands.sets[to.set], one),
                };
                let of = |it: &LayerRules| about(model, own, other, direction, it.layer);
                rules.layers.iter().map(of).collect::<Vec<Admitted>>()
            })
        };
        let (egress_named, ingress_named) = (named(Direction::Egress), named(Direction::Ingress));
        let mut reached = Reached::new();
        for lane in lanes.iter().filter(|it| !it.admitted.possible.is_empty()) {
            let egress =
                Side { rules: own, direction: Direction::Egress, address: lane.destination };
            let ingress =
                Side { rules: other, direction: Direction::Ingress, address: lane.source };
            let out = self.admits(
                model,
                stands,
                &egress,
                lane.references.egress,
                other_big,
                &egress_named,
            );
            if out.possible.is_empty() {
                continue;
            }
            let into = self.admits(
                model,
                stands,
                &ingress,
                lane.references.ingress,
                own_big,
                &ingress_named,
            );
            let through = lane.admitted.intersect(&out).intersect(&into);
            if through.possible.is_empty() {
                continue;
            }
            let known = reached.entry(lane.via.clone()).or_default();
            *known = known.union(&through);
        }
        (!reached.is_empty()).then_some(reached)
    }

    /// What the rules of one side admit for an address of the other, which every layer must.
    fn admits(
        &self,
        model: &Model,
        stands: &Stands,
        side: &Side,
        references: Holds,
        big_groups: &BTreeSet<usize>,
        named: &Option<Vec<Admitted>>,
    ) -> Admitted {
        let rules = &stands.rules[side.rules];
        if rules.open {
            return Admitted::all();
        }
        let mut known = self.rules.borrow_mut();
        let by_address =
            known.entry((side.rules, side.direction, side.address)).or_insert_with(|| {
                let of = |it: &LayerRules| by_address(model, it, side.direction, &side.address);
                rules.layers.iter().map(of).collect()
            });
        let mut through = Admitted::all();
        for (number, layer) in rules.layers.iter().enumerate() {
            let mut all = by_address[number].clone();
            let mut take = |admitted: &Admitted, holds: Holds| match holds {
                Holds::Yes => all = all.union(admitted),
                Holds::Maybe => all.possible = all.possible.union(&admitted.possible),
                Holds::No => {}
            };
            for (direction, peer, admitted) in &layer.rules {
                if *direction != side.direction {
                    continue;
                }
                match peer {
                    WidePeer::Group(it) if big_groups.contains(it) => take(admitted, references),
                    WidePeer::UnknownGroup => take(admitted, references.min(Holds::Maybe)),
                    WidePeer::Group(_) | WidePeer::Block(_) | WidePeer::Public => {}
                }
            }
            if let Some(named) = named {
                take(&named[number], references);
            }
            through = through.intersect(&all);
        }
        through
    }
}

/// One side of a connection.
struct Side {
    rules: usize,
    direction: Direction,
    address: Address,
}

/// What rules about addresses admit for an address.
fn by_address(
    model: &Model,
    rules: &LayerRules,
    direction: Direction,
    address: &Address,
) -> Admitted {
    let mut all = match direction {
        Direction::Egress => rules.egress.clone(),
        Direction::Ingress => rules.ingress.clone(),
    };
    for (of, peer, admitted) in &rules.rules {
        let held = match peer {
            WidePeer::Block(block) => model.within(address, block),
            WidePeer::Public => address.is_public(),
            WidePeer::Group(_) | WidePeer::UnknownGroup => continue,
        };
        if *of != direction {
            continue;
        }
        match held {
            Holds::Yes => all = all.union(admitted),
            Holds::Maybe => all.possible = all.possible.union(&admitted.possible),
            Holds::No => {}
        }
    }
    all
}

/// Whether a rule is about some of the addresses of a place only.
fn splits(rules: &WideRules, place: &Place) -> bool {
    rules.blocks().any(|block| {
        place.spans.iter().any(|it| block.intersect(it).is_some())
            && !place.spans.iter().all(|it| block.contains(it))
    })
}

/// The groups that the other side's rules see: what stands nobody knows where may have any.
fn seen_groups<'a>(stands: &'a Stands, it: &Stand) -> &'a Groups {
    match &stands.sets[it.set] {
        Groups::NotAsked if it.place.position == Where::UnknownSubnet => &Groups::Unknown,
        groups @ (Groups::NotAsked | Groups::Known(_) | Groups::Unknown) => groups,
    }
}

/// What rules of a layer of a set of groups about groups of another set admit. Where one is not known, any of them
/// may.
fn about(
    model: &Model,
    own: &Groups,
    other: &Groups,
    direction: Direction,
    layer: Layer,
) -> Admitted {
    let mut all = Admitted::none();
    let Groups::Known(own) = own else {
        return all;
    };
    for group in own.iter().map(|it| &model.groups[*it]).filter(|it| it.layer == layer) {
        match other {
            Groups::Known(others) => {
                for it in others {
                    for rule in group.rules_about(*it).filter(|it| it.direction == direction) {
                        all = all.union(&rule.traffic);
                    }
                }
            }
            Groups::Unknown => {
                let named = |it: &&Rule| {
                    it.direction == direction && matches!(it.peer, Match::Group(Some(_)))
                };
                for rule in group.rules.iter().filter(named) {
                    all.possible = all.possible.union(&rule.traffic.possible);
                }
            }
            Groups::NotAsked => {}
        }
    }
    all
}

/// The ways between two places, as far as the network and these blocks tell addresses apart.
fn lanes(model: &Model, from: &Place, to: &Place, blocks: &[Span]) -> Vec<Lane> {
    let unfiltered = |it: &Place| Place { groups: Groups::NotAsked, ..it.clone() };
    let (from, to) = (unfiltered(from), unfiltered(to));
    let mut all = model.distinctions(&from, &to);
    all.extend_from_slice(blocks);
    all.sort_unstable();
    all.dedup();
    let destinations = to.addresses(&all);
    let mut lanes = Vec::new();
    for source in from.addresses(&all) {
        for destination in &destinations {
            let ends = Ends { from: &from, source, to: &to, destination: *destination };
            let hops = model.hops(&ends);
            let mut admitted = admitted(&hops, Question::Open);
            if model.may_be_inside(&from, &source) || model.may_be_inside(&to, destination) {
                admitted.certain = TrafficSet::none();
            }
            // Behind a gateway that translates the source is not known.
            let unplaced =
                to.position == Where::UnknownSubnet && model.may_translate(from.position);
            let translated = unplaced
                || hops.iter().any(|it| {
                    it.way == Way::There
                        && matches!(
                            it.component,
                            Component::Route { outcome: RouteOutcome::Unfollowed(_), .. }
                        )
                });
            lanes.push(Lane {
                source: if translated { Address::UnknownInside(from.family) } else { source },
                destination: *destination,
                admitted,
                references: model.references_between(from.position, to.position, destination),
                via: Arc::new(
                    hops.iter()
                        .filter_map(|it| via(model, it))
                        .chain(
                            (from.position == Where::Internet)
                                .then(|| "internet gateway".to_string()),
                        )
                        .collect(),
                ),
            });
        }
    }
    lanes
}

/// What a hop is called in the list of what a connection passes.
pub(in crate::network) fn via(model: &Model, hop: &Hop) -> Option<String> {
    let Component::Route { outcome, .. } = &hop.component else {
        return None;
    };
    if hop.way != Way::There {
        return None;
    }
    match outcome {
        RouteOutcome::Local => Some("local".to_string()),
        RouteOutcome::InternetGateway => Some("internet gateway".to_string()),
        RouteOutcome::EgressOnly => Some("egress-only internet gateway".to_string()),
        RouteOutcome::Nat(_) => Some("NAT gateway".to_string()),
        RouteOutcome::Peering(it) => Some(format!("peering {}", model.peerings[*it].name)),
        RouteOutcome::TransitGateway(it) => {
            Some(format!("transit gateway {}", model.transits[*it].name))
        }
        RouteOutcome::Appliance(it) => Some(format!("appliance {it}")),
        RouteOutcome::GatewayEndpoint => Some("gateway endpoint".to_string()),
        RouteOutcome::Missing
        | RouteOutcome::Dead(_)
        | RouteOutcome::Unknown(_)
        | RouteOutcome::Unfollowed(_) => None,
    }
}
