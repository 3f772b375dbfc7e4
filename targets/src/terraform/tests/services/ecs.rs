//! Clusters, capacity, tasks and services.

use archgen_core::resource::ecs::Deployment;
use archgen_core::resource::{Attribute, ResourceId, ResourceKind};
use archgen_core::types::Count;
use archgen_core::value::{Text, Value as Known};
use serde_json::{Value, json};

use super::super::super::write_graph;
use super::super::block;
use super::{files, local};
use crate::testing;

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
        graph.resources.remove(&ResourceId::new(&[&id])).expect("is there");
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
