//! Security groups. A rule about addresses stands in its group; a rule about another group is a
//! resource of its own, so that two groups can name each other.

use archgen_core::resource::network::{
    Direction, RulePeer, SecurityGroup, SecurityGroupRule, Traffic,
};
use archgen_core::resource::{Ref, Resource};
use archgen_core::value::Value;

use super::expr::{Expr, Object};
use super::network::{cidr, icmp, ports, unknown_traffic};
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn security_group(&self, resource: &Resource, it: &SecurityGroup) -> Object {
        let mut ingress = Vec::new();
        let mut egress = Vec::new();
        for (_, _, rule) in self.graph.all::<SecurityGroupRule>() {
            if rule.group.id() != &resource.id || matches!(rule.peer, RulePeer::Group(_)) {
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
    let with = |all: Object, protocol: &str, range: Object| {
        let end = |name| range.get(name).cloned();
        all.maybe("FromPort", end("FromPort"))
            .with("IpProtocol", protocol)
            .maybe("ToPort", end("ToPort"))
    };
    match traffic {
        Traffic::All => with(all, "-1", Object::new()),
        Traffic::Tcp(it) => with(all, "tcp", ports("FromPort", "ToPort", it)),
        Traffic::Udp(it) => with(all, "udp", ports("FromPort", "ToPort", it)),
        Traffic::Icmp { kind, code } => with(all, "icmp", icmp("FromPort", "ToPort", *kind, *code)),
        Traffic::Icmpv6 { kind, code } => {
            with(all, "icmpv6", icmp("FromPort", "ToPort", *kind, *code))
        }
        Traffic::Protocol(it) => with(all, &it.to_string(), Object::new()),
        Traffic::Unknown => unknown_traffic(),
    }
}

/// A description in the characters that EC2 takes, 255 at most.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>
fn description(text: &str) -> String {
    let allowed = |it: char| it.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(it);
    text.chars().map(|it| if allowed(it) { it } else { '-' }).take(255).collect()
}
