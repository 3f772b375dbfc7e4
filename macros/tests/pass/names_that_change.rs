//! Names that get another value, or another meaning: the macros do not guess.
use archgen::prelude::*;

/// A variable that changes, a pattern and a shadowed environment.
#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let mut first = "10.0.0.1/16";
    if first.len() > 3 {
        first = "10.0.0.0/16";
    }
    let network = vpc! { cidr: first, zones: 2, subnets: { private: /24 } };
    let second = "10.0.0.0/33";
    let (second, zones) = if second.is_empty() { (second, 9) } else { ("10.1.0.0/16", 3) };
    let other = vpc! { cidr: second, zones: zones, subnets: { private: /24 } };
    let third;
    third = if env == Environment::Production { 2 } else { 3 };
    let last = vpc! { cidr: "10.2.0.0/16", zones: third, subnets: { private: /24 } };
}

/// The environment is not the one that was given.
#[architecture]
pub fn shadowed(env: Environment) -> Architecture {
    let given = env;
    let env = Environment::Staging;
    let network = vpc! {
        cidr: match env { Environment::Production => "10.0.0.1/16", _ => "10.0.0.0/16" },
        zones: 2,
        subnets: { private: /24 },
    };
    let files = efs! { subnets: network.private };
    assert!(given != Environment::Development);
    let _ = env;
}

fn main() {
    archgen::check(&shop(Environment::Production)).expect("nothing to complain about");
    assert!(std::panic::catch_unwind(|| shadowed(Environment::Staging)).is_ok());
}
