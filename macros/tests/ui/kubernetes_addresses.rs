//! Services whose addresses a peer has, a group of two kinds of processors, and storage whose pods have no
//! credentials (seed row F12).
use archgen::prelude::*;

#[architecture]
pub fn aivo(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /24 }, nat: PerZone,
    };
    let office = vpc! { cidr: "10.100.0.0/16", zones: 1, subnets: { private: /24 } };
    let link = vpc_peering! { requester: network, accepter: office };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.34",
        service_cidr: "10.100.0.0/16",
        node_groups: {
            general: OnDemand { instances: ["m6i.large", "m6g.xlarge"], nodes: 3..=6 },
        },
        addons: [VpcCni, EbsCsi],
    };
}

fn main() {}
