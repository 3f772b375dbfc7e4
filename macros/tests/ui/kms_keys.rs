//! A key that rotates too often, with an alias that is AWS's own, and named where no key is asked for.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let data = kms_key! {
        description: "Data",
        rotation_period: 30days,
        alias: "aws/data",
    };
    let tokens = secret! { description: data, kms_key: data };
}

fn main() {}
