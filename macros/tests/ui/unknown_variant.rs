//! Misspelt bare names.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: PerZones,
        endpoints: [S3, EcrDocker],
    };
}

fn main() {}
