use archgen::prelude::*;

/// The "internal" vector store has a route on the load balancer that the internet reaches.
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
    let qdrant = ecs_service! {
        cluster: cluster,
        image: "qdrant/qdrant:v1.12.4",
        port: 6333,
        cpu: 512,
        memory: 1024MB,
    };
    let edge = alb! { subnets: network.public, routes: ["/qdrant/*" => qdrant] };
    deny!(internet => qdrant);
}

fn main() {}
