//! What the AWS Load Balancer Controller may do: the policy that it is published with, statement by statement.
//!
//! <https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json>

use super::{everything, when};
use crate::resource::iam::{Condition, Statement};
use crate::value::{Pseudo, Text};

/// The tag by which the controller knows what it has made.
const REQUESTED: &str = "aws:RequestTag/elbv2.k8s.aws/cluster";
/// See [`REQUESTED`].
const MADE: &str = "aws:ResourceTag/elbv2.k8s.aws/cluster";

/// Whether a tag must be there, or must not.
fn tagged(key: &'static str, is_there: bool) -> Condition {
    when("Null", key, if is_there { "false" } else { "true" })
}

/// `arn:PARTITION:SERVICE:*:*:WHAT`.
fn anywhere(service: &str, what: &str) -> Text {
    Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(format!(":{service}:*:*:{what}"))
}

/// Target groups and load balancers.
fn balancers() -> Vec<Text> {
    ["targetgroup/*/*", "loadbalancer/net/*/*", "loadbalancer/app/*/*"]
        .map(|it| anywhere("elasticloadbalancing", it))
        .to_vec()
}

/// The statements.
pub(super) fn statements() -> Vec<Statement> {
    let mut all = see();
    all.extend(groups());
    all.extend(balance());
    all
}

fn see() -> Vec<Statement> {
    vec![
        Statement {
            conditions: vec![when(
                "StringEquals",
                "iam:AWSServiceName",
                "elasticloadbalancing.amazonaws.com",
            )],
            ..Statement::allow("BeTheFirst", &["iam:CreateServiceLinkedRole"], everything())
        },
        Statement::allow(
            "SeeNetworks",
            &[
                "ec2:DescribeAccountAttributes",
                "ec2:DescribeAddresses",
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeCoipPools",
                "ec2:DescribeInstances",
                "ec2:DescribeInternetGateways",
                "ec2:DescribeIpamPools",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DescribeVpcPeeringConnections",
                "ec2:DescribeVpcs",
                "ec2:GetCoipPoolUsage",
                "ec2:GetSecurityGroupsForVpc",
                "elasticloadbalancing:DescribeCapacityReservation",
                "elasticloadbalancing:DescribeListenerAttributes",
                "elasticloadbalancing:DescribeListenerCertificates",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeSSLPolicies",
                "elasticloadbalancing:DescribeTags",
                "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
                "elasticloadbalancing:DescribeTrustStores",
            ],
            everything(),
        ),
        Statement::allow(
            "UseCertificatesAndFirewalls",
            &[
                "acm:DescribeCertificate",
                "acm:ListCertificates",
                "cognito-idp:DescribeUserPoolClient",
                "iam:GetServerCertificate",
                "iam:ListServerCertificates",
                "shield:CreateProtection",
                "shield:DeleteProtection",
                "shield:DescribeProtection",
                "shield:GetSubscriptionState",
                "waf-regional:AssociateWebACL",
                "waf-regional:DisassociateWebACL",
                "waf-regional:GetWebACL",
                "waf-regional:GetWebACLForResource",
                "wafv2:AssociateWebACL",
                "wafv2:DisassociateWebACL",
                "wafv2:GetWebACL",
                "wafv2:GetWebACLForResource",
            ],
            everything(),
        ),
    ]
}

fn groups() -> Vec<Statement> {
    let groups = || vec![anywhere("ec2", "security-group/*")];
    vec![
        Statement::allow(
            "LetBalancersReachPods",
            &["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
            everything(),
        ),
        Statement::allow("MakeGroups", &["ec2:CreateSecurityGroup"], everything()),
        Statement {
            conditions: vec![
                when("StringEquals", "ec2:CreateAction", "CreateSecurityGroup"),
                tagged(REQUESTED, true),
            ],
            ..Statement::allow("TagNewGroups", &["ec2:CreateTags"], groups())
        },
        Statement {
            conditions: vec![tagged(REQUESTED, false), tagged(MADE, true)],
            ..Statement::allow("TagItsGroups", &["ec2:CreateTags", "ec2:DeleteTags"], groups())
        },
        Statement {
            conditions: vec![tagged(MADE, true)],
            ..Statement::allow(
                "ChangeItsGroups",
                &[
                    "ec2:AuthorizeSecurityGroupIngress",
                    "ec2:DeleteSecurityGroup",
                    "ec2:RevokeSecurityGroupIngress",
                ],
                everything(),
            )
        },
    ]
}

fn balance() -> Vec<Statement> {
    let tags = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"];
    let listeners = [
        "listener/net/*/*/*",
        "listener/app/*/*/*",
        "listener-rule/net/*/*/*",
        "listener-rule/app/*/*/*",
    ]
    .map(|it| anywhere("elasticloadbalancing", it));
    vec![
        Statement {
            conditions: vec![tagged(REQUESTED, true)],
            ..Statement::allow(
                "MakeBalancers",
                &[
                    "elasticloadbalancing:CreateLoadBalancer",
                    "elasticloadbalancing:CreateTargetGroup",
                ],
                everything(),
            )
        },
        Statement::allow(
            "MakeListeners",
            &[
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:CreateRule",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:DeleteRule",
            ],
            everything(),
        ),
        Statement {
            conditions: vec![tagged(REQUESTED, false), tagged(MADE, true)],
            ..Statement::allow("TagItsBalancers", &tags, balancers())
        },
        Statement::allow("TagListeners", &tags, listeners.to_vec()),
        Statement {
            conditions: vec![tagged(MADE, true)],
            ..Statement::allow(
                "ChangeItsBalancers",
                &[
                    "elasticloadbalancing:DeleteLoadBalancer",
                    "elasticloadbalancing:DeleteTargetGroup",
                    "elasticloadbalancing:ModifyCapacityReservation",
                    "elasticloadbalancing:ModifyIpPools",
                    "elasticloadbalancing:ModifyListenerAttributes",
                    "elasticloadbalancing:ModifyLoadBalancerAttributes",
                    "elasticloadbalancing:ModifyTargetGroup",
                    "elasticloadbalancing:ModifyTargetGroupAttributes",
                    "elasticloadbalancing:SetIpAddressType",
                    "elasticloadbalancing:SetSecurityGroups",
                    "elasticloadbalancing:SetSubnets",
                ],
                everything(),
            )
        },
        Statement {
            conditions: vec![
                when("StringEquals", "elasticloadbalancing:CreateAction", "CreateTargetGroup"),
                when("StringEquals", "elasticloadbalancing:CreateAction", "CreateLoadBalancer"),
                tagged(REQUESTED, true),
            ],
            ..Statement::allow("TagNewBalancers", &["elasticloadbalancing:AddTags"], balancers())
        },
        Statement::allow(
            "PutPodsBehindBalancers",
            &["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            vec![anywhere("elasticloadbalancing", "targetgroup/*/*")],
        ),
        Statement::allow(
            "ChangeListeners",
            &[
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RemoveListenerCertificates",
                "elasticloadbalancing:SetRulePriorities",
                "elasticloadbalancing:SetWebAcl",
            ],
            everything(),
        ),
    ]
}
