//! What runs in a Kubernetes cluster: it is written by the Helm target, and by none that writes for AWS.
//!
//! These resources have a list of their own in the [`ResourceGraph`], so that whoever goes through the
//! resources of AWS never meets one. What a cluster needs of AWS (roles, rules of security groups, target
//! groups) are ordinary resources.

use super::addons::Release;
use super::{EksCluster, Ref, ResourceGraph, ResourceId};
use crate::loc::Loc;
use crate::types::{Count, CpuUnits, Memory};
use crate::value::Value;

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

/// Something in a cluster.
#[derive(Clone, Debug, PartialEq)]
pub enum KubernetesKind {
    /// A namespace.
    Namespace(Namespace),
    /// A public chart.
    Release(Release),
}

impl KubernetesKind {
    /// The name of the type.
    pub const fn type_name(&self) -> &'static str {
        match self {
            KubernetesKind::Namespace(_) => "Namespace",
            KubernetesKind::Release(_) => "Release",
        }
    }
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
    /// Whether a resource stands in a Kubernetes cluster, so that no AWS target writes it.
    pub fn is_kubernetes(&self, id: &ResourceId) -> bool {
        self.kubernetes.contains_key(id)
    }

    /// The namespaces, each with its resource.
    pub fn namespaces(&self) -> impl Iterator<Item = (&KubernetesResource, &Namespace)> {
        self.kubernetes.values().filter_map(|it| {
            if let KubernetesKind::Namespace(kind) = &it.kind { Some((it, kind)) } else { None }
        })
    }

    /// The namespace behind a reference.
    pub fn namespace(&self, reference: &Ref<Namespace>) -> Option<&Namespace> {
        let kind = &self.kubernetes.get(reference.id())?.kind;
        if let KubernetesKind::Namespace(it) = kind { Some(it) } else { None }
    }

    /// The public charts, each with its resource.
    pub fn releases(&self) -> impl Iterator<Item = (&KubernetesResource, &Release)> {
        self.kubernetes.values().filter_map(|it| {
            if let KubernetesKind::Release(kind) = &it.kind { Some((it, kind)) } else { None }
        })
    }
}
