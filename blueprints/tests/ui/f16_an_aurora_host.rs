use archgen::prelude::*;

/// `.cluster-` is the host of an Aurora cluster; the database is an RDS instance.
#[architecture(environments = [Production])]
pub fn as_written(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /22, database: /24 }, nat: PerZone };
    let database = rds_postgres! {
        subnets: network.database,
        identifier: "kinexus-production",
        version: "16.8",
        class: "db.t3.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
        username: "kinexus",
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! {
        cluster: cluster,
        image: "example/api:1",
        cpu: 1024,
        memory: 2GB,
        environment: { DB_HOST: "kinexus-prod.cluster-xxx.us-east-1.rds.amazonaws.com" },
    };
    connect!(api => database);
}

fn main() {}
