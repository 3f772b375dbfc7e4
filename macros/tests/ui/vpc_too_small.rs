//! A VPC smaller than a /28, and so is the subnet that fills it.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/29", zones: 1, subnets: { private: ["10.0.0.0/29"] } };
}

fn main() {}
