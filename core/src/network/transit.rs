//! Transit gateways: what is attached, and where their route tables lead.
//! <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>

use ipnet::IpNet;

use super::address::Address;
use super::hop::RouteOutcome;
use super::model::{Holds, Model, SubnetAcl};
use crate::value::Value;

/// AWS's explanation code for a table that leads elsewhere.
const NO_ROUTE: &str = "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT";

/// A transit gateway.
#[derive(Clone, Debug)]
pub struct Transit {
    /// The declaration's name.
    pub name: String,
    /// Whether ingress rules may refer to groups of other attached VPCs.
    pub group_references: Value<bool>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Its route tables; the first is the default one.
    pub tables: Vec<TransitTable>,
}

impl Transit {
    /// Whether a VPC is, or may be, attached to it.
    pub fn may_attach(&self, vpc: usize) -> bool {
        self.attachments.iter().any(|it| it.vpc.is_none_or(|it| it == vpc))
    }

    /// Whether a VPC is attached to it.
    pub fn attaches(&self, vpc: usize) -> bool {
        self.attachments.iter().any(|it| it.vpc == Some(vpc))
    }
}

/// A VPC on a transit gateway.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The VPC; none if it is not in the graph.
    pub vpc: Option<usize>,
    /// The subnets with its interfaces.
    pub subnets: Vec<usize>,
    /// Whether it carries IPv6.
    pub ipv6: Value<bool>,
    /// The table that decides for what comes from it.
    pub table: AttachedTable,
}

/// The table of an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachedTable {
    /// It has none: what comes from it goes nowhere.
    None,
    /// This one.
    Table(usize),
    /// Not known here.
    Unknown,
}

/// A route table of a transit gateway.
#[derive(Clone, Debug, Default)]
pub struct TransitTable {
    /// Its static routes; no attachment drops the traffic.
    pub routes: Vec<(Value<IpNet>, TransitTarget)>,
    /// The attachments whose VPCs announce their blocks to it.
    pub propagated: Vec<usize>,
    /// Whether more may be announced than is known.
    pub unknown: bool,
}

/// Where a static route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransitTarget {
    /// To an attachment.
    Attachment(usize),
    /// Nowhere: it drops the traffic.
    Blackhole,
    /// Not known here.
    Unknown,
}

/// Where the interface of a transit gateway's attachment stands, seen from a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crossing {
    /// In no subnet of the zone: resources of that zone do not reach the gateway.
    NoZone,
    /// The interface of the attachment stands in the subnet itself.
    SameSubnet,
    /// It stands in this one.
    Subnet(usize),
    /// Not known here: it may stand in subnets with different ACLs.
    Unknown,
}

impl Model {
    /// Where a transit gateway leads traffic from a VPC to an address of another one.
    pub(super) fn through_transit(
        &self,
        transit: usize,
        from: usize,
        to: usize,
        address: &Address,
    ) -> RouteOutcome {
        let it = &self.transits[transit];
        let dead = RouteOutcome::dead;
        let name = &it.name;
        let Some(attachment) = it.attachments.iter().find(|it| it.vpc == Some(from)) else {
            if it.attachments.iter().any(|it| it.vpc.is_none()) {
                return RouteOutcome::Unknown(format!("what is attached to `{name}` is not known"));
            }
            return dead(
                NO_ROUTE,
                format!("`{}` is not attached to `{name}`", self.vpcs[from].name),
            );
        };
        let table = match attachment.table {
            AttachedTable::Table(it) => it,
            AttachedTable::None => {
                let why = format!("no route table of `{name}` decides for its attachment");
                return dead("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", why);
            }
            AttachedTable::Unknown => {
                return RouteOutcome::Unknown(format!("the route table of `{name}` is not known"));
            }
        };
        let target = match self.transit_lookup(transit, table, address) {
            Ok(it) => it,
            Err(outcome) => return outcome,
        };
        if it.attachments[target].vpc != Some(to) {
            // Another VPC may send it on, as one with a firewall does.
            let mut subnets = it.attachments[target].subnets.iter();
            if it.attachments[target].subnets.is_empty()
                || subnets.any(|it| self.may_send_on(*it, address))
            {
                let why = format!("what becomes of it where `{name}` sends it is not followed");
                return RouteOutcome::Unfollowed(why);
            }
            return dead(NO_ROUTE, format!("`{name}` routes it to another attachment"));
        }
        if !address.is_v4() {
            for it in [attachment, &it.attachments[target]] {
                match it.ipv6 {
                    Value::Literal(true) => {}
                    Value::Literal(false) => {
                        let why = format!("an attachment of `{name}` carries no IPv6");
                        return dead("PROTOCOL_RESTRICTION", why);
                    }
                    Value::Parameter(_) | Value::Unknown => {
                        return RouteOutcome::Unknown(format!(
                            "whether `{name}` carries IPv6 is not known"
                        ));
                    }
                }
            }
        }
        RouteOutcome::TransitGateway(transit)
    }

    /// The attachment that a table leads to: the longest prefix, and of equals the static route.
    fn transit_lookup(
        &self,
        transit: usize,
        table: usize,
        address: &Address,
    ) -> Result<usize, RouteOutcome> {
        let it = &self.transits[transit];
        let table = &it.tables[table];
        let unknown = |why: &str| RouteOutcome::Unknown(format!("{why} of `{}`", it.name));
        // Prefix length and whether it is static.
        let mut best: Option<((u8, bool), TransitTarget)> = None;
        let mut doubt: Option<(u8, bool)> = None;
        let mut consider = |block: &Value<IpNet>, is_static: bool, target: TransitTarget| {
            let length = block.literal().map_or(u8::MAX, IpNet::prefix_len);
            let rank = (length, is_static);
            match self.within(address, block) {
                Holds::Yes if best.as_ref().is_none_or(|it| it.0 < rank) => {
                    best = Some((rank, target));
                }
                Holds::Maybe => doubt = doubt.max(Some(rank)),
                Holds::Yes | Holds::No => {}
            }
        };
        for (block, target) in &table.routes {
            consider(block, true, *target);
        }
        for attachment in &table.propagated {
            match it.attachments[*attachment].vpc {
                Some(vpc) => {
                    for block in self.vpcs[vpc].blocks_of(address.family()) {
                        consider(&block, false, TransitTarget::Attachment(*attachment));
                    }
                }
                None => consider(&Value::Unknown, false, TransitTarget::Unknown),
            }
        }
        if table.unknown {
            doubt = Some((u8::MAX, true));
        }
        match (best, doubt) {
            (Some((rank, _)), Some(doubt)) if rank < doubt => Err(unknown("routes")),
            (None, Some(_)) => Err(unknown("routes")),
            (Some((_, TransitTarget::Attachment(it))), _) => Ok(it),
            (Some((_, TransitTarget::Unknown)), _) => Err(unknown("the target of a route")),
            (Some((_, TransitTarget::Blackhole)), _) => {
                let why = format!("`{}` drops it", it.name);
                Err(RouteOutcome::dead("TGW_RTB_BAD_STATE_ROUTE", why))
            }
            (None, None) => {
                let why = format!("`{}` has no route to it", it.name);
                Err(RouteOutcome::dead(NO_ROUTE, why))
            }
        }
    }

    /// Whether a transit gateway has an interface in a subnet.
    pub(super) fn has_transit_interface(&self, subnet: usize) -> bool {
        let mut attachments = self.transits.iter().flat_map(|it| &it.attachments);
        attachments.any(|it| it.subnets.contains(&subnet))
    }

    /// Where traffic from a subnet goes onto a transit gateway: at the interface in its own zone.
    /// <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
    pub(super) fn exit(&self, transit: usize, subnet: usize) -> Crossing {
        let Some(interfaces) = self.interfaces_of(transit, self.subnets[subnet].vpc) else {
            return Crossing::Unknown;
        };
        match self.in_zone(interfaces, self.subnets[subnet].zone) {
            Some(Some(it)) => crossing(it, subnet),
            Some(None) => Crossing::NoZone,
            None => self.any_of(interfaces, subnet),
        }
    }

    /// Where traffic from a subnet comes off a transit gateway for a subnet of another VPC: in the zone it
    /// comes from if there is an interface, else in any.
    pub(super) fn entry(&self, transit: usize, from: usize, to: usize) -> Crossing {
        let Some(interfaces) = self.interfaces_of(transit, self.subnets[to].vpc) else {
            return Crossing::Unknown;
        };
        match self.in_zone(interfaces, self.subnets[from].zone) {
            Some(Some(it)) => crossing(it, to),
            Some(None) | None => self.any_of(interfaces, to),
        }
    }

    fn interfaces_of(&self, transit: usize, vpc: usize) -> Option<&[usize]> {
        let attachments = &self.transits[transit].attachments;
        let subnets = &attachments.iter().find(|it| it.vpc == Some(vpc))?.subnets;
        (!subnets.is_empty()).then_some(subnets)
    }

    /// The interface in a zone, or none; none at all if a zone is not known.
    fn in_zone(&self, interfaces: &[usize], zone: Option<u8>) -> Option<Option<usize>> {
        let zone = zone?;
        let mut found = None;
        for it in interfaces {
            if self.subnets[*it].zone? == zone {
                found = found.or(Some(*it));
            }
        }
        Some(found)
    }

    /// One of several interfaces, whichever: known only if they are all treated alike.
    pub(super) fn any_of(&self, interfaces: &[usize], subnet: usize) -> Crossing {
        let [first, rest @ ..] = interfaces else {
            return Crossing::Unknown;
        };
        let acl = |it: usize| self.subnets[it].acl;
        let alike = |it: &usize| {
            acl(*it) == acl(*first) && self.subnets[*it].table == self.subnets[*first].table
        };
        if rest.is_empty()
            || acl(*first) != SubnetAcl::Unknown
                && !interfaces.contains(&subnet)
                && rest.iter().all(alike)
        {
            crossing(*first, subnet)
        } else {
            Crossing::Unknown
        }
    }
}

fn crossing(interface: usize, subnet: usize) -> Crossing {
    if interface == subnet { Crossing::SameSubnet } else { Crossing::Subnet(interface) }
}
