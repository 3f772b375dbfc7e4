//! `allow!`: says that one may reach another.

use crate::check::Context;
use crate::field::List;
use crate::flow::{FlowTarget, Peer};
use crate::lower::{Lower, flows};

crate::declaration! {
    /// One side may reach the other.
    bare Allow AllowBuilder {
        /// Who connects.
        required from: List<Peer> = "backend";
        /// Who is connected to, each with its ports.
        required to: List<FlowTarget> = "database";
    } members AllowMembers {}
}

impl Allow {
    /// Checks the declaration's own limits.
    pub fn check(&self, _cx: &mut Context<'_>) {}

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        flows::lower_allow(self, cx);
    }
}
