//! Values of which nothing is written yet.
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
    let web = ecs_service! {
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: (), memory: 512MB, tasks: 1..=2, scale_on: [Cpu >],
    };
    connect!(web => internet: );
}

fn main() {}
