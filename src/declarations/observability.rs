//! The macros of what is watched and promised.

/// Watches a metric and tells somebody.
///
/// `watch` is a service, cluster, database, cache, load balancer or file system, `when` a metric that it
/// has, with a threshold in its unit: `Cpu > 80pct`, `ResponseTime > 2s`, `FreeStorage < 10GB`,
/// `UnhealthyTargets > 0`, `ErrorRate > 1pct`, or `metric("Shop", "Orders") < 1` of the team's own. It
/// goes off after `lasting` (5 minutes, one day at most) of periods of `period` (1 minute); with
/// `out_of: 3`, when 3 of those are enough. `notify` are ARNs of SNS topics.
///
/// Derived: namespace, dimensions, statistic, and how missing data counts. Codes: `AG0007`,
/// also where what is watched has no such metric. AWS:
/// [PutMetricAlarm](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
///     let on_call = param! { kind: TopicArn, description: "The SNS topic that pages somebody" };
///     let sessions = redis! { subnets: network.database, node: "cache.t4g.small" };
///     let busy = alarm! { watch: sessions, when: Cpu > 80pct, lasting: 10min, out_of: 8, notify: [on_call] };
///     let full = alarm! { watch: sessions, when: FreeMemory < 64MB, notify: [on_call] };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::alarm;

/// A page of graphs: the key metrics of everything it watches.
///
/// `watch` takes services, clusters, databases, caches, load balancers and file systems; the graphs
/// stand in the order in which those are written. `dashboard_name` is its physical name.
///
/// Codes: `AG0007`, `AG0107`. AWS:
/// [PutDashboard](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
///     let sessions = redis! { subnets: network.database, node: "cache.t4g.small" };
///     let files = efs! { subnets: network.database };
///     let overview = dashboard! { watch: [sessions, files] };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::dashboard;

/// What the architecture promises, held against what the other declarations can keep.
///
/// `availability` is a share of time (`99.9pct`), `recovery_time` (RTO) and `recovery_point` (RPO) are
/// times; `may_lose` names what can be filled again. `region_failure` is `Accepted` (usual), `Manual`,
/// with `manual_recovery_takes`, or `Automatic`.
///
/// A database with backups can be restored to 5 minutes ago, a replicated file system or bucket is 15
/// minutes behind, daily backups and snapshots 24 hours. Load balancers, services, databases, caches and
/// file systems are in series: their shares multiply, 99.99 percent over several zones, 99.95 for a
/// Multi-AZ database, 99.5 for a single task, instance, node or zone.
///
/// Derived: nothing; only the checks. Codes: `AG0801` (data), `AG0802` (time), `AG0803` (availability).
/// AWS: [recovery objectives](https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_objective_defined_recovery.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
///     let orders = rds_postgres! {
///         subnets: network.database, version: "16.8", class: "db.t4g.medium",
///         storage: 50GB..=200GB, multi_az: true, backups: 7days,
///     };
///     let promise = objectives! {
///         availability: 99.9pct,
///         recovery_time: 2h,
///         recovery_point: 1h,
///         region_failure: Manual,
///         manual_recovery_takes: 90min,
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::objectives;
