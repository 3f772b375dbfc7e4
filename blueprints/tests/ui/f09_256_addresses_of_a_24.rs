use archgen::prelude::*;

/// "10.0.1.0/24 - 256 IPs": AWS keeps five of them.
#[architecture(environments = [Production])]
pub fn as_written(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: { blocks: ["10.0.1.0/24", "10.0.2.0/24"], addresses: 256 } },
    };
}

fn main() {}
