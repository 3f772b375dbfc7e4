//! A policy over tags that two of the architecture's connections break.
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
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB,
        tags: { team: "web" },
    };
    let cards = redis! {
        subnets: network.database,
        node: "cache.t4g.small",
        tags: { team: "payments", "data-class": "restricted" },
    };
    let orders = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
        tags: { "data-class": "restricted" },
    };
    connect!(web => tagged("team" => "payments"), orders);
    deny!(tagged("team" => "web") => tagged("data-class" => "restricted"));
}

fn main() {}
