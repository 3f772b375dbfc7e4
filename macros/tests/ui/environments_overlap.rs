//! Two environments share addresses, and their VPCs must be unique.

use archgen::prelude::*;

#[architecture]
fn shop(env: Environment) -> Architecture {
    let block = match env {
        Environment::Development => "10.1",
        _ => "10.0",
    };
    let network = vpc! {
        cidr: format!("{block}.0.0/16"),
        unique_per_environment: true,
        zones: 3,
        subnets: { private: format!("{block}.1-3.0/24"), database: "10.0.201-202.0/24" },
    };
}

fn main() {}
