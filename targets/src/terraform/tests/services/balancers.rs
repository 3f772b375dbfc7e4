//! Certificates, load balancers, target groups, listeners and rules.

use archgen_core::resource::elb::ListenerAction;
use archgen_core::resource::{Ref, ResourceId, ResourceKind};
use archgen_core::types::Port;
use archgen_core::value::{Text, Value as Known};
use serde_json::{Value, json};

use super::super::block;
use super::files;
use crate::testing;

#[test]
fn a_certificate_is_proved_by_records_and_waited_for() {
    let files = files(&testing::everything());
    assert_eq!(
        block(&files, "aws_acm_certificate", "certificate"),
        json!({
            "domain_name": "${var.domain}",
            "subject_alternative_names": ["www.${var.domain}"],
            "tags": {"Name": "shop-production/certificate/certificate"},
            "validation_method": "DNS",
            "lifecycle": {"create_before_destroy": true},
        })
    );
    let option = |name: &str| {
        let options = "aws_acm_certificate.certificate.domain_validation_options";
        format!("${{one([for it in {options} : it.{name} if it.domain_name == each.key])}}")
    };
    assert_eq!(
        block(&files, "aws_route53_record", "certificate"),
        json!({
            "for_each": "${toset([var.domain, \"www.${var.domain}\"])}",
            "allow_overwrite": true,
            "name": option("resource_record_name"),
            "records": [option("resource_record_value")],
            "ttl": 60,
            "type": option("resource_record_type"),
            "zone_id": "${var.zone}",
        })
    );
    assert_eq!(
        block(&files, "aws_acm_certificate_validation", "certificate"),
        json!({
            "certificate_arn": "${aws_acm_certificate.certificate.arn}",
            "validation_record_fqdns":
                "${[for it in aws_route53_record.certificate : it.fqdn]}",
        })
    );
    assert_eq!(
        block(&files, "aws_lb_listener", "edge_https_listener")["certificate_arn"],
        "${aws_acm_certificate_validation.certificate.certificate_arn}"
    );
}

#[test]
fn without_a_hosted_zone_somebody_else_proves_the_certificate() {
    let mut graph = testing::everything();
    change!(graph, "certificate.certificate", Certificate, |it| it.hosted_zone = None);
    let files = files(&graph);
    assert_eq!(block(&files, "aws_route53_record", "certificate"), Value::Null);
    assert_eq!(
        block(&files, "aws_acm_certificate_validation", "certificate"),
        json!({"certificate_arn": "${aws_acm_certificate.certificate.arn}"})
    );
}

#[test]
fn one_record_proves_a_domain_and_its_wildcard() {
    let mut graph = testing::everything();
    change!(graph, "certificate.certificate", Certificate, |it| {
        it.alternative_names = vec![
            Text::literal("*.").then(Text::parameter("domain")),
            "*.example.org".into(),
            "example.net".into(),
            "*.example.net".into(),
        ];
    });
    assert_eq!(
        block(&files(&graph), "aws_route53_record", "certificate")["for_each"],
        r#"${toset([var.domain, "*.example.org", "example.net"])}"#
    );
}

#[test]
fn a_load_balancer_says_its_attributes() {
    let mut graph = testing::everything();
    let subnets = json!(["${aws_subnet.network_public_a.id}", "${aws_subnet.network_public_b.id}"]);
    assert_eq!(
        block(&files(&graph), "aws_lb", "edge"),
        json!({
            "access_logs":
                {"bucket": "${aws_s3_bucket.logs.bucket}", "enabled": true, "prefix": "edge"},
            "drop_invalid_header_fields": true,
            "enable_deletion_protection": true,
            "idle_timeout": 60,
            "internal": false,
            "load_balancer_type": "application",
            "security_groups": ["${aws_security_group.edge.id}"],
            "subnets": subnets,
            "tags": {"Name": "shop-production/edge/load_balancer"},
            "depends_on": ["aws_s3_bucket_policy.logs"],
        })
    );
    change!(graph, "edge.load_balancer", LoadBalancer, |it| {
        it.name = Some("front".into());
        it.internet_facing = false;
        it.idle_timeout = Known::Parameter("idle".into());
        it.access_logs = None;
    });
    let balancer = block(&files(&graph), "aws_lb", "edge");
    assert_eq!(balancer["name"], "front");
    assert_eq!(balancer["internal"], true);
    assert_eq!(balancer["idle_timeout"], "${var.idle}");
    assert_eq!(balancer["access_logs"], Value::Null);
}

#[test]
fn a_target_group_is_replaced_before_it_goes() {
    let mut graph = testing::everything();
    change!(graph, "edge.api.alternate_target_group", TargetGroup, |it| {
        it.https = true;
        it.deregistration_delay = Known::Parameter("delay".into());
    });
    let files = files(&graph);
    assert_eq!(
        block(&files, "aws_lb_target_group", "edge_api"),
        json!({
            "deregistration_delay": "30",
            "health_check": {
                "enabled": true,
                "healthy_threshold": 2,
                "interval": 30,
                "matcher": "200-299",
                "path": "/health",
                "port": "traffic-port",
                "protocol": "HTTP",
                "timeout": 5,
                "unhealthy_threshold": 3,
            },
            "port": 8080,
            "protocol": "HTTP",
            "stickiness": {"cookie_duration": 3600, "enabled": true, "type": "lb_cookie"},
            "tags": {"Name": "shop-production/edge/api/target_group"},
            "target_type": "ip",
            "vpc_id": "${aws_vpc.network.id}",
            "lifecycle": {"create_before_destroy": true},
        })
    );
    let alternate = block(&files, "aws_lb_target_group", "edge_api_alternate_target_group");
    assert_eq!(alternate["stickiness"], json!({"enabled": false, "type": "lb_cookie"}));
    assert_eq!(alternate["deregistration_delay"], "${var.delay}");
    assert_eq!(alternate["protocol"], "HTTPS");
    assert_eq!(alternate["health_check"]["protocol"], "HTTPS");
}

#[test]
fn listeners_redirect_answer_and_forward() {
    let mut graph = testing::everything();
    let group = Ref::new(ResourceId::new(&["edge.api.target_group"]));
    let before = files(&graph);
    assert_eq!(
        block(&before, "aws_lb_listener", "edge_http_listener"),
        json!({
            "default_action": [{
                "redirect": {
                    "host": "#{host}",
                    "path": "/#{path}",
                    "port": "443",
                    "protocol": "HTTPS",
                    "query": "#{query}",
                    "status_code": "HTTP_301",
                },
                "type": "redirect",
            }],
            "load_balancer_arn": "${aws_lb.edge.arn}",
            "port": 80,
            "protocol": "HTTP",
        })
    );
    let secure = block(&before, "aws_lb_listener", "edge_https_listener");
    assert_eq!(
        secure["default_action"],
        json!([{
            "fixed_response": {"content_type": "text/plain", "status_code": "404"},
            "type": "fixed-response",
        }])
    );
    assert_eq!(secure["protocol"], "HTTPS");
    assert_eq!(secure["ssl_policy"], "ELBSecurityPolicy-TLS13-1-2-2021-06");
    change!(graph, "edge.http_listener", Listener, |it| {
        it.default_action = ListenerAction::Forward(vec![(group, 1)]);
    });
    assert_eq!(
        block(&files(&graph), "aws_lb_listener", "edge_http_listener")["default_action"],
        json!([{
            "forward":
                {"target_group": [{"arn": "${aws_lb_target_group.edge_api.arn}", "weight": 1}]},
            "type": "forward",
        }])
    );
}

#[test]
fn a_rule_keeps_the_weights_that_deployments_switch() {
    let mut graph = testing::everything();
    let group = |name: &str, weight: u32| json!({"arn": format!("${{aws_lb_target_group.{name}.arn}}"), "weight": weight});
    assert_eq!(
        block(&files(&graph), "aws_lb_listener_rule", "edge_api_rule"),
        json!({
            "action": [{
                "forward": {"target_group": [
                    group("edge_api", 100),
                    group("edge_api_alternate_target_group", 0),
                ]},
                "type": "forward",
            }],
            "condition": [
                {"host_header": {"values": ["${var.domain}"]}},
                {"path_pattern": {"values": ["/api/*"]}},
            ],
            "listener_arn": "${aws_lb_listener.edge_https_listener.arn}",
            "priority": 100,
            "lifecycle": {"ignore_changes": ["action"]},
        })
    );
    change!(graph, "edge.api.rule", ListenerRule, |it| {
        it.hosts.clear();
        it.paths.clear();
        it.priority = Known::Parameter("order".into());
    });
    change!(graph, "api.service", Service, |it| it.load_balancers[0].alternate = None);
    let rule = block(&files(&graph), "aws_lb_listener_rule", "edge_api_rule");
    assert_eq!(rule["condition"], json!([{"path_pattern": {"values": ["/*"]}}]));
    assert_eq!(rule["priority"], "${var.order}");
    assert_eq!(rule["lifecycle"], Value::Null);
}

#[test]
fn ports_may_be_given_when_applying() {
    let mut graph = testing::everything();
    change!(graph, "edge.api.target_group", TargetGroup, |it| {
        it.port = Known::Parameter("port".into());
    });
    change!(graph, "api.service", Service, |it| {
        it.load_balancers[0].port = Known::Literal(Port(9090));
    });
    let files = files(&graph);
    assert_eq!(block(&files, "aws_lb_target_group", "edge_api")["port"], "${var.port}");
    assert_eq!(block(&files, "aws_ecs_service", "api")["load_balancer"][0]["container_port"], 9090);
}
