//! `security_group!`: a group whose rules the team writes.

use crate::check::{Context, security};
use crate::declare::Vpc;
use crate::field::{DeclarationRef, List};
use crate::flow::RuleField;
use crate::lower::{Lower, flows};

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
    pub fn check(&self, cx: &mut Context<'_>) {
        security::check_group(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        flows::lower_security_group(self, cx);
    }
}
