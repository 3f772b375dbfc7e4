//! An argument that `#[architecture]` does not take, and an environment that does not exist.
use archgen::prelude::*;

#[architecture(names = "shop", environments = [Production, Test])]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
}

fn main() {}
