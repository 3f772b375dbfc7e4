//! What security groups and network ACLs let through.

use std::collections::BTreeSet;

use super::address::Address;
use super::flow::Ends;
use super::hop::{Component, Hop, Way};
use super::model::{Group, Groups, Holds, Match, Model, Rule, SubnetAcl, Target};
use super::side::{Place, Where};
use super::span::Span;
use super::traffic::{Admitted, TrafficSet};
use crate::resource::network::Direction;
use crate::value::Value;

impl Model {
    /// What the groups of the side that connects let through.
    pub(super) fn egress(&self, ends: &Ends<'_>, peered: Holds) -> Hop {
        Hop {
            component: Component::Egress,
            way: Way::There,
            admitted: self.admitted_by_groups(ends, Direction::Egress, peered),
        }
    }

    /// What the groups of the side that is connected to let through.
    pub(super) fn ingress(&self, ends: &Ends<'_>, peered: Holds) -> Hop {
        Hop {
            component: Component::Ingress,
            way: Way::There,
            admitted: self.admitted_by_groups(ends, Direction::Ingress, peered),
        }
    }

    /// What the groups of one side let through: the union of all rules of all of them.
    fn admitted_by_groups(&self, ends: &Ends<'_>, direction: Direction, peered: Holds) -> Admitted {
        let (own, other, address) = match direction {
            Direction::Egress => (ends.from, ends.to, &ends.destination),
            Direction::Ingress => (ends.to, ends.from, &ends.source),
        };
        match &own.groups {
            Groups::NotAsked => Admitted::all(),
            Groups::Unknown => Admitted::unknown(),
            Groups::Known(groups) => {
                let mut all = Admitted::none();
                for group in groups {
                    let group = &self.groups[*group];
                    if direction == Direction::Egress {
                        match group.default_egress {
                            Value::Literal(true) => return Admitted::all(),
                            Value::Literal(false) => {}
                            Value::Parameter(_) | Value::Unknown => {
                                all.possible = TrafficSet::all();
                            }
                        }
                    }
                    if group.unknown_rules.contains(&direction) {
                        all.possible = TrafficSet::all();
                    }
                    let mut take = |rule: &Rule| {
                        if rule.direction != direction {
                            return;
                        }
                        match self.rule_matches(rule, other, address, peered) {
                            Holds::Yes => all = all.union(&rule.traffic),
                            Holds::Maybe => {
                                all.possible = all.possible.union(&rule.traffic.possible);
                            }
                            Holds::No => {}
                        }
                    };
                    match &other.groups {
                        // Rules about other groups than these match nothing.
                        Groups::Known(others) => {
                            group.rules_about_others().for_each(&mut take);
                            for other in others {
                                group.rules_about(*other).for_each(&mut take);
                            }
                        }
                        Groups::NotAsked | Groups::Unknown => group.rules.iter().for_each(take),
                    }
                }
                all
            }
        }
    }

    /// Whether a rule is about the other side. A reference to a group means the private addresses of
    /// the interfaces that have it: it says nothing about what comes through NAT or from outside.
    pub(super) fn rule_matches(
        &self,
        rule: &Rule,
        other: &Place,
        address: &Address,
        peered: Holds,
    ) -> Holds {
        match &rule.peer {
            Match::Block(it) => self.within(address, it),
            Match::Group(group) => peered.min(match (&other.groups, group) {
                (Groups::Known(_), None) | (Groups::Unknown, _) => Holds::Maybe,
                (Groups::Known(groups), Some(group)) if groups.contains(group) => Holds::Yes,
                (Groups::NotAsked, _) if other.position == Where::UnknownSubnet => Holds::Maybe,
                (Groups::Known(_), Some(_)) | (Groups::NotAsked, _) => Holds::No,
            }),
        }
    }

    /// What the network ACL of a subnet lets through.
    pub(super) fn acl(
        &self,
        subnet: usize,
        direction: Direction,
        remote: Address,
        way: Way,
    ) -> Hop {
        let acl = self.subnets[subnet].acl;
        let admitted = match acl {
            SubnetAcl::Default => Admitted::all(),
            SubnetAcl::Unknown => Admitted::unknown(),
            SubnetAcl::Acl(it) => self.admitted_by_acl(it, direction, &remote),
        };
        Hop { component: Component::Acl { subnet, acl, direction, remote }, way, admitted }
    }

    /// What the entries let through: the first that matches decides. They are walked from the last to
    /// the first, so that each one overrides what later ones say; the last word is "deny".
    fn admitted_by_acl(&self, acl: usize, direction: Direction, remote: &Address) -> Admitted {
        let acl = &self.acls[acl];
        let mut admitted = Admitted::none();
        for entry in acl.entries.iter().rev().filter(|it| it.direction == direction) {
            let held = self.within(remote, &entry.block);
            if held == Holds::No {
                continue;
            }
            let surely = if held == Holds::Yes && entry.number.is_some() {
                entry.traffic.certain.clone()
            } else {
                TrafficSet::none()
            };
            let perhaps = &entry.traffic.possible;
            if entry.allow {
                admitted.certain = admitted.certain.union(&surely);
                admitted.possible = admitted.possible.union(perhaps);
            } else {
                admitted.certain = admitted.certain.subtract(perhaps);
                admitted.possible = admitted.possible.subtract(&surely);
            }
        }
        // Entries without a known number sort first, so what they may change has been applied last.
        if acl.unknown_entries.contains(&direction) { Admitted::unknown() } else { admitted }
    }

    /// Every block that tells addresses apart for these places: the answer is the same for addresses
    /// that lie in the same of them.
    pub(super) fn distinctions(&self, from: &Place, to: &Place) -> Vec<Span> {
        let mut blocks: BTreeSet<Span> = BTreeSet::new();
        let mut subnets: BTreeSet<usize> = BTreeSet::new();
        for place in [from, to] {
            if let Where::Subnet(it) = place.position {
                subnets.insert(it);
            }
            if let Groups::Known(groups) = &place.groups {
                for rule in groups.iter().flat_map(|it| self.groups[*it].rules_about_others()) {
                    if let Match::Block(Value::Literal(it)) = &rule.peer {
                        blocks.insert(Span::of(*it));
                    }
                }
            }
        }
        for subnet in subnets.clone() {
            for route in self.routes_of(subnet) {
                if let Target::Nat(Some(nat)) = &route.target {
                    subnets.extend(self.nats[*nat].subnet);
                }
            }
        }
        for subnet in subnets {
            for route in self.routes_of(subnet) {
                blocks.extend(route.destination.literal().map(|it| Span::of(*it)));
            }
            let vpc = &self.vpcs[self.subnets[subnet].vpc];
            blocks.extend(vpc.all_blocks().filter_map(|it| it.literal().map(|it| Span::of(*it))));
            if let SubnetAcl::Acl(acl) = self.subnets[subnet].acl {
                let entries = &self.acls[acl].entries;
                blocks.extend(
                    entries.iter().filter_map(|it| it.block.literal()).map(|it| Span::of(*it)),
                );
            }
        }
        blocks.into_iter().collect()
    }

    /// The groups at a place.
    pub(super) fn groups_at(&self, place: &Place) -> Vec<&Group> {
        match &place.groups {
            Groups::Known(it) => it.iter().map(|it| &self.groups[*it]).collect(),
            Groups::NotAsked | Groups::Unknown => Vec::new(),
        }
    }
}
