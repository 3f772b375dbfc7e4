//! What neither Terraform nor S3, DynamoDB and AWS accounts take.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let place = param! { description: "where the state is" };
    let state = terraform! {
        region: "europe",
        allowed_account_ids: ["123456789012", "1234"],
        state_bucket: "Shop State",
        state_key: "/shop/terraform.tfstate",
        state_region: place,
        lock_table: "a table",
        required_version: "~> 1.5.0",
    };
}

fn main() {}
