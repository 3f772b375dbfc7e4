//! Clusters: instances (AG0402, AG0408, AG0410, AG0804), names (AG0107), logs (AG0501).

use super::{Context, instances, or_loc};
use crate::architecture::Architecture;
use crate::codes::Code;
use crate::declare::ecs_cluster::{ClusterCapacity, Ec2Capacity};
use crate::declare::{EcsCluster, EcsService};
use crate::diagnostic::Diagnostic;
use crate::environment::Environment;
use crate::field::Field;
use crate::loc::Loc;
use crate::service_fields::VolumeKind;
use crate::types::{Bounds, Count};

/// Checks a cluster.
pub fn check(it: &EcsCluster, cx: &mut Context<'_>) {
    cx.log_retention(&it.log_retention);
    if let Some(name) = &it.cluster_name {
        cx.ecs_name("a cluster's name", name);
    }
    if let Some(name) = &it.namespace {
        cx.domain_name("a namespace", name);
    }
    if let Some(ClusterCapacity::Ec2(capacity)) = it.capacity.literal() {
        cx.range("instances", &capacity.instances);
        check_room(it, capacity, cx);
        check_zones(it, capacity, cx);
        instances::check_cluster(it, capacity, cx);
    }
}

/// The services that a cluster runs.
pub fn services_of<'a>(
    architecture: &'a Architecture,
    cluster: &'a EcsCluster,
) -> impl Iterator<Item = &'a EcsService> {
    architecture
        .all::<EcsService>()
        .filter(|it| it.cluster.literal().is_some_and(|it| it.name == cluster.meta.name))
}

impl Context<'_> {
    /// AG0402: a range of tasks or instances is reversed or empty.
    pub fn range(&mut self, what: &str, field: &Field<Bounds<Count>>) {
        let Some(bounds) = field.literal() else {
            return;
        };
        let (first, last) = (bounds.first.literal(), bounds.last.literal());
        let loc = or_loc(field.loc, bounds.last.loc);
        if let Some(last) = last
            && last.0 == 0
        {
            self.push(empty_range(loc, format!("{what} can never be more than 0")));
        } else if let (Some(first), Some(last)) = (first, last)
            && first > last
        {
            let message = format!("the least number of {what}, {first}, is above the most, {last}");
            self.push(empty_range(loc, message).help(format!("write `{last}..={first}`")));
        }
    }
}

/// AG0402, at `loc`.
fn empty_range(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0402, loc, message).help("give at least 1 as the most")
}

/// AG0408: capacity leaves no room for a deployment.
fn check_room(it: &EcsCluster, capacity: &Ec2Capacity, cx: &mut Context<'_>) {
    let Some(target) = capacity.target.literal() else {
        return;
    };
    // A service with a folder of its instance stops its old task first: it needs no room.
    let needs_room = |it: &&EcsService| {
        !it.known_volumes().any(|it| it.source.literal() == Some(&VolumeKind::Host))
    };
    let Some(service) = services_of(cx.architecture, it).find(needs_room) else {
        return;
    };
    if target.0 >= 100.0 {
        cx.push(
            Diagnostic::new(
                Code::AG0408,
                capacity.target.loc,
                format!(
                    "`{}` fills its instances to {} percent, which leaves no room for the tasks of \
                     a new version",
                    it.meta.name, target.0
                ),
            )
            .note(format!(
                "`{}` starts new tasks before it stops old ones, so every deployment waits for a \
                 new instance",
                service.meta.name
            ))
            .help("write `target: 80pct`"),
        );
    }
}

/// AG0804: fewer instances than zones cannot survive the loss of a zone.
///
/// Development is left alone: nobody promises it to anybody.
fn check_zones(it: &EcsCluster, capacity: &Ec2Capacity, cx: &mut Context<'_>) {
    if cx.architecture.environment == Environment::Development {
        return;
    }
    let (Some(zones), Some(tier)) = (cx.zones_of(&it.subnets), it.subnets.literal()) else {
        return;
    };
    let Some(bounds) = capacity.instances.literal() else {
        return;
    };
    let Some(least) = bounds.first.literal() else {
        return;
    };
    if (least.0 as usize) < zones {
        cx.push(
            Diagnostic::new(
                Code::AG0804,
                or_loc(bounds.first.loc, capacity.instances.loc),
                format!(
                    "`{}` may shrink to {least} instance{}, fewer than the {zones} zones of `{}.{}`",
                    it.meta.name,
                    if least.0 == 1 { "" } else { "s" }, tier.vpc, tier.tier
                ),
            )
            .note("a zone without an instance takes over nothing when another zone is lost")
            .help(format!("start the range at {zones}")),
        );
    }
}
