//! Security groups: of other VPCs (AG0313), on no interface (AG0315).

use std::collections::{BTreeMap, BTreeSet};

use super::Scope;
use crate::check::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::network::model::{Group, Groups, Match, Rule};
use crate::network::standing::Standing;
use crate::resource::network::Accepter;
use crate::resource::{Ref, Resource, ResourceId, ResourceKind, SecurityGroup, Vpc};
use crate::value::Part;

/// Checks every group.
pub(super) fn check(scope: &Scope<'_>, cx: &mut Context<'_>) {
    for it in &scope.standing {
        groups_of_other_vpcs(scope, it, cx);
    }
    rules_to_other_vpcs(scope, cx);
    for (_, group) in unused(scope) {
        cx.push(on_no_interface(group));
    }
}

/// Where a declaration says which groups it has.
fn groups_loc(it: &Standing<'_>, cx: &Context<'_>) -> Loc {
    let declaration = cx.architecture.named(it.name);
    declaration.map_or(it.loc, |it| it.meta().field("security_groups"))
}

/// The VPC of a security group and where the author wrote it.
fn vpc_of<'a>(
    scope: &Scope<'a>,
    group: &Ref<SecurityGroup>,
) -> Option<(&'a Ref<Vpc>, &'a Resource)> {
    Some((&scope.graph.get(group)?.vpc, scope.graph.resources.get(group.id())?))
}

/// AG0313: a security group belongs to another VPC.
fn other_vpc(loc: Loc, message: String, group: &Resource, help: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::AG0313, loc, message).help(help);
    if group.loc.is_known() {
        diagnostic.label(group.loc, "the group is declared here")
    } else {
        diagnostic
    }
}

/// Groups on interfaces in subnets of other VPCs.
fn groups_of_other_vpcs(scope: &Scope<'_>, it: &Standing<'_>, cx: &mut Context<'_>) {
    let (Some(groups), Some(subnets)) = (it.groups, it.subnets) else {
        return;
    };
    let Some(subnet) = subnets.iter().find_map(|it| scope.graph.get(it)) else {
        return;
    };
    for group in groups {
        let Some((vpc, declared)) = vpc_of(scope, group) else {
            continue;
        };
        // A VPC that is not in the graph has no name by which it is known to be another.
        let known = |it: &Ref<Vpc>| scope.graph.get(it).is_some();
        if *vpc == subnet.vpc || !known(vpc) || !known(&subnet.vpc) {
            continue;
        }
        let message = format!(
            "`{}` stands in VPC `{}`, and security group `{}` belongs to `{}`",
            it.name,
            scope.name_of(subnet.vpc.id()),
            declared.declaration,
            scope.name_of(vpc.id())
        );
        let loc = groups_loc(it, cx);
        cx.push(other_vpc(loc, message, declared, "use a group of the same VPC"));
    }
}

/// What connects VPCs so that rules may name groups of one another: peerings, transit gateways.
#[derive(Default)]
struct Connected<'a>(BTreeMap<&'a ResourceId, BTreeSet<&'a ResourceId>>);

impl<'a> Connected<'a> {
    fn of(scope: &Scope<'a>) -> Connected<'a> {
        let mut all = Connected::default();
        for resource in scope.parts.iter() {
            if let ResourceKind::VpcPeeringConnection(it) = &resource.kind
                && let Accepter::Vpc(accepter) = &it.accepter
            {
                all.0.entry(it.requester.id()).or_default().insert(&resource.id);
                all.0.entry(accepter.id()).or_default().insert(&resource.id);
            }
            // A transit gateway may allow it.
            // <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
            if let ResourceKind::TransitGatewayAttachment(it) = &resource.kind {
                all.0.entry(it.vpc.id()).or_default().insert(it.gateway.id());
            }
        }
        all
    }

    fn connects(&self, one: &ResourceId, other: &ResourceId) -> bool {
        match (self.0.get(one), self.0.get(other)) {
            (Some(one), Some(other)) => !one.is_disjoint(other),
            (Some(_) | None, _) => false,
        }
    }
}

/// Written rules that name a group of a VPC that is not peered.
fn rules_to_other_vpcs(scope: &Scope<'_>, cx: &mut Context<'_>) {
    // A peering may be among what is not known here.
    if scope.open {
        return;
    }
    let connected = Connected::of(scope);
    let model = scope.model;
    for group in &model.groups {
        for rule in &group.rules {
            let Match::Group(Some(peer)) = rule.peer else { continue };
            if let (Some(own), Some(other)) = (group.vpc, model.groups[peer].vpc)
                && own != other
            {
                rule_to_other_vpc(scope, &connected, group, rule, &model.groups[peer], cx);
            }
        }
    }
}

/// A rule that names a group of another VPC.
fn rule_to_other_vpc(
    scope: &Scope<'_>,
    connected: &Connected<'_>,
    group: &Group,
    rule: &Rule,
    peer: &Group,
    cx: &mut Context<'_>,
) {
    let graph = scope.graph;
    let reference = |it: &Group| Ref::new(it.id.clone());
    // What `connect!` needs is proved as a whole.
    if !graph.resources.get(&rule.id).is_some_and(|it| scope.is_written(it)) {
        return;
    }
    let (Some((own, declared)), Some((other, named))) =
        (vpc_of(scope, &reference(group)), vpc_of(scope, &reference(peer)))
    else {
        return;
    };
    if connected.connects(own.id(), other.id()) {
        return;
    }
    let message = format!(
        "a rule of security group `{}` in VPC `{}` names `{}`, which belongs to `{}`",
        declared.declaration,
        scope.name_of(own.id()),
        named.declaration,
        scope.name_of(other.id())
    );
    let help = if scope.read {
        "connect the VPCs with a peering, or name a group of the same VPC"
    } else {
        "connect the VPCs with a `vpc_peering!`, or name a group of the same VPC"
    };
    cx.push(other_vpc(rule.loc, message, named, help));
}

/// The written groups that are certainly on no interface.
///
/// A group that an output shows may be used elsewhere.
pub(super) fn unused<'a>(scope: &Scope<'a>) -> Vec<(&'a ResourceId, &'a Resource)> {
    // A template without interfaces makes groups for others.
    if scope.open || scope.standing.is_empty() || scope.unknown_groups() {
        return Vec::new();
    }
    let model = scope.model;
    let mut used: Vec<bool> = vec![false; model.groups.len()];
    for interface in model.endpoints.iter().flat_map(|it| &it.interfaces) {
        if let Groups::Known(groups) = &interface.groups {
            for group in groups {
                used[*group] = true;
            }
        }
    }
    for output in scope.graph.outputs.values() {
        for part in &output.value.0 {
            if let Part::Attribute(id, _) = part
                && let Some(group) = model.group(id)
            {
                used[group] = true;
            }
        }
    }
    let unused = model.groups.iter().zip(used).filter(|(_, used)| !used);
    unused
        .filter_map(|(it, _)| Some((&it.id, scope.graph.resources.get(&it.id)?)))
        .filter(|(_, it)| scope.is_written(it))
        .collect()
}

/// AG0315: no interface uses a security group.
fn on_no_interface(group: &Resource) -> Diagnostic {
    let message = format!("no interface uses security group `{}`", group.declaration);
    Diagnostic::new(Code::AG0315, group.loc, message)
        .note("its rules admit nobody, and rules that name it mean nobody")
        .help("remove it, or give it to what it is meant for")
}

#[cfg(test)]
mod tests;
