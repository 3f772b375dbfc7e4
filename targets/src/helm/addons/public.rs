//! The values of public charts: what they are told, in their own words.

use archgen_core::charts::Chart;
use archgen_core::declare::cluster_addons::cron;
use archgen_core::resource::addons::{Release, Schedule, Settings};
use archgen_core::resource::{Attribute, Bucket, Ref, ResourceGraph, Vpc};
use archgen_core::value::Value;

use super::given::{Asked, Given};
use super::observe;
use crate::helm::node::{Entry, Node};

/// The plugin by which Velero uses AWS, in the version for the version of Velero that the chart has.
/// <https://velero.io/docs/v1.18/upgrade-to-1.18/>
const VELERO_PLUGIN: &str = "velero/velero-plugin-for-aws:v1.14.0";

/// The values of a chart, and what must be given when it is installed, by the path of its value.
#[derive(Clone, Debug)]
pub(super) struct Values {
    /// The values.
    pub node: Node,
    /// What must be given.
    pub asked: Vec<(String, Asked)>,
}

/// Values while they are put together.
#[derive(Default)]
pub(super) struct Builder(Vec<(String, Asked)>);

impl Builder {
    /// An entry whose value may have to be given.
    pub fn given(&mut self, path: &str, what: &str, it: &Given) -> Entry {
        let key = path.rsplit('.').next().unwrap_or(path);
        self.0.extend(it.asked().map(|it| (path.to_string(), it.clone())));
        Entry::new(key, it.comment(what), it.node())
    }
}

pub(super) fn map<const N: usize>(all: [Entry; N]) -> Node {
    Node::Map(all.into())
}

pub(super) fn at(key: &str, value: impl Into<Node>) -> Entry {
    Entry::plain(key, value.into())
}

pub(super) fn about(key: &str, comment: &str, value: impl Into<Node>) -> Entry {
    Entry::new(key, comment, value.into())
}

impl From<bool> for Node {
    fn from(it: bool) -> Node {
        Node::Bool(it)
    }
}

impl From<i64> for Node {
    fn from(it: i64) -> Node {
        Node::Integer(it)
    }
}

impl From<String> for Node {
    fn from(it: String) -> Node {
        Node::Text(it)
    }
}

/// What a container asks for, and the most memory that it gets.
pub(super) fn resources(cpu: &str, memory: &str) -> Entry {
    about(
        "resources",
        "",
        map([
            at("requests", map([at("cpu", cpu), at("memory", memory)])),
            at("limits", map([at("memory", memory)])),
        ]),
    )
}

/// The service account, whose role it gets by EKS Pod Identity.
fn service_account(chart: &Chart) -> Entry {
    about(
        "serviceAccount",
        "EKS Pod Identity gives its pods the role, by this name.",
        account(chart),
    )
}

pub(super) fn account(chart: &Chart) -> Node {
    map([at("create", true), at("name", chart.service_account)])
}

/// The values of a release.
pub(super) fn values(release: &Release, graph: &ResourceGraph) -> Values {
    let mut to = Builder::default();
    let chart = release.settings.chart().chart();
    let cluster = Given::text(&release.cluster.attribute(Attribute::Name), graph, "example");
    let node = match &release.settings {
        Settings::LoadBalancerController { vpc, replicas } => {
            balancers(&chart, &cluster, vpc, whole(replicas, |it| it.0), graph, &mut to)
        }
        Settings::ExternalSecrets => secrets(&chart),
        Settings::CertManager { .. } => certificates(&chart, release),
        Settings::Karpenter(it) => {
            let queue = Given::text(&it.queue.attribute(Attribute::Name), graph, "example");
            nodes(&chart, &cluster, &queue, &mut to)
        }
        Settings::Velero { bucket, schedules } => {
            backups(&chart, bucket, schedules, graph, &mut to)
        }
        Settings::Kyverno(_) => observe::policies(),
        Settings::Prometheus(it) => observe::metrics(it),
        Settings::Loki { bucket, retention, storage } => {
            observe::logs(&chart, bucket, retention, storage, graph, &mut to)
        }
        Settings::Promtail(loki) => observe::promtail(loki),
        Settings::Alloy(loki) => observe::alloy(loki),
    };
    Values { node, asked: to.0 }
}

/// A number; what is given when deploying was refused.
pub(super) fn whole<T>(it: &Value<T>, number: impl FnOnce(&T) -> u32) -> i64 {
    it.literal().map_or(0, |it| i64::from(number(it)))
}

fn balancers(
    chart: &Chart,
    cluster: &Given,
    vpc: &Ref<Vpc>,
    replicas: i64,
    graph: &ResourceGraph,
    to: &mut Builder,
) -> Node {
    let vpc = Given::text(&vpc.attribute(Attribute::Id), graph, "vpc-0123456789abcdef0");
    map([
        to.given("clusterName", "The cluster.", cluster),
        to.given("region", "The Region; pods cannot ask the node for it.", &Given::region()),
        to.given("vpcId", "Where load balancers stand.", &vpc),
        at("replicaCount", replicas),
        about("podDisruptionBudget", "", map([at("maxUnavailable", 1)])),
        service_account(chart),
        about("defaultTargetType", "Load balancers send to pods, not to nodes.", "ip"),
        resources("100m", "256Mi"),
    ])
}

fn secrets(chart: &Chart) -> Node {
    map([
        about("installCRDs", "The definitions of its custom resources.", true),
        about("replicaCount", "Two, of which one works.", 2),
        at("leaderElect", true),
        at("metrics", map([at("service", map([at("enabled", true)]))])),
        service_account(chart),
        at("podDisruptionBudget", map([at("enabled", true), at("minAvailable", 1)])),
        resources("50m", "256Mi"),
        about(
            "webhook",
            "It checks its custom resources.",
            map([
                at("replicaCount", 2),
                at("podDisruptionBudget", map([at("enabled", true), at("minAvailable", 1)])),
                resources("25m", "128Mi"),
            ]),
        ),
        about(
            "certController",
            "It gives the webhook its certificate.",
            map([resources("25m", "256Mi")]),
        ),
    ])
}

fn certificates(chart: &Chart, release: &Release) -> Node {
    let namespace = Given::value(&release.namespace).plausible();
    let budget = || at("podDisruptionBudget", map([at("enabled", true), at("minAvailable", 1)]));
    map([
        about(
            "crds",
            "The definitions of its custom resources; they stay when it is taken away, and certificates with them.",
            map([at("enabled", true), at("keep", true)]),
        ),
        at("global", map([at("leaderElection", map([at("namespace", namespace)]))])),
        about("replicaCount", "Two, of which one works.", 2),
        budget(),
        service_account(chart),
        resources("50m", "256Mi"),
        about(
            "webhook",
            "It checks its custom resources.",
            map([at("replicaCount", 2), budget(), resources("25m", "128Mi")]),
        ),
        about(
            "cainjector",
            "It gives webhooks the certificates that they trust.",
            map([at("replicaCount", 2), budget(), resources("25m", "256Mi")]),
        ),
    ])
}

fn nodes(chart: &Chart, cluster: &Given, queue: &Given, to: &mut Builder) -> Node {
    map([
        about("replicas", "Two, of which one works.", 2),
        service_account(chart),
        at(
            "settings",
            map([
                to.given("settings.clusterName", "The cluster.", cluster),
                to.given(
                    "settings.interruptionQueue",
                    "The queue with what happens to nodes.",
                    queue,
                ),
                about("eksControlPlane", "It asks EKS for the rest.", true),
            ]),
        ),
        at("controller", map([resources("500m", "1Gi")])),
    ])
}

fn backups(
    chart: &Chart,
    bucket: &Ref<Bucket>,
    schedules: &[Schedule],
    graph: &ResourceGraph,
    to: &mut Builder,
) -> Node {
    let bucket = Given::text(&bucket.attribute(Attribute::Name), graph, "example-backups");
    let region = Given::region();
    let store = "configuration.backupStorageLocation[0]";
    let snapshots = "configuration.volumeSnapshotLocation[0]";
    let safe = || {
        map([
            at("allowPrivilegeEscalation", false),
            at("capabilities", map([at("drop", Node::List(vec!["ALL".into()]))])),
            at("readOnlyRootFilesystem", true),
        ])
    };
    let plugin = map([
        at("name", "velero-plugin-for-aws"),
        at("image", VELERO_PLUGIN),
        at(
            "volumeMounts",
            Node::List(vec![map([at("mountPath", "/target"), at("name", "plugins")])]),
        ),
        at("securityContext", safe()),
    ]);
    let storage = map([
        at("name", "default"),
        at("provider", "aws"),
        at("default", true),
        to.given(&format!("{store}.bucket"), "Where backups are.", &bucket),
        about("prefix", "The folder in it.", "velero"),
        at("config", map([to.given(&format!("{store}.config.region"), "Its Region.", &region)])),
    ]);
    let volumes = map([
        at("name", "default"),
        at("provider", "aws"),
        at(
            "config",
            map([to.given(
                &format!("{snapshots}.config.region"),
                "The Region of volumes.",
                &region,
            )]),
        ),
    ]);
    map([
        about("initContainers", "How it uses AWS.", Node::List(vec![plugin])),
        about(
            "serviceAccount",
            "EKS Pod Identity gives its pods the role, by this name.",
            map([at("server", account(chart))]),
        ),
        about("credentials", "The role has them.", map([at("useSecret", false)])),
        at(
            "configuration",
            map([
                at("backupStorageLocation", Node::List(vec![storage])),
                at("volumeSnapshotLocation", Node::List(vec![volumes])),
            ]),
        ),
        about(
            "schedules",
            "When backups are made, and how long they are kept.",
            Node::Map(schedules.iter().map(schedule).collect()),
        ),
        about(
            "extraVolumes",
            "It puts a backup together in a file first.",
            Node::List(vec![map([at("name", "tmp"), at("emptyDir", map([]))])]),
        ),
        at(
            "extraVolumeMounts",
            Node::List(vec![map([at("name", "tmp"), at("mountPath", "/tmp")])]),
        ),
        at(
            "podSecurityContext",
            map([
                at("fsGroup", 1000),
                at("runAsGroup", 1000),
                at("runAsNonRoot", true),
                at("runAsUser", 1000),
                at("seccompProfile", map([at("type", "RuntimeDefault")])),
            ]),
        ),
        at("containerSecurityContext", safe()),
        resources("500m", "512Mi"),
    ])
}

fn schedule(it: &Schedule) -> Entry {
    let hours = whole(&it.keep, |it| it.0) * 24;
    let mut template = vec![
        at("ttl", format!("{hours}h0m0s")),
        at("storageLocation", "default"),
        at("snapshotVolumes", true),
    ];
    if let Some(namespaces) = &it.namespaces {
        let all = namespaces.iter().filter_map(|it| it.as_literal()).map(Node::Text).collect();
        template.push(at("includedNamespaces", Node::List(all)));
    }
    let when = it.every.literal().and_then(|it| cron(*it)).unwrap_or_default();
    at(&it.name, map([at("schedule", when), at("template", Node::Map(template))]))
}
