//! Tasks of tenants that would share a file system, or could not be reached.
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
    let domain = certificate! { domain: "*.example.com" };
    let edge = alb! { subnets: network.public, certificate: domain, routes: ["/" => api] };
    let files = efs! { subnets: network.private };
    let drawing = ecs_service! {
        cluster: cluster, image: "example/drawing:1", port: 81, cpu: 256, memory: 512MB, volumes: ["/data" => files],
    };
    let worker = ecs_service! { cluster: cluster, image: "example/worker:1", cpu: 256, memory: 512MB };
    let clients = tenant_pool! {
        tenants: ["acme", "globex"], at_most: 40, service: drawing, isolation: { compute: Bridge },
    };
    let jobs = tenant_pool! {
        tenants: ["acme", "globex"],
        at_most: 40,
        service: worker,
        balancer: edge,
        route_by: "{tenant}.jobs.example.com",
        overrides: { globex: { compute: Silo } },
    };
}

fn main() {}
