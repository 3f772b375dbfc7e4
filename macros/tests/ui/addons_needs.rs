//! Add-ons without what they need.
use archgen::prelude::*;

#[architecture]
pub fn aivo(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /20 }, nat: PerZone,
    };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.34",
        node_groups: { general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=6 } },
    };
    let pagerduty_key = secret! { description: "The integration key of PagerDuty" };
    let monitoring = namespace! { cluster: platform };
    let addons = cluster_addons! {
        cluster: platform,
        prometheus: { alerts: { pagerduty: pagerduty_key }, namespace: monitoring },
        alloy: {},
    };
}

fn main() {}
