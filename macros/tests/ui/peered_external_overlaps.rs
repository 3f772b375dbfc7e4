//! A peering with a VPC of somebody else that shares addresses.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let shop = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let partner = vpc_peering! {
        requester: shop,
        external: { vpc: "vpc-0123456789abcdef0", cidrs: ["10.1.0.0/16", "10.0.64.0/18"] },
    };
}

fn main() {}
