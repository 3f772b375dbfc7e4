use archgen::prelude::*;

/// "ECS-SG: application ports from ALB-SG only", one group for all services: nothing behind the load balancer can talk to anything else.
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
    let alb_sg = security_group! { vpc: network, ingress: [internet => tcp(80, 443)] };
    let ecs_sg = security_group! { vpc: network, ingress: [alb_sg => tcp(3000, 5001, 6333, 6379, 8000)] };
    let redis = ecs_service! {
        cluster: cluster, image: "redis:7", port: 6379, cpu: 256, memory: 512MB, security_groups: [ecs_sg],
    };
    let qdrant = ecs_service! {
        cluster: cluster, image: "qdrant/qdrant:v1.12.4", port: 6333, cpu: 512, memory: 1024MB, security_groups: [ecs_sg],
    };
    let ai_service = ecs_service! {
        cluster: cluster, image: "example/ai:1", port: 8000, cpu: 1024, memory: 2048MB, security_groups: [ecs_sg],
    };
    let backend = ecs_service! {
        cluster: cluster, image: "example/backend:1", port: 5001, cpu: 512, memory: 1024MB, security_groups: [ecs_sg],
    };
    let edge = alb! { subnets: network.public, routes: ["/api/*" => backend], security_groups: [alb_sg] };
    connect!(backend => redis, ai_service);
    connect!(ai_service => qdrant, backend);
}

fn main() {}
