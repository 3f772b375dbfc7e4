//! Security groups and their rules, each a resource of its own: rules in a group are changed as a whole,
//! and drop what others add.

use archgen_core::resource::network::{
    Direction, RulePeer, SecurityGroup, SecurityGroupRule, VpcIpv6Block,
};
use archgen_core::resource::{Ref, Resource, ResourceId};
use archgen_core::value::Value;

use super::address::Address;
use super::expr::Object;
use super::module::{Block, Lifecycle, Module};
use super::network::{cidr, range};
use super::writer::Writer;
use crate::ec2::{Ports, Spelled, description, is_implied, spelled};

#[cfg(test)]
mod tests;

/// The type of an egress rule.
const EGRESS_RULE: &str = "aws_vpc_security_group_egress_rule";

impl Writer<'_> {
    pub(super) fn security_group(&self, resource: &Resource, it: &SecurityGroup, out: &mut Module) {
        let name = self.optional_text(it.group_name.as_ref());
        // As CloudFormation makes a name up: what it is, and something that no other has. `sg-` is AWS's.
        let prefix: String = self.physical_name(resource).chars().take(200).collect();
        let prefix = (name.is_none() && !prefix.to_lowercase().starts_with("sg-"))
            .then(|| format!("{prefix}-"));
        // A group cannot go while an interface has it, and a new description makes it a new group: its
        // successor must be there first. With a name of the author's own there cannot be two.
        let lifecycle = Lifecycle { create_before_destroy: name.is_none(), ..Lifecycle::default() };
        let body = Object::new()
            .with("description", description(&it.description))
            .maybe("name", name)
            .maybe("name_prefix", prefix)
            .with("tags", self.tags(resource))
            .with("vpc_id", self.id(&it.vpc));
        out.add(Block { lifecycle, ..self.block(resource, body) });
        for (address, (argument, block)) in self.default_egress(resource) {
            let body = Object::new()
                .with(argument, block)
                .with("description", "every connection out, as AWS starts a group")
                .with("ip_protocol", "-1")
                .with(
                    "security_group_id",
                    self.id(&Ref::<SecurityGroup>::new(resource.id.clone())),
                );
            out.add(Block { address, ..self.part(resource, EGRESS_RULE, body) });
        }
    }

    pub(super) fn security_group_rule(
        &self,
        resource: &Resource,
        it: &SecurityGroupRule,
        out: &mut Module,
    ) {
        if is_implied(it, self.graph) {
            return;
        }
        let (argument, peer) = match &it.peer {
            RulePeer::Cidr(block) => cidr("cidr_ipv4", "cidr_ipv6", block),
            RulePeer::PrefixList(it) => ("prefix_list_id", self.id(it)),
            RulePeer::Group(it) => ("referenced_security_group_id", self.id(it)),
        };
        let Spelled { name, ports, .. } = spelled(&it.traffic);
        let ends = match ports {
            Ports::None => Object::new(),
            Ports::Range(it) => range("from_port", "to_port", it),
            Ports::Icmp(kind, code) => Object::new().with("from_port", kind).with("to_port", code),
        };
        let body = Object::new()
            .with(argument, peer)
            .with("description", description(&it.description))
            .with("ip_protocol", name.as_ref())
            .with("security_group_id", self.id(&it.group));
        out.add(self.block(resource, body.and(ends)));
    }

    /// The rules that AWS starts a group with and Terraform removes, if the group keeps them: every
    /// connection out, over IPv6 too where the VPC has it.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>
    fn default_egress(&self, group: &Resource) -> Vec<(Address, (&'static str, &'static str))> {
        let Some(it) = self.graph.get(&Ref::<SecurityGroup>::new(group.id.clone())) else {
            return Vec::new();
        };
        if it.default_egress != Value::Literal(true) {
            return Vec::new();
        }
        let address = |suffix: &str| {
            let it = Address::of(group, EGRESS_RULE);
            Address { name: format!("{}_{suffix}", it.name), ..it }
        };
        let mut all = vec![(address("default_egress"), ("cidr_ipv4", "0.0.0.0/0"))];
        if self.graph.all::<VpcIpv6Block>().any(|(_, _, block)| block.vpc == it.vpc) {
            all.push((address("default_egress_ipv6"), ("cidr_ipv6", "::/0")));
        }
        all
    }

    /// The addresses of the rules that a group comes with.
    pub(super) fn default_egress_addresses(&self, group: &ResourceId) -> Vec<Address> {
        self.default_egress(self.resource(group)).into_iter().map(|it| it.0).collect()
    }
}

/// The type of a rule.
pub(super) const fn rule_type(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "aws_vpc_security_group_ingress_rule",
        Direction::Egress => EGRESS_RULE,
    }
}
