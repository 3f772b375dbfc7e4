//! Certificates, load balancers, target groups, listeners and rules.

use archgen_core::resource::Resource;
use archgen_core::resource::ecs::Service;
use archgen_core::resource::elb::{
    Certificate, Listener, ListenerAction, ListenerRule, LoadBalancer, TargetGroup,
};

use super::address::Address;
use super::expr::{Expr, Object};
use super::module::{Block, Lifecycle, Module};
use super::writer::{Writer, text_value, value};

/// How long resolvers keep the proof of a domain, in seconds.
const PROOF_TTL: u32 = 60;

impl Writer<'_> {
    /// The certificate, the DNS records that prove its domains, and the wait until it is issued. Without
    /// a hosted zone somebody else writes the records, and it is waited for them: as in CloudFormation.
    pub(super) fn certificate(&self, resource: &Resource, it: &Certificate, out: &mut Module) {
        let body = Object::new()
            .with("domain_name", self.text(&it.domain))
            .list("subject_alternative_names", self.texts(&it.alternative_names))
            .with("tags", self.tags(resource))
            .with("validation_method", "DNS");
        out.add(replaced_first(self.block(resource, body)));
        let address = self.address(&resource.id);
        let records = it.hosted_zone.as_ref().map(|zone| {
            // One of the options that AWS gives, of which only the domains are known before.
            let option = |name: &'static str| {
                let options = address.attribute("domain_validation_options");
                let same = Expr::Compare(
                    Box::new(Expr::Name("it.domain_name".into())),
                    "==",
                    Box::new(Expr::Name("each.key".into())),
                );
                let value = Expr::Name(format!("it.{name}").into());
                Expr::call("one", [Expr::each(options, value, Some(same))])
            };
            let domains = Expr::List(self.texts(&it.proved_domains()));
            let record = Object::new()
                .with("allow_overwrite", true)
                .with("for_each", Expr::call("toset", [domains]))
                .with("name", option("resource_record_name"))
                .with("records", vec![option("resource_record_value")])
                .with("ttl", PROOF_TTL)
                .with("type", option("resource_record_type"))
                .with("zone_id", self.text(zone));
            out.add(self.part(resource, "aws_route53_record", record));
            let records = Expr::Static(Address::of(resource, "aws_route53_record"));
            Expr::each(records, Expr::Name("it.fqdn".into()), None)
        });
        let validation = Object::new()
            .with("certificate_arn", address.attribute("arn"))
            .maybe("validation_record_fqdns", records);
        out.add(self.part(resource, "aws_acm_certificate_validation", validation));
    }

    pub(super) fn load_balancer(&self, resource: &Resource, it: &LoadBalancer, out: &mut Module) {
        let logs = it.access_logs.as_ref().map(|(bucket, prefix)| {
            Object::new()
                .with("bucket", self.id(bucket))
                .with("enabled", true)
                .maybe("prefix", (!prefix.is_empty()).then_some(prefix.as_str()))
        });
        let body = Object::new()
            .maybe("access_logs", logs)
            .with("drop_invalid_header_fields", true)
            .with("enable_deletion_protection", value(&it.deletion_protection))
            .with("idle_timeout", value(&it.idle_timeout))
            .with("internal", !it.internet_facing)
            .with("load_balancer_type", "application")
            .maybe("name", self.optional_text(it.name.as_ref()))
            .with("security_groups", self.ids(&it.groups))
            .with("subnets", self.ids(&it.subnets))
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn target_group(&self, resource: &Resource, it: &TargetGroup, out: &mut Module) {
        let health = &it.health_check;
        let health = Object::new()
            .with("enabled", true)
            .with("healthy_threshold", value(&health.healthy_threshold))
            .with("interval", value(&health.interval))
            .with("matcher", value(&health.matcher))
            .with("path", value(&health.path))
            .with("port", "traffic-port")
            .with("protocol", it.protocol())
            .with("timeout", value(&health.timeout))
            .with("unhealthy_threshold", value(&health.unhealthy_threshold));
        let stickiness = Object::new()
            .maybe("cookie_duration", it.stickiness.as_ref().map(value))
            .with("enabled", it.stickiness.is_some())
            .with("type", "lb_cookie");
        // Tasks have interfaces of their own: their addresses are the targets.
        let body = Object::new()
            .with("deregistration_delay", text_value(&it.deregistration_delay))
            .with("health_check", health)
            .with("port", value(&it.port))
            .with("protocol", it.protocol())
            .with("stickiness", stickiness)
            .with("tags", self.tags(resource))
            .with("target_type", "ip")
            .with("vpc_id", self.id(&it.vpc));
        out.add(replaced_first(self.block(resource, body)));
    }

    pub(super) fn listener(&self, resource: &Resource, it: &Listener, out: &mut Module) {
        let body = Object::new()
            .maybe("certificate_arn", it.tls.as_ref().map(|it| self.text(&it.certificate)))
            .with("default_action", vec![self.action(&it.default_action)])
            .with("load_balancer_arn", self.arn(&it.load_balancer))
            .with("port", it.port)
            .with("protocol", if it.tls.is_some() { "HTTPS" } else { "HTTP" })
            .maybe("ssl_policy", it.tls.as_ref().map(|it| value(&it.policy)));
        out.add(self.block(resource, body));
    }

    fn action(&self, it: &ListenerAction) -> Expr {
        match it {
            ListenerAction::Forward(targets) => {
                let groups = targets.iter().map(|(group, weight)| {
                    Object::new().with("arn", self.arn(group)).with("weight", *weight).into()
                });
                let groups: Vec<Expr> = groups.collect();
                Object::new()
                    .with("forward", Object::new().with("target_group", groups))
                    .with("type", "forward")
            }
            ListenerAction::RedirectToHttps => {
                let redirect = Object::new()
                    .with("host", "#{host}")
                    .with("path", "/#{path}")
                    .with("port", "443")
                    .with("protocol", "HTTPS")
                    .with("query", "#{query}")
                    .with("status_code", "HTTP_301");
                Object::new().with("redirect", redirect).with("type", "redirect")
            }
            ListenerAction::FixedResponse { status } => {
                let response = Object::new()
                    .with("content_type", "text/plain")
                    .with("status_code", status.to_string());
                Object::new().with("fixed_response", response).with("type", "fixed-response")
            }
        }
        .into()
    }

    pub(super) fn listener_rule(&self, resource: &Resource, it: &ListenerRule, out: &mut Module) {
        let condition = |kind: &'static str, values: Vec<Expr>| -> Expr {
            Object::new().with(kind, Object::new().with("values", values)).into()
        };
        let mut conditions = Vec::new();
        if !it.hosts.is_empty() {
            conditions.push(condition("host_header", it.hosts.iter().map(value).collect()));
        }
        let paths = it.path_patterns();
        if !paths.is_empty() {
            conditions.push(condition("path_pattern", paths.iter().map(value).collect()));
        }
        for (name, values) in &it.headers {
            let config = Object::new()
                .with("http_header_name", name.clone())
                .with("values", values.iter().map(value).collect::<Vec<Expr>>());
            conditions.push(Object::new().with("http_header", config).into());
        }
        let body = Object::new()
            .with("action", vec![self.action(&it.action)])
            .with("condition", conditions)
            .with("listener_arn", self.arn(&it.listener))
            .with("priority", value(&it.priority));
        let mut block = self.block(resource, body);
        if self.is_switched(resource) {
            // ECS moves the weights from one target group to the other.
            block.lifecycle.ignore_changes.push("action");
        }
        out.add(block);
    }

    /// Whether blue-green deployments change the weights of a rule.
    fn is_switched(&self, rule: &Resource) -> bool {
        self.graph.all::<Service>().any(|(_, _, it)| {
            let mut alternates = it.load_balancers.iter().filter_map(|it| it.alternate.as_ref());
            alternates.any(|it| it.rule.id() == &rule.id)
        })
    }
}

/// A block whose replacement is made first, because what uses it does not let it go: as CloudFormation
/// replaces everything.
pub(super) fn replaced_first(block: Block) -> Block {
    Block { lifecycle: Lifecycle { create_before_destroy: true, ..block.lifecycle }, ..block }
}
