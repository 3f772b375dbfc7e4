//! A service's values: what ECS is told, in Kubernetes's words.

use std::collections::BTreeMap;

use archgen_core::resource::autoscaling::ScalingMetric;
use archgen_core::resource::ecs::{Architecture, Container, VolumeSource};
use archgen_core::resource::{
    Attribute, Ref, Resource, ScalableTarget, ScalingPolicy, Service as EcsService, TargetGroup,
    TaskDefinition,
};
use archgen_core::types::{CpuUnits, Memory, Number, Seconds as GraphSeconds};
use archgen_core::value::{Part, Pseudo, Text as GraphText, Value};

use super::connections::Network;
use super::outside::Outside;
use super::shape::{Labels, Names, Variables, Word};
use super::text::{Needed, Piece, Quantity, Text, Whole};
use super::values::{
    Autoscaling, CommandCheck, Efs, ExternalMetric, Health, HttpCheck, Image, Limits, Replicas,
    Requests, Resources, SecretValue, Security, Service, ServiceAccount, Targets, Update, Volume,
};

/// The user of images that say none: that of distroless images.
const NOBODY: i64 = 65532;
/// How long a pod serves on after it was told to stop, until every load balancer and node knows.
pub(super) const DRAIN: i64 = 15;
/// How long ECS waits before it kills a task that it told to stop.
///
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html>
pub(super) const FINISH: i64 = 30;
/// How long the load balancer lets requests end that a target has, where there is none to ask.
const CALM: i64 = 300;

/// The values of a service; none if its task is not known.
pub(super) fn service(
    outside: &mut Outside<'_>,
    network: &mut Network,
    resource: &Resource,
    it: &EcsService,
) -> Option<Service> {
    let graph = outside.graph;
    let task = graph.get::<TaskDefinition>(&it.task_definition)?;
    let container = &task.container;
    let target_group =
        it.load_balancers.first().and_then(|it| graph.get::<TargetGroup>(&it.target_group));
    let memory = memory(outside, &task.memory);
    let requests = Requests { cpu: cpu(outside, &task.cpu), memory: memory.clone() };
    Some(Service {
        image: image(outside, &container.image),
        architecture: Word::new(match task.architecture {
            Architecture::X86_64 => "amd64",
            Architecture::Arm64 => "arm64",
        }),
        command: container.command.iter().map(|it| outside.text(it)).collect(),
        ports: container.port.iter().map(|it| outside.whole(it, |it| it.0.into())).collect(),
        resources: Resources { requests, limits: Limits { memory } },
        replicas: replicas(outside, resource, it),
        autoscaling: autoscaling(outside, resource),
        health: health(outside, it, container),
        environment: Variables(
            container.environment.iter().map(|(key, it)| (key.clone(), outside.text(it))).collect(),
        ),
        secrets: Variables(
            container.secrets.iter().map(|(key, it)| (key.clone(), secret(outside, it))).collect(),
        ),
        volumes: volumes(outside, task),
        node_selector: Labels::default(),
        tolerations: Vec::new(),
        spread: Word::new("zones"),
        security: Security { user: user(container.user.as_ref()), read_only_root_filesystem: true },
        service_account: ServiceAccount { role_arn: Text::default() },
        update: Update {
            strategy: Word::new(if it.maximum > 100 { "RollingUpdate" } else { "Recreate" }),
            drain: match target_group {
                Some(it) => seconds(outside, &it.deregistration_delay),
                None => Whole::number(DRAIN),
            },
            finish: Whole::number(FINISH),
        },
        migration: None,
        connections: network.connections(outside, &resource.declaration),
        targets: target_group.map(|it| Targets {
            stickiness: it.stickiness.as_ref().map(|it| seconds(outside, it)),
            deregistration_delay: seconds(outside, &it.deregistration_delay),
        }),
        target_groups: Names(BTreeMap::new()),
    })
}

pub(super) fn seconds<const A: i64, const B: i64>(
    outside: &mut Outside<'_>,
    it: &Value<GraphSeconds>,
) -> Whole<A, B> {
    outside.whole(it, |it| it.0.into())
}

/// Memory, as Kubernetes writes it.
pub(super) fn memory(outside: &mut Outside<'_>, it: &Value<Memory>) -> Quantity {
    Quantity(outside.amount(it, |it| it.0, "Mi"))
}

/// CPU, as Kubernetes writes it: 1024 units of ECS are one vCPU, which it calls 1000m.
pub(super) fn cpu(outside: &mut Outside<'_>, it: &Value<CpuUnits>) -> Quantity {
    Quantity(match it {
        Value::Literal(it) => {
            Text::literal(format!("{}m", (u64::from(it.0) * 1000).div_ceil(1024)))
        }
        Value::Parameter(_) | Value::Unknown => outside.amount(it, |it| it.0, "m"),
    })
}

/// The registry of the account and Region, which an ECR image begins with.
fn ecr_registry() -> Vec<Part> {
    let all = GraphText::pseudo(Pseudo::AccountId)
        .then(".dkr.ecr.")
        .then(GraphText::pseudo(Pseudo::Region))
        .then(".")
        .then(GraphText::pseudo(Pseudo::UrlSuffix))
        .then("/");
    all.0
}

/// An image in its parts: what stands after the last `:` of the last part of the path is the tag.
pub(super) fn image(outside: &mut Outside<'_>, it: &GraphText) -> Image {
    let registry = ecr_registry();
    let known = registry.len() - 1;
    let rest = match it.0.get(known) {
        Some(Part::Literal(slash)) if it.0[..known] == registry[..known] => slash.strip_prefix('/'),
        Some(_) | None => None,
    };
    let (ecr, text) = match rest {
        Some(rest) => {
            let rest = GraphText::literal(rest);
            (
                true,
                it.0[known + 1..]
                    .iter()
                    .fold(rest, |all, it| all.then(GraphText(vec![it.clone()]))),
            )
        }
        None => (false, it.clone()),
    };
    if ecr {
        for it in [Pseudo::AccountId, Pseudo::Region, Pseudo::UrlSuffix] {
            outside.aws(it);
        }
    }
    let (name, digest) = split(&text, '@');
    let (repository, tag) = split(&name, ':');
    Image {
        ecr,
        repository: Needed(outside.text(&repository)),
        tag: outside.text(&tag),
        digest: outside.text(&digest),
    }
}

/// What stands before and after the last `mark` that no `/` follows.
fn split(text: &GraphText, mark: char) -> (GraphText, GraphText) {
    for (index, part) in text.0.iter().enumerate().rev() {
        let Part::Literal(it) = part else { continue };
        let name = it.rfind('/').map_or(0, |at| at + 1);
        if let Some(at) = it[name..].rfind(mark) {
            let (before, after) = (&it[..name + at], &it[name + at + mark.len_utf8()..]);
            let rest = text.0[index + 1..].iter().cloned();
            let before = text.0[..index].iter().cloned().chain([Part::Literal(before.to_string())]);
            let after = std::iter::once(Part::Literal(after.to_string())).chain(rest);
            let keep = |it: &Part| *it != Part::Literal(String::new());
            return (
                GraphText(before.filter(keep).collect()),
                GraphText(after.filter(keep).collect()),
            );
        }
        if it.contains('/') {
            break;
        }
    }
    (text.clone(), GraphText::default())
}

/// What scales a service.
fn scalable<'a>(
    outside: &Outside<'a>,
    service: &Resource,
) -> Option<(Ref<ScalableTarget>, &'a ScalableTarget)> {
    let mut all = outside.graph.all::<ScalableTarget>();
    all.find(|it| it.2.service.id() == &service.id).map(|it| (it.0, it.2))
}

fn replicas(outside: &mut Outside<'_>, resource: &Resource, it: &EcsService) -> Replicas {
    if let Some((_, scaled)) = scalable(outside, resource) {
        return Replicas {
            min: outside.whole(&scaled.minimum, |it| it.0.into()),
            max: outside.whole(&scaled.maximum, |it| it.0.into()),
        };
    }
    let count = match &it.desired_count {
        Some(it) => outside.whole(it, |it| it.0.into()),
        None => Whole::number(1),
    };
    Replicas { min: count.clone(), max: count }
}

fn autoscaling(outside: &mut Outside<'_>, resource: &Resource) -> Option<Autoscaling> {
    let graph = outside.graph;
    let (target, _) = scalable(outside, resource)?;
    let mut all = Autoscaling {
        cpu: None,
        memory: None,
        external: Vec::new(),
        scale_up_after: Whole::number(0),
        scale_down_after: Whole::number(CALM),
    };
    let policies = graph.all::<ScalingPolicy>().filter(|it| it.2.target == target);
    for (index, (id, _, it)) in policies.enumerate() {
        if index == 0 {
            all.scale_up_after = seconds(outside, &it.scale_out_cooldown);
            all.scale_down_after = seconds(outside, &it.scale_in_cooldown);
        }
        let name = id.id().as_str().replace(".scaling.", ".");
        follow(outside, &name, &it.metric, &it.value, &mut all);
    }
    Some(all)
}

/// Lets scaling follow a metric, which has this name where it does not come from pods.
pub(super) fn follow(
    outside: &mut Outside<'_>,
    name: &str,
    metric: &ScalingMetric,
    value: &Value<Number>,
    all: &mut Autoscaling,
) {
    let percent = |it: &Number| it.0.round() as i64;
    let source = match metric {
        ScalingMetric::Cpu => {
            all.cpu = Some(outside.whole(value, percent));
            return;
        }
        ScalingMetric::Memory => {
            all.memory = Some(outside.whole(value, percent));
            return;
        }
        ScalingMetric::RequestsPerTarget { .. } => {
            // The metric is a sum over a minute already divided by the targets.
            "AWS/ApplicationELB RequestCountPerTarget Sum".to_string()
        }
        ScalingMetric::Custom(it) => {
            format!("{} {} {}", it.namespace, it.name, it.statistic.as_str())
        }
    };
    let target = match value {
        Value::Literal(it) => Text::literal(thousandths(it.0)),
        Value::Parameter(name) => Text(vec![Piece::Parameter(outside.parameter(name))]),
        Value::Unknown => Text::default(),
    };
    let name = name.replace(['.', '_'], "-").to_lowercase();
    all.external.push(ExternalMetric { name, source, target });
}

/// A number as Kubernetes writes quantities: `70500m` is 70.5.
pub(super) fn thousandths(it: f64) -> String {
    if it.fract() == 0.0 { format!("{it:.0}") } else { format!("{:.0}m", it * 1000.0) }
}

fn health(outside: &mut Outside<'_>, it: &EcsService, container: &Container) -> Option<Health> {
    let graph = outside.graph;
    let target = it.load_balancers.first();
    let group = target.and_then(|it| graph.get::<TargetGroup>(&it.target_group));
    let http = target.zip(group).map(|(target, group)| {
        let check = &group.health_check;
        HttpCheck {
            path: outside.string(&check.path),
            port: outside.whole(&target.port, |it| it.0.into()),
            matcher: outside.string(&check.matcher),
            interval: seconds(outside, &check.interval),
            timeout: seconds(outside, &check.timeout),
            healthy: outside.whole(&check.healthy_threshold, |it| it.0.into()),
            unhealthy: outside.whole(&check.unhealthy_threshold, |it| it.0.into()),
            grace: match &it.grace_period {
                Some(it) => seconds(outside, it),
                None => Whole::number(0),
            },
        }
    });
    let command = container.health_check.as_ref().map(|it| CommandCheck {
        command: outside.text(&it.command),
        interval: seconds(outside, &it.interval),
        timeout: seconds(outside, &it.timeout),
        retries: outside.whole(&it.retries, |it| it.0.into()),
        grace: seconds(outside, &it.start_period),
    });
    (http.is_some() || command.is_some()).then_some(Health { http, command })
}

/// A secret by its ARN, after which ECS takes the entry of the JSON in it: `arn:…:secret:name:entry::`.
///
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html>
pub(super) fn secret(outside: &mut Outside<'_>, it: &GraphText) -> SecretValue {
    let whole = it.as_literal();
    if let Some(arn) = &whole {
        let parts: Vec<&str> = arn.split(':').collect();
        let parameter_store = parts.get(2) == Some(&"ssm") || !arn.starts_with("arn:");
        let key = if parameter_store {
            arn.split_once(":parameter").map_or(arn.as_str(), |it| it.1).to_string()
        } else {
            parts[..parts.len().min(7)].join(":")
        };
        let property = if parameter_store { "" } else { parts.get(7).copied().unwrap_or_default() };
        let property = if property.is_empty() { Text::default() } else { Text::literal(property) };
        return SecretValue { key: Needed(Text::literal(key)), property, parameter_store };
    }
    let mut parts = it.0.clone();
    let mut property = Text::default();
    if let [.., Part::Attribute(..), Part::Literal(rest)] = parts.as_slice() {
        let entry = rest.split(':').nth(1).unwrap_or_default();
        if !entry.is_empty() {
            property = Text::literal(entry);
        }
        parts.pop();
    }
    let parameter_store =
        parts.iter().any(|it| matches!(it, Part::Literal(it) if it.contains(":ssm:")));
    SecretValue { key: Needed(outside.text(&GraphText(parts))), property, parameter_store }
}

fn volumes(outside: &mut Outside<'_>, task: &TaskDefinition) -> Names<Volume> {
    let mut all = BTreeMap::new();
    for it in &task.volumes {
        let efs = match &it.source {
            VolumeSource::Efs { file_system, access_point } => Some(Efs {
                file_system: Needed(outside.text(&file_system.attribute(Attribute::Id))),
                access_point: outside.text(&access_point.attribute(Attribute::Id)),
            }),
            // What is on an instance is lost with it; pods may not see the folders of their node.
            VolumeSource::Host(_) => None,
        };
        let volume = Volume { path: outside.string(&it.path), efs };
        all.insert(super::outside::dns_name(&it.name), volume);
    }
    Names(all)
}

/// The number of the user; names of users are known only to the image.
pub(super) fn user(given: Option<&GraphText>) -> Whole<1, 2_147_483_647> {
    let given = given.and_then(GraphText::as_literal);
    let number = given.and_then(|it| it.split(':').next()?.parse::<i64>().ok());
    Whole::number(number.filter(|it| *it > 0).unwrap_or(NOBODY))
}
