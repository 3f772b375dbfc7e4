//! `network_acl!`: a stateless filter at the edge of subnets.

use crate::check::{Context, security};
use crate::field::{List, Pair, TierRef};
use crate::flow::AclRule;
use crate::lower::{Lower, flows};
use crate::types::Count;

crate::declaration! {
    /// A stateless filter at the edge of a tier's subnets. Entries are tried by number; what no entry
    /// matches is denied. Answers need an entry of their own.
    NetworkAcl NetworkAclBuilder {
        /// The tier whose subnets it guards.
        required subnets: TierRef = "network.private";
        /// What may come in: `[100 => allow(internet, tcp(443)), 200 => deny("10.9.0.0/16", all)]`.
        required ingress: List<Pair<Count, AclRule>> = "[100 => allow(internet, tcp(443))]";
        /// What may go out.
        required egress: List<Pair<Count, AclRule>> = "[100 => allow(internet, all)]";
    } members NetworkAclMembers {}
}

impl NetworkAcl {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        security::check_network_acl(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        flows::lower_network_acl(self, cx);
    }
}
