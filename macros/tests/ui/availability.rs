//! More availability than three services of one task each can have (seed row F08).
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
    let ai = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", cpu: 256, memory: 512MB, tasks: 1 };
    let worker = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", cpu: 256, memory: 512MB, tasks: 1 };
    let promise = objectives! { availability: 99.9pct };
}

fn main() {}
