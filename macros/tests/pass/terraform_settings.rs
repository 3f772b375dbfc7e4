//! Settings of Terraform from constants, from a branch, and from parameters where it has them.
use archgen::prelude::*;

const BUCKET: &str = "shop-state";

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let region = param! { description: "where it runs" };
    let account = param! { description: "whose it is" };
    let state = terraform! {
        region: region,
        allowed_account_ids: [account],
        state_bucket: BUCKET,
        state_key: format!("{}/state", env.as_str()),
        state_region: if env == Environment::Production { "eu-west-1" } else { "eu-central-1" },
        required_version: "~> 1.13",
    };
}

fn main() {
    archgen::check(&shop(Environment::Production)).expect("is right");
}
