//! `seiketsu`: voice agents for forty clients on one ECS platform, with what keeps the clients apart.

use archgen::core::tenant_fields::{ComputeIsolation, DatabaseIsolation, Sharing};
use archgen::prelude::*;

/// How many clients there are in production, and how far apart they are.
///
/// As it is: tasks that all share, a schema, a user, secrets and logs for each.
#[derive(Options)]
pub struct SeiketsuOptions {
    /// How many clients there are: 40 at most.
    pub tenants: u32,
    /// Whose tasks serve a client: `Pool`, `Bridge` or `Silo`.
    pub compute: ComputeIsolation,
    /// Where a client's rows are: `Schema`, `Database` or `Instance`.
    pub database: DatabaseIsolation,
    /// Whether clients are apart in the network: `Shared`, or `PerTenant`, which needs `Silo`.
    pub network: Sharing,
    /// Whether each client has a key of its own: `Shared` or `PerTenant`.
    pub keys: Sharing,
}

impl Default for SeiketsuOptions {
    fn default() -> SeiketsuOptions {
        SeiketsuOptions {
            tenants: 40,
            compute: ComputeIsolation::Pool,
            database: DatabaseIsolation::Schema,
            network: Sharing::Shared,
            keys: Sharing::Shared,
        }
    }
}

/// An API on Fargate behind CloudFront and a load balancer, PostgreSQL, Redis in cluster mode, a website in a
/// bucket, and a pool of up to forty clients.
#[architecture(environments = [Staging, Production])]
pub fn seiketsu(env: Environment, options: SeiketsuOptions) -> Architecture {
    let production = env == Environment::Production;
    let name = if production { "seiketsu-ai-prod" } else { "seiketsu-ai-staging" };
    let domain = if production { "seiketsu.ai" } else { "staging.seiketsu.ai" };

    // What is decided when deploying.
    let image_tag = param! { description: "The tag of the API's image in ECR" };
    let pagerduty_url =
        param! { description: "The URL of PagerDuty's integration for Amazon CloudWatch" };
    let assets_replica = param! {
        default: "arn:aws:s3:::seiketsu-ai-assets-replica",
        description: "The ARN of the bucket in the other Region that assets are copied to",
    };

    // Network: only sizes are given, archgen places the subnets.
    let network = vpc! {
        cidr: if production { "10.40.0.0/16" } else { "10.41.0.0/16" },
        unique_per_environment: true,
        zones: 3,
        subnets: { public: /24, private: /22, database: /24 },
        nat: if production { PerZone } else { Single },
        endpoints: [S3],
        flow_logs: 90days,
    };

    // One key for what is stored and published.
    let data_key = kms_key! {
        description: format!("What seiketsu keeps in {env}"),
        services: [CloudWatchAlarms, Budgets],
    };

    // Data: in subnets without a way to the internet, encrypted where it is stored and on the way.
    let database = rds_postgres! {
        subnets: network.database,
        identifier: format!("{name}-database"),
        version: "16.8",
        class: if production { "db.r6g.large" } else { "db.t4g.medium" },
        storage: if production { 100GB..=1000GB } else { 20GB..=100GB },
        multi_az: production,
        backups: if production { 30days } else { 7days },
        backup_window: "06:00-07:00",
        maintenance_window: "sun:07:30-sun:08:30",
        replicas: if production { 1 } else { 0 },
        auto_minor_version_upgrade: true,
        username: "seiketsu",
        database: "seiketsu",
        performance_insights: 7days,
        enhanced_monitoring: 60s,
        deletion_protection: production,
        kms_key: data_key,
    };
    let cache = redis! {
        subnets: network.database,
        node: if production { "cache.r6g.large" } else { "cache.t4g.small" },
        version: "7.1",
        shards: 2,
        replicas: 1,
        failover: true,
        encryption_at_rest: true,
        encryption_in_transit: true,
        maintenance_window: "sun:08:30-sun:09:30",
        kms_key: data_key,
    };
    let website = s3_bucket! {
        replication: { bucket: assets_replica, within: 15min },
        lifecycle: [{ transitions: { InfrequentAccess: 30days } }],
    };
    let access_logs = s3_bucket! { lifecycle: [{ expire_after: 90days }] };

    // Secrets: AWS makes up the one that signs tokens, their owners put in the others.
    let elevenlabs_api_key = secret! { description: "The key of ElevenLabs' voices" };
    let openai_api_key = secret! { description: "The key of OpenAI's models" };
    let supabase_key = secret! { description: "The key of Supabase" };
    let jwt_secret = secret! { description: "Signs the tokens of the API", generate: 64 };
    let monitoring_api_key = secret! { description: "The key of 21dev.ai's monitoring" };
    let container_studio_api_key = secret! { description: "The key of Container Studio" };
    let slack_webhook_url =
        secret! { description: "The URL of the webhook of #seiketsu-infrastructure" };

    // Compute: scales out within two minutes, in after five; a new version stands beside the old one first.
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: if production { Fargate } else { FargateSpot },
        namespace: format!("{name}.local"),
        cluster_name: format!("{name}-cluster"),
        container_insights: true,
        log_retention: if production { 90days } else { 30days },
    };
    let api = ecs_service! {
        cluster: cluster,
        service_name: format!("{name}-api-service"),
        log_group: format!("/ecs/{name}/api"),
        image: Ecr { repository: "seiketsu-ai-api", tag: image_tag },
        port: 8000,
        cpu: 1vCPU,
        memory: 2GB,
        tasks: if production { 2..=40 } else { 2..=4 },
        // The API tells its response time itself: that of a target group ends where a blue-green deployment switches.
        scale_on: [Cpu > 70pct, Memory > 80pct, metric("Seiketsu/Api", "ResponseTime") > 1000],
        scale_out_cooldown: 2min,
        scale_in_cooldown: 5min,
        deployment: BlueGreen,
        bake_time: 10min,
        health_check: { path: "/health" },
        container_health_check: { command: "curl -f http://localhost:8000/health || exit 1" },
        exec: true,
        environment: {
            ENVIRONMENT: format!("{env}"),
            DATABASE_HOST: database.endpoint,
            REDIS_HOST: cache.endpoint,
        },
        secrets: [
            "DATABASE_SECRET" => database.secret,
            elevenlabs_api_key,
            openai_api_key,
            supabase_key,
            jwt_secret,
            monitoring_api_key,
            container_studio_api_key,
            slack_webhook_url,
        ],
    };

    // The way in: users reach CloudFront, and only CloudFront reaches the load balancer and the bucket.
    let zone = hosted_zone! { domain: domain };
    let certificate = certificate! {
        domain: domain, alternative_names: [format!("*.{domain}")], zone: zone,
    };
    let edge = alb! {
        subnets: network.public,
        open_to: CloudFront,
        certificate: certificate,
        access_logs: access_logs,
        deletion_protection: production,
        routes: ["/" => api],
    };
    let cdn = cloudfront! {
        origin: edge,
        aliases: [format!("*.{domain}")],
        certificate: certificate,
        caching: OriginHeaders,
    };
    let site = cloudfront! {
        origin: website,
        aliases: [domain],
        certificate: certificate,
        default_root_object: "index.html",
    };
    let firewall = web_acl! {
        scope: CloudFront,
        protects: [cdn, site],
        managed_rules: [
            AmazonIpReputationList, CommonRuleSet, KnownBadInputsRuleSet, SqlInjectionRuleSet,
        ],
        rate_limit: 2000,
        log_retention: 90days,
    };
    let site_domain = dns_record! { zone: zone, to: site };
    let client_domains = dns_record! { zone: zone, domain: format!("*.{domain}"), to: cdn };

    // Who talks to whom.
    connect!(api => database, cache);
    connect!(api => internet: tcp(443));
    deny!(internet => database, cache);

    // Who is told: the team by e-mail, and who is on call.
    let alerts = sns_topic! {
        subscriptions: [Email("devops@seiketsu.ai"), Https(pagerduty_url)],
        display_name: "Seiketsu AI",
        kms_key: data_key,
    };

    // The clients, each at its own host: what one may use is a fortieth of the platform.
    let clients = tenant_pool! {
        tenants: if production { options.tenants } else { 4 },
        at_most: if production { 40 } else { 4 },
        service: api,
        balancer: edge,
        route_by: format!("{{tenant}}.{domain}"),
        database: database,
        isolation: {
            compute: options.compute,
            database: options.database,
            network: options.network,
            secrets: PerTenant,
            keys: options.keys,
            logs: PerTenant,
        },
        quota: { cpu: 1vCPU, memory: 2GB, tasks: 2..=3, storage: 25GB, connections: 20, requests: 7500 },
        notify: alerts,
        dashboard: true,
    };

    // What is promised, and who is told when it is at risk.
    if production {
        let promise = objectives! {
            availability: 99.9pct,
            recovery_time: 15min,
            recovery_point: 5min,
            may_lose: [cache],
            tiers: { assets: { recovery_point: 15min, holds: [website] } },
            region_failure: Accepted,
        };
    }
    let voice_response = alarm! {
        watch: api,
        when: metric("Seiketsu/Voice", "ResponseTime") > 2000,
        statistic: P99_9,
        lasting: 5min,
        notify: [alerts],
        description: "A voice answer in a thousand takes longer than 2 seconds",
    };
    let api_response = alarm! {
        watch: edge, when: ResponseTime > 500ms, statistic: P95, lasting: 5min, notify: [alerts],
    };
    let errors = alarm! { watch: edge, when: ErrorRate > 0.1pct, lasting: 5min, notify: [alerts] };
    let api_cpu = alarm! { watch: api, when: Cpu > 85pct, lasting: 5min, notify: [alerts] };
    let api_memory = alarm! { watch: api, when: Memory > 90pct, lasting: 5min, notify: [alerts] };
    let api_unhealthy =
        alarm! { watch: api, when: UnhealthyTargets > 0, lasting: 2min, notify: [alerts] };
    let database_cpu =
        alarm! { watch: database, when: Cpu > 80pct, lasting: 10min, notify: [alerts] };
    let database_full = alarm! { watch: database, when: FreeStorage < 10GB, notify: [alerts] };
    let infrastructure = dashboard! { watch: [edge, cluster, api, database, cache] };
    let application = dashboard! { watch: [edge, api] };
    let spending = budget! {
        amount: if production { 8000 } else { 1500 },
        alerts: [Actual > 80pct, Actual > 100pct],
        notify: [alerts, Email("devops@seiketsu.ai")],
        costs_tagged: { Environment: format!("{env}") },
    };
}
