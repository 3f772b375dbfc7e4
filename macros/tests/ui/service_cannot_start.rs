//! A service without NAT and endpoints (seed row F32): no image, no logs, no secrets.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
    let cluster = ecs_cluster! { subnets: network.private };
    let keys = secret! { description: "Keys" };
    let web = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", cpu: 256, memory: 512MB, secrets: [keys] };
}

fn main() {}
