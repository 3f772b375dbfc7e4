//! More zones than any Region has.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 7, subnets: { private: /24 } };
}

fn main() {}
