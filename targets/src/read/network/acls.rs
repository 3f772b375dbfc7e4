//! Network ACLs with their entries, and who uses which; the default one too where entries are added to it.

use std::collections::BTreeSet;

use archgen_core::Loc;
use archgen_core::resource::network::{
    Direction, NetworkAcl, NetworkAclAssociation, NetworkAclEntry, PortRange, Traffic,
};
use archgen_core::resource::{Ref, ResourceId};
use archgen_core::types::Cidr;
use archgen_core::value::Value;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{Item, Named, Reader};
use crate::read::data::{Data, DataKind, Reference};

const ACL: &[&str] = &["AWS::EC2::NetworkAcl"];

impl<'a> Reader<'a> {
    pub(super) fn network_acl(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let vpc = self.get(item, "VpcId");
        let vpc = self.vpc_of(item, "VpcId", &vpc);
        self.add(item, NetworkAcl { vpc });
    }

    fn acl_of(&mut self, item: &Item<'a>, data: &Data) -> Ref<NetworkAcl> {
        if let DataKind::Reference(Reference { resource, attribute: Some(attribute), index: None }) =
            &data.kind
            && attribute == "DefaultNetworkAcl"
            && self.items.get(resource).is_some_and(|it| it.kind() == "AWS::EC2::VPC")
        {
            return self.default_acl(&resource.clone());
        }
        let name = match self.named(item, "NetworkAclId", data, ACL) {
            Named::Item(it) | Named::Outside(it) => it,
            Named::Unknown => format!("{}.NetworkAclId", item.name()),
        };
        Ref::new(ResourceId::new(&[&name]))
    }

    /// The ACL that came with a VPC. It allows everything by its rule 100 (101 for IPv6), and filters
    /// the subnets that no association gives another one.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html>
    fn default_acl(&mut self, vpc: &str) -> Ref<NetworkAcl> {
        let name = format!("{vpc}.DefaultNetworkAcl");
        let id = Ref::new(ResourceId::new(&[&name]));
        if self.graph.get::<NetworkAcl>(&id).is_some() {
            return id;
        }
        let acl = NetworkAcl { vpc: Ref::new(ResourceId::new(&[vpc])) };
        let acl = self.add_as(&name, &name, Loc::NONE, acl);
        let all = [
            (100, IpNet::V4(Ipv4Net::default()), "ipv4"),
            (101, IpNet::V6(Ipv6Net::default()), "ipv6"),
        ];
        for (number, block, family) in all {
            for (direction, word) in
                [(Direction::Ingress, "ingress"), (Direction::Egress, "egress")]
            {
                let entry = NetworkAclEntry {
                    acl: acl.clone(),
                    number: Value::Literal(number),
                    direction,
                    allow: true,
                    traffic: Traffic::All,
                    cidr: Value::Literal(Cidr(block)),
                };
                self.add_as(&format!("{name}.{word}.{family}"), &name, Loc::NONE, entry);
            }
        }
        let associated: BTreeSet<String> = self
            .items
            .values()
            .filter(|it| it.kind() == "AWS::EC2::SubnetNetworkAclAssociation")
            .filter_map(|it| {
                let subnet = self.source.property(it, "SubnetId");
                subnet.as_resource().map(str::to_string)
            })
            .collect();
        let subnets: Vec<String> = self
            .subnets
            .iter()
            .filter(|(name, it)| it.vpc.id().as_str() == vpc && !associated.contains(*name))
            .map(|it| it.0.clone())
            .collect();
        for subnet in subnets {
            let it = NetworkAclAssociation {
                acl: acl.clone(),
                subnet: Ref::new(ResourceId::new(&[&subnet])),
            };
            self.add_as(&format!("{name}.{subnet}"), &name, Loc::NONE, it);
        }
        acl
    }

    pub(super) fn network_acl_entry(&mut self, item: &Item<'a>) {
        let acl = self.get(item, "NetworkAclId");
        let acl = self.acl_of(item, &acl);
        let egress = self.get(item, "Egress");
        let egress = self.truth(item, "Egress", &egress, false);
        let action = self.get(item, "RuleAction");
        let action = self.word(item, "RuleAction", &action, ("allow", "deny"), false);
        let number = self.get(item, "RuleNumber");
        let number = match number.as_integer().and_then(|it| u16::try_from(it).ok()) {
            Some(it) => Value::Literal(it),
            None => {
                self.unknown(item, "RuleNumber", &number);
                Value::Unknown
            }
        };
        let traffic = self.acl_traffic(item);
        let ipv4 = self.get(item, "CidrBlock");
        let ipv6 = self.get(item, "Ipv6CidrBlock");
        let cidr = match (ipv4.is_absent(), ipv6.is_absent()) {
            (false, _) => self.cidr(item, "CidrBlock", &ipv4),
            (true, false) => self.cidr(item, "Ipv6CidrBlock", &ipv6),
            (true, true) => {
                self.note(item.loc(), item, "CidrBlock", "it has no block");
                Value::Unknown
            }
        };
        self.note_maybe(item);
        let directions: &[(Direction, &str)] = match egress {
            Value::Literal(true) => &[(Direction::Egress, "")],
            Value::Literal(false) => &[(Direction::Ingress, "")],
            Value::Parameter(_) | Value::Unknown => {
                &[(Direction::Ingress, ".ingress"), (Direction::Egress, ".egress")]
            }
        };
        let sure = directions.len() == 1 && item.maybe.is_none() && action.literal().is_some();
        for (direction, suffix) in directions {
            let entry = if sure {
                NetworkAclEntry {
                    acl: acl.clone(),
                    number: number.clone(),
                    direction: *direction,
                    allow: action == Value::Literal(true),
                    traffic: traffic.clone(),
                    cidr: cidr.clone(),
                }
            } else {
                // An entry of which nothing is known may allow as well as deny.
                NetworkAclEntry {
                    acl: acl.clone(),
                    number: Value::Unknown,
                    direction: *direction,
                    allow: true,
                    traffic: Traffic::Unknown,
                    cidr: Value::Unknown,
                }
            };
            self.add_as(&format!("{}{suffix}", item.name()), item.name(), item.loc(), entry);
        }
    }

    fn acl_traffic(&mut self, item: &Item<'a>) -> Traffic {
        let protocol = self.get(item, "Protocol");
        let range = self.get(item, "PortRange");
        let icmp = self.get(item, "Icmp");
        match self.protocol(item, "Protocol", &protocol) {
            None => Traffic::Unknown,
            Some(-1) => Traffic::All,
            Some(number @ (6 | 17)) => {
                let (from, to) = (super::within(range.clone(), "From"), super::within(range, "To"));
                let ports = if from.is_absent() && to.is_absent() {
                    self.note(
                        item.loc(),
                        item,
                        "PortRange",
                        "TCP and UDP entries need their ports",
                    );
                    Value::Unknown
                } else {
                    self.ports(item, "PortRange", &from, &to)
                };
                if number == 6 { Traffic::Tcp(ports) } else { Traffic::Udp(ports) }
            }
            Some(number @ (1 | 58)) => {
                let (kind, code) =
                    (super::within(icmp.clone(), "Type"), super::within(icmp, "Code"));
                self.icmp(item, "Icmp", number == 58, &kind, &code)
            }
            Some(number) => match u8::try_from(number) {
                Ok(it) => Traffic::Protocol(it),
                Err(_) => Traffic::Unknown,
            },
        }
    }

    /// The number of a protocol by number or name; -1 is all of them.
    pub(super) fn protocol(&mut self, item: &Item<'a>, what: &str, data: &Data) -> Option<i16> {
        let number = match data.as_text().map(str::to_ascii_lowercase).as_deref() {
            Some("tcp") => Some(6),
            Some("udp") => Some(17),
            Some("icmp") => Some(1),
            Some("icmpv6") => Some(58),
            Some("all") => Some(-1),
            _ => data.as_integer().and_then(|it| i16::try_from(it).ok()),
        };
        match number {
            Some(it @ -1..=255) => Some(it),
            Some(_) | None => {
                self.unknown(item, what, data);
                None
            }
        }
    }

    /// Ports from one to another.
    pub(super) fn ports(
        &mut self,
        item: &Item<'a>,
        what: &str,
        from: &Data,
        to: &Data,
    ) -> Value<PortRange> {
        let number = |it: &Data| it.as_integer().and_then(|it| u16::try_from(it).ok());
        match (number(from), number(to)) {
            (Some(first), Some(last)) if first <= last => Value::Literal(PortRange { first, last }),
            (Some(first), Some(last)) => {
                self.note(from.loc, item, what, format!("no port is from {first} to {last}"));
                Value::Unknown
            }
            (first, _) => {
                self.unknown(item, what, if first.is_none() { from } else { to });
                Value::Unknown
            }
        }
    }

    /// ICMP of a type and code; absent and -1 are all of them, and a code needs a type.
    pub(super) fn icmp(
        &mut self,
        item: &Item<'a>,
        what: &str,
        version6: bool,
        kind: &Data,
        code: &Data,
    ) -> Traffic {
        let number = |it: &Data| match it.as_integer() {
            Some(-1) => Some(None),
            Some(it) => u8::try_from(it).ok().map(Some),
            None if it.is_absent() => Some(None),
            None => None,
        };
        match (number(kind), number(code)) {
            (Some(None), Some(Some(it))) => {
                self.note(code.loc, item, what, format!("the code {it} needs a type"));
                Traffic::Unknown
            }
            (Some(kind), Some(code)) if version6 => Traffic::Icmpv6 { kind, code },
            (Some(kind), Some(code)) => Traffic::Icmp { kind, code },
            (known, _) => {
                self.unknown(item, what, if known.is_none() { kind } else { code });
                Traffic::Unknown
            }
        }
    }

    pub(super) fn network_acl_association(&mut self, item: &Item<'a>) {
        let subnet = self.get(item, "SubnetId");
        let acl = self.get(item, "NetworkAclId");
        let subnet = self.subnet_of(item, "SubnetId", &subnet);
        let mut acl = self.acl_of(item, &acl);
        if item.maybe.is_some() {
            self.note_maybe(item);
            acl = Ref::new(ResourceId::new(&[item.name(), "NetworkAclId"]));
        }
        self.add(item, NetworkAclAssociation { acl, subnet });
    }
}
