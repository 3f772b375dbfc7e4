//! A block written out where a tier before it has been placed.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { private: /24, legacy: ["10.0.1.0/24", "10.0.9.0/24"] },
    };
}

fn main() {}
