//! Logs, alarms and dashboards.

use archgen_core::resource::Resource;
use archgen_core::resource::cloudwatch::{Alarm, AlarmSource, Dashboard, LogGroup, Metric};
use archgen_core::value::Pseudo;

use super::expr::{Expr, Object};
use super::writer::{Writer, description, name_value, optional, pseudo, value};
use crate::spelling::{GRAPH_PERIOD, GRAPH_SIZE, SHARE, comparison, graph_position, missing_data};

impl Writer<'_> {
    pub(super) fn log_group(&self, resource: &Resource, it: &LogGroup) -> Object {
        Object::new()
            .maybe("KmsKeyId", it.kms_key.as_ref().map(|it| self.text(it)))
            .with("LogGroupName", self.text(&it.name))
            .with("RetentionInDays", value(&it.retention))
            .with("Tags", self.tags(resource))
    }

    fn dimensions(&self, metric: &Metric) -> Vec<Expr> {
        metric.dimensions.iter().map(|(name, it)| name_value(name, self.text(it))).collect()
    }

    /// Namespace, name and dimensions.
    fn metric(&self, metric: &Metric) -> Object {
        Object::new()
            .list("Dimensions", self.dimensions(metric))
            .with("MetricName", self.text(&metric.name))
            .with("Namespace", self.text(&metric.namespace))
    }

    /// A metric that a service scales on. Percentiles can only be given as a query.
    pub(super) fn scaling_metric(&self, metric: &Metric) -> Object {
        if metric.statistic.is_percentile() {
            let stat = Object::new()
                .with("Metric", self.metric(metric))
                .with("Stat", metric.statistic.as_str());
            let query: Expr = Object::new()
                .with("Id", "metric")
                .with("MetricStat", stat)
                .with("ReturnData", true)
                .into();
            Object::new().with("Metrics", vec![query])
        } else {
            self.metric(metric).with("Statistic", metric.statistic.as_str())
        }
    }

    pub(super) fn alarm(&self, resource: &Resource, it: &Alarm) -> Object {
        let all = Object::new()
            .list("AlarmActions", self.texts(&it.actions))
            .with("AlarmDescription", self.text(&it.description))
            .with("AlarmName", self.text(&it.name))
            .with("ComparisonOperator", comparison(it.comparison))
            .maybe("DatapointsToAlarm", optional(it.datapoints.as_ref()))
            .with("EvaluationPeriods", value(&it.periods))
            .with("Tags", self.tags(resource))
            .with("Threshold", value(&it.threshold))
            .with("TreatMissingData", missing_data(it.missing_is_breaching));
        match &it.source {
            AlarmSource::Metric(metric) => {
                let statistic = if metric.statistic.is_percentile() {
                    "ExtendedStatistic"
                } else {
                    "Statistic"
                };
                all.list("Dimensions", self.dimensions(metric))
                    .with("MetricName", self.text(&metric.name))
                    .with("Namespace", self.text(&metric.namespace))
                    .with("Period", value(&it.period))
                    .with(statistic, metric.statistic.as_str())
            }
            AlarmSource::PercentOf { part, whole, label } => {
                let query = |id: &str, metric: &Metric| -> Expr {
                    let stat = Object::new()
                        .with("Metric", self.metric(metric))
                        .with("Period", value(&it.period))
                        .with("Stat", metric.statistic.as_str());
                    Object::new()
                        .with("Id", id)
                        .with("MetricStat", stat)
                        .with("ReturnData", false)
                        .into()
                };
                let share: Expr = Object::new()
                    .with("Expression", SHARE)
                    .with("Id", "share")
                    .with("Label", description(label, 255))
                    .with("ReturnData", true)
                    .into();
                all.with("Metrics", vec![query("part", part), query("whole", whole), share])
            }
        }
    }

    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>
    pub(super) fn dashboard(&self, it: &Dashboard) -> Object {
        let mut widgets = Vec::new();
        for (index, widget) in (0_u32..).zip(&it.widgets) {
            let metrics = widget.metrics.iter().map(|metric| {
                let mut row = vec![self.text(&metric.namespace), self.text(&metric.name)];
                for (name, it) in &metric.dimensions {
                    row.push(Expr::from(name.as_str()));
                    row.push(self.text(it));
                }
                row.push(Object::new().with("stat", metric.statistic.as_str()).into());
                Expr::List(row)
            });
            let properties = Object::new()
                .with("title", widget.title.as_str())
                .with("view", "timeSeries")
                .with("stacked", false)
                .with("region", pseudo(Pseudo::Region))
                .with("period", GRAPH_PERIOD)
                .with("metrics", metrics.collect::<Vec<Expr>>());
            let (x, y) = graph_position(index);
            widgets.push(
                Object::new()
                    .with("type", "metric")
                    .with("x", x)
                    .with("y", y)
                    .with("width", GRAPH_SIZE.0)
                    .with("height", GRAPH_SIZE.1)
                    .with("properties", properties)
                    .into(),
            );
        }
        let body = Expr::from(Object::new().with("widgets", widgets));
        Object::new()
            .with("DashboardBody", body.embedded_json())
            .with("DashboardName", self.text(&it.name))
    }
}
