//! A Kubernetes cluster with everything that it may have.

use archgen_core::resource::eks::*;
use archgen_core::resource::iam::{Condition, Principal, Statement};
use archgen_core::resource::network::{Direction, RulePeer, Traffic};
use archgen_core::resource::*;
use archgen_core::types::{Count, Days, Seconds, Storage};
use archgen_core::value::{Text, Value};

use super::{Builder, Shared, cidr, ipv4, role, string};

pub(super) fn kubernetes(it: &mut Builder, shared: &Shared) {
    let own = it.add(
        "platform.cluster.cluster_security_group_id",
        SecurityGroup {
            vpc: shared.vpc.clone(),
            description: "EKS created security group".to_string(),
            group_name: None,
            default_egress: Value::Literal(true),
        },
    );
    it.add(
        "platform.cluster.cluster_security_group_id.ingress",
        SecurityGroupRule {
            group: own.clone(),
            direction: Direction::Ingress,
            peer: RulePeer::Group(own.clone()),
            traffic: Traffic::All,
            description: String::new(),
        },
    );
    let cluster_role = it.add(
        "platform.cluster_role",
        Role {
            managed_policies: vec!["AmazonEKSClusterPolicy"],
            ..role("eks.amazonaws.com", Vec::new())
        },
    );
    let name = Text::from("shop-platform");
    it.add(
        "platform.log_group",
        LogGroup {
            name: Text::from("/aws/eks/").then(name.clone()).then("/cluster"),
            retention: Value::Literal(Days(90)),
            kms_key: None,
        },
    );
    let cluster = it.after(
        "platform.cluster",
        &["platform.log_group"],
        EksCluster {
            name,
            version: string("1.34"),
            role: cluster_role,
            subnets: shared.private.clone(),
            groups: vec![own, shared.api.clone()],
            endpoint: ApiEndpoint::Public(vec![
                cidr("203.0.113.0/24"),
                Value::Parameter("office".into()),
            ]),
            service_cidr: ipv4("172.20.0.0/16"),
            logs: vec![ControlPlaneLog::Api, ControlPlaneLog::ControllerManager],
            kms_key: Some(Text::parameter("image_tag")),
            extended_support: Value::Parameter("insights".into()),
        },
    );
    let installed = it.add(
        "platform.vpc_cni.addon",
        Addon { cluster: cluster.clone(), addon: ClusterAddon::VpcCni },
    );
    let template = it.add(
        "platform.batch.launch_template",
        LaunchTemplate {
            instance_type: None,
            image_parameter: None,
            groups: vec![shared.api.clone()],
            profile: None,
            volume: Value::Literal(Storage(50)),
            user_data: Vec::new(),
        },
    );
    let node_role = it.add(
        "platform.node_role",
        Role {
            managed_policies: vec!["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy"],
            ..role("ec2.amazonaws.com", Vec::new())
        },
    );
    it.after(
        "platform.batch.node_group",
        // The group that comes with a cluster is there when the cluster is.
        &[installed.id().as_str(), "platform.cluster.cluster_security_group_id"],
        NodeGroup {
            cluster: cluster.clone(),
            name: "batch".to_string(),
            version: string("1.34"),
            role: node_role,
            launch_template: template,
            subnets: shared.private.clone(),
            instance_types: vec!["m6g.large".into(), Text::parameter("image_tag")],
            graviton: true,
            capacity: NodeCapacity::Spot,
            minimum: Value::Literal(Count(0)),
            maximum: Value::Parameter("tasks".into()),
            labels: vec![("example.com/workload".to_string(), "batch".into())],
            taints: vec![Taint {
                key: "workload".to_string(),
                value: "batch".to_string(),
                effect: TaintEffect::NoExecute,
            }],
        },
    );
    let pods = it.add("platform.ebs.role", role(PODS, Vec::new()));
    it.add(
        "platform.ebs.pod_identity",
        PodIdentity {
            cluster: cluster.clone(),
            namespace: string("kube-system"),
            service_account: "ebs-csi-controller-sa".to_string(),
            role: pods,
        },
    );
    it.add(
        "platform.operators.access_entry",
        AccessEntry {
            cluster,
            principal: Text::parameter("image_tag"),
            kind: AccessKind::Standard,
            policies: vec![ClusterAccess::Admin, ClusterAccess::View],
        },
    );
    queue(it);
}

/// A queue with a rule that fills it.
fn queue(it: &mut Builder) {
    let queue = it.add(
        "platform.interruptions.queue",
        Queue { name: "shop-platform-interruptions".into(), retention: Seconds(300) },
    );
    let rule = it.add(
        "platform.interruptions.event_rule",
        EventRule {
            description: "Nodes that are taken back".to_string(),
            sources: vec!["aws.ec2"],
            kinds: vec!["EC2 Spot Instance Interruption Warning"],
            queue: queue.clone(),
        },
    );
    let statement = Statement {
        principal: Some(Principal::Service("events.amazonaws.com")),
        conditions: vec![Condition {
            operator: "ArnEquals",
            key: "aws:SourceArn",
            value: rule.attribute(Attribute::Arn),
        }],
        ..Statement::allow("Fill", &["sqs:SendMessage"], vec![queue.attribute(Attribute::Arn)])
    };
    it.add(
        "platform.interruptions.queue_policy",
        QueuePolicy { queue, statements: vec![statement] },
    );
}
