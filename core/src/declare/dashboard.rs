//! `dashboard!`: a page of graphs.

use crate::check::Context;
use crate::metric_fields::Watched;
use crate::field::List;
use crate::lower::Lower;

crate::declaration! {
    /// A page of graphs: the key metrics of everything it watches.
    Dashboard DashboardBuilder {
        /// What it shows: services, databases, caches, load balancers, file systems.
        required watch: List<Watched> = "[backend, database, edge]";
        /// Its physical name in AWS.
        optional dashboard_name: String;
    } members DashboardMembers {}
}

impl Dashboard {
    /// Checks the declaration's own limits.
    pub fn check(&self, _cx: &mut Context<'_>) {}

    /// Lowers it into resources.
    pub fn lower(&self, _cx: &mut Lower<'_>) {}
}
