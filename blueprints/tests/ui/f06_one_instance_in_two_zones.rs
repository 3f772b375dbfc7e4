use archgen::prelude::*;

/// "Min: 1 instance" cannot survive the loss of one of two zones.
#[architecture(environments = [Production])]
pub fn as_written(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: {
            public: ["10.0.1.0/24", "10.0.2.0/24"],
            private: ["10.0.3.0/24", "10.0.4.0/24"],
        },
        nat: PerZone,
    };
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: Ec2 { instance: "m6i.xlarge", instances: 1..=5 },
    };
}

fn main() {}
