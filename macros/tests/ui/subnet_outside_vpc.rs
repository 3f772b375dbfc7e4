//! A subnet that is not in its VPC.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { private: ["10.0.1.0/24", "10.1.2.0/24"] },
    };
}

fn main() {}
