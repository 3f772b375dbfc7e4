//! `vpc_peering!`: a private way between two VPCs.

use crate::check::{Context, peering};
use crate::declare::Vpc;
use crate::field::{DeclarationRef, List};
use crate::lower::{Lower, flows};
use crate::types::Ipv4Cidr;
use crate::value::Text;

crate::record! {
    /// A VPC that somebody else runs.
    ExternalVpc: "external" {
        /// Its identifier, `vpc-…`.
        required vpc: Text = "\"vpc-0123456789abcdef0\"";
        /// Its IPv4 blocks.
        required cidrs: List<Ipv4Cidr> = "[\"10.1.0.0/16\"]";
        /// Its account, if it is another.
        optional account: Text;
        /// The ARN of the role in its account by which CloudFormation accepts the peering; needed with
        /// `account`.
        optional role: Text;
        /// Its Region, if it is another.
        optional region: Text;
    }
}

crate::declaration! {
    /// A private way between two VPCs whose blocks do not overlap; routes are added on both sides.
    VpcPeering VpcPeeringBuilder {
        /// The VPC that asks.
        required requester: DeclarationRef<Vpc> = "network";
        /// The VPC that is asked, if it is in this architecture.
        optional accepter: DeclarationRef<Vpc>;
        /// The VPC that is asked, if somebody else runs it.
        optional external: ExternalVpc;
    } members VpcPeeringMembers {
        /// The identifier, `pcx-…`.
        id;
    }
}

impl VpcPeering {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        peering::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        flows::lower_vpc_peering(self, cx);
    }
}
