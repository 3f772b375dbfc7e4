//! Two entries of one number, and a number past the last, in a network ACL.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };

    let edge = network_acl! {
        subnets: network.private,
        ingress: [100 => allow("10.0.0.0/16", all), 100 => deny("10.9.0.0/16", all)],
        egress: [32767 => allow("10.0.0.0/16", all)],
    };
}

fn main() {}
