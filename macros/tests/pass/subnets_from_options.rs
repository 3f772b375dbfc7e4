//! Subnets, zones and tiers that only run; a peering of two VPCs that are not seen.
use archgen::prelude::*;

/// Options.
#[derive(Options)]
pub struct ShopOptions {
    /// Zones.
    zones: u32,
    /// The block of the other VPC.
    other: String,
}

impl Default for ShopOptions {
    fn default() -> ShopOptions {
        ShopOptions { zones: 3, other: "10.0.0.0/16".to_string() }
    }
}

/// Two subnets for a number of zones that is not seen.
#[architecture]
pub fn shop(env: Environment, options: ShopOptions) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: options.zones,
        subnets: { private: ["10.0.1.0/24", "10.0.2.0/24"] },
    };
    let other = vpc! { cidr: options.other, zones: 2, subnets: { private: /24 } };
    let between = vpc_peering! { requester: network, accepter: other };
}

fn main() {
    let found = archgen::check(&shop(Environment::Production, ShopOptions::default()));
    let found = found.expect_err("two subnets for three zones");
    let mut codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
    codes.sort();
    assert_eq!(codes, ["AG0205", "AG0207"], "{found:#?}");
    let right = ShopOptions { zones: 2, other: "10.1.0.0/16".to_string() };
    assert!(archgen::check(&shop(Environment::Production, right)).is_ok());
}
