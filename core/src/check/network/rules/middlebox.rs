//! Rules that name a group whose traffic an appliance forwards: they do not hold for it.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing>

use std::collections::BTreeMap;

use super::{Found, Why, has_appliances, subnets_by_group};
use crate::check::network::Scope;
use crate::network::Family;
use crate::network::address::Address;
use crate::network::flow::{Component, Ends, RouteOutcome, Way};
use crate::network::model::{Groups, Holds, LINUX_PORTS, Match};
use crate::network::side::{Place, Where};
use crate::network::span::Span;
use crate::resource::network::Direction;

/// Pairs of subnets that are looked at for one rule.
const MOST_PAIRS: usize = 100;

/// Finds the ingress rules whose every peer comes through an appliance.
pub(super) fn find<'a>(scope: &Scope<'a>, found: &mut Found<'a>) {
    if !has_appliances(scope) || scope.open || scope.unknown_groups() {
        return;
    }
    let subnets = subnets_by_group(scope);
    let mut known: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for (own, group) in scope.model.groups.iter().enumerate() {
        let Some(here) = &subnets[own] else { continue };
        for rule in group.rules.iter().filter(|it| it.direction == Direction::Ingress) {
            let Match::Group(Some(peer)) = rule.peer else { continue };
            let Some(there) = &subnets[peer] else { continue };
            if here.is_empty() || there.is_empty() || here.len() * there.len() > MOST_PAIRS {
                continue;
            }
            let all = there.iter().all(|from| {
                here.iter().all(|to| {
                    *known.entry((*from, *to)).or_insert_with(|| by_appliance(scope, *from, *to))
                })
            });
            if all {
                let name = scope.model.groups[peer].name.clone();
                found.insert(&rule.id, Why::Middlebox(name));
            }
        }
    }
}

/// Whether an appliance certainly stands between two subnets.
fn by_appliance(scope: &Scope<'_>, from: usize, to: usize) -> bool {
    if from == to {
        return false;
    }
    let (Some(source), Some(destination)) = (place(scope, from), place(scope, to)) else {
        return false;
    };
    let ends = Ends {
        source: Address::Within(source.spans[0]),
        destination: Address::Within(destination.spans[0]),
        from: &source,
        to: &destination,
    };
    scope.model.hops(&ends).iter().any(|it| {
        it.way == Way::There
            && matches!(&it.component, Component::Route { outcome: RouteOutcome::Appliance(_), .. })
    })
}

/// The IPv4 addresses of a subnet, if they are known.
fn place(scope: &Scope<'_>, subnet: usize) -> Option<Place> {
    let block = scope.model.subnets[subnet].block.literal()?;
    Some(Place {
        name: scope.model.subnets[subnet].name.clone(),
        position: Where::Subnet(subnet),
        family: Family::Ipv4,
        spans: vec![Span::of_v4(*block)],
        groups: Groups::NotAsked,
        public: Holds::No,
        client_ports: LINUX_PORTS,
    })
}
