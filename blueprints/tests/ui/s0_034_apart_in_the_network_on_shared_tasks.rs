use archgen::prelude::*;

/// "Shared Infrastructure: Common ECS cluster" beside "Security Boundaries: Network-level isolation".
#[architecture(environments = [Production])]
pub fn as_written(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.40.0.0/16", zones: 3, subnets: { public: /24, private: /22 }, nat: PerZone,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! {
        cluster: cluster,
        image: "example/api:1",
        port: 8000,
        cpu: 1vCPU,
        memory: 2GB,
        tasks: 2..=40,
        scale_on: [Cpu > 70pct, Memory > 80pct],
    };
    let clients = tenant_pool! {
        tenants: 40, at_most: 40, service: api, isolation: { compute: Pool, network: PerTenant },
    };
}

fn main() {}
