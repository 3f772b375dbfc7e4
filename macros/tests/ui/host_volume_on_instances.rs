//! A volume of the host that does not follow its task (seed row F03).
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: PerZone };
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: Ec2 { instance: "m6i.large", instances: 2..=5 },
    };
    let cache = ecs_service! {
        cluster: cluster,
        image: "redis:7",
        port: 6379,
        cpu: 256,
        memory: 512MB,
        tasks: 1..=10,
        scale_on: [Cpu > 70pct],
        volumes: ["/data" => HostVolume],
    };
}

fn main() {}
