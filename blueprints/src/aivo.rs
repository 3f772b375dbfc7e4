//! `aivo`: a learning platform on Kubernetes, in three environments and a standby in another Region.

use archgen::prelude::*;

/// Services on an EKS cluster over three zones, with PostgreSQL and Redis behind them and CloudFront before them.
#[architecture(environments = [Development, Staging, Production, Recovery])]
pub fn aivo(env: Environment) -> Architecture {
    // Production and the standby that takes over from it in us-west-2 are alike.
    let full = env == Environment::Production || env == Environment::Recovery;

    // What is decided when deploying.
    let domain = param! { description: "The domain of the platform" };
    let image_tag = param! { description: "The tag of the services' images in ECR" };
    let pagerduty_url =
        param! { description: "The URL of PagerDuty's integration for Amazon CloudWatch" };
    let settings_replica = param! {
        default: "arn:aws:s3:::aivo-settings-replica",
        description: "The ARN of the bucket in the other Region that settings are copied to",
    };
    let replica_vault_arn =
        param! { description: "The ARN of the backup vault in the other Region that copies go to" };

    // Network: no environment shares addresses with another, so that all of them can be peered one day.
    let block = match env {
        Environment::Development => "10.10",
        Environment::Staging => "10.20",
        Environment::Production => "10.0",
        Environment::Recovery => "10.30",
    };
    let network = vpc! {
        cidr: format!("{block}.0.0/16"),
        unique_per_environment: true,
        zones: 3,
        subnets: {
            private: format!("{block}.1-3.0/24"),
            public: format!("{block}.101-103.0/24"),
            database: format!("{block}.201-203.0/24"),
        },
        nat: if full { PerZone } else { Single },
        endpoints: [S3, EcrApi, EcrDkr, EksAuth],
        flow_logs: 90days,
    };

    // One key for everything that is stored.
    let data_key = kms_key! {
        description: format!("What aivo keeps in {env}"),
        services: [CloudWatchAlarms, Budgets],
    };

    // Kubernetes. Nodes and pods share the 753 addresses of the private subnets, which bounds the nodes.
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.35",
        cluster_name: format!("aivo-{env}-eks"),
        endpoint: Private,
        logs: [Api, Audit, Authenticator, ControllerManager, Scheduler],
        log_retention: 90days,
        kms_key: data_key,
        node_groups: {
            general: OnDemand {
                instances: ["m6i.large", "m6i.xlarge"],
                nodes: if full { 3..=5 } else { 2..=4 },
            },
            spot: Spot {
                instances: ["m6i.large", "m5.large"],
                nodes: 0..=4,
                taints: ["capacity=spot:NoSchedule"],
            },
            memory: OnDemand {
                instances: ["r6i.large", "r6i.xlarge"],
                nodes: if full { 1..=2 } else { 0..=1 },
                taints: ["workload=memory:NoSchedule"],
            },
        },
        addons: [VpcCni, CoreDns, KubeProxy, PodIdentityAgent, EbsCsi, MetricsServer],
        access: ["role/platform" => ClusterAdmin, "role/developers" => View],
    };
    let aivo = namespace! {
        cluster: platform,
        quota: { cpu: 32vCPU, memory: 64GB, memory_limit: 64GB, pods: 100 },
        limits: { default_cpu: 128, default_memory: 256MB, max_cpu: 4vCPU, max_memory: 16GB },
    };
    let monitoring = namespace! { cluster: platform, pod_security: Privileged };
    let external_secrets = namespace! { cluster: platform };
    let cert_manager = namespace! { cluster: platform };
    let karpenter = namespace! { cluster: platform };
    let velero = namespace! { cluster: platform, pod_security: Baseline };

    // Data: in subnets without a way to the internet, encrypted, reached by the services that use them.
    let database = rds_postgres! {
        subnets: network.database,
        version: "15.17",
        class: if full { "db.m6g.large" } else { "db.t4g.medium" },
        storage: 100GB..=1000GB,
        multi_az: full,
        backups: if full { 30days } else { 7days },
        backup_window: "03:00-04:00",
        maintenance_window: "sun:04:30-sun:05:30",
        database: "aivo",
        performance_insights: 7days,
        deletion_protection: full,
        kms_key: data_key,
    };
    let cache = redis! {
        subnets: network.database,
        node: if full { "cache.m6g.large" } else { "cache.t4g.small" },
        version: "7.1",
        replicas: if full { 1 } else { 0 },
        kms_key: data_key,
    };
    let content = s3_bucket! {
        kms_key: data_key,
        lifecycle: [{ transitions: { InfrequentAccess: 30days, GlacierInstantRetrieval: 180days } }],
    };
    let settings = s3_bucket! { replication: { bucket: settings_replica, within: 15min } };
    let cluster_backups = s3_bucket! { versioning: false, kms_key: data_key };
    let logs = s3_bucket! { versioning: false, kms_key: data_key };

    // Secrets: each service reads its own and no other.
    let token_key = secret! { description: "Signs the tokens of the platform", generate: 64, kms_key: data_key };
    let mail_keys = secret! { description: "Keys of the mail provider", kms_key: data_key };
    let pagerduty_key =
        secret! { description: "The integration key of PagerDuty", kms_key: data_key };
    let slack_webhook = secret! { description: "The URL of the webhook of #platform-infrastructure", kms_key: data_key };

    // Images: scanned when they are pushed, and never changed.
    let auth_images = ecr_repository! { keep: 50, kms_key: data_key };
    let content_images = ecr_repository! { keep: 50, kms_key: data_key };
    let analytics_images = ecr_repository! { keep: 50, kms_key: data_key };
    let mailer_images = ecr_repository! { keep: 50, kms_key: data_key };

    // Services.
    let auth_svc = k8s_service! {
        namespace: aivo,
        image: Ecr { repository: auth_images, tag: image_tag },
        port: 8080,
        cpu: 256,
        memory: 512MB,
        replicas: if full { 3..=10 } else { 2..=4 },
        scale_on: [Cpu > 70pct, Memory > 80pct],
        health_check: { path: "/health" },
        nodes: "general",
        environment: { DATABASE_HOST: database.endpoint, CACHE_HOST: cache.endpoint },
        secrets: [token_key, "DATABASE_SECRET" => database.secret],
        migration: { command: ["bin/migrate"] },
    };
    let analytics_svc = k8s_service! {
        namespace: aivo,
        image: Ecr { repository: analytics_images, tag: image_tag },
        port: 8080,
        cpu: 512,
        memory: 4GB,
        replicas: 2,
        health_check: { path: "/health" },
        nodes: "memory",
        tolerates: ["workload=memory:NoSchedule"],
        environment: { DATABASE_HOST: database.endpoint },
        secrets: ["DATABASE_SECRET" => database.secret],
    };
    let content_svc = k8s_service! {
        namespace: aivo,
        image: Ecr { repository: content_images, tag: image_tag },
        port: 8080,
        cpu: 256,
        memory: 512MB,
        replicas: if full { 3..=10 } else { 2..=4 },
        scale_on: [Cpu > 70pct, Memory > 80pct],
        health_check: { path: "/health" },
        nodes: "general",
        environment: {
            DATABASE_HOST: database.endpoint,
            CACHE_HOST: cache.endpoint,
            CONTENT_BUCKET: content.name,
            AUTH_HOST: auth_svc.host,
            ANALYTICS_HOST: analytics_svc.host,
        },
        secrets: ["DATABASE_SECRET" => database.secret],
    };
    let mailer = k8s_service! {
        namespace: aivo,
        image: Ecr { repository: mailer_images, tag: image_tag },
        port: 8080,
        cpu: 128,
        memory: 256MB,
        replicas: 2,
        health_check: { path: "/health" },
        nodes: "spot",
        tolerates: ["capacity=spot:NoSchedule"],
        environment: { CACHE_HOST: cache.endpoint },
        secrets: [mail_keys],
    };

    // Who talks to whom.
    connect!(auth_svc, content_svc => database, cache);
    connect!(analytics_svc => database);
    connect!(content_svc => auth_svc, analytics_svc, content);
    connect!(mailer => cache, internet: tcp(443));
    deny!(internet => analytics_svc, mailer, database, cache);

    // The platform's domain, and the certificate that is proved in it.
    let zone = hosted_zone! { domain: domain };
    let certificate = certificate! { domain: domain, zone: zone };

    // What runs on the cluster beside them.
    let cluster_tools = cluster_addons! {
        cluster: platform,
        external_secrets: { namespace: external_secrets },
        cert_manager: { email: "platform@aivo.edu", zones: [zone.id], namespace: cert_manager },
        karpenter: {
            namespace: karpenter,
            node_pools: {
                general: {
                    families: ["m6i", "m7i"],
                    capacity: [Spot, OnDemand],
                    limits: { cpu: 8, memory: 32GB },
                },
            },
        },
        velero: {
            bucket: cluster_backups,
            namespace: velero,
            schedules: { everything: { every: if full { 4h } else { 6h }, keep: 30days } },
        },
        load_balancer_controller: {},
        kyverno: {},
        prometheus: {
            namespace: monitoring,
            retention: 15days,
            storage: 100GB,
            alerts: {
                pagerduty: pagerduty_key,
                slack: { channel: "#platform-infrastructure", webhook: slack_webhook },
            },
        },
        loki: { bucket: logs, namespace: monitoring, retention: 30days },
        alloy: { namespace: monitoring },
    };

    // The way in: users reach CloudFront, and only CloudFront reaches the load balancer.
    let alerts = sns_topic! {
        subscriptions: [Email("platform@aivo.edu"), Https(pagerduty_url)],
        kms_key: data_key,
    };
    let access_logs = s3_bucket! { lifecycle: [{ expire_after: 90days }] };
    let edge = alb! {
        subnets: network.public,
        open_to: if env == Environment::Recovery { Everyone } else { CloudFront },
        certificate: certificate,
        access_logs: access_logs,
        routes: ["/" => content_svc, "/auth/*" => auth_svc],
    };
    if env == Environment::Recovery {
        // The standby waits behind its load balancer until the platform's domain is delegated to it.
        let platform_domain = dns_record! { zone: zone, to: edge };
    } else {
        let cdn = cloudfront! {
            origin: edge,
            aliases: [domain],
            certificate: certificate,
            caching: OriginHeaders,
            price_class: Class100,
        };
        let firewall = web_acl! {
            scope: CloudFront,
            protects: [cdn],
            managed_rules: [
                AmazonIpReputationList, CommonRuleSet, KnownBadInputsRuleSet, SqlInjectionRuleSet,
            ],
            rate_limit: 2000,
            log_retention: 90days,
        };
        let platform_domain = dns_record! { zone: zone, to: cdn };
    }

    // Copies, what is promised of them, and what may be spent.
    let copies = backup_plan! {
        stores: [database, content],
        every: 4h,
        keep: 35days,
        copy_to: replica_vault_arn,
        kms_key: data_key,
    };
    if full {
        let promise = objectives! {
            region_failure: Manual,
            manual_recovery_takes: 3h,
            tiers: {
                critical: { recovery_time: 4h, recovery_point: 1h, holds: [database] },
                standard: { recovery_time: 8h, recovery_point: 4h, holds: [platform, content] },
                non_critical: { recovery_time: 24h, recovery_point: 24h, holds: [mailer, analytics_svc] },
            },
        };
    }
    let spending = budget! {
        amount: match env {
            Environment::Production => 12000,
            Environment::Staging => 4000,
            Environment::Development => 2000,
            Environment::Recovery => 3000,
        },
        alerts: [Forecasted > 50pct, Forecasted > 80pct, Actual > 90pct],
        notify: [alerts, Email("platform@aivo.edu")],
        costs_tagged: { Environment: format!("{env}") },
    };
    let errors = alarm! { watch: edge, when: ErrorRate > 1pct, lasting: 5min, notify: [alerts] };
    let database_cpu =
        alarm! { watch: database, when: Cpu > 80pct, lasting: 10min, notify: [alerts] };
    let database_full = alarm! { watch: database, when: FreeStorage < 10GB, notify: [alerts] };
    let waiting_pods =
        alarm! { watch: platform, when: UnschedulablePods > 0, lasting: 15min, notify: [alerts] };
    let overview = dashboard! { watch: [edge, platform, database, cache] };
}
