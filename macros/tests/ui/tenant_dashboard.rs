//! More tenants than a dashboard has graphs.
use archgen::prelude::*;

#[architecture(environments = [Production])]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22, database: /24 }, nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! {
        cluster: cluster, image: "example/api:1", port: 80, cpu: 256, memory: 512MB, tasks: 2..=4, scale_on: [Cpu > 70pct],
    };
    let clients = tenant_pool! { tenants: 501, at_most: 1000, service: api, dashboard: true };
}

fn main() {}
