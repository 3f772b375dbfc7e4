//! A node type that does not exist.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
    let cache = redis! { subnets: network.database, node: "t4g.small" };
}

fn main() {}
