//! The network policies of pods, as a second layer of groups.

use super::build::{Builder, net};
use super::model::{Group, Layer, Match, Rule};
use super::traffic::Admitted;
use crate::resource::kubernetes::PolicyPeer;
use crate::value::Value;

impl Builder<'_> {
    pub(super) fn policies(&mut self) {
        for (resource, policy) in self.graph.network_policies() {
            self.model.group_index.insert(resource.id.clone(), self.model.groups.len());
            self.model.groups.push(Group {
                layer: Layer::NetworkPolicy,
                filters: policy.isolates,
                id: resource.id.clone(),
                name: resource.declaration.clone(),
                authored: false,
                vpc: None,
                default_egress: Value::Literal(false),
                rules: Vec::new(),
                unknown_rules: Default::default(),
                about_groups: Default::default(),
                about_others: Default::default(),
            });
        }
        for (resource, rule) in self.graph.network_policy_rules() {
            let Some(policy) = self.model.group(rule.policy.id()) else { continue };
            for peer in self.matches(&rule.peer) {
                self.model.groups[policy].add(Rule {
                    id: resource.id.clone(),
                    direction: rule.direction,
                    peer,
                    traffic: Admitted::of(&rule.traffic),
                    loc: resource.loc,
                });
            }
        }
    }

    /// Who a rule of a policy is about.
    fn matches(&self, peer: &PolicyPeer) -> Vec<Match> {
        match peer {
            PolicyPeer::Network { blocks, .. } => {
                blocks.iter().map(|it| Match::Block(net(it))).collect()
            }
            PolicyPeer::Internet => vec![Match::Public],
            PolicyPeer::Pods(it) => vec![Match::Group(self.model.group(it.id()))],
        }
    }
}
