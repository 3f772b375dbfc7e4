//! Names of declarations are Rust's names: a misspelt one is rustc's error, beside ours.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single };
    let cluster = ecs_cluster! { subnets: netwrk.private, log_retention: 8days };
    let web = ecs_service! { cluster: clustr, image: "nginx:1.27", cpu: 256, memory: 512MB };
    connect!(wbe => internet: tcp(443));
}

fn main() {}
