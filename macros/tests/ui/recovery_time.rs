//! A recovery time that takes longer by hand (seed row F05).
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let promise = objectives! { recovery_time: 30min, region_failure: Manual, manual_recovery_takes: 4h };
}

fn main() {}
