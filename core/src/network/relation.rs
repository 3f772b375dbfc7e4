//! Everything that gets through between all endpoints, as classes: what is treated alike is judged once.
//!
//! Groups only admit, so a connection is open because a rule of each side admits it. Rules about addresses
//! are few in kind: endpoints with the same such rules in the same place form one class, and classes are
//! judged in pairs. Rules about a group concern its members: only those pairs are judged. What no rule
//! admits is never looked at, so time and memory grow with rules, not with pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::model::{Forward, Group, Groups, Match, Model, PeeredSide};
use super::span::Family;
use super::traffic::Admitted;
use crate::resource::network::Direction;

mod lanes;
mod stands;
mod through;
mod update;

#[cfg(test)]
pub(crate) mod tests;

use lanes::Lanes;
pub(super) use lanes::via;
use stands::Stands;

pub use update::{RuleChange, Touched};

/// The name of the internet among endpoints.
pub const INTERNET: &str = "internet";

/// Groups that belong to more distinct sets of groups than this are treated like addresses: rules about
/// them are compared class by class, so that no rule is spread over the pairs of its members.
const SMALL: usize = 64;

/// Everything that gets through.
#[derive(Clone, Debug, Default)]
pub struct Relation {
    /// The endpoints by number: those of the model, then the internet, then external peered VPCs.
    names: Vec<String>,
    stands: Stands,
    lanes: Lanes,
    /// What rules about addresses admit, by classes.
    wide: BTreeMap<(usize, usize), Reached>,
    /// What rules about groups admit, by sets of groups; the second is the target.
    close: BTreeMap<(usize, usize), Vec<CloseRow>>,
    /// The groups that have, or had, a rule about each group.
    named_by: Vec<BTreeSet<usize>>,
    /// What load balancers send on.
    forwards: Vec<Forward>,
}

/// What gets through between two classes, by the ways that it takes.
type Reached = BTreeMap<Via, Admitted>;

/// What a connection passes.
pub type Via = Arc<BTreeSet<String>>;

/// What gets through between stands of two sets of groups.
#[derive(Clone, Debug)]
struct CloseRow {
    from: usize,
    to: usize,
    reached: Reached,
}

/// Traffic from each of some endpoints to each of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The endpoints that connect, by number.
    pub from: Arc<[u32]>,
    /// The endpoints that are connected to, by number.
    pub to: Arc<[u32]>,
    /// The family.
    pub family: Family,
    /// What gets through.
    pub admitted: Admitted,
    /// What it passes: gateways of a direct connection, or the load balancers of a chain.
    pub via: Via,
    /// Whether it is a chain of connections through load balancers.
    pub chain: bool,
}

impl Relation {
    /// The relation of a network.
    pub fn new(model: &Model) -> Relation {
        let mut names: Vec<String> = model.endpoints.iter().map(|it| it.name.clone()).collect();
        names.push(INTERNET.to_string());
        for peering in &model.peerings {
            if matches!(peering.accepter, PeeredSide::External(_)) {
                names.push(peering.name.clone());
            }
        }
        let mut relation = Relation {
            names,
            stands: Stands::new(model),
            forwards: through::forwards(model),
            ..Relation::default()
        };
        relation.judge_wide(model);
        relation.judge_close(model);
        relation
    }

    /// The endpoints by number.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The rows of direct connections: what is in none of them does not get through. A pair may be in
    /// several; what gets through is then what is in either.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        let members: Vec<Arc<[u32]>> =
            (0..self.stands.wide.len()).map(|it| self.stands.wide_members(it).into()).collect();
        let wide = self.wide.iter().flat_map(move |((from, to), reached)| {
            let family = self.stands.wide[*to].key.family;
            rows_of(members[*from].clone(), members[*to].clone(), family, reached)
        });
        let close = self.close.values().flatten().flat_map(|it| {
            let (from, to) = (&self.stands.all[it.from], &self.stands.all[it.to]);
            let (one, other) = (from.members.as_slice().into(), to.members.as_slice().into());
            rows_of(one, other, to.place.family, &it.reached)
        });
        wide.chain(close)
    }

    /// The rows of chains through load balancers. Their traffic is what arrives at the target; neither
    /// the target nor a load balancer on the way is meant where it is among those that connect.
    pub fn chains(&self) -> Vec<Row> {
        through::rows(self)
    }

    /// Judges every pair of classes by their rules about addresses.
    fn judge_wide(&mut self, model: &Model) {
        for from in 0..self.stands.wide.len() {
            for to in 0..self.stands.wide.len() {
                self.judge_wide_pair(model, from, to);
            }
        }
    }

    fn judge_wide_pair(&mut self, model: &Model, from: usize, to: usize) {
        let (a, b) = (&self.stands.wide[from], &self.stands.wide[to]);
        let possible = !a.is_empty() && !b.is_empty() && a.key.family == b.key.family;
        let reached = if possible && a.opens && b.admits {
            let (a, b) = (&self.stands.all[a.stands[0]], &self.stands.all[b.stands[0]]);
            self.lanes.reached(model, &self.stands, a, b, false)
        } else {
            None
        };
        match reached {
            Some(it) => self.wide.insert((from, to), it),
            None => self.wide.remove(&(from, to)),
        };
    }

    /// Judges every pair of sets of groups that a rule about a group joins.
    fn judge_close(&mut self, model: &Model) {
        let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
        self.named_by = vec![BTreeSet::new(); model.groups.len()];
        for (owner, group) in model.groups.iter().enumerate() {
            for peer in group.about_groups.keys() {
                self.named_by[*peer].insert(owner);
            }
            self.pairs_of_rules(model, owner, &mut pairs);
        }
        let all: Vec<usize> = (0..self.stands.sets.len()).collect();
        self.pairs_of_unknown(&all, &mut pairs);
        for (from, to) in pairs {
            self.judge_close_pair(model, from, to);
        }
    }

    /// The pairs of sets that the rules of a group join.
    fn pairs_of_rules(&self, model: &Model, owner: usize, pairs: &mut BTreeSet<(usize, usize)>) {
        let group = &model.groups[owner];
        for (peer, rules) in &group.about_groups {
            if self.stands.is_big(*peer) {
                continue;
            }
            let directions: BTreeSet<Direction> =
                rules.iter().map(|it| group.rules[*it].direction).collect();
            for direction in directions {
                self.pairs_of(owner, *peer, direction, pairs);
            }
        }
    }

    /// The pairs of sets that a rule of one group about another joins.
    fn pairs_of(
        &self,
        owner: usize,
        peer: usize,
        direction: Direction,
        pairs: &mut BTreeSet<(usize, usize)>,
    ) {
        for own in self.stands.sets_with(owner) {
            for other in self.stands.sets_with(peer) {
                pairs.insert(match direction {
                    Direction::Egress => (*own, *other),
                    Direction::Ingress => (*other, *own),
                });
            }
        }
    }

    /// Interfaces whose groups are not known may have any group that a rule is about.
    fn pairs_of_unknown(&self, sets: &[usize], pairs: &mut BTreeSet<(usize, usize)>) {
        for (unknown, groups) in self.stands.sets.iter().enumerate() {
            let somewhere = |it: &usize| {
                self.stands.all[*it].place.position == super::side::Where::UnknownSubnet
            };
            if groups == &Groups::Unknown
                || groups == &Groups::NotAsked && self.stands.by_set[unknown].iter().any(somewhere)
            {
                for other in sets {
                    pairs.insert((unknown, *other));
                    pairs.insert((*other, unknown));
                }
            }
        }
    }

    fn judge_close_pair(&mut self, model: &Model, from: usize, to: usize) {
        let mut rows: Vec<CloseRow> = Vec::new();
        for a in &self.stands.by_set[from] {
            for b in &self.stands.by_set[to] {
                let (one, other) = (&self.stands.all[*a], &self.stands.all[*b]);
                if one.place.family != other.place.family {
                    continue;
                }
                let Some(reached) = self.lanes.reached(model, &self.stands, one, other, true)
                else {
                    continue;
                };
                // The same members in other subnets add to what is known already.
                let same = rows.iter_mut().find(|it| {
                    let (known, known_to) = (&self.stands.all[it.from], &self.stands.all[it.to]);
                    known.place.family == one.place.family
                        && known.members == one.members
                        && known_to.members == other.members
                });
                match same {
                    Some(it) => {
                        for (via, admitted) in reached {
                            let known = it.reached.entry(via).or_default();
                            *known = known.union(&admitted);
                        }
                    }
                    None => rows.push(CloseRow { from: *a, to: *b, reached }),
                }
            }
        }
        if rows.is_empty() {
            self.close.remove(&(from, to));
        } else {
            self.close.insert((from, to), rows);
        }
    }
}

/// A row for each way.
fn rows_of(
    from: Arc<[u32]>,
    to: Arc<[u32]>,
    family: Family,
    reached: &Reached,
) -> impl Iterator<Item = Row> + '_ {
    reached.iter().map(move |(via, admitted)| Row {
        from: from.clone(),
        to: to.clone(),
        family,
        admitted: admitted.clone(),
        via: via.clone(),
        chain: false,
    })
}

/// The rules of a group about addresses, and about groups that are treated like addresses.
fn wide_rules<'a>(
    group: &'a Group,
    is_big: impl Fn(usize) -> bool + 'a,
) -> impl Iterator<Item = &'a super::model::Rule> + 'a {
    group.rules.iter().filter(move |it| match it.peer {
        Match::Block(_) | Match::Group(None) | Match::Public => true,
        Match::Group(Some(it)) => is_big(it),
    })
}
