//! Pods that reach a store although that is denied: their policy admits it.
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
    let orders = redis! { subnets: network.data, node: "cache.t4g.small" };
    let api = k8s_service! { namespace: shop, image: "api:1", cpu: 256, memory: 512MB };
    let report = k8s_service! { namespace: shop, image: "report:1", cpu: 256, memory: 512MB };
    connect!(api, report => orders);
    deny!(report => orders);
}

fn main() {}
