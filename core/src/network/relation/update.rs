//! Keeping a relation true when a rule of a security group changes.

use std::collections::BTreeSet;

use super::Relation;
use crate::network::build::rules_of;
use crate::network::model::Model;
use crate::resource::network::SecurityGroupRule;
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
        let Some(group) = apply(model, graph, change) else {
            return Touched::default();
        };
        let sets: Vec<usize> = self.stands.sets_with(group).to_vec();
        let mut touched = Touched::default();
        // Rules about addresses: the sets may belong to other classes now.
        let mut changed: BTreeSet<usize> = BTreeSet::new();
        for set in &sets {
            changed.extend(self.stands.leave_classes(*set));
            changed.extend(self.stands.class_of_set(model, *set));
        }
        for class in &changed {
            for other in 0..self.stands.wide.len() {
                touched.classes += 1;
                self.judge_wide_pair(model, *class, other);
                if !changed.contains(&other) {
                    self.judge_wide_pair(model, other, *class);
                }
            }
        }
        // Rules about groups: what was joined, and what is joined now.
        let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
        for set in &sets {
            pairs.extend(self.close.range((*set, 0)..(*set + 1, 0)).map(|it| *it.0));
            pairs.extend(
                self.close_by_target.range((*set, 0)..(*set + 1, 0)).map(|(to, from)| (*from, *to)),
            );
        }
        self.pairs_of_rules(model, group, &mut pairs);
        touched.sets = pairs.len();
        for (from, to) in pairs {
            self.judge_close_pair(model, from, to);
        }
        touched
    }
}

/// Makes the change; gives the group.
fn apply(model: &mut Model, graph: &ResourceGraph, change: RuleChange<'_>) -> Option<usize> {
    match change {
        RuleChange::Add(resource, rule) => {
            let group = model.group(rule.group.id())?;
            for rule in rules_of(model, graph, resource, rule) {
                model.groups[group].add(rule);
            }
            Some(group)
        }
        RuleChange::Remove { group, rule } => {
            let group = model.group(group)?;
            model.groups[group].remove(rule);
            Some(group)
        }
    }
}
