use archgen::prelude::*;

#[architecture(environments = [Production])]
pub fn shop(env: Environment) -> Architecture {}

fn main() {}
