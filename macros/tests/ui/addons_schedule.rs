//! A backup that cron cannot make, and node pools that start nothing.
use archgen::prelude::*;

#[architecture]
pub fn aivo(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /20 }, nat: PerZone,
    };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.32",
        extended_support: true,
        node_groups: { general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=6 } },
        addons: [VpcCni, CoreDns],
    };
    let backups = s3_bucket! { lifecycle: [{ expire_after: 14days }] };
    let addons = cluster_addons! {
        cluster: platform,
        cert_manager: {},
        karpenter: {
            node_pools: {
                general: { families: ["m6"], limits: { cpu: 64, memory: 256GB } },
                batch: { families: ["m6i", "m6g"], limits: { cpu: 64, memory: 256GB } },
            },
        },
        velero: {
            bucket: backups,
            schedules: { everything: { every: 5h }, weekly: { every: 24h, keep: 30days } },
        },
    };
    let more = cluster_addons! { cluster: platform };
}

fn main() {}
