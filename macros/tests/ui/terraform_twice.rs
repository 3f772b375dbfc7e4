//! Two places for one state.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let first = terraform! { state_bucket: "shop-state" };
    let second = terraform! { state_bucket: "shop-state-two" };
}

fn main() {}
