//! What route tables say: the longest prefix, local routes, and where targets lead.

use super::address::Address;
use super::hop::RouteOutcome;
use super::model::{Holds, Model, RouteEntry, RouteRank, ServiceWay, Target};
use super::side::Where;
use crate::resource::ResourceId;

// AWS's explanation codes for routes that do not lead there:
// <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>
const OWN_ADDRESS: &str = "VPC_LOCAL_ROUTE_CIDR_RESTRICTION";
const OTHER_VPC: &str = "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR";
const NO_TRANSIT: &str = "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT";
const TO_INTERNET: &str = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS";
pub(super) const NOT_ATTACHED: &str = "BAD_STATE_ATTACHMENT";
const CANNOT_ROUTE: &str = "CANNOT_ROUTE";

/// Why nobody knows where it leads, if it is certain that a NAT gateway translates it.
pub(super) const BY_NAT: &str = "a NAT gateway on the way to a private address is not followed";

/// A route's result before it is judged.
enum Lookup<'a> {
    Local,
    Route(&'a Target),
    Missing,
    Unknown(String),
    /// Not known, and perhaps by a NAT gateway.
    Unfollowed(String),
}

impl Model {
    /// What the table of a subnet says about an address in a VPC of the graph.
    pub(super) fn way_between(&self, subnet: usize, vpc: usize, address: &Address) -> RouteOutcome {
        let here = self.subnets[subnet].vpc;
        let target = match self.lookup(subnet, address, here == vpc) {
            Lookup::Route(it) => it,
            Lookup::Local if here == vpc => return RouteOutcome::Local,
            Lookup::Local => {
                return RouteOutcome::dead(OWN_ADDRESS, "the address belongs to the VPC itself");
            }
            Lookup::Missing if self.open && here != vpc => {
                return RouteOutcome::Unknown("a peering may be added".to_string());
            }
            Lookup::Missing => return RouteOutcome::Missing,
            Lookup::Unknown(why) => return RouteOutcome::Unknown(why),
            Lookup::Unfollowed(why) => return RouteOutcome::Unfollowed(why),
        };
        match target {
            Target::Peering(Some(it)) if here != vpc => {
                let peering = &self.peerings[*it];
                if peering.connects(here, vpc) {
                    RouteOutcome::Peering(*it)
                } else {
                    RouteOutcome::dead(
                        OTHER_VPC,
                        format!("peering `{}` leads to another VPC", peering.name),
                    )
                }
            }
            Target::Peering(Some(_)) => {
                RouteOutcome::dead(OTHER_VPC, "a peering takes traffic out of the VPC")
            }
            Target::Transit(Some(it)) if here != vpc => {
                let outcome = self.through_transit(*it, here, vpc, address);
                // It may lead where a NAT gateway translates.
                if let RouteOutcome::Unknown(why) = outcome {
                    RouteOutcome::Unfollowed(why)
                } else {
                    outcome
                }
            }
            Target::Transit(Some(_)) => {
                RouteOutcome::dead(NO_TRANSIT, "a transit gateway takes traffic out of the VPC")
            }
            Target::Appliance(it) => RouteOutcome::Appliance(it.clone()),
            Target::Nat(Some(_)) if here == vpc => RouteOutcome::Unfollowed(BY_NAT.to_string()),
            Target::Nat(Some(nat)) if address.is_v4() => self.behind_nat(*nat, vpc, address),
            // IPv6 addresses of a VPC are addresses of the internet: they are reached across it too.
            Target::InternetGateway(_) | Target::EgressOnly(_)
                if !address.is_v4() && here != vpc =>
            {
                self.to_internet(here, target, address)
            }
            Target::Nat(Some(_)) | Target::InternetGateway(_) | Target::EgressOnly(_) => {
                RouteOutcome::dead(TO_INTERNET, "the route leads to the internet")
            }
            Target::Vpn(it) => self.behind_vpn(here, it),
            Target::Peering(None) | Target::Transit(None) => {
                RouteOutcome::Unknown("the route's target is not known".to_string())
            }
            Target::Nat(None) | Target::Unknown => {
                RouteOutcome::Unfollowed("the route's target is not known".to_string())
            }
        }
    }

    /// To the internet by an internet gateway or an egress-only one.
    fn to_internet(&self, vpc: usize, target: &Target, address: &Address) -> RouteOutcome {
        let name = &self.vpcs[vpc].name;
        if let Target::InternetGateway(gateway) = target {
            if self.vpcs[vpc].gateways.contains(gateway) {
                return RouteOutcome::InternetGateway;
            }
            let why = format!("the internet gateway is not attached to `{name}`");
            return RouteOutcome::dead(NOT_ATTACHED, why);
        }
        let Target::EgressOnly(Some(owner)) = target else {
            return RouteOutcome::Unknown("the route's target is not known".to_string());
        };
        if *owner != vpc {
            let why = "the egress-only internet gateway belongs to another VPC";
            RouteOutcome::dead(NOT_ATTACHED, why)
        } else if address.is_v4() {
            RouteOutcome::dead(CANNOT_ROUTE, "egress-only internet gateways carry IPv6 only")
        } else {
            RouteOutcome::EgressOnly
        }
    }

    /// Whether a NAT gateway leads to an address of another VPC: as far as its own subnet does. Nobody
    /// follows its translation there.
    fn behind_nat(&self, nat: usize, vpc: usize, address: &Address) -> RouteOutcome {
        let Some(subnet) = self.nats[nat].subnet else {
            return RouteOutcome::Unfollowed(BY_NAT.to_string());
        };
        match self.lookup(subnet, address, false) {
            Lookup::Missing => RouteOutcome::Missing,
            Lookup::Local
            | Lookup::Route(Target::Nat(_) | Target::InternetGateway(_) | Target::EgressOnly(_)) => {
                RouteOutcome::dead(TO_INTERNET, "the route leads to the internet")
            }
            Lookup::Route(
                Target::Peering(_)
                | Target::Transit(_)
                | Target::Vpn(_)
                | Target::Appliance(_)
                | Target::Unknown,
            )
            | Lookup::Unknown(_)
            | Lookup::Unfollowed(_) => {
                let outcome = self.way_between(subnet, vpc, address);
                if matches!(outcome, RouteOutcome::Dead(_) | RouteOutcome::Missing) {
                    outcome
                } else {
                    RouteOutcome::Unfollowed(BY_NAT.to_string())
                }
            }
        }
    }

    /// What lies behind a VPN gateway.
    fn behind_vpn(&self, vpc: usize, gateway: &ResourceId) -> RouteOutcome {
        let vpc = &self.vpcs[vpc];
        if vpc.vpn_gateways.contains(gateway) {
            RouteOutcome::Unknown("what lies behind the VPN gateway is not known".to_string())
        } else {
            let why = format!("the VPN gateway is not attached to `{}`", vpc.name);
            RouteOutcome::dead(NOT_ATTACHED, why)
        }
    }

    /// Whether a subnet's table has the routes of a gateway endpoint.
    pub(super) fn by_gateway_endpoint(&self, subnet: usize, to: Where) -> bool {
        let Where::Service(Some(service)) = to else {
            return false;
        };
        let Some(table) = self.subnets[subnet].table else {
            return false;
        };
        self.services.iter().any(|it| {
            it.service == service
                && matches!(&it.way, ServiceWay::Gateway(tables) if tables.contains(&table))
        })
    }

    /// What the table of a subnet says about an address outside the graph.
    pub(super) fn way_out(&self, subnet: usize, address: &Address, to: Where) -> RouteOutcome {
        let here = self.subnets[subnet].vpc;
        let vpc = &self.vpcs[here];
        let public = matches!(to, Where::Internet | Where::Service(_) | Where::CloudFront);
        let target = match self.lookup(subnet, address, false) {
            Lookup::Route(it) => it,
            Lookup::Local => {
                return RouteOutcome::dead(OWN_ADDRESS, "the address belongs to the VPC itself");
            }
            Lookup::Missing if self.open && matches!(to, Where::Peered(_) | Where::Nowhere) => {
                return RouteOutcome::Unknown("a peering may be added".to_string());
            }
            Lookup::Missing => return RouteOutcome::Missing,
            Lookup::Unknown(why) | Lookup::Unfollowed(why) => return RouteOutcome::Unknown(why),
        };
        match target {
            Target::InternetGateway(_) | Target::EgressOnly(_) if public => {
                self.to_internet(here, target, address)
            }
            Target::InternetGateway(_) => {
                RouteOutcome::dead(TO_INTERNET, "the route leads to the internet")
            }
            Target::Nat(Some(_)) if !address.is_v4() => {
                RouteOutcome::dead(CANNOT_ROUTE, "NAT gateways carry IPv4 only")
            }
            Target::Nat(Some(nat)) if !self.nats[*nat].public => RouteOutcome::Unknown(
                "what lies behind a private NAT gateway is not known".to_string(),
            ),
            Target::Nat(Some(nat)) if public => RouteOutcome::Nat(self.nats[*nat].subnet).known(),
            Target::Nat(Some(_)) | Target::EgressOnly(_) => {
                RouteOutcome::dead(TO_INTERNET, "the route leads to the internet")
            }
            Target::Peering(Some(it)) => {
                if to == Where::Peered(*it) {
                    RouteOutcome::Peering(*it)
                } else {
                    let name = &self.peerings[*it].name;
                    RouteOutcome::dead(
                        OTHER_VPC,
                        format!("peering `{name}` gives no way beyond the peered VPC"),
                    )
                }
            }
            Target::Transit(Some(it)) if !self.transits[*it].may_attach(here) => {
                let name = &self.transits[*it].name;
                let why = format!("`{}` is not attached to `{name}`", vpc.name);
                RouteOutcome::dead(NO_TRANSIT, why)
            }
            Target::Transit(Some(it)) => RouteOutcome::Unknown(format!(
                "what else is attached to `{}` is not known",
                self.transits[*it].name
            )),
            Target::Vpn(it) => self.behind_vpn(here, it),
            Target::Appliance(it) => RouteOutcome::Appliance(it.clone()),
            Target::Nat(None) | Target::Peering(None) | Target::Transit(None) | Target::Unknown => {
                RouteOutcome::Unknown("the route's target is not known".to_string())
            }
        }
    }

    /// The route with the longest prefix; of equal ones the one of the higher rank. `inside` says that
    /// the address is known to be in the VPC.
    fn lookup(&self, subnet: usize, address: &Address, inside: bool) -> Lookup<'_> {
        let subnet = &self.subnets[subnet];
        let vpc = &self.vpcs[subnet.vpc];
        // Local routes are the first of equals.
        let local = |length: u8| (length, None::<RouteRank>);
        let mut best: Option<((u8, Option<RouteRank>), Lookup<'_>)> = None;
        let mut maybe_local = false;
        for block in vpc.blocks_of(address.family()) {
            // AWS's VPC blocks are /16 at the largest.
            let length = block.literal().map_or(16, ipnet::IpNet::prefix_len);
            match self.within(address, &block) {
                // Blocks of one VPC never overlap: there is one at most.
                Holds::Yes => best = Some((local(length), Lookup::Local)),
                Holds::Maybe => maybe_local = true,
                Holds::No => {}
            }
        }
        if best.is_none() && inside {
            best = Some((local(16), Lookup::Local));
        }
        let routes = subnet.table.map(|it| self.tables[it].routes.as_slice()).unwrap_or_default();
        let doubtful = |why: &str| {
            let by_nat = routes.iter().any(|it| {
                let translates = matches!(
                    it.target,
                    Target::Nat(_) | Target::Transit(_) | Target::Appliance(_) | Target::Unknown
                );
                translates && self.within(address, &it.destination) != Holds::No
            });
            let why = why.to_string();
            if by_nat { Lookup::Unfollowed(why) } else { Lookup::Unknown(why) }
        };
        let unknown = |why: &str| Lookup::Unknown(why.to_string());
        if best.is_none() && maybe_local && matches!(address, Address::Within(_)) {
            return doubtful("a block of the VPC is not known");
        }
        if subnet.unknown_routes {
            return unknown("routes are not known");
        }
        let mut doubt: Option<u8> = None;
        let mut listed: Vec<&Target> = Vec::new();
        for route in routes {
            let length = route.destination.literal().map_or(u8::MAX, ipnet::IpNet::prefix_len);
            match self.within(address, &route.destination) {
                // What a VPN gateway announces never comes before a local route.
                Holds::Yes
                    if route.rank == RouteRank::Propagated
                        && matches!(best, Some((_, Lookup::Local))) => {}
                Holds::Yes => {
                    if route.rank == RouteRank::PrefixList && !listed.contains(&&route.target) {
                        listed.push(&route.target);
                    }
                    let wins = best.as_ref().is_none_or(|((other, rank), _)| {
                        *other < length
                            || *other == length && rank.is_some_and(|it| it < route.rank)
                    });
                    if wins {
                        let key = (length, Some(route.rank));
                        best = Some((key, Lookup::Route(&route.target)));
                    }
                }
                Holds::Maybe
                    if route.rank == RouteRank::Propagated
                        && matches!(best, Some((_, Lookup::Local))) => {}
                Holds::Maybe => doubt = doubt.max(Some(length)),
                Holds::No => {}
            }
        }
        // Of prefix lists that overlap AWS takes any, and stays with it.
        if listed.len() > 1 && best.as_ref().is_some_and(|it| it.0.1 == Some(RouteRank::PrefixList))
        {
            return unknown("prefix lists with different targets overlap");
        }
        match (best, doubt) {
            (Some(((length, _), it)), doubt) if doubt.is_none_or(|it| it < length) => it,
            (Some(((length, None), it)), Some(doubt)) if doubt == length => it,
            // A route whose addresses are not known may be the longest. Where only the address is not
            // known, as in a block that Amazon chooses, the block's own route is longer than most.
            (_, Some(_)) => doubtful("the destination of a route is not known"),
            (Some((_, it)), None) => it,
            (None, None) => Lookup::Missing,
        }
    }

    /// Whether a subnet's table may send an address on that is not one of its VPC.
    pub(super) fn may_send_on(&self, subnet: usize, address: &Address) -> bool {
        match self.lookup(subnet, address, false) {
            Lookup::Route(_) | Lookup::Unknown(_) | Lookup::Unfollowed(_) => true,
            Lookup::Local | Lookup::Missing => false,
        }
    }

    /// Whether a NAT gateway may be on the way from a place.
    pub(super) fn may_translate(&self, position: Where) -> bool {
        let Where::Subnet(subnet) = position else {
            return false;
        };
        let mut routes = self.routes_of(subnet).iter();
        routes.any(|it| matches!(it.target, Target::Nat(_) | Target::Transit(_) | Target::Unknown))
    }

    /// The routes of a subnet, without the local ones.
    pub(super) fn routes_of(&self, subnet: usize) -> &[RouteEntry] {
        let table = self.subnets[subnet].table;
        table.map(|it| self.tables[it].routes.as_slice()).unwrap_or_default()
    }
}
