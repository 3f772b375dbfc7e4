//! Databases, caches, files, objects and secrets with everything that can be said about them.

use archgen::prelude::*;

/// Cluster mode, replicas, monitoring, lifecycles, KMS keys, copies in other Regions.
#[architecture(environments = [Production])]
pub fn stores(env: Environment) -> Architecture {
    let key = param! { description: "The ARN of the KMS key for what others must not read" };
    let network = vpc! {
        cidr: "10.30.0.0/16",
        zones: 3,
        subnets: { public: /24, private: /24, database: /25 },
        nat: PerZone,
        endpoints: [S3, SecretsManager, Kms],
        flow_logs: 90days,
    };
    let sessions = redis! {
        subnets: network.database,
        node: "cache.r7g.large",
        version: "7.1",
        shards: 3,
        replicas: 2,
        failover: true,
        snapshots: 7days,
        snapshot_window: "02:00-03:00",
        maintenance_window: "sun:05:00-sun:06:00",
        parameters: { maxmemory_policy: "allkeys-lru" },
        identifier: "shop-sessions",
        kms_key: key,
    };
    let orders = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.r6g.large",
        storage: 100GB,
        multi_az: true,
        backups: 35days,
        replicas: 2,
        port: 5433,
        username: "shop",
        kms_key: key,
        database: "orders",
        parameters: { log_min_duration_statement: 500, shared_preload_libraries: "pg_stat_statements" },
        performance_insights: 31days,
        enhanced_monitoring: 15s,
        auto_minor_version_upgrade: false,
        identifier: "shop-orders",
    };
    let files = efs! {
        kms_key: key,
        subnets: network.private,
        path: "/shop/uploads",
        user: 1001,
        infrequent_access_after: 30days,
        backups: false,
    };
    let documents = s3_bucket! {
        bucket_name: "example-shop-documents",
        kms_key: key,
        lifecycle: [
            {
                transitions: { InfrequentAccess: 30days, GlacierFlexibleRetrieval: 120days, GlacierDeepArchive: 365days },
                expire_old_versions_after: 30days,
            },
            { prefix: "tmp/", expire_after: 1day },
        ],
    };
    let api_keys = secret! {
        description: "Keys of the payment provider",
        secret_name: "shop/production/api-keys",
        kms_key: key,
        replica_regions: ["us-west-2", "eu-west-1"],
        generate: 64,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let shop = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/shop:1.4",
        port: 8080,
        cpu: 512,
        memory: 1GB,
        tasks: 3,
        secrets: [api_keys, "DATABASE_SECRET" => orders.secret],
        environment: {
            DB_HOST: orders.endpoint,
            DB_PORT: orders.port,
            REDIS_HOST: sessions.endpoint,
            DOCUMENTS: documents.name,
        },
        volumes: ["/uploads" => files],
    };
    connect!(shop => sessions, orders, documents);
    deny!(internet => sessions, orders, files);
}
