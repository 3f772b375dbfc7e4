use archgen::prelude::*;

/// "RTO < 30 minutes" where a failed Region means "manual deployment to secondary region".
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
    let promise = objectives! { recovery_time: 30min, region_failure: Manual };
}

fn main() {}
