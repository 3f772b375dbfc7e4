//! Failover without a replica.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
    let cache = redis! { subnets: network.database, node: "cache.t4g.small", failover: true };
}

fn main() {}
