//! A declaration that is no `let` and has no name.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
}

fn main() {}
