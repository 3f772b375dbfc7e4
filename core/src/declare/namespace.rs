//! `namespace!`: a part of a Kubernetes cluster, with what its pods may do and ask for.

use crate::check::{Context, namespace as checks};
use crate::declare::EksCluster;
use crate::field::{DeclarationRef, Field};
use crate::lower::{Lower, lower_namespace};
use crate::resource::kubernetes::PodSecurity;
use crate::types::{Count, CpuUnits, Memory};
use crate::value::Value;

crate::record! {
    /// The most that all pods of a namespace may ask for together.
    NamespaceQuota: "quota" {
        /// The CPU that is kept free for them: `20vCPU`.
        optional cpu: CpuUnits;
        /// The memory that is kept free for them: `64GB`.
        optional memory: Memory;
        /// The memory that they may use.
        optional memory_limit: Memory;
        /// How many of them.
        optional pods: Count;
        /// How many claims of volumes.
        optional volumes: Count;
    }
}

crate::record! {
    /// What a container gets where it asks for nothing, and the most that it may ask for.
    NamespaceLimits: "limits" {
        /// The CPU that is kept free for a container that does not say.
        optional default_cpu: CpuUnits;
        /// The memory that a container gets that does not say.
        optional default_memory: Memory;
        /// The most CPU of a container.
        optional max_cpu: CpuUnits;
        /// The most memory of a container.
        optional max_memory: Memory;
    }
}

crate::declaration! {
    /// A namespace of a Kubernetes cluster.
    untagged Namespace NamespaceBuilder {
        /// The cluster.
        required cluster: DeclarationRef<EksCluster> = "platform";
        /// Its name in the cluster: 1 to 63 lower-case letters, digits and `-`; left out, its own name.
        optional namespace_name: String;
        /// What its pods may do, by the Pod Security Standards, which the cluster enforces.
        default pod_security: PodSecurity = PodSecurity::Restricted;
        /// The most that all of its pods may ask for together: `{ cpu: 20vCPU, memory: 64GB, pods: 100 }`.
        optional quota: NamespaceQuota;
        /// What a container gets that asks for nothing, and the most that one may ask for:
        /// `{ default_memory: 256MB, max_memory: 4GB }`.
        optional limits: NamespaceLimits;
    } members NamespaceMembers {
        /// Its name in the cluster.
        name;
    }
}

impl Namespace {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        lower_namespace(self, cx);
    }

    /// Its name in the cluster.
    pub fn known_name(&self) -> Value<String> {
        match &self.namespace_name {
            Some(it) => it.value.clone(),
            None => Value::Literal(self.meta.identity().replace('_', "-")),
        }
    }

    /// Its quota, as far as it is known.
    pub fn known_quota(&self) -> Option<&NamespaceQuota> {
        self.quota.as_ref().and_then(Field::literal)
    }

    /// Its limits, as far as they are known.
    pub fn known_limits(&self) -> Option<&NamespaceLimits> {
        self.limits.as_ref().and_then(Field::literal)
    }
}
