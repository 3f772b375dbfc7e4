use archgen::prelude::*;

/// "Amazon EKS (Kubernetes 1.28)": EKS ended its extended support on 2025-11-26.
#[architecture]
pub fn as_written(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 3,
        subnets: { public: "10.0.101-103.0/24", private: "10.0.1-3.0/24", database: "10.0.201-203.0/24" },
        nat: PerZone,
    };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.28",
        node_groups: { general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 2..=4 } },
    };
}

fn main() {}
