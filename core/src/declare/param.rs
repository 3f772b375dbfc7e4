//! `param!`: a value that is given when deploying.

use crate::check::{Context, storage as checks};
use crate::field::List;
use crate::lower::{Lower, storage};

crate::words! {
    /// What a parameter holds.
    ParamKind: "kinds of parameters" {
        /// Text.
        Text = "String",
        /// A number.
        Number = "Number",
        /// The ARN of an SNS topic or of another thing that takes notifications.
        TopicArn = "Arn",
        /// The identifier of a Route 53 hosted zone.
        HostedZoneId = "AWS::Route53::HostedZone::Id",
        /// The identifier of a VPC.
        VpcId = "AWS::EC2::VPC::Id",
        /// An IPv4 CIDR block.
        Cidr = "Cidr",
    }
}

crate::declaration! {
    /// A value that is given when deploying: a CloudFormation parameter.
    bare Param ParamBuilder {
        /// What the parameter holds; `Text` unless said otherwise.
        default kind: ParamKind = ParamKind::Text;
        /// The value that is used if none is given.
        optional default: String;
        /// What it is for; shown where the value is asked for.
        optional description: String;
        /// The values it may have.
        optional allowed: List<String>;
    } members ParamMembers {}
}

impl Param {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_param(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        storage::lower_param(self, cx);
    }
}
