//! What Karpenter needs: a role for its nodes and one for itself, the queue that tells it which nodes AWS takes back,
//! and tags by which it finds where nodes stand.
//!
//! As in Karpenter's own template, but for two things. Its nodes get an instance profile that is here, so Karpenter
//! makes none. And what it made is known by the tag `eks:eks-cluster-name`, which Karpenter puts on everything: the
//! template's `kubernetes.io/cluster/NAME` has the name in the key, which templates cannot compute.
//! <https://karpenter.sh/docs/reference/cloudformation/>

use super::super::{Lower, group_id};
use super::{cluster_arn, ec2, everything, iam, when};
use crate::declare::{ClusterAddons, EksCluster};
use crate::lower::kubernetes::NODE_POLICIES;
use crate::resource::eks::{AccessEntry, AccessKind};
use crate::resource::iam::{Condition, InstanceProfile, Principal, Role, Statement, Trust};
use crate::resource::{Attribute, EksCluster as Cluster, EventRule, Queue, QueuePolicy, Ref};
use crate::types::Seconds;
use crate::value::{Pseudo, Text};

/// The tag by which Karpenter finds subnets and security groups.
pub const DISCOVERY: &str = "karpenter.sh/discovery";

/// The most characters of a queue's name.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html>
const QUEUE_NAME_LIMIT: usize = 80;

/// What happens to nodes that Karpenter must know of.
const KINDS: [&str; 5] = [
    "AWS Health Event",
    "EC2 Capacity Reservation Instance Interruption Warning",
    "EC2 Instance Rebalance Recommendation",
    "EC2 Instance State-change Notification",
    "EC2 Spot Instance Interruption Warning",
];

/// What discovery tags of a cluster hold.
pub fn discovery(it: &EksCluster, stem: &str) -> String {
    format!("{stem}-{}", it.meta.identity())
}

/// Lowers what Karpenter needs, and gives what it may do.
pub(super) fn lower(
    it: &ClusterAddons,
    declared: &EksCluster,
    cluster: &Ref<Cluster>,
    cx: &mut Lower<'_>,
) -> Vec<Statement> {
    let value = discovery(declared, &cx.stem());
    for subnet in cx.subnets(&declared.subnets) {
        cx.tag(subnet.id().clone(), DISCOVERY, &value);
    }
    cx.tag(group_id(&declared.meta.name).id().clone(), DISCOVERY, &value);
    let role = nodes(it, cluster, cx);
    let queue = interruptions(it, cx);
    let mut all = start_nodes(cluster);
    all.extend(use_roles(&role));
    all.extend(see(cluster));
    all.push(Statement::allow(
        "HearOfInterruptions",
        &["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
        vec![queue.attribute(Attribute::Arn)],
    ));
    all
}

/// The role of the nodes, which lets them join the cluster.
fn nodes(it: &ClusterAddons, cluster: &Ref<Cluster>, cx: &mut Lower<'_>) -> Ref<Role> {
    let name = it.meta.name.as_str();
    let role = Role {
        trust: Trust::Service("ec2.amazonaws.com"),
        description: format!(
            "The nodes that Karpenter starts for {} in {}",
            it.meta.identity(),
            cx.stem()
        ),
        managed_policies: NODE_POLICIES.to_vec(),
        statements: Vec::new(),
    };
    let role = cx.add(&it.meta, &[name, "karpenter_node", "role"], role);
    let profile = InstanceProfile { role: role.clone() };
    let profile = cx.add(&it.meta, &[name, "karpenter_node", "instance_profile"], profile);
    let entry = AccessEntry {
        cluster: cluster.clone(),
        principal: role.attribute(Attribute::Arn),
        kind: AccessKind::Nodes,
        policies: Vec::new(),
    };
    cx.add(&it.meta, &[name, "karpenter_node", "access_entry"], entry);
    cx.output(
        &[name, "karpenter_node", "instance_profile"],
        format!("The instance profile of the nodes that Karpenter starts for {name}"),
        profile.attribute(Attribute::Name),
    );
    role
}

/// The queue that AWS puts what happens to nodes into.
fn interruptions(it: &ClusterAddons, cx: &mut Lower<'_>) -> Ref<Queue> {
    let name = it.meta.name.as_str();
    let physical = queue_name(&cx.stem(), it.meta.identity());
    let queue = Queue { name: Text::literal(physical), retention: Seconds(300) };
    let queue = cx.add(&it.meta, &[name, "interruptions", "queue"], queue);
    let rule = EventRule {
        description: format!("Tells Karpenter which nodes of {} AWS takes back", cx.stem()),
        sources: vec!["aws.ec2", "aws.health"],
        kinds: KINDS.to_vec(),
        queue: queue.clone(),
    };
    let rule = cx.add(&it.meta, &[name, "interruptions", "event_rule"], rule);
    let arn = queue.attribute(Attribute::Arn);
    let policy = QueuePolicy {
        queue: queue.clone(),
        statements: vec![
            Statement {
                principal: Some(Principal::Service("events.amazonaws.com")),
                conditions: vec![Condition {
                    operator: "ArnEquals",
                    key: "aws:SourceArn",
                    value: rule.attribute(Attribute::Arn),
                }],
                ..Statement::allow("AllowEvents", &["sqs:SendMessage"], vec![arn.clone()])
            },
            Statement {
                sid: "DenyInsecureTransport",
                allow: false,
                principal: Some(Principal::Everyone),
                actions: vec!["sqs:*"],
                resources: vec![arn],
                conditions: vec![when("Bool", "aws:SecureTransport", "false")],
            },
        ],
    };
    cx.add(&it.meta, &[name, "interruptions", "queue_policy"], policy);
    queue
}

/// The physical name of the queue, which Karpenter is told.
pub fn queue_name(stem: &str, name: &str) -> String {
    let end = "-interruptions";
    let start = format!("{stem}-{name}").replace('_', "-");
    let start: String = start.chars().take(QUEUE_NAME_LIMIT - end.len()).collect();
    format!("{start}{end}")
}

/// Starting and ending nodes: what is made must be tagged with the cluster and the pool, and only what is
/// tagged so may be used and ended.
fn start_nodes(cluster: &Ref<Cluster>) -> Vec<Statement> {
    let name = || cluster.attribute(Attribute::Name);
    let requested = || {
        vec![
            when("StringEquals", "aws:RequestTag/eks:eks-cluster-name", name()),
            when("StringLike", "aws:RequestTag/karpenter.sh/nodepool", "*"),
        ]
    };
    let made = || {
        vec![
            when("StringEquals", "aws:ResourceTag/eks:eks-cluster-name", name()),
            when("StringLike", "aws:ResourceTag/karpenter.sh/nodepool", "*"),
        ]
    };
    let new = [
        "fleet/*",
        "instance/*",
        "launch-template/*",
        "network-interface/*",
        "spot-instances-request/*",
        "volume/*",
    ]
    .map(|it| ec2("*", it));
    vec![
        Statement::allow(
            "StartNodesFrom",
            &["ec2:CreateFleet", "ec2:RunInstances"],
            vec![
                ec2("", "image/*"),
                ec2("", "snapshot/*"),
                ec2("*", "capacity-reservation/*"),
                ec2("*", "placement-group/*"),
                ec2("*", "security-group/*"),
                ec2("*", "subnet/*"),
            ],
        ),
        Statement {
            conditions: made(),
            ..Statement::allow(
                "StartNodesFromItsTemplates",
                &["ec2:CreateFleet", "ec2:RunInstances"],
                vec![ec2("*", "launch-template/*")],
            )
        },
        Statement {
            conditions: requested(),
            ..Statement::allow(
                "StartNodes",
                &["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
                new.to_vec(),
            )
        },
        Statement {
            conditions: requested()
                .into_iter()
                .chain(
                    ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]
                        .map(|it| when("StringEquals", "ec2:CreateAction", it)),
                )
                .collect(),
            ..Statement::allow("TagNewNodes", &["ec2:CreateTags"], new.to_vec())
        },
        Statement {
            conditions: made()
                .into_iter()
                .chain(
                    ["Name", "eks:eks-cluster-name", "karpenter.sh/nodeclaim"]
                        .map(|it| when("ForAllValues:StringEquals", "aws:TagKeys", it)),
                )
                .chain([when(
                    "StringEqualsIfExists",
                    "aws:RequestTag/eks:eks-cluster-name",
                    name(),
                )])
                .collect(),
            ..Statement::allow("NameNodes", &["ec2:CreateTags"], vec![ec2("*", "instance/*")])
        },
        Statement {
            conditions: made(),
            ..Statement::allow(
                "EndNodes",
                &["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
                vec![ec2("*", "instance/*"), ec2("*", "launch-template/*")],
            )
        },
    ]
}

/// Giving nodes their role.
fn use_roles(role: &Ref<Role>) -> Vec<Statement> {
    vec![
        Statement {
            conditions: ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]
                .map(|it| when("StringEquals", "iam:PassedToService", it))
                .to_vec(),
            ..Statement::allow(
                "GiveNodesTheirRole",
                &["iam:PassRole"],
                vec![role.attribute(Attribute::Arn)],
            )
        },
        Statement::allow(
            "SeeInstanceProfiles",
            &["iam:GetInstanceProfile"],
            vec![iam("instance-profile/*")],
        ),
        Statement::allow("ListInstanceProfiles", &["iam:ListInstanceProfiles"], everything()),
    ]
}

/// Seeing what there is, and what it costs.
fn see(cluster: &Ref<Cluster>) -> Vec<Statement> {
    let parameters = Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(":ssm:")
        .then(Text::pseudo(Pseudo::Region))
        .then("::parameter/aws/service/*");
    vec![
        Statement {
            conditions: vec![when(
                "StringEquals",
                "aws:RequestedRegion",
                Text::pseudo(Pseudo::Region),
            )],
            ..Statement::allow(
                "SeeWhatThereIs",
                &[
                    "ec2:DescribeCapacityReservations",
                    "ec2:DescribeImages",
                    "ec2:DescribeInstanceStatus",
                    "ec2:DescribeInstanceTypeOfferings",
                    "ec2:DescribeInstanceTypes",
                    "ec2:DescribeInstances",
                    "ec2:DescribeLaunchTemplates",
                    "ec2:DescribePlacementGroups",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSpotPriceHistory",
                    "ec2:DescribeSubnets",
                ],
                everything(),
            )
        },
        Statement::allow("SeeImages", &["ssm:GetParameter"], vec![parameters]),
        Statement::allow("SeePrices", &["pricing:GetProducts"], everything()),
        Statement::allow("SeeTheCluster", &["eks:DescribeCluster"], vec![cluster_arn(cluster)]),
    ]
}
