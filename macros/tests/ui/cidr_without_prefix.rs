//! An address where a block belongs, and a text that is no address.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { private: ["10.0.1.0", "10.0.256.0/24"] },
    };
}

fn main() {}
