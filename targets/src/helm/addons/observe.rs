//! The values of the public charts for metrics, alerts, logs and policies.

use archgen_core::charts::Chart;
use archgen_core::resource::addons::{Email, Prometheus};
use archgen_core::resource::{Attribute, Bucket, Ref, ResourceGraph};
use archgen_core::types::{Days, Storage};
use archgen_core::value::{Text, Value};

use super::given::Given;
use super::objects::STORAGE_CLASS;
use super::public::{Builder, about, account, at, map, resources, whole};
use crate::helm::node::Node;

/// The Secret that has what alerts are sent with; the chart `monitoring` makes it.
pub(super) const RECEIVERS: &str = "alert-receivers";
/// The Secret that has Grafana's password; the chart `monitoring` makes it.
pub(super) const GRAFANA: &str = "grafana-admin";
/// Where Alertmanager finds the entries of a Secret.
const MOUNTED: &str = "/etc/alertmanager/secrets";

fn off() -> Node {
    map([at("enabled", false)])
}

fn none() -> Node {
    map([at("replicas", 0)])
}

fn list<const N: usize>(all: [Node; N]) -> Node {
    Node::List(all.into())
}

fn known(it: &Text) -> Node {
    Node::Text(it.as_literal().unwrap_or_default())
}

/// A claim of a volume.
fn volume(gigabytes: i64) -> Node {
    map([at(
        "volumeClaimTemplate",
        map([at(
            "spec",
            map([
                at("storageClassName", STORAGE_CLASS),
                at("accessModes", list(["ReadWriteOnce".into()])),
                at(
                    "resources",
                    map([at("requests", map([at("storage", format!("{gigabytes}Gi"))]))]),
                ),
            ]),
        )]),
    )])
}

/// Kyverno: what waits for admission runs three times, for nothing starts without it.
pub(super) fn policies() -> Node {
    map([
        about("admissionController", "Nothing starts without it.", map([at("replicas", 3)])),
        at("backgroundController", map([at("replicas", 2)])),
        at("cleanupController", map([at("replicas", 2)])),
        at("reportsController", map([at("replicas", 2)])),
    ])
}

/// Prometheus, Alertmanager and Grafana.
pub(super) fn metrics(it: &Prometheus) -> Node {
    let storage = whole(&it.storage, |it| it.0);
    let days = whole(&it.retention, |it| it.0);
    let mut all = Vec::new();
    for hidden in ["kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler"] {
        let comment =
            if hidden == "kubeControllerManager" { "EKS shows no metrics of these." } else { "" };
        all.push(about(hidden, comment, off()));
    }
    let spec = map([
        at("replicas", whole(&it.replicas, |it| it.0)),
        at("retention", format!("{days}d")),
        // A full volume stops it; the rest is for what is being written.
        about(
            "retentionSize",
            "The rest of the volume is for what is being written.",
            format!("{}GB", (storage * 8 / 10).max(1)),
        ),
        at("storageSpec", volume(storage)),
        about("ruleSelectorNilUsesHelmValues", "Rules and monitors of all charts count.", false),
        at("serviceMonitorSelectorNilUsesHelmValues", false),
        at("podMonitorSelectorNilUsesHelmValues", false),
        resources("500m", "2Gi"),
    ]);
    all.push(at("prometheus", map([at("prometheusSpec", spec)])));
    all.push(at("alertmanager", alerts(it)));
    all.push(at("grafana", dashboards(it)));
    Node::Map(all)
}

fn alerts(it: &Prometheus) -> Node {
    let secrets = it.pagerduty.is_some() || it.slack.is_some() || it.email.is_some();
    let mut spec = vec![at("replicas", 2), at("storage", volume(5))];
    if secrets {
        spec.push(about("secrets", "The chart monitoring makes it.", list([RECEIVERS.into()])));
    }
    spec.push(resources("50m", "128Mi"));
    let slack = it.slack.as_ref().map(|(channel, _)| {
        at(
            "slack_configs",
            list([map([
                at("api_url_file", format!("{MOUNTED}/{RECEIVERS}/slack")),
                at("channel", known(channel)),
                at("send_resolved", true),
            ])]),
        )
    });
    let pagerduty = it.pagerduty.as_ref().map(|_| {
        let key = format!("{MOUNTED}/{RECEIVERS}/pagerduty");
        at("pagerduty_configs", list([map([at("routing_key_file", key)])]))
    });
    let email = it.email.as_ref().map(|it| at("email_configs", list([mail(it)])));
    let everybody = slack.clone().or_else(|| email.clone());
    let receiver = |name: &str, configs: Vec<crate::helm::node::Entry>| {
        Node::Map(std::iter::once(at("name", name)).chain(configs).collect())
    };
    let critical: Vec<_> = [pagerduty, slack, email].into_iter().flatten().collect();
    let receivers = list([
        receiver("null", Vec::new()),
        receiver("everybody", everybody.into_iter().collect()),
        receiver("critical", critical),
    ]);
    let route = map([
        at("receiver", "everybody"),
        at("group_by", list(["alertname".into(), "namespace".into()])),
        at("group_wait", "30s"),
        at("group_interval", "5m"),
        at("repeat_interval", "4h"),
        at(
            "routes",
            list([
                map([
                    at("receiver", "null"),
                    at("matchers", list(["alertname =~ \"InfoInhibitor|Watchdog\"".into()])),
                ]),
                map([
                    at("receiver", "critical"),
                    at("matchers", list(["severity = \"critical\"".into()])),
                ]),
            ]),
        ),
    ]);
    map([
        at("config", map([at("route", route), at("receivers", receivers)])),
        at("alertmanagerSpec", Node::Map(spec)),
    ])
}

fn mail(it: &Email) -> Node {
    map([
        at("to", known(&it.to)),
        at("from", known(&it.from)),
        at("smarthost", known(&it.server)),
        at("auth_username", known(&it.username)),
        at("auth_password_file", format!("{MOUNTED}/{RECEIVERS}/email")),
        at("send_resolved", true),
    ])
}

fn dashboards(it: &Prometheus) -> Node {
    let mut all = vec![resources("100m", "256Mi")];
    if it.grafana_password.is_some() {
        all.push(about(
            "admin",
            "The chart monitoring makes it.",
            map([
                at("existingSecret", GRAFANA),
                at("userKey", "admin-user"),
                at("passwordKey", "admin-password"),
            ]),
        ));
    }
    if let Some(namespace) = &it.loki {
        all.push(at(
            "additionalDataSources",
            list([map([
                at("name", "Loki"),
                at("type", "loki"),
                at("uid", "loki"),
                at("access", "proxy"),
                at("url", address(namespace)),
            ])]),
        ));
    }
    Node::Map(all)
}

/// Where Loki is.
fn address(namespace: &Value<String>) -> String {
    format!("http://loki.{}.svc:3100", Given::value(namespace).plausible())
}

/// Loki, all of it in one.
pub(super) fn logs(
    chart: &Chart,
    bucket: &Ref<Bucket>,
    retention: &Value<Days>,
    storage: &Value<Storage>,
    graph: &ResourceGraph,
    to: &mut Builder,
) -> Node {
    let bucket = Given::text(&bucket.attribute(Attribute::Name), graph, "example-logs");
    let hours = whole(retention, |it| it.0) * 24;
    let schema = map([
        at("from", "2024-04-01"),
        at("store", "tsdb"),
        at("object_store", "s3"),
        at("schema", "v13"),
        at("index", map([at("prefix", "loki_index_"), at("period", "24h")])),
    ]);
    let names = map([
        to.given("loki.storage.bucketNames.chunks", "Where logs are.", &bucket),
        to.given("loki.storage.bucketNames.ruler", "Where its rules are.", &bucket),
    ]);
    let loki = map([
        about("auth_enabled", "All pods have one tenant.", false),
        at("commonConfig", map([at("replication_factor", 1)])),
        at("schemaConfig", map([at("configs", list([schema]))])),
        at(
            "storage",
            map([
                at("type", "s3"),
                at("bucketNames", names),
                at(
                    "s3",
                    map([to.given("loki.storage.s3.region", "Its Region.", &Given::region())]),
                ),
            ]),
        ),
        at("limits_config", map([at("retention_period", format!("{hours}h"))])),
        at("compactor", map([at("retention_enabled", true), at("delete_request_store", "s3")])),
    ]);
    let single = map([
        at("replicas", 1),
        at(
            "persistence",
            map([
                at("size", format!("{}Gi", whole(storage, |it| it.0))),
                at("storageClass", STORAGE_CLASS),
            ]),
        ),
        resources("500m", "1Gi"),
    ]);
    map([
        at("deploymentMode", "Monolithic"),
        at("loki", loki),
        at("singleBinary", single),
        about("write", "It is not split.", none()),
        at("read", none()),
        at("backend", none()),
        about(
            "serviceAccount",
            "EKS Pod Identity gives its pods the role, by this name.",
            account(chart),
        ),
        about("gateway", "Whoever sends and asks does it directly.", off()),
        at("chunksCache", off()),
        at("resultsCache", off()),
        at("lokiCanary", off()),
        at("test", off()),
    ])
}

/// Promtail.
pub(super) fn promtail(loki: &Value<String>) -> Node {
    let url = format!("{}/loki/api/v1/push", address(loki));
    map([
        at("config", map([at("clients", list([map([at("url", url)])]))])),
        resources("50m", "128Mi"),
    ])
}

/// Grafana Alloy: each of its pods sends the logs of the pods on its node, which it asks the API for.
pub(super) fn alloy(loki: &Value<String>) -> Node {
    let config = include_str!("templates/alloy.txt").replace("LOKI", &address(loki));
    map([
        at(
            "alloy",
            map([at("configMap", map([at("content", config)])), resources("100m", "256Mi")]),
        ),
        at("controller", map([at("type", "daemonset")])),
        at("crds", map([at("create", false)])),
    ])
}
