//! Many mistakes in one architecture: each is reported, and once.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: {
            public: ["10.0.1.0/24", "10.0.1.128/25"],
            private: ["10.0.3.0/24", "10.1.4.0/24"],
        },
        natt: PerZone,
    };
    let other = vpc! { cidr: "10.0.0.0/33", zones: 1, subnets: { private: /24 } };
    let cluster = ecs_cluster! { subnets: network.privat, capacity: Fargat };
    let keys = secret! { description: "Keys" };
    let web = ecs_service! {
        cluster: keys,
        port: 70000,
        cpu: 256,
        memory: 512GBB,
    };
    let group = security_group! {
        vpc: network,
        ingress: [internet => tcp(70000), "10.0.0.1/8" => tcp(90..=80)],
        egress
    };
}

fn main() {}
