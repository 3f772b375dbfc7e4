//! A Kubernetes cluster with all add-ons.

use archgen::prelude::*;

/// Every add-on with everything that can be said of it.
#[architecture(environments = [Production])]
pub fn addons(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.96.0.0/16",
        zones: 3,
        subnets: { public: /24, private: /20 },
        nat: Single,
    };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.34",
        node_groups: {
            general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=6 },
        },
        addons: [VpcCni, CoreDns, KubeProxy, PodIdentityAgent, EbsCsi],
    };
    let zone_id = param! { description: "The identifier of the hosted zone", kind: HostedZoneId };
    let bucket_key = param! { description: "The ARN of the key of the backups" };
    let backups = s3_bucket! { versioning: false, kms_key: bucket_key };
    let api_keys = secret! { description: "API keys of the payment provider" };
    let logs = s3_bucket! {};
    let pagerduty_key = secret! { description: "The integration key of PagerDuty" };
    let slack_webhook = secret! { description: "The URL of the webhook of Slack" };
    let smtp_password = secret! { description: "The password of the mail server" };
    let grafana_password = secret! { description: "The password of Grafana" };
    let monitoring = namespace! { cluster: platform, pod_security: Privileged };
    let edge = namespace! { cluster: platform, pod_security: Baseline };
    let cluster_tools = cluster_addons! {
        cluster: platform,
        external_secrets: { secrets: [api_keys, "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/flags"] },
        cert_manager: { email: "platform@example.com", zones: [zone_id] },
        karpenter: {
            node_pools: {
                general: {
                    families: ["m6i", "m7i"],
                    limits: { cpu: 64, memory: 256GB },
                },
                batch: {
                    families: ["m6g", "m7g", "c7g"],
                    capacity: [Spot, OnDemand],
                    vcpus: 2..=16,
                    limits: {
                        cpu: match env { Environment::Production => 256, _ => 16 },
                        memory: 1024GB,
                    },
                    labels: { workload: "batch" },
                    taints: ["workload=batch:NoSchedule"],
                    consolidate_after: 5min,
                    expire_after: 14days,
                },
            },
            disk: 100GB,
        },
        velero: {
            bucket: backups,
            schedules: {
                everything: { every: 6h, keep: 30days },
                monitoring: { every: 24h, keep: 7days, namespaces: ["monitoring"] },
            },
        },
        load_balancer_controller: { replicas: 3, namespace: edge },
        kyverno: {
            policies: [RequestsAndLimits, Probes, NonRoot, ReadOnlyRootFilesystem, ImageTags, OwnNamespace],
            registries: ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/", "public.ecr.aws/"],
            action: Audit,
            exempt: ["legacy"],
        },
        prometheus: {
            retention: 15days,
            storage: 100GB,
            replicas: 2,
            alerts: {
                pagerduty: pagerduty_key,
                slack: { channel: "#platform-infrastructure", webhook: slack_webhook },
                email: {
                    to: "platform@example.com",
                    from: "alerts@example.com",
                    server: "email-smtp.eu-west-1.amazonaws.com:587",
                    username: "AKIAIOSFODNN7EXAMPLE",
                    password: smtp_password,
                },
            },
            grafana_password: grafana_password,
            namespace: monitoring,
        },
        loki: { bucket: logs, retention: 90days, storage: 20GB, namespace: monitoring },
        promtail: { namespace: monitoring },
        alloy: { namespace: monitoring },
        tags: { team: "platform" },
    };
}
