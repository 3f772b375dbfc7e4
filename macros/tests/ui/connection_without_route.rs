//! A service in an isolated tier that must reach the internet.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { isolated: /24 },
        endpoints: [S3, EcrApi, EcrDkr, Logs],
    };
    let cluster = ecs_cluster! { subnets: network.isolated };
    let image_tag = param! { description: "The tag of the image" };
    let web = ecs_service! {
        cluster: cluster,
        image: Ecr { repository: "web", tag: image_tag },
        port: 8080,
        cpu: 256,
        memory: 512MB,
    };
    connect!(web => internet: tcp(443));
}

fn main() {}
