use archgen::prelude::*;

/// The addresses of Kubernetes services are not given; EKS takes 10.100.0.0/16, where a peer may be.
#[architecture]
pub fn as_written(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 3,
        subnets: { public: "10.0.101-103.0/24", private: "10.0.1-3.0/24", database: "10.0.201-203.0/24" },
        nat: PerZone,
    };
    let company = vpc! { cidr: "10.100.0.0/16", zones: 2, subnets: { private: /24 } };
    let to_company = vpc_peering! { requester: network, accepter: company };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.34",
        service_cidr: "10.100.0.0/16",
        node_groups: { general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 2..=4 } },
    };
}

fn main() {}
