//! Copies too often, of what AWS Backup does not copy, to what is no vault, and tiers that share.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
    let cache = redis! { subnets: network.database, node: "cache.t4g.small" };
    let files = efs! { subnets: network.database };
    let copies = backup_plan! {
        stores: [files, cache],
        every: 30min,
        keep: 35days,
        copy_to: "us-west-2",
    };
    let promise = objectives! {
        tiers: {
            critical: { recovery_time: 4h, holds: [files] },
            standard: { recovery_time: 8h, holds: [files] },
        },
    };
}

fn main() {}
