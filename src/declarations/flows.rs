//! The macros of who reaches whom.

/// One side must be able to reach the other.
///
/// `connect!(a, b => c, internet: tcp(443))`: everything on the left connects to everything on the right,
/// by the port that the right side listens on, or by the ports written behind it. A side is a service,
/// cluster, database, cache, file system, load balancer, group, VPC, tier, `internet` or a CIDR block; a
/// bucket or secret can be connected to. `tagged("team" => "payments")` stands for all declarations with that
/// tag, `tagged("team")` for those that have it with any value: see [`deny!`](crate::deny).
///
/// Derived: rules on both sides where archgen writes the groups, and what IAM must allow. What the team
/// wrote is proved instead: groups, network ACLs, routes, gateways and peerings, on the way and back.
/// Codes: `AG0110`, `AG0301`, `AG0310`. AWS:
/// [security groups](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! {
/// #       cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24, database: /24 }, nat: Single,
/// #   };
/// #   let cluster = ecs_cluster! { subnets: network.private };
///     let documents = s3_bucket! {};
///     let sessions = redis! { subnets: network.database, node: "cache.t4g.small" };
///     let api = ecs_service! { cluster: cluster, image: "example/api:1", port: 8080, cpu: 256, memory: 512MB };
///     connect!(api => sessions, documents, internet: tcp(443));
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::connect;

/// One side may reach the other.
///
/// Written as [`connect!`](crate::connect), and derives the same rules, but no IAM permission, and proves nothing: for
/// clients that are not always there or whose own network archgen does not know, such as an office
/// behind a VPN.
///
/// Codes: `AG0110`, `AG0310`, and `AG0303` or `AG0311` where it opens what must not be open. AWS:
/// [security group rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { database: /24 } };
///     let sessions = redis! { subnets: network.database, node: "cache.t4g.small" };
///     allow!("192.168.10.0/24" => sessions);
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::allow;

/// One side must never reach the other, neither directly nor through a load balancer.
///
/// Written as [`connect!`](crate::connect). It changes nothing that is emitted: AWS's security groups
/// cannot forbid. It is proved, for the port of the right side or for the ports written behind it, on
/// everything that the architecture makes.
///
/// # Policies over tags
///
/// Every declaration that makes resources takes `tags`: texts by key, as a record or a Rust map
/// (`BTreeMap<&str, &str>`), written on all of its resources that take tags. AWS's rules hold (`AG0109`), and
/// `Architecture`, `Environment`, `ManagedBy` and `Name` are archgen's own.
///
/// `tagged("data-class" => "restricted")` is each declaration with that tag, `tagged("data-class")` each that
/// has it whatever its value; ports go behind it as behind a name. Every pair is judged, but no declaration
/// with itself. What has the tag and no place in the network, such as a certificate or a cluster on Fargate,
/// is not meant; nor are buckets and secrets on the left. A VPC or group that has it stands for all that is
/// in it. A tag that nothing has is an error, `AG0110`.
///
/// Codes: `AG0109`, `AG0110`, `AG0302`, with the path that is open. AWS:
/// [Network Access Analyzer](https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/what-is-network-access-analyzer.html)
/// asks the same of what is deployed.
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! {
/// #       cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24, database: /24 }, nat: Single,
/// #   };
/// #   let cluster = ecs_cluster! { subnets: network.private };
///     let sessions = redis! { subnets: network.database, node: "cache.t4g.small" };
///     let web = ecs_service! { cluster: cluster, image: "nginx:1.27", port: 8080, cpu: 256, memory: 512MB };
///     let edge = alb! { subnets: network.public, routes: ["/" => web] };
///     deny!(internet => sessions);
///     deny!(web => sessions);
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
///
/// The web never reaches what is restricted, neither today nor when more is added:
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! {
/// #       cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24, database: /24 }, nat: Single,
/// #   };
/// #   let cluster = ecs_cluster! { subnets: network.private };
///     let cards = redis! {
///         subnets: network.database, node: "cache.t4g.small",
///         tags: { team: "payments", "data-class": "restricted" },
///     };
///     let web = ecs_service! {
///         cluster: cluster, image: "nginx:1.27", port: 8080, cpu: 256, memory: 512MB, tags: { team: "web" },
///     };
///     let pay = ecs_service! {
///         cluster: cluster, image: "nginx:1.27", port: 8081, cpu: 256, memory: 512MB, tags: { team: "payments" },
///     };
///     connect!(pay => tagged("data-class" => "restricted"));
///     deny!(internet, tagged("team" => "web") => tagged("data-class" => "restricted"));
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::deny;
