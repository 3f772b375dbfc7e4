//! Keys, DNS zones and records, certificates proved in a zone, distributions and what protects them.

use archgen::prelude::*;

/// A shop whose data has a key of its own and whose domain is answered by Route 53.
#[architecture(environments = [Production])]
pub fn edge(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.95.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: PerZone, endpoints: [S3],
    };
    let data = kms_key! {
        description: "What the shop keeps",
        rotation: true,
        rotation_period: 180days,
        deletion_window: 14days,
        alias: "shop/data",
        services: [CloudWatchLogs, CloudWatchAlarms, EventBridge, Budgets],
        users: ["role/analytics", "arn:aws:iam::123456789012:role/audit"],
        tags: { team: "platform" },
    };
    let tokens = secret! { description: "Tokens of the payment provider", kms_key: data };
    let documents = s3_bucket! { kms_key: data.arn };
    let zone = hosted_zone! { domain: "shop.example.com", description: "The shop" };
    let tls = certificate! {
        domain: "shop.example.com",
        alternative_names: ["*.shop.example.com"],
        zone: zone,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let shop = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/nginx/nginx:1.27",
        port: 8080,
        cpu: 256,
        memory: 512MB,
        tasks: 2,
        environment: { KEY: data.id },
        secrets: ["TOKENS" => tokens],
    };
    connect!(shop => documents);
    connect!(shop => internet: tcp(443));
    let balancer = alb! {
        subnets: network.public, open_to: CloudFront, certificate: tls, routes: ["/" => shop],
    };
    let cdn = cloudfront! {
        origin: balancer,
        aliases: ["shop.example.com", "www.shop.example.com"],
        certificate: tls,
        caching: OriginHeaders,
        price_class: Class100,
    };
    let static_files = cloudfront! { origin: documents, default_root_object: "index.html" };
    let wall = web_acl! {
        scope: CloudFront,
        protects: [cdn, static_files],
        managed_rules: [
            AmazonIpReputationList, CommonRuleSet, KnownBadInputsRuleSet, SqlInjectionRuleSet,
        ],
        count_only: [SqlInjectionRuleSet],
        rate_limit: 2000,
        log_retention: 90days,
        tags: { team: "security" },
    };
    deny!(internet => shop: tcp(22));
    let apex = dns_record! { zone: zone, to: cdn };
    let canary = dns_record! {
        zone: zone, domain: "beta.shop.example.com", to: balancer, weight: 10,
    };
    let stable = dns_record! {
        zone: zone, domain: "beta.shop.example.com", kind: A, values: ["192.0.2.10"], ttl: 60s, weight: 90,
    };
    let mail = dns_record! { zone: zone, kind: Mx, values: ["10 mail.example.net", "20 backup.example.net"] };
    let policy = dns_record! {
        zone: zone, domain: "_dmarc.shop.example.com", kind: Txt, values: ["v=DMARC1; p=reject"], ttl: 3600s,
    };
    let authorities = dns_record! { zone: zone, kind: Caa, values: ["0 issue \"amazon.com\""] };
    let docs = dns_record! {
        zone: zone, domain: "docs.shop.example.com", kind: Cname, values: ["example.readthedocs.io"],
    };
}
