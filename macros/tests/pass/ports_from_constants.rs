//! Ports that are constants are not seen, and not reported.
use archgen::prelude::*;

const PORT: u32 = 70000;
const FIRST: u16 = 8080;
const LAST: u16 = 8000;

/// Ports by name.
#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let web = security_group! {
        vpc: network,
        ingress: ["10.0.0.0/16" => tcp(PORT), "10.9.0.0/16" => tcp(FIRST..=LAST)],
    };
}

fn main() {
    let found = archgen::check(&shop(Environment::Production)).expect_err("wrong ports");
    let codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["AG0305", "AG0306"], "{found:#?}");
}
