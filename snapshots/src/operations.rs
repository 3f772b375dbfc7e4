//! Who is told, what may be spent, what is copied.

use archgen::prelude::*;

/// A topic that alarms and a budget publish to, and a budget of a team's costs.
#[architecture(environments = [Production])]
pub fn operations(env: Environment) -> Architecture {
    let pager = param! { description: "The URL of the pager's integration" };
    let topic_key = param! { description: "The ARN of the key that encrypts messages" };
    let network = vpc! {
        cidr: "10.80.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24, database: /24 },
        nat: Single,
    };
    let orders = rds_postgres! {
        subnets: network.database,
        version: "16.6",
        class: "db.t4g.medium",
        storage: 100GB..=200GB,
        multi_az: true,
        backups: 0days,
    };
    let images_key = param! { description: "The ARN of the key that encrypts images" };
    let images = ecr_repository! {
        keep: 50,
        keep_untagged: 7days,
        kms_key: images_key,
        repository_name: "shop/backend",
        tags: { team: "platform" },
    };
    let scratch_images = ecr_repository! { scan_on_push: false, immutable: false };
    let image_tag = param! { description: "The tag of the backend's image" };
    let cluster = ecs_cluster! { subnets: network.private };
    let backend = ecs_service! {
        cluster: cluster,
        image: Ecr { repository: images, tag: image_tag },
        cpu: 256,
        memory: 512MB,
        environment: { IMAGES: images.uri, SCRATCH: scratch_images.name },
    };

    let files = efs! { subnets: network.private };
    let documents = s3_bucket! {};
    let sessions = redis! { subnets: network.database, node: "cache.t4g.small" };
    let vault_key = param! { description: "The ARN of the key that encrypts copies" };
    let other_vault = param! { description: "The ARN of the vault in the other Region" };
    let hourly = backup_plan! { stores: [orders], every: 1h, keep: 7days };
    let copies = backup_plan! {
        stores: [orders, files, documents],
        every: 4h,
        at: "02:15",
        keep: 35days,
        copy_to: other_vault,
        kms_key: vault_key,
        vault_name: "shop-production-copies",
        tags: { team: "platform" },
    };
    let promise = objectives! {
        recovery_time: 24h,
        recovery_point: 24h,
        region_failure: Manual,
        manual_recovery_takes: 3h,
        tiers: {
            critical: { recovery_time: 4h, recovery_point: 1h, holds: [orders] },
            standard: { recovery_time: 8h, recovery_point: 4h, holds: [files, documents] },
        },
    };

    let alerts = sns_topic! {
        subscriptions: [Email("platform@example.com"), Https(pager), Https("https://example.com/alerts")],
        kms_key: topic_key,
        events: true,
        display_name: "Shop in production",
        topic_name: "shop-production-alerts",
        tags: { team: "platform" },
    };
    let quiet = sns_topic! { subscriptions: [Email("team@example.com")] };
    let busy = alarm! { watch: orders, when: Cpu > 80pct, lasting: 10min, notify: [alerts] };
    let full = alarm! { watch: orders, when: FreeStorage < 10GB, notify: [alerts, quiet.arn] };
    let spending = budget! {
        amount: 5000,
        alerts: [Forecasted > 50pct, Forecasted > 80pct, Actual > 90pct, Actual > 120pct],
        notify: [alerts, Email("finance@example.com"), Email("platform@example.com")],
        tags: { team: "platform" },
    };
    let platform_spending = budget! {
        amount: 1250.5,
        alerts: [Actual > 99.5pct],
        notify: [Email("platform@example.com")],
        costs_tagged: { team: "platform", "cost-center": "4711" },
    };
}
