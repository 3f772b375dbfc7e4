//! A version of Kubernetes that EKS no longer runs (seed row F11).
use archgen::prelude::*;

#[architecture]
pub fn aivo(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /20 }, nat: PerZone,
    };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.28",
        node_groups: { general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=6 } },
    };
}

fn main() {}
