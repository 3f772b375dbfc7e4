//! A mistake behind `else if`.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    if env == Environment::Production {
        let files = efs! { subnets: network.private };
    } else if env == Environment::Staging {
        let files = efs! { subnets: network.privat };
    } else {
        let files = s3_bucket! {};
    }
}

fn main() {}
