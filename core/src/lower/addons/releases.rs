//! The charts of add-ons as what runs in a cluster, for the Helm target.

use super::super::{Lower, attribute};
use super::karpenter;
use crate::charts::ChartName;
use crate::check::instances::is_graviton;
use crate::declare::cluster_addons::{
    CertManagerSpec, KarpenterSpec, KyvernoSpec, LoadBalancerControllerSpec, NodePoolSpec,
    PrometheusSpec, ReadableSecret, VeleroSpec,
};
use crate::declare::{ClusterAddons, EksCluster};
use crate::field::{Field, Named};
use crate::resource::addons::{
    Email, Karpenter, NodePool, Policies, Prometheus, Release, Schedule, Settings,
};
use crate::resource::{Attribute, EksCluster as Cluster, Ref, ResourceId};
use crate::service_fields::SecretSource;
use crate::value::{Text, Value};

/// Adds the release of a chart, as far as what it is told is known.
pub(super) fn add(
    it: &ClusterAddons,
    declared: &EksCluster,
    name: ChartName,
    cluster: &Ref<Cluster>,
    cx: &mut Lower<'_>,
) {
    let Some(settings) = settings(it, declared, name, cx) else { return };
    let release = Release {
        cluster: cluster.clone(),
        namespace: it.namespace(name, cx.architecture),
        settings,
    };
    let id = ResourceId::new(&[&it.meta.name, name.field(), "release"]);
    cx.add_kubernetes(&it.meta, it.meta.field(name.field()), &Ref::new(id), release);
}

/// What a chart is told.
fn settings(
    it: &ClusterAddons,
    declared: &EksCluster,
    name: ChartName,
    cx: &Lower<'_>,
) -> Option<Settings> {
    match name {
        ChartName::LoadBalancerController => {
            balancers(declared, it.load_balancer_controller.as_ref()?.literal()?, cx)
        }
        ChartName::ExternalSecrets => Some(Settings::ExternalSecrets),
        ChartName::CertManager => Some(certificates(it.cert_manager.as_ref()?.literal()?, cx)),
        ChartName::Karpenter => Some(nodes(it, declared, it.karpenter.as_ref()?.literal()?, cx)),
        ChartName::Velero => backups(it.velero.as_ref()?.literal()?, cx),
        ChartName::Kyverno => Some(policies(it, it.kyverno.as_ref()?.literal()?, cx)),
        ChartName::Prometheus => Some(metrics(it, it.prometheus.as_ref()?.literal()?, cx)),
        ChartName::Loki => {
            let spec = it.loki.as_ref()?.literal()?;
            Some(Settings::Loki {
                bucket: Ref::new(ResourceId::new(&[&spec.bucket.literal()?.name, "bucket"])),
                retention: spec.retention.value.clone(),
                storage: spec.storage.value.clone(),
            })
        }
        ChartName::Promtail => Some(Settings::Promtail(loki(it, cx)?)),
        ChartName::Alloy => Some(Settings::Alloy(loki(it, cx)?)),
    }
}

fn balancers(
    declared: &EksCluster,
    spec: &LoadBalancerControllerSpec,
    cx: &Lower<'_>,
) -> Option<Settings> {
    let vpc = cx.vpc_of(&declared.subnets)?;
    Some(Settings::LoadBalancerController { vpc, replicas: spec.replicas.value.clone() })
}

fn certificates(spec: &CertManagerSpec, cx: &Lower<'_>) -> Settings {
    let zones = spec.zones.literal().into_iter().flatten();
    Settings::CertManager {
        email: spec.email.as_ref().map(|it| cx.field_text(it)),
        zones: zones.map(|it| cx.field_text(it)).collect(),
    }
}

fn nodes(
    it: &ClusterAddons,
    declared: &EksCluster,
    spec: &KarpenterSpec,
    cx: &Lower<'_>,
) -> Settings {
    let name = it.meta.name.as_str();
    let mut pools: Vec<NodePool> = spec
        .node_pools
        .literal()
        .into_iter()
        .flat_map(|it| &it.0)
        .filter_map(|it| Some(pool(it, it.field.literal()?, cx)))
        .collect();
    pools.sort_by(|a, b| a.name.cmp(&b.name));
    Settings::Karpenter(Box::new(Karpenter {
        queue: Ref::new(ResourceId::new(&[name, "interruptions", "queue"])),
        profile: Ref::new(ResourceId::new(&[name, "karpenter_node", "instance_profile"])),
        discovery: karpenter::discovery(declared, &cx.stem()),
        disk: spec.disk.value.clone(),
        pools,
    }))
}

fn pool(named: &Named<NodePoolSpec>, spec: &NodePoolSpec, cx: &Lower<'_>) -> NodePool {
    let families = spec.families.literal().map(Vec::as_slice).unwrap_or_default();
    let mut capacity: Vec<&'static str> = spec
        .capacity
        .literal()
        .into_iter()
        .flatten()
        .filter_map(|it| it.literal().map(|it| it.as_str()))
        .collect();
    capacity.sort_unstable();
    capacity.dedup();
    let limits = spec.limits.literal();
    let labels = spec.labels.iter().filter_map(Field::literal).flat_map(|it| &it.0);
    let mut labels: Vec<(String, Text)> =
        labels.map(|it| (it.name.clone(), cx.string_text(&it.field))).collect();
    labels.sort();
    let taints = spec.taints.literal().into_iter().flatten();
    let mut taints: Vec<_> = taints.filter_map(Field::literal).cloned().collect();
    taints.sort();
    NodePool {
        name: named.name.replace('_', "-"),
        families: families.iter().map(|it| cx.string_text(it)).collect(),
        graviton: families.iter().filter_map(Field::literal).any(|it| is_graviton(it)),
        capacity,
        vcpus: spec
            .vcpus
            .as_ref()
            .and_then(Field::literal)
            .map(|it| (it.first.value.clone(), it.last.value.clone())),
        cpu: limits.map_or(Value::Unknown, |it| it.cpu.value.clone()),
        memory: limits.map_or(Value::Unknown, |it| it.memory.value.clone()),
        labels,
        taints,
        consolidate_after: spec.consolidate_after.value.clone(),
        expire_after: spec.expire_after.value.clone(),
    }
}

fn backups(spec: &VeleroSpec, cx: &Lower<'_>) -> Option<Settings> {
    let bucket = Ref::new(ResourceId::new(&[&spec.bucket.literal()?.name, "bucket"]));
    let schedules = spec.schedules.literal().into_iter().flat_map(|it| &it.0);
    let mut schedules: Vec<Schedule> = schedules
        .filter_map(|it| {
            let spec = it.field.literal()?;
            let namespaces = spec.namespaces.as_ref().and_then(Field::literal);
            Some(Schedule {
                name: it.name.replace('_', "-"),
                every: spec.every.value.clone(),
                keep: spec.keep.value.clone(),
                namespaces: namespaces.map(|it| it.iter().map(|it| cx.string_text(it)).collect()),
            })
        })
        .collect();
    schedules.sort_by(|a, b| a.name.cmp(&b.name));
    Some(Settings::Velero { bucket, schedules })
}

/// Kubernetes's own namespaces.
const SYSTEM: [&str; 3] = ["kube-node-lease", "kube-public", "kube-system"];

fn policies(it: &ClusterAddons, spec: &KyvernoSpec, cx: &Lower<'_>) -> Settings {
    let policies = spec.policies.literal().into_iter().flatten();
    let mut policies: Vec<&'static str> =
        policies.filter_map(|it| it.literal().map(|it| it.as_str())).collect();
    policies.sort_unstable();
    policies.dedup();
    let registries = spec.registries.as_ref().and_then(Field::literal).into_iter().flatten();
    let mut exempt: Vec<String> = SYSTEM.map(str::to_string).to_vec();
    for (chart, _) in it.charts() {
        exempt.extend(it.namespace(chart, cx.architecture).literal().cloned());
    }
    let more = spec.exempt.literal().into_iter().flatten();
    exempt.extend(more.filter_map(|it| it.literal().cloned()));
    exempt.sort();
    exempt.dedup();
    Settings::Kyverno(Policies {
        policies,
        registries: registries.map(|it| cx.string_text(it)).collect(),
        action: spec.action.literal().map_or("Audit", |it| it.as_str()),
        exempt,
    })
}

/// The ARN of a secret.
fn secret(it: &Field<ReadableSecret>, cx: &Lower<'_>) -> Text {
    match it.literal().map(|it| &it.0) {
        Some(SecretSource::Secret(it)) => attribute(&[&it.name, "secret"], Attribute::Arn),
        Some(SecretSource::Arn(it)) => cx.text(it),
        Some(SecretSource::Unknown) | None => Text::unknown(),
    }
}

/// The namespace of Loki, if there is one.
fn loki(it: &ClusterAddons, cx: &Lower<'_>) -> Option<Value<String>> {
    it.loki.as_ref()?;
    Some(it.namespace(ChartName::Loki, cx.architecture))
}

fn metrics(it: &ClusterAddons, spec: &PrometheusSpec, cx: &Lower<'_>) -> Settings {
    let alerts = spec.alerts.as_ref().and_then(Field::literal);
    let slack = alerts.and_then(|it| it.slack.as_ref()?.literal());
    let email = alerts.and_then(|it| it.email.as_ref()?.literal());
    Settings::Prometheus(Box::new(Prometheus {
        retention: spec.retention.value.clone(),
        storage: spec.storage.value.clone(),
        replicas: spec.replicas.value.clone(),
        pagerduty: alerts.and_then(|it| it.pagerduty.as_ref()).map(|it| secret(it, cx)),
        slack: slack.map(|it| (cx.string_text(&it.channel), secret(&it.webhook, cx))),
        email: email.map(|it| Email {
            to: cx.string_text(&it.to),
            from: cx.string_text(&it.from),
            server: cx.string_text(&it.server),
            username: cx.string_text(&it.username),
            password: secret(&it.password, cx),
        }),
        grafana_password: spec.grafana_password.as_ref().map(|it| secret(it, cx)),
        loki: loki(it, cx),
    }))
}
