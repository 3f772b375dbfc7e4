//! The network of a graph, with references resolved to indices and unknown parts marked.

use std::collections::{BTreeSet, HashMap};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::address::Address;
pub use super::group::{Group, Groups, Layer, Match, Rule};
use super::span::{Family, Span};
use super::traffic::Admitted;
use super::transit::Transit;
use crate::loc::Loc;
use crate::resource::ResourceId;
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::{Direction, EndpointService};
use crate::types::Port;
use crate::value::Value;

/// A network, ready to be asked who can reach whom.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The VPCs.
    pub vpcs: Vec<VpcNet>,
    /// The subnets.
    pub subnets: Vec<SubnetNet>,
    /// The route tables.
    pub tables: Vec<Table>,
    /// The network ACLs.
    pub acls: Vec<Acl>,
    /// The security groups.
    pub groups: Vec<Group>,
    /// The NAT gateways.
    pub nats: Vec<Nat>,
    /// The peerings.
    pub peerings: Vec<Peering>,
    /// The transit gateways.
    pub transits: Vec<Transit>,
    /// What has interfaces, by name of the declaration.
    pub endpoints: Vec<Endpoint>,
    /// The private ways to AWS services.
    pub services: Vec<ServiceEndpoint>,
    /// What load balancers send on.
    pub forwards: Vec<Forward>,
    /// What may be added by declarations that are not known here.
    pub open: bool,
    /// The IPv6 blocks of VPCs that the team has given.
    pub(super) own_ipv6: Vec<Span>,
    pub(super) endpoint_index: HashMap<String, usize>,
    pub(super) group_index: HashMap<ResourceId, usize>,
}

/// A VPC.
#[derive(Clone, Debug)]
pub struct VpcNet {
    /// The declaration's name.
    pub name: String,
    /// Its IPv4 blocks.
    pub blocks: Vec<Value<Ipv4Net>>,
    /// Its IPv6 blocks; for one that Amazon will choose, a stand-in.
    pub ipv6: Vec<Value<Ipv6Net>>,
    /// Whether it may have endpoints of AWS services that are not known.
    pub unknown_services: bool,
    /// The internet gateways that are attached to it.
    pub gateways: BTreeSet<ResourceId>,
    /// The VPN gateways that are attached to it.
    pub vpn_gateways: BTreeSet<ResourceId>,
}

impl VpcNet {
    /// Whether it has a block of a family that is not known.
    pub(super) fn has_unknown_block(&self, family: Family) -> bool {
        match family {
            Family::Ipv4 => self.blocks.iter().any(|it| it.literal().is_none()),
            Family::Ipv6 => self.ipv6.iter().any(|it| it.literal().is_none()),
        }
    }

    /// Its blocks of a family.
    pub(super) fn blocks_of(&self, family: Family) -> Vec<Value<IpNet>> {
        match family {
            Family::Ipv4 => self.blocks.iter().map(|it| it.map_ref(|it| IpNet::V4(*it))).collect(),
            Family::Ipv6 => self.ipv6.iter().map(|it| it.map_ref(|it| IpNet::V6(*it))).collect(),
        }
    }

    /// Its blocks of both families.
    pub fn all_blocks(&self) -> impl Iterator<Item = Value<IpNet>> {
        let v4 = self.blocks.iter().map(|it| it.map_ref(|it| IpNet::V4(*it)));
        v4.chain(self.ipv6.iter().map(|it| it.map_ref(|it| IpNet::V6(*it))))
    }
}

/// A subnet.
#[derive(Clone, Debug)]
pub struct SubnetNet {
    /// What it is called in messages: `network.private[0]`.
    pub name: String,
    /// The name of its tier: `network.private`.
    pub tier: String,
    /// Its VPC.
    pub vpc: usize,
    /// Its zone, if it is known.
    pub zone: Option<u8>,
    /// Its IPv4 addresses.
    pub block: Value<Ipv4Net>,
    /// Its IPv6 addresses, if it has any.
    pub ipv6: Option<Value<Ipv6Net>>,
    /// Its route table; none is the VPC's main table, which has only the local routes.
    pub table: Option<usize>,
    /// Whether its table may have routes that are not known.
    pub unknown_routes: bool,
    /// Its network ACL.
    pub acl: SubnetAcl,
}

/// The network ACL of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubnetAcl {
    /// The VPC's default one, which allows everything.
    Default,
    /// This one.
    Acl(usize),
    /// Not known here.
    Unknown,
}

/// A route table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its routes, without the local ones.
    pub routes: Vec<RouteEntry>,
}

/// A route.
#[derive(Clone, Debug)]
pub struct RouteEntry {
    /// The addresses it is for.
    pub destination: Value<IpNet>,
    /// Where it leads.
    pub target: Target,
    /// What it comes from, which decides between routes for the same addresses.
    pub rank: RouteRank,
    /// Where the author wrote what it comes from.
    pub loc: Loc,
}

/// What a route comes from. Of routes for the same block, a static one with a block of its own decides
/// before one by a prefix list, and that before a propagated one.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteRank {
    /// A VPN gateway put it there.
    Propagated,
    /// It names a prefix list.
    PrefixList,
    /// It names a block.
    Static,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An internet gateway.
    InternetGateway(ResourceId),
    /// A NAT gateway; none if it is not in the graph.
    Nat(Option<usize>),
    /// A peering; none if it is not in the graph.
    Peering(Option<usize>),
    /// An egress-only internet gateway of this VPC; none if it is not in the graph.
    EgressOnly(Option<usize>),
    /// A transit gateway; none if it is not in the graph.
    Transit(Option<usize>),
    /// A VPN gateway.
    Vpn(ResourceId),
    /// An appliance.
    Appliance(String),
    /// Not known here.
    Unknown,
}

/// A network ACL, entries by number.
#[derive(Clone, Debug)]
pub struct Acl {
    /// The declaration's name.
    pub name: String,
    /// Its entries in the order in which they are tried.
    pub entries: Vec<AclEntry>,
    /// The directions in which it may have entries that are not known.
    pub unknown_entries: BTreeSet<Direction>,
}

/// An entry of a network ACL.
#[derive(Clone, Debug)]
pub struct AclEntry {
    /// Its number; none if it is not known.
    pub number: Option<u16>,
    /// Its direction.
    pub direction: Direction,
    /// Whether it allows.
    pub allow: bool,
    /// What it matches.
    pub traffic: Admitted,
    /// The addresses on the other side.
    pub block: Value<IpNet>,
    /// Where the author wrote what it comes from.
    pub loc: Loc,
}

/// A NAT gateway.
#[derive(Clone, Debug)]
pub struct Nat {
    /// The subnet it stands in.
    pub subnet: Option<usize>,
    /// Whether it has a public address.
    pub public: bool,
}

/// A peering.
#[derive(Clone, Debug)]
pub struct Peering {
    /// The declaration's name.
    pub name: String,
    /// The VPC that asks.
    pub requester: Option<usize>,
    /// The other side.
    pub accepter: PeeredSide,
}

/// The other side of a peering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeeredSide {
    /// A VPC of the graph; the peering is within the Region, so that group references work.
    Vpc(Option<usize>),
    /// A VPC that somebody else runs, with the blocks that are routed to it.
    External(Vec<Value<IpNet>>),
}

impl Peering {
    /// Whether it connects these two VPCs of the graph.
    pub fn connects(&self, one: usize, other: usize) -> bool {
        let sides = (self.requester, &self.accepter);
        sides == (Some(one), &PeeredSide::Vpc(Some(other)))
            || sides == (Some(other), &PeeredSide::Vpc(Some(one)))
    }
}

/// The ports that connections come from: Linux uses 32768 to 60999 (`ip_local_port_range`), Windows 49152
/// to 65535, and load balancers, NAT gateways and Lambda 1024 to 65535.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports>
pub const fn client_ports(kind: InterfaceKind) -> (u16, u16) {
    match kind {
        InterfaceKind::Linux => LINUX_PORTS,
        InterfaceKind::Windows => WINDOWS_PORTS,
        InterfaceKind::Instance => INSTANCE_PORTS,
        InterfaceKind::LoadBalancer
        | InterfaceKind::NetworkLoadBalancer
        | InterfaceKind::Function
        | InterfaceKind::VpcEndpoint
        | InterfaceKind::Managed => WIDE_PORTS,
    }
}

/// The ports that Linux clients use.
pub const LINUX_PORTS: (u16, u16) = (32768, 60999);
/// The ports that Windows clients use.
pub const WINDOWS_PORTS: (u16, u16) = (49152, 65535);
/// The ports that machines use whose system is not known: those of Linux, or those of Windows.
pub const INSTANCE_PORTS: (u16, u16) = (32768, 65535);
/// The ports that load balancers, NAT gateways and unknown clients use.
pub const WIDE_PORTS: (u16, u16) = (1024, 65535);

/// What has interfaces.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The declaration's name.
    pub name: String,
    /// What it is.
    pub kind: InterfaceKind,
    /// Its interfaces; each set stands in every one of its subnets.
    pub interfaces: Vec<Interface>,
    /// The TCP ports it listens on, as far as it says so.
    pub ports: Vec<Value<Port>>,
    /// Whether it holds data.
    pub store: bool,
    /// Where the author wrote it.
    pub loc: Loc,
}

/// Interfaces that are alike.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The subnets; none means they are not known.
    pub subnets: Vec<usize>,
    /// The groups on them.
    pub groups: Groups,
    /// Whether they have public IPv4 addresses.
    pub public: Holds,
    /// Whether they have IPv6 addresses, where their subnet has an IPv6 block.
    pub ipv6: Holds,
}

/// A private way to an AWS service.
#[derive(Clone, Debug)]
pub struct ServiceEndpoint {
    /// Its VPC.
    pub vpc: Option<usize>,
    /// The service.
    pub service: EndpointService,
    /// How it is reached.
    pub way: ServiceWay,
}

/// How an endpoint of an AWS service is reached.
#[derive(Clone, Debug)]
pub enum ServiceWay {
    /// By routes in these tables.
    Gateway(BTreeSet<usize>),
    /// By interfaces.
    Interface(Interface),
}

/// What a load balancer sends on.
#[derive(Clone, Debug)]
pub struct Forward {
    /// The load balancer's name.
    pub load_balancer: String,
    /// The port it listens on.
    pub listener_port: Value<Port>,
    /// The name of what it sends requests to.
    pub target: String,
    /// The port it sends them to.
    pub target_port: Value<Port>,
    /// Whether the target sees the client's own address.
    pub keeps_client_address: Value<bool>,
    /// Where the author wrote the route.
    pub loc: Loc,
}

impl From<&Value<bool>> for Holds {
    fn from(it: &Value<bool>) -> Holds {
        match it {
            Value::Literal(true) => Holds::Yes,
            Value::Literal(false) => Holds::No,
            Value::Parameter(_) | Value::Unknown => Holds::Maybe,
        }
    }
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// It does not.
    No,
    /// Not known here.
    Maybe,
    /// It does.
    Yes,
}

impl Model {
    /// The endpoint `name`.
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.get(*self.endpoint_index.get(name)?)
    }

    /// Whether an address lies in a block. What stands in for a block that Amazon will choose lies in none
    /// of the team's own.
    pub fn within(&self, address: &Address, block: &Value<IpNet>) -> Holds {
        let held = address.within(block);
        if held == Holds::Maybe
            && let (Address::Within(span), Some(block)) = (address, block.literal())
            && span.is_stand_in()
            && self.own_ipv6.iter().any(|it| it.contains(&Span::of(*block)))
        {
            return Holds::No;
        }
        held
    }

    /// The group with this name in the graph.
    pub fn group(&self, id: &ResourceId) -> Option<usize> {
        self.group_index.get(id).copied()
    }

    /// The groups of a layer.
    pub fn of_layer(&self, layer: Layer) -> impl Iterator<Item = (usize, &Group)> {
        self.groups.iter().enumerate().filter(move |(_, it)| it.layer == layer)
    }

    /// The VPC of the declaration `name`.
    pub fn vpc(&self, name: &str) -> Option<usize> {
        self.vpcs.iter().position(|it| it.name == name)
    }

    /// The subnets of the tier `network.private`.
    pub fn tier(&self, name: &str) -> Vec<usize> {
        (0..self.subnets.len()).filter(|it| self.subnets[*it].tier == name).collect()
    }

    /// Says that the groups on an endpoint's interfaces are not known.
    pub fn unknown_groups(&mut self, endpoint: &str) {
        if let Some(index) = self.endpoint_index.get(endpoint) {
            for interface in &mut self.endpoints[*index].interfaces {
                interface.groups = Groups::Unknown;
            }
        }
    }

    /// Says that a group may have rules that are not known.
    pub fn unknown_rules(&mut self, group: &ResourceId, direction: Direction) {
        if let Some(index) = self.group_index.get(group) {
            self.groups[*index].unknown_rules.insert(direction);
        }
    }

    /// Says that the routes of a tier are not known.
    pub fn unknown_routes(&mut self, tier: &str) {
        for subnet in self.subnets.iter_mut().filter(|it| it.tier == tier) {
            subnet.unknown_routes = true;
        }
    }

    /// Says that a network ACL may have entries that are not known.
    pub fn unknown_entries(&mut self, acl: &str, direction: Direction) {
        for it in self.acls.iter_mut().filter(|it| it.name == acl) {
            it.unknown_entries.insert(direction);
        }
    }

    /// Says that every subnet that uses its VPC's default ACL may use another.
    pub fn unknown_acls(&mut self) {
        for subnet in &mut self.subnets {
            if subnet.acl == SubnetAcl::Default {
                subnet.acl = SubnetAcl::Unknown;
            }
        }
    }
}
