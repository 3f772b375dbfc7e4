//! Endpoints for the image, and none for the logs.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { private: /24 },
        endpoints: [S3, EcrApi, EcrDkr],
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let image_tag = param! { description: "The tag of the image" };
    let web = ecs_service! {
        cluster: cluster, image: Ecr { repository: "web", tag: image_tag }, cpu: 256, memory: 512MB,
    };
}

fn main() {}
