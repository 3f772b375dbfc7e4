//! Services that only exist on Kubernetes: their namespaces, their network policies, and what they use of AWS.

use archgen::prelude::*;

/// Two namespaces, services with everything that can be said of one, a load balancer outside the cluster, and
/// stores whose security groups all pods share while policies tell them apart.
#[architecture(environments = [Production])]
pub fn pods(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.92.0.0/16",
        zones: 3,
        subnets: { public: /24, private: /20, database: /24 },
        nat: Single,
        endpoints: [S3, EcrApi, EcrDkr, EksAuth, SecretsManager],
    };
    let release = param! { description: "The tag of the images" };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.34",
        node_groups: {
            general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=6 },
            spot: Spot {
                instances: ["m6i.large", "m5.large"],
                nodes: 0..=10,
                labels: { capacity: "spot" },
                taints: ["capacity=spot:NoSchedule"],
            },
            arm: OnDemand { instances: ["r6g.large"], nodes: 1..=3, labels: { workload: "memory" } },
        },
        addons: [VpcCni, CoreDns, KubeProxy, PodIdentityAgent, MetricsServer],
    };
    let shop = namespace! {
        cluster: platform,
        quota: { cpu: 12vCPU, memory: 24GB, memory_limit: 32GB, pods: 60, volumes: 4 },
        limits: { default_cpu: 128, default_memory: 128MB, max_cpu: 2vCPU, max_memory: 4GB },
    };
    let back_office =
        namespace! { cluster: platform, namespace_name: "office", pod_security: Baseline };
    let keys = secret! { description: "Keys of the payment provider" };
    let reports = s3_bucket! {};
    let orders = rds_postgres! {
        subnets: network.database,
        version: "16.6",
        class: "db.t4g.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
    };
    let sessions = redis! { subnets: network.database, node: "cache.t4g.small" };
    let content_svc = k8s_service! {
        namespace: shop,
        image: Ecr { repository: "content", tag: release },
        port: 8080,
        cpu: 256,
        memory: 512MB,
        replicas: 2,
        spread: Nodes,
        tolerates: ["capacity=spot:NoSchedule"],
        node_labels: { capacity: "spot" },
    };
    let auth_svc = k8s_service! {
        namespace: shop,
        image: Ecr { repository: "auth", tag: release },
        port: 8000,
        cpu: 500,
        memory: 1GB,
        replicas: 3..=12,
        scale_on: [Cpu > 70pct, Memory > 80pct],
        scale_out_cooldown: 30s,
        scale_in_cooldown: 10min,
        health_check: { path: "/health", interval: 10s, grace_period: 30s },
        command: ["serve", "--port", "8000"],
        environment: {
            LOG_LEVEL: "INFO",
            CONTENT_URL: concat("http://", content_svc.host, ":8080"),
            DATABASE_HOST: orders.endpoint,
            SESSIONS_HOST: sessions.endpoint,
        },
        secrets: [keys, "DATABASE_SECRET" => orders.secret],
        user: "1000",
        nodes: "general",
        spread: ZonesOnly,
        migration: { command: ["bin/migrate", "up"] },
        tags: { team: "identity" },
    };
    let ledger = k8s_service! {
        namespace: back_office,
        image: "public.ecr.aws/example/ledger:2.1",
        port: 9000,
        cpu: 1vCPU,
        memory: 2GB,
        architecture: Arm64,
        nodes: "arm",
        service_name: "ledger-api",
    };
    let edge = alb! { subnets: network.public, routes: ["/auth/*" => auth_svc] };
    connect!(auth_svc => content_svc, orders, sessions, keys);
    connect!(auth_svc, content_svc => ledger);
    connect!(ledger => reports, internet: tcp(443), platform: tcp(9443));
    deny!(content_svc => orders);
    deny!(internet => content_svc, ledger);
}
