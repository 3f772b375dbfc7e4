//! A repository that ECR does not take, and an image of what is none.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single };
    let cluster = ecs_cluster! { subnets: network.private };
    let images = ecr_repository! { repository_name: "Shop/Backend", keep: 0 };
    let web = ecs_service! {
        cluster: cluster,
        image: Ecr { repository: network, tag: "1" },
        cpu: 256,
        memory: 512MB,
    };
}

fn main() {}
