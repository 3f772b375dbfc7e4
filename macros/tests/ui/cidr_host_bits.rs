//! A block with host bits set.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.1/16", zones: 2, subnets: { private: /24 } };
}

fn main() {}
