//! Logs, alarms and dashboards.

use crate::types::{Count, Days, Number, Seconds};
use crate::value::{Text, Value};

/// A group of log streams.
#[derive(Clone, Debug, PartialEq)]
pub struct LogGroup {
    /// Its physical name.
    pub name: Text,
    /// How long records are kept.
    pub retention: Value<Days>,
    /// The ARN of the KMS key; none means AWS's own.
    pub kms_key: Option<Text>,
}

crate::words! {
    /// How the values of a period become one.
    Statistic: "statistics" {
        /// The mean.
        Average = "Average",
        /// The sum.
        Sum = "Sum",
        /// The greatest.
        Maximum = "Maximum",
        /// The least.
        Minimum = "Minimum",
        /// The 90th percentile.
        P90 = "p90",
        /// The 95th percentile.
        P95 = "p95",
        /// The 99th percentile.
        P99 = "p99",
        /// The 99.9th percentile.
        P99_9 = "p99.9",
    }
}

impl Statistic {
    /// Whether CloudWatch calls it an extended statistic.
    pub const fn is_percentile(self) -> bool {
        match self {
            Statistic::Average | Statistic::Sum | Statistic::Maximum | Statistic::Minimum => false,
            Statistic::P90 | Statistic::P95 | Statistic::P99 | Statistic::P99_9 => true,
        }
    }
}

/// A metric of CloudWatch.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its namespace, such as `AWS/ECS`.
    pub namespace: Text,
    /// Its name, such as `CPUUtilization`.
    pub name: Text,
    /// Its dimensions.
    pub dimensions: Vec<(String, Text)>,
    /// How its values become one.
    pub statistic: Statistic,
}

/// What an alarm compares.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmSource {
    /// One metric.
    Metric(Metric),
    /// `100 * a / b` of two metrics, 0 where there were none of `b`.
    PercentOf {
        /// The part.
        part: Metric,
        /// The whole.
        whole: Metric,
        /// What to call the share.
        label: String,
    },
}

/// Watches a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// Its physical name.
    pub name: Text,
    /// What it means.
    pub description: Text,
    /// What it watches.
    pub source: AlarmSource,
    /// How the value is compared to the threshold.
    pub comparison: crate::node::Comparison,
    /// The threshold.
    pub threshold: Value<Number>,
    /// The length of a period.
    pub period: Value<Seconds>,
    /// How many periods are looked at.
    pub periods: Value<Count>,
    /// How many of them must be beyond the threshold; none means all.
    pub datapoints: Option<Value<Count>>,
    /// Whether a period without values counts as beyond the threshold.
    pub missing_is_breaching: bool,
    /// The ARNs of what is told.
    pub actions: Vec<Text>,
}

/// A graph of a dashboard.
#[derive(Clone, Debug, PartialEq)]
pub struct Widget {
    /// Its title.
    pub title: String,
    /// What it shows.
    pub metrics: Vec<Metric>,
}

/// A page of graphs.
#[derive(Clone, Debug, PartialEq)]
pub struct Dashboard {
    /// Its physical name.
    pub name: Text,
    /// Its graphs, two in a row.
    pub widgets: Vec<Widget>,
}
