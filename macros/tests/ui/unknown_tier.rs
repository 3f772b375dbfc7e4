//! A misspelt tier.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single };
    let cluster = ecs_cluster! { subnets: network.privat };
}

fn main() {}
