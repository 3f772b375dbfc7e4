//! Whether the subnets of a Kubernetes cluster have the addresses that its nodes and pods may take (AG0226).
//!
//! <https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html>

use super::vpc::RESERVED_ADDRESSES;
use super::{Context, instances};
use crate::codes::Code;
use crate::declare::{EksCluster, Vpc};
use crate::diagnostic::Diagnostic;
use crate::field::Field;

/// The sizes of instances that Karpenter may choose, from the smallest.
const SIZES: &[&str] = &["medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge"];

/// AG0226: a cluster's subnets have fewer addresses than its nodes and pods may take.
pub fn check(it: &EksCluster, cx: &mut Context<'_>) {
    let Some(tier) = it.subnets.literal() else { return };
    let Some(vpc) = cx.architecture.get::<Vpc>(&tier.vpc) else { return };
    let blocks = vpc.subnet_blocks(&tier.tier);
    if blocks.is_empty() || vpc.subnet_count(&tier.tier) != Some(blocks.len()) {
        return;
    }
    let mut usable: u64 = 0;
    for block in &blocks {
        let Some(block) = block.literal() else { return };
        usable += block.addresses().saturating_sub(RESERVED_ADDRESSES);
    }
    // What is not known counts as nothing, so what is found holds whatever it is.
    let mut needed: u64 = 0;
    let mut parts: Vec<String> = Vec::new();
    for (name, field) in it.known_groups() {
        let Some(group) = field.literal() else { continue };
        let nodes = group.spec.nodes.literal().and_then(|it| it.last.literal().copied());
        let types = group.spec.instances.literal().into_iter().flatten().filter_map(Field::literal);
        let largest = types
            .filter_map(|it| Some((it, instances::pod_room(it)?)))
            .max_by_key(|(_, room)| room.addresses());
        if let (Some(nodes), Some((name_of_type, room))) = (nodes, largest) {
            let all = u64::from(nodes.0) * u64::from(room.addresses());
            needed += all;
            parts.push(format!(
                "`{name}`: {nodes} nodes `{name_of_type}` with {} pods each take {all}",
                room.pods
            ));
        }
    }
    for (name, most, text) in pools(it, cx) {
        needed += most;
        parts.push(format!("`{name}` of Karpenter: {text} take {most}"));
    }
    if needed <= usable {
        return;
    }
    let mut diagnostic = Diagnostic::new(
        Code::AG0226,
        it.subnets.loc,
        format!(
            "the nodes and pods of `{}` may take {needed} addresses, and `{}.{}` has {usable}",
            it.meta.name, tier.vpc, tier.tier
        ),
    );
    for part in parts {
        diagnostic = diagnostic.note(part);
    }
    cx.push(
        diagnostic
            .note("with the VPC CNI every pod has an address of its subnet; without a free one it does not start")
            .help("give the tier larger subnets, such as a /20 in each zone, or allow fewer nodes"),
    );
}

/// The node pools of Karpenter on a cluster: each with its name, the most addresses that its nodes and pods may
/// take, and how.
fn pools(it: &EksCluster, cx: &Context<'_>) -> Vec<(String, u64, String)> {
    let mut all = Vec::new();
    for addons in it.cluster_addons(cx.architecture) {
        let karpenter = addons.karpenter.as_ref().and_then(Field::literal);
        let pools = karpenter.and_then(|it| it.node_pools.literal());
        for named in pools.into_iter().flat_map(|it| &it.0) {
            let Some(pool) = named.field.literal() else { continue };
            let limit = pool.limits.literal().and_then(|it| it.cpu.literal().copied());
            let (least, most) = match &pool.vcpus {
                None => (0, u32::MAX),
                Some(field) => {
                    let bounds = field.literal();
                    let of = |it: &Field<_>| it.literal().copied();
                    let first = bounds.and_then(|it| of(&it.first));
                    let last = bounds.and_then(|it| of(&it.last));
                    let (Some(first), Some(last)) = (first, last) else { continue };
                    (first.0, last.0)
                }
            };
            let Some(limit) = limit else { continue };
            let families = pool.families.literal().into_iter().flatten().filter_map(Field::literal);
            let worst = families
                .flat_map(|family| SIZES.iter().map(move |size| format!("{family}.{size}")))
                .filter_map(|name| {
                    let vcpus = instances::instance_type(&name)?.cpu / 1024;
                    let room = instances::pod_room(&name)?;
                    let nodes = limit.0 / vcpus;
                    let fits = (least..=most).contains(&vcpus) && nodes > 0;
                    let all = u64::from(nodes) * u64::from(room.addresses());
                    let text = format!("{nodes} nodes `{name}` with {} pods each", room.pods);
                    fits.then_some((all, text))
                })
                .max_by_key(|(all, _)| *all);
            all.extend(worst.map(|(most, text)| (named.name.clone(), most, text)));
        }
    }
    all
}
