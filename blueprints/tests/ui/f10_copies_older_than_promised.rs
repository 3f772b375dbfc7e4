use archgen::prelude::*;

/// "Database: automated snapshots every 4 hours", "Velero backups every 6 hours", and a critical tier with an RPO of
/// 1 hour beside a standard one of 4 hours.
#[architecture(environments = [Production])]
pub fn as_written(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 3,
        subnets: { public: "10.0.101-103.0/24", private: "10.0.1-3.0/24", database: "10.0.201-203.0/24" },
        nat: PerZone,
    };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.35",
        node_groups: { general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 2..=4 } },
        addons: [VpcCni, CoreDns, KubeProxy, PodIdentityAgent, EbsCsi],
    };
    let database = rds_postgres! {
        subnets: network.database, version: "15.17", class: "db.m6g.large", storage: 100GB, backups: 0days,
        multi_az: true,
    };
    let snapshots = backup_plan! { stores: [database], every: 4h, keep: 35days };
    let cluster_backups = s3_bucket! {};
    let cluster_tools = cluster_addons! {
        cluster: platform,
        velero: { bucket: cluster_backups, schedules: { everything: { every: 6h, keep: 30days } } },
    };
    let promise = objectives! {
        tiers: {
            critical: { recovery_time: 4h, recovery_point: 1h, holds: [database] },
            standard: { recovery_time: 8h, recovery_point: 4h, holds: [platform] },
        },
    };
}

fn main() {}
