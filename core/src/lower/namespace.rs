//! `namespace!`: a namespace with its quota and limits.

use super::Lower;
use crate::declare::Namespace as NamespaceDeclaration;
use crate::field::Field;
use crate::resource::kubernetes::{Limits, Namespace, Quota};
use crate::resource::{EksCluster, Ref, ResourceId};
use crate::value::{Text, Value};

/// The namespace of a `namespace!`.
pub fn namespace_id(name: &str) -> Ref<Namespace> {
    Ref::new(ResourceId::new(&[name, "namespace"]))
}

/// The cluster of an `eks_cluster!`.
pub fn cluster_id(name: &str) -> Ref<EksCluster> {
    Ref::new(ResourceId::new(&[name, "cluster"]))
}

fn given<T: Clone>(it: &Option<Field<T>>) -> Option<Value<T>> {
    it.as_ref().map(|it| it.value.clone())
}

/// Lowers a namespace.
pub fn lower_namespace(it: &NamespaceDeclaration, cx: &mut Lower<'_>) {
    let Some(cluster) = cx.follow(&it.cluster) else { return };
    let quota = it.known_quota().map(|it| Quota {
        cpu: given(&it.cpu),
        memory: given(&it.memory),
        memory_limit: given(&it.memory_limit),
        pods: given(&it.pods),
        volumes: given(&it.volumes),
    });
    let limits = it.known_limits().map(|it| Limits {
        default_cpu: given(&it.default_cpu),
        default_memory: given(&it.default_memory),
        max_cpu: given(&it.max_cpu),
        max_memory: given(&it.max_memory),
    });
    let namespace = Namespace {
        cluster: cluster_id(&cluster.meta.name),
        name: it.known_name(),
        pod_security: it.pod_security.value.clone(),
        quota: quota.unwrap_or_default(),
        limits: limits.unwrap_or_default(),
    };
    let id = namespace_id(&it.meta.name);
    cx.add_kubernetes(&it.meta, it.meta.macro_loc, &id, namespace);
}

/// The name of a namespace, as text.
pub(super) fn namespace_name(cx: &Lower<'_>, name: &str) -> Text {
    match cx.architecture.get::<NamespaceDeclaration>(name) {
        Some(it) => super::value_text(&it.known_name()),
        None => Text::unknown(),
    }
}
