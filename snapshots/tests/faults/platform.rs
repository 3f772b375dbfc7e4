//! The platforms that faults are put into: six tenants, apart in everything, or on shared tasks.

use archgen::Checked;
use archgen::prelude::*;

/// The tenants.
pub const TENANTS: &[&str] = &["acme", "globex", "hooli", "initech", "soylent", "umbrella"];

/// Every tenant has everything for itself; of the last two also the database.
pub fn silo() -> Checked {
    checked(&apart(Environment::Production))
}

/// All share tasks, which speak for one tenant at a time.
pub fn pool() -> Checked {
    checked(&together(Environment::Production))
}

fn checked(architecture: &Architecture) -> Checked {
    match archgen::check(architecture) {
        Ok(it) => it,
        Err(all) => panic!("{all:#?}"),
    }
}

#[architecture]
fn apart(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22, data: /24 }, nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let domain = certificate! { domain: "*.example.com" };
    let stripe = secret! { description: "payments" };
    let database = rds_postgres! {
        subnets: network.data, version: "16.6", class: "db.t4g.medium", storage: 100GB, backups: 7days,
        multi_az: true,
    };
    let api = ecs_service! {
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB,
        secrets: [stripe, "DATABASE_SECRET" => database.secret],
    };
    let edge = alb! { subnets: network.public, certificate: domain, routes: ["/" => api] };
    connect!(api => database, internet: tcp(443));
    let seats = tenant_pool! {
        tenants: ["acme", "globex", "hooli", "initech", "soylent", "umbrella"],
        at_most: 40,
        service: api,
        database: database,
        balancer: edge,
        route_by: "{tenant}.example.com",
        isolation: {
            compute: Silo, database: Schema, network: PerTenant, secrets: PerTenant, keys: PerTenant,
            logs: PerTenant,
        },
        overrides: { soylent: { database: Instance }, umbrella: { database: Instance } },
    };
}

#[architecture]
fn together(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22, data: /24 }, nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let domain = certificate! { domain: "*.example.com" };
    let database = rds_postgres! {
        subnets: network.data, version: "16.6", class: "db.t4g.medium", storage: 100GB, backups: 7days,
        multi_az: true,
    };
    let api = ecs_service! {
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB,
    };
    let edge = alb! { subnets: network.public, certificate: domain, routes: ["/" => api] };
    connect!(api => database, internet: tcp(443));
    let seats = tenant_pool! {
        tenants: ["acme", "globex", "hooli", "initech", "soylent", "umbrella"],
        at_most: 40,
        service: api,
        database: database,
        balancer: edge,
        route_by: "{tenant}.example.com",
        isolation: { secrets: PerTenant, keys: PerTenant, logs: PerTenant },
    };
}
