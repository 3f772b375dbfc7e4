use archgen::prelude::*;

/// "RPO < 5 minutes" with a file system that is backed up once a day.
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
    let vectors = efs! { subnets: network.private, backups: true };
    let promise = objectives! { recovery_point: 5min };
}

fn main() {}
