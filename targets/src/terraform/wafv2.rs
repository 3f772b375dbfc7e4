//! Web ACLs of AWS WAF.

use archgen_core::resource::Resource;
use archgen_core::resource::wafv2::{
    RATE_WINDOW, WebAcl, WebAclAssociation, WebAclLogging, WebAclRule, WebAclScope,
};
use archgen_core::value::Pseudo;

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, pseudo, value};
use crate::spelling::WEB_ACLS_OF_CLOUDFRONT;

/// What is seen of a rule or web ACL in CloudWatch.
fn visibility(metric: impl Into<Expr>) -> Object {
    Object::new()
        .with("cloudwatch_metrics_enabled", true)
        .with("metric_name", metric)
        .with("sampled_requests_enabled", true)
}

impl Writer<'_> {
    pub(super) fn web_acl(&self, resource: &Resource, it: &WebAcl, out: &mut Module) {
        let rules: Vec<Expr> =
            it.rules.iter().enumerate().map(|(priority, it)| rule(priority as u32, it)).collect();
        let body = Object::new()
            .with("default_action", Object::new().with("allow", Object::new()))
            .with("name", self.text(&it.name))
            .list("rule", rules)
            .with("scope", it.scope.as_str())
            .with("tags", self.tags(resource))
            .with("visibility_config", visibility(self.text(&it.name)));
        let mut block = self.block(resource, body);
        if it.scope == WebAclScope::CloudFront {
            let region = Box::new(pseudo(Pseudo::Region));
            let condition = Expr::Compare(region, "==", Box::new(Expr::from("us-east-1")));
            let why = WEB_ACLS_OF_CLOUDFRONT.to_string();
            block.lifecycle.preconditions.push((condition, why));
        }
        out.add(block);
    }

    pub(super) fn web_acl_association(
        &self,
        resource: &Resource,
        it: &WebAclAssociation,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("resource_arn", self.arn(&it.balancer))
            .with("web_acl_arn", self.arn(&it.acl));
        out.add(self.block(resource, body));
    }

    pub(super) fn web_acl_logging(
        &self,
        resource: &Resource,
        it: &WebAclLogging,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("log_destination_configs", vec![self.text(&it.destination)])
            .with("resource_arn", self.arn(&it.acl));
        out.add(self.block(resource, body));
    }
}

fn rule(priority: u32, it: &WebAclRule) -> Expr {
    let all = Object::new().with("name", it.name()).with("priority", priority);
    let all = match it {
        WebAclRule::Managed { rules, counts } => {
            let group = Object::new().with("name", rules.as_str()).with("vendor_name", "AWS");
            let action = if *counts { "count" } else { "none" };
            all.with("override_action", Object::new().with(action, Object::new()))
                .with("statement", Object::new().with("managed_rule_group_statement", group))
        }
        WebAclRule::RateLimit(limit) => {
            let rate = Object::new()
                .with("aggregate_key_type", "IP")
                .with("evaluation_window_sec", RATE_WINDOW)
                .with("limit", value(limit));
            all.with("action", Object::new().with("block", Object::new()))
                .with("statement", Object::new().with("rate_based_statement", rate))
        }
    };
    all.with("visibility_config", visibility(it.name())).sorted().into()
}
