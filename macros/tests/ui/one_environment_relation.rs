//! Subnets that overlap in one environment only.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let size = if env == Environment::Production { "10.0.2.0/24" } else { "10.0.1.128/25" };
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { private: ["10.0.1.0/24", size] },
    };
}

fn main() {}
