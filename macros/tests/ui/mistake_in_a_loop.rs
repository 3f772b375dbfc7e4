//! Mistakes where the values of a loop cannot be seen.
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
    for port in [443u16, 27017] {
        connect!(web => internet: tcp(port, 70000));
    }
    match env {
        Environment::Production => deny!(internet => web: tcp(90..=80)),
        Environment::Staging | Environment::Development => {}
    }
}

fn main() {}
