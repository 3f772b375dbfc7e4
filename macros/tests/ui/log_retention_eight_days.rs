//! A retention that CloudWatch Logs does not take.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 }, flow_logs: 8days };
}

fn main() {}
