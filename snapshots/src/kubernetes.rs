//! A Kubernetes cluster that uses a database.

use archgen::prelude::*;

/// Nodes of three kinds, add-ons with permissions of their own, and a database that pods connect to.
#[architecture(environments = [Production])]
pub fn kubernetes(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.90.0.0/16",
        zones: 3,
        subnets: { public: /24, private: /20, database: /24 },
        nat: PerZone,
        endpoints: [S3, EcrApi, EcrDkr, EksAuth],
    };
    let encryption_key =
        param! { description: "The ARN of the key that encrypts Kubernetes secrets" };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.34",
        endpoint: Public("203.0.113.0/24", "198.51.100.7/32"),
        logs: [Api, Audit, Authenticator],
        log_retention: 90days,
        service_cidr: "172.20.0.0/16",
        node_groups: {
            general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=6 },
            spot: Spot {
                instances: ["m6i.large", "m5.large"],
                nodes: 0..=10,
                taints: ["capacity=spot:NoSchedule"],
            },
            memory: OnDemand {
                instances: ["r6g.large", "r6g.xlarge"],
                nodes: 1..=3,
                disk: 100GB,
                labels: { workload: "memory" },
            },
        },
        addons: [VpcCni, CoreDns, KubeProxy, PodIdentityAgent, EbsCsi, MetricsServer],
        access: [
            "role/platform" => ClusterAdmin,
            "role/developers" => View,
        ],
        kms_key: encryption_key,
        cluster_name: "shop-production-eks",
        tags: { team: "platform" },
    };
    let orders = rds_postgres! {
        subnets: network.database,
        version: "16.6",
        class: "db.t4g.medium",
        storage: 100GB..=1000GB,
        multi_az: true,
        backups: 7days,
    };
    let stuck = alarm! { watch: platform, when: UnschedulablePods > 0, lasting: 15min };
    let failing = alarm! { watch: platform, when: ErrorRate > 5pct };
    let overview = dashboard! { watch: [platform, orders] };
    connect!(platform => orders);
    deny!(internet => platform);
}
