//! Scaling, instances, roles and private DNS.

use archgen_core::resource::iam::{Condition, Principal};
use archgen_core::resource::{ResourceId, ResourceKind};
use archgen_core::types::Seconds;
use archgen_core::value::{Text, Value as Known};
use serde_json::{Value, json};

use super::super::block;
use super::{files, local};
use crate::testing;

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
        it.instance_type = Some(Text::parameter("instance"));
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
            "policy_arn": concat!(
                "arn:${data.aws_partition.current.partition}:iam::aws:policy/",
                "service-role/AmazonEC2ContainerServiceforEC2Role",
            ),
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
