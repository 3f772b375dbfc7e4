//! A misspelt bare name in one branch; the condition stays in use.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let production = env == Environment::Production;
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: if production { PerZonee } else { Single },
    };
}

fn main() {}
