use archgen::prelude::*;

/// The user name `admin` is reserved.
#[architecture(environments = [Production])]
pub fn as_written(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /22, database: /24 }, nat: PerZone };
    let database = rds_postgres! {
        subnets: network.database,
        identifier: "kinexus-production",
        version: "16.8",
        class: "db.t3.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
        username: "admin",
    };
}

fn main() {}
