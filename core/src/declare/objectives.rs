//! `objectives!`: what the architecture promises, to be held against what it can keep.

use crate::check::Context;
use crate::field::List;
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

crate::declaration! {
    /// What the architecture promises.
    ///
    /// The promises are held against what the other declarations can keep:
    ///
    /// - `recovery_point`: a database with backups can be restored to 5 minutes ago, a replicated file
    ///   system or bucket (with `within`) is 15 minutes behind, daily backups and snapshots 24 hours; a
    ///   cache without snapshots may lose what it holds.
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
