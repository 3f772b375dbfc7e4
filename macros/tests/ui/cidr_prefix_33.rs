//! A prefix length that IPv4 does not have.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/33", zones: 2, subnets: { private: /24 } };
}

fn main() {}
