//! Application Load Balancers and their certificates.

use archgen_core::resource::elb::{
    Certificate, Listener, ListenerAction, ListenerRule, LoadBalancer, TargetGroup,
};
use archgen_core::resource::{Resource, elb};

use super::expr::{Expr, Object};
use super::writer::{Writer, key_value, text_value, value};

impl Writer<'_> {
    pub(super) fn certificate(&self, resource: &Resource, it: &Certificate) -> Object {
        let validation = it.hosted_zone.iter().flat_map(|zone| {
            it.proved_domains().into_iter().map(|domain| {
                Object::new()
                    .with("DomainName", self.text(&domain))
                    .with("HostedZoneId", self.text(zone))
                    .into()
            })
        });
        Object::new()
            .with("DomainName", self.text(&it.domain))
            .list("DomainValidationOptions", validation.collect())
            .list("SubjectAlternativeNames", self.texts(&it.alternative_names))
            .with("Tags", self.tags(resource))
            .with("ValidationMethod", "DNS")
    }

    pub(super) fn load_balancer(&self, resource: &Resource, it: &LoadBalancer) -> Object {
        let mut attributes = vec![
            key_value("deletion_protection.enabled", text_value(&it.deletion_protection)),
            key_value("idle_timeout.timeout_seconds", text_value(&it.idle_timeout)),
            key_value("routing.http.drop_invalid_header_fields.enabled", "true"),
        ];
        if let Some((bucket, prefix)) = &it.access_logs {
            attributes.push(key_value("access_logs.s3.enabled", "true"));
            attributes.push(key_value("access_logs.s3.bucket", self.id(bucket)));
            if !prefix.is_empty() {
                attributes.push(key_value("access_logs.s3.prefix", prefix.as_str()));
            }
        }
        Object::new()
            .with("LoadBalancerAttributes", attributes)
            .maybe("Name", self.optional_text(it.name.as_ref()))
            .with("Scheme", if it.internet_facing { "internet-facing" } else { "internal" })
            .with("SecurityGroups", self.ids(&it.groups))
            .with("Subnets", self.ids(&it.subnets))
            .with("Tags", self.tags(resource))
            .with("Type", "application")
    }

    pub(super) fn target_group(&self, resource: &Resource, it: &TargetGroup) -> Object {
        let mut attributes = vec![key_value(
            "deregistration_delay.timeout_seconds",
            text_value(&it.deregistration_delay),
        )];
        match &it.stickiness {
            Some(duration) => {
                attributes.push(key_value("stickiness.enabled", "true"));
                attributes.push(key_value("stickiness.type", "lb_cookie"));
                attributes
                    .push(key_value("stickiness.lb_cookie.duration_seconds", text_value(duration)));
            }
            None => attributes.push(key_value("stickiness.enabled", "false")),
        }
        let protocol = it.protocol();
        let health = &it.health_check;
        // Tasks have interfaces of their own: their addresses are the targets.
        Object::new()
            .with("HealthCheckEnabled", true)
            .with("HealthCheckIntervalSeconds", value(&health.interval))
            .with("HealthCheckPath", value(&health.path))
            .with("HealthCheckPort", "traffic-port")
            .with("HealthCheckProtocol", protocol)
            .with("HealthCheckTimeoutSeconds", value(&health.timeout))
            .with("HealthyThresholdCount", value(&health.healthy_threshold))
            .with("Matcher", Object::new().with("HttpCode", value(&health.matcher)))
            .with("Port", value(&it.port))
            .with("Protocol", protocol)
            .with("Tags", self.tags(resource))
            .with("TargetGroupAttributes", attributes)
            .with("TargetType", "ip")
            .with("UnhealthyThresholdCount", value(&health.unhealthy_threshold))
            .with("VpcId", self.id(&it.vpc))
    }

    pub(super) fn listener(&self, it: &Listener) -> Object {
        let certificates = it.tls.iter().map(|it: &elb::ListenerTls| {
            Object::new().with("CertificateArn", self.text(&it.certificate)).into()
        });
        Object::new()
            .list("Certificates", certificates.collect())
            .with("DefaultActions", vec![self.action(&it.default_action)])
            .with("LoadBalancerArn", self.arn(&it.load_balancer))
            .with("Port", it.port)
            .with("Protocol", if it.tls.is_some() { "HTTPS" } else { "HTTP" })
            .maybe("SslPolicy", it.tls.as_ref().map(|it| value(&it.policy)))
    }

    fn action(&self, it: &ListenerAction) -> Expr {
        match it {
            ListenerAction::Forward(targets) => {
                let groups: Vec<Expr> = targets
                    .iter()
                    .map(|(group, weight)| {
                        Object::new()
                            .with("TargetGroupArn", self.arn(group))
                            .with("Weight", *weight)
                            .into()
                    })
                    .collect();
                Object::new()
                    .with("ForwardConfig", Object::new().with("TargetGroups", groups))
                    .with("Type", "forward")
            }
            ListenerAction::RedirectToHttps => {
                let redirect = Object::new()
                    .with("Host", "#{host}")
                    .with("Path", "/#{path}")
                    .with("Port", "443")
                    .with("Protocol", "HTTPS")
                    .with("Query", "#{query}")
                    .with("StatusCode", "HTTP_301");
                Object::new().with("RedirectConfig", redirect).with("Type", "redirect")
            }
            ListenerAction::FixedResponse { status } => {
                let response = Object::new()
                    .with("ContentType", "text/plain")
                    .with("StatusCode", status.to_string());
                Object::new().with("FixedResponseConfig", response).with("Type", "fixed-response")
            }
        }
        .into()
    }

    pub(super) fn listener_rule(&self, it: &ListenerRule) -> Object {
        let condition = |field: &str, config: &'static str, values: Vec<Expr>| -> Expr {
            Object::new()
                .with("Field", field)
                .with(config, Object::new().with("Values", values))
                .into()
        };
        let mut conditions = Vec::new();
        if !it.hosts.is_empty() {
            let hosts = it.hosts.iter().map(value).collect();
            conditions.push(condition("host-header", "HostHeaderConfig", hosts));
        }
        let paths = it.path_patterns();
        if !paths.is_empty() {
            let paths = paths.iter().map(value).collect();
            conditions.push(condition("path-pattern", "PathPatternConfig", paths));
        }
        for (name, values) in &it.headers {
            let config = Object::new()
                .with("HttpHeaderName", name.clone())
                .with("Values", values.iter().map(value).collect::<Vec<Expr>>());
            conditions.push(
                Object::new().with("Field", "http-header").with("HttpHeaderConfig", config).into(),
            );
        }
        Object::new()
            .with("Actions", vec![self.action(&it.action)])
            .with("Conditions", conditions)
            .with("ListenerArn", self.arn(&it.listener))
            .with("Priority", value(&it.priority))
    }
}
