//! Kubernetes clusters.

use super::{everything, property};

#[test]
fn a_cluster_is_entered_by_access_entries_only() {
    let template = everything();
    assert_eq!(
        property(&template, "PlatformCluster", "AccessConfig"),
        r#"{"AuthenticationMode":"API","BootstrapClusterCreatorAdminPermissions":false}"#
    );
    let policies = property(&template, "PlatformOperatorsAccessEntry", "AccessPolicies");
    assert!(policies.contains("cluster-access-policy/AmazonEKSAdminPolicy"), "{policies}");
    assert!(policies.contains("cluster-access-policy/AmazonEKSViewPolicy"), "{policies}");
    assert_eq!(
        property(&template, "PlatformCluster", "Logging"),
        r#"{"ClusterLogging":{"EnabledTypes":[{"Type":"api"},{"Type":"controllerManager"}]}}"#
    );
    assert_eq!(
        property(&template, "PlatformCluster", "UpgradePolicy"),
        r#"{"SupportType":{"Fn::If":["InsightsIsTrue","EXTENDED","STANDARD"]}}"#
    );
}

/// EKS makes the group with the cluster: it is no resource of the template, nobody waits for it, and only
/// the group that is given to the cluster is named.
#[test]
fn the_group_that_comes_with_a_cluster_is_not_written() {
    let template = everything();
    assert_eq!(
        property(&template, "PlatformCluster", "ResourcesVpcConfig"),
        r#"{"EndpointPrivateAccess":true,"EndpointPublicAccess":true,"PublicAccessCidrs":["203.0.113.0/24",{"Ref":"Office"}],"SecurityGroupIds":[{"Fn::GetAtt":["ApiSecurityGroup","GroupId"]}],"SubnetIds":[{"Ref":"NetworkPrivateASubnet"},{"Ref":"NetworkPrivateBSubnet"}]}"#
    );
    assert!(!template.json().contains("ClusterSecurityGroupId"));
}

#[test]
fn nodes_leave_to_eks_what_it_decides() {
    let template = everything();
    let data = property(&template, "PlatformBatchLaunchTemplate", "LaunchTemplateData");
    for it in ["ImageId", "InstanceType", "IamInstanceProfile", "UserData"] {
        assert!(!data.contains(&format!("\"{it}\"")), "{data}");
    }
    assert!(data.contains(r#""HttpTokens":"required""#) && data.contains(r#""Encrypted":true"#));
    assert_eq!(
        property(&template, "PlatformBatchNodeGroup", "Taints"),
        r#"[{"Effect":"NO_EXECUTE","Key":"workload","Value":"batch"}]"#
    );
    assert_eq!(
        property(&template, "PlatformBatchNodeGroup", "Labels"),
        r#"{"example.com/workload":"batch"}"#
    );
    assert_eq!(
        property(&template, "PlatformBatchNodeGroup", "ScalingConfig"),
        r#"{"DesiredSize":0,"MaxSize":{"Ref":"Tasks"},"MinSize":0}"#
    );
}

#[test]
fn pods_bring_tags_for_their_sessions() {
    let template = everything();
    let trust = property(&template, "PlatformEbsRole", "AssumeRolePolicyDocument");
    assert!(trust.contains(r#"["sts:AssumeRole","sts:TagSession"]"#), "{trust}");
    let trust = property(&template, "PlatformNodeRole", "AssumeRolePolicyDocument");
    assert!(trust.contains(r#""Action":"sts:AssumeRole""#), "{trust}");
}
