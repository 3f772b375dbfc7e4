//! Web ACLs of AWS WAF.

use archgen_core::resource::Resource;
use archgen_core::resource::wafv2::{
    RATE_WINDOW, WebAcl, WebAclAssociation, WebAclLogging, WebAclRule,
};

use super::expr::{Expr, Object};
use super::writer::{Writer, value};

/// What is seen of a rule or web ACL in CloudWatch.
fn visibility(metric: impl Into<Expr>) -> Object {
    Object::new()
        .with("CloudWatchMetricsEnabled", true)
        .with("MetricName", metric)
        .with("SampledRequestsEnabled", true)
}

impl Writer<'_> {
    pub(super) fn web_acl(&self, resource: &Resource, it: &WebAcl) -> Object {
        let rules: Vec<Expr> =
            it.rules.iter().enumerate().map(|(priority, it)| rule(priority as u32, it)).collect();
        Object::new()
            .with("DefaultAction", Object::new().with("Allow", Object::new()))
            .with("Name", self.text(&it.name))
            .list("Rules", rules)
            .with("Scope", it.scope.as_str())
            .with("Tags", self.tags(resource))
            .with("VisibilityConfig", visibility(self.text(&it.name)))
    }

    pub(super) fn web_acl_association(&self, it: &WebAclAssociation) -> Object {
        Object::new()
            .with("ResourceArn", self.arn(&it.balancer))
            .with("WebACLArn", self.arn(&it.acl))
    }

    pub(super) fn web_acl_logging(&self, it: &WebAclLogging) -> Object {
        Object::new()
            .with("LogDestinationConfigs", vec![self.text(&it.destination)])
            .with("ResourceArn", self.arn(&it.acl))
    }
}

fn rule(priority: u32, it: &WebAclRule) -> Expr {
    let all = Object::new().with("Name", it.name()).with("Priority", priority);
    let all = match it {
        WebAclRule::Managed { rules, counts } => {
            let group = Object::new().with("Name", rules.as_str()).with("VendorName", "AWS");
            let action = if *counts { "Count" } else { "None" };
            all.with("OverrideAction", Object::new().with(action, Object::new()))
                .with("Statement", Object::new().with("ManagedRuleGroupStatement", group))
        }
        WebAclRule::RateLimit(limit) => {
            let rate = Object::new()
                .with("AggregateKeyType", "IP")
                .with("EvaluationWindowSec", RATE_WINDOW)
                .with("Limit", value(limit));
            all.with("Action", Object::new().with("Block", Object::new()))
                .with("Statement", Object::new().with("RateBasedStatement", rate))
        }
    };
    all.with("VisibilityConfig", visibility(it.name())).sorted().into()
}
