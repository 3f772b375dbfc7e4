//! What runs in a Kubernetes cluster: it is written by the Helm target, and by none that writes for AWS.
//!
//! These resources have a list of their own in the [`ResourceGraph`], so that whoever goes through the
//! resources of AWS never meets one. What a cluster needs of AWS (roles, rules of security groups, target
//! groups) are ordinary resources.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::addons::Release;
use super::autoscaling::ScalingMetric;
use super::ecs::Architecture;
use super::eks::Taint;
use super::elb::TargetHealthCheck;
use super::network::{Direction, Traffic};
use super::{EksCluster, Ref, ResourceGraph, ResourceId, SecurityGroup, Subnet, TargetGroup};
use crate::loc::Loc;
use crate::types::{Cidr, Count, CpuUnits, Memory, Number, Port, Seconds};
use crate::value::{Text, Value};

crate::words! {
    /// What pods may do: the Pod Security Standards.
    /// <https://kubernetes.io/docs/concepts/security/pod-security-standards/>
    PodSecurity: "pod security standards" {
        /// Nothing that they do not need.
        Restricted = "restricted",
        /// Nothing by which privileges are known to be gained.
        Baseline = "baseline",
        /// Everything.
        Privileged = "privileged",
    }
}

/// The most that all pods of a namespace may ask for together.
/// <https://kubernetes.io/docs/concepts/policy/resource-quotas/>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quota {
    /// The CPU that is kept free for them.
    pub cpu: Option<Value<CpuUnits>>,
    /// The memory that is kept free for them.
    pub memory: Option<Value<Memory>>,
    /// The memory that they may use.
    pub memory_limit: Option<Value<Memory>>,
    /// How many of them.
    pub pods: Option<Value<Count>>,
    /// How many claims of volumes.
    pub volumes: Option<Value<Count>>,
}

impl Quota {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Quota::default()
    }
}

/// What a container of a namespace gets where it asks for nothing, and the most that it may ask for.
/// <https://kubernetes.io/docs/concepts/policy/limit-range/>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// The CPU that is kept free for a container that does not say.
    pub default_cpu: Option<Value<CpuUnits>>,
    /// The memory that a container gets that does not say.
    pub default_memory: Option<Value<Memory>>,
    /// The most CPU of a container.
    pub max_cpu: Option<Value<CpuUnits>>,
    /// The most memory of a container.
    pub max_memory: Option<Value<Memory>>,
}

impl Limits {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Limits::default()
    }
}

/// A namespace of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Namespace {
    /// The cluster.
    pub cluster: Ref<EksCluster>,
    /// Its name.
    pub name: Value<String>,
    /// What its pods may do.
    pub pod_security: Value<PodSecurity>,
    /// The most that its pods may ask for together.
    pub quota: Quota,
    /// What a container gets, and the most that it may ask for.
    pub limits: Limits,
}

crate::words! {
    /// How the pods of a service are spread.
    Spread: "spreads" {
        /// Over the zones, as far as there is room.
        Zones = "zones",
        /// Over the zones, or not at all: a pod waits until there is room where it belongs.
        ZonesOnly = "zones-only",
        /// Over the nodes, as far as there is room.
        Nodes = "nodes",
    }
}

/// What scaling follows.
#[derive(Clone, Debug, PartialEq)]
pub struct PodScaling {
    /// Its part in names: `cpu`.
    pub name: String,
    /// The metric.
    pub metric: ScalingMetric,
    /// The value to keep to.
    pub value: Value<Number>,
}

/// How the health of a pod is found out.
#[derive(Clone, Debug, PartialEq)]
pub struct PodHealth {
    /// What is asked.
    pub check: TargetHealthCheck,
    /// How long it may take to start.
    pub grace_period: Value<Seconds>,
}

/// Pods that run one image: a Deployment with all that belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// The namespace.
    pub namespace: Ref<Namespace>,
    /// The name of everything that belongs to it, and by which others find it.
    pub name: Value<String>,
    /// The instruction set that its image is built for.
    pub architecture: Architecture,
    /// The image.
    pub image: Text,
    /// The port it listens on.
    pub port: Option<Value<Port>>,
    /// What replaces the image's own command.
    pub command: Vec<Text>,
    /// Plain environment variables.
    pub environment: Vec<(String, Text)>,
    /// Environment variables from secrets, by ARN.
    pub secrets: Vec<(String, Text)>,
    /// CPU of a pod.
    pub cpu: Value<CpuUnits>,
    /// Memory of a pod.
    pub memory: Value<Memory>,
    /// The least number of pods.
    pub minimum: Value<Count>,
    /// The greatest number of pods.
    pub maximum: Value<Count>,
    /// What scaling follows.
    pub scaling: Vec<PodScaling>,
    /// How long to wait after adding pods.
    pub scale_out_cooldown: Value<Seconds>,
    /// How long to wait after removing pods.
    pub scale_in_cooldown: Value<Seconds>,
    /// How its health is found out.
    pub health: Option<PodHealth>,
    /// The user the container runs as.
    pub user: Option<Text>,
    /// Labels that its nodes must have.
    pub node_labels: Vec<(String, Text)>,
    /// Taints that do not keep it off.
    pub tolerations: Vec<Taint>,
    /// How its pods are spread.
    pub spread: Spread,
    /// The command that runs before a new version.
    pub migration: Vec<Text>,
    /// The load balancers' targets that its pods become.
    pub targets: Vec<Ref<TargetGroup>>,
    /// Its network policy.
    pub policy: Ref<NetworkPolicy>,
    /// The groups of the nodes, which its pods have.
    pub groups: Vec<Ref<SecurityGroup>>,
    /// Where the nodes stand.
    pub subnets: Vec<Ref<Subnet>>,
}

/// Pods that rules of network policies are about: those of one service, which has a policy, or all others of a
/// cluster, which have none.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkPolicy {
    /// The cluster.
    pub cluster: Ref<EksCluster>,
    /// Whether these pods take part in the connections of its rules only.
    pub isolates: bool,
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyPeer {
    /// Addresses: those of the subnets of what stands outside the cluster, under its name.
    Network {
        /// The name.
        name: String,
        /// The addresses.
        blocks: Vec<Value<Cidr>>,
    },
    /// Every public address.
    Internet,
    /// Pods.
    Pods(Ref<NetworkPolicy>),
}

/// What a network policy admits.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkPolicyRule {
    /// The policy.
    pub policy: Ref<NetworkPolicy>,
    /// Its direction.
    pub direction: Direction,
    /// The other side.
    pub peer: PolicyPeer,
    /// What may pass.
    pub traffic: Traffic,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $all:ident $get:ident;)*) => {
        /// Something in a cluster.
        #[derive(Clone, Debug, PartialEq)]
        pub enum KubernetesKind {
            $($(#[$doc])* $name(Box<$name>),)*
        }

        impl KubernetesKind {
            /// The name of the type.
            pub const fn type_name(&self) -> &'static str {
                match self { $(KubernetesKind::$name(_) => stringify!($name),)* }
            }
        }

        $(
            impl From<$name> for KubernetesKind {
                fn from(it: $name) -> KubernetesKind {
                    KubernetesKind::$name(Box::new(it))
                }
            }
        )*

        impl ResourceGraph {
            $(
                /// All of one type, each with its resource.
                pub fn $all(&self) -> impl Iterator<Item = (&KubernetesResource, &$name)> {
                    self.kubernetes.values().filter_map(|it| {
                        if let KubernetesKind::$name(kind) = &it.kind { Some((it, &**kind)) } else { None }
                    })
                }

                /// What is behind a reference.
                pub fn $get(&self, reference: &Ref<$name>) -> Option<&$name> {
                    let kind = &self.kubernetes.get(reference.id())?.kind;
                    if let KubernetesKind::$name(it) = kind { Some(&**it) } else { None }
                }
            )*
        }
    };
}

kinds! {
    /// A namespace.
    Namespace namespaces namespace;
    /// A public chart.
    Release releases release;
    /// Pods that run one image.
    Workload workloads workload;
    /// Pods that rules of network policies are about.
    NetworkPolicy network_policies network_policy;
    /// What a network policy admits.
    NetworkPolicyRule network_policy_rules network_policy_rule;
}

/// Something in a cluster, with its name and origin.
#[derive(Clone, Debug, PartialEq)]
pub struct KubernetesResource {
    /// Its name in the graph.
    pub id: ResourceId,
    /// The declaration it comes from.
    pub declaration: String,
    /// Where the author wrote what it comes from.
    pub loc: Loc,
    /// Its type with its properties.
    pub kind: KubernetesKind,
}

impl ResourceGraph {
    /// The same without what runs in Kubernetes clusters: what an AWS target writes, and what can be read back
    /// from there.
    pub fn of_aws(&self) -> Cow<'_, ResourceGraph> {
        if self.kubernetes.is_empty() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(ResourceGraph { kubernetes: BTreeMap::new(), ..self.clone() })
    }

    /// Whether a resource stands in a Kubernetes cluster, so that no AWS target writes it.
    pub fn is_kubernetes(&self, id: &ResourceId) -> bool {
        self.kubernetes.contains_key(id)
    }
}
