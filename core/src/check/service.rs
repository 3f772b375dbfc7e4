//! Services: what they need of their cluster (AG0403), health checks (AG0407), host volumes (AG0409),
//! exclusive services (AG0411), names (AG0107), logs (AG0501), Aurora endpoints (AG0510). Size and scaling have files of their own.

use super::{Context, fargate, instances, or_loc, scaling};
use crate::codes::Code;
use crate::declare::ecs_cluster::{ClusterCapacity, Ec2Capacity};
use crate::declare::{EcsCluster, EcsService, Kind, RdsPostgres};
use crate::diagnostic::Diagnostic;
use crate::field::{Field, List, Map, Named};
use crate::loc::Loc;
use crate::lower::route::{all_routes_known, routes_to};
use crate::lower::volume_name;
use crate::resource::ecs::{Architecture, Deployment};
use crate::service_fields::{ContainerCheck, SecretField, TargetCheck, VolumeKind};
use crate::types::{Count, Seconds};
use crate::value::{Part, Text};

/// Checks a service.
pub fn check(it: &EcsService, cx: &mut Context<'_>) {
    cx.range("tasks", &it.tasks);
    scaling::check(&it.into(), cx);
    check_names(it, cx);
    if let Some(days) = &it.log_retention {
        cx.log_retention(days);
    }
    if let Some(check) = it.health_check.as_ref().and_then(Field::literal) {
        check_target_check(check, cx);
    }
    if let Some(check) = it.container_health_check.as_ref().and_then(Field::literal) {
        check_container_check(check, cx);
    }
    check_blue_green(it, cx);
    check_exec(it, cx);
    check_exclusive(it, cx);
    check_variables(it.environment.as_ref(), it.secrets.as_ref(), cx);
    check_volume_paths(it, cx);
    if let Some(cluster) = cx.follow(&it.cluster) {
        check_discovery(it, cluster, cx);
        match cluster.capacity.literal() {
            Some(ClusterCapacity::Fargate | ClusterCapacity::FargateSpot) => {
                fargate::check(it, cx);
                for loc in host_volumes(it) {
                    cx.push(lost_volume(
                        loc,
                        "Fargate has no instances whose folders a task could use",
                    ));
                }
            }
            Some(ClusterCapacity::Ec2(capacity)) => {
                instances::check_task(it, capacity, cx);
                check_host_volumes(it, capacity, cx);
                check_architecture(it, capacity, cx);
            }
            None => {}
        }
    }
}

fn check_names(it: &EcsService, cx: &mut Context<'_>) {
    if let Some(name) = &it.service_name {
        cx.ecs_name("a service's name", name);
    }
    if let Some(name) = &it.log_group {
        cx.log_group_name(name);
    }
    if let Some(name) = &it.discovery_name {
        cx.dns_label("a name in a namespace", name);
    }
}

/// AG0403: a feature needs something that the cluster does not have.
pub(super) fn needs(loc: Loc, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::AG0403, loc, message).help(help)
}

/// A blue-green deployment switches the one rule that leads to the service.
fn check_blue_green(it: &EcsService, cx: &mut Context<'_>) {
    let name = it.meta.name.as_str();
    let routes = routes_to(cx.architecture, name);
    if routes.is_empty() && all_routes_known(cx.architecture) {
        if it.deployment.literal() == Some(&Deployment::BlueGreen) {
            cx.push(needs(
                it.deployment.loc,
                format!(
                    "a blue-green deployment switches a load balancer's rule, and none routes to \
                     `{name}`"
                ),
                "add a route to an `alb!`, or write `deployment: Rolling`",
            ));
        }
        if let Some(field) = &it.health_check {
            cx.push(needs(
                or_loc(it.meta.field("health_check"), field.loc),
                format!("`health_check` is what a load balancer asks, and none routes to `{name}`"),
                "add a route to an `alb!`, or use `container_health_check`",
            ));
        }
    }
    if it.deployment.literal() != Some(&Deployment::BlueGreen) {
        return;
    }
    for (position, (alb, route)) in routes.iter().enumerate() {
        let first = routes[..position].iter().find(|(it, _)| it.meta.name == alb.meta.name);
        if let Some((_, first)) = first {
            cx.push(
                needs(
                    route.loc,
                    format!(
                        "a blue-green deployment switches one rule, and `{}` has another route to \
                         `{name}`",
                        alb.meta.name
                    ),
                    "keep one route to it, or write `deployment: Rolling`",
                )
                .label(first.loc, "the first route is here"),
            );
        }
    }
}

/// A shell needs a place to write.
/// AG0411: an exclusive service may run more than one task.
fn check_exclusive(it: &EcsService, cx: &mut Context<'_>) {
    if it.exclusive.literal() != Some(&true) {
        return;
    }
    let most = it.tasks.literal().and_then(|it| it.last.literal()).filter(|it| it.0 > 1);
    let (loc, message, help) = if let Some(most) = most {
        (
            it.tasks.loc,
            format!("`{}` is exclusive, and may run {most} tasks", it.meta.name),
            "set `tasks: 1`",
        )
    } else if it.deployment.literal() == Some(&Deployment::BlueGreen) {
        (
            it.deployment.loc,
            format!("`{}` is exclusive, and a new version starts beside the old one", it.meta.name),
            "set `deployment: Rolling`",
        )
    } else {
        return;
    };
    let diagnostic = Diagnostic::new(Code::AG0411, loc, message)
        .label(it.meta.field("exclusive"), "two tasks must never write to the same files");
    cx.push(diagnostic.help(help));
}

fn check_exec(it: &EcsService, cx: &mut Context<'_>) {
    if it.exec.literal() == Some(&true) && it.read_only_root.literal() == Some(&true) {
        cx.push(
            needs(
                it.read_only_root.loc,
                format!(
                    "ECS Exec writes to the file system of `{}`, which is read-only",
                    it.meta.name
                ),
                "write `read_only_root: false`, or do without `exec`",
            )
            .label(it.exec.loc, "`exec` is asked for here"),
        );
    }
}

/// Names in the cluster's zone: one's own, and those of others in the environment.
fn check_discovery(it: &EcsService, cluster: &EcsCluster, cx: &mut Context<'_>) {
    if let Some(name) = &it.discovery_name {
        if cluster.namespace.is_none() {
            cx.push(needs(
                name.loc,
                format!(
                    "`discovery_name` needs a namespace, and the cluster `{}` has none",
                    cluster.meta.name
                ),
                "add `namespace: \"shop.local\"` to the cluster",
            ));
        } else if it.port.is_none() {
            cx.push(needs(
                name.loc,
                format!("`{}` has no port, so no name leads to it", it.meta.name),
                "add `port`, or leave `discovery_name` out",
            ));
        }
    }
    for variable in variables(it) {
        for part in variable.field.literal().map(|it| it.0.as_slice()).unwrap_or_default() {
            let Part::Member(reference) = part else {
                continue;
            };
            if reference.kind != Kind::EcsService || reference.member.as_deref() != Some("host") {
                continue;
            }
            let Some(peer) = cx.architecture.get::<EcsService>(&reference.name) else {
                continue;
            };
            let Some(home) = cx.follow(&peer.cluster) else {
                continue;
            };
            let missing = if home.namespace.is_none() {
                format!("its cluster `{}` has no namespace", home.meta.name)
            } else if peer.port.is_none() {
                "it has no port".to_string()
            } else {
                continue;
            };
            cx.push(needs(
                variable.field.loc,
                format!("`{}` has no host name: {missing}", reference.name),
                "give the cluster a `namespace` and the service a `port`",
            ));
        }
    }
}

/// The instruction set of the image and that of the instances.
fn check_architecture(it: &EcsService, capacity: &Ec2Capacity, cx: &mut Context<'_>) {
    let (Some(built), Some(name)) = (it.architecture.literal(), capacity.instance.literal()) else {
        return;
    };
    let has = if instances::is_graviton(name) { Architecture::Arm64 } else { Architecture::X86_64 };
    if *built != has {
        cx.push(
            needs(
                or_loc(it.architecture.loc, it.meta.loc),
                format!(
                    "`{}` is built for {}, and `{name}` has {} processors",
                    it.meta.name,
                    built.as_str(),
                    has.as_str()
                ),
                "build the image for the instances and say so with `architecture`, or choose other \
                 instances",
            )
            .label(capacity.instance.loc, "the instance type is given here"),
        );
    }
}

/// AG0409: a host volume cannot follow its task.
fn lost_volume(loc: Loc, why: &str) -> Diagnostic {
    Diagnostic::new(Code::AG0409, loc, why)
        .help("store the files on an `efs!`, or in a database or cache of AWS's")
}

fn host_volumes(it: &EcsService) -> Vec<Loc> {
    it.known_volumes()
        .filter(|it| it.source.literal() == Some(&VolumeKind::Host))
        .map(|it| it.source.loc)
        .collect()
}

fn check_host_volumes(it: &EcsService, capacity: &Ec2Capacity, cx: &mut Context<'_>) {
    let most = |field: Option<&crate::types::Bounds<Count>>| {
        field.and_then(|it| it.last.literal()).map_or(0, |it| it.0)
    };
    let tasks = most(it.tasks.literal());
    let hosts = most(capacity.instances.literal());
    for loc in host_volumes(it) {
        if tasks > 1 {
            let why = format!(
                "`{}` may run {tasks} tasks, and each sees only the folder of its own instance",
                it.meta.name
            );
            cx.push(lost_volume(loc, &why));
        } else if hosts > 1 {
            let why = format!(
                "the cluster may have {hosts} instances, and what `{}` stored is lost when its task \
                 moves to another",
                it.meta.name
            );
            cx.push(
                lost_volume(loc, &why)
                    .label(capacity.instances.loc, "the number of instances is given here"),
            );
        }
    }
}

fn check_volume_paths(it: &EcsService, cx: &mut Context<'_>) {
    let mut seen: Vec<(String, Loc)> = Vec::new();
    for volume in it.known_volumes() {
        let Some(path) = volume.path.literal() else {
            continue;
        };
        if !path.starts_with('/') {
            cx.bad_name(
                volume.path.loc,
                format!("the path of a volume starts with `/`, and `{path}` does not"),
                "write where the container sees it, such as `/data`",
            );
        }
        let name = volume_name(path);
        match seen.iter().find(|(it, _)| *it == name) {
            Some((_, first)) => cx.push(given_twice(volume.path.loc, path, *first)),
            None => seen.push((name, volume.path.loc)),
        }
    }
}

/// AG0006: a field is given twice.
fn given_twice(loc: Loc, name: &str, first: Loc) -> Diagnostic {
    Diagnostic::new(Code::AG0006, loc, format!("`{name}` is given twice"))
        .label(first, "it is given here first")
        .help("keep one of them")
}

fn variables(it: &EcsService) -> impl Iterator<Item = &Named<Text>> {
    it.environment.as_ref().and_then(Field::literal).into_iter().flat_map(|it| &it.0)
}

/// Variables: none given twice, as text and as a secret; none that leads to Aurora where there is none.
pub(super) fn check_variables(
    environment: Option<&Field<Map<Text>>>,
    secrets: Option<&Field<List<SecretField>>>,
    cx: &mut Context<'_>,
) {
    let variables = || environment.and_then(Field::literal).into_iter().flat_map(|it| &it.0);
    let mut seen: Vec<(String, Loc)> = variables().map(|it| (it.name.clone(), it.loc)).collect();
    let list = secrets.and_then(Field::literal);
    for field in list.into_iter().flatten() {
        let Some(secret) = field.literal() else {
            continue;
        };
        if let Some(variable) = &secret.variable
            && variable.value.literal().is_none()
            && variable.value != crate::value::Value::Unknown
        {
            cx.bad_name(
                variable.loc,
                "the name of a variable must be known before it is deployed".to_string(),
                "write it as text",
            );
        }
        let Some(name) = secret.variable_name() else {
            continue;
        };
        match seen.iter().find(|(it, _)| *it == name) {
            Some((_, first)) => cx.push(given_twice(field.loc, &name, *first)),
            None => seen.push((name, field.loc)),
        }
    }
    for variable in variables() {
        check_endpoint(variable, cx);
    }
}

/// AG0510: an Aurora endpoint is used for an RDS instance.
fn check_endpoint(variable: &Named<Text>, cx: &mut Context<'_>) {
    let Some(text) = variable.field.literal().and_then(Text::as_literal) else {
        return;
    };
    if !text.contains(".cluster-") || !text.contains(".rds.amazonaws.com") {
        return;
    }
    let Some(database) = cx.architecture.all::<RdsPostgres>().next() else {
        return;
    };
    let name = database.meta.name.as_str();
    cx.push(
        Diagnostic::new(
            Code::AG0510,
            variable.field.loc,
            format!(
                "`{}` leads to an Aurora cluster, and `{name}` is an RDS instance",
                variable.name
            ),
        )
        .note("only the endpoints of Aurora clusters have `.cluster-` in their names")
        .help(format!("use `{name}.endpoint`")),
    );
}

/// AG0407: a container's or target's health check is outside the limits.
fn outside(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0407, loc, message)
}

fn seconds(what: &str, field: &Field<Seconds>, least: u32, most: u32, cx: &mut Context<'_>) {
    if let Some(it) = field.literal()
        && !(least..=most).contains(&it.0)
    {
        cx.push(
            outside(field.loc, format!("{what} of {}s is not from {least}s to {most}s", it.0))
                .help(format!("give {}s", it.0.clamp(least, most))),
        );
    }
}

fn count(what: &str, field: &Field<Count>, least: u32, most: u32, cx: &mut Context<'_>) {
    if let Some(it) = field.literal()
        && !(least..=most).contains(&it.0)
    {
        cx.push(
            outside(field.loc, format!("{what} of {it} is not from {least} to {most}"))
                .help(format!("give {}", it.0.clamp(least, most))),
        );
    }
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>
pub(super) fn check_target_check(it: &TargetCheck, cx: &mut Context<'_>) {
    seconds("an interval", &it.interval, 5, 300, cx);
    seconds("a timeout", &it.timeout, 2, 120, cx);
    count("a threshold", &it.healthy, 2, 10, cx);
    count("a threshold", &it.unhealthy, 2, 10, cx);
    if let (Some(timeout), Some(interval)) = (it.timeout.literal(), it.interval.literal())
        && timeout >= interval
    {
        cx.push(
            outside(
                or_loc(it.timeout.loc, it.interval.loc),
                format!(
                    "a timeout of {}s is not less than the interval of {}s",
                    timeout.0, interval.0
                ),
            )
            .help("ask less often, or wait less long"),
        );
    }
    if let Some(path) = it.path.literal()
        && (!path.starts_with('/') || path.len() > 1024)
    {
        cx.push(
            outside(it.path.loc, format!("the path `{path}` does not start with `/`"))
                .help("write a path of up to 1024 characters such as `/health`"),
        );
    }
    if let Some(matcher) = it.matcher.literal()
        && !is_matcher(matcher)
    {
        cx.push(
            outside(it.matcher.loc, format!("`{matcher}` names no status codes from 200 to 499"))
                .help("write `200`, `200,202` or `200-299`"),
        );
    }
}

/// Whether the text is status codes and ranges of them.
fn is_matcher(text: &str) -> bool {
    let code = |it: &str| it.parse::<u16>().ok().filter(|it| (200..=499).contains(it));
    text.split(',').all(|part| match part.split_once('-') {
        Some((first, last)) => {
            matches!((code(first), code(last)), (Some(first), Some(last)) if first <= last)
        }
        None => code(part).is_some(),
    })
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html>
fn check_container_check(it: &ContainerCheck, cx: &mut Context<'_>) {
    seconds("an interval", &it.interval, 5, 300, cx);
    seconds("a timeout", &it.timeout, 2, 60, cx);
    count("a number of retries", &it.retries, 1, 10, cx);
    seconds("a start period", &it.start_period, 0, 300, cx);
}
