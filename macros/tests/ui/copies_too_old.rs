//! Copies every four hours and a promise of one hour (seed row F10).
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
    let orders = rds_postgres! {
        subnets: network.database,
        version: "16.6",
        class: "db.t4g.medium",
        storage: 100GB,
        multi_az: true,
        backups: 0days,
    };
    let copies = backup_plan! { stores: [orders], every: 4h, keep: 35days };
    let promise = objectives! {
        tiers: {
            critical: { recovery_time: 4h, recovery_point: 1h, holds: [orders] },
        },
    };
}

fn main() {}
