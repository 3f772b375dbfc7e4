//! Quotas that are more than there is.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22, database: /24 }, nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! {
        cluster: cluster, image: "example/api:1", port: 80, cpu: 256, memory: 512MB, tasks: 2..=4, scale_on: [Cpu > 70pct],
    };
    let rows = rds_postgres! {
        subnets: network.database, version: "16.8", class: "db.t4g.medium", storage: 20GB..=50GB, multi_az: false, backups: 7days,
    };
    let clients = tenant_pool! {
        tenants: 40, at_most: 40, service: api, database: rows, quota: { cpu: 256, memory: 64MB, storage: 5GB },
    };
    let partners = tenant_pool! {
        tenants: ["acme", "globex", "initech"],
        at_most: 40,
        service: api,
        quota: { memory: 768MB },
        overrides: { globex: { quota: { memory: 1GB } } },
    };
}

fn main() {}
