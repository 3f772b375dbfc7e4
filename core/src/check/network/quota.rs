//! Quotas of a VPC and what is used of them (AG0307, AG0308, AG0312, AG0319, AG0222, AG0223, AG0224).
//! <https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html>
//!
//! What is not known is not counted: the use is never less than the number given.

use std::collections::BTreeMap;

use super::{Scope, direction_name};
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::network::Family;
use crate::resource::network::Direction;

mod count;

pub use count::usage;

/// A quota, with AWS's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quota {
    /// Rules of a security group in one direction for one family: 60.
    GroupRules(Direction, Family),
    /// Security groups on a network interface: 5, at most 16.
    InterfaceGroups,
    /// The rules of the largest group on an interface, times the number of its groups: 1,000, the product
    /// that the quotas for both may have at most.
    InterfaceRules,
    /// Entries of a network ACL in one direction for one family: 20, of which the one that denies the
    /// rest is one; at most 40.
    AclEntries(Direction, Family),
    /// Routes of a table for one family, propagated ones not counted: 50, at most 1,000.
    TableRoutes(Family),
    /// Propagated routes of a table: 100.
    PropagatedRoutes,
    /// Subnets of a VPC: 200.
    Subnets,
    /// Blocks of a VPC of one family: 5, at most 50.
    Blocks(Family),
    /// Route tables of a VPC: 200.
    RouteTables,
    /// Network ACLs of a VPC: 200.
    Acls,
    /// Interface endpoints of a VPC: 50.
    InterfaceEndpoints,
    /// Peerings of a VPC: 50, at most 125.
    Peerings,
    /// Network address units of a VPC: 64,000, at most 256,000.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/network-address-usage.html>
    AddressUnits,
    /// Network address units of a VPC and those peered with it: 128,000, at most 512,000.
    PeeredAddressUnits,
    /// Entries of a managed prefix list: as many as it says.
    ListEntries,
}

impl Quota {
    /// The default. A prefix list has its own.
    pub const fn limit(self) -> usize {
        match self {
            Quota::GroupRules(..) => 60,
            Quota::InterfaceGroups | Quota::Blocks(_) => 5,
            Quota::InterfaceRules | Quota::ListEntries => 1000,
            // The entry that denies the rest takes one of the 20.
            Quota::AclEntries(..) => 19,
            Quota::TableRoutes(_) | Quota::InterfaceEndpoints | Quota::Peerings => 50,
            Quota::PropagatedRoutes => 100,
            Quota::Subnets | Quota::RouteTables | Quota::Acls => 200,
            Quota::AddressUnits => 64_000,
            Quota::PeeredAddressUnits => 128_000,
        }
    }

    /// How far AWS raises it on request; none where that is not known or not done.
    pub const fn most(self) -> Option<usize> {
        match self {
            Quota::InterfaceGroups => Some(16),
            Quota::AclEntries(..) => Some(39),
            Quota::TableRoutes(_) => Some(1000),
            Quota::Blocks(_) => Some(50),
            Quota::Peerings => Some(125),
            Quota::AddressUnits => Some(256_000),
            Quota::PeeredAddressUnits => Some(512_000),
            Quota::GroupRules(..)
            | Quota::InterfaceRules
            | Quota::PropagatedRoutes
            | Quota::Subnets
            | Quota::RouteTables
            | Quota::Acls
            | Quota::InterfaceEndpoints
            | Quota::ListEntries => None,
        }
    }

    /// What is counted: `ingress rules for IPv4`.
    pub fn what(self) -> String {
        match self {
            Quota::GroupRules(direction, family) => {
                format!("{} rules for {}", direction_name(direction), family.name())
            }
            Quota::InterfaceGroups => "security groups".to_string(),
            Quota::InterfaceRules => {
                "rules (those of its largest group, times its groups)".to_string()
            }
            Quota::AclEntries(direction, family) => {
                format!("{} entries for {}", direction_name(direction), family.name())
            }
            Quota::TableRoutes(family) => format!("routes for {}", family.name()),
            Quota::PropagatedRoutes => "propagated routes".to_string(),
            Quota::Subnets => "subnets".to_string(),
            Quota::Blocks(family) => format!("{} blocks", family.name()),
            Quota::RouteTables => "route tables".to_string(),
            Quota::Acls => "network ACLs".to_string(),
            Quota::InterfaceEndpoints => "interface endpoints".to_string(),
            Quota::Peerings => "peerings".to_string(),
            Quota::AddressUnits => "network address units".to_string(),
            Quota::PeeredAddressUnits => {
                "network address units with the VPCs it is peered with".to_string()
            }
            Quota::ListEntries => "entries".to_string(),
        }
    }

    /// The same for IPv4, where families are counted apart.
    fn for_ipv4(self) -> Quota {
        match self {
            Quota::GroupRules(direction, _) => Quota::GroupRules(direction, Family::Ipv4),
            Quota::AclEntries(direction, _) => Quota::AclEntries(direction, Family::Ipv4),
            Quota::TableRoutes(_) => Quota::TableRoutes(Family::Ipv4),
            Quota::Blocks(_) => Quota::Blocks(Family::Ipv4),
            it @ (Quota::InterfaceGroups
            | Quota::InterfaceRules
            | Quota::PropagatedRoutes
            | Quota::Subnets
            | Quota::RouteTables
            | Quota::Acls
            | Quota::InterfaceEndpoints
            | Quota::Peerings
            | Quota::AddressUnits
            | Quota::PeeredAddressUnits
            | Quota::ListEntries) => it,
        }
    }
}

/// How much of a quota something uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// What uses it, as it is called in messages: "security group `api`".
    pub subject: String,
    /// The quota.
    pub quota: Quota,
    /// How much is used, at least.
    pub used: usize,
    /// How much there is.
    pub limit: usize,
    /// Where the subject was written.
    pub loc: Loc,
    /// The name of the declaration, by which its fields are found.
    pub declaration: String,
}

impl Usage {
    /// Whether 90 % or more is used.
    pub fn is_tight(&self) -> bool {
        self.used * 10 >= self.limit * 9
    }

    /// Whether more is used than there is.
    pub fn is_over(&self) -> bool {
        self.used > self.limit
    }
}

/// Reports what is over a quota, and what is near it.
pub(super) fn check(scope: &Scope<'_>, cx: &mut Context<'_>) {
    report(&usage(scope.graph), scope.read, cx);
}

fn report(all: &[Usage], read: bool, cx: &mut Context<'_>) {
    // One finding for both families: the one that uses more.
    let mut worst: BTreeMap<(&str, Quota), &Usage> = BTreeMap::new();
    for usage in all.iter().filter(|it| it.is_tight()) {
        // The declaration's own checks count its blocks.
        if !read && matches!(usage.quota, Quota::Blocks(_)) {
            continue;
        }
        let best = worst.entry((&usage.subject, usage.quota.for_ipv4())).or_insert(usage);
        if usage.used > best.used {
            *best = usage;
        }
    }
    for usage in worst.into_values() {
        match (usage.is_over(), usage.quota) {
            (true, Quota::GroupRules(..)) => cx.push(rules_per_group(usage)),
            (true, Quota::InterfaceGroups) => {
                let loc = field(usage, "security_groups", cx);
                cx.push(groups_per_interface(usage, loc));
            }
            (true, Quota::AclEntries(direction, _)) => {
                let loc = field(usage, direction_name(direction), cx);
                cx.push(entries_per_acl(usage, loc));
            }
            (true, Quota::InterfaceRules) => cx.push(rules_per_interface(usage)),
            (true, Quota::ListEntries) => cx.push(entries_per_list(usage)),
            (
                true,
                Quota::TableRoutes(_)
                | Quota::PropagatedRoutes
                | Quota::Subnets
                | Quota::Blocks(_)
                | Quota::RouteTables
                | Quota::Acls
                | Quota::InterfaceEndpoints
                | Quota::Peerings
                | Quota::AddressUnits
                | Quota::PeeredAddressUnits,
            ) => cx.push(per_vpc(usage)),
            // Lists usually say that they hold just what they hold; the product says nothing by itself.
            (false, Quota::ListEntries | Quota::InterfaceRules) => {}
            (
                false,
                Quota::GroupRules(..)
                | Quota::InterfaceGroups
                | Quota::AclEntries(..)
                | Quota::TableRoutes(_)
                | Quota::PropagatedRoutes
                | Quota::Subnets
                | Quota::Blocks(_)
                | Quota::RouteTables
                | Quota::Acls
                | Quota::InterfaceEndpoints
                | Quota::Peerings
                | Quota::AddressUnits
                | Quota::PeeredAddressUnits,
            ) => cx.push(nearly_used(usage)),
        }
    }
}

/// Where a declaration has a field.
fn field(usage: &Usage, name: &str, cx: &Context<'_>) -> Loc {
    let declaration = cx.architecture.named(&usage.declaration);
    declaration.map_or(usage.loc, |it| it.meta().field(name))
}

fn over(usage: &Usage) -> String {
    let Usage { subject, used, limit, .. } = usage;
    format!("{subject} has {used} {}, and AWS allows {limit}", usage.quota.what())
}

/// AG0307: a security group has more rules than AWS allows.
fn rules_per_group(usage: &Usage) -> Diagnostic {
    Diagnostic::new(Code::AG0307, usage.loc, over(usage))
        .note(
            "a rule that names a group counts for IPv4 and for IPv6, one that names a prefix list as \
             many times as the list may have entries",
        )
        .help("join ports to ranges and blocks to larger ones, or name a group that the peers share")
}

/// AG0308: a network interface has more security groups than AWS allows.
fn groups_per_interface(usage: &Usage, loc: Loc) -> Diagnostic {
    let message = format!("{} on an interface", over(usage));
    Diagnostic::new(Code::AG0308, loc, message)
        .note("AWS raises the quota to 16 on request")
        .help("join the rules of some groups in one")
}

/// AG0312: a network ACL has more entries than AWS allows.
fn entries_per_acl(usage: &Usage, loc: Loc) -> Diagnostic {
    Diagnostic::new(Code::AG0312, loc, over(usage))
        .note("an entry for several ports or blocks counts for each; the entry that denies the rest counts too")
        .help("join ports to ranges and blocks to larger ones; leave fine distinctions to security groups")
}

/// AG0319: the groups of an interface have more rules than AWS allows.
fn rules_per_interface(usage: &Usage) -> Diagnostic {
    Diagnostic::new(Code::AG0319, usage.loc, over(usage))
        .note(
            "the quota for rules of a group times the quota for groups on an interface cannot be more \
             than 1000",
        )
        .help("put the rules of one of the groups into fewer, or use fewer groups")
}

/// AG0224: a prefix list has entries that it cannot hold.
fn entries_per_list(usage: &Usage) -> Diagnostic {
    let message =
        format!("{} has {} entries, and it may hold {}", usage.subject, usage.used, usage.limit);
    bad_list(usage.loc, message).help(
        "raise the number it may hold; every rule and route that names it then counts as more",
    )
}

/// AG0224: a prefix list has entries that it cannot hold.
pub(super) fn bad_list(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0224, loc, message)
}

/// AG0222: a VPC or route table has more of something than AWS allows.
fn per_vpc(usage: &Usage) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::AG0222, usage.loc, over(usage))
        .help("ask AWS for a larger quota, or share the load between several");
    match usage.quota.most() {
        Some(most) => diagnostic.note(format!("AWS raises the quota to {most} on request")),
        None => diagnostic,
    }
}

/// AG0223: a quota of AWS is nearly used up.
fn nearly_used(usage: &Usage) -> Diagnostic {
    let Usage { subject, used, limit, .. } = usage;
    let message = format!("{subject} has {used} of the {limit} {} it may have", usage.quota.what());
    Diagnostic::new(Code::AG0223, usage.loc, message)
        .help("leave room for what is added later, or ask AWS for a larger quota in time")
}

#[cfg(test)]
mod tests;
