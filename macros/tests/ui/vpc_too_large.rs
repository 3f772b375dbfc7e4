//! A VPC larger than a /16.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/8", zones: 2, subnets: { private: /24 } };
}

fn main() {}
