//! A field without value.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: , zones: 2, subnets: { private: /24 } };
}

fn main() {}
