//! The macros of the network.

/// A virtual private cloud: tiers of subnets over several zones.
///
/// | Field | |
/// |---|---|
/// | `cidr` | its IPv4 block, /16 to /28 |
/// | `zones` | 1 to 6 |
/// | `subnets` | tiers: blocks written out, a size such as `/24`, or `{ blocks: …, route: …, addresses: … }` |
/// | `nat` | `None` (usual), `Single`, `PerZone` |
/// | `ipv6` | `None` (usual), `Amazon`: a /56 of Amazon's, a /64 of it for each subnet |
/// | `secondary_cidrs` | further blocks |
/// | `endpoints` | `S3`, `DynamoDb`, `EcrApi`, `EcrDkr`, `Logs`, `Monitoring`, `SecretsManager`, `Ssm`, `SsmMessages`, `Kms`, `Sts` |
/// | `flow_logs` | how long records of traffic are kept, such as `30days` |
/// | `tags` | tags on everything it makes, such as `{ team: "payments" }`: see [`deny!`](crate::deny) |
///
/// A tier called `public` routes to the internet gateway, `private` to the NAT gateways, any other
/// nowhere; `route` says otherwise. A subnet is between /16 and /28, and AWS keeps five of its addresses.
/// With `ipv6: Amazon` public tiers route IPv6 to the internet gateway and tiers with NAT gateways to an
/// egress-only internet gateway, which lets nobody in. Rules name IPv6 addresses by blocks, such as
/// `connect!(api => "::/0": tcp(443))`; `internet` in a `connect!` is the IPv4 internet, in a `deny!` it is
/// both.
/// Tiers given by size are placed side by side with room for four zones: write new tiers at the end.
///
/// Derived: subnets, route tables and routes, gateways, elastic IPs, endpoints with their group, the log
/// group and role of the flow logs. Codes: `AG0201` to `AG0206`, `AG0209` to `AG0212`, `AG0218`, `AG0219`,
/// `AG0222`, `AG0223`, `AG0501`.
/// AWS: [VPC CIDR blocks](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html),
/// [subnet sizing](https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! {
///         cidr: "10.0.0.0/16",
///         zones: 2,
///         subnets: {
///             public: ["10.0.1.0/24", "10.0.2.0/24"],
///             private: /22,
///             batch: { blocks: /24, route: NatGateway },
///         },
///         nat: PerZone,
///         endpoints: [S3],
///         flow_logs: 30days,
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::vpc;

/// A stateful filter on network interfaces, written by the team.
///
/// Rules only allow. `ingress` and `egress` are lists of `peer => ports`: a peer is a group, another
/// declaration, a tier such as `network.private`, `internet`, `itself` or a CIDR block; ports are
/// `tcp(443)`, `tcp(8000..=8080)`, `udp(53)`, `icmp(8)` or `all`. Without `egress` every connection out
/// is allowed, as in AWS. `description` has 255 characters at most. Give it to a declaration as
/// `security_groups: [web_sg]`; where that is left out archgen derives a group, and what `connect!` asks
/// for is then written rather than proved.
///
/// Derived: each rule as a resource of its own, so that groups may refer to each other. Codes: `AG0305`,
/// `AG0306`, `AG0307` (60 rules in each direction), `AG0308` (5 groups on an interface), `AG0311`,
/// `AG0313`, `AG0314`, `AG0315`, `AG0223`. AWS:
/// [security group rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24, database: /24 } };
///     let web_sg = security_group! {
///         vpc: network,
///         ingress: [network.private => tcp(8080)],
///         egress: ["10.0.0.0/16" => tcp(6379)],
///     };
///     let cache_sg = security_group! { vpc: network, ingress: [web_sg => tcp(6379)] };
///     let cache = redis! {
///         subnets: network.database, node: "cache.t4g.small", security_groups: [cache_sg],
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::security_group;

/// A stateless filter at the edge of a tier's subnets.
///
/// `ingress` and `egress` are lists of `number => allow(peer, ports)` or `deny(peer, ports)`, with
/// numbers from 1 to 32766. Entries are tried by number; what none matches is denied. Answers are not
/// let through by themselves: they need an entry for the ephemeral ports 1024 to 65535. A peer is a
/// CIDR block, a tier or `internet`.
///
/// Derived: the entries and an association with every subnet of the tier. Every `connect!` and `deny!` is
/// judged with it. Codes: `AG0306`, `AG0309`, `AG0312` (20 entries in each direction), `AG0316` to
/// `AG0318`, `AG0320`, and `AG0301` where
/// it blocks what must work. AWS:
/// [network ACL rules](https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html),
/// [ephemeral ports](https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24, database: /24 } };
///     let guard = network_acl! {
///         subnets: network.database,
///         ingress: [
///             100 => deny("10.0.0.128/25", tcp(5432)),
///             200 => allow(network.private, tcp(5432)),
///         ],
///         egress: [100 => allow(network.private, tcp(1024..=65535))],
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::network_acl;

/// A private way between two VPCs whose blocks do not overlap.
///
/// `requester` is a VPC of the architecture. The other side is either `accepter`, another VPC of it, or
/// `external: { vpc: "vpc-…", cidrs: […], account: …, role: …, region: … }`, which somebody else runs, with
/// routes of their own. In another account, `role` is the ARN of their role that accepts.
///
/// Derived: a route to the other side in every route table, on both sides where both are known. Peering
/// is not transitive, and archgen's answers know that. Codes: `AG0207`, `AG0213`. AWS:
/// [VPC peering](https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let shop = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
///     let tools = vpc! { cidr: "10.1.0.0/16", zones: 2, subnets: { private: /24 } };
///     let inside = vpc_peering! { requester: shop, accepter: tools };
///     let partner = vpc_peering! {
///         requester: shop,
///         external: {
///             vpc: "vpc-0123456789abcdef0",
///             cidrs: ["10.2.0.0/16"],
///             account: "111122223333",
///             role: "arn:aws:iam::111122223333:role/accepts-peerings",
///         },
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::vpc_peering;

/// A TLS certificate, proved by DNS.
///
/// `domain` is text or a [`param!`](crate::param); `alternative_names` are further domains.
/// The proof is written into `zone`, a [`hosted_zone!`](crate::hosted_zone), or by its identifier into a
/// `hosted_zone` that is not declared here; without either the team adds the CNAME record by hand while the
/// deployment waits for it.
///
/// Codes: `AG0107` where a domain is not one, `AG0418` where the zone is not the domain's. AWS:
/// [DNS validation](https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let zone = param! { kind: HostedZoneId, description: "The zone of example.com" };
///     let certificate = certificate! {
///         domain: "shop.example.com",
///         alternative_names: ["www.shop.example.com"],
///         hosted_zone: zone,
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::certificate;

/// An Application Load Balancer, with its listeners, targets and rules.
///
/// With a `certificate` it listens for HTTPS on 443 and sends HTTP on 80 there; without one it serves
/// HTTP on 80. `routes` are `"/"` for what no other route takes, paths (`"/api/*"`), hosts
/// (`"admin.example.com"`) or both (`"example.com/api/*"`), each `=>` a service with a port. The more
/// exact route wins; `priorities` overrides that. `scheme` is `InternetFacing` (usual) or `Internal`,
/// `stickiness` at most `7days`, `idle_timeout` 1 to 4000 seconds. It needs two zones.
///
/// Derived: target groups with the services' health checks (two for blue-green deployments), rules, a
/// security group that lets clients in and the targets' ports out, the log bucket's policy. Codes:
/// `AG0107`, `AG0208`, `AG0405`, `AG0406`. AWS:
/// [Application Load Balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single };
/// #   let cluster = ecs_cluster! { subnets: network.private };
/// #   let web = ecs_service! { cluster: cluster, image: "nginx:1.27", port: 8080, cpu: 256, memory: 512MB };
/// #   let api = ecs_service! { cluster: cluster, image: "example/api:1", port: 9090, cpu: 256, memory: 512MB };
///     let logs = s3_bucket! { lifecycle: [{ expire_after: 90days }] };
///     let certificate = certificate! { domain: "shop.example.com" };
///     let edge = alb! {
///         subnets: network.public,
///         certificate: certificate,
///         routes: ["/" => web, "/api/*" => api],
///         stickiness: 1h,
///         access_logs: logs,
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::alb;

/// A public DNS zone of Amazon Route 53.
///
/// The world asks it once its name servers, the output `NAME.name_servers`, stand at the domain's registrar or in the
/// zone above. It is kept when the stack is deleted: another zone would have other name servers. `zone.id` is its
/// identifier. Codes: `AG0007`, `AG0107`. AWS:
/// [public hosted zones](https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/AboutHZWorkingWith.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let zone = hosted_zone! { domain: "example.com", description: "The shop" };
///     let tls = certificate! { domain: "example.com", alternative_names: ["*.example.com"], zone: zone };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::hosted_zone;

/// A record of a [`hosted_zone!`](crate::hosted_zone).
///
/// `to: edge` leads a name to a load balancer or a [`cloudfront!`](crate::cloudfront) distribution: an alias, which costs nothing and follows its addresses. Otherwise `kind`
/// is `A`, `Aaaa`, `Caa`, `Cname`, `Mx`, `Ns`, `Srv` or `Txt`, with `values` as the type has them (text without quotes) and
/// a `ttl` of 5 minutes unless said otherwise. `domain` is the whole name; left out, the zone's. Records of one name and
/// type each have a `weight`, 0 to 255, or are an error. Codes: `AG0007`, `AG0107`, `AG0417`. AWS:
/// [record types](https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html),
/// [weights](https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let zone = hosted_zone! { domain: "example.com" };
///     let mail = dns_record! { zone: zone, kind: Mx, values: ["10 mail.example.net"] };
///     let policy = dns_record! {
///         zone: zone, domain: "_dmarc.example.com", kind: Txt, values: ["v=DMARC1; p=reject"], ttl: 3600s,
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::dns_record;

/// A CloudFront distribution before a load balancer or a bucket.
///
/// It speaks HTTPS only, by TLS 1.2 at least, HTTP/2 and HTTP/3, over IPv4 and IPv6, and adds AWS's security headers (HSTS and
/// others). `caching` is `Disabled` (usual before a load balancer), `Optimized` (usual before a bucket) or
/// `OriginHeaders`, as the origin's `Cache-Control` says; `price_class` is `All`, `Class200` or `Class100`.
///
/// **A load balancer** as `origin` says `open_to: CloudFront`: its security group then admits CloudFront's own addresses only,
/// by the prefix list that AWS keeps of them, whose identifier in the Region of deployment is the parameter
/// `cloudfront_addresses`. Then the internet reaches it through the distribution and in no other way, and
/// `archgen reach --from internet --to shop` says so, connection by connection. CloudFront hands on the host that the client asks
/// for, so that the load balancer's certificate must be for the aliases too.
///
/// **A bucket** as `origin` stays private: the distribution signs its requests (origin access control), and the bucket's
/// policy, and that of its key, let it read.
///
/// A `certificate` must be in us-east-1, and so must the stack: the template and the module refuse any other Region. Codes:
/// `AG0107`, `AG0322` to `AG0324`, `AG0419`. AWS:
/// [distributions](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-overview.html),
/// [restricting access to load balancers](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let zone = hosted_zone! { domain: "example.com" };
///     let tls = certificate! { domain: "static.example.com", zone: zone };
///     let pages = s3_bucket! {};
///     let cdn = cloudfront! {
///         origin: pages, aliases: ["static.example.com"], certificate: tls, default_root_object: "index.html",
///     };
///     let name = dns_record! { zone: zone, domain: "static.example.com", to: cdn };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::cloudfront;

/// A web ACL of AWS WAF before distributions or load balancers.
///
/// Requests are let through unless a rule blocks them. `managed_rules` are AWS's rule groups, asked in this order:
///
/// | | blocks | capacity |
/// |---|---|---|
/// | `CommonRuleSet` | what most web applications are attacked by | 700 |
/// | `KnownBadInputsRuleSet` | requests that are known to exploit something | 200 |
/// | `SqlInjectionRuleSet`, `LinuxRuleSet`, `WindowsRuleSet` | SQL injection; files of Linux; PowerShell | 200 each |
/// | `AdminProtectionRuleSet`, `PosixRuleSet`, `PhpRuleSet`, `WordPressRuleSet` | open administration; POSIX commands; PHP; WordPress | 100 each |
/// | `AmazonIpReputationList`, `AnonymousIpList` | bots and attackers; proxies, Tor and hosting providers | 25, 50 |
///
/// Those in `count_only` only count what they would block. `rate_limit` is how many requests an address may make in 5
/// minutes; `log_retention` writes what is decided to a log group, `aws-waf-logs-…`. `scope` is `CloudFront` for distributions,
/// then the stack must be in us-east-1, or `Regional` for load balancers. Codes: `AG0420`, `AG0421`, `AG0501`. AWS:
/// [rule groups](https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html),
/// [capacity](https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let pages = s3_bucket! {};
///     let cdn = cloudfront! { origin: pages, default_root_object: "index.html" };
///     let wall = web_acl! {
///         scope: CloudFront,
///         protects: [cdn],
///         managed_rules: [AmazonIpReputationList, CommonRuleSet, KnownBadInputsRuleSet],
///         rate_limit: 2000,
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::web_acl;
