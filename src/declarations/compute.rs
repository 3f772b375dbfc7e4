//! The macros of what runs.

/// A cluster of ECS tasks.
///
/// `subnets` is the tier its services stand in. `capacity` is `Fargate` (usual), `FargateSpot`, or
/// `Ec2 { instance: "m6i.large", instances: 2..=5, target: 80pct }`, instances in an Auto Scaling group
/// that follows what the tasks need. `namespace` is the private DNS zone in which services find each
/// other. Logs are kept for `log_retention`, 30 days unless said otherwise, one of the periods that
/// CloudWatch Logs takes.
///
/// Derived: for EC2, a launch template (IMDSv2, encrypted root volume), the group with its capacity
/// provider, role and security group. Codes: `AG0402`, `AG0408`, `AG0410`, `AG0501`, `AG0508`, `AG0804`.
/// AWS: [clusters](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/clusters.html),
/// [cluster auto scaling](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! {
///         cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22 }, nat: PerZone,
///     };
///     let cluster = ecs_cluster! {
///         subnets: network.private,
///         capacity: Ec2 { instance: "m6i.large", instances: 2..=5, target: 80pct },
///         namespace: "shop.local",
///         log_retention: 14days,
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::ecs_cluster;

/// A number of tasks that run one image.
///
/// | Field | |
/// |---|---|
/// | `image` | `"redis:7"`, or `Ecr { repository: "api", tag: image_tag }` of this account |
/// | `cpu`, `memory` | of a task: `512` units or `1vCPU`, `1GB`; on Fargate one of its pairs |
/// | `port` | what the container listens on |
/// | `tasks` | `2`, or `2..=10` with `scale_on: [Cpu > 70pct, RequestsPerTarget > 1000]` |
/// | `environment`, `secrets` | `{ HOST: orders.endpoint }`, `[api_keys, "PASSWORD" => orders.secret]` |
/// | `volumes` | `["/data" => files]`, or `HostVolume` on EC2 |
/// | `health_check` | of the load balancer: `{ path: "/health" }`; `container_health_check` of ECS |
/// | `deployment` | `Rolling` (usual, rolled back on failure) or `BlueGreen` with `bake_time` |
/// | `tags` | tags on everything it makes, such as `{ team: "payments" }`: see [`deny!`](crate::deny) |
///
/// `service.host` is the name by which others find it.
///
/// Derived: task definition, log group, a role that may read its secrets and no other, a role for what it
/// connects to, scaling, discovery, a security group. Codes: `AG0304`, `AG0401` to `AG0404`, `AG0407`,
/// `AG0409`, `AG0410`, `AG0501`, `AG0510`. AWS:
/// [services](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html),
/// [Fargate task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single };
///     let image_tag = param! { description: "The tag of the image" };
///     let api_keys = secret! { description: "Keys of the payment provider" };
///     let cluster = ecs_cluster! { subnets: network.private };
///     let api = ecs_service! {
///         cluster: cluster,
///         image: Ecr { repository: "api", tag: image_tag },
///         port: 8080, cpu: 512, memory: 1GB,
///         tasks: 2..=6, scale_on: [Cpu > 60pct],
///         container_health_check: { command: "curl -f http://localhost:8080/health || exit 1" },
///         secrets: [api_keys],
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::ecs_service;

/// Pods that run one image, for services that only exist on Kubernetes.
///
/// | Field | |
/// |---|---|
/// | `namespace` | where it runs |
/// | `image` | `"redis:7"`, or `Ecr { repository: "api", tag: image_tag }` of this account |
/// | `cpu`, `memory` | of a pod: `512` units or `1vCPU`, which are kept free; `1GB`, which it cannot exceed |
/// | `port` | what the container listens on |
/// | `replicas` | `2` (usual), or `2..=10` with `scale_on: [Cpu > 70pct, Memory > 80pct]` |
/// | `environment`, `secrets` | `{ HOST: orders.endpoint, OTHER: content.host }`, `[api_keys, "PASSWORD" => orders.secret]` |
/// | `health_check` | `{ path: "/health" }`: of the probes, and of the load balancer if there is one |
/// | `nodes`, `node_labels`, `tolerates` | `"general"`, a key of `node_groups`; `{ workload: "memory" }`; `["capacity=spot:NoSchedule"]` |
/// | `spread` | over `Zones` (usual), `ZonesOnly`, or `Nodes` |
/// | `migration` | what runs before a new version: `{ command: ["bin/migrate"] }` |
/// | `user` | the number of the user, 65532 unless said otherwise; never root |
/// | `service_name` | its name in the namespace, if not its own with `-` for `_` |
///
/// `content.host` is the name by which others find it.
///
/// Its pods share the network of the cluster's nodes, and admit nothing but what is connected: `connect!` opens
/// their network policies, and between pods and what stands outside the cluster the security groups too. A role,
/// by EKS Pod Identity, lets those use buckets and secrets that are connected to some. A route of an `alb!` leads
/// there: the load balancer and its target group are AWS's, and the chart binds them to the pods.
///
/// Only the Helm target writes the pods: a chart for each service. Codes: `AG0402`. AWS:
/// [network policies](https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html),
/// [Pod Identity](https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html). Kubernetes:
/// [deployments](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/),
/// [network policies](https://kubernetes.io/docs/concepts/services-networking/network-policies/),
/// [assigning pods to nodes](https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20, data: /24 }, nat: Single };
/// #   let orders = redis! { subnets: network.data, node: "cache.t4g.small" };
///     let platform = eks_cluster! {
///         subnets: network.private,
///         version: "1.34",
///         node_groups: { general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 } },
///     };
///     let shop = namespace! { cluster: platform };
///     let content = k8s_service! {
///         namespace: shop, image: "example/content:1.4", port: 8080, cpu: 256, memory: 512MB,
///     };
///     let auth_svc = k8s_service! {
///         namespace: shop,
///         image: "example/auth:2.0",
///         port: 8000, cpu: 256, memory: 512MB,
///         replicas: 2..=6, scale_on: [Cpu > 70pct],
///         health_check: { path: "/health" },
///         environment: { CONTENT_HOST: content.host, CACHE_HOST: orders.endpoint },
///         nodes: "general",
///     };
///     let edge = alb! { subnets: network.public, routes: ["/auth/*" => auth_svc] };
///     connect!(auth_svc => content, orders);
///     deny!(internet => content);
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::k8s_service;

/// A namespace of a Kubernetes cluster.
///
/// | Field | |
/// |---|---|
/// | `cluster` | the cluster |
/// | `namespace_name` | its name in the cluster, if not its own with `-` for `_` |
/// | `pod_security` | what its pods may do, which the cluster enforces: `Restricted` (usual), `Baseline`, `Privileged` |
/// | `quota` | the most that its pods may ask for together: `{ cpu: 20vCPU, memory: 64GB, memory_limit: 96GB, pods: 100, volumes: 10 }` |
/// | `limits` | what a container gets that asks for nothing, and the most of one: `{ default_cpu: 256, default_memory: 256MB, max_cpu: 4vCPU, max_memory: 8GB }` |
///
/// `shop.name` is its name in the cluster. Only the Helm target writes it: a Namespace with the labels of Pod
/// Security Admission, a ResourceQuota and a LimitRange. Codes: `AG0425`. AWS:
/// [pod security](https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html). Kubernetes:
/// [namespaces](https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/),
/// [pod security](https://kubernetes.io/docs/concepts/security/pod-security-standards/),
/// [quotas](https://kubernetes.io/docs/concepts/policy/resource-quotas/),
/// [limit ranges](https://kubernetes.io/docs/concepts/policy/limit-range/).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20 }, nat: Single };
///     let platform = eks_cluster! {
///         subnets: network.private,
///         version: "1.34",
///         node_groups: { general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 } },
///     };
///     let shop = namespace! {
///         cluster: platform,
///         quota: { cpu: 20vCPU, memory: 64GB, pods: 100 },
///         limits: { default_memory: 256MB, max_memory: 4GB },
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::namespace;

/// A Kubernetes cluster on Amazon EKS, with the nodes that run its pods.
///
/// | Field | |
/// |---|---|
/// | `subnets` | the tier of the control plane, the nodes and the pods: with the VPC CNI every pod has an address of it |
/// | `version` | the minor version, such as `"1.34"`, judged by the EKS release calendar |
/// | `endpoint` | who connects to the Kubernetes API: `Private` (usual), or `Public("203.0.113.0/24")` too |
/// | `node_groups` | `{ general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 } }`, or `Spot { … }`; with `disk`, `labels` and `taints` |
/// | `addons` | `VpcCni`, `CoreDns`, `KubeProxy`, `PodIdentityAgent` (usual), `EbsCsi`, `EfsCsi`, `MetricsServer`, `NodeMonitoring` |
/// | `access` | `["role/platform" => ClusterAdmin]`, or `Admin`, `Edit`, `View` |
/// | `logs`, `log_retention` | of the control plane: `[Api, Audit, Authenticator]` for `90days` (usual) |
/// | `service_cidr` | the addresses of Kubernetes services, `172.20.0.0/16` unless said otherwise |
/// | `kms_key` | a key that encrypts Kubernetes secrets, beside EKS's own |
/// | `extended_support` | whether it may stay on a version whose standard support has ended, for more money |
///
/// `connect!(platform => orders)` is about its nodes and pods. Who creates it gets no access by that: `access` is
/// the whole list.
///
/// Derived: the control plane with its log group and role; a launch template (IMDSv2, encrypted root volume)
/// and a managed node group for each group of nodes; add-ons, with roles for the pods of those that need one; a
/// security group whose members reach each other, and which opens nothing else but AWS's own services and what
/// is connected; tags on the VPC's subnets by which Kubernetes finds those of load balancers. Codes: `AG0221`,
/// `AG0225`, `AG0226`, `AG0304`, `AG0321`, `AG0402`, `AG0403`, `AG0412` to `AG0416`, `AG0501`. AWS:
/// [clusters](https://docs.aws.amazon.com/eks/latest/userguide/clusters.html),
/// [versions](https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html),
/// [access entries](https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
///     let network = vpc! {
///         cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /20, data: /24 }, nat: PerZone,
///     };
///     let platform = eks_cluster! {
///         subnets: network.private,
///         version: "1.34",
///         node_groups: {
///             general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=6 },
///             batch: Spot { instances: ["m6i.large", "m5.large"], nodes: 0..=10,
///                 taints: ["workload=batch:NoSchedule"] },
///         },
///         access: ["role/platform" => ClusterAdmin],
///     };
///     let orders = redis! { subnets: network.data, node: "cache.t4g.small" };
///     connect!(platform => orders);
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::eks_cluster;

/// What runs on a Kubernetes cluster beside its services, each from a public Helm chart in a fixed version.
///
/// | Field | |
/// |---|---|
/// | `cluster` | the cluster |
/// | `external_secrets` | the External Secrets Operator: `{ secrets: [api_keys, database.secret] }`, what it may read |
/// | `cert_manager` | cert-manager: `{ email: "platform@example.com", zones: ["Z0123456789ABCDEFGHIJ"] }`, the hosted zones that prove who owns the domains |
/// | `karpenter` | Karpenter: `{ node_pools: { general: { families: ["m6i"], capacity: [Spot, OnDemand], vcpus: 2..=16, limits: { cpu: 64, memory: 256GB }, labels: { … }, taints: [ … ], consolidate_after: 60s, expire_after: 30days } }, disk: 50GB }` |
/// | `velero` | Velero: `{ bucket: backups, schedules: { everything: { every: 6h, keep: 30days, namespaces: [ … ] } } }` |
/// | `load_balancer_controller` | the AWS Load Balancer Controller: `{ replicas: 2 }` |
/// | `kyverno` | Kyverno: `{ policies: [RequestsAndLimits, Probes, NonRoot, ReadOnlyRootFilesystem, ImageTags, OwnNamespace], registries: ["public.ecr.aws/"], action: Enforce, exempt: ["legacy"] }` |
/// | `prometheus` | Prometheus, Alertmanager and Grafana: `{ retention: 15days, storage: 50GB, replicas: 2, alerts: { pagerduty: key, slack: { channel: "#platform", webhook: url }, email: { to: "…", from: "…", server: "…:587", username: "…", password: secret } }, grafana_password: secret }` |
/// | `loki` | Loki: `{ bucket: logs, retention: 30days, storage: 10GB }` |
/// | `alloy` | Grafana Alloy, which sends logs to Loki: `{}` |
/// | `promtail` | Promtail, which did so until its end: `{}` |
///
/// Each takes `namespace`, a `namespace!`; left out, it is in the one that it is usually in.
///
/// Derived: for the pods of each that use AWS, a role that may do what they need and no more, with an EKS Pod
/// Identity association; for Karpenter a role and an access entry for its nodes, a queue with what happens to them,
/// and tags on the cluster's subnets and group by which it finds where they stand. The Helm target writes the values of each chart, a
/// chart with their objects (stores, issuers, pools of nodes), charts with alerts, dashboards and policies, and the
/// commands that install all of it. Codes: `AG0432` to `AG0440`. AWS: [EKS Pod Identities](https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html),
/// [Karpenter](https://karpenter.sh/docs/), [Velero](https://velero.io/docs/).
///
/// ```
/// # use archgen::prelude::*;
/// #[architecture]
/// fn demo(env: Environment) -> Architecture {
/// #   let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20 }, nat: Single };
///     let platform = eks_cluster! {
///         subnets: network.private,
///         version: "1.34",
///         node_groups: { general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 } },
///     };
///     let backups = s3_bucket! {};
///     let api_keys = secret! { description: "API keys of the payment provider" };
///     let addons = cluster_addons! {
///         cluster: platform,
///         external_secrets: { secrets: [api_keys] },
///         load_balancer_controller: {},
///         karpenter: {
///             node_pools: { general: { families: ["m6i", "m7i"], limits: { cpu: 64, memory: 256GB } } },
///         },
///         velero: { bucket: backups, schedules: { everything: { every: 6h, keep: 30days } } },
///     };
/// }
/// archgen::check(&demo(Environment::Production)).unwrap();
/// ```
pub use archgen_macros::cluster_addons;
