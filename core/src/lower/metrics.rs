//! Which metric of CloudWatch a watched declaration has, with its dimensions and its usual statistic.
//!
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html>,
//! <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html>,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html>,
//! <https://docs.aws.amazon.com/efs/latest/ug/efs-metrics.html>,
//! <https://docs.aws.amazon.com/eks/latest/userguide/cloudwatch.html>

use super::{attribute, cache};
use crate::architecture::Architecture;
use crate::declare::{Alb, EcsCluster, EcsService, RdsPostgres, Redis};
use crate::metric_fields::{Watched, WatchedKind, WatchedMetric};
use crate::resource::Attribute;
use crate::resource::cloudwatch::{AlarmSource, Metric, Statistic};
use crate::value::Text;

use WatchedMetric as M;

/// The metrics that declarations of a kind have.
pub const fn metrics_of(kind: WatchedKind) -> &'static [WatchedMetric] {
    match kind {
        WatchedKind::EcsService => &[
            M::Cpu,
            M::Memory,
            M::RunningTasks,
            M::ResponseTime,
            M::Requests,
            M::RequestsPerTarget,
            M::ErrorRate,
            M::ServerErrors,
            M::UnhealthyTargets,
            M::HealthyTargets,
        ],
        WatchedKind::EcsCluster => &[M::Cpu, M::Memory, M::RunningTasks],
        // Of the control plane, which reports by itself; nodes and pods need an agent.
        WatchedKind::EksCluster => {
            &[M::Requests, M::ErrorRate, M::ServerErrors, M::PendingPods, M::UnschedulablePods]
        }
        WatchedKind::Alb => &[
            M::ResponseTime,
            M::Requests,
            M::RequestsPerTarget,
            M::ErrorRate,
            M::ServerErrors,
            M::UnhealthyTargets,
            M::HealthyTargets,
        ],
        WatchedKind::RdsPostgres => &[
            M::Cpu,
            M::Connections,
            M::FreeStorage,
            M::FreeMemory,
            M::ReadLatency,
            M::WriteLatency,
            M::ReplicaLag,
        ],
        WatchedKind::Redis => {
            &[M::Cpu, M::Memory, M::Connections, M::FreeMemory, M::ReplicaLag, M::Evictions]
        }
        WatchedKind::Efs => &[M::Connections, M::IoLimit],
    }
}

/// How the values of a period usually become one.
const fn usual_statistic(metric: WatchedMetric) -> Statistic {
    match metric {
        M::Cpu
        | M::Memory
        | M::RunningTasks
        | M::ResponseTime
        | M::ReadLatency
        | M::WriteLatency => Statistic::Average,
        M::Requests
        | M::RequestsPerTarget
        | M::ErrorRate
        | M::ServerErrors
        | M::Evictions
        | M::PendingPods
        | M::UnschedulablePods => Statistic::Sum,
        M::UnhealthyTargets | M::Connections | M::ReplicaLag | M::IoLimit => Statistic::Maximum,
        M::HealthyTargets | M::FreeStorage | M::FreeMemory => Statistic::Minimum,
    }
}

/// The services that a load balancer sends requests to, each once; none where that is not known.
pub fn routed(alb: &Alb) -> Option<Vec<&str>> {
    let mut names: Vec<&str> = Vec::new();
    for route in alb.routes.literal()? {
        let name = route.literal()?.value.literal()?.name();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}

/// The first load balancer, by name, that sends requests to a service.
pub fn router<'a>(architecture: &'a Architecture, service: &str) -> Option<&'a Alb> {
    architecture.all::<Alb>().find(|alb| {
        alb.routes.literal().into_iter().flatten().any(|route| {
            route.literal().and_then(|it| it.value.literal()).is_some_and(|it| it.name() == service)
        })
    })
}

fn metric(
    namespace: &str,
    name: &str,
    dimensions: Vec<(&str, Text)>,
    statistic: Statistic,
) -> Metric {
    Metric {
        namespace: Text::literal(namespace),
        name: Text::literal(name),
        dimensions: dimensions.into_iter().map(|(key, value)| (key.to_string(), value)).collect(),
        statistic,
    }
}

/// The metric of a load balancer, of one of its target groups if `service` is given.
fn balanced(alb: &str, service: Option<&str>, name: &str, statistic: Statistic) -> Metric {
    let mut dimensions = Vec::new();
    if let Some(service) = service {
        let group = attribute(&[alb, service, "target_group"], Attribute::FullName);
        dimensions.push(("TargetGroup", group));
    }
    dimensions.push(("LoadBalancer", attribute(&[alb, "load_balancer"], Attribute::FullName)));
    metric("AWS/ApplicationELB", name, dimensions, statistic)
}

/// The metric of what a load balancer does for a service, or for all of its own.
fn requests(
    architecture: &Architecture,
    alb: &Alb,
    service: Option<&str>,
    watched: WatchedMetric,
    statistic: Statistic,
) -> Option<AlarmSource> {
    // CloudWatch has some metrics for target groups only: a load balancer with one service has them.
    let only = || match service {
        Some(it) => Some(it),
        None => match routed(alb)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        },
    };
    let name = watched.as_str();
    let edge = alb.meta.name.as_str();
    Some(match watched {
        M::ErrorRate => AlarmSource::PercentOf {
            part: balanced(edge, service, M::ServerErrors.as_str(), Statistic::Sum),
            whole: balanced(edge, service, M::Requests.as_str(), Statistic::Sum),
            label: format!("{} error rate", architecture.identity(service.unwrap_or(edge))),
        },
        M::ResponseTime | M::Requests | M::ServerErrors => {
            AlarmSource::Metric(balanced(edge, service, name, statistic))
        }
        M::RequestsPerTarget | M::UnhealthyTargets | M::HealthyTargets => {
            AlarmSource::Metric(balanced(edge, Some(only()?), name, statistic))
        }
        M::Cpu
        | M::Memory
        | M::RunningTasks
        | M::Connections
        | M::FreeStorage
        | M::FreeMemory
        | M::ReadLatency
        | M::WriteLatency
        | M::ReplicaLag
        | M::Evictions
        | M::IoLimit
        | M::PendingPods
        | M::UnschedulablePods => return None,
    })
}

/// The metric `watched` of a declaration; none if it does not have it.
pub fn source(
    architecture: &Architecture,
    of: &Watched,
    watched: WatchedMetric,
    statistic: Option<Statistic>,
) -> Option<AlarmSource> {
    if !metrics_of(of.kind).contains(&watched) {
        return None;
    }
    // EFS counts its clients as a sum over the period.
    let counted = of.kind == WatchedKind::Efs && watched == M::Connections;
    let usual = if counted { Statistic::Sum } else { usual_statistic(watched) };
    let statistic = statistic.unwrap_or(usual);
    let name = of.name.as_str();
    let one = |it: Metric| Some(AlarmSource::Metric(it));
    match of.kind {
        WatchedKind::EcsService => {
            let service = architecture.get::<EcsService>(name)?;
            let cluster = &service.cluster.literal()?.name;
            let dimensions = vec![
                ("ClusterName", attribute(&[cluster, "cluster"], Attribute::Name)),
                ("ServiceName", attribute(&[name, "service"], Attribute::Name)),
            ];
            match watched {
                M::Cpu | M::Memory => {
                    one(metric("AWS/ECS", watched.as_str(), dimensions, statistic))
                }
                M::RunningTasks => {
                    one(metric("ECS/ContainerInsights", watched.as_str(), dimensions, statistic))
                }
                M::ResponseTime
                | M::Requests
                | M::RequestsPerTarget
                | M::ErrorRate
                | M::ServerErrors
                | M::UnhealthyTargets
                | M::HealthyTargets
                | M::Connections
                | M::FreeStorage
                | M::FreeMemory
                | M::ReadLatency
                | M::WriteLatency
                | M::ReplicaLag
                | M::Evictions
                | M::IoLimit
                | M::PendingPods
                | M::UnschedulablePods => requests(
                    architecture,
                    router(architecture, name)?,
                    Some(name),
                    watched,
                    statistic,
                ),
            }
        }
        WatchedKind::EcsCluster => {
            let dimensions = vec![("ClusterName", attribute(&[name, "cluster"], Attribute::Name))];
            if watched == M::RunningTasks {
                one(metric("ECS/ContainerInsights", "TaskCount", dimensions, statistic))
            } else {
                one(metric("AWS/ECS", watched.as_str(), dimensions, statistic))
            }
        }
        WatchedKind::EksCluster => {
            let of = |spelled: &str, statistic| {
                let cluster = attribute(&[name, "cluster"], Attribute::Name);
                metric("AWS/EKS", spelled, vec![("ClusterName", cluster)], statistic)
            };
            let (all, failed) = ("apiserver_request_total", "apiserver_request_total_5XX");
            if watched == M::ErrorRate {
                Some(AlarmSource::PercentOf {
                    part: of(failed, Statistic::Sum),
                    whole: of(all, Statistic::Sum),
                    label: format!("{} error rate", architecture.identity(name)),
                })
            } else if watched == M::Requests {
                one(of(all, statistic))
            } else if watched == M::ServerErrors {
                one(of(failed, statistic))
            } else {
                one(of(watched.as_str(), statistic))
            }
        }
        WatchedKind::Alb => {
            requests(architecture, architecture.get::<Alb>(name)?, None, watched, statistic)
        }
        WatchedKind::RdsPostgres => {
            let instance = match watched == M::ReplicaLag {
                true => attribute(&[name, "replica", "1"], Attribute::Id),
                false => attribute(&[name, "instance"], Attribute::Id),
            };
            let dimensions = vec![("DBInstanceIdentifier", instance)];
            one(metric("AWS/RDS", watched.as_str(), dimensions, statistic))
        }
        WatchedKind::Redis => {
            let cache = architecture.get::<Redis>(name)?;
            let (spelled, node) = match watched {
                M::Memory => ("DatabaseMemoryUsagePercentage", 1),
                M::Connections => ("CurrConnections", 1),
                M::ReplicaLag => ("ReplicationLag", 2),
                M::Cpu
                | M::RunningTasks
                | M::ResponseTime
                | M::Requests
                | M::RequestsPerTarget
                | M::ErrorRate
                | M::ServerErrors
                | M::UnhealthyTargets
                | M::HealthyTargets
                | M::FreeStorage
                | M::FreeMemory
                | M::ReadLatency
                | M::WriteLatency
                | M::Evictions
                | M::IoLimit
                | M::PendingPods
                | M::UnschedulablePods => (watched.as_str(), 1),
            };
            let dimensions = vec![("CacheClusterId", cache::node_id(cache, node))];
            one(metric("AWS/ElastiCache", spelled, dimensions, statistic))
        }
        WatchedKind::Efs => {
            let dimensions =
                vec![("FileSystemId", attribute(&[name, "file_system"], Attribute::Id))];
            let spelled = match watched == M::Connections {
                true => "ClientConnections",
                false => watched.as_str(),
            };
            one(metric("AWS/EFS", spelled, dimensions, statistic))
        }
    }
}

/// Why a declaration does not have a metric that its kind has; none if it has it or that is not
/// known.
pub fn missing(
    architecture: &Architecture,
    of: &Watched,
    watched: WatchedMetric,
) -> Option<(String, String)> {
    let name = of.name.as_str();
    match of.kind {
        WatchedKind::EcsService | WatchedKind::EcsCluster => {
            let cluster = match of.kind == WatchedKind::EcsService {
                true => architecture.follow(&architecture.get::<EcsService>(name)?.cluster),
                false => architecture.get::<EcsCluster>(name),
            };
            if let Some(cluster) = cluster {
                let at = cluster.meta.name.as_str();
                if watched == M::RunningTasks
                    && cluster.container_insights.literal() == Some(&false)
                {
                    return Some((
                        format!("`{at}` does not collect it"),
                        format!("give `{at}` the field `container_insights: true`"),
                    ));
                }
                let instances = cluster.capacity.literal().is_none() || cluster.has_instances();
                let share = matches!(watched, M::Cpu | M::Memory);
                if of.kind == WatchedKind::EcsCluster && share && !instances {
                    return Some((
                        format!("`{at}` has no instances of its own"),
                        "watch the services".to_string(),
                    ));
                }
            }
            let own = matches!(watched, M::Cpu | M::Memory | M::RunningTasks);
            let known =
                !architecture.open && architecture.all::<Alb>().all(|alb| routed(alb).is_some());
            (!own && known && router(architecture, name).is_none()).then(|| {
                (
                    format!("no load balancer sends requests to `{name}`"),
                    format!("add a route to `{name}` to an `alb!`, or watch another metric"),
                )
            })
        }
        WatchedKind::Alb => {
            let alb = architecture.get::<Alb>(name)?;
            let of_targets =
                matches!(watched, M::RequestsPerTarget | M::UnhealthyTargets | M::HealthyTargets);
            let several = routed(alb)?.len() != 1;
            (of_targets && several).then(|| {
                (
                    format!("`{name}` has several services, and CloudWatch keeps it for each"),
                    "watch one of the services".to_string(),
                )
            })
        }
        WatchedKind::RdsPostgres => {
            let database = architecture.get::<RdsPostgres>(name)?;
            (watched == M::ReplicaLag && database.replicas.literal()?.0 == 0).then(|| {
                (
                    format!("`{name}` has no replicas"),
                    format!("give `{name}` the field `replicas: 1`"),
                )
            })
        }
        WatchedKind::Redis => {
            let cache = architecture.get::<Redis>(name)?;
            (watched == M::ReplicaLag && cache.replicas.literal()?.0 == 0).then(|| {
                (
                    format!("`{name}` has no replicas"),
                    format!("give `{name}` the field `replicas: 1`"),
                )
            })
        }
        WatchedKind::Efs | WatchedKind::EksCluster => None,
    }
}
