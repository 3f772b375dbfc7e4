//! A database whose group admits the load balancer only (seed row F01).
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

    let alb_sg = security_group! { vpc: network, ingress: [internet => tcp(80)] };
    let ecs_sg = security_group! { vpc: network, ingress: [alb_sg => tcp(8080)] };
    let database_sg = security_group! { vpc: network, ingress: [alb_sg => tcp(5432)] };
    let web = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB, security_groups: [ecs_sg] };
    let edge = alb! { subnets: network.public, routes: ["/" => web], security_groups: [alb_sg] };
    let database = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
        security_groups: [database_sg],
    };
    connect!(web => database);
}

fn main() {}
