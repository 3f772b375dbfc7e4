//! An independent judge: sends single packets through the resources, one rule at a time. It shares
//! nothing with the engine but the types of the resources, and was written from AWS's pages alone.
//!
//! | What | AWS's page |
//! |---|---|
//! | rows of the table of semantics | `security-group-rules`, `vpc-network-acls`, `VPC_Route_Tables`, `vpc-peering-basics` |
//! | longest prefix, static, prefix list, propagated; local before propagated | <https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html>, <https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html> |
//! | local routes for every IPv4 and IPv6 block | <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html> |
//! | IPv6 addresses are public; egress-only gateways are stateful, for IPv6, and let nobody open a connection | <https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway-basics.html> |
//! | NAT gateways: TCP, UDP and ICMP; private ones do not get past an internet gateway; both lead to transit gateways with their private address | <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>, <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html> |
//! | transit gateway: zones without an attachment do not reach it, traffic stays in its zone where it can, an attachment uses one table, blackholes | <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>, <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html> |
//! | transit gateway: static before propagated for the same block | "Route evaluation order" of the first page |
//! | transit gateway: what goes to it passes the ACL of the sender's subnet out and the attachment's subnet in; what comes from it the attachment's out and the target's in; the latter two are not evaluated if both are one subnet | <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html> |
//! | references to groups across a transit gateway: ingress rules only, if enabled | <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security> |
//! | central egress by a NAT gateway of another VPC behind a transit gateway | <https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html> |
//! | gateway endpoints: a route to the service's prefix list, for IPv4 unless told otherwise, for interfaces of the VPC only | <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html> |
//!
//! NAT64 is not modelled. What AWS's pages leave open is marked [`Mark::Unsettled`]; nobody compares it.

mod attachments;
mod filter;
mod marks;
mod net;
mod walk;

use std::cell::Cell;

use super::super::{Question, Side};
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::{EndpointKind, EndpointService, SecurityGroup, Subnet, VpcEndpoint};
use crate::resource::{LoadBalancer, Ref, ResourceGraph, ResourceId, Service};
use filter::Across;
use net::{Address, Block, Net, known};
use walk::{Chance, End, Stop};

pub use marks::{MARKS, Mark};

/// A packet without its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Packet {
    Tcp(u16),
    Udp(u16),
    Icmp(u8),
    Icmpv6(u8),
    Protocol(u8),
}

/// What AWS answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Yes,
    No,
    /// It depends on what the graph does not describe.
    Unknown,
}

/// A place with an address.
#[derive(Clone, Debug)]
struct Host {
    address: Address,
    /// None is the internet.
    subnet: Option<usize>,
    /// None is not filtered.
    groups: Option<Vec<usize>>,
    /// The network policy that is about it.
    policy: Option<usize>,
    /// Whether a public IPv4 address is mapped to it.
    public: bool,
    /// The AWS service that stands there.
    endpoint: Option<EndpointService>,
}

/// The hosts of one side, and the ranges of ports its connections may come from: any one of these ranges,
/// which one is not known.
struct Party {
    hosts: Vec<Host>,
    ports: Vec<(u16, u16)>,
}

pub struct Oracle {
    net: Net,
    /// The addresses that stand for all of a subnet: two in the same blocks are treated alike.
    addresses: Vec<[Vec<Address>; 2]>,
    outside: [Vec<Address>; 2],
    marks: Cell<u64>,
    /// ACLs and groups that let all pass, to see what decides.
    open_acls: Cell<bool>,
    open_groups: Cell<bool>,
}

/// Addresses of the internet, some of which blocks in rules and routes have.
const OUTSIDE: [&str; 6] = [
    "8.8.8.8/32",
    "9.9.9.9/32",
    "54.1.2.3/32",
    "2a00:1450::8/128",
    "2001:4860::8/128",
    "2400:cb00::1/128",
];

/// Linux, Windows, and what AWS runs.
const LINUX: (u16, u16) = (32768, 60999);
const WINDOWS: (u16, u16) = (49152, 65535);
const AWS: (u16, u16) = (1024, 65535);

impl Oracle {
    /// None if a reference leads nowhere or a value is not known.
    pub fn new(graph: &ResourceGraph) -> Option<Oracle> {
        let net = Net::new(graph)?;
        let alike = |addresses: Vec<Address>| {
            let mut seen: Vec<(Vec<bool>, Address)> = Vec::new();
            for address in addresses {
                let signature: Vec<bool> =
                    net.named.iter().map(|it| it.contains(address)).collect();
                if seen.iter().all(|it| it.0 != signature) {
                    seen.push((signature, address));
                }
            }
            seen.into_iter().map(|it| it.1).collect::<Vec<_>>()
        };
        let addresses = net
            .subnets
            .iter()
            .map(|subnet| {
                // Row 29: the first four and the last are AWS's own.
                let four = (4..15).map(|it| subnet.four.at(it)).collect();
                let six = subnet.six.map(|it| vec![it.at(4), it.at(1 << 63)]).unwrap_or_default();
                [alike(four), alike(six)]
            })
            .collect();
        // The internet is every public address that no VPC here has.
        let outside = |six| {
            let edges = net
                .named
                .iter()
                .flat_map(|it| [it.first, it.last].map(|bits| Address { six: it.six, bits }));
            let all = OUTSIDE.iter().map(|it| Block::parse(it).at(0)).chain(edges);
            let ours =
                |it: &Address| net.vpcs.iter().flat_map(|it| &it.blocks).any(|b| b.contains(*it));
            alike(all.filter(|it| it.six == six && public(*it) && !ours(it)).collect())
        };
        let outside = [outside(false), outside(true)];
        Some(Oracle {
            addresses,
            outside,
            net,
            marks: Cell::new(0),
            open_acls: Cell::new(false),
            open_groups: Cell::new(false),
        })
    }

    fn mark(&self, mark: Mark) {
        self.marks.set(self.marks.get() | 1 << mark as u64);
    }

    /// What the last question met.
    pub fn marks(&self) -> Vec<Mark> {
        MARKS.iter().copied().filter(|it| self.met(*it)).collect()
    }

    /// Whether the last question met this.
    pub fn met(&self, mark: Mark) -> bool {
        self.marks.get() & 1 << mark as u64 != 0
    }

    /// Whether `from` and `to` reach each other, by sending every packet.
    pub fn ask(
        &self,
        graph: &ResourceGraph,
        from: &Side,
        to: &Side,
        packet: Packet,
        six: bool,
        question: Question,
    ) -> Option<Verdict> {
        let judge = |acls, groups| {
            self.marks.set(0);
            self.open_acls.set(acls);
            self.open_groups.set(groups);
            self.judge(graph, from, to, packet, six, question)
        };
        let verdict = judge(false, false);
        let marks = self.marks.get();
        if verdict != Some(Verdict::No) {
            return verdict;
        }
        let decides =
            [(true, false), (false, true), (true, true)].map(|it| judge(it.0, it.1) != verdict);
        self.marks.set(marks);
        match decides {
            [true, _, _] => self.mark(Mark::AclDecides),
            [_, true, _] => self.mark(Mark::GroupDecides),
            [_, _, false] => self.mark(Mark::RouteDecides),
            [false, false, true] => {}
        }
        verdict
    }

    fn judge(
        &self,
        graph: &ResourceGraph,
        from: &Side,
        to: &Side,
        packet: Packet,
        six: bool,
        question: Question,
    ) -> Option<Verdict> {
        let sources = self.party(graph, from, six)?;
        let mut verdicts = Vec::new();
        for targets in self.targets(graph, to, six, sources.hosts.first())? {
            for ports in &sources.ports {
                verdicts.push(self.sides(&sources.hosts, &targets, *ports, packet, question));
            }
        }
        let first = *verdicts.first()?;
        Some(if verdicts.iter().all(|it| *it == first) { first } else { Verdict::Unknown })
    }

    /// The possible sets of targets: one, but where an AWS service is on the internet is not known.
    fn targets(
        &self,
        graph: &ResourceGraph,
        to: &Side,
        six: bool,
        source: Option<&Host>,
    ) -> Option<Vec<Vec<Host>>> {
        let Side::Service(service) = to else {
            return Some(vec![self.party(graph, to, six)?.hosts]);
        };
        let vpc = self.net.subnets[source?.subnet?].vpc;
        for (_, _, it) in graph.all::<VpcEndpoint>() {
            if let EndpointKind::Interface { subnets, groups } = &it.kind
                && it.service == *service
                && graph.all().position(|(id, _, _)| id == it.vpc) == Some(vpc)
            {
                self.mark(Mark::InterfaceEndpoint);
                return Some(vec![self.hosts(subnets, Some(groups), false, six)?]);
            }
        }
        let outside = self.outside[usize::from(six)].iter();
        let host = |address: &Address| Host { endpoint: Some(*service), ..Host::outside(*address) };
        Some(outside.map(|it| vec![host(it)]).collect())
    }

    fn party(&self, graph: &ResourceGraph, side: &Side, six: bool) -> Option<Party> {
        let Side::Endpoint(name) = side else {
            let hosts = self.outside[usize::from(six)].iter().map(|it| Host::outside(*it));
            return Some(Party { hosts: hosts.collect(), ports: vec![AWS] });
        };
        let id = ResourceId::new(&[name]);
        if let Some(it) = graph.get(&Ref::<Service>::new(id.clone())) {
            let hosts = self.hosts(&it.subnets, Some(&it.groups), it.public_ip, six)?;
            return Some(Party { hosts, ports: vec![LINUX] });
        }
        if let Some(it) = graph.get(&Ref::<LoadBalancer>::new(id.clone())) {
            let hosts = self.hosts(&it.subnets, Some(&it.groups), it.internet_facing, six)?;
            return Some(Party { hosts, ports: vec![AWS] });
        }
        if let Some(it) = graph.workload(&Ref::new(id.clone())) {
            let mut hosts = self.hosts(&it.subnets, Some(&it.groups), false, six)?;
            let policy = Some(self.net.policy(&it.policy)?);
            hosts.iter_mut().for_each(|it| it.policy = policy);
            return Some(Party { hosts, ports: vec![LINUX] });
        }
        let it = graph.interfaces.get(&id)?;
        let ports = match it.kind {
            InterfaceKind::Linux => vec![LINUX],
            InterfaceKind::Windows => vec![WINDOWS],
            InterfaceKind::Instance => vec![LINUX, WINDOWS],
            InterfaceKind::LoadBalancer
            | InterfaceKind::NetworkLoadBalancer
            | InterfaceKind::Function
            | InterfaceKind::VpcEndpoint
            | InterfaceKind::Managed => vec![AWS],
        };
        // An empty list of groups filters nothing.
        let groups = it.groups.as_ref()?;
        let groups = (!groups.is_empty()).then_some(groups);
        let hosts = if six && !known(&it.ipv6)? {
            Vec::new()
        } else {
            self.hosts(it.subnets.as_ref()?, groups, known(&it.public)?, six)?
        };
        Some(Party { hosts, ports })
    }

    fn hosts(
        &self,
        subnets: &[Ref<Subnet>],
        groups: Option<&Vec<Ref<SecurityGroup>>>,
        public: bool,
        six: bool,
    ) -> Option<Vec<Host>> {
        let groups: Option<Vec<usize>> = match groups {
            Some(all) => Some(all.iter().map(|it| self.net.group(it)).collect::<Option<_>>()?),
            None => None,
        };
        let mut hosts = Vec::new();
        for subnet in subnets {
            let subnet = self.net.subnet(subnet)?;
            for &address in &self.addresses[subnet][usize::from(six)] {
                let groups = groups.clone();
                let (subnet, policy, endpoint) = (Some(subnet), None, None);
                hosts.push(Host { address, subnet, groups, policy, public, endpoint });
            }
        }
        Some(hosts)
    }

    fn sides(
        &self,
        sources: &[Host],
        targets: &[Host],
        ports: (u16, u16),
        packet: Packet,
        question: Question,
    ) -> Verdict {
        if sources.is_empty() || targets.is_empty() {
            return Verdict::No;
        }
        let mut all = match question {
            Question::Works => Verdict::Yes,
            Question::Open => Verdict::No,
        };
        for from in sources {
            for to in targets {
                match (self.pair(from, to, ports, packet, question), question) {
                    (Verdict::No, Question::Works) => return Verdict::No,
                    (Verdict::Yes, Question::Open) => return Verdict::Yes,
                    (Verdict::Unknown, _) => all = Verdict::Unknown,
                    (Verdict::Yes, Question::Works) | (Verdict::No, Question::Open) => {}
                }
            }
        }
        all
    }

    /// One pair of addresses: every port and every way for [`Question::Works`], any for
    /// [`Question::Open`].
    fn pair(
        &self,
        from: &Host,
        to: &Host,
        ports: (u16, u16),
        packet: Packet,
        question: Question,
    ) -> Verdict {
        let mut all = None;
        for nat in 0..3 {
            for entry in 0..2 {
                let verdict =
                    self.connection(from, to, ports, packet, question, Chance { nat, entry });
                match (verdict, question) {
                    (Verdict::No, Question::Works) | (Verdict::Yes, Question::Open) => {
                        return verdict;
                    }
                    (Verdict::Unknown, _) => all = Some(Verdict::Unknown),
                    _ => all = all.or(Some(verdict)),
                }
                if !self.met(Mark::Chance) {
                    return verdict;
                }
            }
        }
        all.unwrap_or(Verdict::No)
    }

    fn connection(
        &self,
        from: &Host,
        to: &Host,
        ports: (u16, u16),
        packet: Packet,
        question: Question,
        chance: Chance,
    ) -> Verdict {
        let works = question == Question::Works;
        let trip = match self.request(from, to, packet, chance) {
            Ok(it) => it,
            Err(Stop::Dropped) => return Verdict::No,
            // What is beyond decides, unless the sender's own group or subnet already does.
            Err(Stop::Beyond) => {
                let out = self.groups(from, Egress, to, to.address, packet, Across::Vpc);
                let back = self.answers_enter(from, to, ports, packet, works);
                return if out && back { Verdict::Unknown } else { Verdict::No };
            }
        };
        if !self.groups(from, Egress, to, to.address, packet, trip.across)
            || !self.groups(to, Ingress, from, trip.seen, packet, trip.across)
        {
            self.mark(Mark::GroupDrops);
            return Verdict::No;
        }
        let answered = answered(packet, works);
        if !answered {
            return Verdict::Yes;
        }
        let client = if works { ports } else { (0, 65535) };
        let mut all = None;
        for port in self.stretches(packet, client) {
            let through = !trip.nats.is_empty();
            let gateway = if through { self.stretches(packet, AWS) } else { vec![0] };
            for nat in gateway {
                let answer =
                    |translated: bool| answer_of(packet, if translated { nat } else { port });
                let back = match trip.end {
                    End::Endpoint => {
                        let home = from.subnet.unwrap();
                        if self.acl(home, Ingress, to.address, answer(false)) {
                            Ok(())
                        } else {
                            Err(Stop::Dropped)
                        }
                    }
                    End::Subnet(_) | End::Internet(_) | End::EgressOnly(_) => {
                        self.answer(&trip, from, to, answer, chance)
                    }
                };
                match (back, works) {
                    (Ok(()), false) => return Verdict::Yes,
                    (Err(Stop::Dropped), true) => return Verdict::No,
                    (Err(Stop::Beyond), _) => all = Some(Verdict::Unknown),
                    (Ok(()), true) => all = all.or(Some(Verdict::Yes)),
                    (Err(Stop::Dropped), false) => all = all.or(Some(Verdict::No)),
                }
            }
        }
        all.unwrap_or(Verdict::No)
    }

    /// Whether answers from outside, wherever they come from, get into the subnet of the sender.
    fn answers_enter(
        &self,
        from: &Host,
        to: &Host,
        ports: (u16, u16),
        packet: Packet,
        works: bool,
    ) -> bool {
        let (Some(home), None) = (from.subnet, to.subnet) else {
            return true;
        };
        // Where a transit gateway stands in the subnet itself, its ACL is not asked.
        if !answered(packet, works)
            || self.net.attachments.iter().any(|it| it.subnets.contains(&home))
        {
            return true;
        }
        let ports = self.stretches(packet, if works { ports } else { (0, 65535) });
        let enters = |it: &u16| self.acl(home, Ingress, to.address, answer_of(packet, *it));
        if works { ports.iter().all(enters) } else { ports.iter().any(enters) }
    }

    /// One port of each stretch between the numbers that entries name.
    fn stretches(&self, packet: Packet, (low, high): (u16, u16)) -> Vec<u16> {
        let cuts = match packet {
            Packet::Tcp(_) => &self.net.cuts[0],
            Packet::Udp(_) => &self.net.cuts[1],
            Packet::Icmp(_) | Packet::Icmpv6(_) | Packet::Protocol(_) => return vec![0],
        };
        let inner = cuts.iter().copied().filter(|it| low < *it && *it <= high);
        [low].into_iter().chain(inner).collect()
    }
}

/// Answers of TCP always matter; those of others where the connection shall work.
fn answered(packet: Packet, works: bool) -> bool {
    match packet {
        Packet::Tcp(_) => true,
        Packet::Udp(_) | Packet::Protocol(_) => works,
        Packet::Icmp(kind) => works && kind == 8,
        Packet::Icmpv6(kind) => works && kind == 128,
    }
}

/// The answer to a packet, to the port it came from.
fn answer_of(packet: Packet, port: u16) -> Packet {
    match packet {
        Packet::Tcp(_) => Packet::Tcp(port),
        Packet::Udp(_) => Packet::Udp(port),
        Packet::Icmp(_) => Packet::Icmp(0),
        Packet::Icmpv6(_) => Packet::Icmpv6(129),
        Packet::Protocol(it) => Packet::Protocol(it),
    }
}

/// Whether an address is one of the internet's: global unicast.
fn public(address: Address) -> bool {
    let within = |it: &str| Block::parse(it).contains(address);
    if address.six {
        return within("2000::/3");
    }
    let first = address.bits >> 24;
    let own = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
    (1..=223).contains(&first) && first != 127 && !own.into_iter().any(within)
}

impl Host {
    fn outside(address: Address) -> Host {
        let (subnet, groups, policy, endpoint) = (None, None, None, None);
        Host { address, subnet, groups, policy, public: true, endpoint }
    }
}
