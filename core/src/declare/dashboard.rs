//! `dashboard!`: a page of graphs.

use crate::check::{Context, observability as checks};
use crate::field::List;
use crate::lower::{Lower, observability};
use crate::metric_fields::Watched;

crate::declaration! {
    /// A page of graphs: the key metrics of everything it watches.
    untagged Dashboard DashboardBuilder {
        /// What it shows: services, databases, caches, load balancers, file systems.
        required watch: List<Watched> = "[backend, database, edge]";
        /// Its physical name in AWS.
        optional dashboard_name: String;
    } members DashboardMembers {}
}

impl Dashboard {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_dashboard(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        observability::lower_dashboard(self, cx);
    }
}
