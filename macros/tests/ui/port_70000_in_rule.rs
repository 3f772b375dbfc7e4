//! Port 70000 in a rule of a security group.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };

    let web = security_group! { vpc: network, ingress: ["10.0.0.0/16" => tcp(443, 70000)] };
}

fn main() {}
