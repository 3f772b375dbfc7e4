//! A secondary block that AWS does not take beside the primary one.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        secondary_cidrs: ["192.168.0.0/16"],
        zones: 2,
        subnets: { private: /24 },
    };
}

fn main() {}
