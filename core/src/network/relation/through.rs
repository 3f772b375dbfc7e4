//! Chains: what reaches a load balancer reaches what it sends requests to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Relation, Row};
use crate::network::chain::LONGEST_CHAIN;
use crate::network::model::{Forward, Holds, Model};
use crate::network::reach::Wanted;
use crate::network::span::Family;
use crate::network::traffic::{Admitted, TrafficSet};
use crate::resource::network::Traffic;

/// The distinct ways in which load balancers send on.
pub(super) fn forwards(model: &Model) -> Vec<Forward> {
    let mut seen = BTreeSet::new();
    let key = |it: &Forward| {
        (
            it.load_balancer.clone(),
            it.listener_port.clone(),
            it.target.clone(),
            it.target_port.clone(),
        )
    };
    model.forwards.iter().filter(|it| seen.insert(key(it))).cloned().collect()
}

/// The rows of all chains. Their traffic is what arrives at the target.
pub(super) fn rows(relation: &Relation) -> Vec<Row> {
    let forwards = &relation.forwards;
    if forwards.is_empty() {
        return Vec::new();
    }
    let numbers: BTreeMap<&str, u32> = relation
        .names
        .iter()
        .enumerate()
        .map(|(number, it)| (it.as_str(), number as u32))
        .collect();
    let balancers: BTreeSet<u32> =
        forwards.iter().filter_map(|it| numbers.get(it.load_balancer.as_str())).copied().collect();
    // What reaches each load balancer, and what each of them reaches over IPv4.
    let mut reaching: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    let mut reached: BTreeMap<(u32, u32), Admitted> = BTreeMap::new();
    for row in relation.rows() {
        for to in row.to.iter().filter(|it| balancers.contains(*it)) {
            reaching.entry(*to).or_default().push(row.clone());
        }
        if row.family != Family::Ipv4 {
            continue;
        }
        for from in row.from.iter().filter(|it| balancers.contains(*it)) {
            for to in row.to.iter() {
                let both = reached.entry((*from, *to)).or_default();
                *both = both.union(&row.admitted);
            }
        }
    }
    let mut all: Vec<Row> = Vec::new();
    for _ in 0..LONGEST_CHAIN {
        let mut next: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
        for forward in forwards {
            let ends =
                (numbers.get(forward.load_balancer.as_str()), numbers.get(forward.target.as_str()));
            let (Some(balancer), Some(target)) = ends else {
                continue;
            };
            let second = reached.get(&(*balancer, *target)).cloned().unwrap_or_default();
            for row in reaching.get(balancer).into_iter().flatten() {
                let Some(row) = chain(forward, row, &second, *balancer, *target) else {
                    continue;
                };
                if balancers.contains(target) {
                    next.entry(*target).or_default().push(row.clone());
                }
                all.push(row);
            }
        }
        if next.is_empty() {
            break;
        }
        reaching = next;
    }
    all
}

/// What reaches a target because it reaches the load balancer.
fn chain(
    forward: &Forward,
    row: &Row,
    second: &Admitted,
    balancer: u32,
    target: u32,
) -> Option<Row> {
    let listener = Wanted::of(&Traffic::tcp(forward.listener_port.clone()));
    let port = Wanted::of(&Traffic::tcp(forward.target_port.clone()));
    let kept = Holds::from(&forward.keeps_client_address);
    let reaches = |set: &TrafficSet| !set.intersect(&listener.set).is_empty();
    if !reaches(&row.admitted.possible) {
        return None;
    }
    let certain =
        reaches(&row.admitted.certain) && listener.exact && port.exact && kept == Holds::No;
    // Where the client's address is kept, rules about the load balancer do not decide.
    let possible =
        if kept == Holds::No { second.possible.intersect(&port.set) } else { port.set.clone() };
    if possible.is_empty() {
        return None;
    }
    // A load balancer's own connections are not sent on by it.
    if row.from.iter().all(|it| *it == balancer || *it == target) {
        return None;
    }
    let mut via: BTreeSet<String> = if row.chain { (*row.via).clone() } else { BTreeSet::new() };
    via.insert(forward.load_balancer.clone());
    Some(Row {
        from: row.from.clone(),
        to: Arc::from([target]),
        family: row.family,
        admitted: Admitted {
            certain: if certain { second.certain.intersect(&port.set) } else { TrafficSet::none() },
            possible,
        },
        via: Arc::new(via),
        chain: true,
    })
}
