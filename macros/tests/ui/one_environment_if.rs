//! A declaration of one environment only, with a mistake.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    if env == Environment::Production {
        let reports = vpc! { cidr: "10.0.0.0/17", zones: 2, subnets: { private: /24 } };
        let between = vpc_peering! { requester: network, accepter: reports };
    }
}

fn main() {}
