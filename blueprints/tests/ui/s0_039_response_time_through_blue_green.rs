use archgen::prelude::*;

/// "Auto-scaling Triggers: … Response time > 1s" beside "deployment_strategy: blue-green".
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
        scale_on: [Cpu > 70pct, Memory > 80pct, ResponseTime > 1s],
        deployment: BlueGreen,
    };
    let certificate = certificate! { domain: "seiketsu.ai" };
    let edge = alb! { subnets: network.public, certificate: certificate, routes: ["/" => api] };
}

fn main() {}
