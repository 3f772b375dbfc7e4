//! A range of ports that ends past 65535.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };

    let web = security_group! { vpc: network, egress: ["10.0.0.0/16" => tcp(60000..=65536)] };
}

fn main() {}
