//! Parameters of every kind, alarms on the team's own metrics, and how Terraform is set up.

use archgen::prelude::*;

/// What is decided when deploying, and who is told what.
#[architecture(environments = [Production])]
pub fn asked(env: Environment) -> Architecture {
    let level = param! {
        default: "INFO",
        allowed: ["DEBUG", "INFO", "WARNING"],
        description: "How much is logged",
    };
    let workers = param! { kind: Number, default: "2", description: "The threads of a task" };
    let topic = param! { kind: TopicArn, description: "The SNS topic that pages somebody" };
    let zone = param! { kind: HostedZoneId, description: "The hosted zone of example.com" };
    let partner = param! { kind: VpcId, description: "The VPC of the partner" };
    let office = param! { kind: Cidr, default: "192.168.10.0/24", description: "The office" };

    let network = vpc! {
        cidr: "10.40.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let partner_way = vpc_peering! {
        requester: network,
        external: { vpc: partner, cidrs: ["10.41.0.0/16"] },
    };
    let certificate = certificate! {
        domain: "shop.example.com",
        alternative_names: ["www.shop.example.com"],
        hosted_zone: zone,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let shop = ecs_service! {
        cluster: cluster,
        image: "example/shop:1.4",
        port: 8080,
        cpu: 512,
        memory: 1GB,
        tasks: 2..=6,
        scale_on: [metric("Shop", "QueueLength") > 100, ResponseTime > 1s],
        environment: { LOG_LEVEL: level, THREADS: workers },
    };
    let edge = alb! { subnets: network.public, certificate: certificate, routes: ["/" => shop] };
    let office_sg = security_group! { vpc: network, ingress: [office => tcp(9090)] };
    let metrics = ecs_service! {
        cluster: cluster,
        image: "prom/prometheus:v2.55.1",
        port: 9090,
        cpu: 256,
        memory: 512MB,
        security_groups: [office_sg],
    };

    let few_orders = alarm! {
        watch: shop,
        when: metric("Shop", "Orders") < 1,
        statistic: Sum,
        lasting: 30min,
        period: 5min,
        out_of: 4,
        notify: [topic],
        description: "Hardly anybody orders",
    };
    let slow = alarm! { watch: edge, when: ResponseTime > 500ms, statistic: P99, notify: [topic] };
    let failing = alarm! { watch: edge, when: ErrorRate > 2.5pct, lasting: 10min, out_of: 8 };
    let overview = dashboard! { watch: [edge, shop, cluster], dashboard_name: "shop-production" };

    let state = terraform! {
        region: "eu-west-1",
        allowed_account_ids: ["123456789012"],
        state_bucket: "asked-terraform-state",
        lock_table: "asked-terraform-locks",
        required_version: "~> 1.11",
    };
}
