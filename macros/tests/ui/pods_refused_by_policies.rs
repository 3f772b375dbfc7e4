//! The cluster's own policies refuse the pods of a service.

use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20 }, nat: Single };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.35",
        node_groups: { general: OnDemand { instances: ["m6i.large"], nodes: 3..=6 } },
    };
    let shop = namespace! { cluster: platform };
    let mailer = k8s_service! { namespace: shop, image: "example/mailer", cpu: 256, memory: 512MB };
    let tools = cluster_addons! { cluster: platform, kyverno: {} };
}

fn main() {}
