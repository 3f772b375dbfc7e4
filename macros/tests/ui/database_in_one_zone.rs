//! A database in a tier of one zone.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 1, subnets: { database: /24 } };
    let database = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
    };
}

fn main() {}
