//! A VPC that is peered with itself.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let shop = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let between = vpc_peering! { requester: shop, accepter: shop };
}

fn main() {}
