//! The macro of pools of tenants.

/// Tenants on one platform, and how far apart they are.
///
/// | Field | |
/// |---|---|
/// | `tenants` | `["acme", "globex"]`, a `Vec<String>`, or how many: `40` (`t0001`, `t0002` …) |
/// | `at_most` | how many there may be |
/// | `service` | the service that serves tenants |
/// | `isolation` | by layer: see below |
/// | `balancer`, `route_by` | the load balancer, and `"{tenant}.example.com"`, `"/t/{tenant}/*"` or `"X-Tenant: {tenant}"` |
/// | `database` | what tenants have rows in |
/// | `quota` | what each may use: `{ cpu: 256, memory: 512MB, tasks: 1..=4, requests: 600, storage: 5GB }` |
/// | `overrides` | what single tenants differ in: `{ acme: { quota: { tasks: 4 }, database: Instance } }` |
/// | `notify`, `dashboard` | who is told; whether there is a dashboard with a row for each tenant |
///
/// | Layer | |
/// |---|---|
/// | `compute` | `Pool`: all share the service's tasks. `Bridge`: a service, target group and roles for each, the security group shared. `Silo`: a security group, too |
/// | `database` | `Schema`, `Database`: a user for each in one instance. `Instance`: an instance for each |
/// | `network` | `Shared`, or `PerTenant`: nothing of one connects to anything of another; needs `Silo` |
/// | `secrets`, `keys`, `logs` | `Shared`, or `PerTenant` |
///
/// What a layer promises is proved for every two tenants, of what is emitted: while compiling, by every emit, and
/// in words by `archgen isolation NAME`. In `Pool`, the service speaks for one tenant at a time: its variable
/// `TENANT_ROLE` names a role whose sessions, tagged `tenant`, may read that tenant's secrets and write its logs.
///
/// Adding or removing a tenant changes only what is that tenant's, and its rows in what is shared.
///
/// Codes: `AG0601` to `AG0605`, `AG0611` to `AG0616`. AWS:
/// [silo, pool and bridge](https://docs.aws.amazon.com/wellarchitected/latest/saas-lens/silo-pool-and-bridge-models.html),
/// [session tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! {
///         cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22 }, nat: Single,
///     };
///     let cluster = ecs_cluster! { subnets: network.private };
///     let api = ecs_service! {
///         cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 80, cpu: 256, memory: 512MB,
///     };
///     let domain = certificate! { domain: "*.example.com" };
///     let edge = alb! { subnets: network.public, certificate: domain, routes: ["/" => api] };
///     let clients = tenant_pool! {
///         tenants: ["acme", "globex"],
///         at_most: 40,
///         service: api,
///         balancer: edge,
///         route_by: "{tenant}.example.com",
///         isolation: { compute: Silo, network: PerTenant, secrets: PerTenant, logs: PerTenant },
///         quota: { tasks: 1, requests: 600 },
///         overrides: { acme: { quota: { tasks: 3 } } },
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::tenant_pool;
