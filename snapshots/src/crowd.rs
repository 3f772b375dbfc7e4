//! A platform with as many tenants as are asked for: for what happens beyond the limits of a template, and when
//! tenants come and go. The command that has it is `cargo run -p archgen-cli --example crowd`.

use archgen::core::tenant_fields::{ComputeIsolation, DatabaseIsolation, Sharing};
use archgen::prelude::*;

/// What `--set` can change.
#[derive(Options)]
pub struct CrowdOptions {
    /// The number of the first tenant: those before it are gone.
    pub first: u32,
    /// How many tenants there are.
    pub tenants: u32,
    /// The number of one among them that is not there; 0 if all are.
    pub gone: u32,
    /// Whether there is one more, whose name comes before all others.
    pub newcomer: bool,
    /// Whose tasks serve a tenant.
    pub compute: ComputeIsolation,
    /// Where a tenant's rows are.
    pub database: DatabaseIsolation,
    /// Whether tenants are apart in the network; needs `Silo`.
    pub network: Sharing,
    /// Whether each tenant has a key of its own.
    pub keys: Sharing,
    /// Whether tenants that share tasks have rules at the load balancer: it takes 100. Those with tasks of their own
    /// always have one.
    pub rules: bool,
    /// Whether there is a dashboard of all tenants: it takes 500.
    pub dashboard: bool,
}

impl Default for CrowdOptions {
    fn default() -> Self {
        CrowdOptions {
            first: 1,
            tenants: 80,
            gone: 0,
            newcomer: false,
            compute: ComputeIsolation::Bridge,
            database: DatabaseIsolation::Schema,
            network: Sharing::Shared,
            keys: Sharing::Shared,
            rules: false,
            dashboard: true,
        }
    }
}

/// A service behind a load balancer, a database, and a pool of tenants.
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
    let rows = rds_postgres! {
        subnets: network.data,
        version: "16.6",
        class: "db.t4g.medium",
        storage: 100GB,
        backups: 7days,
        multi_az: true,
    };
    let provider_key = secret! { description: "The key of the payment provider" };
    let shares_rule = options.compute == ComputeIsolation::Pool && !options.rules;
    let api = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/service:{tag}",
        port: 8080,
        cpu: 256,
        memory: 512MB,
        // Where ECS switches one rule between two deployments, tenants have none.
        deployment: if shares_rule { BlueGreen } else { Rolling },
        environment: { DATABASE: rows.endpoint },
        secrets: [provider_key, "LOGIN" => rows.secret],
    };
    connect!(api => rows);
    connect!(api => internet: tcp(443));
    let tls = certificate! { domain: "example.com", alternative_names: ["*.example.com"] };
    let edge = alb! { subnets: network.public, certificate: tls, routes: ["/" => api] };
    let keys: Vec<String> = (options.first..options.first + options.tenants)
        .filter(|number| *number != options.gone)
        .map(|number| format!("t{number:05}"))
        .chain(options.newcomer.then(|| "newcomer".to_string()))
        .collect();
    let seats = tenant_pool! {
        tenants: keys,
        at_most: 10000,
        service: api,
        balancer: edge,
        route_by: "{tenant}.example.com",
        database: rows,
        isolation: {
            compute: options.compute,
            database: options.database,
            network: options.network,
            keys: options.keys,
        },
        quota: { requests: 600 },
        dashboard: options.dashboard,
    };
    let overview = dashboard! { watch: [rows, edge] };
}
