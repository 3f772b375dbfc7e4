//! A tier that routes to NAT gateways that are not there.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, jobs: { blocks: /24, route: NatGateway } },
    };
}

fn main() {}
