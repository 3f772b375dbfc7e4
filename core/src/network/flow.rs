//! One connection from one address to another: everything on its way and on the way of its answers.

use super::address::Address;
pub use super::hop::{Component, Hop, RouteOutcome, Way};
use super::hop::{public_address, route, unaddressed, unknown, unknown_crossing};
use super::model::{Holds, Model, WIDE_PORTS};
use super::route::{BY_NAT, NOT_ATTACHED};
use super::side::{Place, Where};
use super::traffic::{Admitted, Protocol, Ranges, TrafficSet};
use super::transit::Crossing;
use crate::resource::network::Direction;

/// The two ends of a connection.
pub struct Ends<'a> {
    /// The side that connects.
    pub from: &'a Place,
    /// Its address.
    pub source: Address,
    /// The side that is connected to.
    pub to: &'a Place,
    /// Its address.
    pub destination: Address,
}

/// Whether rules that name groups of the other side match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct References {
    /// Rules of the side that connects.
    pub(super) egress: Holds,
    /// Rules of the side that is connected to.
    pub(super) ingress: Holds,
}

/// One direction between two subnets.
#[derive(Clone, Copy)]
struct Leg {
    from: usize,
    to: usize,
    source: Address,
    destination: Address,
    way: Way,
}

impl Model {
    /// Everything on the way of a connection and of its answers.
    pub fn hops(&self, ends: &Ends<'_>) -> Vec<Hop> {
        let mut hops = Vec::new();
        match (ends.from.position, ends.to.position) {
            (Where::Unaddressed, _) => hops.push(unaddressed(ends.from)),
            (_, Where::Unaddressed) => hops.push(unaddressed(ends.to)),
            (from, Where::Resolver(vpc)) => hops.push(self.to_resolver(from, vpc)),
            (Where::Resolver(_), _) => hops.push(unknown("the resolver opens no connections")),
            (Where::Subnet(from), Where::Subnet(to)) => self.inside(ends, from, to, &mut hops),
            (Where::UnknownSubnet, Where::Subnet(_) | Where::UnknownSubnet)
            | (Where::Subnet(_), Where::UnknownSubnet) => {
                self.egress(ends, Holds::Maybe, &mut hops);
                hops.push(unknown("where they stand is not known"));
                // A NAT gateway may be on the way: then the source is not known either.
                if self.may_translate(ends.from.position) {
                    self.ingress_translated(ends, &mut hops);
                } else {
                    self.ingress(ends, Holds::Maybe, &mut hops);
                }
            }
            (
                Where::Subnet(from),
                Where::Internet | Where::Peered(_) | Where::Nowhere | Where::Service(_),
            ) => self.outward(ends, from, &mut hops),
            (
                Where::UnknownSubnet,
                Where::Internet | Where::Peered(_) | Where::Nowhere | Where::Service(_),
            ) => {
                self.egress(ends, Holds::No, &mut hops);
                hops.push(unknown("where it stands is not known"));
            }
            (
                Where::Internet | Where::Peered(_) | Where::Nowhere | Where::Service(_),
                Where::Subnet(to),
            ) => self.inward(ends, to, &mut hops),
            (
                Where::Internet | Where::Peered(_) | Where::Nowhere | Where::Service(_),
                Where::UnknownSubnet,
            ) => {
                hops.push(unknown("where it stands is not known"));
                self.ingress(ends, Holds::No, &mut hops);
            }
            (
                Where::Internet | Where::Peered(_) | Where::Nowhere | Where::Service(_),
                Where::Internet | Where::Peered(_) | Where::Nowhere | Where::Service(_),
            ) => hops.push(unknown("neither side is in the architecture")),
        }
        hops
    }

    /// Between two subnets of the graph.
    fn inside(&self, ends: &Ends<'_>, from: usize, to: usize, hops: &mut Vec<Hop>) {
        let (here, there) = (self.subnets[from].vpc, self.subnets[to].vpc);
        let way = self.way_between(from, there, &ends.destination);
        // What stays in a subnet passes neither its ACL nor its table.
        if from == to {
            self.egress(ends, Holds::Yes, hops);
            hops.push(route(Some(from), ends.destination, RouteOutcome::Local, Way::There));
            self.ingress(ends, Holds::Yes, hops);
            return;
        }
        if let RouteOutcome::Unfollowed(why) = &way {
            // What comes after the gateway is about its address, which is not known.
            self.egress(ends, Holds::Maybe, hops);
            hops.push(self.acl(from, Direction::Egress, ends.destination, Way::There));
            if why == BY_NAT {
                hops.push(nat_protocols());
            }
            hops.push(route(Some(from), ends.destination, way, Way::There));
            self.ingress_translated(ends, hops);
            return;
        }
        let references = self.references(&way, here == there);
        self.egress(ends, references.egress, hops);
        let back = Way::Back { ports: ends.from.client_ports, stretch: 0 };
        let answer = match (self.way_between(to, here, &ends.source).for_answers(), &way) {
            (RouteOutcome::Peering(it), RouteOutcome::Peering(there)) if it != *there => {
                let why = "the answers leave by another peering";
                RouteOutcome::dead("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", why)
            }
            (it, _) => it,
        };
        let (source, destination) = (ends.source, ends.destination);
        let (there, answered) = (
            Leg { from, to, source, destination, way: Way::There },
            Leg { from: to, to: from, source: destination, destination: source, way: back },
        );
        self.leave(&there, &way, hops);
        if self.arrive(&there, &way, Holds::Yes, hops) {
            self.ingress_translated(ends, hops);
            return;
        }
        self.ingress(ends, references.ingress, hops);
        self.leave(&answered, &answer, hops);
        // An egress-only gateway knows its own connections: their answers need no other gateway.
        let by_gateway = if way == RouteOutcome::EgressOnly {
            Holds::No
        } else if matches!(way, RouteOutcome::Unknown(_)) {
            Holds::Maybe
        } else {
            Holds::Yes
        };
        self.arrive(&answered, &answer, by_gateway, hops);
    }

    /// What the groups of the side that is connected to let through from an address that is not known.
    fn ingress_translated(&self, ends: &Ends<'_>, hops: &mut Vec<Hop>) {
        let source = Address::UnknownInside(ends.source.family());
        self.ingress(&Ends { source, ..*ends }, Holds::Maybe, hops);
    }

    /// Whether rules may name groups of the other side.
    fn references(&self, way: &RouteOutcome, one_vpc: bool) -> References {
        let both = |it| References { egress: it, ingress: it };
        match way {
            // Behind an appliance addresses are not those of the interfaces with the group any more.
            RouteOutcome::Appliance(_) => both(Holds::No),
            RouteOutcome::Unfollowed(_) => both(Holds::Maybe),
            RouteOutcome::Local
            | RouteOutcome::InternetGateway
            | RouteOutcome::EgressOnly
            | RouteOutcome::Nat(_)
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_)
            | RouteOutcome::Unknown(_)
                if one_vpc =>
            {
                both(Holds::Yes)
            }
            RouteOutcome::Peering(_) => both(Holds::Yes),
            // Across a transit gateway only ingress rules may name groups, and only if it allows that.
            // <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
            RouteOutcome::TransitGateway(it) => References {
                egress: Holds::No,
                ingress: Holds::from(&self.transits[*it].group_references),
            },
            RouteOutcome::Unknown(_) => both(Holds::Maybe),
            RouteOutcome::Local
            | RouteOutcome::InternetGateway
            | RouteOutcome::EgressOnly
            | RouteOutcome::Nat(_)
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_) => both(Holds::No),
        }
    }

    /// Whether rules of two places may name each other's groups.
    pub(super) fn references_between(
        &self,
        from: Where,
        to: Where,
        destination: &Address,
    ) -> References {
        let both = |it| References { egress: it, ingress: it };
        let inside = |it| matches!(it, Where::Subnet(_) | Where::UnknownSubnet);
        if let (Where::Subnet(from), Where::Subnet(to)) = (from, to) {
            if from == to {
                return both(Holds::Yes);
            }
            let (here, there) = (self.subnets[from].vpc, self.subnets[to].vpc);
            let way = self.way_between(from, there, destination);
            self.references(&way, here == there)
        } else {
            both(if inside(from) && inside(to) { Holds::Maybe } else { Holds::No })
        }
    }

    /// Out of a subnet, and onto the transit gateway if that is the way. Which ACLs it passes there:
    /// <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html>
    fn leave(&self, leg: &Leg, outcome: &RouteOutcome, hops: &mut Vec<Hop>) {
        let Leg { from, source, destination, way, .. } = *leg;
        hops.push(self.acl(from, Direction::Egress, destination, way));
        hops.push(route(Some(from), destination, outcome.clone(), way));
        let RouteOutcome::TransitGateway(transit) = outcome else {
            return;
        };
        match self.exit(*transit, from) {
            Crossing::SameSubnet => hops.push(self.acl(from, Direction::Ingress, source, way)),
            Crossing::Subnet(it) => hops.push(self.acl(it, Direction::Ingress, source, way)),
            Crossing::NoZone => {
                let why = format!(
                    "`{}` has no interface in the zone of {}",
                    self.transits[*transit].name, self.subnets[from].name
                );
                let outcome = RouteOutcome::dead("TGW_ROUTE_AZ_RESTRICTION", why);
                hops.push(route(Some(from), destination, outcome, way));
            }
            Crossing::Unknown => hops.push(unknown_crossing(way)),
        }
    }

    /// Into a subnet, from the transit gateway or the internet if that is the way. `by_gateway` says
    /// whether what comes from the internet needs an internet gateway. True if a NAT gateway then
    /// translates it, or may: what comes after that is not followed.
    fn arrive(
        &self,
        leg: &Leg,
        outcome: &RouteOutcome,
        by_gateway: Holds,
        hops: &mut Vec<Hop>,
    ) -> bool {
        let Leg { from, to, source, destination, way } = *leg;
        if matches!(outcome, RouteOutcome::Unfollowed(_)) {
            return true;
        }
        let vpc = self.subnets[to].vpc;
        let from_internet =
            matches!(outcome, RouteOutcome::InternetGateway | RouteOutcome::EgressOnly);
        if from_internet && self.vpcs[vpc].gateways.is_empty() {
            let why = self.no_gateway(vpc);
            let outcome = match by_gateway {
                Holds::Yes => Some(RouteOutcome::dead(NOT_ATTACHED, why)),
                Holds::Maybe => Some(RouteOutcome::Unknown(why)),
                Holds::No => None,
            };
            hops.extend(outcome.map(|it| route(None, destination, it, way)));
        }
        if let RouteOutcome::TransitGateway(transit) = outcome {
            match self.entry(*transit, from, to) {
                // What comes from the gateway's interface in the same subnet passes no ACL.
                Crossing::SameSubnet => return false,
                Crossing::Subnet(it) => {
                    hops.push(self.acl(it, Direction::Egress, destination, way));
                    let local = self.way_between(it, vpc, &destination);
                    let translated = matches!(local, RouteOutcome::Unfollowed(_));
                    hops.push(route(Some(it), destination, local, way));
                    if translated {
                        return true;
                    }
                }
                Crossing::NoZone | Crossing::Unknown => {
                    hops.push(unknown_crossing(way));
                    return true;
                }
            }
        }
        hops.push(self.entering(to, source, way, matches!(outcome, RouteOutcome::Unknown(_))));
        false
    }

    fn no_gateway(&self, vpc: usize) -> String {
        format!("no internet gateway is attached to `{}`", self.vpcs[vpc].name)
    }

    /// The ACL of a subnet that something enters, perhaps by a way that is not known.
    fn entering(&self, subnet: usize, source: Address, way: Way, unknown: bool) -> Hop {
        let mut acl = self.acl(subnet, Direction::Ingress, source, way);
        if unknown && self.has_transit_interface(subnet) {
            // It may come from the transit gateway's interface in the subnet, which no ACL filters.
            acl.admitted.possible = TrafficSet::all();
        }
        acl
    }

    /// To the resolver of a VPC, which only that VPC can use.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html>
    fn to_resolver(&self, from: Where, vpc: usize) -> Hop {
        let dns = || {
            let port = || Ranges::of(53, 53);
            TrafficSet::of(Protocol::Tcp, port()).union(&TrafficSet::of(Protocol::Udp, port()))
        };
        let admitted = match from {
            Where::Subnet(it) if self.subnets[it].vpc == vpc => Admitted::exactly(dns()),
            Where::UnknownSubnet => Admitted::at_most(dns()),
            Where::Subnet(_)
            | Where::Internet
            | Where::Peered(_)
            | Where::Nowhere
            | Where::Service(_)
            | Where::Resolver(_)
            | Where::Unaddressed => Admitted::none(),
        };
        Hop { component: Component::Resolver, way: Way::There, admitted }
    }

    /// From a subnet to the world outside.
    fn outward(&self, ends: &Ends<'_>, from: usize, hops: &mut Vec<Hop>) {
        let client = Way::Back { ports: ends.from.client_ports, stretch: 0 };
        let here = &self.subnets[from];
        self.egress(ends, Holds::No, hops);
        hops.push(self.acl(from, Direction::Egress, ends.destination, Way::There));
        let way = if self.by_gateway_endpoint(from, ends.to.position) {
            RouteOutcome::GatewayEndpoint
        } else {
            self.way_out(from, &ends.destination, ends.to.position)
        };
        hops.push(route(Some(from), ends.destination, way.clone(), Way::There));
        let unknown_way = matches!(way, RouteOutcome::Unknown(_));
        match way {
            RouteOutcome::Nat(Some(nat)) => {
                let range = Way::Back { ports: WIDE_PORTS, stretch: 1 };
                hops.push(nat_protocols());
                if nat != from {
                    hops.push(self.acl(nat, Direction::Ingress, ends.source, Way::There));
                }
                hops.push(self.acl(nat, Direction::Egress, ends.destination, Way::There));
                let mut next = self.way_out(nat, &ends.destination, ends.to.position);
                if let RouteOutcome::Nat(_) = next {
                    let why = format!(
                        "the NAT gateway stands in `{}`, which does not route to an internet \
                         gateway",
                        self.subnets[nat].tier
                    );
                    next = RouteOutcome::dead("NO_POSSIBLE_DESTINATION", why);
                }
                hops.push(route(Some(nat), ends.destination, next, Way::There));
                hops.push(self.acl(nat, Direction::Ingress, ends.destination, range));
                if nat != from {
                    hops.push(self.acl(nat, Direction::Egress, ends.source, client));
                    let answer = self.way_between(nat, here.vpc, &ends.source);
                    hops.push(route(Some(nat), ends.source, answer, client));
                }
            }
            RouteOutcome::InternetGateway => {
                hops.push(public_address(ends.from, Way::There));
            }
            RouteOutcome::EgressOnly => {}
            RouteOutcome::Peering(it) => {
                let name = &self.peerings[it].name;
                hops.push(unknown(format!("the other side of peering `{name}` is not known")));
            }
            RouteOutcome::Nat(None)
            | RouteOutcome::Local
            | RouteOutcome::TransitGateway(_)
            | RouteOutcome::Appliance(_)
            | RouteOutcome::Unfollowed(_)
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_)
            | RouteOutcome::Unknown(_) => {}
        }
        hops.push(self.entering(from, ends.destination, client, unknown_way));
    }

    /// From the world outside to a subnet.
    fn inward(&self, ends: &Ends<'_>, to: usize, hops: &mut Vec<Hop>) {
        let back = Way::Back { ports: ends.from.client_ports, stretch: 0 };
        let mut answer = self.way_out(to, &ends.source, ends.from.position).for_answers();
        match ends.from.position {
            Where::Internet | Where::Service(_) => {
                let vpc = self.subnets[to].vpc;
                if self.vpcs[vpc].gateways.is_empty() {
                    let outcome = RouteOutcome::dead(NOT_ATTACHED, self.no_gateway(vpc));
                    hops.push(route(None, ends.destination, outcome, Way::There));
                }
                hops.push(public_address(ends.to, Way::There));
            }
            Where::Peered(it) => {
                let name = &self.peerings[it].name;
                hops.push(unknown(format!("the other side of peering `{name}` is not known")));
            }
            Where::Nowhere => {
                let vpc = self.subnets[to].vpc;
                let behind =
                    |it: &str| RouteOutcome::Unknown(format!("what lies behind {it} is not known"));
                let outcome = if self.open {
                    RouteOutcome::Unknown("a peering may be added".to_string())
                } else if !self.vpcs[vpc].vpn_gateways.is_empty() {
                    behind("the VPN gateway")
                } else if let Some(it) = self.transits.iter().find(|it| it.attaches(vpc)) {
                    behind(&format!("`{}`", it.name))
                } else {
                    RouteOutcome::Missing
                };
                hops.push(route(None, ends.source, outcome, Way::There));
            }
            Where::Subnet(_) | Where::UnknownSubnet | Where::Resolver(_) | Where::Unaddressed => {}
        }
        let nowhere = ends.from.position == Where::Nowhere;
        hops.push(self.entering(to, ends.source, Way::There, nowhere));
        self.ingress(ends, Holds::No, hops);
        hops.push(self.acl(to, Direction::Egress, ends.source, back));
        if let RouteOutcome::Nat(_) = answer {
            let why = "answers that leave by a NAT gateway are lost";
            answer = RouteOutcome::dead("NGW_SOURCE_ADDRESS_REASSIGN", why);
        }
        hops.push(route(Some(to), ends.source, answer, back));
    }
}

/// What NAT gateways carry.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>
fn nat_protocols() -> Hop {
    Hop {
        component: Component::NatProtocols,
        way: Way::There,
        admitted: Admitted::exactly(
            TrafficSet::all().without(Protocol::Icmpv6).without(Protocol::Other),
        ),
    }
}
