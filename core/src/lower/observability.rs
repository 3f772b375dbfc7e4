//! Lowers `alarm!` and `dashboard!`.

use super::Lower;
use super::metrics::{missing, source};
use crate::declare::{Alarm as AlarmDeclaration, Dashboard as DashboardDeclaration};
use crate::field::Field;
use crate::metric_fields::{AlarmMetric, AlarmMetricSource, WatchedKind, WatchedMetric};
use crate::node::Comparison;
use crate::notify_fields::TopicArn;
use crate::resource::cloudwatch::{AlarmSource, Metric, Widget};
use crate::resource::{Alarm, Dashboard};
use crate::types::{Count, Seconds};
use crate::value::{Text, Value};

use WatchedMetric as M;

/// What an alarm compares, if that is known.
fn alarm_source(
    alarm: &AlarmDeclaration,
    when: &AlarmMetric,
    cx: &Lower<'_>,
) -> Option<AlarmSource> {
    let statistic = match &alarm.statistic {
        Some(field) => Some(*field.literal()?),
        None => None,
    };
    match &when.source {
        AlarmMetricSource::Known(known) => {
            source(cx.architecture, alarm.watch.literal()?, *known, statistic)
        }
        AlarmMetricSource::Custom(custom) => Some(AlarmSource::Metric(Metric {
            namespace: cx.field_text(&custom.namespace),
            name: cx.field_text(&custom.name),
            dimensions: Vec::new(),
            statistic: statistic.unwrap_or(custom.statistic),
        })),
    }
}

/// The number of periods in a time, if it is a whole one.
pub fn periods(lasting: &Field<Seconds>, period: &Field<Seconds>) -> Value<Count> {
    match (lasting.literal(), period.literal()) {
        (Some(lasting), Some(period)) if period.0 > 0 && lasting.0 >= period.0 => {
            Value::Literal(Count(lasting.0 / period.0))
        }
        (Some(_) | None, Some(_) | None) => Value::Unknown,
    }
}

/// Whether no value at all is as bad as a bad one: nothing runs, so nothing reports.
fn missing_is_breaching(when: &AlarmMetric) -> bool {
    let less = matches!(when.comparison, Comparison::Less | Comparison::LessOrEqual);
    let counted =
        matches!(when.source, AlarmMetricSource::Known(M::RunningTasks | M::HealthyTargets));
    // What the team counts itself is often not sent at all when there is nothing to count.
    less && (counted || matches!(when.source, AlarmMetricSource::Custom(_)))
}

/// Lowers an alarm. One whose metric is not known here is left out: it has been reported, or is
/// lowered at build time.
pub fn lower_alarm(alarm: &AlarmDeclaration, cx: &mut Lower<'_>) {
    let Some(when) = alarm.when.literal() else {
        return;
    };
    let Some(source) = alarm_source(alarm, when, cx) else {
        return;
    };
    let name = alarm.meta.name.as_str();
    let notify = alarm.notify.as_ref().and_then(Field::literal);
    let resource = Alarm {
        name: Text::literal(format!("{}-{}", cx.stem(), alarm.meta.identity())),
        description: match &alarm.description {
            Some(it) => cx.field_text(it),
            None => Text::literal(describe(alarm, when, cx)),
        },
        source,
        comparison: when.comparison,
        threshold: when.threshold.value.clone(),
        period: alarm.period.value.clone(),
        periods: periods(&alarm.lasting, &alarm.period),
        datapoints: alarm.out_of.as_ref().map(|it| it.value.clone()),
        missing_is_breaching: missing_is_breaching(when),
        actions: notify
            .into_iter()
            .flatten()
            .map(|it| cx.field_text(&TopicArn::text(it)))
            .collect(),
    };
    cx.add(&alarm.meta, &[name, "alarm"], resource);
}

/// `Cpu of backend > 80 for 300s`: what an alarm means where the author says nothing.
fn describe(alarm: &AlarmDeclaration, when: &AlarmMetric, cx: &Lower<'_>) -> String {
    let metric = match &when.source {
        AlarmMetricSource::Known(it) => it.word().to_string(),
        AlarmMetricSource::Custom(it) => {
            it.name.literal().and_then(Text::as_literal).unwrap_or_else(|| "metric".to_string())
        }
    };
    let watched = alarm.watch.literal().map_or("", |it| cx.architecture.identity(&it.name));
    let threshold =
        when.threshold.literal().map_or_else(|| "its threshold".to_string(), |it| it.0.to_string());
    let lasting = alarm.lasting.literal().map_or_else(String::new, |it| format!(" for {}s", it.0));
    format!("{metric} of {watched} {} {threshold}{lasting}", when.comparison.as_str())
}

/// The graphs of a declaration: what they show and the metrics in them.
fn graphs(kind: WatchedKind) -> &'static [(&'static str, &'static [WatchedMetric])] {
    match kind {
        WatchedKind::EcsService => &[
            ("CPU and memory in percent", &[M::Cpu, M::Memory]),
            ("running tasks", &[M::RunningTasks]),
            ("requests and server errors", &[M::Requests, M::ServerErrors]),
            ("response time in seconds", &[M::ResponseTime]),
            ("healthy and unhealthy targets", &[M::HealthyTargets, M::UnhealthyTargets]),
        ],
        WatchedKind::EcsCluster => &[
            ("CPU and memory in percent", &[M::Cpu, M::Memory]),
            ("running tasks", &[M::RunningTasks]),
        ],
        WatchedKind::EksCluster => &[
            ("requests to the Kubernetes API and server errors", &[M::Requests, M::ServerErrors]),
            ("pods without a node", &[M::PendingPods, M::UnschedulablePods]),
        ],
        WatchedKind::Alb => &[
            ("requests and server errors", &[M::Requests, M::ServerErrors]),
            ("response time in seconds", &[M::ResponseTime]),
        ],
        WatchedKind::RdsPostgres => &[
            ("CPU in percent", &[M::Cpu]),
            ("connections", &[M::Connections]),
            ("free storage in bytes", &[M::FreeStorage]),
            ("free memory in bytes", &[M::FreeMemory]),
            ("read and write latency in seconds", &[M::ReadLatency, M::WriteLatency]),
            ("replica lag in seconds", &[M::ReplicaLag]),
        ],
        WatchedKind::Redis => &[
            ("CPU and memory in percent", &[M::Cpu, M::Memory]),
            ("connections", &[M::Connections]),
            ("evictions", &[M::Evictions]),
            ("replication lag in seconds", &[M::ReplicaLag]),
        ],
        WatchedKind::Efs => &[
            ("client connections", &[M::Connections]),
            ("share of the I/O limit in percent", &[M::IoLimit]),
        ],
    }
}

/// Lowers a dashboard.
pub fn lower_dashboard(dashboard: &DashboardDeclaration, cx: &mut Lower<'_>) {
    let Some(watch) = dashboard.watch.literal() else {
        return;
    };
    let mut widgets = Vec::new();
    for watched in watch.iter().filter_map(Field::literal) {
        for (title, shown) in graphs(watched.kind) {
            let metrics: Vec<Metric> = shown
                .iter()
                .filter(|it| missing(cx.architecture, watched, **it).is_none())
                .filter_map(|it| match source(cx.architecture, watched, *it, None)? {
                    AlarmSource::Metric(metric) => Some(metric),
                    AlarmSource::PercentOf { .. } => None,
                })
                .collect();
            if !metrics.is_empty() {
                let name = cx.architecture.identity(&watched.name);
                widgets.push(Widget { title: format!("{name}: {title}"), metrics });
            }
        }
    }
    let name = match &dashboard.dashboard_name {
        Some(it) => cx.string_text(it),
        None => Text::literal(format!("{}-{}", cx.stem(), dashboard.meta.identity())),
    };
    cx.add(&dashboard.meta, &[&dashboard.meta.name, "dashboard"], Dashboard { name, widgets });
}
