//! Security groups of a network, and the network policies of pods, with their rules found by what they are
//! about. Both only admit, and both know their connections: a policy is a second layer of groups, and every
//! layer on an interface must admit.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::traffic::Admitted;
use crate::loc::Loc;
use crate::resource::ResourceId;
use crate::resource::network::Direction;
use crate::value::Value;

/// What a group is. Every layer that an interface has must admit a connection; within a layer one rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// A security group.
    SecurityGroup,
    /// The pods that a Kubernetes network policy is about.
    NetworkPolicy,
}

impl Layer {
    /// Every layer.
    pub const ALL: [Layer; 2] = [Layer::SecurityGroup, Layer::NetworkPolicy];
}

/// A security group, or a network policy.
#[derive(Clone, Debug)]
pub struct Group {
    /// What it is.
    pub layer: Layer,
    /// Whether it filters: pods without a policy are a group only for the rules of others.
    pub filters: bool,
    /// Its name in the graph.
    pub id: ResourceId,
    /// The declaration's name.
    pub name: String,
    /// Whether the author wrote its rules.
    pub authored: bool,
    /// Its VPC.
    pub vpc: Option<usize>,
    /// Whether it keeps the rule that allows every connection out.
    pub default_egress: Value<bool>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// The directions in which it may have rules that are not known.
    pub unknown_rules: BTreeSet<Direction>,
    /// The positions of the rules about each group.
    pub(super) about_groups: BTreeMap<usize, Vec<usize>>,
    /// The positions of the rules about addresses, and about groups that are not in the graph.
    pub(super) about_others: Vec<usize>,
}

impl Group {
    /// Adds a rule.
    pub(super) fn add(&mut self, rule: Rule) {
        let position = self.rules.len();
        match &rule.peer {
            Match::Group(Some(group)) => {
                self.about_groups.entry(*group).or_default().push(position);
            }
            Match::Group(None) | Match::Block(_) | Match::Public => {
                self.about_others.push(position);
            }
        }
        self.rules.push(rule);
    }

    /// Takes out the rules with this name in the graph.
    pub(super) fn remove(&mut self, id: &ResourceId) {
        let left: Vec<Rule> =
            std::mem::take(&mut self.rules).into_iter().filter(|it| it.id != *id).collect();
        self.about_groups.clear();
        self.about_others.clear();
        for rule in left {
            self.add(rule);
        }
    }

    /// The rules about addresses, and about groups that are not in the graph.
    pub(super) fn rules_about_others(&self) -> impl Iterator<Item = &Rule> {
        self.about_others.iter().map(|it| &self.rules[*it])
    }

    /// The rules about a group.
    pub(super) fn rules_about(&self, group: usize) -> impl Iterator<Item = &Rule> {
        self.about_groups.get(&group).into_iter().flatten().map(|it| &self.rules[*it])
    }
}

/// A rule of a security group.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name in the graph.
    pub id: ResourceId,
    /// Its direction.
    pub direction: Direction,
    /// The other side.
    pub peer: Match,
    /// What it allows.
    pub traffic: Admitted,
    /// Where the author wrote what it comes from.
    pub loc: Loc,
}

/// Who a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// Addresses.
    Block(Value<IpNet>),
    /// Private addresses of interfaces with this group; none if it is not in the graph.
    Group(Option<usize>),
    /// Every public IPv4 address.
    Public,
}

/// The groups at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Groups {
    /// None are looked at: outside the graph, or what filters nothing.
    NotAsked,
    /// These.
    Known(Vec<usize>),
    /// Not known here.
    Unknown,
}

impl Groups {
    /// Whether a group is certainly among them.
    pub fn has(&self, group: usize) -> bool {
        matches!(self, Groups::Known(it) if it.contains(&group))
    }
}
