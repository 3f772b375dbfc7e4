//! Tags on declarations, and policies over them.

use archgen::prelude::*;

/// Tags on every kind of resource that a service, its cluster and its stores make; what is restricted
/// is out of reach for everybody but the team it belongs to.
#[architecture(environments = [Production])]
pub fn tagged(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.60.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24, database: /24 },
        nat: Single,
        tags: { owner: "platform" },
    };
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: Ec2 { instance: "t3.large", instances: 2..=4 },
        tags: { owner: "platform", "cost-center": "4711" },
    };
    let shop = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/shop:7",
        port: 8080,
        cpu: 256,
        memory: 512MB,
        tags: { team: "web" },
    };
    let payments = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/payments:2",
        port: 9090,
        cpu: 256,
        memory: 512MB,
        tags: { team: "payments" },
    };
    let edge = alb! { subnets: network.public, routes: ["/" => shop], tags: { team: "web", exposure: "public" } };
    let cards = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 50GB..=200GB,
        multi_az: true,
        backups: 7days,
        tags: { team: "payments", "data-class": "restricted" },
    };
    let limits = redis! {
        subnets: network.database,
        node: "cache.t4g.small",
        tags: { team: "payments", "data-class": "restricted" },
    };
    let receipts = s3_bucket! { tags: { team: "archive" } };

    connect!(shop => payments);
    connect!(payments => tagged("data-class" => "restricted"), tagged("team" => "archive"));
    deny!(internet, tagged("team" => "web") => tagged("data-class" => "restricted"));
    deny!(tagged("exposure") => tagged("team" => "payments"));
    deny!(tagged("data-class" => "restricted") => tagged("team"): all);
}
