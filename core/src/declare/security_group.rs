//! `security_group!`: a group whose rules the team writes.

use crate::check::Context;
use crate::declare::Vpc;
use crate::field::{DeclarationRef, List};
use crate::flow::RuleField;
use crate::lower::Lower;

crate::declaration! {
    /// A stateful filter on network interfaces. Rules only allow; without `egress` every connection
    /// out is allowed, as in AWS.
    SecurityGroup SecurityGroupBuilder {
        /// The VPC it is in.
        required vpc: DeclarationRef<Vpc> = "network";
        /// What it is for, at most 255 characters.
        optional description: String;
        /// Its physical name in AWS.
        optional group_name: String;
        /// Who may connect: `[internet => tcp(443), edge_sg => tcp(3000)]`.
        optional ingress: List<RuleField>;
        /// Who may be connected to; left out, everybody.
        optional egress: List<RuleField>;
    } members SecurityGroupMembers {
        /// The identifier, `sg-…`.
        id;
    }
}

impl SecurityGroup {
    /// Checks the declaration's own limits.
    pub fn check(&self, _cx: &mut Context<'_>) {}

    /// Lowers it into resources.
    pub fn lower(&self, _cx: &mut Lower<'_>) {}
}
