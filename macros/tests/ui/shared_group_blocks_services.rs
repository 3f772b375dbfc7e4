//! All services share a group that admits the load balancer only (seed row F01).
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24, database: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };

    let alb_sg = security_group! { vpc: network, ingress: [internet => tcp(80)] };
    let ecs_sg = security_group! { vpc: network, ingress: [alb_sg => tcp(1..=65535)] };
    let redis = ecs_service! {
        cluster: cluster, image: "redis:7", port: 6379, cpu: 256, memory: 512MB, security_groups: [ecs_sg],
    };
    let ai = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8000, cpu: 256, memory: 512MB, security_groups: [ecs_sg] };
    let backend = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 5001, cpu: 256, memory: 512MB, security_groups: [ecs_sg] };
    let edge = alb! { subnets: network.public, routes: ["/" => backend], security_groups: [alb_sg] };
    connect!(backend => redis, ai);
    connect!(ai => backend);
}

fn main() {}
