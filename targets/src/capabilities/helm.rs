//! What a chart cannot say, or says with a loss: it has the services, and of these what Kubernetes has words
//! for.

use archgen_core::declare::Kind;
use archgen_core::resource::autoscaling::ScalingMetric;
use archgen_core::resource::ecs::Deployment;
use archgen_core::resource::{Resource, ResourceKind};

use super::{Capability, Concern, Support};
use crate::Target;

/// The rows.
pub(super) const TABLE: &[Capability] = &[
    Capability {
        target: Target::Helm,
        declarations: &[
            Kind::Vpc,
            Kind::SecurityGroup,
            Kind::NetworkAcl,
            Kind::VpcPeering,
            Kind::Certificate,
            Kind::S3Bucket,
            Kind::Secret,
            Kind::EcsCluster,
            Kind::EksCluster,
            Kind::Efs,
            Kind::RdsPostgres,
            Kind::Redis,
            Kind::EcrRepository,
            Kind::BackupPlan,
            Kind::SnsTopic,
            Kind::Budget,
            Kind::Alarm,
            Kind::Dashboard,
            Kind::Objectives,
            Kind::Terraform,
        ],
        subject: "everything but services and what leads to them",
        support: Support::None,
        why: "a chart is for a cluster that is there, and knows what stands outside of it by its address only",
        alternative: "emit CloudFormation or Terraform for it, and give the chart the outputs that its \
                      README names",
        source: "https://helm.sh/docs/topics/charts/",
        is_reported: false,
        concern: Concern::Everything,
    },
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "what a service may do in AWS",
        support: Support::None,
        why: "a pod gets its role from EKS Pod Identity or its service account, which a chart cannot make",
        alternative: "associate the service's task role with the service account that has its name",
        source: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html",
        is_reported: true,
        concern: Concern::Resources(is_role_of_tasks),
    },
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "deployment: BlueGreen",
        support: Support::Partial,
        why: "a Deployment replaces its pods a few at a time, and cannot move all traffic at once",
        alternative: "use a controller for rollouts, or accept rolling updates",
        source: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy",
        is_reported: true,
        concern: Concern::Resources(is_blue_green),
    },
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "scaling on metrics that pods do not have",
        support: Support::Partial,
        why: "requests to targets and metrics of CloudWatch come to Kubernetes through an adapter only",
        alternative: "run an adapter for the metrics that the chart names, then set `externalMetrics.enabled`",
        source: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
        is_reported: true,
        concern: Concern::Resources(needs_adapter),
    },
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "logs of services",
        support: Support::None,
        why: "what containers print goes where the cluster's collector sends it, and stays as long as it says",
        alternative: "set the retention where the collector writes",
        source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html",
        is_reported: false,
        concern: Concern::Resources(|it| matches!(it.kind, ResourceKind::Service(_))),
    },
];

fn is_blue_green(it: &Resource) -> bool {
    matches!(&it.kind, ResourceKind::Service(it) if it.deployment == Deployment::BlueGreen)
}

/// The role of a service's tasks, if it may do anything.
fn is_role_of_tasks(it: &Resource) -> bool {
    it.id.as_str().ends_with(".task_role")
        && matches!(&it.kind, ResourceKind::Role(it) if !it.statements.is_empty())
}

fn needs_adapter(it: &Resource) -> bool {
    matches!(
        &it.kind,
        ResourceKind::ScalingPolicy(it)
            if matches!(it.metric, ScalingMetric::RequestsPerTarget { .. } | ScalingMetric::Custom(_))
    )
}
