//! `connect!`: says that one must be able to reach another.

use crate::check::Context;
use crate::field::List;
use crate::flow::{FlowTarget, Peer};
use crate::lower::{Lower, flows};

crate::declaration! {
    /// One side must be able to reach the other.
    bare Connect ConnectBuilder {
        /// Who connects.
        required from: List<Peer> = "backend";
        /// Who is connected to, each with its ports.
        required to: List<FlowTarget> = "database";
    } members ConnectMembers {}
}

impl Connect {
    /// Checks the declaration's own limits.
    pub fn check(&self, _cx: &mut Context<'_>) {}

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        flows::lower_connect(self, cx);
    }
}
