//! Web ACLs of AWS WAF.

use super::Ref;
use super::elb::LoadBalancer;
use crate::types::Count;
use crate::value::{Text, Value};

crate::words! {
    /// What a web ACL is for.
    WebAclScope: "scopes" {
        /// CloudFront distributions.
        CloudFront = "CLOUDFRONT",
        /// What stands in the Region, such as load balancers.
        Regional = "REGIONAL",
    }
}

crate::words! {
    /// AWS's rule groups.
    /// <https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html>
    ManagedRuleSet: "rule groups" {
        /// What most web applications are attacked by.
        CommonRuleSet = "AWSManagedRulesCommonRuleSet",
        /// Pages for administrators that are open.
        AdminProtectionRuleSet = "AWSManagedRulesAdminProtectionRuleSet",
        /// Requests that are known to exploit something.
        KnownBadInputsRuleSet = "AWSManagedRulesKnownBadInputsRuleSet",
        /// SQL injection.
        SqlInjectionRuleSet = "AWSManagedRulesSQLiRuleSet",
        /// Files of Linux.
        LinuxRuleSet = "AWSManagedRulesLinuxRuleSet",
        /// Commands of POSIX systems.
        PosixRuleSet = "AWSManagedRulesUnixRuleSet",
        /// PowerShell of Windows.
        WindowsRuleSet = "AWSManagedRulesWindowsRuleSet",
        /// Functions of PHP.
        PhpRuleSet = "AWSManagedRulesPHPRuleSet",
        /// WordPress.
        WordPressRuleSet = "AWSManagedRulesWordPressRuleSet",
        /// Addresses that Amazon knows as bots and attackers.
        AmazonIpReputationList = "AWSManagedRulesAmazonIpReputationList",
        /// Addresses of proxies, Tor and hosting providers.
        AnonymousIpList = "AWSManagedRulesAnonymousIpList",
    }
}

impl ManagedRuleSet {
    /// The web ACL capacity units that it takes.
    /// <https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html>
    pub const fn capacity(self) -> u32 {
        match self {
            ManagedRuleSet::CommonRuleSet => 700,
            ManagedRuleSet::KnownBadInputsRuleSet
            | ManagedRuleSet::SqlInjectionRuleSet
            | ManagedRuleSet::LinuxRuleSet
            | ManagedRuleSet::WindowsRuleSet => 200,
            ManagedRuleSet::AdminProtectionRuleSet
            | ManagedRuleSet::PosixRuleSet
            | ManagedRuleSet::PhpRuleSet
            | ManagedRuleSet::WordPressRuleSet => 100,
            ManagedRuleSet::AnonymousIpList => 50,
            ManagedRuleSet::AmazonIpReputationList => 25,
        }
    }
}

/// The capacity units of a rule that counts requests by address.
/// <https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html>
pub const RATE_CAPACITY: u32 = 2;

/// How long requests are counted, in seconds.
pub const RATE_WINDOW: u32 = 300;

/// The name of the rule that counts requests by address.
pub const RATE_RULE: &str = "rate-limit";

/// A web ACL.
#[derive(Clone, Debug, PartialEq)]
pub struct WebAcl {
    /// Its physical name.
    pub name: Text,
    /// What it is for.
    pub scope: WebAclScope,
    /// Its rules in the order in which they are asked.
    pub rules: Vec<WebAclRule>,
}

/// A rule of a web ACL.
#[derive(Clone, Debug, PartialEq)]
pub enum WebAclRule {
    /// AWS's rule group.
    Managed {
        /// Which.
        rules: ManagedRuleSet,
        /// Whether it only counts what it would block.
        counts: bool,
    },
    /// Blocks addresses that make more requests than this in [`RATE_WINDOW`].
    RateLimit(Value<Count>),
}

impl WebAclRule {
    /// Its name, and that of its metric.
    pub const fn name(&self) -> &'static str {
        match self {
            WebAclRule::Managed { rules, .. } => rules.as_str(),
            WebAclRule::RateLimit(_) => RATE_RULE,
        }
    }
}

/// Puts a web ACL before a load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct WebAclAssociation {
    /// The web ACL.
    pub acl: Ref<WebAcl>,
    /// What it protects.
    pub balancer: Ref<LoadBalancer>,
}

/// Writes down what a web ACL decides.
#[derive(Clone, Debug, PartialEq)]
pub struct WebAclLogging {
    /// The web ACL.
    pub acl: Ref<WebAcl>,
    /// The ARN of the log group, without the streams in it.
    pub destination: Text,
}

/// What the name of a log group starts with that a web ACL can write to.
/// <https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html>
pub const LOG_PREFIX: &str = "aws-waf-logs-";
