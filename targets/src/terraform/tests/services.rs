//! Load balancers, certificates, clusters, services, scaling, instances, roles and private DNS.

use archgen_core::resource::ecs::Deployment;
use archgen_core::resource::elb::ListenerAction;
use archgen_core::resource::iam::{Condition, Principal};
use archgen_core::resource::{Attribute, ResourceGraph, ResourceId, ResourceKind};
use archgen_core::types::{Count, Port, Seconds};
use archgen_core::value::{Text, Value as Known};
use serde_json::{Value, json};

use super::super::write_graph;
use super::block;
use crate::{Files, testing};

fn files(graph: &ResourceGraph) -> Files {
    write_graph("shop", "production", graph).files()
}

/// A local value of a module.
fn local(files: &Files, name: &str) -> Value {
    let text = &files["services.tf.json"];
    let file: Value = serde_json::from_slice(text).expect("is JSON");
    file["locals"][name].clone()
}

/// Changes a resource of a graph.
macro_rules! change {
    ($graph:ident, $id:literal, $kind:ident, |$it:ident| $change:expr) => {
        let resource = $graph.resources.get_mut(&ResourceId::new(&[$id])).expect($id);
        let ResourceKind::$kind($it) = &mut resource.kind else { panic!($id) };
        $change;
    };
}

fn remove(graph: &mut ResourceGraph, id: &str) {
    graph.resources.remove(&ResourceId::new(&[id])).expect("is there");
}

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
                {"bucket": "${aws_s3_bucket.logs.id}", "enabled": true, "prefix": "edge"},
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
    let group = archgen_core::resource::Ref::new(ResourceId::new(&["edge.api.target_group"]));
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
fn a_cluster_without_a_name_keeps_the_one_it_got() {
    let mut graph = testing::everything();
    assert_eq!(
        block(&files(&graph), "aws_ecs_cluster", "cluster"),
        json!({
            "name": "shop-production-cluster",
            "setting": [{
                "name": "containerInsights",
                "value": "${(var.insights ? \"enabled\" : \"disabled\")}",
            }],
            "tags": {"Name": "shop-production/cluster/cluster"},
            "lifecycle": {"ignore_changes": ["name"]},
        })
    );
    change!(graph, "cluster.cluster", Cluster, |it| {
        it.name = Some(Text::literal("main-").then(Text::parameter("suffix")));
        it.container_insights = Known::Literal(false);
    });
    let cluster = block(&files(&graph), "aws_ecs_cluster", "cluster");
    assert_eq!(cluster["name"], "main-${var.suffix}");
    assert_eq!(cluster["setting"][0]["value"], "disabled");
    assert_eq!(cluster["lifecycle"], Value::Null);
}

#[test]
fn ecs_scales_the_instances_of_a_capacity_provider() {
    let mut graph = testing::everything();
    let before = files(&graph);
    assert_eq!(
        block(&before, "aws_ecs_capacity_provider", "cluster"),
        json!({
            "auto_scaling_group_provider": {
                "auto_scaling_group_arn": "${aws_autoscaling_group.cluster.arn}",
                "managed_scaling": {"status": "ENABLED", "target_capacity": 90},
                "managed_termination_protection": "ENABLED",
            },
            "name": "shop-production-cluster",
            "tags": {"Name": "shop-production/cluster/capacity_provider"},
            "lifecycle": {"ignore_changes": ["name"]},
        })
    );
    let own = "${aws_ecs_capacity_provider.cluster.name}";
    assert_eq!(
        block(&before, "aws_ecs_cluster_capacity_providers", "cluster_capacity_providers"),
        json!({
            "capacity_providers": ["FARGATE", "FARGATE_SPOT", own],
            "cluster_name": "${aws_ecs_cluster.cluster.name}",
            "default_capacity_provider_strategy": [{"capacity_provider": own, "weight": 1}],
        })
    );
    change!(graph, "cluster.auto_scaling_group", AutoScalingGroup, |it| {
        it.protect_from_scale_in = false;
    });
    let files = write_graph("ecs-demo", "production", &graph).files();
    let provider = block(&files, "aws_ecs_capacity_provider", "cluster");
    assert_eq!(provider["name"], "capacity-ecs-demo-production-cluster");
    let group = &provider["auto_scaling_group_provider"];
    assert_eq!(group["managed_termination_protection"], "DISABLED");
}

#[test]
fn tasks_hold_their_container_as_a_local_value() {
    let files = files(&testing::everything());
    assert_eq!(
        block(&files, "aws_ecs_task_definition", "api"),
        json!({
            "container_definitions": "${jsonencode(local.api_containers)}",
            "cpu": "512",
            "execution_role_arn": "${aws_iam_role.api_execution_role.arn}",
            "family": "shop-api",
            "memory": "1024",
            "network_mode": "awsvpc",
            "requires_compatibilities": ["FARGATE"],
            "runtime_platform":
                {"cpu_architecture": "ARM64", "operating_system_family": "LINUX"},
            "tags": {"Name": "shop-production/api/task_definition"},
            "task_role_arn": "${aws_iam_role.api_task_role.arn}",
            "volume": [{
                "efs_volume_configuration": {
                    "authorization_config": {
                        "access_point_id": "${aws_efs_access_point.files_api.id}",
                        "iam": "ENABLED",
                    },
                    "file_system_id": "${aws_efs_file_system.files.id}",
                    "transit_encryption": "ENABLED",
                },
                "name": "files",
            }],
            "depends_on": ["aws_iam_role_policy.api_execution_role"],
        })
    );
    assert_eq!(
        local(&files, "api_containers"),
        json!([{
            "command": ["serve"],
            "environment": [
                {"name": "DATABASE_HOST", "value": "${aws_db_instance.database_instance.address}"},
            ],
            "essential": true,
            "healthCheck": {
                "command": ["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"],
                "interval": 30,
                "retries": 3,
                "startPeriod": 60,
                "timeout": 5,
            },
            "image": "shop/api:${var.image_tag}",
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": "${aws_cloudwatch_log_group.api.name}",
                    "awslogs-region": "${data.aws_region.current.region}",
                    "awslogs-stream-prefix": "api",
                },
            },
            "mountPoints":
                [{"containerPath": "/files", "readOnly": false, "sourceVolume": "files"}],
            "name": "api",
            "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
            "readonlyRootFilesystem": true,
            "secrets":
                [{"name": "API_KEYS", "valueFrom": "${aws_secretsmanager_secret.api_keys.arn}"}],
            "user": "1000",
        }])
    );
    let worker = block(&files, "aws_ecs_task_definition", "worker");
    assert_eq!(worker["requires_compatibilities"], json!(["EC2"]));
    assert_eq!(worker["runtime_platform"], Value::Null);
    assert_eq!(worker["volume"], json!([{"host_path": "/var/shop", "name": "files"}]));
    assert_eq!(local(&files, "worker_containers")[0]["portMappings"], Value::Null);
}

#[test]
fn containers_take_text_for_text_and_numbers_for_numbers() {
    let mut graph = testing::everything();
    change!(graph, "api.task_definition", TaskDefinition, |it| {
        let port =
            Text::attribute(ResourceId::new(&["database.instance"]), Attribute::EndpointPort);
        it.cpu = Known::Parameter("cpu".into());
        it.container.port = Some(Known::Parameter("port".into()));
        it.container.read_only_root = Known::Parameter("locked".into());
        it.container.environment = vec![
            ("DATABASE_PORT".into(), port.clone()),
            ("DATABASE_URL".into(), Text::literal("tcp://database:").then(port)),
            ("TASKS".into(), Text::parameter("tasks")),
            ("TEMPLATE".into(), "${HOME} %{if}".into()),
        ];
    });
    let files = files(&graph);
    let task = block(&files, "aws_ecs_task_definition", "api");
    assert_eq!(task["cpu"], "${var.cpu}");
    let container = local(&files, "api_containers")[0].clone();
    assert_eq!(container["portMappings"][0]["containerPort"], "${tonumber(var.port)}");
    assert_eq!(container["readonlyRootFilesystem"], "${(var.locked ? true : false)}");
    let value = |at: usize| container["environment"][at]["value"].clone();
    assert_eq!(value(0), "${tostring(aws_db_instance.database_instance.port)}");
    assert_eq!(value(1), "tcp://database:${aws_db_instance.database_instance.port}");
    assert_eq!(value(2), "${tostring(var.tasks)}");
    assert_eq!(value(3), "$${HOME} %%{if}");
}

#[test]
fn a_blue_green_service_names_both_target_groups() {
    let files = files(&testing::everything());
    let network = json!({
        "assign_public_ip": false,
        "security_groups": ["${aws_security_group.api.id}"],
        "subnets":
            ["${aws_subnet.network_private_a.id}", "${aws_subnet.network_private_b.id}"],
    });
    assert_eq!(
        block(&files, "aws_ecs_service", "api"),
        json!({
            "capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1}],
            "cluster": "${aws_ecs_cluster.cluster.arn}",
            "deployment_circuit_breaker": {"enable": true, "rollback": true},
            "deployment_configuration": {"bake_time_in_minutes": "2", "strategy": "BLUE_GREEN"},
            "deployment_maximum_percent": 200,
            "deployment_minimum_healthy_percent": 100,
            "desired_count": "${var.tasks}",
            "enable_ecs_managed_tags": true,
            "enable_execute_command": true,
            "health_check_grace_period_seconds": 60,
            "load_balancer": [{
                "advanced_configuration": {
                    "alternate_target_group_arn":
                        "${aws_lb_target_group.edge_api_alternate_target_group.arn}",
                    "production_listener_rule": "${aws_lb_listener_rule.edge_api_rule.arn}",
                    "role_arn": "${aws_iam_role.api_switch_role.arn}",
                },
                "container_name": "api",
                "container_port": 8080,
                "target_group_arn": "${aws_lb_target_group.edge_api.arn}",
            }],
            "name": "shop-production-api",
            "network_configuration": network,
            "propagate_tags": "SERVICE",
            "service_registries":
                [{"registry_arn": "${aws_service_discovery_service.api_discovery.arn}"}],
            "tags": {"Name": "shop-production/api/service"},
            "task_definition": "${aws_ecs_task_definition.api.arn}",
            "lifecycle": {"ignore_changes": ["name", "desired_count"]},
            "depends_on": [
                "aws_ecs_cluster.cluster",
                "aws_ecs_cluster_capacity_providers.cluster_capacity_providers",
                "aws_iam_role_policy.api_switch_role",
            ],
        })
    );
}

#[test]
fn a_service_on_instances_is_spread_over_zones() {
    let files = files(&testing::everything());
    let worker = block(&files, "aws_ecs_service", "worker");
    assert_eq!(
        worker["ordered_placement_strategy"],
        json!([{"field": "attribute:ecs.availability-zone", "type": "spread"}])
    );
    assert_eq!(
        worker["capacity_provider_strategy"],
        json!([{"capacity_provider": "${aws_ecs_capacity_provider.cluster.name}", "weight": 1}])
    );
    assert_eq!(worker["deployment_configuration"], json!({"strategy": "ROLLING"}));
    assert_eq!(worker["name"], "shop-worker");
    assert_eq!(worker["desired_count"], 1);
    for missing in ["lifecycle", "load_balancer", "service_registries"] {
        assert_eq!(worker[missing], Value::Null, "{missing}");
    }
}

#[test]
fn a_scaled_service_starts_with_the_least_number_of_tasks() {
    let mut graph = testing::everything();
    change!(graph, "api.service", Service, |it| {
        it.desired_count = None;
        it.exec = Known::Parameter("shell".into());
        it.public_ip = true;
        it.bake_time = Known::Parameter("bake".into());
    });
    let service = block(&files(&graph), "aws_ecs_service", "api");
    assert_eq!(service["desired_count"], 2);
    assert_eq!(service["lifecycle"], json!({"ignore_changes": ["name", "desired_count"]}));
    assert_eq!(service["enable_execute_command"], "${var.shell}");
    assert_eq!(service["network_configuration"]["assign_public_ip"], true);
    assert_eq!(service["deployment_configuration"]["bake_time_in_minutes"], "${var.bake}");
    // Without scaling the number is the author's.
    let scaling = (0..5).map(|it| format!("api.scaling_{it}"));
    for id in scaling.chain(["api.scalable_target".to_string()]) {
        remove(&mut graph, &id);
    }
    change!(graph, "api.service", Service, |it| {
        it.desired_count = Some(Known::Literal(Count(3)));
        it.deployment = Deployment::Rolling;
    });
    let service = block(&files(&graph), "aws_ecs_service", "api");
    assert_eq!(service["desired_count"], 3);
    assert_eq!(service["lifecycle"], json!({"ignore_changes": ["name"]}));
    assert_eq!(service["deployment_configuration"], json!({"strategy": "ROLLING"}));
}

#[test]
fn services_scale_on_their_metrics() {
    let files = files(&testing::everything());
    assert_eq!(
        block(&files, "aws_appautoscaling_target", "api"),
        json!({
            "max_capacity": 10,
            "min_capacity": 2,
            "resource_id": "service/${aws_ecs_cluster.cluster.name}/${aws_ecs_service.api.name}",
            "scalable_dimension": "ecs:service:DesiredCount",
            "service_namespace": "ecs",
        })
    );
    let policy = |at: u32| block(&files, "aws_appautoscaling_policy", &format!("api_scaling_{at}"));
    assert_eq!(
        policy(0),
        json!({
            "name": "shop-api-0",
            "policy_type": "TargetTrackingScaling",
            "resource_id": "${aws_appautoscaling_target.api.resource_id}",
            "scalable_dimension": "${aws_appautoscaling_target.api.scalable_dimension}",
            "service_namespace": "${aws_appautoscaling_target.api.service_namespace}",
            "target_tracking_scaling_policy_configuration": {
                "predefined_metric_specification":
                    {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
                "scale_in_cooldown": 300,
                "scale_out_cooldown": 60,
                "target_value": 70.5,
            },
        })
    );
    let metric = |at: u32, kind: &str| {
        policy(at)["target_tracking_scaling_policy_configuration"][kind].clone()
    };
    assert_eq!(
        metric(1, "predefined_metric_specification")["predefined_metric_type"],
        "ECSServiceAverageMemoryUtilization"
    );
    assert_eq!(
        metric(2, "predefined_metric_specification"),
        json!({
            "predefined_metric_type": "ALBRequestCountPerTarget",
            "resource_label": "${aws_lb.edge.arn_suffix}/${aws_lb_target_group.edge_api.arn_suffix}",
        })
    );
    let what = |statistic: Option<&str>| {
        let mut it = json!({
            "dimensions": [{"name": "LoadBalancer", "value": "${aws_lb.edge.arn_suffix}"}],
            "metric_name": "TargetResponseTime",
            "namespace": "AWS/ApplicationELB",
        });
        if let Some(statistic) = statistic {
            it["statistic"] = statistic.into();
        }
        it
    };
    assert_eq!(metric(3, "customized_metric_specification"), what(Some("Average")));
    assert_eq!(
        metric(4, "customized_metric_specification"),
        json!({"metrics": [{
            "id": "metric",
            "metric_stat": {"metric": what(None), "stat": "p95"},
            "return_data": true,
        }]})
    );
}

#[test]
fn instances_carry_the_tags_of_the_architecture() {
    let mut graph = testing::everything();
    let tag =
        |key: &str, value: &str| json!({"key": key, "propagate_at_launch": true, "value": value});
    assert_eq!(
        block(&files(&graph), "aws_autoscaling_group", "cluster"),
        json!({
            "launch_template": {
                "id": "${aws_launch_template.cluster.id}",
                "version": "${aws_launch_template.cluster.latest_version}",
            },
            "max_size": 5,
            "min_size": 2,
            "protect_from_scale_in": true,
            "tag": [
                tag("AmazonECSManaged", "true"),
                tag("Architecture", "shop"),
                tag("ManagedBy", "archgen"),
                tag("Name", "shop-production/cluster/auto_scaling_group"),
            ],
            "vpc_zone_identifier":
                ["${aws_subnet.network_private_a.id}", "${aws_subnet.network_private_b.id}"],
            "lifecycle": {"ignore_changes": ["desired_capacity"]},
        })
    );
    // A group that ECS does not scale.
    graph.resources.retain(|id, _| {
        let id = id.as_str();
        !id.starts_with("cluster.capacity_provider") && !id.starts_with("worker.service")
    });
    graph.tags.insert("Name".into(), "not this one".into());
    let service = graph.resources.get_mut(&ResourceId::new(&["api.service"])).expect("is there");
    service.depends_on.clear();
    let group = block(&files(&graph), "aws_autoscaling_group", "cluster");
    assert_eq!(group["lifecycle"], Value::Null);
    assert_eq!(
        group["tag"],
        json!([
            tag("Architecture", "shop"),
            tag("ManagedBy", "archgen"),
            tag("Name", "shop-production/cluster/auto_scaling_group"),
        ])
    );
}

#[test]
fn instances_start_from_the_newest_image() {
    let mut graph = testing::everything();
    let before = files(&graph);
    let file: Value = serde_json::from_slice(&before["services.tf.json"]).expect("is JSON");
    assert_eq!(
        file["data"]["aws_ssm_parameter"]["cluster"],
        json!({"name": "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"})
    );
    let tags = |of: &str| {
        json!({"resource_type": of, "tags": {
            "Architecture": "shop",
            "ManagedBy": "archgen",
            "Name": "shop-production/cluster/launch_template",
        }})
    };
    let script =
        r##""#!/bin/bash\necho ECS_CLUSTER=${aws_ecs_cluster.cluster.name} >> $${ECS_CONFIG}\n""##;
    assert_eq!(
        block(&before, "aws_launch_template", "cluster"),
        json!({
            "block_device_mappings": [{
                "device_name": "/dev/xvda",
                "ebs": {
                    "delete_on_termination": "true",
                    "encrypted": "true",
                    "volume_size": 30,
                    "volume_type": "gp3",
                },
            }],
            "iam_instance_profile": {"arn": "${aws_iam_instance_profile.cluster.arn}"},
            "image_id": "${data.aws_ssm_parameter.cluster.insecure_value}",
            "instance_type": "t3.large",
            "metadata_options": {
                "http_endpoint": "enabled",
                "http_put_response_hop_limit": 1,
                "http_tokens": "required",
            },
            "tag_specifications": [tags("instance"), tags("volume")],
            "tags": {"Name": "shop-production/cluster/launch_template"},
            "user_data": format!("${{base64encode({script})}}"),
            "vpc_security_group_ids": ["${aws_security_group.api.id}"],
        })
    );
    change!(graph, "cluster.launch_template", LaunchTemplate, |it| {
        it.user_data.clear();
        it.volume = Known::Parameter("volume".into());
        it.instance_type = Text::parameter("instance");
    });
    let template = block(&files(&graph), "aws_launch_template", "cluster");
    assert_eq!(template["user_data"], Value::Null);
    assert_eq!(template["instance_type"], "${var.instance}");
    assert_eq!(template["block_device_mappings"][0]["ebs"]["volume_size"], "${var.volume}");
}

#[test]
fn what_a_role_may_do_is_there_before_somebody_takes_it() {
    let files = files(&testing::everything());
    assert_eq!(
        block(&files, "aws_iam_role", "api_execution_role"),
        json!({
            "assume_role_policy": "${jsonencode(local.api_execution_role_trust)}",
            "description": "a role",
            "tags": {"Name": "shop-production/api/execution_role"},
        })
    );
    assert_eq!(
        local(&files, "api_execution_role_trust"),
        json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }]})
    );
    assert_eq!(
        block(&files, "aws_iam_role_policy", "api_execution_role"),
        json!({
            "name": "permissions",
            "policy": "${jsonencode(local.api_execution_role_permissions)}",
            "role": "${aws_iam_role.api_execution_role.name}",
        })
    );
    assert_eq!(
        local(&files, "api_execution_role_permissions"),
        json!({"Version": "2012-10-17", "Statement": [{
            "Sid": "ReadSecrets",
            "Effect": "Allow",
            "Action": ["secretsmanager:GetSecretValue"],
            "Resource": ["${aws_secretsmanager_secret.api_keys.arn}"],
        }]})
    );
    assert_eq!(block(&files, "aws_iam_role_policy", "api_task_role"), Value::Null);
    assert_eq!(
        block(&files, "aws_iam_role_policy_attachment", "cluster_instance_role"),
        json!({
            "for_each": r#"${toset(["service-role/AmazonEC2ContainerServiceforEC2Role"])}"#,
            "policy_arn":
                "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.value}",
            "role": "${aws_iam_role.cluster_instance_role.name}",
        })
    );
    assert_eq!(
        block(&files, "aws_iam_instance_profile", "cluster"),
        json!({
            "role": "${aws_iam_role.cluster_instance_role.name}",
            "tags": {"Name": "shop-production/cluster/instance_profile"},
            "depends_on": ["aws_iam_role_policy_attachment.cluster_instance_role"],
        })
    );
}

#[test]
fn conditions_stand_by_operator_and_key() {
    let mut graph = testing::everything();
    let condition = |operator, key, value: &str| Condition { operator, key, value: value.into() };
    change!(graph, "api.execution_role", Role, |it| {
        let statement = &mut it.statements[0];
        statement.allow = false;
        statement.principal = Some(Principal::Everyone);
        statement.conditions = vec![
            condition("StringEquals", "aws:SourceAccount", "1"),
            condition("Bool", "aws:SecureTransport", "false"),
            condition("StringEquals", "aws:SourceAccount", "2"),
            condition("StringEquals", "aws:SourceArn", "${text}"),
        ];
    });
    let statement = local(&files(&graph), "api_execution_role_permissions")["Statement"][0].clone();
    assert_eq!(statement["Effect"], "Deny");
    assert_eq!(statement["Principal"], "*");
    assert_eq!(
        statement["Condition"],
        json!({
            "StringEquals": {"aws:SourceAccount": ["1", "2"], "aws:SourceArn": "$${text}"},
            "Bool": {"aws:SecureTransport": "false"},
        })
    );
}

#[test]
fn services_find_each_other_by_private_names() {
    let mut graph = testing::everything();
    change!(graph, "cluster.namespace", PrivateDnsNamespace, |it| {
        it.name = Known::Parameter("zone_name".into());
    });
    change!(graph, "api.discovery", DiscoveryService, |it| it.ttl = Seconds(20));
    let files = files(&graph);
    assert_eq!(
        block(&files, "aws_service_discovery_private_dns_namespace", "cluster_namespace"),
        json!({
            "name": "${var.zone_name}",
            "tags": {"Name": "shop-production/cluster/namespace"},
            "vpc": "${aws_vpc.network.id}",
        })
    );
    let namespace = "aws_service_discovery_private_dns_namespace.cluster_namespace";
    assert_eq!(
        block(&files, "aws_service_discovery_service", "api_discovery"),
        json!({
            "dns_config": {
                "dns_records": [{"ttl": 20, "type": "A"}],
                "namespace_id": format!("${{{namespace}.id}}"),
                "routing_policy": "MULTIVALUE",
            },
            "health_check_custom_config": {"failure_threshold": 1},
            "name": "api",
            "tags": {"Name": "shop-production/api/discovery"},
        })
    );
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
