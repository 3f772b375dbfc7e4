//! Interface endpoints that claim one name (AG0220), and the subnets of EKS control planes (AG0221).

use std::collections::{BTreeMap, BTreeSet};

use super::{Scope, labelled};
use crate::check::Context;
use crate::check::vpc::RESERVED_ADDRESSES;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::resource::network::EndpointKind;
use crate::resource::{Resource, ResourceId, ResourceKind};

/// The type of an EKS cluster, whose interfaces are those of its control plane.
const EKS_CLUSTER: &str = "AWS::EKS::Cluster";
/// Addresses that a control plane needs in each subnet.
/// <https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html>
const EKS_ADDRESSES: u64 = 6;
/// Subnets that a control plane needs, each in another zone.
const EKS_SUBNETS: usize = 2;

/// Checks endpoints and control planes.
pub(super) fn check(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let mut owners: BTreeMap<(&ResourceId, &str), &Resource> = BTreeMap::new();
    for resource in scope.graph.resources.values() {
        let ResourceKind::VpcEndpoint(it) = &resource.kind else { continue };
        if !matches!(it.kind, EndpointKind::Interface { .. }) {
            continue;
        }
        match owners.get(&(it.vpc.id(), it.service.as_str())) {
            Some(first) => cx.push(name_taken(
                scope.name_of(it.vpc.id()),
                resource,
                first,
                it.service.as_str(),
            )),
            None => {
                owners.insert((it.vpc.id(), it.service.as_str()), resource);
            }
        }
    }
    control_planes(scope, cx);
}

/// AG0220: two interface endpoints of a VPC own the name of one service.
fn name_taken(vpc: &str, endpoint: &Resource, first: &Resource, service: &str) -> Diagnostic {
    let message =
        format!("VPC `{vpc}` has two interface endpoints with the private name of `{service}`");
    let diagnostic = Diagnostic::new(Code::AG0220, endpoint.loc, message)
        .help("keep one of them, or switch private DNS off for the other");
    labelled(diagnostic, first.loc, "the first is here")
}

/// Checks the control planes of EKS, as far as it is known where they stand.
fn control_planes(scope: &Scope<'_>, cx: &mut Context<'_>) {
    let planes = scope.standing.iter().filter(|it| it.type_name == EKS_CLUSTER);
    let planes: Vec<_> = planes.collect();
    if planes.is_empty() {
        return;
    }
    let taken = taken(scope);
    for plane in planes {
        let Some(subnets) = plane.subnets else { continue };
        let distinct: BTreeSet<&ResourceId> = subnets.iter().map(|it| it.id()).collect();
        if distinct.len() < EKS_SUBNETS {
            let message = format!(
                "the control plane of `{}` stands in {} subnet, and needs {EKS_SUBNETS} in different zones",
                plane.name,
                distinct.len()
            );
            cx.push(
                Diagnostic::new(Code::AG0221, plane.loc, message)
                    .help("give it a subnet in another zone too"),
            );
        }
        for subnet in subnets {
            let Some(it) = scope.graph.get(subnet) else { continue };
            let Some(block) = it.cidr.literal() else { continue };
            let usable = block.addresses().saturating_sub(RESERVED_ADDRESSES);
            let used = taken.get(subnet.id()).copied().unwrap_or(0);
            let free = usable.saturating_sub(used);
            if free >= EKS_ADDRESSES {
                continue;
            }
            let message = format!(
                "subnet `{}` {block} has {free} free addresses, and the control plane of `{}` needs \
                 {EKS_ADDRESSES}",
                scope.graph.resources.get(subnet.id()).map_or("", |it| it.declaration.as_str()),
                plane.name
            );
            cx.push(
                Diagnostic::new(Code::AG0221, plane.loc, message)
                    .note(format!(
                        "of its {} addresses AWS keeps {RESERVED_ADDRESSES}, and at least {used} are taken",
                        block.addresses()
                    ))
                    .help("use larger subnets; AWS advises 16 free addresses"),
            );
        }
    }
}

/// The addresses that are certainly taken in each subnet: by NAT gateways, and by what stands in that
/// subnet and no other.
fn taken<'a>(scope: &Scope<'a>) -> BTreeMap<&'a ResourceId, u64> {
    let mut taken: BTreeMap<&ResourceId, u64> = BTreeMap::new();
    for resource in scope.graph.resources.values() {
        if let ResourceKind::NatGateway(it) = &resource.kind {
            *taken.entry(it.subnet.id()).or_default() += 1;
        }
        if let ResourceKind::VpcEndpoint(it) = &resource.kind
            && let EndpointKind::Interface { subnets, .. } = &it.kind
        {
            for subnet in subnets {
                *taken.entry(subnet.id()).or_default() += 1;
            }
        }
    }
    let endpoints = "AWS::EC2::VPCEndpoint";
    for it in &scope.standing {
        if it.type_name == EKS_CLUSTER || it.type_name == endpoints {
            continue;
        }
        if let Some([only]) = it.subnets {
            *taken.entry(only.id()).or_default() += 1;
        }
    }
    taken
}

#[cfg(test)]
mod tests;
