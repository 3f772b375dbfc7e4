//! Overrides of tenants that there are not, or with fields that there are not.
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
    let clients = tenant_pool! {
        tenants: ["acme", "globex"],
        at_most: 40,
        service: api,
        overrides: { acne: { quota: { tasks: 4 } }, globex: { quota: { task: 4 }, compute: Silos } },
    };
    let numbered = tenant_pool! { tenants: 3, at_most: 40, service: api, overrides: { t0004: { logs: Shared } } };
}

fn main() {}
