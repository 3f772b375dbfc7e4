//! A secret where a cluster belongs, and a VPC where a tier belongs.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };

    let keys = secret! { description: "keys" };
    let web = ecs_service! { cluster: keys, image: "public.ecr.aws/nginx/nginx:1.27", cpu: 256, memory: 512MB };
    let files = efs! { subnets: network };
}

fn main() {}
