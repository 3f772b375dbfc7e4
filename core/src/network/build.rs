//! From a [`ResourceGraph`] to a [`Model`].

use std::collections::HashMap;

use ipnet::{IpNet, Ipv6Net};

use super::model::{
    Acl, AclEntry, Group, Layer, Match, Model, Nat, PeeredSide, Peering, RouteEntry, RouteRank,
    Rule, SubnetAcl, SubnetNet, Table, Target, VpcNet,
};
use super::span::{Span, stand_in};
use super::traffic::Admitted;
use crate::lower::slug;
use crate::resource::network::{
    self, Accepter, EndpointService, Ipv6Block, RouteTarget, RulePeer, SubnetIpv6,
};
use crate::resource::{
    NatGateway, NetworkAcl, NetworkAclAssociation, NetworkAclEntry, PrefixList, Ref, Resource,
    ResourceGraph, ResourceId, Route, RouteTable, RouteTableAssociation, SecurityGroup,
    SecurityGroupRule, Subnet, Vpc, VpcCidrBlock, VpcIpv6Block, VpcPeeringConnection,
    VpnGatewayAttachment,
};
use crate::types::Cidr;
use crate::value::Value;

/// Positions by name in the graph.
pub(super) type Index = HashMap<ResourceId, usize>;

/// The state of a build.
pub(super) struct Builder<'a> {
    pub(super) graph: &'a ResourceGraph,
    pub(super) model: Model,
    pub(super) vpcs: Index,
    pub(super) subnets: Index,
    pub(super) tables: Index,
    acls: Index,
}

impl Model {
    /// The network of a graph. What is not known in the graph is marked; what the graph cannot say is
    /// not known (an interface without groups, say) is taken as not known too.
    pub fn new(graph: &ResourceGraph) -> Model {
        let mut builder = Builder {
            graph,
            model: Model::default(),
            vpcs: Index::new(),
            subnets: Index::new(),
            tables: Index::new(),
            acls: Index::new(),
        };
        builder.vpcs();
        builder.subnets();
        builder.acls();
        builder.routes();
        builder.groups();
        builder.policies();
        builder.endpoints();
        builder.gateway_endpoints();
        builder.forwards();
        builder.model
    }
}

pub(super) fn net(value: &Value<Cidr>) -> Value<IpNet> {
    value.map_ref(|it| it.0)
}

/// What an interface endpoint is called that is declared with its VPC: `network.secretsmanager`.
pub fn endpoint_name(vpc: &str, service: EndpointService) -> String {
    format!("{vpc}.{}", slug(service.as_str()))
}

/// What the control plane of an EKS cluster is called, beside its nodes: `platform.api`.
pub fn control_plane_name(cluster: &str) -> String {
    format!("{cluster}.api")
}

/// The blocks of a prefix list; one that is not known if the list is not in the graph.
fn list(graph: &ResourceGraph, list: &Ref<PrefixList>) -> Vec<Value<IpNet>> {
    match graph.get(list) {
        Some(it) => it.entries.iter().map(net).collect(),
        None => vec![Value::Unknown],
    }
}

/// A rule as the model has it: one for each block of a prefix list.
pub(super) fn rules_of(
    model: &Model,
    graph: &ResourceGraph,
    resource: &Resource,
    rule: &SecurityGroupRule,
) -> Vec<Rule> {
    let peers = match &rule.peer {
        RulePeer::Cidr(it) => vec![Match::Block(net(it))],
        RulePeer::PrefixList(it) => list(graph, it).into_iter().map(Match::Block).collect(),
        RulePeer::Group(it) => vec![Match::Group(model.group(it.id()))],
    };
    peers
        .into_iter()
        .map(|peer| Rule {
            id: resource.id.clone(),
            direction: rule.direction,
            peer,
            traffic: Admitted::of(&rule.traffic),
            loc: resource.loc,
        })
        .collect()
}

/// An IPv6 block; a parameter or a block of the other family is not known.
fn ipv6(value: &Value<Cidr>) -> Value<Ipv6Net> {
    match value {
        Value::Literal(Cidr(IpNet::V6(it))) => Value::Literal(*it),
        Value::Literal(Cidr(IpNet::V4(_))) | Value::Parameter(_) | Value::Unknown => Value::Unknown,
    }
}

/// The /64 with this number in the block that stands in for the one Amazon will choose.
fn nth_block(vpc: usize, number: u8) -> Value<Ipv6Net> {
    let address = stand_in(vpc).network().to_bits() | (u128::from(number) << 64);
    match Ipv6Net::new(address.into(), 64) {
        Ok(it) => Value::Literal(it),
        Err(_) => Value::Unknown,
    }
}

impl Builder<'_> {
    fn vpcs(&mut self) {
        for (id, resource, vpc) in self.graph.all::<Vpc>() {
            self.vpcs.insert(id.id().clone(), self.model.vpcs.len());
            self.model.vpcs.push(VpcNet {
                name: resource.declaration.clone(),
                blocks: vec![vpc.cidr.map_ref(|it| it.0)],
                ipv6: Vec::new(),
                unknown_services: false,
                gateways: Default::default(),
                vpn_gateways: Default::default(),
            });
        }
        for (_, _, it) in self.graph.all::<VpcIpv6Block>() {
            let Some(vpc) = self.vpcs.get(it.vpc.id()).copied() else {
                continue;
            };
            let block = match &it.block {
                Ipv6Block::Amazon => Value::Literal(stand_in(vpc)),
                Ipv6Block::Given(it) => ipv6(it),
            };
            if let (Ipv6Block::Given(_), Some(it)) = (&it.block, block.literal()) {
                self.model.own_ipv6.push(Span::of((*it).into()));
            }
            self.model.vpcs[vpc].ipv6.push(block);
        }
        for (_, _, it) in self.graph.all::<VpnGatewayAttachment>() {
            if let Some(vpc) = self.vpcs.get(it.vpc.id()) {
                self.model.vpcs[*vpc].vpn_gateways.insert(it.gateway.id().clone());
            }
        }
        for (_, _, block) in self.graph.all::<VpcCidrBlock>() {
            if let Some(vpc) = self.vpcs.get(block.vpc.id()) {
                self.model.vpcs[*vpc].blocks.push(block.cidr.map_ref(|it| it.0));
            }
        }
        for (_, _, it) in self.graph.all::<network::InternetGatewayAttachment>() {
            if let Some(vpc) = self.vpcs.get(it.vpc.id()) {
                self.model.vpcs[*vpc].gateways.insert(it.gateway.id().clone());
            }
        }
    }

    fn subnets(&mut self) {
        for (id, resource, subnet) in self.graph.all::<Subnet>() {
            // A subnet of a VPC that is not in the graph cannot be judged.
            let Some(vpc) = self.vpcs.get(subnet.vpc.id()).copied() else {
                continue;
            };
            let tier = format!("{}.{}", self.model.vpcs[vpc].name, subnet.tier);
            // A subnet that is not part of a tier is one by itself.
            let (name, tier) = if subnet.tier.is_empty() {
                (resource.declaration.clone(), resource.declaration.clone())
            } else {
                (format!("{tier}[{}]", subnet.zone), tier)
            };
            let block = subnet.ipv6.as_ref().map(|block| match block {
                SubnetIpv6::Nth(number) => nth_block(vpc, *number),
                SubnetIpv6::Given(it) => ipv6(it),
            });
            self.subnets.insert(id.id().clone(), self.model.subnets.len());
            self.model.subnets.push(SubnetNet {
                name,
                tier,
                vpc,
                zone: (subnet.zone != Subnet::UNKNOWN_ZONE).then_some(subnet.zone),
                block: subnet.cidr.map_ref(|it| it.0),
                ipv6: block,
                table: None,
                unknown_routes: false,
                acl: SubnetAcl::Default,
            });
        }
    }

    fn acls(&mut self) {
        for (id, resource, _) in self.graph.all::<NetworkAcl>() {
            self.acls.insert(id.id().clone(), self.model.acls.len());
            self.model.acls.push(Acl {
                name: resource.declaration.clone(),
                entries: Vec::new(),
                unknown_entries: Default::default(),
            });
        }
        for (_, resource, entry) in self.graph.all::<NetworkAclEntry>() {
            let Some(acl) = self.acls.get(entry.acl.id()) else {
                continue;
            };
            // An entry of which nothing is known may deny as well as allow.
            if entry.traffic == network::Traffic::Unknown
                && entry.number.literal().is_none()
                && entry.cidr.literal().is_none()
            {
                self.model.acls[*acl].unknown_entries.insert(entry.direction);
                continue;
            }
            self.model.acls[*acl].entries.push(AclEntry {
                number: entry.number.literal().copied(),
                direction: entry.direction,
                allow: entry.allow,
                traffic: Admitted::of(&entry.traffic),
                block: net(&entry.cidr),
                loc: resource.loc,
            });
        }
        for acl in &mut self.model.acls {
            acl.entries.sort_by_key(|it| it.number);
        }
        for (_, _, association) in self.graph.all::<NetworkAclAssociation>() {
            let Some(subnet) = self.subnets.get(association.subnet.id()) else {
                continue;
            };
            self.model.subnets[*subnet].acl = match self.acls.get(association.acl.id()) {
                Some(acl) => SubnetAcl::Acl(*acl),
                None => SubnetAcl::Unknown,
            };
        }
    }

    fn routes(&mut self) {
        let mut nats = Index::new();
        for (id, _, nat) in self.graph.all::<NatGateway>() {
            nats.insert(id.id().clone(), self.model.nats.len());
            self.model.nats.push(Nat {
                subnet: self.subnets.get(nat.subnet.id()).copied(),
                public: nat.address.is_some(),
            });
        }
        let mut peerings = Index::new();
        for (id, resource, it) in self.graph.all::<VpcPeeringConnection>() {
            peerings.insert(id.id().clone(), self.model.peerings.len());
            let accepter = match &it.accepter {
                Accepter::Vpc(vpc) => PeeredSide::Vpc(self.vpcs.get(vpc.id()).copied()),
                Accepter::External { cidr, .. } => {
                    PeeredSide::External(vec![cidr.map_ref(|it| IpNet::V4(it.0))])
                }
            };
            self.model.peerings.push(Peering {
                name: resource.declaration.clone(),
                requester: self.vpcs.get(it.requester.id()).copied(),
                accepter,
            });
        }
        let transits = self.transits();
        for (id, _, _) in self.graph.all::<RouteTable>() {
            self.tables.insert(id.id().clone(), self.model.tables.len());
            self.model.tables.push(Table { routes: Vec::new() });
        }
        for (_, resource, route) in self.graph.all::<Route>() {
            let Some(table) = self.tables.get(route.table.id()) else {
                continue;
            };
            let target = match &route.target {
                RouteTarget::InternetGateway(it) => Target::InternetGateway(it.id().clone()),
                RouteTarget::NatGateway(it) => Target::Nat(nats.get(it.id()).copied()),
                RouteTarget::VpcPeering(it) => Target::Peering(peerings.get(it.id()).copied()),
                RouteTarget::EgressOnlyInternetGateway(it) => Target::EgressOnly(
                    self.graph.get(it).and_then(|it| self.vpcs.get(it.vpc.id())).copied(),
                ),
                RouteTarget::TransitGateway(it) => Target::Transit(transits.get(it.id()).copied()),
                RouteTarget::VpnGateway(it) => Target::Vpn(it.id().clone()),
                RouteTarget::Appliance(it) => Target::Appliance(it.to_string()),
                RouteTarget::Unknown => Target::Unknown,
            };
            let (destinations, from_list) = match &route.destination {
                network::Destination::Cidr(it) => (vec![net(it)], false),
                network::Destination::PrefixList(it) => (list(self.graph, it), true),
            };
            let rank = match (route.propagated, from_list) {
                (true, _) => RouteRank::Propagated,
                (false, true) => RouteRank::PrefixList,
                (false, false) => RouteRank::Static,
            };
            for destination in destinations {
                // The other side may have more blocks than the one that the peering names.
                if let Target::Peering(Some(it)) = target
                    && let PeeredSide::External(blocks) = &mut self.model.peerings[it].accepter
                    && !blocks.contains(&destination)
                {
                    blocks.push(destination.clone());
                }
                self.model.tables[*table].routes.push(RouteEntry {
                    destination,
                    target: target.clone(),
                    rank,
                    loc: resource.loc,
                });
            }
        }
        for (_, _, association) in self.graph.all::<RouteTableAssociation>() {
            let Some(subnet) = self.subnets.get(association.subnet.id()) else {
                continue;
            };
            let table = self.tables.get(association.table.id()).copied();
            self.model.subnets[*subnet].unknown_routes |= table.is_none();
            self.model.subnets[*subnet].table = table;
        }
    }

    fn groups(&mut self) {
        // A declaration that has nothing but a group and its rules is one whose rules the team wrote.
        let mut others: HashMap<&str, bool> = HashMap::new();
        for resource in self.graph.resources.values() {
            let group = matches!(resource.kind.type_name(), "SecurityGroup" | "SecurityGroupRule");
            *others.entry(&resource.declaration).or_default() |= !group;
        }
        for (id, resource, group) in self.graph.all::<SecurityGroup>() {
            self.model.group_index.insert(id.id().clone(), self.model.groups.len());
            self.model.groups.push(Group {
                layer: Layer::SecurityGroup,
                filters: true,
                id: id.id().clone(),
                name: resource.declaration.clone(),
                authored: !others.get(resource.declaration.as_str()).copied().unwrap_or(false),
                vpc: self.vpcs.get(group.vpc.id()).copied(),
                default_egress: group.default_egress.clone(),
                rules: Vec::new(),
                unknown_rules: Default::default(),
                about_groups: Default::default(),
                about_others: Default::default(),
            });
        }
        for (_, resource, rule) in self.graph.all::<SecurityGroupRule>() {
            let Some(group) = self.model.group(rule.group.id()) else {
                continue;
            };
            for rule in rules_of(&self.model, self.graph, resource, rule) {
                self.model.groups[group].add(rule);
            }
        }
    }
}
