//! A database in a public tier whose group admits everybody.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24 } };
    let open = security_group! { vpc: network, ingress: [internet => tcp(5432)] };
    let database = rds_postgres! {
        subnets: network.public,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
        security_groups: [open],
    };
}

fn main() {}
