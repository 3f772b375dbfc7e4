//! The macros name everything by its whole path: no prelude is needed.
#![no_implicit_prelude]

use ::archgen::prelude::{Architecture, Environment};
use ::archgen::{Options, alb, architecture, connect, ecs_cluster, ecs_service, rds_postgres, vpc};

/// Options.
#[derive(Options)]
pub struct ShopOptions {
    /// Whether it may grow.
    large: bool,
}

impl ::core::default::Default for ShopOptions {
    fn default() -> ShopOptions {
        ShopOptions { large: true }
    }
}

/// One service and its database.
#[architecture(name = "corner-shop", environments = [Staging, Production])]
pub fn shop(env: Environment, options: ShopOptions) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24, database: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let database = rds_postgres! {
        subnets: network.database,
        version: "16.8",
        class: if options.large { "db.t4g.large" } else { "db.t4g.medium" },
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
    };
    let web = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/nginx/nginx:1.27",
        port: 8080,
        cpu: 256,
        memory: 512MB,
        environment: { DB_HOST: database.endpoint },
    };
    let edge = alb! { subnets: network.public, routes: ["/" => web] };
    connect!(web => database);
}

fn main() {
    let it = shop(Environment::Production, ::core::default::Default::default());
    ::core::assert!(::archgen::check(&it).is_ok());
    ::core::assert!((SHOP.build)(Environment::Staging, &[]).is_ok());
}
