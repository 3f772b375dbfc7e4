//! A misspelt field of a tier, and a route that does not exist.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { private: { block: /24, blocks: /24 }, jobs: { blocks: /24, route: NatGatway } },
    };
}

fn main() {}
