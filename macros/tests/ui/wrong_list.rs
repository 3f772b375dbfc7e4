//! One value where a list belongs, and a list where one value belongs.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: ["10.0.0.0/16"],
        zones: 2,
        subnets: { private: "10.0.1.0/24" },
        endpoints: S3,
    };
}

fn main() {}
