//! Subnets that AWS does not make: a /29 written out and a /30 to be placed.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 1,
        subnets: { private: ["10.0.1.0/29"], database: /30 },
    };
}

fn main() {}
