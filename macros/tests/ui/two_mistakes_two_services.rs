//! A wrong field does not hide what is wrong elsewhere, and brings nothing else with it.
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
    let web_sg = security_group! { vpc: network, ingress: [internet => tcp(808080)], egress: [internet => tcp(443)] };
    let cache_sg = security_group! { vpc: network, ingress: [web_sg => tcp(6379)] };
    let web = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 0, cpu: 256, memory: 3GB, security_groups: [web_sg] };
    let cache = redis! { subnets: network.databse, node: "cache.t4g.small", security_groups: [cache_sg] };
    let edge = alb! { subnets: network.public, routes: ["/" => web] };
    connect!(web => cache);
}

fn main() {}
