//! Kubernetes clusters: versions (AG0412, AG0413), node groups (AG0402, AG0414, AG0415), add-ons (AG0403),
//! access (AG0416), addresses of services (AG0225), who connects (AG0321), what nodes may use (AG0431), names (AG0107), logs (AG0501).

use super::kubernetes_versions::{self as versions, AS_OF, Support};
use super::{Context, instances, or_loc, pod_addresses};
use crate::codes::Code;
use crate::declare::eks_cluster::{ClusterEndpoint, NodeGroupField, SERVICE_CIDR};
use crate::declare::{Connect, EksCluster, Kind, Vpc, VpcPeering};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::flow::Peer;
use crate::loc::Loc;
use crate::lower::kubernetes::{OWN_ROLE, OWN_USER};
use crate::resource::eks::{ClusterAddon, NodeCapacity};
use crate::types::Ipv4Cidr;
use crate::value::Text;

/// Checks a cluster.
pub fn check(it: &EksCluster, cx: &mut Context<'_>) {
    if it.logs.literal().is_none_or(|it| !it.is_empty()) {
        cx.log_retention(&it.log_retention);
    }
    if let Some(name) = &it.cluster_name {
        cx.eks_name(name);
    }
    check_version(it, cx);
    check_endpoint(it, cx);
    check_service_cidr(it, cx);
    check_addons(it, cx);
    check_access(it, cx);
    for (name, group) in it.known_groups() {
        check_group(name, group, cx);
    }
    pod_addresses::check(it, cx);
    check_permissions(it, cx);
}

fn check_version(it: &EksCluster, cx: &mut Context<'_>) {
    let Some(version) = it.version.literal() else { return };
    let Some(minor) = versions::minor(version) else {
        cx.push(
            never(it.version.loc, format!("`{version}` is not a minor version of Kubernetes"))
                .help("write the first two numbers, such as `1.34`"),
        );
        return;
    };
    let newest = versions::newest();
    let Some(release) = versions::find(version) else {
        // What is newer than the table may be there by now.
        let oldest = versions::RELEASES.first().and_then(|it| versions::minor(it.version));
        if oldest.is_some_and(|it| minor < it) {
            cx.push(
                never(it.version.loc, format!("EKS no longer runs Kubernetes {version}"))
                    .maybe_help(newest.map(|it| format!("use `{}`", it.version))),
            );
        }
        return;
    };
    match release.support() {
        Support::Standard => {}
        Support::Ended => cx.push(
            never(
                it.version.loc,
                format!(
                    "EKS no longer runs Kubernetes {version}: its extended support ended on {}",
                    release.extended
                ),
            )
            .note("a cluster with it cannot be created, and one that has it is upgraded by EKS")
            .note(format!("the dates are those of the EKS release calendar, as of {AS_OF}"))
            .maybe_help(newest.map(|it| format!("use `{}`", it.version))),
        ),
        Support::Extended => cx.push(late(it, version, release)),
    }
}

/// AG0412: a Kubernetes version is not one that EKS runs.
fn never(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0412, loc, message)
}

/// AG0413: a Kubernetes version is past its standard support.
fn late(it: &EksCluster, version: &str, release: &versions::Release) -> Diagnostic {
    let what = match it.extended_support.literal() {
        Some(true) => "extended support costs several times as much for every hour of the cluster",
        Some(false) => "without `extended_support` EKS upgrades the cluster by itself",
        None => "extended support costs more, and without it EKS upgrades the cluster by itself",
    };
    Diagnostic::new(
        Code::AG0413,
        it.version.loc,
        format!(
            "the standard support of Kubernetes {version} ended on {}, its extended support ends on {}",
            release.standard, release.extended
        ),
    )
    .note(what)
    .note(format!("the dates are those of the EKS release calendar, as of {AS_OF}"))
    .maybe_help(versions::newest().map(|it| format!("use `{}`", it.version)))
}

/// AG0321: the Kubernetes API is open to the whole internet.
fn check_endpoint(it: &EksCluster, cx: &mut Context<'_>) {
    let Some(ClusterEndpoint::Public(blocks)) = it.endpoint.literal() else { return };
    for block in blocks {
        let Some(cidr) = block.literal() else { continue };
        if cidr.0.prefix_len() == 0 {
            cx.push(
                Diagnostic::new(
                    Code::AG0321,
                    block.loc,
                    format!(
                        "everybody on the internet can connect to the Kubernetes API of `{}`",
                        it.meta.name
                    ),
                )
                .note("only its authentication is then between them and the cluster")
                .help("name the addresses of those who use it, or write `endpoint: Private`"),
            );
        }
    }
}

/// AG0225: the addresses of a cluster's services are not free or not ones that EKS takes.
fn service_cidr(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0225, loc, message)
}

/// The blocks that the addresses of services must be in.
/// <https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html>
const PRIVATE: [([u8; 4], u8); 3] =
    [([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16)];

fn check_service_cidr(it: &EksCluster, cx: &mut Context<'_>) {
    let Some(block) = it.service_cidr.literal() else { return };
    let loc = or_loc(it.service_cidr.loc, it.meta.loc);
    let length = block.0.prefix_len();
    let private = PRIVATE.iter().any(|(address, length)| {
        Ipv4Cidr(ipnet::Ipv4Net::new_assert((*address).into(), *length)).contains(block)
    });
    if !(12..=24).contains(&length) || !private {
        cx.push(
            service_cidr(loc, format!("EKS does not take {block} for the addresses of services"))
                .help("use a block from /12 to /24 in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"),
        );
        return;
    }
    let Some(tier) = it.subnets.literal() else { return };
    let Some(vpc) = cx.architecture.get::<Vpc>(&tier.vpc) else { return };
    let mut others: Vec<(String, Field<Ipv4Cidr>)> = Vec::new();
    let own = |it: &Vpc| -> Vec<(String, Field<Ipv4Cidr>)> {
        it.blocks()
            .into_iter()
            .map(|block| (format!("VPC `{}`", it.meta.name), block.clone()))
            .collect()
    };
    others.extend(own(vpc));
    for peering in cx.architecture.all::<VpcPeering>() {
        let requester = cx.follow(&peering.requester);
        let accepter = peering.accepter.as_ref().and_then(|it| cx.follow(it));
        let is = |it: Option<&Vpc>| it.is_some_and(|it| it.meta.name == tier.vpc);
        if is(requester) {
            others.extend(accepter.into_iter().flat_map(own));
            let external = peering.external.as_ref().and_then(Field::literal);
            for block in external.and_then(|it| it.cidrs.literal()).into_iter().flatten() {
                let name = format!("the VPC behind peering `{}`", peering.meta.name);
                others.push((name, block.clone()));
            }
        } else if is(accepter) {
            others.extend(requester.into_iter().flat_map(own));
        }
    }
    for (name, other) in &others {
        let Some(taken) = other.literal() else { continue };
        if !block.overlaps(taken) {
            continue;
        }
        let diagnostic = service_cidr(
            loc,
            format!("the addresses of services of `{}`, {block}, overlap {taken} of {name}", it.meta.name),
        )
        .note("nodes send what is for these addresses to services: what really has them is out of reach")
        .help(free_block(&others));
        cx.push(if other.loc.is_known() && other.loc != loc {
            diagnostic.label(other.loc, format!("{taken} is given here"))
        } else {
            diagnostic
        });
        return;
    }
}

/// A block for services that nothing else has: one of those that EKS itself would choose, if one is free.
fn free_block(taken: &[(String, Field<Ipv4Cidr>)]) -> String {
    let usual = [SERVICE_CIDR, [10, 100, 0, 0]]
        .map(|it| Ipv4Cidr(ipnet::Ipv4Net::new_assert(it.into(), 16)));
    let free = usual.iter().find(|it| {
        taken.iter().filter_map(|(_, other)| other.literal()).all(|other| !it.overlaps(other))
    });
    match free {
        Some(it) => format!("write `service_cidr: \"{it}\"`, which nothing here has"),
        None => "give `service_cidr` a private block that nothing here has".to_string(),
    }
}

fn check_addons(it: &EksCluster, cx: &mut Context<'_>) {
    let Some(addons) = it.addons.literal() else { return };
    // One that is not known may be the agent.
    if addons.iter().any(|it| it.literal().is_none_or(|it| *it == ClusterAddon::PodIdentityAgent)) {
        return;
    }
    for field in addons {
        if let Some(addon) = field.literal()
            && addon.permissions().is_some()
        {
            cx.push(super::service::needs(
                or_loc(field.loc, it.addons.loc),
                format!(
                    "`{}` gets its permissions by `PodIdentityAgent`, which is not there",
                    addon.word()
                ),
                "add `PodIdentityAgent` to `addons`",
            ));
        }
    }
}

/// AG0416: access to a cluster is given to what cannot have it.
fn check_access(it: &EksCluster, cx: &mut Context<'_>) {
    let pairs = it.access.iter().filter_map(Field::literal).flatten().filter_map(Field::literal);
    for pair in pairs {
        let Some(principal) = pair.key.literal().and_then(Text::as_literal) else { continue };
        let known = [OWN_ROLE, OWN_USER, "arn:"].iter().any(|start| principal.starts_with(start));
        if !known || principal.ends_with(":root") {
            cx.push(
                Diagnostic::new(
                    Code::AG0416,
                    pair.key.loc,
                    format!("`{principal}` is no role or user that can use `{}`", it.meta.name),
                )
                .help("write `\"role/NAME\"` for a role of the account of deployment, or the ARN of a role or user"),
            );
        }
    }
}

fn check_group(name: &str, field: &Field<NodeGroupField>, cx: &mut Context<'_>) {
    let Some(group) = field.literal() else { return };
    cx.range("nodes", &group.spec.nodes);
    let Some(types) = group.spec.instances.literal() else { return };
    let loc = or_loc(group.spec.instances.loc, field.loc);
    if types.is_empty() {
        cx.push(wrong_group(loc, format!("node group `{name}` has no instance type")));
        return;
    }
    let first = types.first().and_then(Field::literal);
    if let (NodeCapacity::Spot, [_]) = (group.capacity, types.as_slice())
        && let Some(only) = first
    {
        cx.push(one_pool(name, only, loc));
    }
    let known: Vec<(&Field<String>, bool)> =
        types.iter().filter_map(|it| Some((it, instances::is_graviton(it.literal()?)))).collect();
    if let Some((other, _)) = known.iter().find(|(_, graviton)| *graviton != known[0].1)
        && let (Some(one), Some(other_name)) = (known[0].0.literal(), other.literal())
    {
        cx.push(
            wrong_group(
                or_loc(other.loc, loc),
                format!("node group `{name}` mixes `{one}` and `{other_name}`, which run different programs"),
            )
            .note("a group has one image, for x86 processors or for Graviton")
            .help("make a group of its own for each"),
        );
    }
}

/// AG0414: a node group on spare capacity has one instance type.
fn one_pool(name: &str, only: &str, loc: Loc) -> Diagnostic {
    Diagnostic::new(
        Code::AG0414,
        loc,
        format!("node group `{name}` runs on spare capacity of `{only}` alone"),
    )
    .note("when AWS needs it back, all of its nodes go at once and none can be started")
    .help("name several instance types of the same size, such as `m6i.large` and `m5.large`")
}

/// AG0415: a node group cannot be made.
fn wrong_group(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0415, loc, message)
}

/// AG0431: a cluster is connected to what only the role of a service can use.
fn check_permissions(it: &EksCluster, cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    for connect in architecture.all::<Connect>() {
        let mut from = connect.from.literal().into_iter().flatten().filter_map(Field::literal);
        let is_own = |peer: &Peer| matches!(peer, Peer::Declaration(Kind::EksCluster, name) if name.as_str() == it.meta.name);
        if !from.any(is_own) {
            continue;
        }
        for to in connect.to.literal().into_iter().flatten().filter_map(Field::literal) {
            let Some(Peer::Declaration(kind @ (Kind::S3Bucket | Kind::Secret), name)) =
                to.peer.literal()
            else {
                continue;
            };
            let name = name.as_str();
            let diagnostic = Diagnostic::new(
                Code::AG0431,
                to.peer.loc,
                format!(
                    "`{}` cannot be given the {} `{name}`: its pods share the role of their node",
                    it.meta.name,
                    kind.title()
                ),
            );
            cx.push(
                diagnostic
                    .note("what a node may do in AWS, every pod on it may; EKS Pod Identity gives a service a role of its own")
                    .help(format!("connect the `k8s_service!` that uses it: `connect!(service => {name})`")),
            );
        }
    }
}
