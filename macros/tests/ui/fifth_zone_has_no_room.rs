//! A fifth zone where a later tier has taken the room: nothing moves, it is said.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/24", zones: 5, subnets: { first: /28, second: /28, third: /28 } };
}

fn main() {}
