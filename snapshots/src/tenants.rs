//! Pools of three tenants, in each way of running them: tasks that all share, tasks of their own in one security
//! group, and everything of their own. One tenant of each differs from the others.

use archgen::prelude::*;

/// Tenants that share tasks, known by a header; one has a database of its own.
#[architecture(environments = [Production])]
pub fn tenants_pool(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.112.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /22, database: /24 },
        nat: Single,
    };
    let rows = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 20GB..=100GB,
        multi_az: true,
        backups: 7days,
    };
    let cluster = ecs_cluster! { subnets: network.private, log_retention: 30days };
    let api = ecs_service! {
        cluster: cluster,
        image: "example/api:1.4",
        port: 8080,
        cpu: 512,
        memory: 1GB,
        tasks: 2..=6,
        scale_on: [Cpu > 70pct],
        environment: { ROWS_HOST: rows.endpoint },
    };
    connect!(api => rows);
    connect!(api => internet: tcp(443));
    let tls = certificate! { domain: "api.example.com" };
    let edge = alb! { subnets: network.public, certificate: tls, routes: ["/" => api] };
    let alerts = sns_topic! { subscriptions: [Email("platform@example.com")] };
    let clients = tenant_pool! {
        tenants: ["acme", "globex", "initech"],
        at_most: 12,
        service: api,
        balancer: edge,
        route_by: "X-Tenant: {tenant}",
        database: rows,
        isolation: { compute: Pool, database: Schema, secrets: PerTenant, keys: PerTenant, logs: PerTenant },
        quota: { cpu: 256, memory: 512MB, storage: 20GB, connections: 10, requests: 600 },
        overrides: { globex: { database: Instance, quota: { requests: 6000, storage: 60GB } } },
        notify: alerts,
        log_retention: 14days,
        tags: { product: "ledger" },
    };
}

/// Tenants with tasks of their own in one security group, known by a path; one has tasks that it shares.
#[architecture(environments = [Production])]
pub fn tenants_bridge(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.113.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /22, database: /24 },
        nat: Single,
    };
    let rows = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 20GB..=100GB,
        multi_az: true,
        backups: 7days,
    };
    let provider_key = secret! { description: "The key of the payment provider" };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! {
        cluster: cluster,
        image: "example/api:1.4",
        port: 8080,
        cpu: 512,
        memory: 1GB,
        tasks: 2,
        environment: { ROWS_HOST: rows.endpoint },
        secrets: [provider_key, "ROWS_SECRET" => rows.secret],
    };
    connect!(api => rows);
    let tls = certificate! { domain: "api.example.com" };
    let edge = alb! { subnets: network.public, certificate: tls, routes: ["/" => api] };
    let clients = tenant_pool! {
        tenants: ["acme", "globex", "initech"],
        at_most: 12,
        service: api,
        balancer: edge,
        route_by: "/t/{tenant}/*",
        database: rows,
        isolation: { compute: Bridge, database: Database, logs: Shared },
        overrides: { initech: { compute: Pool, logs: PerTenant } },
        dashboard: false,
    };
}

/// Tenants with everything of their own, known by their hosts; one has more tasks, and a key. They all connect to a
/// service that is everybody's.
#[architecture(environments = [Production])]
pub fn tenants_silo(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.114.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /22, database: /24 },
        nat: Single,
    };
    let rows = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 20GB..=100GB,
        multi_az: true,
        backups: 7days,
    };
    let provider_key = secret! { description: "The key of the payment provider" };
    let cluster = ecs_cluster! { subnets: network.private, namespace: "tenants.internal" };
    let api = ecs_service! {
        cluster: cluster,
        image: "example/api:1.4",
        port: 8080,
        cpu: 512,
        memory: 1GB,
        tasks: 2..=6,
        scale_on: [Cpu > 70pct],
        deployment: BlueGreen,
        environment: { ROWS_HOST: rows.endpoint, LEDGER: "http://ledger.tenants.internal:9000" },
        secrets: [provider_key, "ROWS_SECRET" => rows.secret],
    };
    let ledger = ecs_service! {
        cluster: cluster,
        image: "example/ledger:2.0",
        port: 9000,
        cpu: 256,
        memory: 512MB,
        tasks: 2,
    };
    connect!(api => rows, ledger);
    connect!(api => internet: tcp(443));
    deny!(internet => rows);
    let tls = certificate! { domain: "example.com", alternative_names: ["*.example.com"] };
    let edge = alb! { subnets: network.public, certificate: tls, routes: ["/" => api] };
    let alerts = sns_topic! { subscriptions: [Email("platform@example.com")] };
    let clients = tenant_pool! {
        tenants: ["acme", "globex", "initech"],
        at_most: 12,
        service: api,
        balancer: edge,
        route_by: "{tenant}.example.com",
        database: rows,
        isolation: {
            compute: Silo, database: Instance, network: PerTenant, secrets: PerTenant, logs: PerTenant,
        },
        quota: { cpu: 256, memory: 512MB, tasks: 1..=2, requests: 600 },
        overrides: {
            globex: { keys: PerTenant, quota: { cpu: 1vCPU, memory: 2GB, tasks: 2..=4, storage: 50GB } },
        },
        notify: alerts,
    };
}
