//! What security groups and network ACLs let through.

use std::collections::BTreeSet;

use super::address::Address;
use super::flow::Ends;
use super::hop::{Component, Hop, Way};
use super::model::{Group, Groups, Holds, Layer, Match, Model, Rule, SubnetAcl, Target};
use super::side::{Place, Where};
use super::span::{self, Family, Span};
use super::traffic::{Admitted, TrafficSet};
use crate::resource::network::Direction;
use crate::value::Value;

impl Model {
    /// What the groups of the side that connects let through, and the policy of its pods.
    pub(super) fn egress(&self, ends: &Ends<'_>, peered: Holds, hops: &mut Vec<Hop>) {
        let layers = [
            (Layer::NetworkPolicy, Component::PolicyEgress),
            (Layer::SecurityGroup, Component::Egress),
        ];
        for (layer, component) in layers {
            if self.is_filtered(ends.from, layer) {
                let admitted = self.admitted_by_groups(ends, Direction::Egress, layer, peered);
                hops.push(Hop { component, way: Way::There, admitted });
            }
        }
    }

    /// What the groups of the side that is connected to let through, and the policy of its pods.
    pub(super) fn ingress(&self, ends: &Ends<'_>, peered: Holds, hops: &mut Vec<Hop>) {
        let layers = [
            (Layer::SecurityGroup, Component::Ingress),
            (Layer::NetworkPolicy, Component::PolicyIngress),
        ];
        for (layer, component) in layers {
            if self.is_filtered(ends.to, layer) {
                let admitted = self.admitted_by_groups(ends, Direction::Ingress, layer, peered);
                hops.push(Hop { component, way: Way::There, admitted });
            }
        }
    }

    /// Whether a layer filters at a place. Security groups always do: a place without them says so.
    fn is_filtered(&self, place: &Place, layer: Layer) -> bool {
        match layer {
            Layer::SecurityGroup => true,
            Layer::NetworkPolicy => self.layer_at(place, layer).iter().any(|it| it.filters),
        }
    }

    /// What one layer of the groups of one side lets through: the union of all rules of all of them.
    fn admitted_by_groups(
        &self,
        ends: &Ends<'_>,
        direction: Direction,
        layer: Layer,
        peered: Holds,
    ) -> Admitted {
        let (own, other, address) = match direction {
            Direction::Egress => (ends.from, ends.to, &ends.destination),
            Direction::Ingress => (ends.to, ends.from, &ends.source),
        };
        match &own.groups {
            Groups::NotAsked => Admitted::all(),
            Groups::Unknown => Admitted::unknown(),
            Groups::Known(groups) => {
                let mut all = Admitted::none();
                for group in groups.iter().map(|it| &self.groups[*it]) {
                    if group.layer != layer {
                        continue;
                    }
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
            Match::Public => address.is_public(),
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
                    match &rule.peer {
                        Match::Block(it) => blocks.extend(it.literal().map(|it| Span::of(*it))),
                        Match::Public => blocks.extend(span::internet(Family::Ipv4)),
                        Match::Group(_) => {}
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

    /// The groups of a layer at a place.
    pub(super) fn layer_at(&self, place: &Place, layer: Layer) -> Vec<&Group> {
        self.all_groups_at(place).into_iter().filter(|it| it.layer == layer).collect()
    }

    /// The security groups at a place.
    pub(super) fn groups_at(&self, place: &Place) -> Vec<&Group> {
        self.layer_at(place, Layer::SecurityGroup)
    }

    /// The groups at a place, of every layer.
    fn all_groups_at(&self, place: &Place) -> Vec<&Group> {
        match &place.groups {
            Groups::Known(it) => it.iter().map(|it| &self.groups[*it]).collect(),
            Groups::NotAsked | Groups::Unknown => Vec::new(),
        }
    }
}
