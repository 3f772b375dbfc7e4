//! What route tables say: the longest prefix, local routes, and where targets lead.

use super::flow::RouteOutcome;
use super::model::{Address, Holds, Model, RouteEntry, ServiceWay, Target};
use super::side::Where;
use crate::value::Value;

/// A route's result before it is judged.
enum Lookup<'a> {
    Local,
    Route(&'a Target),
    Missing,
    Unknown(String),
}

impl Model {
    /// What the table of a subnet says about an address in a VPC of the graph.
    pub(super) fn way_between(&self, subnet: usize, vpc: usize, address: &Address) -> RouteOutcome {
        let here = self.subnets[subnet].vpc;
        match self.lookup(subnet, address, here == vpc) {
            Lookup::Local if here == vpc => RouteOutcome::Local,
            Lookup::Local => {
                RouteOutcome::Dead("the address belongs to the VPC itself".to_string())
            }
            Lookup::Route(Target::Peering(Some(it))) if here != vpc => {
                if self.peerings[*it].connects(here, vpc) {
                    RouteOutcome::Peering(*it)
                } else {
                    RouteOutcome::Dead(format!(
                        "peering `{}` leads to another VPC",
                        self.peerings[*it].name
                    ))
                }
            }
            Lookup::Route(Target::Peering(Some(_))) => {
                RouteOutcome::Dead("a peering takes traffic out of the VPC".to_string())
            }
            Lookup::Route(Target::Peering(None) | Target::Nat(None) | Target::Unknown) => {
                RouteOutcome::Unknown("the route's target is not known".to_string())
            }
            Lookup::Route(Target::Nat(Some(_))) if here == vpc => RouteOutcome::Unknown(
                "a NAT gateway between subnets of one VPC is not followed".to_string(),
            ),
            Lookup::Route(Target::Nat(Some(_)) | Target::InternetGateway(_)) => {
                RouteOutcome::Dead("the route leads to the internet".to_string())
            }
            Lookup::Missing if self.open && here != vpc => {
                RouteOutcome::Unknown("a peering may be added".to_string())
            }
            Lookup::Missing => RouteOutcome::Missing,
            Lookup::Unknown(why) => RouteOutcome::Unknown(why),
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
        let vpc = &self.vpcs[self.subnets[subnet].vpc];
        match self.lookup(subnet, address, false) {
            Lookup::Local => {
                RouteOutcome::Dead("the address belongs to the VPC itself".to_string())
            }
            Lookup::Route(Target::InternetGateway(gateway)) => {
                if !vpc.gateways.contains(gateway) {
                    let why = format!("the internet gateway is not attached to `{}`", vpc.name);
                    RouteOutcome::Dead(why)
                } else if matches!(to, Where::Internet | Where::Service(_)) {
                    RouteOutcome::InternetGateway
                } else {
                    RouteOutcome::Dead("the route leads to the internet".to_string())
                }
            }
            Lookup::Route(Target::Nat(Some(nat))) => {
                if matches!(to, Where::Internet | Where::Service(_)) {
                    RouteOutcome::Nat(self.nats[*nat].subnet).known()
                } else {
                    RouteOutcome::Dead("the route leads to the internet".to_string())
                }
            }
            Lookup::Route(Target::Peering(Some(it))) => {
                if to == Where::Peered(*it) {
                    RouteOutcome::Peering(*it)
                } else {
                    RouteOutcome::Dead(format!(
                        "peering `{}` gives no way beyond the peered VPC",
                        self.peerings[*it].name
                    ))
                }
            }
            Lookup::Route(Target::Nat(None) | Target::Peering(None) | Target::Unknown) => {
                RouteOutcome::Unknown("the route's target is not known".to_string())
            }
            Lookup::Missing if self.open && matches!(to, Where::Peered(_) | Where::Nowhere) => {
                RouteOutcome::Unknown("a peering may be added".to_string())
            }
            Lookup::Missing => RouteOutcome::Missing,
            Lookup::Unknown(why) => RouteOutcome::Unknown(why),
        }
    }

    /// The route with the longest prefix. `inside` says that the address is known to be in the VPC.
    fn lookup(&self, subnet: usize, address: &Address, inside: bool) -> Lookup<'_> {
        let subnet = &self.subnets[subnet];
        let vpc = &self.vpcs[subnet.vpc];
        let mut best: Option<(u8, Lookup<'_>)> = None;
        let mut maybe_local = false;
        for block in &vpc.blocks {
            let held = match block {
                // AWS's VPC blocks are /16 at the largest.
                Value::Literal(it) => {
                    (address.within(&Value::Literal((*it).into())), it.prefix_len())
                }
                Value::Parameter(_) | Value::Unknown => (Holds::Maybe, 16),
            };
            match held {
                (Holds::Yes, length) => {
                    if best.as_ref().is_none_or(|it| it.0 < length) {
                        best = Some((length, Lookup::Local));
                    }
                }
                (Holds::Maybe, _) => maybe_local = true,
                (Holds::No, _) => {}
            }
        }
        if best.is_none() && inside {
            best = Some((16, Lookup::Local));
        }
        let unknown = |why: &str| Lookup::Unknown(why.to_string());
        if best.is_none() && maybe_local && matches!(address, Address::Within(_)) {
            return unknown("a block of the VPC is not known");
        }
        if subnet.unknown_routes {
            return unknown("routes are not known");
        }
        let routes = subnet.table.map(|it| self.tables[it].routes.as_slice()).unwrap_or_default();
        let mut doubt: Option<u8> = None;
        for route in routes {
            let length = route.destination.literal().map_or(u8::MAX, |it| it.prefix_len());
            match address.within(&route.destination) {
                Holds::Yes => {
                    if best.as_ref().is_none_or(|it| it.0 < length) {
                        best = Some((length, Lookup::Route(&route.target)));
                    }
                }
                Holds::Maybe => doubt = doubt.max(Some(length)),
                Holds::No => {}
            }
        }
        match (best, doubt) {
            (Some((length, it)), doubt) if doubt.is_none_or(|it| it <= length) => it,
            // A route whose addresses are not known may be the longest.
            (_, Some(_)) => unknown("the destination of a route is not known"),
            (Some((_, it)), None) => it,
            (None, None) => Lookup::Missing,
        }
    }

    /// The routes of a subnet, without the local ones.
    pub(super) fn routes_of(&self, subnet: usize) -> &[RouteEntry] {
        let table = self.subnets[subnet].table;
        table.map(|it| self.tables[it].routes.as_slice()).unwrap_or_default()
    }
}
