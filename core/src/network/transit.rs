//! Transit gateways: what is attached, and where their route tables lead.
//! <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>

use ipnet::IpNet;

use super::address::Address;
use super::flow::RouteOutcome;
use super::model::{Holds, Model, SubnetAcl};
use crate::value::Value;

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

/// The network ACLs on the way through a transit gateway, on one side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crossing {
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
        let dead = |why: String| RouteOutcome::Dead(why);
        let name = &it.name;
        let Some(attachment) = it.attachments.iter().find(|it| it.vpc == Some(from)) else {
            if it.attachments.iter().any(|it| it.vpc.is_none()) {
                return RouteOutcome::Unknown(format!("what is attached to `{name}` is not known"));
            }
            return dead(format!("`{}` is not attached to `{name}`", self.vpcs[from].name));
        };
        let table = match attachment.table {
            AttachedTable::Table(it) => it,
            AttachedTable::None => {
                return dead(format!("no route table of `{name}` decides for its attachment"));
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
            return dead(format!("`{name}` routes it to another attachment"));
        }
        if !address.is_v4() {
            for it in [attachment, &it.attachments[target]] {
                match it.ipv6 {
                    Value::Literal(true) => {}
                    Value::Literal(false) => {
                        return dead(format!("an attachment of `{name}` carries no IPv6"));
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
            match address.within(block) {
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
                    for block in self.vpcs[vpc].all_blocks() {
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
                Err(RouteOutcome::Dead(format!("`{}` drops it", it.name)))
            }
            (None, None) => Err(RouteOutcome::Dead(format!("`{}` has no route to it", it.name))),
        }
    }

    /// The subnet in which a transit gateway's interface stands for a subnet of a VPC: the one in the
    /// same zone. Zones are not looked at; where ACLs differ, it is not known.
    pub(super) fn crossing(&self, transit: usize, subnet: usize) -> Crossing {
        let vpc = self.subnets[subnet].vpc;
        let Some(attachment) =
            self.transits[transit].attachments.iter().find(|it| it.vpc == Some(vpc))
        else {
            return Crossing::Unknown;
        };
        if attachment.subnets.contains(&subnet) {
            return Crossing::SameSubnet;
        }
        let acl = |it: usize| self.subnets[it].acl;
        match attachment.subnets.as_slice() {
            [] => Crossing::Unknown,
            [first, rest @ ..]
                if acl(*first) != SubnetAcl::Unknown
                    && rest.iter().all(|it| acl(*it) == acl(*first)) =>
            {
                Crossing::Subnet(*first)
            }
            [_, ..] => Crossing::Unknown,
        }
    }
}
