//! What is on the way of a connection: groups, network ACLs, routes, addresses.

use super::address::Address;
use super::model::{Holds, SubnetAcl};
use super::side::Place;
use super::span::Family;
use super::traffic::Admitted;
use crate::resource::network::Direction;

/// What a hop is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Component {
    /// The groups of the side that connects.
    Egress,
    /// The groups of the side that is connected to.
    Ingress,
    /// The network policy of the pods that connect.
    PolicyEgress,
    /// The network policy of the pods that are connected to.
    PolicyIngress,
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
    /// By a NAT gateway to a private address, or perhaps by one: nobody follows what it translates. Why.
    Unfollowed(String),
    /// By a gateway endpoint.
    GatewayEndpoint,
    /// Nowhere: there is no such route.
    Missing,
    /// To something that does not lead there.
    Dead(DeadEnd),
    /// Not known here: why.
    Unknown(String),
}

/// Why a route does not lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadEnd {
    /// In words.
    pub why: String,
    /// AWS's explanation code for it:
    /// <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>
    pub code: &'static str,
}

impl RouteOutcome {
    /// A route to something that does not lead there.
    pub(super) fn dead(code: &'static str, why: impl Into<String>) -> RouteOutcome {
        RouteOutcome::Dead(DeadEnd { why: why.into(), code })
    }
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

impl RouteOutcome {
    /// A NAT gateway that stands nowhere is not known.
    pub(super) fn known(self) -> RouteOutcome {
        if self == RouteOutcome::Nat(None) {
            RouteOutcome::Unknown("where the NAT gateway stands is not known".to_string())
        } else {
            self
        }
    }

    /// The same for answers to who opened a connection: an egress-only gateway lets none of those out, as
    /// it takes in only what it has let out itself.
    pub(super) fn for_answers(self) -> RouteOutcome {
        if self == RouteOutcome::EgressOnly {
            RouteOutcome::dead("NO_PATH", "an egress-only internet gateway lets no connection in")
        } else {
            self
        }
    }
}

/// A route hop: all or nothing.
pub(super) fn route(subnet: Option<usize>, to: Address, outcome: RouteOutcome, way: Way) -> Hop {
    let admitted = match &outcome {
        RouteOutcome::Local
        | RouteOutcome::InternetGateway
        | RouteOutcome::EgressOnly
        | RouteOutcome::Nat(_)
        | RouteOutcome::Peering(_)
        | RouteOutcome::TransitGateway(_)
        | RouteOutcome::GatewayEndpoint => Admitted::all(),
        RouteOutcome::Missing | RouteOutcome::Dead(_) => Admitted::none(),
        RouteOutcome::Appliance(_) | RouteOutcome::Unfollowed(_) | RouteOutcome::Unknown(_) => {
            Admitted::unknown()
        }
    };
    Hop { component: Component::Route { subnet, to, outcome }, way, admitted }
}

/// A public address on a side.
pub(super) fn public_address(place: &Place, way: Way) -> Hop {
    let admitted = match place.public {
        Holds::Yes => Admitted::all(),
        Holds::Maybe => Admitted::unknown(),
        Holds::No => Admitted::none(),
    };
    Hop { component: Component::PublicAddress(place.name.clone()), way, admitted }
}

/// A side without addresses of the family.
pub(super) fn unaddressed(place: &Place) -> Hop {
    let component = Component::Addressed(place.name.clone(), place.family);
    Hop { component, way: Way::There, admitted: Admitted::none() }
}

/// A transit gateway's interface that stands in one of several subnets with different ACLs.
pub(super) fn unknown_crossing(way: Way) -> Hop {
    Hop {
        component: Component::Unknown(
            "in which subnet the transit gateway's interface stands is not known".to_string(),
        ),
        way,
        admitted: Admitted::unknown(),
    }
}

/// Something that is not known.
pub(super) fn unknown(why: impl Into<String>) -> Hop {
    Hop {
        component: Component::Unknown(why.into()),
        way: Way::There,
        admitted: Admitted::unknown(),
    }
}
