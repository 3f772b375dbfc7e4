//! Names of the standard library that mean something else where the macros are used.

/// What a user's own module may be called.
#[allow(dead_code)]
pub mod names {
    /// Not the one of the standard library.
    pub struct Vec;
    /// Nor this.
    pub struct Option;
    /// Nor this.
    pub struct String;
    /// Nor this.
    pub struct Result;
    /// Nor these.
    pub struct Some;
    /// Nor this.
    pub struct None;
    /// Nor this.
    #[allow(non_snake_case)]
    pub fn Ok() {}
    /// Nor this crate.
    pub mod core {}
    /// Nor this.
    pub mod std {}
}

/// An architecture among them.
pub mod shop {
    #[allow(unused_imports)]
    use super::names::*;
    use archgen::prelude::{Architecture, Environment};
    use archgen::{alb, architecture, connect, deny, ecs_cluster, ecs_service, secret, vpc};

    /// One service.
    #[architecture]
    pub fn shop(env: Environment) -> Architecture {
        let network = vpc! {
            cidr: "10.0.0.0/16",
            zones: 2,
            subnets: { public: /24, private: /24, database: { blocks: /24, route: Isolated } },
            nat: if env == Environment::Production { PerZone } else { Single },
        };
        let cluster = ecs_cluster! { subnets: network.private };
        let keys = secret! { description: "keys" };
        let web = ecs_service! {
            cluster: cluster,
            image: "public.ecr.aws/nginx/nginx:1.27",
            port: 8080,
            cpu: 256,
            memory: 512MB,
            tasks: match env { Environment::Production => 2..=4, _ => 1..=2 },
            scale_on: [Cpu > 70pct],
            secrets: [keys],
            environment: { CLUSTER: cluster.name },
        };
        let edge = alb! { subnets: network.public, routes: ["/" => web] };
        connect!(web => internet: tcp(443));
        deny!(internet => network.database: tcp(5432));
    }
}

fn main() {
    archgen::check(&shop::shop(archgen::Environment::Production)).expect("nothing to complain about");
    assert_eq!(shop::SHOP.name, "shop");
}
