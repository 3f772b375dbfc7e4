//! More tenants than there may be.
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
    let clients = tenant_pool! { tenants: ["acme", "globex", "initech"], at_most: 2, service: api };
    let numbered = tenant_pool! { tenants: 41, at_most: 40, service: api };
}

fn main() {}
