//! A protocol that does not exist, and a peer that does not.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };

    let web = security_group! { vpc: network, ingress: ["10.0.0.0/16" => Tpc, Internet => tcp(443)] };
}

fn main() {}
