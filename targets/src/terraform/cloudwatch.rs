//! Log groups, alarms and dashboards.

use archgen_core::resource::Resource;
use archgen_core::resource::cloudwatch::{Alarm, AlarmSource, Dashboard, LogGroup, Metric};
use archgen_core::value::Pseudo;

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, description, optional, pseudo, value};
use crate::spelling::{GRAPH_PERIOD, GRAPH_SIZE, SHARE, comparison, graph_position, missing_data};

impl Writer<'_> {
    pub(super) fn log_group(&self, resource: &Resource, it: &LogGroup, out: &mut Module) {
        let body = Object::new()
            .maybe("kms_key_id", it.kms_key.as_ref().map(|it| self.text(it)))
            .with("name", self.text(&it.name))
            .with("retention_in_days", value(&it.retention))
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    /// Name, namespace and dimensions.
    fn metric(&self, metric: &Metric) -> Object {
        let dimensions = metric.dimensions.iter();
        let dimensions =
            dimensions.fold(Object::new(), |all, (name, it)| all.with(name.clone(), self.text(it)));
        Object::new()
            .maybe("dimensions", (!dimensions.is_empty()).then_some(dimensions))
            .with("metric_name", self.text(&metric.name))
            .with("namespace", self.text(&metric.namespace))
    }

    pub(super) fn alarm(&self, resource: &Resource, it: &Alarm, out: &mut Module) {
        let all = Object::new()
            .list("alarm_actions", self.texts(&it.actions))
            .with("alarm_description", self.text(&it.description))
            .with("alarm_name", self.text(&it.name))
            .with("comparison_operator", comparison(it.comparison))
            .maybe("datapoints_to_alarm", optional(it.datapoints.as_ref()))
            .with("evaluation_periods", value(&it.periods))
            .with("tags", self.tags(resource))
            .with("threshold", value(&it.threshold))
            .with("treat_missing_data", missing_data(it.missing_is_breaching));
        let body = match &it.source {
            AlarmSource::Metric(metric) => {
                let statistic = if metric.statistic.is_percentile() {
                    "extended_statistic"
                } else {
                    "statistic"
                };
                let mut all = all
                    .with("period", value(&it.period))
                    .with(statistic, metric.statistic.as_str());
                all.0.extend(self.metric(metric).0);
                all
            }
            AlarmSource::PercentOf { part, whole, label } => {
                let query = |id: &str, metric: &Metric| -> Expr {
                    let metric = self
                        .metric(metric)
                        .with("period", value(&it.period))
                        .with("stat", metric.statistic.as_str());
                    Object::new()
                        .with("id", id)
                        .with("metric", metric)
                        .with("return_data", false)
                        .into()
                };
                let share: Expr = Object::new()
                    .with("expression", SHARE)
                    .with("id", "share")
                    .with("label", description(label, 255))
                    .with("return_data", true)
                    .into();
                all.with("metric_query", vec![query("part", part), query("whole", whole), share])
            }
        };
        out.add(self.block(resource, body));
    }

    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>
    pub(super) fn dashboard(&self, resource: &Resource, it: &Dashboard, out: &mut Module) {
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
        let body = self.document(out, resource, "dashboard", body);
        let body =
            Object::new().with("dashboard_body", body).with("dashboard_name", self.text(&it.name));
        out.add(self.block(resource, body));
    }
}
