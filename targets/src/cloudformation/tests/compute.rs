//! Services, instances, load balancers and what watches them.

use super::{everything, property};

#[test]
fn a_blue_green_service_names_both_target_groups() {
    let template = everything();
    assert_eq!(
        property(&template, "ApiService", "DeploymentConfiguration"),
        r#"{"BakeTimeInMinutes":2,"DeploymentCircuitBreaker":{"Enable":true,"Rollback":true},"MaximumPercent":200,"MinimumHealthyPercent":100,"Strategy":"BLUE_GREEN"}"#
    );
    let targets = property(&template, "ApiService", "LoadBalancers");
    assert!(targets.contains(r#""AlternateTargetGroupArn":{"Ref":"EdgeApiAlternateTargetGroup"}"#));
    assert!(targets.contains(r#""ProductionListenerRule":{"Ref":"EdgeApiRule"}"#));
}

#[test]
fn tasks_on_instances_are_spread_over_zones() {
    let template = everything();
    assert!(
        property(&template, "WorkerService", "PlacementStrategies").contains("availability-zone")
    );
    assert_eq!(property(&template, "ApiService", "PlacementStrategies"), "missing");
    assert_eq!(property(&template, "WorkerTaskDefinition", "RuntimePlatform"), "missing");
    assert_eq!(property(&template, "ApiTaskDefinition", "Cpu"), r#""512""#);
}

#[test]
fn a_parameter_decides_by_a_condition() {
    let template = everything();
    assert_eq!(
        property(&template, "ClusterCluster", "ClusterSettings"),
        r#"[{"Name":"containerInsights","Value":{"Fn::If":["InsightsIsTrue","enabled","disabled"]}}]"#
    );
    assert!(template.json().contains("\"InsightsIsTrue\": {\n      \"Fn::Equals\""));
}

#[test]
fn the_script_of_instances_keeps_its_own_variables() {
    let template = everything();
    let data = property(&template, "ClusterLaunchTemplate", "LaunchTemplateData");
    let script = r#"{"Fn::Base64":{"Fn::Sub":"#;
    let lines = r##""#!/bin/bash\necho ECS_CLUSTER=${ClusterCluster} >> ${!ECS_CONFIG}\n""##;
    assert!(data.contains(&format!("{script}{lines}")), "{data}");
    assert!(data.contains("{{resolve:ssm:/aws/service/ecs/"));
}

#[test]
fn percentiles_are_extended_statistics() {
    let template = everything();
    assert_eq!(property(&template, "SlowAlarm", "ExtendedStatistic"), r#""p99""#);
    assert_eq!(property(&template, "SlowAlarm", "Statistic"), "missing");
    assert_eq!(property(&template, "MeanAlarm", "Statistic"), r#""Average""#);
    assert!(property(&template, "FailingAlarm", "Metrics").contains(r#""Id":"share""#));
    assert_eq!(property(&template, "FailingAlarm", "Period"), "missing");
}

#[test]
fn a_dashboard_is_json_in_text() {
    let template = everything();
    let body = property(&template, "OverviewDashboard", "DashboardBody");
    let body: serde_json::Value = serde_json::from_str(&body).expect("is JSON");
    let body = body["Fn::Sub"].as_str().expect("has references");
    let body: serde_json::Value = serde_json::from_str(body).expect("is JSON in text");
    let widgets = body["widgets"].as_array().expect("has widgets");
    assert_eq!(widgets.len(), 3);
    assert_eq!((widgets[1]["x"].as_i64(), widgets[1]["y"].as_i64()), (Some(12), Some(0)));
    assert_eq!((widgets[2]["x"].as_i64(), widgets[2]["y"].as_i64()), (Some(0), Some(6)));
    assert_eq!(widgets[0]["properties"]["title"], "Graph \"1\"");
    assert_eq!(widgets[0]["properties"]["region"], "${AWS::Region}");
}
