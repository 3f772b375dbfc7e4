//! `web_acl!`: a web ACL of AWS WAF.

use crate::check::{Context, web_acl as checks};
use crate::field::List;
use crate::lower::{Lower, web_acl};
use crate::resource::wafv2::{ManagedRuleSet, WebAclScope};
use crate::types::{Count, Days};

crate::one_of! {
    /// What a web ACL protects.
    Protected: "a load balancer or a CloudFront distribution" {
        /// An `alb!`.
        Alb(Alb),
        /// A `cloudfront!`.
        CloudFront(CloudFront),
    }
}

impl Protected {
    /// The scope that a web ACL for it has.
    pub const fn scope(&self) -> WebAclScope {
        match self {
            Protected::Alb(_) => WebAclScope::Regional,
            Protected::CloudFront(_) => WebAclScope::CloudFront,
        }
    }
}

crate::declaration! {
    /// A web ACL: lets requests through unless a rule blocks them, and counts what each rule sees.
    WebAcl WebAclBuilder {
        /// What it is for: `CloudFront` for distributions, then the stack is in us-east-1, or `Regional` for load
        /// balancers.
        required scope: WebAclScope = "CloudFront";
        /// What it protects; each is protected by one web ACL.
        required protects: List<Protected> = "[cdn]";
        /// AWS's rule groups, asked in this order.
        optional managed_rules: List<ManagedRuleSet>;
        /// Those of them that only count what they would block, until it is known whom they would hit.
        optional count_only: List<ManagedRuleSet>;
        /// How many requests an address may make in 5 minutes before it is blocked, from 10 on.
        optional rate_limit: Count;
        /// How long its log is kept; left out, there is none.
        optional log_retention: Days;
    } members WebAclMembers {
        /// The Amazon Resource Name.
        arn;
    }
}

impl WebAcl {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        web_acl::lower_web_acl(self, cx);
    }
}
