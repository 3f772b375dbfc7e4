//! Pods that would run as root.
use archgen::prelude::*;

#[architecture(environments = [Production])]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /20, data: /24 }, nat: PerZone,
    };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.34",
        node_groups: {
            general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=6 },
            spot: Spot {
                instances: ["m6i.large", "m5.large"], nodes: 0..=6, taints: ["capacity=spot:NoSchedule"],
            },
        },
    };
    let shop = namespace! { cluster: platform };
    let api = k8s_service! { namespace: shop, image: "api:1", cpu: 256, memory: 512MB, user: "0" };
}

fn main() {}
