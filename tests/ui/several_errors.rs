use archgen::prelude::*;

#[architecture]
pub fn wrong(env: Environment) -> Architecture {
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
    let db = secret! { description: "x" };
    let web = ecs_service! {
        cluster: db,
        port: 70000,
        cpu: 256,
        memory: 512GBB,
    };
    let sg = security_group! { vpc: network, ingress: [internet => tcp(70000), "10.0.0.1/8" => tcp(90..=80)] };
    connect!(web => netwrk: tcp(3));
    cidr x
}

fn main() {}
