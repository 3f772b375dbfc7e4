//! A cluster is connected to a bucket: its pods would all have what its nodes have.

use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20 }, nat: Single };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.35",
        node_groups: { general: OnDemand { instances: ["m6i.large"], nodes: 3..=6 } },
    };
    let documents = s3_bucket! {};
    connect!(platform => documents);
}

fn main() {}
