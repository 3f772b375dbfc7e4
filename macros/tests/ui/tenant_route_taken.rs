//! A tenant's requests with a route of their own; a balancer that does not lead to the shared service.
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
    let admin = ecs_service! { cluster: cluster, image: "example/admin:1", port: 80, cpu: 256, memory: 512MB };
    let domain = certificate! { domain: "*.example.com" };
    let edge = alb! {
        subnets: network.public, certificate: domain, routes: ["/" => admin, "acme.example.com" => admin],
    };
    let clients = tenant_pool! {
        tenants: ["acme", "globex"], at_most: 40, service: api, balancer: edge, route_by: "{tenant}.example.com",
    };
}

fn main() {}
