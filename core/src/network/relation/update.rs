//! Keeping a relation true when a rule of a security group changes.

use std::collections::BTreeSet;

use super::Relation;
use crate::network::build::rules_of;
use crate::network::model::{Groups, Match, Model, Rule};
use crate::resource::network::{Direction, SecurityGroupRule};
use crate::resource::{Resource, ResourceGraph, ResourceId};

/// A change of one rule.
#[derive(Clone, Copy, Debug)]
pub enum RuleChange<'a> {
    /// The rule is added.
    Add(&'a Resource, &'a SecurityGroupRule),
    /// A rule is taken out.
    Remove {
        /// The group's name in the graph.
        group: &'a ResourceId,
        /// The rule's name in the graph.
        rule: &'a ResourceId,
    },
}

/// How much was judged anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Pairs of classes by rules about addresses.
    pub classes: usize,
    /// Pairs of sets of groups by rules about groups.
    pub sets: usize,
}

impl Relation {
    /// Makes a change in the model and keeps the relation true. Only what has the rule's group is judged
    /// anew. Rules of groups that the model does not know change nothing.
    ///
    /// ```
    /// use archgen_core::network::{Model, Relation};
    /// use archgen_core::network::relation::RuleChange;
    /// use archgen_core::resource::{ResourceGraph, ResourceId};
    ///
    /// let graph = ResourceGraph::default();
    /// let mut model = Model::new(&graph);
    /// let mut relation = Relation::new(&model);
    /// let group = ResourceId::new(&["api", "security_group"]);
    /// let rule = ResourceId::new(&["api", "ingress", "edge", "tcp_8080"]);
    /// let change = RuleChange::Remove { group: &group, rule: &rule };
    /// let touched = relation.update(&mut model, &graph, change);
    /// assert_eq!((touched.classes, touched.sets), (0, 0));
    /// ```
    pub fn update(
        &mut self,
        model: &mut Model,
        graph: &ResourceGraph,
        change: RuleChange<'_>,
    ) -> Touched {
        let Some((group, peers)) = apply(model, graph, change) else {
            return Touched::default();
        };
        let sets: Vec<usize> = self.stands.sets_with(group).to_vec();
        let mut touched = Touched::default();
        let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut about_addresses = false;
        for (peer, direction) in peers {
            match peer {
                Match::Group(Some(peer)) if !self.stands.is_big(peer) => {
                    self.named_by[peer].insert(group);
                    self.pairs_of(group, peer, direction, &mut pairs);
                    // Interfaces whose groups are not known may have it.
                    self.pairs_of_unknown(&sets, &mut pairs);
                }
                Match::Group(_) | Match::Block(_) | Match::Public => about_addresses = true,
            }
        }
        if about_addresses {
            touched.classes = self.move_classes(model, &sets);
            for set in &sets {
                self.pairs_of_set(model, *set, &mut pairs);
            }
            self.pairs_of_unknown(&sets, &mut pairs);
        }
        touched.sets = pairs.len();
        for (from, to) in pairs {
            self.judge_close_pair(model, from, to);
        }
        touched
    }

    /// Puts sets into the classes of their rules about addresses as they are now, and judges what changed.
    fn move_classes(&mut self, model: &Model, sets: &[usize]) -> usize {
        let mut changed: BTreeSet<usize> = BTreeSet::new();
        for set in sets {
            changed.extend(self.stands.leave_classes(*set));
            changed.extend(self.stands.class_of_set(model, *set));
        }
        let mut judged = 0;
        for class in &changed {
            for other in 0..self.stands.wide.len() {
                judged += 1;
                self.judge_wide_pair(model, *class, other);
                if !changed.contains(&other) {
                    self.judge_wide_pair(model, other, *class);
                }
            }
        }
        judged
    }

    /// The pairs that a rule about a group joins with a set: rules of its groups, and rules about them.
    fn pairs_of_set(&self, model: &Model, set: usize, pairs: &mut BTreeSet<(usize, usize)>) {
        let Groups::Known(groups) = &self.stands.sets[set] else {
            return;
        };
        let mut joined: BTreeSet<(usize, usize)> = BTreeSet::new();
        for group in groups {
            self.pairs_of_rules(model, *group, &mut joined);
            for owner in &self.named_by[*group] {
                for direction in [Direction::Ingress, Direction::Egress] {
                    self.pairs_of(*owner, *group, direction, &mut joined);
                }
            }
        }
        pairs.extend(joined.into_iter().filter(|(from, to)| *from == set || *to == set));
    }
}

/// Makes the change; gives the group, and what the rule is about.
fn apply(
    model: &mut Model,
    graph: &ResourceGraph,
    change: RuleChange<'_>,
) -> Option<(usize, Vec<(Match, Direction)>)> {
    let about = |it: &Rule| (it.peer.clone(), it.direction);
    match change {
        RuleChange::Add(resource, rule) => {
            let group = model.group(rule.group.id())?;
            let rules = rules_of(model, graph, resource, rule);
            let peers = rules.iter().map(about).collect();
            for rule in rules {
                model.groups[group].add(rule);
            }
            Some((group, peers))
        }
        RuleChange::Remove { group, rule } => {
            let group = model.group(group)?;
            let rules = &model.groups[group].rules;
            let peers = rules.iter().filter(|it| it.id == *rule).map(about).collect();
            model.groups[group].remove(rule);
            Some((group, peers))
        }
    }
}
