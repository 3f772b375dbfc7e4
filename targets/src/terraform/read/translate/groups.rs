//! Security groups and network ACLs with the rules in them, and rules that are resources of their own.

use super::values::{blocks, inside, map, perhaps};
use super::{Block, Made, Translator, whole};
use crate::read::data::{Data, DataKind, Reference};

/// Who a rule is about: a property and its value, and why it may not be there.
type Peer = (&'static str, Data, Option<String>);

/// The other sides that a rule names. The provider makes a rule of each.
fn peers(own: &Data, rule: &dyn Fn(&str) -> Data, egress: bool) -> Vec<Peer> {
    let (group, list) = if egress {
        ("DestinationSecurityGroupId", "DestinationPrefixListId")
    } else {
        ("SourceSecurityGroupId", "SourcePrefixListId")
    };
    let mut all = Vec::new();
    let named = [
        ("CidrIp", "cidr_blocks"),
        ("CidrIpv6", "ipv6_cidr_blocks"),
        (list, "prefix_list_ids"),
        (group, "security_groups"),
        (group, "source_security_group_id"),
    ];
    for (property, argument) in named {
        let value = rule(argument);
        let one = argument == "source_security_group_id";
        for (it, maybe) in blocks(&value) {
            if it.is_absent() {
                continue;
            }
            // Of a list that is not known it is not known whom it names.
            let unknown = matches!(it.kind, DataKind::Unknown(_))
                || matches!(
                    &it.kind,
                    DataKind::Reference(Reference { attribute: Some(_), index: None, .. })
                );
            if unknown && !one && value.as_list().is_none() {
                all.push(("CidrIp", Data::unknown(it.loc, it.what()), maybe));
            } else {
                all.push((property, it, maybe));
            }
        }
    }
    let itself = rule("self");
    for (it, maybe) in blocks(&itself) {
        match it.as_bool() {
            Some(false) => {}
            Some(true) => all.push((group, Data { loc: it.loc, ..own.clone() }, maybe)),
            None => all.push(("CidrIp", Data::unknown(it.loc, it.what()), maybe)),
        }
    }
    all
}

/// The rules in a group, one for each other side.
fn rules(own: &Data, of: &Data, egress: bool) -> Data {
    let mut all = Vec::new();
    for (rule, maybe) in blocks(of) {
        if !matches!(rule.kind, DataKind::Map(_)) {
            all.push(perhaps(rule, maybe));
            continue;
        }
        let get = |name: &str| inside(&rule, name);
        let peers = peers(own, &get, egress);
        let made = |peer: Option<(&'static str, Data)>| {
            let (property, value) =
                peer.unwrap_or(("CidrIp", Data::new(rule.loc, DataKind::Absent)));
            map(
                rule.loc,
                [
                    ("IpProtocol", get("protocol")),
                    ("FromPort", get("from_port")),
                    ("ToPort", get("to_port")),
                    ("Description", get("description")),
                    (property, value),
                ],
            )
        };
        if peers.is_empty() {
            all.push(perhaps(made(None), maybe.clone()));
        }
        for (property, value, perhaps_peer) in peers {
            all.push(perhaps(made(Some((property, value))), maybe.clone().or(perhaps_peer)));
        }
    }
    Data::new(of.loc, DataKind::List(all))
}

impl Translator<'_, '_> {
    /// The provider removes AWS's own egress rule from a new group.
    /// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group>
    pub(super) fn security_group(&mut self, block: &Block<'_, '_>, mut made: Made) {
        let own = block.whole();
        let (ingress, egress) = (block.get("ingress"), block.get("egress"));
        for (name, given) in [("ingress", &ingress), ("egress", &egress)] {
            if !given.is_absent() {
                self.inline.insert((block.name.clone(), name));
            }
        }
        made.set("SecurityGroupIngress", rules(&own, &ingress, false));
        made.set("SecurityGroupEgress", rules(&own, &egress, true));
        made.set("DefaultEgress", Data::new(block.loc(), DataKind::Bool(false)));
        if block.kind() == "aws_default_security_group" {
            made.set("GroupDescription", Data::text(block.loc(), "default VPC security group"));
            let vpc = made.get("VpcId");
            if let Some(resource) = vpc.as_resource() {
                let key = format!("{resource}.DefaultSecurityGroup");
                self.adopted.insert(key, block.name.clone());
            } else if !vpc.is_absent() {
                self.note(block.loc(), block, "vpc_id", "which VPC it came with is not known");
            }
        }
        self.add(made);
    }

    /// One rule for each other side that it names.
    pub(super) fn security_group_rule(&mut self, block: &Block<'_, '_>) {
        let way = block.get("type");
        let ways: &[(&'static str, bool)] = match way.as_text() {
            Some("ingress") => &[("AWS::EC2::SecurityGroupIngress", false)],
            Some("egress") => &[("AWS::EC2::SecurityGroupEgress", true)],
            Some(_) | None => &[
                ("AWS::EC2::SecurityGroupIngress", false),
                ("AWS::EC2::SecurityGroupEgress", true),
            ],
        };
        let group = block.get("security_group_id");
        let mut all = Vec::new();
        for (kind, egress) in ways {
            let get = |name: &str| block.get(name);
            let peers = peers(&group, &get, *egress);
            let base = || {
                let mut made = self.empty(block, &block.name, kind);
                made.set("GroupId", group.clone());
                made.set("IpProtocol", block.get("protocol"));
                made.set("FromPort", block.get("from_port"));
                made.set("ToPort", block.get("to_port"));
                made.set("Description", block.get("description"));
                if ways.len() > 1 {
                    made.maybe = Some(way.what());
                }
                made
            };
            if peers.is_empty() {
                all.push(base());
            }
            for (property, value, maybe) in peers {
                let mut made = base();
                made.set(property, value);
                made.maybe = made.maybe.or(maybe);
                all.push(made);
            }
        }
        let many = all.len() > 1;
        for (at, mut made) in all.into_iter().enumerate() {
            if many {
                made.name = format!("{}.{at}", block.name);
            }
            self.add(made);
        }
    }

    /// A network ACL: its entries and subnets are resources of their own.
    pub(super) fn network_acl(&mut self, block: &Block<'_, '_>, mut made: Made) {
        if block.kind() == "aws_default_network_acl" {
            let of = block.get("default_network_acl_id");
            if let DataKind::Reference(Reference { resource, attribute: Some(it), .. }) = &of.kind
                && it == "DefaultNetworkAcl"
            {
                made.set("VpcId", whole(block.loc(), resource));
                let key = format!("{resource}.DefaultNetworkAcl");
                self.adopted.insert(key, block.name.clone());
                self.acls.insert(resource.clone(), block.name.clone());
            } else {
                self.not_adopted(block, &mut made, "default_network_acl_id", &of);
            }
        }
        let own = block.whole();
        let mut count = 0;
        for (argument, egress) in [("ingress", false), ("egress", true)] {
            for (entry, maybe) in block.blocks(argument) {
                let name = format!("{}.{argument}.{count}", block.name);
                count += 1;
                let mut it = self.empty(block, &name, "AWS::EC2::NetworkAclEntry");
                it.loc = entry.loc;
                it.maybe = it.maybe.or(maybe);
                let get = |name: &str| inside(&entry, name);
                it.set("NetworkAclId", own.clone());
                it.set("Egress", Data::new(entry.loc, DataKind::Bool(egress)));
                it.set("RuleAction", get("action"));
                it.set("RuleNumber", get("rule_no"));
                it.set("CidrBlock", get("cidr_block"));
                it.set("Ipv6CidrBlock", get("ipv6_cidr_block"));
                // What is not given of ICMP is 0 in the provider's calls.
                let zero = |it: Data| {
                    if it.is_absent() {
                        Data::new(entry.loc, DataKind::Number("0".to_string()))
                    } else {
                        it
                    }
                };
                let icmp = (zero(get("icmp_type")), zero(get("icmp_code")));
                entry_traffic(&mut it, get("protocol"), (get("from_port"), get("to_port")), icmp);
                self.add(it);
            }
        }
        for (at, (subnet, maybe)) in block.blocks("subnet_ids").into_iter().enumerate() {
            let name = format!("{}.subnet.{at}", block.name);
            let mut it = self.empty(block, &name, "AWS::EC2::SubnetNetworkAclAssociation");
            it.maybe = it.maybe.or(maybe);
            it.set("NetworkAclId", own.clone());
            it.set("SubnetId", subnet);
            self.add(it);
        }
        self.add(made);
    }

    pub(super) fn network_acl_rule(&mut self, block: &Block<'_, '_>, mut made: Made) {
        let ports = (block.get("from_port"), block.get("to_port"));
        let icmp = (block.get("icmp_type"), block.get("icmp_code"));
        let protocol = made.get("Protocol");
        entry_traffic(&mut made, protocol, ports, icmp);
        self.add(made);
    }

    /// Rules of their own in a group that has rules in it: the provider removes one of both.
    pub(super) fn inline_and_apart(&mut self) {
        let why = "its group has rules in it, and the provider then removes those that are not";
        for made in self.made.values_mut() {
            let way = match made.kind {
                "AWS::EC2::SecurityGroupIngress" => "ingress",
                "AWS::EC2::SecurityGroupEgress" => "egress",
                _ => continue,
            };
            if let DataKind::Reference(it) = made.get("GroupId").kind
                && self.inline.contains(&(it.resource, way))
                && made.maybe.is_none()
            {
                made.maybe = Some(why.to_string());
            }
        }
    }
}

fn entry_traffic(it: &mut Made, protocol: Data, ports: (Data, Data), icmp: (Data, Data)) {
    let loc = protocol.loc;
    let word = protocol.as_text().map(str::to_ascii_lowercase).unwrap_or_default();
    it.set("Protocol", protocol);
    if matches!(word.as_str(), "1" | "58" | "icmp" | "icmpv6" | "ipv6-icmp") {
        if word == "ipv6-icmp" {
            it.set("Protocol", Data::text(loc, "icmpv6"));
        }
        it.set("Icmp", map(loc, [("Type", icmp.0), ("Code", icmp.1)]));
    } else {
        it.set("PortRange", map(loc, [("From", ports.0), ("To", ports.1)]));
    }
}
