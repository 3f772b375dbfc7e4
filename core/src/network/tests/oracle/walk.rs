//! One packet's way, hop by hop, and its answer's way back.

use super::filter::Across;
use super::net::{Address, Target};
use super::{Host, Mark, Oracle, Packet};
use crate::resource::network::Direction::{Egress, Ingress};

/// Why a packet does not arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// Something drops it.
    Dropped,
    /// It goes where the graph says nothing.
    Beyond,
}

/// Where a packet left the described networks, or that it did not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// At an address of this subnet.
    Subnet(usize),
    /// By the internet gateway of this VPC.
    Internet(usize),
    /// By an egress-only internet gateway of this VPC.
    EgressOnly(usize),
    /// By a gateway endpoint.
    Endpoint,
}

/// What happened on the way.
#[derive(Clone, Debug)]
pub struct Trip {
    pub end: End,
    /// The address that the target sees.
    pub seen: Address,
    /// The NAT gateways with their addresses, in order.
    pub nats: Vec<(usize, Address)>,
    pub across: Across,
    /// By which internet gateway or egress-only one it left before it came into another VPC.
    pub left: Option<End>,
}

/// What nobody can choose: which address a NAT gateway has, in which zone a transit gateway hands over.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chance {
    pub nat: usize,
    pub entry: usize,
}

/// A packet on its way.
#[derive(Clone, Debug)]
struct Flight<'a> {
    from: Address,
    to: &'a Host,
    packet: Packet,
    /// Whether the source has a public IPv4 address at the internet gateway of its VPC.
    public: bool,
    /// Answers are not translated again.
    answer: bool,
    chance: Chance,
    nats: Vec<(usize, Address)>,
    across: Across,
    left: Option<End>,
    hops: u8,
}

impl Flight<'_> {
    fn end(self, end: End) -> Result<Trip, Stop> {
        let across = if self.nats.is_empty() { self.across } else { Across::Middlebox };
        Ok(Trip { end, seen: self.from, nats: self.nats, across, left: self.left })
    }
}

impl Oracle {
    /// The way of the first packet from a host to a host, past routes and network ACLs.
    pub(super) fn request(
        &self,
        from: &Host,
        to: &Host,
        packet: Packet,
        chance: Chance,
    ) -> Result<Trip, Stop> {
        let flight = Flight {
            from: from.address,
            to,
            packet,
            public: from.public,
            answer: false,
            chance,
            nats: Vec::new(),
            across: Across::Vpc,
            left: None,
            hops: 0,
        };
        match from.subnet {
            Some(subnet) => self.leave(flight, subnet),
            None => {
                // IPv4 addresses in a VPC are not known outside, unless one is mapped to them.
                if !to.address.six && !to.public {
                    return Err(Stop::Dropped);
                }
                self.come_in(flight)
            }
        }
    }

    /// The way of the answer: from the target to what it took for the source, past each NAT gateway, home.
    pub(super) fn answer(
        &self,
        trip: &Trip,
        from: &Host,
        to: &Host,
        answer: impl Fn(bool) -> Packet,
        chance: Chance,
    ) -> Result<(), Stop> {
        let mut stations: Vec<Host> = Vec::new();
        for &(nat, address) in trip.nats.iter().rev() {
            let it = &self.net.nats[nat];
            stations.push(Host {
                address,
                subnet: Some(it.subnet),
                groups: None,
                policy: None,
                public: it.public,
                endpoint: None,
            });
        }
        stations.push(from.clone());
        let mut at = to.clone();
        for (index, station) in stations.iter().enumerate() {
            let translated = index < trip.nats.len();
            let flight = Flight {
                from: to.address,
                to: station,
                packet: answer(translated),
                public: to.public,
                answer: true,
                chance,
                nats: Vec::new(),
                across: Across::Vpc,
                left: None,
                hops: 0,
            };
            match (at.subnet, station.subnet) {
                // It comes from outside, by the gateway that knows the connection.
                (None, Some(subnet)) => {
                    if !self.acl(subnet, Ingress, to.address, flight.packet) {
                        return Err(Stop::Dropped);
                    }
                }
                (Some(subnet), None) => {
                    let back = self.leave(flight, subnet)?;
                    if !matches!(back.end, End::Internet(_)) {
                        return Err(Stop::Dropped);
                    }
                }
                (Some(subnet), Some(_)) => {
                    let back = self.leave(flight, subnet)?;
                    let home = self.net.subnets[station.subnet.unwrap()].vpc;
                    if !translated && trip.nats.is_empty() && back.across != trip.across {
                        self.mark(Mark::Asymmetric);
                    }
                    match (trip.left, back.left) {
                        (_, None) => {}
                        // An egress-only gateway opens nothing for others, and knows its own connections.
                        (_, Some(End::EgressOnly(_))) => return Err(Stop::Dropped),
                        (Some(End::EgressOnly(vpc)), Some(_)) if vpc == home => {}
                        (_, Some(_)) => {
                            if !self.net.vpcs[home].gateway {
                                return Err(Stop::Dropped);
                            }
                        }
                    }
                }
                (None, None) => return Err(Stop::Dropped),
            }
            at = station.clone();
        }
        Ok(())
    }

    /// An interface in a subnet sends a packet.
    fn leave<'a>(&'a self, flight: Flight<'a>, subnet: usize) -> Result<Trip, Stop> {
        // Row 17: the network ACL stands at the edge of the subnet, and so does the router.
        if flight.to.subnet == Some(subnet) {
            self.mark(Mark::SameSubnet);
            return flight.end(End::Subnet(subnet));
        }
        if !self.acl(subnet, Egress, flight.to.address, flight.packet) {
            self.mark(Mark::AclDrops);
            return Err(Stop::Dropped);
        }
        self.forward(flight, subnet, None)
    }

    /// What the router does with a packet that left a subnet, by the table of that subnet. `transit` is
    /// the transit gateway that brought it there, if one did.
    fn forward<'a>(
        &'a self,
        mut flight: Flight<'a>,
        subnet: usize,
        transit: Option<usize>,
    ) -> Result<Trip, Stop> {
        flight.hops += 1;
        if flight.hops > 8 {
            return Err(Stop::Dropped);
        }
        let vpc = self.net.subnets[subnet].vpc;
        let serves = |it| self.net.subnets[subnet].services.contains(&it);
        if !flight.to.address.six && flight.to.endpoint.is_some_and(serves) {
            self.mark(Mark::GatewayEndpoint);
            if transit.is_some() || !flight.nats.is_empty() {
                self.mark(Mark::Unsettled);
            }
            return flight.end(End::Endpoint);
        }
        match self.route(subnet, flight.to.address) {
            Target::Nowhere => {
                self.mark(Mark::NoRoute);
                Err(Stop::Dropped)
            }
            Target::Beyond => Err(Stop::Beyond),
            Target::Vpn => {
                self.mark(Mark::Vpn);
                // What is not described may send it on, into a VPC only by a VPN gateway of that VPC
                // or a transit gateway.
                let inside = flight.to.subnet.map(|it| self.net.subnets[it].vpc);
                let open = |vpc: usize| {
                    let mut attached = self.net.attachments.iter();
                    self.net.vpcs[vpc].vpn || attached.any(|it| it.vpc == vpc)
                };
                Err(if inside.is_none_or(open) { Stop::Beyond } else { Stop::Dropped })
            }
            Target::Local => self.land(flight, vpc),
            Target::Internet => self.go_out(flight, vpc, transit.is_some(), End::Internet(vpc)),
            Target::EgressOnly => self.go_out(flight, vpc, transit.is_some(), End::EgressOnly(vpc)),
            Target::Nat(nat) => self.translate(flight, subnet, nat),
            Target::Peering(peering) => {
                let ends = self.net.peerings[peering];
                let other = match ends {
                    [a, b] if a == vpc => b,
                    [a, b] if b == vpc => a,
                    _ => return Err(Stop::Dropped),
                };
                // Row 33: nothing beyond the other VPC, and nothing that only passes through this one.
                if transit.is_some() {
                    return Err(Stop::Dropped);
                }
                if !flight.nats.is_empty() {
                    self.mark(Mark::Unsettled);
                }
                self.mark(Mark::Peering);
                flight.across = Across::Peering;
                self.land(flight, other)
            }
            Target::Transit(gateway) => {
                if transit.is_some() {
                    return Err(Stop::Dropped);
                }
                self.transit(flight, subnet, gateway)
            }
        }
    }

    /// Rows 22 to 24: the longest prefix decides, then the rank.
    fn route(&self, subnet: usize, address: Address) -> Target {
        let ways = &self.net.subnets[subnet].ways;
        let local = ways.iter().any(|it| it.target == Target::Local && it.block.contains(address));
        let mut best: Option<&super::net::Way> = None;
        for way in ways {
            // "If propagated routes overlap with the local route, the local route is most preferred."
            if !way.block.contains(address) || (local && way.rank == 2) {
                continue;
            }
            let better = match best {
                None => true,
                Some(it) if way.block.length == it.block.length && way.rank == it.rank => {
                    // Row 24: nobody knows which of two prefix lists decides.
                    if way.target != it.target {
                        self.mark(Mark::Unsettled);
                    }
                    false
                }
                Some(it) => {
                    (way.block.length, it.rank) > (it.block.length, way.rank)
                        || (way.block.length == it.block.length && way.rank < it.rank)
                }
            };
            if better {
                best = Some(way);
            }
        }
        let Some(best) = best else {
            return Target::Nowhere;
        };
        match best.rank {
            1 => self.mark(Mark::ListRoute),
            2 => self.mark(Mark::Propagated),
            _ => {}
        }
        best.target
    }

    /// Into the subnet of a VPC that has the address.
    fn land(&self, flight: Flight<'_>, vpc: usize) -> Result<Trip, Stop> {
        let Some(subnet) = flight.to.subnet.filter(|it| self.net.subnets[*it].vpc == vpc) else {
            return Err(Stop::Dropped);
        };
        if !self.acl(subnet, Ingress, flight.from, flight.packet) {
            self.mark(Mark::AclDrops);
            return Err(Stop::Dropped);
        }
        flight.end(End::Subnet(subnet))
    }

    /// By the internet gateway or an egress-only one.
    fn go_out(
        &self,
        mut flight: Flight<'_>,
        vpc: usize,
        passing: bool,
        by: End,
    ) -> Result<Trip, Stop> {
        let six = flight.to.address.six;
        // Neither serves what comes from another VPC; IPv4 needs a public address (row 35), and an
        // egress-only gateway knows only IPv6.
        let only = matches!(by, End::EgressOnly(_));
        if passing || (!six && (only || !flight.public)) {
            self.mark(Mark::NoPublicAddress);
            return Err(Stop::Dropped);
        }
        self.mark(if only { Mark::EgressOnly } else { Mark::InternetGateway });
        if six {
            self.mark(Mark::SixOutside);
        }
        let Some(subnet) = flight.to.subnet else {
            return flight.end(by);
        };
        // Its address is private, or it is an IPv6 address of another VPC.
        if !six || self.net.subnets[subnet].vpc == vpc {
            return Err(Stop::Dropped);
        }
        self.mark(Mark::SixCrossing);
        flight.across = Across::Internet;
        flight.left = Some(by);
        if flight.answer {
            self.land(flight, self.net.subnets[subnet].vpc)
        } else {
            self.come_in(flight)
        }
    }

    /// From the internet into a VPC: an internet gateway is attached, and the ACL of the subnet asked.
    fn come_in(&self, mut flight: Flight<'_>) -> Result<Trip, Stop> {
        let Some(subnet) = flight.to.subnet else {
            return Err(Stop::Dropped);
        };
        let vpc = self.net.subnets[subnet].vpc;
        if !self.net.vpcs[vpc].gateway {
            return Err(Stop::Dropped);
        }
        self.mark(Mark::FromInternet);
        if flight.to.address.six {
            self.mark(Mark::SixInside);
        }
        flight.across = Across::Internet;
        self.land(flight, vpc)
    }

    /// Through a NAT gateway: IPv4, TCP, UDP and ICMP only.
    fn translate<'a>(
        &'a self,
        mut flight: Flight<'a>,
        subnet: usize,
        nat: usize,
    ) -> Result<Trip, Stop> {
        let kind = matches!(flight.packet, Packet::Tcp(_) | Packet::Udp(_) | Packet::Icmp(_));
        if flight.answer {
            self.mark(Mark::NatInside);
        }
        if flight.to.address.six || flight.answer || !kind {
            return Err(Stop::Dropped);
        }
        let it = &self.net.nats[nat];
        let inside = it.subnet;
        if inside != subnet && !self.acl(inside, Ingress, flight.from, flight.packet) {
            self.mark(Mark::AclDrops);
            return Err(Stop::Dropped);
        }
        let addresses = &self.addresses[inside][0];
        if addresses.len() > 1 && flight.to.subnet.is_some() {
            self.mark(Mark::Chance);
        }
        if !flight.nats.is_empty() && flight.nats.iter().any(|it| it.0 != nat) {
            self.mark(Mark::Unsettled);
        }
        self.mark(if it.public { Mark::Nat } else { Mark::PrivateNat });
        if flight.to.subnet.is_some() {
            self.mark(Mark::NatInside);
        }
        flight.from = addresses[flight.chance.nat % addresses.len()];
        flight.public = it.public;
        flight.nats.push((nat, flight.from));
        // A route that leads back to the gateway itself never ends.
        if flight.nats.len() > 3 {
            return Err(Stop::Dropped);
        }
        let hops = flight.hops;
        flight.hops = hops + 1;
        self.leave(flight, inside)
    }

    /// Through a transit gateway, from an interface in `subnet`.
    fn transit<'a>(
        &'a self,
        mut flight: Flight<'a>,
        subnet: usize,
        gateway: usize,
    ) -> Result<Trip, Stop> {
        if flight.to.subnet.is_none() {
            self.mark(Mark::TransitOutside);
        }
        let (vpc, zone) = (self.net.subnets[subnet].vpc, self.net.subnets[subnet].zone);
        let own = self.net.attachments.iter().find(|it| it.gateway == gateway && it.vpc == vpc);
        let Some(own) = own.filter(|it| it.six || !flight.to.address.six) else {
            return Err(Stop::Dropped);
        };
        // "Resources in zones where there is no attachment cannot reach the transit gateway."
        let Some(&exit) = own.subnets.iter().find(|it| self.net.subnets[**it].zone == zone) else {
            self.mark(Mark::NoZone);
            return Err(Stop::Dropped);
        };
        if exit == subnet {
            self.mark(Mark::SharedSubnet);
        }
        if !self.acl(exit, Ingress, flight.from, flight.packet) {
            self.mark(Mark::AclDrops);
            return Err(Stop::Dropped);
        }
        let mut best: Option<&super::net::TransitWay> = None;
        for route in own.routes.iter().filter(|it| it.0.contains(flight.to.address)) {
            if best.is_none_or(|it| (route.0.length, route.1) > (it.0.length, it.1)) {
                best = Some(route);
            } else if best.is_some_and(|it| {
                (route.0.length, route.1) == (it.0.length, it.1) && route.2 != it.2
            }) {
                self.mark(Mark::Unsettled);
            }
        }
        let Some(&(_, _, Some(target))) = best else {
            self.mark(Mark::NoRoute);
            // Something that is not described may be attached and lead to the internet. An answer of IPv4
            // would come from another address then.
            let outside = flight.to.subnet.is_none() && (flight.to.address.six || !flight.answer);
            return Err(if best.is_none() && outside { Stop::Beyond } else { Stop::Dropped });
        };
        let target = &self.net.attachments[target];
        if flight.to.address.six && !target.six {
            return Err(Stop::Dropped);
        }
        self.mark(Mark::Transit);
        flight.across = Across::Transit(gateway);
        // It stays in its zone where it can.
        let same = target.subnets.iter().find(|it| self.net.subnets[**it].zone == zone);
        let entry = match same {
            Some(it) => *it,
            None => {
                if target.subnets.len() > 1 {
                    self.mark(Mark::Chance);
                }
                let Some(it) =
                    target.subnets.get(flight.chance.entry % target.subnets.len().max(1))
                else {
                    return Err(Stop::Dropped);
                };
                *it
            }
        };
        if flight.to.subnet == Some(entry) {
            self.mark(Mark::SharedSubnet);
            // "Outbound rules are not evaluated. Inbound rules are not evaluated."
            return flight.end(End::Subnet(entry));
        }
        if !self.acl(entry, Egress, flight.to.address, flight.packet) {
            self.mark(Mark::AclDrops);
            return Err(Stop::Dropped);
        }
        self.forward(flight, entry, Some(gateway))
    }
}
