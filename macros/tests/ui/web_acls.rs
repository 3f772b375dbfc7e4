//! A web ACL of the wrong scope, with a limit that AWS WAF cannot count to, and a second one for the same.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let pages = s3_bucket! {};
    let cdn = cloudfront! { origin: pages };
    let wall = web_acl! {
        scope: CloudFront,
        protects: [cdn],
        managed_rules: [CommonRuleSet, CommonRuleSet],
        rate_limit: 5,
    };
    let second = web_acl! { scope: Regional, protects: [cdn] };
}

fn main() {}
