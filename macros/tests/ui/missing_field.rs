//! A field that must be given is missing.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", subnets: { private: /24 } };
}

fn main() {}
