//! Two declarations of one name.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let network = vpc! { cidr: "10.1.0.0/16", zones: 2, subnets: { private: /24 } };
}

fn main() {}
