//! Requests that cannot be told apart.
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
    let other_edge = alb! { subnets: network.public, certificate: domain, routes: ["/" => api] };
    let same = tenant_pool! { tenants: ["acme"], at_most: 4, service: api, balancer: edge, route_by: "app.example.com" };
    let nowhere = tenant_pool! { tenants: ["acme"], at_most: 4, service: api, route_by: "{tenant}.example.com" };
    let unknown = tenant_pool! { tenants: ["acme"], at_most: 4, service: api, balancer: other_edge };
    let pattern = tenant_pool! { tenants: ["acme"], at_most: 4, service: api, balancer: other_edge, route_by: "no pattern {tenant}" };
}

fn main() {}
