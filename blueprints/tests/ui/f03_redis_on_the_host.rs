use archgen::prelude::*;

/// Redis keeps its data on whatever instance it runs on, in one to ten copies.
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
        capacity: Ec2 { instance: "m6i.xlarge", instances: 2..=5 },
    };
    let redis = ecs_service! {
        cluster: cluster,
        image: "redis:7",
        port: 6379,
        cpu: 256,
        memory: 512MB,
        tasks: 1..=10,
        scale_on: [Cpu > 70pct],
        volumes: ["/data" => HostVolume],
    };
}

fn main() {}
