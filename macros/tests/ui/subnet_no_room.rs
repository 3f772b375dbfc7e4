//! More subnets than the VPC has room for.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/24", zones: 3, subnets: { private: /25 } };
}

fn main() {}
