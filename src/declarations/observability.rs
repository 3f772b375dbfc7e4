//! The macros of what is watched and promised.

/// Watches a metric and tells somebody.
///
/// `watch` is a service, cluster (of ECS or EKS), database, cache, load balancer or file system, `when` a
/// metric that it has, with a threshold in its unit: `Cpu > 80pct`, `ResponseTime > 2s`, `FreeStorage < 10GB`,
/// `UnhealthyTargets > 0`, `ErrorRate > 1pct`, or `metric("Shop", "Orders") < 1` of the team's own. It
/// goes off after `lasting` (5 minutes, one day at most) of periods of `period` (1 minute); with
/// `out_of: 3`, when 3 of those are enough. `notify` are SNS topics, or
/// their ARNs.
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

/// A topic of SNS: who is told what alarms and budgets say.
///
/// `subscriptions` are `Email("ops@example.com")` and `Https("https://…")`, the latter perhaps with a
/// parameter, as a pager's address holds its key; each receiver confirms once. `alarm!` and `budget!` take
/// the topic in `notify`. `kms_key` is the ARN of a key whose policy lets CloudWatch and AWS Budgets use it.
/// With `events: true` rules of EventBridge may publish as well.
///
/// Derived: the policy, by which alarms and budgets of this account, and nobody else, publish to it, over
/// TLS only. Codes: `AG0007`, `AG0107`, `AG0511`. AWS:
/// [access control](https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html),
/// [keys](https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
///     let pager = param! { description: "The URL of the pager's integration" };
///     let alerts = sns_topic! { subscriptions: [Email("ops@example.com"), Https(pager)] };
///     let sessions = redis! { subnets: network.database, node: "cache.t4g.small" };
///     let busy = alarm! { watch: sessions, when: Cpu > 80pct, notify: [alerts] };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::sns_topic;

/// What may be spent in a month, and who is told when it is not kept.
///
/// `amount` is in US dollars; `alerts` are shares of it, of what AWS forecasts for the month's end
/// (`Forecasted > 80pct`) or of what has been spent (`Actual > 90pct`), ten at most; `notify` is one topic
/// and ten `Email("…")` at most. A budget belongs to the account: without `costs_tagged: { team:
/// "platform" }` it counts everything that the account spends, and tags count once they are activated for
/// cost allocation.
///
/// Codes: `AG0805`. AWS:
/// [budgets](https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html),
/// [notifications](https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let alerts = sns_topic! { subscriptions: [Email("ops@example.com")] };
///     let spending = budget! {
///         amount: 5000,
///         alerts: [Forecasted > 50pct, Forecasted > 80pct, Actual > 90pct],
///         notify: [alerts, Email("finance@example.com")],
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::budget;

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
/// `tiers` promise more or less for parts: `{ critical: { recovery_time: 4h, recovery_point: 1h, holds:
/// [orders] } }`; what no tier holds is held to the promises of the whole.
///
/// `availability` is a share of time (`99.9pct`), `recovery_time` (RTO) and `recovery_point` (RPO) are
/// times; `may_lose` names what can be filled again. `region_failure` is `Accepted` (usual), `Manual`,
/// with `manual_recovery_takes`, or `Automatic`.
///
/// A database with backups can be restored to 5 minutes ago, a replicated file system or bucket is 15
/// minutes behind, daily backups and snapshots 24 hours; a `backup_plan!` makes it its `every` where that
/// is newer. Load balancers, services, databases, caches and
/// file systems are in series: their shares multiply, 99.99 percent over several zones, 99.95 for a
/// Multi-AZ database, 99.5 for a single task, instance, node or zone.
///
/// Derived: nothing; only the checks. Codes: `AG0801` (data), `AG0802` (time), `AG0803` (availability), `AG0806`
/// (tiers).
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
