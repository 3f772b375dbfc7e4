//! A /24 that shall have 256 usable addresses (seed row F09).
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { private: { blocks: ["10.0.1.0/24", "10.0.2.0/24"], addresses: 256 } },
    };
}

fn main() {}
