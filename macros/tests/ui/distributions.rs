//! Distributions that cannot work: an origin that is internal, and an alias without a certificate for it.
use archgen::prelude::*;

#[architecture(environments = [Production])]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: PerZone, endpoints: [S3],
    };
    let tls = certificate! { domain: "example.com" };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! {
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB, tasks: 2,
    };
    let inside = alb! {
        subnets: network.private, scheme: Internal, certificate: tls, routes: ["/" => api],
    };
    let hidden = cloudfront! { origin: inside, aliases: ["example.com"], certificate: tls };
    let pages = s3_bucket! {};
    let bare = cloudfront! { origin: pages, aliases: ["pages.example.com"] };
    let other = cloudfront! { origin: pages, aliases: ["www.example.org"], certificate: tls };
    let wrong = cloudfront! { origin: cluster };
}

fn main() {}
