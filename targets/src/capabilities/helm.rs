//! What a chart cannot say, or says with a loss: it has the services, and of these what Kubernetes has words
//! for.

use archgen_core::declare::Kind;
use archgen_core::resource::autoscaling::ScalingMetric;
use archgen_core::resource::ecs::{Container, Deployment, VolumeSource};
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
            Kind::HostedZone,
            Kind::DnsRecord,
            Kind::Certificate,
            Kind::KmsKey,
            Kind::CloudFront,
            Kind::WebAcl,
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
            Kind::TenantPool,
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
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "volumes: HostVolume",
        support: Support::None,
        why: "the Pod Security Standard \"restricted\" forbids folders of the node: the folder is lost with its pod",
        alternative: "store the files on an `efs!`, which follows the pod",
        source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
        is_reported: true,
        concern: Concern::Resources(has_host_volume),
    },
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "volumes on EFS",
        support: Support::Partial,
        why: "the EFS CSI driver mounts them, with the role of the node or of its own pods rather than the service's",
        alternative: "install the driver: `addons: [EfsCsi]` of `eks_cluster!`",
        source: "https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html",
        is_reported: false,
        concern: Concern::Resources(has_folder_on_efs),
    },
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "user: root, or a user by name",
        support: Support::Partial,
        why: "pods must not run as root, and Kubernetes can tell only from a number: the chart says 65532",
        alternative: "give a number that the image can run as, such as `user: \"1000\"`",
        source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
        is_reported: true,
        concern: Concern::Resources(has_user_without_number),
    },
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "containers that write to their own file system",
        support: Support::Partial,
        why: "the chart lets pods write to `/tmp` and to their volumes only",
        alternative: "set `security.readOnlyRootFilesystem` to false in the values, or mount a volume there",
        source: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
        is_reported: false,
        concern: Concern::Resources(may_write_root),
    },
    Capability {
        target: Target::Helm,
        declarations: &[Kind::EcsService],
        subject: "health_check: matcher",
        support: Support::Partial,
        why: "a probe takes every answer from 200 to 399; only the load balancer's own check has the codes",
        alternative: "let the path answer with 400 or more when the service is not healthy",
        source: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#http-probes",
        is_reported: false,
        concern: Concern::Resources(|it| matches!(it.kind, ResourceKind::TargetGroup(_))),
    },
];

fn has_container(it: &Resource, fits: impl Fn(&Container) -> bool) -> bool {
    matches!(&it.kind, ResourceKind::TaskDefinition(it) if fits(&it.container))
}

fn any_volume(it: &Resource, fits: impl Fn(&VolumeSource) -> bool) -> bool {
    matches!(&it.kind, ResourceKind::TaskDefinition(it) if it.volumes.iter().any(|it| fits(&it.source)))
}

fn has_host_volume(it: &Resource) -> bool {
    any_volume(it, |it| matches!(it, VolumeSource::Host(_)))
}

fn has_folder_on_efs(it: &Resource) -> bool {
    any_volume(it, |it| matches!(it, VolumeSource::Efs { .. }))
}

fn has_user_without_number(it: &Resource) -> bool {
    has_container(it, |it| {
        let user = it.user.as_ref().and_then(|it| it.as_literal());
        user.is_some_and(|it| {
            let number = it.split(':').next().and_then(|it| it.parse::<u32>().ok());
            number.is_none_or(|it| it == 0)
        })
    })
}

fn may_write_root(it: &Resource) -> bool {
    has_container(it, |it| it.read_only_root.literal() == Some(&false))
}

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
