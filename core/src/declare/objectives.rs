//! `objectives!`: what the architecture promises, to be held against what it can keep.

use crate::check::Context;
use crate::data_fields::HeldRef;
use crate::field::{List, Map};
use crate::lower::Lower;
use crate::metric_fields::Watched;
use crate::types::{Percent, Seconds};

crate::words! {
    /// What happens when a whole Region fails.
    RegionFailure: "ways" {
        /// A person deploys the architecture to another Region.
        Manual = "manual",
        /// Another Region takes over by itself.
        Automatic = "automatic",
        /// It is accepted.
        Accepted = "accepted",
    }
}

crate::record! {
    /// What is promised of a part of the architecture.
    Tier: "a tier" {
        /// The time after which it must work again (RTO).
        optional recovery_time: Seconds;
        /// The time whose data may be lost (RPO).
        optional recovery_point: Seconds;
        /// What the promise is about: services, clusters, and what holds data.
        required holds: List<HeldRef> = "[database]";
    }
}

crate::declaration! {
    /// What the architecture promises.
    ///
    /// The promises are held against what the other declarations can keep:
    ///
    /// - `recovery_point`: a database with backups can be restored to 5 minutes ago, a replicated file
    ///   system or bucket (with `within`) is 15 minutes behind, daily backups and snapshots 24 hours; a
    ///   cache without snapshots may lose what it holds. Where a `backup_plan!` copies more often, its
    ///   `every` counts.
    /// - `tiers`: the same for what each of them holds, and a cache that a tier with a `recovery_point` holds
    ///   may lose nothing.
    /// - `availability`: load balancers, services, databases, caches and file systems are in series, so
    ///   their shares multiply: 99.99 percent over several zones, 99.95 for a Multi-AZ database, 99.5
    ///   for a single task, instance, node or zone. These are the figures of AWS's service level
    ///   agreements; buckets, NAT gateways and endpoints do not count.
    bare Objectives ObjectivesBuilder {
        /// The share of time in which it works: `99.9pct`.
        optional availability: Percent;
        /// The time after which it must work again (RTO).
        optional recovery_time: Seconds;
        /// The time whose data may be lost (RPO).
        optional recovery_point: Seconds;
        /// Promises about parts: `{ critical: { recovery_time: 4h, recovery_point: 1h, holds: [orders] } }`.
        /// What a tier holds is held to its promise, everything else to those of the whole.
        optional tiers: Map<Tier>;
        /// What the promise about data leaves out, because it can be filled again: `[cache]`.
        optional may_lose: List<Watched>;
        /// What happens when a whole Region fails.
        default region_failure: RegionFailure = RegionFailure::Accepted;
        /// How long a deployment to another Region by hand takes, if that is the way.
        optional manual_recovery_takes: Seconds;
    } members ObjectivesMembers {}
}

impl Objectives {
    /// Checks the declaration's own limits.
    pub fn check(&self, _cx: &mut Context<'_>) {}

    /// Lowers it into resources.
    pub fn lower(&self, _cx: &mut Lower<'_>) {}
}
