//! A name that AWS keeps for itself.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };

    let web = security_group! { vpc: network, group_name: "sg-web", description: "Gruppe für das Netz" };
}

fn main() {}
