//! Declarations behind a condition that is not seen.
use archgen::prelude::*;

/// Options.
#[derive(Default, Options)]
pub struct ShopOptions {
    /// Whether there is a cache.
    cache: bool,
}

/// Two VPCs of one block, peered only if asked for.
#[architecture]
pub fn shop(env: Environment, options: ShopOptions) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    if options.cache {
        let other = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
        let between = vpc_peering! { requester: network, accepter: other };
    }
}

fn main() {
    assert!(archgen::check(&shop(Environment::Production, ShopOptions { cache: false })).is_ok());
    assert!(archgen::check(&shop(Environment::Production, ShopOptions { cache: true })).is_err());
}
