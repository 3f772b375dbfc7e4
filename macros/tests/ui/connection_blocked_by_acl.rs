//! A network ACL that lets the answers of a database not out.
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
    let database = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
    };
    let guard = network_acl! {
        subnets: network.database,
        ingress: [100 => allow("10.0.0.0/16", tcp(5432))],
        egress: [100 => allow("10.0.0.0/16", tcp(443))],
    };
    connect!(web => database);
}

fn main() {}
