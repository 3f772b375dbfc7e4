use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single };
    let cluster = ecs_cluster! { subnets: network.private };
    let files = efs! { subnets: network.private };
    let redis = ecs_service! {
        cluster: cluster, image: "redis:7", port: 6379, cpu: 256, memory: 512MB,
        tasks: 2,
        volumes: ["/data" => files],
        exclusive: true,
    };
}

fn main() {}
