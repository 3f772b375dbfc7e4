//! The resources of a graph, laid out for looking up: which block, table, ACL and gateway belongs where.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::resource::kubernetes::{NetworkPolicy, PolicyPeer};
use crate::resource::network::*;
use crate::resource::{
    EgressOnlyInternetGateway, PrefixList, Ref, ResourceGraph, ResourceId, Typed,
    VpnGatewayAttachment,
};
use crate::types::Cidr;
use crate::value::Value;

/// One address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    pub six: bool,
    pub bits: u128,
}

/// The addresses of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    pub six: bool,
    pub first: u128,
    pub last: u128,
    pub length: u8,
}

impl Block {
    pub fn of(net: IpNet) -> Block {
        match net {
            IpNet::V4(it) => Block {
                six: false,
                first: it.network().to_bits().into(),
                last: it.broadcast().to_bits().into(),
                length: it.prefix_len(),
            },
            IpNet::V6(it) => Block {
                six: true,
                first: it.network().to_bits(),
                last: it.broadcast().to_bits(),
                length: it.prefix_len(),
            },
        }
    }

    pub fn parse(text: &str) -> Block {
        Block::of(text.parse().unwrap())
    }

    pub fn contains(&self, address: Address) -> bool {
        self.six == address.six && self.first <= address.bits && address.bits <= self.last
    }

    pub fn at(&self, offset: u128) -> Address {
        Address { six: self.six, bits: self.first + offset }
    }
}

/// Where a route leads, seen from the VPC of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Local,
    Internet,
    EgressOnly,
    Nat(usize),
    Peering(usize),
    Transit(usize),
    Vpn,
    /// Beyond what the graph describes.
    Beyond,
    /// What it names is not attached here.
    Nowhere,
}

/// One route: the longest block decides, then the least rank.
#[derive(Clone, Debug)]
pub struct Way {
    pub block: Block,
    /// 0: local and static, 1: by a prefix list, 2: propagated.
    pub rank: u8,
    pub target: Target,
}

#[derive(Debug, Default)]
pub struct VpcInfo {
    pub blocks: Vec<Block>,
    pub gateway: bool,
    /// Whether a VPN gateway is attached.
    pub vpn: bool,
}

#[derive(Debug)]
pub struct SubnetInfo {
    pub vpc: usize,
    pub four: Block,
    pub six: Option<Block>,
    pub zone: u8,
    pub ways: Vec<Way>,
    /// The services that gateway endpoints lead to from here.
    pub services: Vec<EndpointService>,
    /// The entries in and out, by number; none is the default ACL, which lets all pass.
    pub acl: Option<[Vec<Entry>; 2]>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub number: u16,
    pub allow: bool,
    pub block: Block,
    pub traffic: Traffic,
}

#[derive(Debug)]
pub enum Peer {
    Blocks(Vec<Block>, bool),
    Group(usize),
}

#[derive(Debug)]
pub struct GroupInfo {
    /// The rules in and out.
    pub rules: [Vec<(Peer, Traffic)>; 2],
}

#[derive(Debug)]
pub enum PolicyTo {
    Blocks(Vec<Block>),
    Public,
    Pods(usize),
}

/// A network policy: pods that it isolates take part in what a rule admits, and in nothing else.
#[derive(Debug)]
pub struct PolicyInfo {
    pub isolates: bool,
    pub rules: [Vec<(PolicyTo, Traffic)>; 2],
}

#[derive(Debug)]
pub struct NatInfo {
    pub subnet: usize,
    pub public: bool,
}

/// A route of a transit gateway: its block, whether it is static, the attachment; none drops.
pub type TransitWay = (Block, bool, Option<usize>);

#[derive(Debug)]
pub struct AttachmentInfo {
    pub gateway: usize,
    pub vpc: usize,
    pub subnets: Vec<usize>,
    pub six: bool,
    /// The routes of its table.
    pub routes: Vec<TransitWay>,
}

/// Everything, by number.
#[derive(Debug, Default)]
pub struct Net {
    pub vpcs: Vec<VpcInfo>,
    pub subnets: Vec<SubnetInfo>,
    pub groups: Vec<GroupInfo>,
    pub policies: Vec<PolicyInfo>,
    pub nats: Vec<NatInfo>,
    pub peerings: Vec<[usize; 2]>,
    /// Whether ingress rules may refer to groups across this transit gateway.
    pub transits: Vec<bool>,
    pub attachments: Vec<AttachmentInfo>,
    /// Every block that a rule, route or entry names.
    pub named: Vec<Block>,
    /// The numbers where a range of ports of an ACL's entry begins or has ended: TCP, UDP.
    pub cuts: [Vec<u16>; 2],
    subnet_numbers: BTreeMap<ResourceId, usize>,
    group_numbers: BTreeMap<ResourceId, usize>,
    policy_numbers: BTreeMap<ResourceId, usize>,
}

pub fn known<T: Clone>(value: &Value<T>) -> Option<T> {
    value.literal().cloned()
}

pub fn block(value: &Value<Cidr>) -> Option<Block> {
    value.literal().map(|it| Block::of(it.0))
}

pub fn number<K: Typed>(graph: &ResourceGraph, it: &Ref<K>) -> Option<usize> {
    graph.all::<K>().position(|(id, _, _)| id == *it)
}

/// The block from Amazon of the VPC with this number: somewhere that nobody names.
fn amazon(vpc: usize) -> Block {
    Block::parse(&format!("2600:1f0{vpc}:7000:aa00::/56"))
}

impl Net {
    /// None if a reference leads nowhere or a value is not known.
    pub fn new(graph: &ResourceGraph) -> Option<Net> {
        let mut net = Net::default();
        for (id, _, it) in graph.all::<Vpc>() {
            let mut vpc = VpcInfo::default();
            vpc.blocks.push(Block::of(known(&it.cidr)?.0.into()));
            let attachments = graph.all::<InternetGatewayAttachment>();
            vpc.gateway = attachments.into_iter().any(|(_, _, it)| it.vpc == id);
            vpc.vpn = graph.all::<VpnGatewayAttachment>().any(|(_, _, it)| it.vpc == id);
            net.vpcs.push(vpc);
        }
        for (_, _, it) in graph.all::<VpcCidrBlock>() {
            let vpc = number(graph, &it.vpc)?;
            net.vpcs[vpc].blocks.push(Block::of(known(&it.cidr)?.0.into()));
        }
        for (_, _, it) in graph.all::<VpcIpv6Block>() {
            let vpc = number(graph, &it.vpc)?;
            net.vpcs[vpc].blocks.push(match &it.block {
                Ipv6Block::Amazon => amazon(vpc),
                Ipv6Block::Given(it) => block(it)?,
            });
        }
        for (id, _, it) in graph.all::<Subnet>() {
            let vpc = number(graph, &it.vpc)?;
            let six = match &it.ipv6 {
                None => None,
                Some(SubnetIpv6::Given(it)) => Some(block(it)?),
                Some(SubnetIpv6::Nth(nth)) => {
                    let first = amazon(vpc).first + (u128::from(*nth) << 64);
                    let last = first + u128::from(u64::MAX);
                    Some(Block { six: true, first, last, length: 64 })
                }
            };
            let four = Block::of(known(&it.cidr)?.0.into());
            let inside = |it: Block| net.vpcs[vpc].blocks.iter().any(|b| b.contains(it.at(0)));
            if !inside(four) || six.is_some_and(|it| !inside(it)) {
                return None;
            }
            let mut subnet = SubnetInfo {
                vpc,
                four,
                six,
                zone: it.zone,
                ways: Vec::new(),
                services: Vec::new(),
                acl: net.acl(graph, &id)?,
            };
            net.table(graph, &id, &mut subnet)?;
            net.subnet_numbers.insert(id.id().clone(), net.subnets.len());
            net.subnets.push(subnet);
        }
        net.gateways(graph)?;
        net.groups(graph)?;
        net.policies(graph)?;
        net.attach(graph)?;
        net.remember();
        Some(net)
    }

    pub fn subnet(&self, it: &Ref<Subnet>) -> Option<usize> {
        self.subnet_numbers.get(it.id()).copied()
    }

    pub fn group(&self, it: &Ref<SecurityGroup>) -> Option<usize> {
        self.group_numbers.get(it.id()).copied()
    }

    pub fn policy(&self, it: &Ref<NetworkPolicy>) -> Option<usize> {
        self.policy_numbers.get(it.id()).copied()
    }

    fn policies(&mut self, graph: &ResourceGraph) -> Option<()> {
        for (it, policy) in graph.network_policies() {
            self.policy_numbers.insert(it.id.clone(), self.policies.len());
            let rules = [Vec::new(), Vec::new()];
            self.policies.push(PolicyInfo { isolates: policy.isolates, rules });
        }
        for (_, it) in graph.network_policy_rules() {
            let peer = match &it.peer {
                PolicyPeer::Network { blocks, .. } => {
                    PolicyTo::Blocks(blocks.iter().map(block).collect::<Option<_>>()?)
                }
                PolicyPeer::Internet => PolicyTo::Public,
                PolicyPeer::Pods(it) => PolicyTo::Pods(self.policy(it)?),
            };
            let policy = self.policy(&it.policy)?;
            self.policies[policy].rules[side(it.direction)].push((peer, it.traffic.clone()));
        }
        Some(())
    }

    fn acl(&self, graph: &ResourceGraph, subnet: &Ref<Subnet>) -> Option<Option<[Vec<Entry>; 2]>> {
        let mut associations = graph.all::<NetworkAclAssociation>();
        let Some((_, _, association)) = associations.find(|(_, _, it)| it.subnet == *subnet) else {
            return Some(None);
        };
        graph.get(&association.acl)?;
        let mut lists = [Vec::new(), Vec::new()];
        for (_, _, it) in graph.all::<NetworkAclEntry>() {
            if it.acl == association.acl {
                lists[side(it.direction)].push(Entry {
                    number: known(&it.number)?,
                    allow: it.allow,
                    block: block(&it.cidr)?,
                    traffic: it.traffic.clone(),
                });
            }
        }
        for list in &mut lists {
            list.sort_by_key(|it| it.number);
        }
        Some(Some(lists))
    }

    fn table(
        &self,
        graph: &ResourceGraph,
        id: &Ref<Subnet>,
        subnet: &mut SubnetInfo,
    ) -> Option<()> {
        for &block in &self.vpcs[subnet.vpc].blocks {
            subnet.ways.push(Way { block, rank: 0, target: Target::Local });
        }
        let mut associations = graph.all::<RouteTableAssociation>();
        let Some((_, _, association)) = associations.find(|(_, _, it)| it.subnet == *id) else {
            return Some(());
        };
        graph.get(&association.table)?;
        for (_, _, it) in graph.all::<Route>() {
            if it.table != association.table {
                continue;
            }
            let target = self.target(graph, subnet.vpc, &it.target)?;
            match &it.destination {
                Destination::Cidr(to) => {
                    let rank = if it.propagated { 2 } else { 0 };
                    subnet.ways.push(Way { block: block(to)?, rank, target });
                }
                Destination::PrefixList(list) => {
                    for to in &graph.get::<PrefixList>(list)?.entries {
                        subnet.ways.push(Way { block: block(to)?, rank: 1, target });
                    }
                }
            }
        }
        for (_, _, it) in graph.all::<VpcEndpoint>() {
            if let EndpointKind::Gateway { tables } = &it.kind
                && tables.contains(&association.table)
            {
                subnet.services.push(it.service);
            }
        }
        Some(())
    }

    fn target(&self, graph: &ResourceGraph, vpc: usize, target: &RouteTarget) -> Option<Target> {
        let here = |it: &Ref<Vpc>| number(graph, it) == Some(vpc);
        Some(match target {
            RouteTarget::InternetGateway(gateway) => {
                graph.get(gateway)?;
                let mut all = graph.all::<InternetGatewayAttachment>();
                if all.any(|(_, _, it)| it.gateway == *gateway && here(&it.vpc)) {
                    Target::Internet
                } else {
                    Target::Nowhere
                }
            }
            RouteTarget::EgressOnlyInternetGateway(gateway) => {
                let gateway: &EgressOnlyInternetGateway = graph.get(gateway)?;
                if here(&gateway.vpc) { Target::EgressOnly } else { Target::Nowhere }
            }
            RouteTarget::NatGateway(nat) => {
                let subnet = graph.get(&graph.get(nat)?.subnet)?;
                if here(&subnet.vpc) { Target::Nat(number(graph, nat)?) } else { Target::Nowhere }
            }
            RouteTarget::VpcPeering(peering) => match &graph.get(peering)?.accepter {
                Accepter::Vpc(_) => {
                    let mut all = graph.all::<VpcPeeringConnection>();
                    let number = all.position(|(id, _, _)| id == *peering)?;
                    Target::Peering(number)
                }
                Accepter::External { .. } => Target::Beyond,
            },
            RouteTarget::TransitGateway(gateway) => Target::Transit(number(graph, gateway)?),
            RouteTarget::VpnGateway(gateway) => {
                graph.get(gateway)?;
                let mut all = graph.all::<VpnGatewayAttachment>();
                if all.any(|(_, _, it)| it.gateway == *gateway && here(&it.vpc)) {
                    Target::Vpn
                } else {
                    Target::Nowhere
                }
            }
            RouteTarget::Appliance(_) | RouteTarget::Unknown => Target::Beyond,
        })
    }

    fn gateways(&mut self, graph: &ResourceGraph) -> Option<()> {
        for (_, _, it) in graph.all::<NatGateway>() {
            let subnet = self.subnet(&it.subnet)?;
            self.nats.push(NatInfo { subnet, public: it.address.is_some() });
        }
        for (_, _, it) in graph.all::<VpcPeeringConnection>() {
            let requester = number(graph, &it.requester)?;
            self.peerings.push(match &it.accepter {
                Accepter::Vpc(it) => [requester, number(graph, it)?],
                Accepter::External { .. } => [requester, usize::MAX],
            });
        }
        Some(())
    }

    fn groups(&mut self, graph: &ResourceGraph) -> Option<()> {
        for (id, _, it) in graph.all::<SecurityGroup>() {
            let mut rules = [Vec::new(), Vec::new()];
            if known(&it.default_egress)? {
                let all = vec![Block::parse("0.0.0.0/0"), Block::parse("::/0")];
                rules[side(Direction::Egress)].push((Peer::Blocks(all, false), Traffic::All));
            }
            self.group_numbers.insert(id.id().clone(), self.groups.len());
            number(graph, &it.vpc)?;
            self.groups.push(GroupInfo { rules });
        }
        for (_, _, it) in graph.all::<SecurityGroupRule>() {
            let peer = match &it.peer {
                RulePeer::Cidr(it) => Peer::Blocks(vec![block(it)?], false),
                RulePeer::PrefixList(list) => {
                    let list: &PrefixList = graph.get(list)?;
                    let blocks: Option<Vec<Block>> = list.entries.iter().map(block).collect();
                    Peer::Blocks(blocks?, true)
                }
                RulePeer::Group(it) => Peer::Group(self.group(it)?),
            };
            let group = self.group(&it.group)?;
            self.groups[group].rules[side(it.direction)].push((peer, it.traffic.clone()));
        }
        Some(())
    }

    /// Notes every block and every end of a range of ports.
    fn remember(&mut self) {
        let mut named = Vec::new();
        let mut cuts = [Vec::new(), Vec::new()];
        for subnet in &self.subnets {
            named.extend(subnet.ways.iter().map(|it| it.block));
            for entry in subnet.acl.iter().flatten().flatten() {
                named.push(entry.block);
                let (list, range) = if let Traffic::Tcp(Value::Literal(it)) = &entry.traffic {
                    (&mut cuts[0], *it)
                } else if let Traffic::Udp(Value::Literal(it)) = &entry.traffic {
                    (&mut cuts[1], *it)
                } else {
                    continue;
                };
                list.push(range.first);
                list.extend(range.last.checked_add(1));
            }
        }
        for (peer, _) in self.groups.iter().flat_map(|it| it.rules.iter().flatten()) {
            if let Peer::Blocks(blocks, _) = peer {
                named.extend(blocks);
            }
        }
        for (peer, _) in self.policies.iter().flat_map(|it| it.rules.iter().flatten()) {
            if let PolicyTo::Blocks(blocks) = peer {
                named.extend(blocks);
            }
        }
        for attachment in &self.attachments {
            named.extend(attachment.routes.iter().map(|it| it.0));
        }
        named.sort();
        named.dedup();
        self.named = named;
        for list in &mut cuts {
            list.sort_unstable();
            list.dedup();
        }
        self.cuts = cuts;
    }
}

/// Ingress first.
pub fn side(direction: Direction) -> usize {
    match direction {
        Direction::Ingress => 0,
        Direction::Egress => 1,
    }
}
