//! A macro outside `#[architecture]` needs a name.
use archgen::prelude::*;

fn declarations() {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
}

fn main() {}
