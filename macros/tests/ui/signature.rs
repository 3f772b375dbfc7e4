//! Parameters and results that an architecture does not have.
use archgen::prelude::*;

#[architecture]
pub fn shop(_: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
}

#[architecture]
pub fn more(env: Environment, zones: u32, cidr: String) -> Architecture {
    let network = vpc! { cidr: cidr, zones: zones, subnets: { private: /24 } };
}

#[architecture]
pub fn none(env: Environment) {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
}

fn main() {}
