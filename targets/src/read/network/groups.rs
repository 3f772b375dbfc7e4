//! Security groups with the rules in them and the rules that are resources of their own.

use archgen_core::resource::Ref;
use archgen_core::resource::network::{
    Direction, PortRange, RulePeer, SecurityGroup, SecurityGroupRule, Traffic,
};
use archgen_core::value::{Text, Value};

use super::{Item, Reader, choices, elements, within};
use crate::read::data::{Data, DataKind, Reference};

/// One rule as it is written, in a group or by itself.
struct Rule<'r> {
    item: &'r str,
    group: Ref<SecurityGroup>,
    direction: Direction,
    /// Whether it is certain that the rule is there.
    sure: bool,
}

impl<'a> Reader<'a> {
    /// Remembers which groups have egress rules of their own.
    pub(super) fn separate_egress(&mut self, item: &Item<'a>) {
        let group = self.get(item, "GroupId");
        for (it, _) in choices(&group) {
            if let DataKind::Reference(Reference { resource, .. }) = it.kind {
                self.separate_egress.insert(resource);
            }
        }
    }

    pub(super) fn security_group(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let vpc = self.get(item, "VpcId");
        let vpc = if vpc.is_absent() {
            let why = "it names no VPC: AWS takes the account's default VPC";
            self.note(item.loc(), item, "VpcId", why);
            self.unknown_vpc("AWS::EC2::VPC.Default", archgen_core::Loc::NONE)
        } else {
            self.vpc_of(item, "VpcId", &vpc)
        };
        let description = self.get(item, "GroupDescription");
        let name = self.get(item, "GroupName");
        let group_name = match (&name.kind, name.as_text()) {
            (DataKind::Absent, _) => None,
            (_, Some(it)) => Some(Text::literal(it)),
            (_, None) => Some(Text::unknown()),
        };
        let ingress = self.get(item, "SecurityGroupIngress");
        let egress = self.get(item, "SecurityGroupEgress");
        let egress_rules = elements(&egress);
        // What makes the group may end the default rule itself.
        let said = self.get(item, "DefaultEgress");
        let default_egress = if !said.is_absent() {
            self.truth(item, "DefaultEgress", &said, true)
        } else if egress_rules.is_empty() {
            if self.separate_egress.contains(item.name()) {
                let why = "AWS does not say whether egress rules that are resources of their own end the default one, which allows everything out";
                self.note(item.loc(), item, "SecurityGroupEgress", why);
                Value::Unknown
            } else {
                Value::Literal(true)
            }
        } else if egress_rules.iter().any(|(it, maybe)| maybe.is_none() && is_rule(it)) {
            Value::Literal(false)
        } else {
            let why = "whether it has egress rules, which end the default one, is not known";
            self.note(egress.loc, item, "SecurityGroupEgress", why);
            Value::Unknown
        };
        let group = self.add(
            item,
            SecurityGroup {
                vpc,
                description: description.as_text().unwrap_or_default().to_string(),
                group_name,
                default_egress,
            },
        );
        for (direction, rules, word) in [
            (Direction::Ingress, elements(&ingress), "ingress"),
            (Direction::Egress, egress_rules, "egress"),
        ] {
            for (index, (rule, maybe)) in rules.into_iter().enumerate() {
                if let Some(why) = &maybe {
                    self.note(rule.loc, item, "rule", format!("it may not exist: {why}"));
                }
                let id = format!("{}.{word}.{index}", item.name());
                let it = Rule {
                    item: &id,
                    group: group.clone(),
                    direction,
                    sure: maybe.is_none() && item.maybe.is_none(),
                };
                self.rule(item, it, &rule);
            }
        }
    }

    pub(super) fn security_group_rule(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let direction = if item.kind() == "AWS::EC2::SecurityGroupIngress" {
            Direction::Ingress
        } else {
            Direction::Egress
        };
        let mut entries = Vec::new();
        for name in RULE_PROPERTIES {
            let value = self.get(item, name);
            if !value.is_absent() {
                entries.push((name.to_string(), value));
            }
        }
        let rule = Data::new(item.loc(), DataKind::Map(entries));
        let named = self.get(item, "GroupId");
        let (what, named) = if named.is_absent() {
            ("GroupName", self.get(item, "GroupName"))
        } else {
            ("GroupId", named)
        };
        let groups = choices(&named);
        let many = groups.len() > 1;
        for (group, maybe) in groups {
            if let Some(why) = &maybe {
                self.note(group.loc, item, what, why.clone());
            }
            let Some(group) = self.group_of(item, what, &group) else {
                // It may be in any group.
                for group in self.every_group() {
                    let id = format!("{}.{}", item.name(), group.id());
                    self.rule(item, Rule { item: &id, group, direction, sure: false }, &rule);
                }
                continue;
            };
            let id = if many {
                format!("{}.{}", item.name(), group.id())
            } else {
                item.name().to_string()
            };
            let sure = maybe.is_none() && item.maybe.is_none();
            self.rule(item, Rule { item: &id, group, direction, sure }, &rule);
        }
    }

    /// Adds a rule; of one that may not be there, the other side is not known.
    fn rule(&mut self, item: &Item<'a>, rule: Rule<'_>, data: &Data) {
        let DataKind::Map(_) = &data.kind else {
            self.unknown(item, "rule", data);
            let it = SecurityGroupRule {
                group: rule.group,
                direction: rule.direction,
                peer: RulePeer::Cidr(Value::Unknown),
                traffic: Traffic::Unknown,
                description: String::new(),
            };
            self.add_as(rule.item, item.name(), data.loc, it);
            return;
        };
        let traffic = self.rule_traffic(item, data);
        let description = within(data.clone(), "Description");
        let description = description.as_text().unwrap_or_default().to_string();
        let peers = self.rule_peers(item, rule.direction, data);
        let many = peers.len() > 1;
        for (index, peer) in peers.into_iter().enumerate() {
            let it = SecurityGroupRule {
                group: rule.group.clone(),
                direction: rule.direction,
                peer: if rule.sure { peer } else { RulePeer::Cidr(Value::Unknown) },
                traffic: traffic.clone(),
                description: description.clone(),
            };
            let id = if many { format!("{}.{index}", rule.item) } else { rule.item.to_string() };
            self.add_as(&id, item.name(), data.loc, it);
        }
    }

    fn rule_peers(&mut self, item: &Item<'a>, direction: Direction, data: &Data) -> Vec<RulePeer> {
        let (group, list) = match direction {
            Direction::Ingress => ("SourceSecurityGroupId", "SourcePrefixListId"),
            Direction::Egress => ("DestinationSecurityGroupId", "DestinationPrefixListId"),
        };
        let mut all = Vec::new();
        for what in ["CidrIp", "CidrIpv6", group, "SourceSecurityGroupName", list] {
            let value = within(data.clone(), what);
            if value.is_absent() {
                continue;
            }
            all.push(if what.starts_with("Cidr") {
                RulePeer::Cidr(self.cidr(item, what, &value))
            } else if what == list {
                RulePeer::PrefixList(self.prefix_list_of(item, what, &value))
            } else {
                match self.group_of(item, what, &value) {
                    Some(it) => RulePeer::Group(it),
                    None => RulePeer::Cidr(Value::Unknown),
                }
            });
        }
        if all.is_empty() {
            let why = "a rule that names nobody admits nobody";
            self.note(data.loc, item, "rule", why);
        }
        if all.len() > 1 {
            let why = "a rule names one other side; each of these is read as a rule";
            self.note(data.loc, item, "rule", why);
        }
        all
    }

    /// What a rule allows. Without ports it is all ports, and so is every protocol that has none.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
    fn rule_traffic(&mut self, item: &Item<'a>, data: &Data) -> Traffic {
        let protocol = within(data.clone(), "IpProtocol");
        let from = within(data.clone(), "FromPort");
        let to = within(data.clone(), "ToPort");
        match self.protocol(item, "IpProtocol", &protocol) {
            None => Traffic::Unknown,
            Some(-1) => Traffic::All,
            Some(number @ (6 | 17)) => {
                let ports = if from.is_absent() && to.is_absent() {
                    Value::Literal(PortRange::ALL)
                } else {
                    self.ports(item, "FromPort", &from, &to)
                };
                if number == 6 { Traffic::Tcp(ports) } else { Traffic::Udp(ports) }
            }
            Some(number @ (1 | 58)) => self.icmp(item, "FromPort", number == 58, &from, &to),
            Some(number) => u8::try_from(number).map_or(Traffic::Unknown, Traffic::Protocol),
        }
    }
}

/// The properties of a rule that is a resource.
const RULE_PROPERTIES: &[&str] = &[
    "CidrIp",
    "CidrIpv6",
    "Description",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "FromPort",
    "IpProtocol",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
    "ToPort",
];

fn is_rule(it: &Data) -> bool {
    matches!(it.kind, DataKind::Map(_))
}
