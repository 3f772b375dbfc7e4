//! The VPCs, subnets and groups that properties name, and what AWS takes where they name none.

use archgen_core::Loc;
use archgen_core::resource::network::{
    Direction, RulePeer, SecurityGroup, SecurityGroupRule, Subnet, Traffic, Vpc,
};
use archgen_core::resource::{Ref, ResourceId};
use archgen_core::value::Value;

use super::{Item, Named, Reader, elements};
use crate::read::data::{Data, DataKind, Reference};

const SUBNET: &[&str] = &["AWS::EC2::Subnet"];
const GROUP: &[&str] = &["AWS::EC2::SecurityGroup"];

impl<'a> Reader<'a> {
    /// The VPC that a property names. One that is not in the template stands in the graph with
    /// nothing known of it, so that what is in it can be told apart from what is elsewhere.
    pub(super) fn vpc_of(&mut self, item: &Item<'a>, what: &str, data: &Data) -> Ref<Vpc> {
        match self.named(item, what, data, &["AWS::EC2::VPC"]) {
            Named::Item(it) => Ref::new(ResourceId::new(&[&it])),
            Named::Outside(it) => self.unknown_vpc(&it, data.loc),
            Named::Unknown => self.unknown_vpc(&format!("{}.{what}", item.name()), data.loc),
        }
    }

    pub(super) fn unknown_vpc(&mut self, name: &str, loc: Loc) -> Ref<Vpc> {
        let id = Ref::new(ResourceId::new(&[name]));
        if self.graph.get::<Vpc>(&id).is_none() {
            return self.add_as(name, name, loc, Vpc { cidr: Value::Unknown });
        }
        id
    }

    /// One subnet; a name that no subnet has if it is not in the template.
    pub(super) fn subnet_of(&mut self, item: &Item<'a>, what: &str, data: &Data) -> Ref<Subnet> {
        let name = match self.named(item, what, data, SUBNET) {
            Named::Item(it) | Named::Outside(it) => it,
            Named::Unknown => format!("{}.{what}", item.name()),
        };
        Ref::new(ResourceId::new(&[&name]))
    }

    /// The subnets that a list names; none if one of them is not known.
    pub(super) fn subnets_of(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
    ) -> Option<Vec<Ref<Subnet>>> {
        if data.is_absent() {
            let why = "it names no subnets: AWS takes those of the account's default VPC";
            self.note(item.loc(), item, what, why);
            return None;
        }
        let mut all = Some(Vec::new());
        for (it, maybe) in elements(data) {
            if let Some(why) = maybe {
                self.note(it.loc, item, what, why);
                all = None;
                continue;
            }
            match self.named(item, what, &it, SUBNET) {
                Named::Item(name) => {
                    if let Some(all) = &mut all {
                        all.push(Ref::new(ResourceId::new(&[&name])));
                    }
                }
                Named::Outside(_) | Named::Unknown => all = None,
            }
        }
        all.filter(|it| !it.is_empty())
    }

    /// The group that a value names: one of the template, the one that came with a VPC, or one that
    /// is not in the template.
    pub(super) fn group_of(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
    ) -> Option<Ref<SecurityGroup>> {
        if let DataKind::Reference(Reference {
            resource,
            attribute: Some(attribute),
            index: None,
        }) = &data.kind
        {
            let kind = self.items.get(resource).map_or("", |it| it.kind());
            match (kind, attribute.as_str()) {
                ("AWS::EC2::VPC", "DefaultSecurityGroup") => {
                    let vpc = Ref::new(ResourceId::new(&[resource]));
                    return Some(self.default_group(&vpc));
                }
                ("AWS::EKS::Cluster", "ClusterSecurityGroupId") => {
                    return Some(self.cluster_group(resource));
                }
                _ => {}
            }
        }
        match self.named(item, what, data, GROUP) {
            Named::Item(it) => Some(Ref::new(ResourceId::new(&[&it]))),
            Named::Outside(it) => Some(self.unknown_group(&it, data.loc)),
            Named::Unknown => None,
        }
    }

    /// The groups that a list names, or AWS's default where it names none; none if they are not known.
    pub(super) fn groups_of(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
        subnets: Option<&[Ref<Subnet>]>,
    ) -> Option<Vec<Ref<SecurityGroup>>> {
        let named = elements(data);
        if named.is_empty() {
            let vpc = subnets
                .and_then(|it| it.first())
                .and_then(|it| self.subnets.get(it.id().as_str()))
                .map(|it| it.vpc.clone());
            return match vpc {
                Some(vpc) => Some(vec![self.default_group(&vpc)]),
                None => {
                    let why =
                        "it names no groups, and the VPC whose default group it gets is not known";
                    self.note(item.loc(), item, what, why);
                    None
                }
            };
        }
        let mut all = Some(Vec::new());
        for (it, maybe) in named {
            let group = self.group_of(item, what, &it);
            if let Some(why) = &maybe {
                self.note(it.loc, item, what, why.clone());
            }
            match (group, maybe, &mut all) {
                (Some(group), None, Some(all)) => all.push(group),
                _ => all = None,
            }
        }
        all
    }

    /// The group that came with a VPC: everything from its own members, everything out.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html>
    pub(super) fn default_group(&mut self, vpc: &Ref<Vpc>) -> Ref<SecurityGroup> {
        let name = format!("{}.DefaultSecurityGroup", vpc.id());
        if let Some(it) = self.source.adopted(&name) {
            return Ref::new(ResourceId::new(&[&it]));
        }
        let id = Ref::new(ResourceId::new(&[&name]));
        if self.graph.get::<SecurityGroup>(&id).is_some() {
            return id;
        }
        if !self.items.contains_key(vpc.id().as_str()) {
            // Somebody may have changed the rules of a VPC that was there before.
            let group = self.unknown_group(&name, Loc::NONE);
            if let Some(it) = self.graph.resources.get_mut(group.id())
                && let archgen_core::resource::ResourceKind::SecurityGroup(it) = &mut it.kind
            {
                it.vpc = vpc.clone();
            }
            return group;
        }
        self.own_group(&name, vpc.clone(), "default VPC security group")
    }

    /// The group that Amazon EKS makes for a cluster and its nodes.
    /// <https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html>
    pub(super) fn cluster_group(&mut self, cluster: &str) -> Ref<SecurityGroup> {
        let name = format!("{cluster}.ClusterSecurityGroupId");
        let id = Ref::new(ResourceId::new(&[&name]));
        if self.graph.get::<SecurityGroup>(&id).is_some() {
            return id;
        }
        let items = self.items;
        let vpc = items.get(cluster).and_then(|item| {
            let subnets = self.get_in(item, &["ResourcesVpcConfig", "SubnetIds"]);
            let first = elements(&subnets)
                .into_iter()
                .find_map(|it| it.0.as_resource().map(str::to_string));
            first.and_then(|it| self.subnets.get(&it)).map(|it| it.vpc.clone())
        });
        let vpc = vpc.unwrap_or_else(|| Ref::new(ResourceId::new(&[cluster, "VpcId"])));
        self.own_group(&name, vpc, "EKS created security group")
    }

    /// A group that admits its own members and lets everything out.
    fn own_group(&mut self, name: &str, vpc: Ref<Vpc>, description: &str) -> Ref<SecurityGroup> {
        let group = SecurityGroup {
            vpc,
            description: description.to_string(),
            group_name: None,
            // These groups keep their rule whatever other rules are added to them.
            default_egress: Value::Literal(true),
        };
        let group = self.add_as(name, name, Loc::NONE, group);
        let rule = SecurityGroupRule {
            group: group.clone(),
            direction: Direction::Ingress,
            peer: RulePeer::Group(group.clone()),
            traffic: Traffic::All,
            description: String::new(),
        };
        self.add_as(&format!("{name}.ingress"), name, Loc::NONE, rule);
        group
    }

    /// A group that is not in the template: any rule may be in it.
    pub(super) fn unknown_group(&mut self, name: &str, loc: Loc) -> Ref<SecurityGroup> {
        let id = Ref::new(ResourceId::new(&[name]));
        if self.graph.get::<SecurityGroup>(&id).is_some() {
            return id;
        }
        let group = SecurityGroup {
            vpc: Ref::new(ResourceId::new(&[name, "VpcId"])),
            description: String::new(),
            group_name: None,
            default_egress: Value::Unknown,
        };
        let group = self.add_as(name, name, loc, group);
        for direction in [Direction::Ingress, Direction::Egress] {
            self.unknown_rule(&group, direction, name, loc);
        }
        group
    }

    /// A rule of which nothing is known.
    pub(super) fn unknown_rule(
        &mut self,
        group: &Ref<SecurityGroup>,
        direction: Direction,
        declaration: &str,
        loc: Loc,
    ) {
        let rule = SecurityGroupRule {
            group: group.clone(),
            direction,
            peer: RulePeer::Cidr(Value::Unknown),
            traffic: Traffic::Unknown,
            description: String::new(),
        };
        let word = match direction {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        };
        self.add_as(&format!("{declaration}.{word}.unknown"), declaration, loc, rule);
    }

    /// Whether instances in these subnets get a public address by themselves.
    pub(super) fn subnets_public(&self, subnets: Option<&[Ref<Subnet>]>) -> Value<bool> {
        self.agreed(subnets, |it| &it.public)
    }

    /// Whether interfaces in these subnets get an IPv6 address by themselves.
    pub(super) fn subnets_ipv6(&self, subnets: Option<&[Ref<Subnet>]>) -> Value<bool> {
        self.agreed(subnets, |it| &it.ipv6)
    }

    fn agreed(
        &self,
        subnets: Option<&[Ref<Subnet>]>,
        of: impl Fn(&super::SubnetFacts) -> &Value<bool>,
    ) -> Value<bool> {
        let mut all = subnets.unwrap_or_default().iter().map(|it| {
            self.subnets.get(it.id().as_str()).map_or(Value::Unknown, |it| of(it).clone())
        });
        let Some(first) = all.next() else { return Value::Unknown };
        if all.all(|it| it == first) { first } else { Value::Unknown }
    }
}
