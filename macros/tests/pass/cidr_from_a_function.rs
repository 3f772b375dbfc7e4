//! Blocks that only run: nothing is reported while compiling, everything when built.
use archgen::prelude::*;

const fn block() -> &'static str {
    "10.0.0.1/16"
}

/// A block from a function and one from an argument.
#[architecture]
pub fn shop(env: Environment, options: ShopOptions) -> Architecture {
    let network = vpc! {
        cidr: block(),
        zones: 2,
        subnets: { private: [options.first, options.second.clone()] },
    };
}

/// Options.
#[derive(Options)]
pub struct ShopOptions {
    /// The first subnet.
    first: String,
    /// The second.
    second: String,
}

impl Default for ShopOptions {
    fn default() -> ShopOptions {
        ShopOptions { first: "10.0.1.0/24".into(), second: "10.0.1.128/25".into() }
    }
}

fn main() {
    let found = archgen::check(&shop(Environment::Production, ShopOptions::default()));
    let found = found.expect_err("wrong blocks");
    let codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["AG0201", "AG0203"], "{found:#?}");
    // The places are those of the source.
    let places: Vec<(u32, u32)> = found.iter().map(|it| (it.loc.line, it.loc.column)).collect();
    assert_eq!(places, [(12, 15), (14, 45)], "{found:#?}");
}
