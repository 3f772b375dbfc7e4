//! Security groups. A rule about addresses stands in its group; a rule about another group is a
//! resource of its own, so that two groups can name each other.

use archgen_core::resource::network::{
    Direction, RulePeer, SecurityGroup, SecurityGroupRule, Traffic,
};
use archgen_core::resource::{Ref, Resource};
use archgen_core::value::Value;

use super::expr::{Expr, Object};
use super::network::{cidr, range};
use super::writer::Writer;
use crate::ec2::{Ports, Spelled, description, spelled};

impl Writer<'_> {
    pub(super) fn security_group(&self, resource: &Resource, it: &SecurityGroup) -> Object {
        let mut ingress = Vec::new();
        let mut egress = Vec::new();
        for rule in self.rules_of(&resource.id) {
            if matches!(rule.peer, RulePeer::Group(_)) {
                continue;
            }
            match rule.direction {
                Direction::Ingress => ingress.push(inline(rule, self)),
                Direction::Egress => egress.push(inline(rule, self)),
            }
        }
        if it.default_egress == Value::Literal(true) {
            // Without egress in the template AWS adds its own rule: every connection is allowed.
            egress.clear();
        } else if egress.is_empty() {
            egress.push(no_egress());
        }
        Object::new()
            .with("GroupDescription", description(&it.description))
            .maybe("GroupName", self.optional_text(it.group_name.as_ref()))
            .list("SecurityGroupEgress", egress)
            .list("SecurityGroupIngress", ingress)
            .with("Tags", self.tags(resource))
            .with("VpcId", self.id(&it.vpc))
    }

    /// A rule about another group.
    pub(super) fn security_group_rule(&self, it: &SecurityGroupRule) -> Object {
        let RulePeer::Group(peer) = &it.peer else {
            panic!("invariant: a rule about addresses is written in its group")
        };
        let peer_name = match it.direction {
            Direction::Ingress => "SourceSecurityGroupId",
            Direction::Egress => "DestinationSecurityGroupId",
        };
        let group: &Ref<SecurityGroup> = &it.group;
        traffic(Object::new().with("Description", description(&it.description)), &it.traffic)
            .with("GroupId", self.id(group))
            .with(peer_name, self.id(peer))
    }
}

/// A rule about addresses, as it stands in its group.
fn inline(rule: &SecurityGroupRule, writer: &Writer<'_>) -> Expr {
    let (name, block) = match (&rule.peer, rule.direction) {
        (RulePeer::Cidr(block), _) => cidr("CidrIp", "CidrIpv6", block),
        (RulePeer::PrefixList(it), Direction::Ingress) => ("SourcePrefixListId", writer.id(it)),
        (RulePeer::PrefixList(it), Direction::Egress) => ("DestinationPrefixListId", writer.id(it)),
        (RulePeer::Group(_), _) => {
            panic!("invariant: a rule about a group is a resource of its own")
        }
    };
    let all = Object::new().with("Description", description(&rule.description)).with(name, block);
    traffic(all, &rule.traffic).sorted().into()
}

/// The rule that AWS documents for a group that opens no connections: an empty list would read as
/// "no egress given", and AWS would then allow all of it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html>
fn no_egress() -> Expr {
    Object::new()
        .with("CidrIp", "127.0.0.1/32")
        .with(
            "Description",
            "no connections out by address: leads nowhere, replaces the rule that allows all",
        )
        .with("IpProtocol", "-1")
        .into()
}

/// Protocol and ports of a rule.
fn traffic(all: Object, traffic: &Traffic) -> Object {
    let Spelled { name, ports, .. } = spelled(traffic);
    let ends = match ports {
        Ports::None => Object::new(),
        Ports::Range(it) => range("FromPort", "ToPort", it),
        Ports::Icmp(kind, code) => Object::new().with("FromPort", kind).with("ToPort", code),
    };
    let end = |name| ends.get(name).cloned();
    all.maybe("FromPort", end("FromPort"))
        .with("IpProtocol", name.as_ref())
        .maybe("ToPort", end("ToPort"))
}
