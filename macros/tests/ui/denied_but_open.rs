//! A vector store that a route of the public load balancer exposes (seed row F02).
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

    let web = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB };
    let qdrant = ecs_service! { cluster: cluster, image: "qdrant/qdrant:v1.12.4", port: 6333, cpu: 512, memory: 1024MB };
    let edge = alb! { subnets: network.public, routes: ["/" => web, "/qdrant/*" => qdrant] };
    deny!(internet => qdrant);
}

fn main() {}
