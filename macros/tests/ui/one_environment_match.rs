//! A mistake that exists in one environment only, in a `match`.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: match env {
            Environment::Production => "10.0.0.0/16",
            Environment::Staging => "10.1.0.0/33",
            _ => "10.2.0.0/16",
        },
        zones: 2,
        subnets: { private: /24 },
    };
}

fn main() {}
