//! `ecs_service!`: the tasks, their roles and logs, and what keeps their number.

use super::load_balancer::{
    alternate_target_group_id, default_target_check, is_blue_green, listener_id, load_balancer_id,
    rule_of, target_group_id,
};
use super::route::routes_to;
use super::{Lower, attribute, cluster, endpoint, iam, slug};
use crate::declare::vpc::TierRoute;
use crate::declare::{Declaration, EcsCluster, EcsService, Vpc as VpcDeclaration};
use crate::field::{Field, List, Map};
use crate::resource::autoscaling::ScalingMetric;
use crate::resource::cloudwatch::{Metric, Statistic};
use crate::resource::ecs::{
    AlternateTarget, Architecture, Capacity, Container, ContainerHealthCheck, Deployment,
    ServiceTarget, Volume, VolumeSource,
};
use crate::resource::{
    Attribute, Cluster, DiscoveryService, LogGroup, Ref, ResourceId, Role, ScalableTarget,
    ScalingPolicy, Service, TaskDefinition,
};
use crate::service_fields::{
    Image, ScaleMetric, ScaleOn, ScaleSource, SecretField, SecretSource, VolumeKind,
};
use crate::types::{Count, Percent, Seconds};
use crate::value::{Pseudo, Text, Value};

/// How long clients may keep the address of a task.
const DISCOVERY_TTL: Seconds = Seconds(10);

/// Lowers a service.
pub fn lower_service(it: &EcsService, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let declaration = Declaration::EcsService(Box::new(it.clone()));
    let Some(stand) = endpoint(cx.architecture, &declaration) else {
        return;
    };
    // Without its cluster nothing is known of what runs it.
    let Some(cluster) = cx.follow(&it.cluster) else {
        return;
    };
    cx.derive_group(&it.meta, &stand);
    cx.allow_aws(&it.meta, &stand);
    allow_file_systems(it, &stand, cx);

    let log_group = lower_log_group(it, cluster, cx);
    let execution_role = iam::execution_role(it, &log_group, cx);
    let execution_role = cx.add(&it.meta, &[name, "execution_role"], execution_role);
    let task_role = iam::task_role(it, cx);
    let task_role = cx.add(&it.meta, &[name, "task_role"], task_role);
    let task_definition = task_definition(it, cluster, log_group, execution_role, task_role, cx);
    let task_definition = cx.add(&it.meta, &[name, "task_definition"], task_definition);
    let discovery = lower_discovery(it, cluster, cx);
    let load_balancers = lower_targets(it, cx);
    let grace_period = (!load_balancers.is_empty()).then(|| match &it.health_check {
        Some(field) => match field.literal() {
            Some(check) => check.grace_period.value.clone(),
            None => Value::Unknown,
        },
        None => default_target_check().grace_period.value,
    });
    // Two tasks cannot share the folder of an instance: the old one goes first.
    let is_replaced = it.exclusive.literal() == Some(&true)
        || it.known_volumes().any(|it| it.source.literal() == Some(&VolumeKind::Host));
    let (minimum_healthy, maximum) = if is_replaced { (0.0, 100) } else { (100.0, 200) };
    let (first, last) = tasks(it);
    let subnets = cx.subnets(&stand.tier);
    let service = Service {
        name: it.service_name.as_ref().map(|it| cx.string_text(it)),
        cluster: Ref::new(ResourceId::new(&[&cluster.meta.name, "cluster"])),
        task_definition,
        desired_count: (first == last).then_some(first),
        capacity: cluster::capacity(cluster),
        subnets: subnets.clone(),
        groups: stand.all_groups(),
        public_ip: is_fargate(cluster) && is_public(&stand, cx),
        load_balancers,
        discovery,
        deployment: it.deployment.literal().copied().unwrap_or(Deployment::Rolling),
        bake_time: it.bake_time.value.clone(),
        minimum_healthy: Value::Literal(Percent(minimum_healthy)),
        maximum,
        grace_period,
        exec: it.exec.value.clone(),
    };
    let service = cx.add(&it.meta, &[name, "service"], service);
    order(it, cluster, &service, cx);
    cx.depends_on_routes(service.id(), &subnets);
    lower_scaling(it, &service, cx);
}

/// Says what must exist before the service though none of its properties refers to it.
fn order(it: &EcsService, cluster: &EcsCluster, service: &Ref<Service>, cx: &mut Lower<'_>) {
    if !cluster::capacity(cluster).is_empty() {
        let providers = ResourceId::new(&[&cluster.meta.name, "capacity_providers"]);
        cx.depends_on(service.id(), &providers);
    }
    // ECS refuses a target group that no load balancer uses yet.
    for (alb, route) in routes_to(cx.architecture, &it.meta.name) {
        if it.port.is_none() {
            continue;
        }
        match rule_of(cx.architecture, alb, route, &it.meta.name, is_blue_green(it)) {
            Some(rule) => cx.depends_on(service.id(), rule.id()),
            None => cx.depends_on(service.id(), listener_id(alb).id()),
        }
    }
    for volume in it.known_volumes() {
        if let Some(VolumeKind::Efs(efs)) = volume.source.literal() {
            let file_system = ResourceId::new(&[&efs.name, "file_system"]);
            cx.depends_on_mounts(service.id(), &file_system);
        }
    }
}

fn is_fargate(cluster: &EcsCluster) -> bool {
    cluster::capacity(cluster)
        .iter()
        .any(|it| matches!(it, Capacity::Fargate | Capacity::FargateSpot))
}

/// Whether the tier leads to the internet only for what has a public address.
fn is_public(stand: &super::Endpoint, cx: &Lower<'_>) -> bool {
    let Some(tier) = stand.tier.literal() else {
        return false;
    };
    let vpc = cx.architecture.get::<VpcDeclaration>(&tier.vpc);
    vpc.is_some_and(|it| it.route_of(&tier.tier).literal() == Some(&TierRoute::InternetGateway))
}

/// The least and the greatest number of tasks.
fn tasks(it: &EcsService) -> (Value<Count>, Value<Count>) {
    match it.tasks.literal() {
        Some(it) => (it.first.value.clone(), it.last.value.clone()),
        None => (Value::Unknown, Value::Unknown),
    }
}

fn allow_file_systems(it: &EcsService, stand: &super::Endpoint, cx: &mut Lower<'_>) {
    for volume in it.known_volumes() {
        let Some(VolumeKind::Efs(reference)) = volume.source.literal() else {
            continue;
        };
        let peer = match cx.architecture.named(&reference.name) {
            Some(it @ Declaration::Efs(_)) => endpoint(cx.architecture, it),
            Some(_) | None => None,
        };
        if let Some(peer) = peer {
            let why =
                format!("{} to {}", it.meta.identity(), cx.architecture.identity(&reference.name));
            for traffic in peer.listens.clone() {
                cx.allow_flow(&it.meta, volume.source.loc, stand, &peer, traffic, &why);
            }
        }
    }
}

fn lower_log_group(it: &EcsService, cluster: &EcsCluster, cx: &mut Lower<'_>) -> Ref<LogGroup> {
    let like = it.meta.tenant.as_ref().and_then(|it| it.like.as_ref());
    if let Some(like) = like.filter(|it| it.logs) {
        return Ref::new(ResourceId::new(&[&like.service, "log_group"]));
    }
    let group = LogGroup {
        name: match &it.log_group {
            Some(name) => cx.string_text(name),
            None => Text::literal(format!("/ecs/{}/{}", cx.stem(), it.kebab())),
        },
        retention: it.log_retention.as_ref().unwrap_or(&cluster.log_retention).value.clone(),
        kms_key: like.and_then(|it| it.key.as_ref()).map(|it| cx.text(it)),
    };
    cx.add(&it.meta, &[&it.meta.name, "log_group"], group)
}

fn task_definition(
    it: &EcsService,
    cluster: &EcsCluster,
    log_group: Ref<LogGroup>,
    execution_role: Ref<Role>,
    task_role: Ref<Role>,
    cx: &Lower<'_>,
) -> TaskDefinition {
    let command = it.command.as_ref().and_then(Field::literal);
    TaskDefinition {
        family: match &it.service_name {
            Some(name) => cx.string_text(name),
            None => Text::literal(format!("{}-{}", cx.stem(), it.kebab())),
        },
        fargate: is_fargate(cluster),
        cpu: it.cpu.value.clone(),
        memory: it.memory.value.clone(),
        architecture: it.architecture.literal().copied().unwrap_or(Architecture::X86_64),
        execution_role,
        task_role,
        container: Container {
            name: it.kebab(),
            image: image(&it.image, cx),
            port: it.port.as_ref().map(|it| it.value.clone()),
            command: command.into_iter().flatten().map(|it| cx.field_text(it)).collect(),
            environment: environment(it.environment.as_ref(), cx),
            secrets: secrets(it.secrets.as_ref(), cx),
            log_group,
            health_check: health_check(it, cx),
            read_only_root: it.read_only_root.value.clone(),
            user: it.user.as_ref().map(|it| cx.field_text(it)),
        },
        volumes: volumes(it, cx),
    }
}

/// The name of an image.
pub(super) fn image(image: &Field<Image>, cx: &Lower<'_>) -> Text {
    match &image.value {
        Value::Literal(Image::Name(name)) => cx.text(name),
        Value::Literal(Image::Ecr(ecr)) => Text::pseudo(Pseudo::AccountId)
            .then(".dkr.ecr.")
            .then(Text::pseudo(Pseudo::Region))
            .then(".")
            .then(Text::pseudo(Pseudo::UrlSuffix))
            .then("/")
            .then(super::ecr::repository_of(&ecr.repository, cx))
            .then(":")
            .then(cx.field_text(&ecr.tag)),
        Value::Parameter(name) => Text::parameter(name.clone()),
        Value::Unknown => Text::unknown(),
    }
}

/// Plain variables, sorted by name, so that moving a line changes nothing.
pub(super) fn environment(given: Option<&Field<Map<Text>>>, cx: &Lower<'_>) -> Vec<(String, Text)> {
    let map = given.and_then(Field::literal);
    let mut all: Vec<(String, Text)> = map
        .into_iter()
        .flat_map(|it| &it.0)
        .map(|it| (it.name.clone(), cx.field_text(&it.field)))
        .collect();
    all.sort();
    all
}

/// Variables with secrets, by ARN.
pub(super) fn secrets(
    given: Option<&Field<List<SecretField>>>,
    cx: &Lower<'_>,
) -> Vec<(String, Text)> {
    let list = given.and_then(Field::literal);
    let mut all: Vec<(String, Text)> = list
        .into_iter()
        .flatten()
        .filter_map(Field::literal)
        .filter_map(|it| {
            let value = match &it.source {
                SecretSource::Secret(it) => attribute(&[&it.name, "secret"], Attribute::Arn),
                SecretSource::Arn(it) => cx.text(it),
                SecretSource::Unknown => Text::unknown(),
            };
            Some((it.variable_name()?, value))
        })
        .collect();
    all.sort();
    all
}

fn health_check(it: &EcsService, cx: &Lower<'_>) -> Option<ContainerHealthCheck> {
    let check = it.container_health_check.as_ref()?.literal()?;
    Some(ContainerHealthCheck {
        command: cx.field_text(&check.command),
        interval: check.interval.value.clone(),
        timeout: check.timeout.value.clone(),
        retries: check.retries.value.clone(),
        start_period: check.start_period.value.clone(),
    })
}

fn volumes(it: &EcsService, cx: &Lower<'_>) -> Vec<Volume> {
    let mut all = Vec::new();
    for volume in it.known_volumes() {
        let Some(kind) = volume.source.literal() else {
            continue;
        };
        let path = volume.path.literal().map(String::as_str).unwrap_or_default();
        let name = volume_name(path);
        let source = match kind {
            VolumeKind::Efs(efs) => VolumeSource::Efs {
                file_system: Ref::new(ResourceId::new(&[&efs.name, "file_system"])),
                access_point: Ref::new(ResourceId::new(&[&efs.name, "access_point"])),
            },
            VolumeKind::Host => {
                VolumeSource::Host(format!("/var/lib/{}/{}/{name}", cx.stem(), it.kebab()))
            }
        };
        all.push(Volume { name, path: volume.path.value.clone(), source });
    }
    all
}

/// `qdrant-storage` of `/qdrant/storage`.
pub fn volume_name(path: &str) -> String {
    let name = slug(path).replace('_', "-");
    match name.trim_matches('-') {
        "" => "volume".to_string(),
        it => it.to_string(),
    }
}

fn lower_discovery(
    it: &EcsService,
    cluster: &EcsCluster,
    cx: &mut Lower<'_>,
) -> Option<Ref<DiscoveryService>> {
    if cluster.namespace.is_none() || it.port.is_none() {
        return None;
    }
    let name = match &it.discovery_name {
        Some(it) => it.value.clone(),
        None => Value::Literal(it.kebab()),
    };
    let discovery = DiscoveryService {
        namespace: Ref::new(ResourceId::new(&[&cluster.meta.name, "namespace"])),
        name,
        ttl: DISCOVERY_TTL,
    };
    Some(cx.add(&it.meta, &[&it.meta.name, "discovery"], discovery))
}

/// The load balancers' targets that the service's tasks become, one for each load balancer.
fn lower_targets(it: &EcsService, cx: &mut Lower<'_>) -> Vec<ServiceTarget> {
    let Some(port) = &it.port else {
        return Vec::new();
    };
    let name = it.meta.name.as_str();
    let mut all: Vec<ServiceTarget> = Vec::new();
    for (alb, route) in routes_to(cx.architecture, name) {
        let target_group = target_group_id(&alb.meta.name, name);
        if all.iter().any(|it| it.target_group == target_group) {
            continue;
        }
        let alternate = match rule_of(cx.architecture, alb, route, name, is_blue_green(it)) {
            Some(rule) if is_blue_green(it) => {
                let role = iam::infrastructure_role(it, cx);
                let role = cx.add(&it.meta, &[name, "infrastructure_role"], role);
                let target_group = alternate_target_group_id(&alb.meta.name, name);
                Some(AlternateTarget { target_group, rule, role })
            }
            Some(_) | None => None,
        };
        all.push(ServiceTarget { target_group, port: port.value.clone(), alternate });
    }
    all
}

fn lower_scaling(it: &EcsService, service: &Ref<Service>, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let (minimum, maximum) = tasks(it);
    if minimum == maximum {
        return;
    }
    let cluster: Ref<Cluster> = match it.cluster.literal() {
        Some(it) => Ref::new(ResourceId::new(&[&it.name, "cluster"])),
        None => return,
    };
    let target = ScalableTarget { cluster, service: service.clone(), minimum, maximum };
    let target = cx.add(&it.meta, &[name, "scalable_target"], target);
    let policies = it.scale_on.as_ref().and_then(Field::literal);
    for field in policies.into_iter().flatten() {
        let Some(scale) = field.literal() else {
            continue;
        };
        let Some((role, metric)) = scaling_metric(name, scale, cx) else {
            continue;
        };
        let policy = ScalingPolicy {
            name: Text::literal(format!("{}-{}-{}", cx.stem(), it.kebab(), role.replace('_', "-"))),
            target: target.clone(),
            metric,
            value: scale.value.value.clone(),
            scale_out_cooldown: it.scale_out_cooldown.value.clone(),
            scale_in_cooldown: it.scale_in_cooldown.value.clone(),
        };
        cx.add_at(&it.meta, field.loc, &[name, "scaling", &role], policy);
    }
}

/// A metric with its part in the names of resources.
pub(super) fn scaling_metric(
    name: &str,
    scale: &ScaleOn,
    cx: &Lower<'_>,
) -> Option<(String, ScalingMetric)> {
    let known = match &scale.source {
        ScaleSource::Known(known) => *known,
        ScaleSource::Custom(custom) => {
            let metric = Metric {
                namespace: cx.field_text(&custom.namespace),
                name: cx.field_text(&custom.name),
                dimensions: Vec::new(),
                statistic: custom.statistic,
            };
            return Some((custom_role(&metric.name), ScalingMetric::Custom(metric)));
        }
    };
    let routed = routes_to(cx.architecture, name)
        .first()
        .map(|(alb, _)| (load_balancer_id(&alb.meta.name), target_group_id(&alb.meta.name, name)));
    Some(match known {
        ScaleMetric::Cpu => ("cpu".to_string(), ScalingMetric::Cpu),
        ScaleMetric::Memory => ("memory".to_string(), ScalingMetric::Memory),
        ScaleMetric::RequestsPerTarget => {
            let (load_balancer, target_group) = routed?;
            let metric = ScalingMetric::RequestsPerTarget { load_balancer, target_group };
            ("requests_per_target".to_string(), metric)
        }
        ScaleMetric::ResponseTime => {
            let (load_balancer, target_group) = routed?;
            let full_name = Attribute::FullName;
            let metric = Metric {
                namespace: Text::literal("AWS/ApplicationELB"),
                name: Text::literal(ScaleMetric::ResponseTime.as_str()),
                dimensions: vec![
                    ("LoadBalancer".to_string(), load_balancer.attribute(full_name)),
                    ("TargetGroup".to_string(), target_group.attribute(full_name)),
                ],
                statistic: Statistic::Average,
            };
            ("response_time".to_string(), ScalingMetric::Custom(metric))
        }
    })
}

/// The part that a metric of the team's own has in the names of resources.
pub fn custom_role(name: &Text) -> String {
    match name.as_literal() {
        Some(it) => format!("metric_{}", slug(&it)),
        None => "metric".to_string(),
    }
}
