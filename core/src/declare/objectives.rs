//! `objectives!`: what the architecture promises, to be held against what it can keep.

use crate::check::Context;
use crate::lower::Lower;
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
    Objectives ObjectivesBuilder {
        /// The share of time in which it works.
        optional availability: Percent;
        /// The time after which it must work again (RTO).
        optional recovery_time: Seconds;
        /// The time whose data may be lost (RPO).
        optional recovery_point: Seconds;
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
