//! The values of `alarm!` and `dashboard!`: what is watched, and when an alarm goes off.

use crate::field::{FieldType, Reader, Word};
use crate::node::{Comparison, Node};
use crate::resource::cloudwatch::Statistic;
use crate::service_fields::CustomMetric;
use crate::types::{Number, Percent, Seconds, Storage};
use crate::value::{Field, Text, Value};

crate::any_of! {
    /// A declaration that has metrics.
    Watched WatchedKind: "a service, cluster, database, cache, load balancer or file system" {
        EcsService EcsCluster EksCluster RdsPostgres Redis Alb Efs
    }
}

crate::words! {
    /// What an alarm watches of a declaration.
    WatchedMetric: "metrics" {
        /// CPU in percent.
        Cpu = "CPUUtilization",
        /// Memory in percent.
        Memory = "MemoryUtilization",
        /// Tasks that run.
        RunningTasks = "RunningTaskCount",
        /// The time in which targets answer.
        ResponseTime = "TargetResponseTime",
        /// Requests.
        Requests = "RequestCount",
        /// Requests a minute to each target.
        RequestsPerTarget = "RequestCountPerTarget",
        /// The share of requests that fail, in percent.
        ErrorRate = "ErrorRate",
        /// Answers with a status from 500 up by targets.
        ServerErrors = "HTTPCode_Target_5XX_Count",
        /// Targets that fail their health check.
        UnhealthyTargets = "UnHealthyHostCount",
        /// Targets that pass their health check.
        HealthyTargets = "HealthyHostCount",
        /// Connections to a database or cache.
        Connections = "DatabaseConnections",
        /// Free storage of a database.
        FreeStorage = "FreeStorageSpace",
        /// Free memory of a database or cache.
        FreeMemory = "FreeableMemory",
        /// The time a read takes.
        ReadLatency = "ReadLatency",
        /// The time a write takes.
        WriteLatency = "WriteLatency",
        /// How far a replica is behind.
        ReplicaLag = "ReplicaLag",
        /// Keys that a cache threw out for lack of memory.
        Evictions = "Evictions",
        /// The share of its I/O that a file system uses, in percent.
        IoLimit = "PercentIOLimit",
        /// Pods of a Kubernetes cluster that wait for a node.
        PendingPods = "scheduler_pending_pods",
        /// Pods of a Kubernetes cluster that no node can take.
        UnschedulablePods = "scheduler_pending_pods_UNSCHEDULABLE",
    }
}

/// The metric of an alarm.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmMetricSource {
    /// A metric that AWS keeps.
    Known(WatchedMetric),
    /// A metric of the team's own.
    Custom(CustomMetric),
}

/// `Cpu > 80pct`: when an alarm goes off.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmMetric {
    /// The metric.
    pub source: AlarmMetricSource,
    /// How it is compared.
    pub comparison: Comparison,
    /// The threshold, in the unit of the metric.
    pub threshold: Field<Number>,
}

impl FieldType for AlarmMetric {
    fn expected() -> String {
        "a metric and a threshold such as `Cpu > 80pct`, `ResponseTime > 2s` or \
         `metric(\"Shop\", \"Orders\") < 1`"
            .to_string()
    }

    fn words(words: &mut Vec<Word>) {
        WatchedMetric::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some((metric, comparison, threshold)) = node.as_compare() else {
            return reader.wrong(node, &Self::expected());
        };
        if let Some(("metric", [namespace, name])) = metric.as_call() {
            return Value::Literal(AlarmMetric {
                source: AlarmMetricSource::Custom(CustomMetric {
                    namespace: Field { value: Text::read(namespace, reader), loc: namespace.loc },
                    name: Field { value: Text::read(name, reader), loc: name.loc },
                    statistic: Statistic::Average,
                }),
                comparison,
                threshold: reader.read(threshold),
            });
        }
        match WatchedMetric::read(metric, reader) {
            Value::Literal(known) => Value::Literal(AlarmMetric {
                source: AlarmMetricSource::Known(known),
                comparison,
                threshold: Field {
                    value: read_threshold(known, threshold, reader),
                    loc: threshold.loc,
                },
            }),
            Value::Parameter(_) | Value::Unknown => Value::Unknown,
        }
    }
}

/// Reads a threshold in the unit that the metric is measured in.
fn read_threshold(metric: WatchedMetric, node: &Node, reader: &mut Reader<'_>) -> Value<Number> {
    match metric {
        WatchedMetric::Cpu
        | WatchedMetric::Memory
        | WatchedMetric::ErrorRate
        | WatchedMetric::IoLimit => Percent::read(node, reader).map(|it| Number(it.0)),
        WatchedMetric::ResponseTime
        | WatchedMetric::ReadLatency
        | WatchedMetric::WriteLatency
        | WatchedMetric::ReplicaLag => match node.as_quantity() {
            Some((number, "ms")) => Value::Literal(Number(number / 1000.0)),
            Some(_) | None => Seconds::read(node, reader).map(|it| Number(f64::from(it.0))),
        },
        WatchedMetric::FreeStorage => {
            Storage::read(node, reader).map(|it| Number(f64::from(it.0) * 1024.0 * 1024.0 * 1024.0))
        }
        WatchedMetric::FreeMemory => crate::types::Memory::read(node, reader)
            .map(|it| Number(f64::from(it.0) * 1024.0 * 1024.0)),
        WatchedMetric::RunningTasks
        | WatchedMetric::Requests
        | WatchedMetric::RequestsPerTarget
        | WatchedMetric::ServerErrors
        | WatchedMetric::UnhealthyTargets
        | WatchedMetric::HealthyTargets
        | WatchedMetric::Connections
        | WatchedMetric::Evictions
        | WatchedMetric::PendingPods
        | WatchedMetric::UnschedulablePods => Number::read(node, reader),
    }
}
