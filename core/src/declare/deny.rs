//! `deny!`: says that one must never reach another.

use crate::check::Context;
use crate::field::List;
use crate::flow::{FlowTarget, Peer};
use crate::lower::Lower;

crate::declaration! {
    /// One side must never reach the other.
    bare Deny DenyBuilder {
        /// Who connects.
        required from: List<Peer> = "backend";
        /// Who is connected to, each with its ports.
        required to: List<FlowTarget> = "database";
    } members DenyMembers {}
}

impl Deny {
    /// Checks the declaration's own limits.
    pub fn check(&self, _cx: &mut Context<'_>) {}

    /// Lowers to nothing: a prohibition is only checked.
    pub fn lower(&self, _cx: &mut Lower<'_>) {}
}
