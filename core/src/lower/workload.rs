//! `k8s_service!`: pods with their network policy, and what they need of AWS: a role for those that use
//! buckets or secrets. The rules of the nodes' group come from `connect!`, as for every declaration.

use super::load_balancer::{default_target_check, health_check, target_group_id};
use super::namespace::{cluster_id, namespace_id};
use super::policies::{other_pods, policy_id};
use super::route::routes_to;
use super::service::{environment, image, scaling_metric, secrets};
use super::{Lower, endpoint, iam};
use crate::declare::{Declaration, EksCluster, K8sService, Namespace};
use crate::field::Field;
use crate::resource::ecs::Architecture;
use crate::resource::eks::PodIdentity;
use crate::resource::kubernetes::{NetworkPolicy, PodHealth, PodScaling, Spread, Workload};
use crate::resource::{Ref, ResourceId};
use crate::value::{Text, Value};

/// The label by which pods find the nodes of a group that `nodes` names.
pub const NODE_GROUP_LABEL: &str = "archgen/node-group";

/// The pods of a `k8s_service!`.
pub fn workload_id(name: &str) -> Ref<Workload> {
    Ref::new(ResourceId::new(&[name, "workload"]))
}

/// Whether a service of a cluster asks for the nodes of one of its groups.
pub fn is_asked_for(cluster: &EksCluster, group: &str, cx: &Lower<'_>) -> bool {
    cx.architecture.all::<K8sService>().any(|it| {
        it.nodes.as_ref().and_then(Field::literal).is_some_and(|it| it == group)
            && it.cluster(cx.architecture).is_some_and(|it| it.meta.name == cluster.meta.name)
    })
}

/// Lowers a service.
pub fn lower_k8s_service(it: &K8sService, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let declaration = Declaration::K8sService(Box::new(it.clone()));
    let Some(stand) = endpoint(cx.architecture, &declaration) else { return };
    // Without its cluster nothing is known of where it stands.
    let (Some(namespace), Some(cluster)) = (cx.follow(&it.namespace), it.cluster(cx.architecture))
    else {
        return;
    };
    let eks = cluster_id(&cluster.meta.name);
    let others = NetworkPolicy { cluster: eks.clone(), isolates: false };
    let loc = cluster.meta.macro_loc;
    cx.add_kubernetes(&cluster.meta, loc, &other_pods(&cluster.meta.name), others);
    let policy = policy_id(name);
    let loc = it.meta.macro_loc;
    let own = NetworkPolicy { cluster: eks, isolates: true };
    cx.add_kubernetes(&it.meta, loc, &policy, own);
    let (minimum, maximum) = match it.replicas.literal() {
        Some(it) => (it.first.value.clone(), it.last.value.clone()),
        None => (Value::Unknown, Value::Unknown),
    };
    let command = it.command.as_ref().and_then(Field::literal);
    let migration = it.migration.as_ref().and_then(Field::literal);
    let migration = migration.and_then(|it| it.command.literal());
    let workload = Workload {
        namespace: namespace_id(&namespace.meta.name),
        name: it.known_name(),
        architecture: it.architecture.literal().copied().unwrap_or(Architecture::X86_64),
        image: image(&it.image, cx),
        port: it.port.as_ref().map(|it| it.value.clone()),
        command: command.into_iter().flatten().map(|it| cx.field_text(it)).collect(),
        environment: environment(it.environment.as_ref(), cx),
        secrets: secrets(it.secrets.as_ref(), cx),
        cpu: it.cpu.value.clone(),
        memory: it.memory.value.clone(),
        minimum,
        maximum,
        scaling: scaling(it, cx),
        scale_out_cooldown: it.scale_out_cooldown.value.clone(),
        scale_in_cooldown: it.scale_in_cooldown.value.clone(),
        health: health(it, cx),
        user: it.user.as_ref().map(|it| cx.field_text(it)),
        node_labels: node_labels(it, cx),
        tolerations: it.known_tolerations(),
        spread: it.spread.literal().copied().unwrap_or(Spread::Zones),
        migration: migration.into_iter().flatten().map(|it| cx.field_text(it)).collect(),
        targets: targets(it, cx),
        policy,
        groups: stand.all_groups(),
        subnets: cx.subnets(&stand.tier),
    };
    cx.add_kubernetes(&it.meta, loc, &workload_id(name), workload);
    lower_role(it, namespace, cluster, cx);
}

/// The role of its pods, if they use AWS: found by the service account, which has the service's name.
fn lower_role(it: &K8sService, namespace: &Namespace, cluster: &EksCluster, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let Some(role) = iam::pod_role(it, cx) else { return };
    let (Value::Literal(namespace), Value::Literal(service_account)) =
        (namespace.known_name(), it.known_name())
    else {
        return;
    };
    let role = cx.add(&it.meta, &[name, "role"], role);
    let cluster = cluster_id(&cluster.meta.name);
    let identity =
        PodIdentity { cluster, namespace: Value::Literal(namespace), service_account, role };
    cx.add(&it.meta, &[name, "pod_identity"], identity);
}

fn scaling(it: &K8sService, cx: &Lower<'_>) -> Vec<PodScaling> {
    let policies = it.scale_on.as_ref().and_then(Field::literal);
    let mut all = Vec::new();
    for scale in policies.into_iter().flatten().filter_map(Field::literal) {
        if let Some((name, metric)) = scaling_metric(&it.meta.name, scale, cx) {
            all.push(PodScaling { name, metric, value: scale.value.value.clone() });
        }
    }
    all
}

/// How its health is found out: where nothing is said, a load balancer asks in AWS's usual way.
fn health(it: &K8sService, cx: &Lower<'_>) -> Option<PodHealth> {
    let routed = !routes_to(cx.architecture, &it.meta.name).is_empty();
    let given = it.health_check.as_ref();
    if it.port.is_none() || (given.is_none() && !routed) {
        return None;
    }
    let grace_period = match given {
        Some(field) => match field.literal() {
            Some(check) => check.grace_period.value.clone(),
            None => Value::Unknown,
        },
        None => default_target_check().grace_period.value,
    };
    Some(PodHealth { check: health_check(given), grace_period })
}

fn node_labels(it: &K8sService, cx: &Lower<'_>) -> Vec<(String, Text)> {
    let given = it.node_labels.as_ref().and_then(Field::literal);
    let mut all: Vec<(String, Text)> = given
        .into_iter()
        .flat_map(|it| &it.0)
        .map(|it| (it.name.clone(), cx.field_text(&it.field)))
        .collect();
    if let Some(group) = &it.nodes {
        all.push((NODE_GROUP_LABEL.to_string(), cx.string_text(group)));
    }
    all.sort();
    all
}

/// The load balancers' targets that its pods become, one for each load balancer.
fn targets(it: &K8sService, cx: &Lower<'_>) -> Vec<Ref<crate::resource::TargetGroup>> {
    let mut all = Vec::new();
    if it.port.is_none() {
        return all;
    }
    for (alb, _) in routes_to(cx.architecture, &it.meta.name) {
        let target = target_group_id(&alb.meta.name, &it.meta.name);
        if !all.contains(&target) {
            all.push(target);
        }
    }
    all
}

#[cfg(test)]
#[path = "workload_tests.rs"]
mod tests;
