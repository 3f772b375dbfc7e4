//! One connection from one address to another: everything on its way and on the way of its answers.

use std::collections::BTreeSet;

use super::address::Address;
use super::model::{Group, Groups, Holds, Match, Model, Rule, SubnetAcl, Target, WIDE_PORTS};
use super::side::{Place, Where};
use super::span::{Family, Span};
use super::traffic::{Admitted, Protocol, Ranges, TrafficSet};
use super::transit::Crossing;
use crate::resource::network::Direction;
use crate::value::Value;

/// What a hop is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Component {
    /// The groups of the side that connects.
    Egress,
    /// The groups of the side that is connected to.
    Ingress,
    /// The network ACL of a subnet.
    Acl {
        /// The subnet.
        subnet: usize,
        /// Its ACL.
        acl: SubnetAcl,
        /// The direction.
        direction: Direction,
        /// The address on the other side.
        remote: Address,
    },
    /// A route.
    Route {
        /// The subnet whose table is asked; none if it is not known.
        subnet: Option<usize>,
        /// The address that is looked for.
        to: Address,
        /// What the table says.
        outcome: RouteOutcome,
    },
    /// A public address on the side that is named.
    PublicAddress(String),
    /// The protocols that a NAT gateway knows.
    NatProtocols,
    /// Addresses of the family on the side that is named.
    Addressed(String, Family),
    /// The resolver that Amazon runs: neither groups nor network ACLs filter what is sent to it.
    Resolver,
    /// What somebody else runs, or what is not known.
    Unknown(String),
}

/// What a route table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteOutcome {
    /// Within the VPC.
    Local,
    /// To the internet gateway.
    InternetGateway,
    /// To the internet by a NAT gateway in this subnet.
    Nat(Option<usize>),
    /// By this peering.
    Peering(usize),
    /// By an egress-only internet gateway.
    EgressOnly,
    /// By this transit gateway.
    TransitGateway(usize),
    /// To an appliance.
    Appliance(String),
    /// By a gateway endpoint.
    GatewayEndpoint,
    /// Nowhere: there is no such route.
    Missing,
    /// To something that does not lead there: why.
    Dead(String),
    /// Not known here: why.
    Unknown(String),
}

/// When a hop is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// On the way there.
    There,
    /// On the way of the answers, to one of these ports.
    Back {
        /// The ports that the answers go to.
        ports: (u16, u16),
        /// Which stretch of the way: hops of one stretch must let through the same port.
        stretch: u8,
    },
}

/// One thing on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// What it is.
    pub component: Component,
    /// When it is passed.
    pub way: Way,
    /// What it lets through.
    pub admitted: Admitted,
}

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
                hops.push(self.egress(ends, Holds::Maybe));
                hops.push(unknown("where they stand is not known"));
                hops.push(self.ingress(ends, Holds::Maybe));
            }
            (
                Where::Subnet(from),
                Where::Internet | Where::Peered(_) | Where::Nowhere | Where::Service(_),
            ) => self.outward(ends, from, &mut hops),
            (
                Where::UnknownSubnet,
                Where::Internet | Where::Peered(_) | Where::Nowhere | Where::Service(_),
            ) => {
                hops.push(self.egress(ends, Holds::No));
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
                hops.push(self.ingress(ends, Holds::No));
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
        let peered = match &way {
            _ if here == there => Holds::Yes,
            RouteOutcome::Peering(_) => Holds::Yes,
            // Across a transit gateway only ingress rules may name groups, and only if it allows that.
            // <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
            RouteOutcome::TransitGateway(it) => Holds::from(&self.transits[*it].group_references),
            RouteOutcome::Unknown(_) => Holds::Maybe,
            // Behind an appliance addresses are not those of the interfaces with the group any more.
            RouteOutcome::Appliance(_)
            | RouteOutcome::Local
            | RouteOutcome::InternetGateway
            | RouteOutcome::EgressOnly
            | RouteOutcome::Nat(_)
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_) => Holds::No,
        };
        let peered = match &way {
            // Inside one VPC an appliance stands between them all the same.
            RouteOutcome::Appliance(_) => Holds::No,
            RouteOutcome::Local
            | RouteOutcome::Peering(_)
            | RouteOutcome::TransitGateway(_)
            | RouteOutcome::InternetGateway
            | RouteOutcome::EgressOnly
            | RouteOutcome::Nat(_)
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_)
            | RouteOutcome::Unknown(_) => peered,
        };
        let transit = matches!(way, RouteOutcome::TransitGateway(_));
        hops.push(self.egress(ends, if transit { Holds::No } else { peered }));
        // What stays in a subnet passes neither its ACL nor its table.
        if from == to {
            hops.push(route(Some(from), ends.destination, RouteOutcome::Local, Way::There));
            hops.push(self.ingress(ends, Holds::Yes));
            return;
        }
        let back = Way::Back { ports: ends.from.client_ports, stretch: 0 };
        let answer = match (self.way_between(to, here, &ends.source), &way) {
            (RouteOutcome::Peering(it), RouteOutcome::Peering(there)) if it != *there => {
                RouteOutcome::Dead("the answers leave by another peering".to_string())
            }
            (it, _) => it,
        };
        let (source, destination) = (ends.source, ends.destination);
        self.leave(from, &way, source, destination, Way::There, hops);
        self.arrive(to, &way, source, destination, Way::There, hops);
        hops.push(self.ingress(ends, peered));
        self.leave(to, &answer, destination, source, back, hops);
        self.arrive(from, &answer, destination, source, back, hops);
    }

    /// Out of a subnet, and onto the transit gateway if that is the way. Which ACLs it passes there:
    /// <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html>
    fn leave(
        &self,
        subnet: usize,
        outcome: &RouteOutcome,
        source: Address,
        destination: Address,
        way: Way,
        hops: &mut Vec<Hop>,
    ) {
        hops.push(self.acl(subnet, Direction::Egress, destination, way));
        hops.push(route(Some(subnet), destination, outcome.clone(), way));
        let RouteOutcome::TransitGateway(transit) = outcome else {
            return;
        };
        match self.crossing(*transit, subnet) {
            Crossing::SameSubnet => hops.push(self.acl(subnet, Direction::Ingress, source, way)),
            Crossing::Subnet(it) => hops.push(self.acl(it, Direction::Ingress, source, way)),
            Crossing::Unknown => hops.push(unknown_crossing(way)),
        }
    }

    /// Into a subnet, from the transit gateway if that is the way.
    fn arrive(
        &self,
        subnet: usize,
        outcome: &RouteOutcome,
        source: Address,
        destination: Address,
        way: Way,
        hops: &mut Vec<Hop>,
    ) {
        let crossing = match outcome {
            RouteOutcome::TransitGateway(transit) => Some(self.crossing(*transit, subnet)),
            RouteOutcome::Local
            | RouteOutcome::InternetGateway
            | RouteOutcome::EgressOnly
            | RouteOutcome::Nat(_)
            | RouteOutcome::Peering(_)
            | RouteOutcome::Appliance(_)
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_)
            | RouteOutcome::Unknown(_) => None,
        };
        match crossing {
            None => {}
            // What comes from the gateway's interface in the same subnet passes no ACL.
            Some(Crossing::SameSubnet) => return,
            Some(Crossing::Subnet(it)) => {
                hops.push(self.acl(it, Direction::Egress, destination, way));
            }
            Some(Crossing::Unknown) => hops.push(unknown_crossing(way)),
        }
        hops.push(self.acl(subnet, Direction::Ingress, source, way));
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
        hops.push(self.egress(ends, Holds::No));
        hops.push(self.acl(from, Direction::Egress, ends.destination, Way::There));
        let way = if self.by_gateway_endpoint(from, ends.to.position) {
            RouteOutcome::GatewayEndpoint
        } else {
            self.way_out(from, &ends.destination, ends.to.position)
        };
        hops.push(route(Some(from), ends.destination, way.clone(), Way::There));
        match way {
            RouteOutcome::Nat(Some(nat)) => {
                let range = Way::Back { ports: WIDE_PORTS, stretch: 1 };
                hops.push(Hop {
                    component: Component::NatProtocols,
                    way: Way::There,
                    admitted: Admitted::exactly(
                        TrafficSet::all().without(Protocol::Icmpv6).without(Protocol::Other),
                    ),
                });
                if nat != from {
                    hops.push(self.acl(nat, Direction::Ingress, ends.source, Way::There));
                }
                hops.push(self.acl(nat, Direction::Egress, ends.destination, Way::There));
                let next = match self.way_out(nat, &ends.destination, ends.to.position) {
                    RouteOutcome::Nat(_) => RouteOutcome::Dead(format!(
                        "the NAT gateway stands in `{}`, which does not route to an internet gateway",
                        self.subnets[nat].tier
                    )),
                    it @ (RouteOutcome::Local
                    | RouteOutcome::InternetGateway
                    | RouteOutcome::EgressOnly
                    | RouteOutcome::Peering(_)
                    | RouteOutcome::TransitGateway(_)
                    | RouteOutcome::Appliance(_)
                    | RouteOutcome::GatewayEndpoint
                    | RouteOutcome::Missing
                    | RouteOutcome::Dead(_)
                    | RouteOutcome::Unknown(_)) => it,
                };
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
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_)
            | RouteOutcome::Unknown(_) => {}
        }
        hops.push(self.acl(from, Direction::Ingress, ends.destination, client));
    }

    /// From the world outside to a subnet.
    fn inward(&self, ends: &Ends<'_>, to: usize, hops: &mut Vec<Hop>) {
        let back = Way::Back { ports: ends.from.client_ports, stretch: 0 };
        let answer = self.way_out(to, &ends.source, ends.from.position);
        match ends.from.position {
            Where::Internet | Where::Service(_) => {
                if self.vpcs[self.subnets[to].vpc].gateways.is_empty() {
                    let outcome = RouteOutcome::Dead(format!(
                        "no internet gateway is attached to `{}`",
                        self.vpcs[self.subnets[to].vpc].name
                    ));
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
        hops.push(self.acl(to, Direction::Ingress, ends.source, Way::There));
        hops.push(self.ingress(ends, Holds::No));
        hops.push(self.acl(to, Direction::Egress, ends.source, back));
        let answer = match answer {
            RouteOutcome::Nat(_) => {
                RouteOutcome::Dead("answers that leave by a NAT gateway are lost".to_string())
            }
            RouteOutcome::EgressOnly => RouteOutcome::Dead(
                "an egress-only internet gateway lets no connection in".to_string(),
            ),
            it @ (RouteOutcome::Local
            | RouteOutcome::InternetGateway
            | RouteOutcome::Peering(_)
            | RouteOutcome::TransitGateway(_)
            | RouteOutcome::Appliance(_)
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_)
            | RouteOutcome::Unknown(_)) => it,
        };
        hops.push(route(Some(to), ends.source, answer, back));
    }

    /// What the groups of the side that connects let through.
    fn egress(&self, ends: &Ends<'_>, peered: Holds) -> Hop {
        Hop {
            component: Component::Egress,
            way: Way::There,
            admitted: self.admitted_by_groups(ends, Direction::Egress, peered),
        }
    }

    /// What the groups of the side that is connected to let through.
    fn ingress(&self, ends: &Ends<'_>, peered: Holds) -> Hop {
        Hop {
            component: Component::Ingress,
            way: Way::There,
            admitted: self.admitted_by_groups(ends, Direction::Ingress, peered),
        }
    }

    /// What the groups of one side let through: the union of all rules of all of them.
    fn admitted_by_groups(&self, ends: &Ends<'_>, direction: Direction, peered: Holds) -> Admitted {
        let (own, other, address) = match direction {
            Direction::Egress => (ends.from, ends.to, &ends.destination),
            Direction::Ingress => (ends.to, ends.from, &ends.source),
        };
        match &own.groups {
            Groups::NotAsked => Admitted::all(),
            Groups::Unknown => Admitted::unknown(),
            Groups::Known(groups) => {
                let mut all = Admitted::none();
                for group in groups {
                    let group = &self.groups[*group];
                    if direction == Direction::Egress {
                        match group.default_egress {
                            Value::Literal(true) => return Admitted::all(),
                            Value::Literal(false) => {}
                            Value::Parameter(_) | Value::Unknown => {
                                all.possible = TrafficSet::all();
                            }
                        }
                    }
                    if group.unknown_rules.contains(&direction) {
                        all.possible = TrafficSet::all();
                    }
                    for rule in group.rules.iter().filter(|it| it.direction == direction) {
                        match self.rule_matches(rule, other, address, peered) {
                            Holds::Yes => all = all.union(&rule.traffic),
                            Holds::Maybe => {
                                all.possible = all.possible.union(&rule.traffic.possible);
                            }
                            Holds::No => {}
                        }
                    }
                }
                all
            }
        }
    }

    /// Whether a rule is about the other side. A reference to a group means the private addresses of
    /// the interfaces that have it: it says nothing about what comes through NAT or from outside.
    pub(super) fn rule_matches(
        &self,
        rule: &Rule,
        other: &Place,
        address: &Address,
        peered: Holds,
    ) -> Holds {
        match &rule.peer {
            Match::Block(it) => address.within(it),
            Match::Group(group) => peered.min(match (&other.groups, group) {
                (Groups::Known(_), None) | (Groups::Unknown, _) => Holds::Maybe,
                (Groups::Known(groups), Some(group)) if groups.contains(group) => Holds::Yes,
                (Groups::NotAsked, _) if other.position == Where::UnknownSubnet => Holds::Maybe,
                (Groups::Known(_), Some(_)) | (Groups::NotAsked, _) => Holds::No,
            }),
        }
    }

    /// What the network ACL of a subnet lets through.
    fn acl(&self, subnet: usize, direction: Direction, remote: Address, way: Way) -> Hop {
        let acl = self.subnets[subnet].acl;
        let admitted = match acl {
            SubnetAcl::Default => Admitted::all(),
            SubnetAcl::Unknown => Admitted::unknown(),
            SubnetAcl::Acl(it) => self.admitted_by_acl(it, direction, &remote),
        };
        Hop { component: Component::Acl { subnet, acl, direction, remote }, way, admitted }
    }

    /// What the entries let through: the first that matches decides. They are walked from the last to
    /// the first, so that each one overrides what later ones say; the last word is "deny".
    fn admitted_by_acl(&self, acl: usize, direction: Direction, remote: &Address) -> Admitted {
        let acl = &self.acls[acl];
        let mut admitted = Admitted::none();
        for entry in acl.entries.iter().rev().filter(|it| it.direction == direction) {
            let held = remote.within(&entry.block);
            if held == Holds::No {
                continue;
            }
            let surely = if held == Holds::Yes && entry.number.is_some() {
                entry.traffic.certain.clone()
            } else {
                TrafficSet::none()
            };
            let perhaps = &entry.traffic.possible;
            if entry.allow {
                admitted.certain = admitted.certain.union(&surely);
                admitted.possible = admitted.possible.union(perhaps);
            } else {
                admitted.certain = admitted.certain.subtract(perhaps);
                admitted.possible = admitted.possible.subtract(&surely);
            }
        }
        // Entries without a known number sort first, so what they may change has been applied last.
        if acl.unknown_entries.contains(&direction) { Admitted::unknown() } else { admitted }
    }

    /// Every block that tells addresses apart for these places: the answer is the same for addresses
    /// that lie in the same of them.
    pub(super) fn distinctions(&self, from: &Place, to: &Place) -> Vec<Span> {
        let mut blocks: BTreeSet<Span> = BTreeSet::new();
        let mut subnets: BTreeSet<usize> = BTreeSet::new();
        for place in [from, to] {
            if let Where::Subnet(it) = place.position {
                subnets.insert(it);
            }
            if let Groups::Known(groups) = &place.groups {
                for rule in groups.iter().flat_map(|it| &self.groups[*it].rules) {
                    if let Match::Block(Value::Literal(it)) = &rule.peer {
                        blocks.insert(Span::of(*it));
                    }
                }
            }
        }
        for subnet in subnets.clone() {
            for route in self.routes_of(subnet) {
                if let Target::Nat(Some(nat)) = &route.target {
                    subnets.extend(self.nats[*nat].subnet);
                }
            }
        }
        for subnet in subnets {
            for route in self.routes_of(subnet) {
                blocks.extend(route.destination.literal().map(|it| Span::of(*it)));
            }
            let vpc = &self.vpcs[self.subnets[subnet].vpc];
            blocks.extend(vpc.all_blocks().filter_map(|it| it.literal().map(|it| Span::of(*it))));
            if let SubnetAcl::Acl(acl) = self.subnets[subnet].acl {
                let entries = &self.acls[acl].entries;
                blocks.extend(
                    entries.iter().filter_map(|it| it.block.literal()).map(|it| Span::of(*it)),
                );
            }
        }
        blocks.into_iter().collect()
    }

    /// The groups at a place.
    pub(super) fn groups_at(&self, place: &Place) -> Vec<&Group> {
        match &place.groups {
            Groups::Known(it) => it.iter().map(|it| &self.groups[*it]).collect(),
            Groups::NotAsked | Groups::Unknown => Vec::new(),
        }
    }
}

impl RouteOutcome {
    /// A NAT gateway that stands nowhere is not known.
    pub(super) fn known(self) -> RouteOutcome {
        match self {
            RouteOutcome::Nat(None) => {
                RouteOutcome::Unknown("where the NAT gateway stands is not known".to_string())
            }
            it @ (RouteOutcome::Local
            | RouteOutcome::InternetGateway
            | RouteOutcome::EgressOnly
            | RouteOutcome::Nat(Some(_))
            | RouteOutcome::Peering(_)
            | RouteOutcome::TransitGateway(_)
            | RouteOutcome::Appliance(_)
            | RouteOutcome::GatewayEndpoint
            | RouteOutcome::Missing
            | RouteOutcome::Dead(_)
            | RouteOutcome::Unknown(_)) => it,
        }
    }
}

/// A route hop: all or nothing.
fn route(subnet: Option<usize>, to: Address, outcome: RouteOutcome, way: Way) -> Hop {
    let admitted = match &outcome {
        RouteOutcome::Local
        | RouteOutcome::InternetGateway
        | RouteOutcome::EgressOnly
        | RouteOutcome::Nat(_)
        | RouteOutcome::Peering(_)
        | RouteOutcome::TransitGateway(_)
        | RouteOutcome::GatewayEndpoint => Admitted::all(),
        RouteOutcome::Missing | RouteOutcome::Dead(_) => Admitted::none(),
        RouteOutcome::Appliance(_) | RouteOutcome::Unknown(_) => Admitted::unknown(),
    };
    Hop { component: Component::Route { subnet, to, outcome }, way, admitted }
}

/// A public address on a side.
fn public_address(place: &Place, way: Way) -> Hop {
    let admitted = match place.public {
        Holds::Yes => Admitted::all(),
        Holds::Maybe => Admitted::unknown(),
        Holds::No => Admitted::none(),
    };
    Hop { component: Component::PublicAddress(place.name.clone()), way, admitted }
}

/// A side without addresses of the family.
fn unaddressed(place: &Place) -> Hop {
    let component = Component::Addressed(place.name.clone(), place.family);
    Hop { component, way: Way::There, admitted: Admitted::none() }
}

/// A transit gateway's interface that stands in one of several subnets with different ACLs.
fn unknown_crossing(way: Way) -> Hop {
    Hop {
        component: Component::Unknown(
            "in which subnet the transit gateway's interface stands is not known".to_string(),
        ),
        way,
        admitted: Admitted::unknown(),
    }
}

/// Something that is not known.
fn unknown(why: impl Into<String>) -> Hop {
    Hop {
        component: Component::Unknown(why.into()),
        way: Way::There,
        admitted: Admitted::unknown(),
    }
}
