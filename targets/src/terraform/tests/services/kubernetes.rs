//! Kubernetes clusters.

use serde_json::{Value, json};

use super::super::block;
use super::files;
use crate::testing;

#[test]
fn the_group_that_comes_with_a_cluster_is_not_written() {
    let files = files(&testing::everything());
    let cluster = block(&files, "aws_eks_cluster", "platform_cluster");
    assert_eq!(
        cluster["vpc_config"]["security_group_ids"],
        json!(["${aws_security_group.api.id}"])
    );
    assert_eq!(
        cluster["vpc_config"]["public_access_cidrs"],
        json!(["203.0.113.0/24", "${var.office}"])
    );
    assert_eq!(cluster["access_config"]["authentication_mode"], "API");
    assert_eq!(
        cluster["upgrade_policy"]["support_type"],
        "${(var.insights ? \"EXTENDED\" : \"STANDARD\")}"
    );
    let all = format!("{files:?}");
    assert!(!all.contains("cluster_security_group_id"));
}

#[test]
fn nodes_are_replaced_by_others_first_and_scaled_by_somebody_else() {
    let files = files(&testing::everything());
    let nodes = block(&files, "aws_eks_node_group", "platform_batch");
    assert_eq!(
        nodes["lifecycle"],
        json!({
            "create_before_destroy": true,
            "ignore_changes": ["scaling_config[0].desired_size"],
        })
    );
    assert_eq!(nodes["node_group_name_prefix"], "batch-");
    assert_eq!(nodes["labels"], json!({"example.com/workload": "batch"}));
    assert_eq!(
        nodes["taint"],
        json!([{"effect": "NO_EXECUTE", "key": "workload", "value": "batch"}])
    );
    let waits = nodes["depends_on"].as_array().cloned().unwrap_or_default();
    for it in [
        "aws_eks_addon.platform_vpc_cni",
        "aws_iam_role_policy_attachment.platform_node_role",
        // Instead of the group that comes with it.
        "aws_eks_cluster.platform_cluster",
    ] {
        let said = waits.contains(&json!(it))
            || nodes["cluster_name"].as_str().is_some_and(|name| name.contains(it));
        assert!(said, "{it}: {waits:?}");
    }
    let template = block(&files, "aws_launch_template", "platform_batch");
    for it in ["image_id", "instance_type", "iam_instance_profile", "user_data"] {
        assert_eq!(template[it], Value::Null, "{it}");
    }
}

#[test]
fn each_policy_of_a_principal_is_a_block() {
    let files = files(&testing::everything());
    let policies = block(&files, "aws_eks_access_policy_association", "platform_operators");
    let each = policies["for_each"].as_object().cloned().unwrap_or_default();
    let names: Vec<&String> = each.keys().collect();
    assert_eq!(names, ["AmazonEKSAdminPolicy", "AmazonEKSViewPolicy"]);
    assert_eq!(
        policies["principal_arn"],
        "${aws_eks_access_entry.platform_operators.principal_arn}"
    );
}
