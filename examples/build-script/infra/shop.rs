//! The architecture of a shop.

use archgen::prelude::*;

/// A shop: one service, its database, one way in.
#[architecture(environments = [Staging, Production])]
pub fn shop(env: Environment) -> Architecture {
    let image_tag = param! { description: "The tag of the shop's image in ECR" };
    let network = vpc! {
        cidr: match env { Environment::Production => "10.20.0.0/16", _ => "10.21.0.0/16" },
        zones: 2,
        subnets: { public: /24, private: /22, database: /24 },
        nat: if env == Environment::Production { PerZone } else { Single },
        endpoints: [S3],
        flow_logs: 14days,
    };
    let orders = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 50GB..=200GB,
        multi_az: env == Environment::Production,
        backups: 7days,
    };
    let cluster = ecs_cluster! { subnets: network.private, log_retention: 14days };
    let shop = ecs_service! {
        cluster: cluster,
        image: Ecr { repository: "shop", tag: image_tag },
        port: 8080,
        cpu: 512,
        memory: 1GB,
        tasks: 2..=6,
        scale_on: [Cpu > 60pct],
        health_check: { path: "/health" },
        environment: { ORDERS_HOST: orders.endpoint },
        secrets: ["ORDERS_SECRET" => orders.secret],
    };
    let domain = param! { description: "The domain of the shop" };
    let certificate = certificate! { domain: domain };
    let edge = alb! {
        subnets: network.public,
        certificate: certificate,
        routes: ["/" => shop],
    };

    connect!(shop => orders);
    deny!(internet => orders);
}
