//! What may be added to the resources of a template by what is not read.

use std::collections::BTreeSet;

use archgen_core::Loc;
use archgen_core::resource::network::{
    Destination, Direction, NetworkAclAssociation, NetworkAclEntry, Route, RouteTableAssociation,
    RouteTarget, SecurityGroup, Traffic,
};
use archgen_core::resource::{Ref, ResourceId};
use archgen_core::value::Value;

use super::{Item, Reader};
use crate::read::data::{Data, DataKind, Reference};

impl<'a> Reader<'a> {
    /// A nested stack that is not read may add rules to the groups it is given, routes to the tables
    /// and entries to the ACLs.
    pub(super) fn unread_stack(&mut self, item: &Item<'a>) {
        if !item.opaque {
            return;
        }
        let mut given = Vec::new();
        references(&self.get(item, "Parameters"), &mut given);
        for reference in given {
            let name = reference.resource.as_str();
            let kind = self.items.get(name).map_or("", |it| it.kind());
            let id = format!("{}.{name}", item.name());
            match (kind, reference.attribute.as_deref()) {
                ("AWS::EC2::SecurityGroup", None) => {
                    let group = Ref::new(ResourceId::new(&[name]));
                    self.any_rules(&group, &id, item);
                }
                ("AWS::EC2::VPC", Some("DefaultSecurityGroup")) => {
                    let vpc = Ref::new(ResourceId::new(&[name]));
                    let group = self.default_group(&vpc);
                    self.any_rules(&group, &id, item);
                }
                ("AWS::EC2::RouteTable", None) => {
                    let route = Route {
                        table: Ref::new(ResourceId::new(&[name])),
                        destination: Destination::Cidr(Value::Unknown),
                        target: RouteTarget::Unknown,
                        propagated: false,
                    };
                    self.add_as(&id, item.name(), item.loc(), route);
                }
                ("AWS::EC2::NetworkAcl", None) => {
                    for (direction, word) in
                        [(Direction::Ingress, "ingress"), (Direction::Egress, "egress")]
                    {
                        let entry = NetworkAclEntry {
                            acl: Ref::new(ResourceId::new(&[name])),
                            number: Value::Unknown,
                            direction,
                            allow: true,
                            traffic: Traffic::Unknown,
                            cidr: Value::Unknown,
                        };
                        self.add_as(&format!("{id}.{word}"), item.name(), item.loc(), entry);
                    }
                }
                _ => {}
            }
        }
    }

    /// In a VPC that the template does not hold, the default network ACL and the main route table may have
    /// been changed: what filters and leads the subnets that use them is not known.
    pub(super) fn outside_defaults(&mut self) {
        let filtered: BTreeSet<ResourceId> =
            self.graph.all::<NetworkAclAssociation>().map(|it| it.2.subnet.id().clone()).collect();
        let led: BTreeSet<ResourceId> =
            self.graph.all::<RouteTableAssociation>().map(|it| it.2.subnet.id().clone()).collect();
        let outside = self.subnets.iter().filter(|it| {
            self.items.get(it.1.vpc.id().as_str()).is_none_or(|it| it.kind() != "AWS::EC2::VPC")
        });
        let outside: Vec<(ResourceId, String)> =
            outside.map(|(name, it)| (ResourceId::new(&[name]), it.vpc.id().to_string())).collect();
        for (subnet, vpc) in outside {
            if !filtered.contains(&subnet) {
                let name = format!("{vpc}.DefaultNetworkAcl");
                let it = NetworkAclAssociation {
                    acl: Ref::new(ResourceId::new(&[&name])),
                    subnet: Ref::new(subnet.clone()),
                };
                self.add_as(&format!("{name}.{subnet}"), &name, Loc::NONE, it);
            }
            if !led.contains(&subnet) {
                let name = format!("{vpc}.MainRouteTable");
                let it = RouteTableAssociation {
                    table: Ref::new(ResourceId::new(&[&name])),
                    subnet: Ref::new(subnet.clone()),
                };
                self.add_as(&format!("{name}.{subnet}"), &name, Loc::NONE, it);
            }
        }
    }

    fn any_rules(&mut self, group: &Ref<SecurityGroup>, id: &str, item: &Item<'a>) {
        for direction in [Direction::Ingress, Direction::Egress] {
            self.unknown_rule(group, direction, id, item.loc());
        }
    }

    /// Every group of the graph: a rule of which the group is not known may be in any.
    pub(super) fn every_group(&self) -> Vec<Ref<SecurityGroup>> {
        self.graph.all::<SecurityGroup>().map(|it| it.0).collect()
    }
}

/// Every resource that a value refers to.
fn references(data: &Data, all: &mut Vec<Reference>) {
    if let DataKind::Reference(it) = &data.kind {
        all.push(it.clone());
    } else if let DataKind::List(items) | DataKind::Composed(items) = &data.kind {
        items.iter().for_each(|it| references(it, all));
    } else if let DataKind::Map(entries) = &data.kind {
        entries.iter().for_each(|it| references(&it.1, all));
    } else if let DataKind::Either(_, yes, no) = &data.kind {
        references(yes, all);
        references(no, all);
    }
}
