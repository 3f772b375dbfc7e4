//! `kinexus`: document processing on ECS Fargate with PostgreSQL and Redis, in its production model.

use archgen::prelude::*;

/// An API and its workers on Fargate, over three zones, with PostgreSQL, Redis and a document store.
#[architecture]
pub fn kinexus(env: Environment) -> Architecture {
    let production = env == Environment::Production;
    let name = format!("kinexus-{env}");

    // What is decided when deploying.
    let domain = param! { description: "The domain of the API" };
    let image_tag = param! { description: "The tag of the API's and the worker's images in ECR" };
    let critical_topic =
        param! { kind: TopicArn, description: "The SNS topic for critical alerts" };
    let warning_topic = param! { kind: TopicArn, description: "The SNS topic for warnings" };

    // Network: no environment shares addresses with another, so that they can be peered one day.
    let network = vpc! {
        cidr: match env {
            Environment::Production => "10.16.0.0/16",
            Environment::Staging => "10.17.0.0/16",
            _ => "10.18.0.0/16",
        },
        unique_per_environment: true,
        zones: 3,
        subnets: { public: /24, private: /22, database: /24 },
        nat: if production { PerZone } else { Single },
        endpoints: [S3],
        flow_logs: 30days,
    };

    // Data: in subnets without a way to the internet, encrypted, reached by the API and the workers only.
    let database = rds_postgres! {
        subnets: network.database,
        identifier: name,
        version: "15.17",
        class: "db.t3.medium",
        storage: 100GB..=1000GB,
        multi_az: production,
        backups: 7days,
        backup_window: "03:00-04:00",
        maintenance_window: "sun:04:30-sun:05:30",
        replicas: if production { 1 } else { 0 },
        username: "kinexus",
        database: "kinexus",
        parameters: { log_min_duration_statement: 1000 },
        performance_insights: 7days,
        deletion_protection: production,
    };
    let cache = redis! {
        subnets: network.database,
        node: "cache.t3.micro",
        replicas: if production { 1 } else { 0 },
        snapshots: 5days,
        snapshot_window: "02:00-03:00",
    };
    let documents_replica = param! {
        default: "arn:aws:s3:::kinexus-documents-replica",
        description: "The ARN of the bucket in another Region that documents are copied to",
    };
    let documents = s3_bucket! {
        versioning: true,
        intelligent_tiering: { archive_after: 90days, deep_archive_after: 180days },
        replication: { bucket: documents_replica, within: 15min },
    };
    let alb_logs = s3_bucket! {
        bucket_name: if production { "kinexus-alb-logs" } else { format!("kinexus-alb-logs-{env}") },
        lifecycle: [{ expire_after: 90days }],
    };

    // Secrets beside the database's own, which RDS makes and rotates.
    let jwt_signing_key = secret! {
        secret_name: format!("kinexus/{env}/jwt-signing-key"),
        description: "Signs the tokens of the API",
        generate: 64,
    };
    let external_api_keys = secret! {
        secret_name: format!("kinexus/{env}/external-api-keys"),
        description: "Keys of the external APIs",
    };

    // Compute.
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: if production { Fargate } else { FargateSpot },
        cluster_name: name,
        container_insights: true,
        log_retention: 30days,
    };
    let api = ecs_service! {
        cluster: cluster,
        service_name: "kinexus-api",
        log_group: if production { "/ecs/kinexus-api" } else { format!("/ecs/kinexus-api-{env}") },
        image: Ecr { repository: "kinexus-api", tag: image_tag },
        port: 8000,
        cpu: 1vCPU,
        memory: 2GB,
        tasks: 2..=10,
        scale_on: [Cpu > 70pct, Memory > 75pct],
        health_check: { path: "/health" },
        container_health_check: { command: "curl -f http://localhost:8000/health || exit 1" },
        deployment: if production { BlueGreen } else { Rolling },
        secrets: [
            "DATABASE_SECRET" => database.secret,
            "JWT_SIGNING_KEY" => jwt_signing_key,
            "EXTERNAL_API_KEYS" => external_api_keys,
        ],
        environment: {
            ENVIRONMENT: format!("{env}"),
            DB_HOST: database.endpoint,
            REDIS_HOST: cache.endpoint,
            DOCUMENTS_BUCKET: documents.name,
            DEBUG: match env { Environment::Development => "true", _ => "false" },
            LOG_LEVEL: match env {
                Environment::Production => "WARNING",
                Environment::Staging => "INFO",
                _ => "DEBUG",
            },
        },
    };
    let worker = ecs_service! {
        cluster: cluster,
        service_name: "kinexus-worker",
        image: Ecr { repository: "kinexus-worker", tag: image_tag },
        cpu: 1vCPU,
        memory: 2GB,
        tasks: 1..=4,
        scale_on: [Cpu > 70pct],
        secrets: ["DATABASE_SECRET" => database.secret, "EXTERNAL_API_KEYS" => external_api_keys],
        environment: {
            DB_HOST: database.endpoint,
            REDIS_HOST: cache.endpoint,
            DOCUMENTS_BUCKET: documents.name,
        },
    };

    // The one way in.
    let certificate = certificate! { domain: domain };
    let edge = alb! {
        subnets: network.public,
        scheme: InternetFacing,
        certificate: certificate,
        routes: ["/" => api],
        access_logs: alb_logs,
        deletion_protection: production,
    };

    // Who talks to whom.
    connect!(api, worker => database, cache, documents);
    connect!(api, worker => internet: tcp(443));
    deny!(internet => database, cache, worker);

    // What the team promises, and who is told when it is at risk.
    let promise = objectives! {
        recovery_time: 2h,
        recovery_point: 1h,
        may_lose: [cache],
        region_failure: Manual,
        manual_recovery_takes: 90min,
    };
    let api_cpu = alarm! { watch: api, when: Cpu > 80pct, lasting: 5min, notify: [critical_topic] };
    let api_memory =
        alarm! { watch: api, when: Memory > 70pct, lasting: 5min, notify: [warning_topic] };
    let api_errors =
        alarm! { watch: edge, when: ErrorRate > 5pct, lasting: 5min, notify: [critical_topic] };
    let api_unhealthy =
        alarm! { watch: api, when: UnhealthyTargets > 0, lasting: 2min, notify: [critical_topic] };
    let database_connections = alarm! { watch: database, when: Connections > 340, lasting: 5min, notify: [critical_topic] };
    let database_storage = alarm! { watch: database, when: FreeStorage < 10GB, lasting: 5min, notify: [warning_topic] };
    let database_reads = alarm! { watch: database, when: ReadLatency > 100ms, lasting: 5min, notify: [warning_topic] };
    let cache_memory =
        alarm! { watch: cache, when: FreeMemory < 64MB, lasting: 5min, notify: [warning_topic] };
    let overview = dashboard! { watch: [edge, api, worker, database, cache] };
}
