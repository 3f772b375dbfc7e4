//! `cluster_addons!`: what runs on a Kubernetes cluster beside its services, from public Helm charts.

use crate::charts::ChartName;
use crate::check::{Context, addons as checks};
use crate::architecture::Architecture;
use crate::declare::{EksCluster, Kind, Namespace, S3Bucket, Secret};
use crate::field::{DeclarationRef, FieldType, List, Map, Reader};
use crate::lower::{Lower, lower_cluster_addons};
use crate::node::Node;
use crate::resource::eks::Taint;
use crate::service_fields::SecretSource;
use crate::types::{Bounds, Count, Days, Memory, Seconds, Storage};
use crate::value::{Field, Text, Value};

/// What a role may read: a `secret!`, or an ARN such as `database.secret`.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadableSecret(pub SecretSource);

impl FieldType for ReadableSecret {
    fn expected() -> String {
        "a secret, or an ARN such as `database.secret`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let is_secret =
            node.as_reference().is_some_and(|it| it.kind == Kind::Secret && it.member.is_none());
        let source = if is_secret {
            DeclarationRef::<Secret>::read(node, reader).literal().cloned().map(SecretSource::Secret)
        } else {
            match Text::read(node, reader) {
                Value::Literal(it) => Some(SecretSource::Arn(it)),
                Value::Parameter(name) => Some(SecretSource::Arn(Text::parameter(name))),
                Value::Unknown => None,
            }
        };
        source.map_or(Value::Unknown, |it| Value::Literal(ReadableSecret(it)))
    }
}

crate::record! {
    /// The External Secrets Operator: it copies secrets of AWS into Secrets of Kubernetes.
    /// <https://external-secrets.io/latest/>
    ExternalSecretsSpec: "external_secrets" {
        /// The secrets that it may read beside those of the services on the cluster: `[api_keys, database.secret]`.
        default secrets: List<ReadableSecret> = Vec::new();
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::record! {
    /// cert-manager: it gets certificates from Let's Encrypt, or makes up its own.
    /// <https://cert-manager.io/docs/>
    CertManagerSpec: "cert_manager" {
        /// Where Let's Encrypt writes to before a certificate ends: `"platform@example.com"`.
        optional email: Text;
        /// The identifiers of hosted zones in Route 53 that prove who owns the domains: `["Z0123456789ABCDEFGHIJ"]`.
        default zones: List<Text> = Vec::new();
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::words! {
    /// What Karpenter pays for.
    PoolCapacity: "ways to pay" {
        /// Instances that stay.
        OnDemand = "on-demand",
        /// Spare capacity, taken back with two minutes' notice.
        Spot = "spot",
    }
}

crate::record! {
    /// What the nodes of a pool may have together.
    PoolLimits: "limits" {
        /// The most virtual processors.
        required cpu: Count = "64";
        /// The most memory.
        required memory: Memory = "256GB";
    }
}

fn on_demand() -> List<PoolCapacity> {
    vec![Field::supplied(PoolCapacity::OnDemand)]
}

crate::record! {
    /// Nodes that Karpenter starts when pods find no room.
    /// <https://karpenter.sh/docs/concepts/nodepools/>
    NodePoolSpec: "a node pool" {
        /// The families of instance types that it chooses from, all of one instruction set: `["m6i", "m7i"]`.
        required families: List<String> = "[\"m6i\", \"m7i\"]";
        /// What is paid for; Karpenter takes spare capacity first where both are.
        default capacity: List<PoolCapacity> = on_demand();
        /// The virtual processors of one node: `2..=16`.
        optional vcpus: Bounds<Count>;
        /// What all nodes of the pool may have together.
        required limits: PoolLimits = "{ cpu: 64, memory: 256GB }";
        /// Labels of the nodes, which pods select them by: `{ workload: "batch" }`.
        optional labels: Map<String>;
        /// Taints, which keep pods off unless they tolerate them: `["capacity=spot:NoSchedule"]`.
        default taints: List<Taint> = Vec::new();
        /// How long a node stays that is empty, or whose pods fit elsewhere for less.
        default consolidate_after: Seconds = Seconds(60);
        /// After how long a node is replaced by one with a newer image.
        default expire_after: Days = Days(30);
    }
}

crate::record! {
    /// Karpenter: it starts and stops nodes for pods.
    /// <https://karpenter.sh/docs/>
    KarpenterSpec: "karpenter" {
        /// The pools of nodes: `{ general: { families: ["m6i"], limits: { cpu: 64, memory: 256GB } } }`.
        required node_pools: Map<NodePoolSpec> =
            "{ general: { families: [\"m6i\"], limits: { cpu: 64, memory: 256GB } } }";
        /// The size of each node's encrypted root volume.
        default disk: Storage = Storage(50);
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::record! {
    /// A backup that is made again and again.
    BackupSchedule: "a backup schedule" {
        /// How often: a part of an hour or of a day, such as `30min` or `6h`, or a day.
        required every: Seconds = "6h";
        /// How long each backup is kept.
        default keep: Days = Days(30);
        /// The namespaces that are in it; left out, all of them.
        optional namespaces: List<String>;
    }
}

crate::record! {
    /// Velero: it backs up what the cluster holds, and its volumes as snapshots of EBS.
    /// <https://velero.io/docs/>
    VeleroSpec: "velero" {
        /// The bucket for backups.
        required bucket: DeclarationRef<S3Bucket> = "backups";
        /// The schedules: `{ everything: { every: 6h, keep: 30days } }`.
        required schedules: Map<BackupSchedule> = "{ everything: { every: 6h, keep: 30days } }";
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::record! {
    /// The AWS Load Balancer Controller: it makes load balancers for ingresses, and puts pods behind those that
    /// there are.
    /// <https://kubernetes-sigs.github.io/aws-load-balancer-controller/>
    LoadBalancerControllerSpec: "load_balancer_controller" {
        /// How many of its pods run; one of them works.
        default replicas: Count = Count(2);
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::words! {
    /// What pods must be like.
    PodPolicy: "policies" {
        /// Every container says what it needs, and how much memory it may have.
        RequestsAndLimits = "requests-and-limits",
        /// Every container that stays says how to see whether it works.
        Probes = "probes",
        /// No container runs as root.
        NonRoot = "non-root",
        /// No container writes to its own image.
        ReadOnlyRootFilesystem = "read-only-root-filesystem",
        /// Every image has a tag, and not `latest`.
        ImageTags = "image-tags",
        /// Nothing runs in the namespace `default`.
        OwnNamespace = "own-namespace",
    }
}

crate::words! {
    /// What happens to pods that are not as policies say.
    PolicyAction: "what policies do" {
        /// They are refused.
        Enforce = "Deny",
        /// They are reported.
        Audit = "Audit",
    }
}

fn all_policies() -> List<PodPolicy> {
    PodPolicy::ALL.iter().copied().map(Field::supplied).collect()
}

crate::record! {
    /// Kyverno: it holds pods to policies.
    /// <https://kyverno.io/docs/>
    KyvernoSpec: "kyverno" {
        /// What pods must be like; left out, all of it.
        default policies: List<PodPolicy> = all_policies();
        /// What images start with: `["123456789012.dkr.ecr.eu-west-1.amazonaws.com/"]`; left out, anything.
        optional registries: List<String>;
        /// What happens to pods that are not so.
        default action: PolicyAction = PolicyAction::Enforce;
        /// Namespaces whose pods are left alone, beside those of Kubernetes and of add-ons.
        default exempt: List<String> = Vec::new();
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::record! {
    /// A channel of Slack.
    SlackSpec: "slack" {
        /// The channel.
        required channel: String = "\"#platform\"";
        /// The secret with the URL of the incoming webhook.
        required webhook: ReadableSecret = "slack_webhook";
    }
}

crate::record! {
    /// Mail, by a server that takes it.
    EmailSpec: "email" {
        /// Who gets it.
        required to: String = "\"platform@example.com\"";
        /// Who sends it.
        required from: String = "\"alerts@example.com\"";
        /// The server with its port.
        required server: String = "\"email-smtp.eu-west-1.amazonaws.com:587\"";
        /// The user.
        required username: String = "\"AKIAIOSFODNN7EXAMPLE\"";
        /// The secret with the password.
        required password: ReadableSecret = "smtp_password";
    }
}

crate::record! {
    /// Who hears of alerts: Slack of all of them, PagerDuty and mail of those that are critical. Mail gets all
    /// of them where there is no Slack.
    AlertsSpec: "alerts" {
        /// The secret with the integration key of a service of PagerDuty.
        optional pagerduty: ReadableSecret;
        /// A channel of Slack.
        optional slack: SlackSpec;
        /// Mail.
        optional email: EmailSpec;
    }
}

crate::record! {
    /// Prometheus with its operator, Alertmanager and Grafana.
    /// <https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack>
    PrometheusSpec: "prometheus" {
        /// How long metrics are kept.
        default retention: Days = Days(15);
        /// The volume for them.
        default storage: Storage = Storage(50);
        /// How many of it run; each has all metrics.
        default replicas: Count = Count(2);
        /// Who hears of alerts.
        optional alerts: AlertsSpec;
        /// The secret with the password of Grafana's user `admin`; left out, it makes one up.
        optional grafana_password: ReadableSecret;
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::record! {
    /// Loki: it keeps logs.
    /// <https://grafana.com/docs/loki/latest/>
    LokiSpec: "loki" {
        /// The bucket for logs.
        required bucket: DeclarationRef<S3Bucket> = "logs";
        /// How long they are kept.
        default retention: Days = Days(30);
        /// The volume for what is not in the bucket yet.
        default storage: Storage = Storage(10);
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::record! {
    /// Promtail: it sends the logs of pods to Loki. It is past its end.
    /// <https://grafana.com/docs/loki/latest/send-data/promtail/>
    PromtailSpec: "promtail" {
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

crate::record! {
    /// Grafana Alloy: it sends the logs of pods to Loki.
    /// <https://grafana.com/docs/alloy/latest/>
    AlloySpec: "alloy" {
        /// The namespace; left out, the one that it is usually in.
        optional namespace: DeclarationRef<Namespace>;
    }
}

/// When a backup that is made every so often is made, as cron says it; none if it cannot be said.
pub fn cron(every: Seconds) -> Option<String> {
    let minutes = every.0 / 60;
    if minutes == 0 || !every.0.is_multiple_of(60) {
        return None;
    }
    match (minutes / 60, minutes % 60) {
        (0, minutes) => 60_u32.is_multiple_of(minutes).then(|| format!("*/{minutes} * * * *")),
        (1, 0) => Some("0 * * * *".to_string()),
        (24, 0) => Some("0 0 * * *".to_string()),
        (hours, 0) if hours < 24 && 24_u32.is_multiple_of(hours) => Some(format!("0 */{hours} * * *")),
        _ => None,
    }
}

crate::declaration! {
    /// What runs on a Kubernetes cluster beside its services.
    ClusterAddons ClusterAddonsBuilder {
        /// The cluster.
        required cluster: DeclarationRef<EksCluster> = "platform";
        /// Copies secrets of AWS into Secrets of Kubernetes.
        optional external_secrets: ExternalSecretsSpec;
        /// Certificates.
        optional cert_manager: CertManagerSpec;
        /// Starts and stops nodes for pods.
        optional karpenter: KarpenterSpec;
        /// Backs up what the cluster holds.
        optional velero: VeleroSpec;
        /// Load balancers for ingresses and pods.
        optional load_balancer_controller: LoadBalancerControllerSpec;
        /// Holds pods to policies.
        optional kyverno: KyvernoSpec;
        /// Metrics, alerts and dashboards.
        optional prometheus: PrometheusSpec;
        /// Keeps logs.
        optional loki: LokiSpec;
        /// Sends logs; past its end.
        optional promtail: PromtailSpec;
        /// Sends logs.
        optional alloy: AlloySpec;
    } members ClusterAddonsMembers {}
}

impl ClusterAddons {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        lower_cluster_addons(self, cx);
    }

    /// The charts that are asked for, each with the namespace that the author says.
    pub fn charts(&self) -> Vec<(ChartName, Option<&Field<DeclarationRef<Namespace>>>)> {
        ChartName::ALL.into_iter().filter_map(|it| Some((it, self.wanted(it)?))).collect()
    }

    /// Whether a chart is asked for, and the namespace that the author says.
    fn wanted(&self, chart: ChartName) -> Option<Option<&Field<DeclarationRef<Namespace>>>> {
        macro_rules! namespace_of {
            ($field:ident) => {
                self.$field.as_ref().map(|it| it.literal().and_then(|it| it.namespace.as_ref()))
            };
        }
        match chart {
            ChartName::LoadBalancerController => namespace_of!(load_balancer_controller),
            ChartName::ExternalSecrets => namespace_of!(external_secrets),
            ChartName::CertManager => namespace_of!(cert_manager),
            ChartName::Karpenter => namespace_of!(karpenter),
            ChartName::Velero => namespace_of!(velero),
            ChartName::Kyverno => namespace_of!(kyverno),
            ChartName::Prometheus => namespace_of!(prometheus),
            ChartName::Loki => namespace_of!(loki),
            ChartName::Promtail => namespace_of!(promtail),
            ChartName::Alloy => namespace_of!(alloy),
        }
    }

    /// The namespace of a chart: the author's, or the usual one.
    pub fn namespace(&self, chart: ChartName, architecture: &Architecture) -> Value<String> {
        match self.wanted(chart).flatten() {
            Some(field) => {
                architecture.follow(field).map_or(Value::Unknown, Namespace::known_name)
            }
            None => Value::Literal(chart.chart().namespace.to_string()),
        }
    }

    /// The secrets that alerts and Grafana need in the cluster, each with what it is for.
    pub fn monitoring_secrets(&self) -> Vec<(&'static str, &Field<ReadableSecret>)> {
        let Some(it) = self.prometheus.as_ref().and_then(Field::literal) else {
            return Vec::new();
        };
        let alerts = it.alerts.as_ref().and_then(Field::literal);
        let slack = alerts.and_then(|it| it.slack.as_ref()?.literal());
        let email = alerts.and_then(|it| it.email.as_ref()?.literal());
        let all = [
            ("pagerduty", alerts.and_then(|it| it.pagerduty.as_ref())),
            ("slack", slack.map(|it| &it.webhook)),
            ("email", email.map(|it| &it.password)),
            ("grafana", it.grafana_password.as_ref()),
        ];
        all.into_iter().filter_map(|(what, it)| Some((what, it?))).collect()
    }

    /// How often the state of the cluster is copied: the greatest age of its newest backup that holds everything.
    /// None if nothing copies all of it, or that is not known here.
    pub fn backup_interval(&self) -> Option<Seconds> {
        let velero = self.velero.as_ref()?.literal()?;
        let schedules = velero.schedules.literal()?;
        let whole = schedules.0.iter().filter_map(|it| it.field.literal());
        whole
            .filter(|it| it.namespaces.is_none())
            .filter_map(|it| it.every.literal().copied())
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cron_says_parts_of_hours_and_days() {
        let said = |it| cron(Seconds(it));
        assert_eq!(said(15 * 60).as_deref(), Some("*/15 * * * *"));
        assert_eq!(said(3600).as_deref(), Some("0 * * * *"));
        assert_eq!(said(6 * 3600).as_deref(), Some("0 */6 * * *"));
        assert_eq!(said(24 * 3600).as_deref(), Some("0 0 * * *"));
        for it in [0, 30, 90, 7 * 60, 90 * 60, 5 * 3600, 48 * 3600] {
            assert_eq!(said(it), None, "{it}");
        }
    }
}
