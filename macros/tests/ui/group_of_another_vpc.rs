//! A service with a security group of another VPC.
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

    let other = vpc! { cidr: "10.1.0.0/16", zones: 2, subnets: { private: /24 } };
    let group = security_group! { vpc: other };
    let web = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB, security_groups: [group] };
}

fn main() {}
