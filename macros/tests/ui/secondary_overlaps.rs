//! A secondary block that overlaps the primary one.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        secondary_cidrs: ["100.64.0.0/16", "10.0.128.0/20"],
        zones: 2,
        subnets: { private: /24 },
    };
}

fn main() {}
