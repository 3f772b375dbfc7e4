//! An architecture that is as large as it is asked to be: for what happens beyond the limits of a template. The
//! command that has it is `cargo run -p archgen-cli --example crowd`.

use archgen::prelude::*;

/// What `--set` can change.
#[derive(Options)]
pub struct CrowdOptions {
    /// The number of the first service: those before it are gone.
    pub first: u32,
    /// How many services there are.
    pub services: u32,
}

impl Default for CrowdOptions {
    fn default() -> Self {
        CrowdOptions { first: 1, services: 80 }
    }
}

/// Many services that know each other's neighbour, a database, and somebody who looks at all of them.
#[architecture(environments = [Production])]
pub fn crowd(env: Environment, options: CrowdOptions) -> Architecture {
    let tag = param! { default: "1.0", description: "The tag of the images" };
    let network = vpc! {
        cidr: "10.30.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /20, data: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let database = rds_postgres! {
        subnets: network.data,
        version: "16.6",
        class: "db.t4g.medium",
        storage: 100GB,
        backups: 7days,
        multi_az: true,
    };
    let (mut members, mut secrets) = (Vec::new(), Vec::new());
    for number in options.first..options.first + options.services {
        let keys = secret! {
            name: format!("keys_{number}"),
            description: format!("API keys of service {number}"),
        };
        let member = ecs_service! {
            name: format!("service_{number}"),
            cluster: cluster,
            image: "public.ecr.aws/example/service:{tag}",
            port: 8080,
            cpu: 256,
            memory: 512MB,
            environment: { DATABASE: database.endpoint },
            secrets: [keys],
        };
        if number % 4 == 0 {
            connect!(member => database);
        }
        connect!(member => internet: tcp(443));
        secrets.push(keys);
        members.push(member);
    }
    for pair in members.windows(2) {
        connect!(pair[0] => pair[1]);
    }
    let overview = dashboard! { watch: [database] };
    (members, secrets)
}
