use archgen::prelude::*;

/// "99.9% uptime SLA" with three services of one task each in the path.
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
    let redis = ecs_service! { cluster: cluster, image: "redis:7", port: 6379, cpu: 256, memory: 512MB };
    let ai_service = ecs_service! { cluster: cluster, image: "example/ai:1", port: 8000, cpu: 1024, memory: 2048MB };
    let promise = objectives! { availability: 99.9pct };
}

fn main() {}
