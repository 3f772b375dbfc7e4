//! What is installed in a Kubernetes cluster from public charts.

use super::eks::Taint;
use super::iam::InstanceProfile;
use super::network::Vpc;
use super::s3::Bucket;
use super::sqs::Queue;
use super::{EksCluster, Ref};
use crate::charts::ChartName;
use crate::types::{Count, Days, Memory, Seconds, Storage};
use crate::value::{Text, Value};

/// A public chart in a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// The cluster.
    pub cluster: Ref<EksCluster>,
    /// The namespace.
    pub namespace: Value<String>,
    /// The chart, with what it is told.
    pub settings: Settings,
}

/// A chart, with what it is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Settings {
    /// The AWS Load Balancer Controller.
    LoadBalancerController {
        /// Where it makes load balancers.
        vpc: Ref<Vpc>,
        /// How many of its pods run.
        replicas: Value<Count>,
    },
    /// The External Secrets Operator.
    ExternalSecrets,
    /// cert-manager.
    CertManager {
        /// Where Let's Encrypt writes to; none means that it issues nothing.
        email: Option<Text>,
        /// The identifiers of the hosted zones that prove who owns the domains.
        zones: Vec<Text>,
    },
    /// Karpenter.
    Karpenter(Box<Karpenter>),
    /// Velero.
    Velero {
        /// Where backups are.
        bucket: Ref<Bucket>,
        /// When they are made.
        schedules: Vec<Schedule>,
    },
    /// Kyverno.
    Kyverno(Policies),
    /// Prometheus with its operator, Alertmanager and Grafana.
    Prometheus(Box<Prometheus>),
    /// Loki.
    Loki {
        /// Where logs are.
        bucket: Ref<Bucket>,
        /// How long they are kept.
        retention: Value<Days>,
        /// The volume for what is not in the bucket yet.
        storage: Value<Storage>,
    },
    /// Promtail, with the namespace of Loki.
    Promtail(Value<String>),
    /// Grafana Alloy, with the namespace of Loki.
    Alloy(Value<String>),
}

impl Settings {
    /// The chart.
    pub const fn chart(&self) -> ChartName {
        match self {
            Settings::LoadBalancerController { .. } => ChartName::LoadBalancerController,
            Settings::ExternalSecrets => ChartName::ExternalSecrets,
            Settings::CertManager { .. } => ChartName::CertManager,
            Settings::Karpenter(_) => ChartName::Karpenter,
            Settings::Velero { .. } => ChartName::Velero,
            Settings::Kyverno(_) => ChartName::Kyverno,
            Settings::Prometheus(_) => ChartName::Prometheus,
            Settings::Loki { .. } => ChartName::Loki,
            Settings::Promtail(_) => ChartName::Promtail,
            Settings::Alloy(_) => ChartName::Alloy,
        }
    }
}

/// What Karpenter is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Karpenter {
    /// The queue with what happens to nodes.
    pub queue: Ref<Queue>,
    /// What gives nodes their role.
    pub profile: Ref<InstanceProfile>,
    /// The value of the tag by which it finds subnets and groups.
    pub discovery: String,
    /// The size of each node's root volume.
    pub disk: Value<Storage>,
    /// The pools of nodes.
    pub pools: Vec<NodePool>,
}

/// Nodes that Karpenter starts when pods find no room.
#[derive(Clone, Debug, PartialEq)]
pub struct NodePool {
    /// Its name.
    pub name: String,
    /// The families of instance types.
    pub families: Vec<Text>,
    /// Whether they have Graviton processors.
    pub graviton: bool,
    /// What is paid for, in Karpenter's words.
    pub capacity: Vec<&'static str>,
    /// The least and the most virtual processors of a node.
    pub vcpus: Option<(Value<Count>, Value<Count>)>,
    /// The most virtual processors of all its nodes.
    pub cpu: Value<Count>,
    /// The most memory of all its nodes.
    pub memory: Value<Memory>,
    /// Labels of the nodes.
    pub labels: Vec<(String, Text)>,
    /// Taints of the nodes.
    pub taints: Vec<Taint>,
    /// How long a node stays that is not needed.
    pub consolidate_after: Value<Seconds>,
    /// After how long a node is replaced.
    pub expire_after: Value<Days>,
}

/// A backup that is made again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// How often.
    pub every: Value<Seconds>,
    /// How long each is kept.
    pub keep: Value<Days>,
    /// The namespaces that are in it; none means all of them.
    pub namespaces: Option<Vec<Text>>,
}

/// What pods are held to.
#[derive(Clone, Debug, PartialEq)]
pub struct Policies {
    /// The names of policies.
    pub policies: Vec<&'static str>,
    /// What images start with; none means anything.
    pub registries: Vec<Text>,
    /// What happens to pods that are not so, in Kyverno's words.
    pub action: &'static str,
    /// Namespaces whose pods are left alone.
    pub exempt: Vec<String>,
}

/// What Prometheus and what comes with it are told.
#[derive(Clone, Debug, PartialEq)]
pub struct Prometheus {
    /// How long metrics are kept.
    pub retention: Value<Days>,
    /// The volume for them.
    pub storage: Value<Storage>,
    /// How many of it run.
    pub replicas: Value<Count>,
    /// The ARN of the secret with the integration key of PagerDuty.
    pub pagerduty: Option<Text>,
    /// A channel of Slack, and the ARN of the secret with the URL of its webhook.
    pub slack: Option<(Text, Text)>,
    /// Mail.
    pub email: Option<Email>,
    /// The ARN of the secret with Grafana's password.
    pub grafana_password: Option<Text>,
    /// The namespace of Loki, if there is one.
    pub loki: Option<Value<String>>,
}

/// Mail, by a server that takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Email {
    /// Who gets it.
    pub to: Text,
    /// Who sends it.
    pub from: Text,
    /// The server with its port.
    pub server: Text,
    /// The user.
    pub username: Text,
    /// The ARN of the secret with the password.
    pub password: Text,
}
