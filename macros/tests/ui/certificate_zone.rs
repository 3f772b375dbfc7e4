//! A certificate whose proof stands in a zone that does not answer for its domain.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let zone = hosted_zone! { domain: "example.com" };
    let tls = certificate! { domain: "shop.example.org", zone: zone };
}

fn main() {}
