//! The chart `monitoring`: rules and dashboards for what the model knows, what of the add-ons shows metrics, and the
//! secrets that alerts are sent with.

use std::collections::BTreeMap;

use archgen_core::charts::ChartName;
use archgen_core::resource::ResourceGraph;
use archgen_core::resource::addons::{Schedule, Settings};
use serde_json::{Value as Json, json};

use super::given::{Asked, Given};
use super::objects::{Must, map_schema};
use super::public::whole;
use crate::helm::node::{Entry, Node};
use crate::helm::shape::document;
use crate::helm::shape::{Definitions, Shape, object, values};

/// How bad an alert is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Severity(&'static str);

impl Shape for Severity {
    fn node(&self) -> Node {
        self.0.into()
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "enum": ["critical", "info", "warning"] })
    }
}

values! {
    /// An alert.
    Rule {
        /// What is asked of Prometheus; it is wrong where there is an answer.
        expression: String,
        /// For how long it must be so.
        duration: String,
        /// How bad it is.
        severity: Severity,
        /// What is wrong.
        summary: String,
    }

    /// What shows metrics.
    Monitor {
        /// The namespace of its service.
        namespace: String,
        /// The port of its service, by name.
        port: String,
        /// How often it is asked.
        interval: String,
    }
}

/// The values of the chart in one environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Monitoring {
    receivers: BTreeMap<String, Must>,
    grafana: Option<Must>,
    rules: BTreeMap<String, Rule>,
    monitors: BTreeMap<String, Monitor>,
    is_there: bool,
}

impl Monitoring {
    /// What is watched in a graph: nothing without Prometheus.
    pub fn new(graph: &ResourceGraph) -> Monitoring {
        let mut all = Monitoring::default();
        for (_, release) in graph.releases() {
            let chart = release.settings.chart();
            let namespace = Given::value(&release.namespace).plausible();
            if let Some(port) = port(chart) {
                let interval = "30s".to_string();
                let monitor = Monitor { namespace, port: port.to_string(), interval };
                all.monitors.insert(chart.chart().name.to_string(), monitor);
            }
            all.watch(&release.settings, graph);
        }
        if all.is_there { all } else { Monitoring::default() }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        !self.is_there
    }

    fn alert(
        &mut self,
        name: &str,
        expression: String,
        minutes: u32,
        severity: &'static str,
        summary: &str,
    ) {
        let rule = Rule {
            expression,
            duration: format!("{minutes}m"),
            severity: Severity(severity),
            summary: summary.to_string(),
        };
        self.rules.insert(name.to_string(), rule);
    }

    fn watch(&mut self, settings: &Settings, graph: &ResourceGraph) {
        match settings {
            Settings::LoadBalancerController { .. }
            | Settings::Kyverno(_)
            | Settings::Promtail(_)
            | Settings::Alloy(_) => {}
            Settings::ExternalSecrets => self.alert(
                "SecretIsNotCopied",
                "externalsecret_status_condition{condition=\"Ready\", status=\"False\"} == 1".to_string(),
                15,
                "warning",
                "The secret {{ $labels.namespace }}/{{ $labels.name }} is not copied from AWS",
            ),
            Settings::CertManager { .. } => self.alert(
                "CertificateEnds",
                "certmanager_certificate_expiration_timestamp_seconds - time() < 14 * 24 * 3600".to_string(),
                60,
                "critical",
                "The certificate {{ $labels.exported_namespace }}/{{ $labels.name }} ends within 14 days",
            ),
            Settings::Karpenter(_) => self.alert(
                "NodePoolIsNearlyFull",
                "karpenter_nodepools_usage / karpenter_nodepools_limit > 0.9".to_string(),
                15,
                "warning",
                "The nodes of {{ $labels.nodepool }} have nearly all {{ $labels.resource_type }} that they may have",
            ),
            Settings::Velero { schedules, .. } => {
                for it in schedules {
                    self.backup(it);
                }
            }
            Settings::Loki { .. } => self.alert(
                "LokiRefusesLogs",
                "sum by (reason) (rate(loki_discarded_samples_total[15m])) > 0".to_string(),
                15,
                "warning",
                "Loki refuses logs: {{ $labels.reason }}",
            ),
            Settings::Prometheus(it) => {
                self.is_there = true;
                let given = |it: &archgen_core::value::Text| {
                    Must(Given::text(it, graph, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:example-AbCdEf"))
                };
                let receivers = [
                    ("pagerduty", it.pagerduty.as_ref()),
                    ("slack", it.slack.as_ref().map(|it| &it.1)),
                    ("email", it.email.as_ref().map(|it| &it.password)),
                ];
                for (key, arn) in receivers {
                    self.receivers.extend(arn.map(|it| (key.to_string(), given(it))));
                }
                self.grafana = it.grafana_password.as_ref().map(given);
            }
        }
    }

    /// A backup is late when two of them are missing.
    fn backup(&mut self, it: &Schedule) {
        let seconds = whole(&it.every, |it| it.0) * 2;
        let name = archgen_core::resource::camel_case(&it.name);
        self.alert(
            &format!("BackupIsLate{name}"),
            format!(
                "time() - max(velero_backup_last_successful_timestamp{{schedule=\"velero-{}\"}}) > {seconds}",
                it.name
            ),
            10,
            "critical",
            &format!("The newest backup of {} is older than two of its intervals", it.name),
        );
    }

    /// The values as they are written.
    pub fn node(&self) -> Node {
        let secrets = "The ARNs of secrets that alerts are sent with.";
        let comments: Vec<String> = self
            .receivers
            .iter()
            .map(|(key, it)| it.0.comment(&format!("{key}:")).replace('\n', " "))
            .collect();
        let receivers =
            self.receivers.iter().map(|(key, it)| Entry::plain(key, it.node())).collect();
        Node::Map(vec![
            Entry::new("secretStore", "The ClusterSecretStore.", "aws-secrets-manager".into()),
            Entry::new("refreshInterval", "How often secrets are read again.", "1h".into()),
            Entry::new(
                "receivers",
                format!("{secrets}\n{}", comments.join("\n")),
                Node::Map(receivers),
            ),
            Entry::new(
                "grafanaPassword",
                self.grafana.as_ref().map_or_else(
                    || "The ARN of the secret with Grafana's password.".to_string(),
                    |it| it.0.comment("The ARN of the secret with Grafana's password."),
                ),
                self.grafana.node(),
            ),
            Entry::new("rules", "Alerts.", alike(&self.rules)),
            Entry::new("monitors", "What shows metrics.", alike(&self.monitors)),
        ])
    }

    /// What must be given, by the path of its value.
    pub fn asked(&self) -> Vec<(String, Asked)> {
        let receivers = self.receivers.iter().map(|(key, it)| (format!("receivers.{key}"), &it.0));
        let grafana = self.grafana.iter().map(|it| ("grafanaPassword".to_string(), &it.0));
        let all = receivers.chain(grafana);
        all.filter_map(|(path, it)| Some((path, it.asked()?.clone()))).collect()
    }
}

/// The port of the service that shows metrics.
const fn port(chart: ChartName) -> Option<&'static str> {
    match chart {
        ChartName::ExternalSecrets => Some("metrics"),
        ChartName::CertManager | ChartName::Karpenter | ChartName::Loki => Some("http-metrics"),
        ChartName::Velero => Some("http-monitoring"),
        ChartName::LoadBalancerController
        | ChartName::Kyverno
        | ChartName::Prometheus
        | ChartName::Promtail
        | ChartName::Alloy => None,
    }
}

fn alike<T: Shape>(all: &BTreeMap<String, T>) -> Node {
    Node::alike(all.iter().map(|(key, it)| (key.clone(), it.node())))
}

/// The schema of the chart's values.
pub(super) fn schema(name: &str) -> Json {
    let mut definitions = Definitions::default();
    let d = &mut definitions;
    let top = |name: &str, schema: Json| (name.to_string(), schema, true);
    let text = || json!({ "type": "string", "minLength": 1 });
    let receivers = ["email", "pagerduty", "slack"];
    let receivers =
        receivers.map(|it| (it.to_string(), crate::helm::shape::or_null(text()), false));
    let schema = object(vec![
        top("secretStore", text()),
        top("refreshInterval", text()),
        top("receivers", object(receivers.to_vec())),
        ("grafanaPassword".to_string(), <Option<Must>>::schema(d), false),
        top("rules", map_schema(Rule::schema(d))),
        top("monitors", map_schema(Monitor::schema(d))),
    ]);
    document(name, schema, definitions)
}
