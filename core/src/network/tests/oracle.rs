//! An independent judge: sends single packets through the resources, one rule at a time. It shares
//! nothing with the engine but the types of the resources.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use crate::network::Question;
use crate::resource::network::*;
use crate::resource::{LoadBalancer, Ref, ResourceGraph, ResourceId, Service};
use crate::value::Value;

/// Ports: one of each stretch between the numbers that random rules use, and those numbers.
pub const PORTS: [u16; 12] = [1, 22, 80, 443, 500, 1023, 1024, 20000, 32768, 50000, 60999, 61000];

/// A packet without its addresses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Packet {
    Tcp(u16),
    Udp(u16),
    Icmp(u8),
}

#[derive(Clone, Debug)]
struct Host {
    address: Ipv4Addr,
    /// None is the internet.
    subnet: Option<ResourceId>,
    groups: Vec<ResourceId>,
    public: bool,
    low: u16,
    high: u16,
}

pub struct Oracle<'a> {
    graph: &'a ResourceGraph,
    subnets: Vec<(ResourceId, ResourceId, Ipv4Net)>,
    vpcs: Vec<(ResourceId, Ipv4Net)>,
    entries: Vec<&'a NetworkAclEntry>,
    rules: Vec<&'a SecurityGroupRule>,
    routes: Vec<&'a Route>,
}

fn known<T: Clone>(value: &Value<T>) -> T {
    value.literal().cloned().unwrap()
}

fn covers(block: &Value<crate::types::Cidr>, address: Ipv4Addr) -> bool {
    match known(block).0 {
        IpNet::V4(it) => it.contains(&address),
        IpNet::V6(_) => false,
    }
}

fn matches(traffic: &Traffic, packet: Packet) -> bool {
    let within = |range: &Value<PortRange>, port: u16| {
        let range = known(range);
        range.first <= port && port <= range.last
    };
    match (traffic, packet) {
        (Traffic::All, _) => true,
        (Traffic::Tcp(range), Packet::Tcp(port)) | (Traffic::Udp(range), Packet::Udp(port)) => {
            within(range, port)
        }
        (Traffic::Icmp { kind, .. }, Packet::Icmp(it)) => kind.is_none_or(|kind| kind == it),
        _ => false,
    }
}

/// The ports that a NAT gateway may take; where there is none on the way, one stands for all.
fn translated(to: &Host, port: u16) -> bool {
    if to.subnet.is_none() { port >= 1024 } else { port == 1024 }
}

enum Way<'a> {
    Local,
    To(&'a RouteTarget),
    Nowhere,
}

impl<'a> Oracle<'a> {
    pub fn new(graph: &'a ResourceGraph) -> Oracle<'a> {
        let mut entries: Vec<&NetworkAclEntry> = graph.all().map(|(_, _, it)| it).collect();
        entries.sort_by_key(|it| known(&it.number));
        let mut vpcs: Vec<(ResourceId, Ipv4Net)> =
            graph.all::<Vpc>().map(|(id, _, it)| (id.id().clone(), known(&it.cidr).0)).collect();
        for (_, _, it) in graph.all::<VpcCidrBlock>() {
            vpcs.push((it.vpc.id().clone(), known(&it.cidr).0));
        }
        Oracle {
            graph,
            subnets: graph
                .all::<Subnet>()
                .map(|(id, _, it)| (id.id().clone(), it.vpc.id().clone(), known(&it.cidr).0))
                .collect(),
            vpcs,
            entries,
            rules: graph.all().map(|(_, _, it)| it).collect(),
            routes: graph.all().map(|(_, _, it)| it).collect(),
        }
    }

    /// Whether `from` and `to` (the names of services and load balancers, or "internet") reach each
    /// other, by sending every packet.
    pub fn ask(&self, from: &str, to: &str, packet: Packet, question: Question) -> bool {
        let (sources, targets) = (self.hosts(from), self.hosts(to));
        let mut pairs = sources.iter().flat_map(|a| targets.iter().map(move |b| (a, b)));
        match question {
            Question::Works => pairs.all(|(from, to)| {
                let ports = PORTS.iter().copied().chain([65535]);
                ports.clone().filter(|it| (from.low..=from.high).contains(it)).all(|port| {
                    ports
                        .clone()
                        .filter(|it| translated(to, *it))
                        .all(|nat| self.connects(from, to, packet, port, nat, true))
                })
            }),
            Question::Open => pairs.any(|(from, to)| {
                let ports = PORTS.iter().copied().chain([65535]);
                ports.clone().any(|port| {
                    ports
                        .clone()
                        .filter(|it| translated(to, *it))
                        .any(|nat| self.connects(from, to, packet, port, nat, false))
                })
            }),
        }
    }

    fn hosts(&self, name: &str) -> Vec<Host> {
        if name == "internet" {
            return [[8, 8, 8, 8], [9, 9, 9, 9], [54, 1, 2, 3]]
                .into_iter()
                .map(|it| Host {
                    address: it.into(),
                    subnet: None,
                    groups: Vec::new(),
                    public: true,
                    low: 1024,
                    high: 65535,
                })
                .collect();
        }
        let (subnets, groups, public, low, high): (&[Ref<Subnet>], &[Ref<SecurityGroup>], _, _, _) =
            match (self.graph.get(&service(name)), self.graph.get(&balancer(name))) {
                (Some(it), _) => (&it.subnets, &it.groups, false, 32768, 60999),
                (_, Some(it)) => (&it.subnets, &it.groups, it.internet_facing, 1024, 65535),
                (None, None) => panic!("no {name}"),
            };
        let mut hosts = Vec::new();
        for subnet in subnets {
            let (id, _, net) = self.subnets.iter().find(|it| it.0 == *subnet.id()).unwrap();
            for offset in [0, 3, 4, 7, 8, 11, 12, 15] {
                hosts.push(Host {
                    address: Ipv4Addr::from_bits(net.network().to_bits() + offset),
                    subnet: Some(id.clone()),
                    groups: groups.iter().map(|it| it.id().clone()).collect(),
                    public,
                    low,
                    high,
                });
            }
        }
        hosts
    }

    fn vpc_of(&self, subnet: &ResourceId) -> &ResourceId {
        &self.subnets.iter().find(|it| it.0 == *subnet).unwrap().1
    }

    /// Whether the groups of a host let a packet pass.
    fn group(
        &self,
        own: &Host,
        direction: Direction,
        other: &Host,
        packet: Packet,
        private: bool,
    ) -> bool {
        own.groups.iter().any(|group| {
            let reference: Ref<SecurityGroup> = Ref::new(group.clone());
            if direction == Direction::Egress
                && known(&self.graph.get(&reference).unwrap().default_egress)
            {
                return true;
            }
            self.rules.iter().any(|rule| {
                rule.group.id() == group
                    && rule.direction == direction
                    && matches(&rule.traffic, packet)
                    && match &rule.peer {
                        RulePeer::Cidr(it) => covers(it, other.address),
                        RulePeer::PrefixList(_) => false,
                        RulePeer::Group(it) => private && other.groups.contains(it.id()),
                    }
            })
        })
    }

    /// Whether the network ACL of a subnet lets a packet pass.
    fn acl(
        &self,
        subnet: &ResourceId,
        direction: Direction,
        remote: Ipv4Addr,
        packet: Packet,
    ) -> bool {
        let association =
            self.graph.all::<NetworkAclAssociation>().find(|(_, _, it)| it.subnet.id() == subnet);
        let Some((_, _, association)) = association else {
            return true;
        };
        for entry in &self.entries {
            if entry.acl == association.acl
                && entry.direction == direction
                && covers(&entry.cidr, remote)
                && matches(&entry.traffic, packet)
            {
                return entry.allow;
            }
        }
        false
    }

    fn route(&self, subnet: &ResourceId, address: Ipv4Addr) -> Way<'_> {
        let vpc = self.vpc_of(subnet);
        let mut best = -1i32;
        let mut way = Way::Nowhere;
        for (owner, net) in &self.vpcs {
            if owner == vpc && net.contains(&address) && i32::from(net.prefix_len()) > best {
                best = i32::from(net.prefix_len());
                way = Way::Local;
            }
        }
        let table = self
            .graph
            .all::<RouteTableAssociation>()
            .find(|(_, _, it)| it.subnet.id() == subnet)
            .map(|(_, _, it)| it.table.clone());
        for route in &self.routes {
            let Destination::Cidr(destination) = &route.destination else {
                continue;
            };
            if Some(&route.table) == table.as_ref() && covers(destination, address) {
                let length = i32::from(known(destination).0.prefix_len());
                if length > best {
                    best = length;
                    way = Way::To(&route.target);
                }
            }
        }
        way
    }

    fn attached(&self, subnet: &ResourceId, gateway: &Ref<InternetGateway>) -> bool {
        let vpc = self.vpc_of(subnet);
        self.graph
            .all::<InternetGatewayAttachment>()
            .any(|(_, _, it)| it.vpc.id() == vpc && it.gateway == *gateway)
    }

    /// One connection: from a port of the client, and, if it leaves by NAT, from a port of the gateway.
    fn connects(
        &self,
        from: &Host,
        to: &Host,
        packet: Packet,
        port: u16,
        nat: u16,
        strict: bool,
    ) -> bool {
        let answer = match packet {
            Packet::Tcp(_) => Some(Packet::Tcp(port)),
            Packet::Udp(_) if strict => Some(Packet::Udp(port)),
            Packet::Icmp(8) if strict => Some(Packet::Icmp(0)),
            Packet::Udp(_) | Packet::Icmp(_) => None,
        };
        match (&from.subnet, &to.subnet) {
            (Some(a), Some(b)) => {
                let same = self.vpc_of(a) == self.vpc_of(b);
                if a == b {
                    return self.group(from, Direction::Egress, to, packet, true)
                        && self.group(to, Direction::Ingress, from, packet, true);
                }
                let peering = |subnet: &ResourceId, address| {
                    if let Way::To(RouteTarget::VpcPeering(it)) = self.route(subnet, address) {
                        Some(it.clone())
                    } else {
                        None
                    }
                };
                let leads = |it: &Ref<VpcPeeringConnection>| {
                    let it = self.graph.get(it).unwrap();
                    let Accepter::Vpc(accepter) = &it.accepter else {
                        return false;
                    };
                    let ends = [it.requester.id(), accepter.id()];
                    ends.contains(&self.vpc_of(a)) && ends.contains(&self.vpc_of(b))
                };
                let (there, back) = if same {
                    (
                        matches!(self.route(a, to.address), Way::Local),
                        matches!(self.route(b, from.address), Way::Local),
                    )
                } else {
                    let there = peering(a, to.address).filter(&leads);
                    let back = peering(b, from.address);
                    (there.is_some(), there.is_some() && back == there)
                };
                there
                    && self.group(from, Direction::Egress, to, packet, true)
                    && self.acl(a, Direction::Egress, to.address, packet)
                    && self.acl(b, Direction::Ingress, from.address, packet)
                    && self.group(to, Direction::Ingress, from, packet, true)
                    && answer.is_none_or(|answer| {
                        back && self.acl(b, Direction::Egress, from.address, answer)
                            && self.acl(a, Direction::Ingress, to.address, answer)
                    })
            }
            (Some(a), None) => {
                if !self.group(from, Direction::Egress, to, packet, false)
                    || !self.acl(a, Direction::Egress, to.address, packet)
                    || answer.is_some_and(|it| !self.acl(a, Direction::Ingress, to.address, it))
                {
                    return false;
                }
                match self.route(a, to.address) {
                    Way::To(RouteTarget::InternetGateway(it)) => {
                        self.attached(a, it) && from.public
                    }
                    Way::To(RouteTarget::NatGateway(it)) => {
                        let n = self.graph.get(it).unwrap().subnet.id();
                        let Way::To(RouteTarget::InternetGateway(gateway)) =
                            self.route(n, to.address)
                        else {
                            return false;
                        };
                        let translated = answer.map(|it| match it {
                            Packet::Tcp(_) => Packet::Tcp(nat),
                            Packet::Udp(_) => Packet::Udp(nat),
                            Packet::Icmp(it) => Packet::Icmp(it),
                        });
                        self.attached(n, gateway)
                            && (n == a
                                || (self.acl(n, Direction::Ingress, from.address, packet)
                                    && answer.is_none_or(|it| {
                                        self.acl(n, Direction::Egress, from.address, it)
                                    })))
                            && self.acl(n, Direction::Egress, to.address, packet)
                            && translated
                                .is_none_or(|it| self.acl(n, Direction::Ingress, to.address, it))
                    }
                    Way::Local | Way::To(_) | Way::Nowhere => false,
                }
            }
            (None, Some(b)) => {
                let vpc = self.vpc_of(b);
                let has_gateway = self
                    .graph
                    .all::<InternetGatewayAttachment>()
                    .any(|(_, _, it)| it.vpc.id() == vpc);
                has_gateway
                    && to.public
                    && self.acl(b, Direction::Ingress, from.address, packet)
                    && self.group(to, Direction::Ingress, from, packet, false)
                    && answer.is_none_or(|answer| {
                        let Way::To(RouteTarget::InternetGateway(it)) = self.route(b, from.address)
                        else {
                            return false;
                        };
                        self.attached(b, it) && self.acl(b, Direction::Egress, from.address, answer)
                    })
            }
            (None, None) => panic!("both sides are outside"),
        }
    }
}

fn service(name: &str) -> Ref<Service> {
    Ref::new(ResourceId::new(&[name]))
}

fn balancer(name: &str) -> Ref<LoadBalancer> {
    Ref::new(ResourceId::new(&[name]))
}
