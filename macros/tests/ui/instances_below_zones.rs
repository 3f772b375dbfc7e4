//! One instance at least, in two zones (seed row F06).
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: PerZone };
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: Ec2 { instance: "m6i.large", instances: 1..=5 },
    };
    let promise = objectives! { availability: 99pct };
}

fn main() {}
