//! Checks of `alarm!` and `dashboard!`.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>

use super::Context;
use super::findings::{bad_name, limit};
use crate::declare::{Alarm, Dashboard};
use crate::field::Field;
use crate::lower::metrics::{metrics_of, missing};
use crate::lower::observability::periods;
use crate::metric_fields::{AlarmMetricSource, WatchedMetric};
use crate::suggest;
use crate::value::Value;

/// The longest time an alarm looks back, in seconds.
const LONGEST: u32 = 86_400;
/// How many actions an alarm may have for one state.
const ACTIONS: usize = 5;

/// Checks an alarm.
pub fn check_alarm(alarm: &Alarm, cx: &mut Context<'_>) {
    time(alarm, cx);
    metric(alarm, cx);
    if let Some(field) = &alarm.notify
        && let Some(told) = field.literal()
        && told.len() > ACTIONS
    {
        limit(
            cx,
            field.loc,
            format!("an alarm tells {ACTIONS} topics at most, and this one tells {}", told.len()),
            "tell one topic, and subscribe the others' receivers to it",
        );
    }
    if let Some(field) = &alarm.out_of
        && let Some(enough) = field.literal()
        && let Value::Literal(all) = periods(&alarm.lasting, &alarm.period)
        && (enough.0 == 0 || enough > &all)
    {
        limit(
            cx,
            field.loc,
            format!("`out_of` is {enough}, and `lasting` has {all} periods"),
            format!("give a number from 1 to {all}"),
        );
    }
}

/// The length of a period, and the number of them.
fn time(alarm: &Alarm, cx: &mut Context<'_>) {
    for (name, field) in [("lasting", &alarm.lasting), ("period", &alarm.period)] {
        if matches!(field.value, Value::Parameter(_)) {
            limit(
                cx,
                field.loc,
                format!("`{name}` cannot be a parameter"),
                "write the time out: the number of periods is made from it",
            );
        }
    }
    let Some(period) = alarm.period.literal() else {
        return;
    };
    if !matches!(period.0, 10 | 20 | 30) && (period.0 == 0 || !period.0.is_multiple_of(60)) {
        limit(
            cx,
            alarm.period.loc,
            format!("`period` cannot be {period}"),
            "give `10s`, `20s`, `30s` or a number of minutes",
        );
        return;
    }
    let Some(lasting) = alarm.lasting.literal() else {
        return;
    };
    let loc = if alarm.lasting.loc.is_known() { alarm.lasting.loc } else { alarm.period.loc };
    if lasting.0 < period.0 || !lasting.0.is_multiple_of(period.0) {
        let next = lasting.0.div_ceil(period.0).max(1) * period.0;
        limit(
            cx,
            loc,
            format!("`lasting` is {lasting}, which is not a multiple of the period {period}"),
            format!("give `lasting: {next}s`, or another period"),
        );
    } else if lasting.0 > LONGEST {
        limit(
            cx,
            loc,
            format!("an alarm cannot look back {lasting}"),
            format!("give at most one day: `{LONGEST}s`"),
        );
    }
}

/// What is watched has the metric.
fn metric(alarm: &Alarm, cx: &mut Context<'_>) {
    let (Some(when), Some(watched)) = (alarm.when.literal(), alarm.watch.literal()) else {
        return;
    };
    let AlarmMetricSource::Known(metric) = &when.source else {
        return;
    };
    let known = metrics_of(watched.kind);
    if !known.contains(metric) {
        let names: Vec<&str> = known.iter().map(|it| it.word()).collect();
        let help = suggest::did_you_mean(metric.word(), names).unwrap_or_default();
        limit(
            cx,
            alarm.when.loc,
            format!("{} has no metric `{}`", watched.kind.kind().with_article(), metric.word()),
            help,
        );
        return;
    }
    if let Some((why, help)) = missing(cx.architecture, watched, *metric) {
        limit(
            cx,
            alarm.when.loc,
            format!("`{}` has no metric `{}`: {why}", watched.name, metric.word()),
            help,
        );
    }
    if let Some(field) = &alarm.statistic
        && *metric == WatchedMetric::ErrorRate
    {
        limit(
            cx,
            field.loc,
            "`ErrorRate` takes no statistic",
            "leave `statistic` out: it is the share of the sums of two metrics",
        );
    }
}

/// Checks a dashboard.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html>
pub fn check_dashboard(dashboard: &Dashboard, cx: &mut Context<'_>) {
    if let Some((field, name)) =
        dashboard.dashboard_name.as_ref().and_then(|it| Some((it, it.literal()?)))
    {
        let allowed = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
        let why = if name.is_empty() {
            Some("it is empty")
        } else if name.len() > 255 {
            Some("it is too long")
        } else if !name.chars().all(allowed) {
            Some("only letters, digits, `-` and `_` may stand in it")
        } else {
            None
        };
        if let Some(why) = why {
            let help = "use 1 to 255 such characters";
            bad_name(cx, field.loc, "a dashboard", name, why, help);
        }
    }
    if let Some(watch) = dashboard.watch.literal()
        && watch.is_empty()
    {
        limit(
            cx,
            dashboard.watch.loc,
            format!("`{}` shows nothing", dashboard.meta.name),
            "name a service, database, cache, load balancer or file system",
        );
    }
    let Some(watch) = dashboard.watch.literal() else {
        return;
    };
    for (position, field) in watch.iter().enumerate() {
        if field.literal().is_some() && watch[..position].iter().any(|it: &Field<_>| it == field) {
            let name = field.literal().map_or("", |it| it.name.as_str());
            limit(cx, field.loc, format!("`{name}` is watched twice"), "keep one of them");
        }
    }
}

#[cfg(test)]
#[path = "observability_tests.rs"]
mod tests;
