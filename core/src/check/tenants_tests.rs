//! Every check of pools of tenants: wrong, right, and not known.

use super::testing::{expect, findings, found};
use crate::codes::Code;
use crate::environment::Environment;

const PLATFORM: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22, database: /24 }, nat: Single }
ecs_cluster cluster { subnets: network.private }
ecs_service api { cluster: cluster, image: "api:1", port: 80, cpu: 256, memory: 512MB, tasks: 2..=4, scale_on: [Cpu > 70pct] }
ecs_service worker { cluster: cluster, image: "worker:1", cpu: 256, memory: 512MB }
efs files { subnets: network.private }
ecs_service drawing { cluster: cluster, image: "drawing:1", port: 81, cpu: 256, memory: 512MB, volumes: ["/data" => files] }
certificate tls { domain: "*.example.com" }
alb edge { subnets: network.public, certificate: tls, routes: ["/" => api, "admin.example.com" => worker_of_admins] }
ecs_service worker_of_admins { cluster: cluster, image: "admin:1", port: 80, cpu: 256, memory: 512MB }
rds_postgres rows { subnets: network.database, version: "16.8", class: "db.t4g.medium", storage: 20GB..=50GB, multi_az: true, backups: 7days }
"#;

fn pool(fields: &str) -> String {
    format!("{PLATFORM} tenant_pool clients {{ {fields} }}")
}

/// The codes of findings about the pool, each with the text it is at.
fn of_pool(fields: &str) -> Vec<(Code, String)> {
    found(&pool(fields))
}

#[track_caller]
fn finds(fields: &str, expected: &[(Code, &str)]) {
    expect(&pool(fields), expected);
}

fn messages(fields: &str) -> Vec<String> {
    let all = findings(&pool(fields), Environment::Production);
    all.into_iter().map(|(it, _)| it.message).collect()
}

#[test]
fn keys() {
    finds(
        r#"tenants: ["Acme", "globex", "globex"], at_most: 9, service: api"#,
        &[(Code::AG0611, r#""Acme""#), (Code::AG0611, r#""globex""#)],
    );
    for wrong in ["", "1st", "a_b", "a--b", "a-", "-a", "a.b", "seiketsu-ai-prod-client"] {
        finds(
            &format!(r#"tenants: ["{wrong}"], at_most: 9, service: api"#),
            &[(Code::AG0611, &format!(r#""{wrong}""#))],
        );
    }
    finds(r#"tenants: [], at_most: 9, service: api"#, &[(Code::AG0611, "[]")]);
    finds(r#"tenants: ["acme", "globex-2"], at_most: 9, service: api"#, &[]);
    finds(r#"tenants: ["acme", ?], at_most: 9, service: api"#, &[]);
    finds("tenants: ?, at_most: 9, service: api", &[]);
    finds("tenants: 9, at_most: 9, service: api", &[]);
}

#[test]
fn more_than_there_may_be() {
    finds(
        r#"tenants: ["acme", "globex", "initech"], at_most: 2, service: api"#,
        &[(Code::AG0612, r#""initech""#)],
    );
    finds("tenants: 41, at_most: 40, service: api", &[(Code::AG0612, "41")]);
    finds("tenants: 40, at_most: 40, service: api", &[]);
    finds("tenants: ?, at_most: 40, service: api", &[]);
    finds("tenants: 41, at_most: ?, service: api", &[]);
}

#[test]
fn overrides_of_nobody() {
    finds(
        r#"tenants: ["acme"], at_most: 9, service: api, overrides: { acne: { logs: Shared } }"#,
        &[(Code::AG0613, "acne")],
    );
    finds(
        "tenants: 3, at_most: 9, service: api, overrides: { t0004: { logs: Shared } }",
        &[(Code::AG0613, "t0004")],
    );
    finds("tenants: 4, at_most: 9, service: api, overrides: { t0004: { logs: Shared } }", &[]);
    // The tenant may be the one that is not known yet.
    finds(
        r#"tenants: ["acme", ?], at_most: 9, service: api, overrides: { acne: { logs: Shared } }"#,
        &[],
    );
    finds("tenants: ?, at_most: 9, service: api, overrides: { acne: { logs: Shared } }", &[]);
    finds("tenants: 3, at_most: 9, service: api, overrides: ?", &[]);
}

#[test]
fn routing() {
    let with = |more: &str| format!(r#"tenants: ["acme"], at_most: 9, service: api, {more}"#);
    for (more, at) in [
        (r#"route_by: "{tenant}.example.com""#, r#""{tenant}.example.com""#),
        ("balancer: edge", "edge"),
        (r#"balancer: edge, route_by: "app.example.com""#, r#""app.example.com""#),
        (r#"balancer: edge, route_by: "not a pattern {tenant}""#, r#""not a pattern {tenant}""#),
        // The load balancer has a route of this host.
        (r#"balancer: edge, route_by: "{tenant}.example.com", tenants: ["admin"]"#, ""),
    ] {
        let fields = if at.is_empty() {
            r#"tenants: ["admin"], at_most: 9, service: api, balancer: edge, route_by: "{tenant}.example.com""#.to_string()
        } else {
            with(more)
        };
        let at = if at.is_empty() { r#""admin""# } else { at };
        finds(&fields, &[(Code::AG0614, at)]);
    }
    for more in [
        r#"balancer: edge, route_by: "{tenant}.example.com""#,
        r#"balancer: edge, route_by: "/t/{tenant}/*""#,
        r#"balancer: edge, route_by: "X-Tenant: {tenant}""#,
        "balancer: edge, route_by: ?",
        r#"balancer: ?, route_by: "{tenant}.example.com""#,
    ] {
        finds(&with(more), &[]);
    }
    // What is shared must be behind the load balancer; what each has for itself gets rules of its own.
    let fields = |compute: &str| {
        format!(
            r#"tenants: ["acme"], at_most: 9, service: drawing, balancer: edge, route_by: "{{tenant}}.example.com",
               isolation: {{ compute: {compute} }}"#
        )
    };
    assert_eq!(of_pool(&fields("Pool")), [(Code::AG0614, "balancer".to_string())]);
    assert!(of_pool(&fields("?")).is_empty());
}

#[test]
fn apart_in_the_network() {
    let with = |isolation: &str| {
        format!(
            r#"tenants: ["acme", "globex"], at_most: 9, service: api, isolation: {{ {isolation} }}"#
        )
    };
    for compute in ["", "compute: Pool, ", "compute: Bridge, "] {
        let fields = with(&format!("{compute}network: PerTenant"));
        finds(&fields, &[(Code::AG0614, "PerTenant")]);
    }
    finds(&with("compute: Silo, network: PerTenant"), &[]);
    finds(&with("compute: ?, network: PerTenant"), &[]);
    finds(&with("compute: Pool, network: ?"), &[]);
    let own = |own: &str| {
        let all = with("compute: Silo, network: PerTenant");
        format!("{all}, overrides: {{ globex: {{ {own} }} }}")
    };
    finds(&own("compute: Pool"), &[(Code::AG0614, "PerTenant")]);
    finds(&own("compute: Pool, network: Shared"), &[]);
}

#[test]
fn tasks_of_their_own() {
    let with = |service: &str, compute: &str| {
        format!(
            r#"tenants: ["acme"], at_most: 9, service: {service}, isolation: {{ compute: {compute} }}"#
        )
    };
    finds(&with("drawing", "Bridge"), &[(Code::AG0614, "Bridge")]);
    finds(&with("drawing", "Pool"), &[]);
    finds(&with("drawing", "?"), &[]);
    let routed = |compute: &str| {
        let all = with("worker", compute);
        format!(r#"{all}, balancer: edge, route_by: "{{tenant}}.jobs.example.com""#)
    };
    finds(&routed("Silo"), &[(Code::AG0614, "Silo")]);
    finds(&with("worker", "Silo"), &[]);
}

#[test]
fn quotas() {
    let with = |more: &str| format!("tenants: 4, at_most: 9, service: api, database: rows, {more}");
    // Four tasks of 256 units and 512 MB, and 50 GB of storage.
    finds(&with("quota: { cpu: 256, memory: 512MB, storage: 12GB }"), &[]);
    finds(&with("quota: { cpu: 512 }"), &[(Code::AG0615, "512")]);
    finds(&with("quota: { memory: 513MB }"), &[(Code::AG0615, "513MB")]);
    finds(&with("quota: { storage: 13GB }"), &[(Code::AG0615, "13GB")]);
    finds(
        &with("quota: { cpu: 256 }, overrides: { t0002: { quota: { cpu: 512 } } }"),
        &[(Code::AG0615, "256")],
    );
    finds(&with("quota: { cpu: ?, memory: ?, storage: ? }"), &[]);
    finds(&with("quota: ?"), &[]);
    // What a tenant has for itself is not shared.
    let silo =
        "isolation: { compute: Silo, database: Instance }, quota: { cpu: 1024, storage: 40GB }";
    assert!(!of_pool(&with(silo)).iter().any(|it| it.0 == Code::AG0615));
}

#[test]
fn graphs_of_a_dashboard() {
    finds("tenants: 501, at_most: 999, service: api, dashboard: true", &[(Code::AG0615, "true")]);
    finds("tenants: 501, at_most: 999, service: api, dashboard: false", &[]);
    finds("tenants: 501, at_most: 999, service: api, dashboard: ?", &[]);
    finds("tenants: 500, at_most: 999, service: api, dashboard: true", &[]);
}

/// A mistake that all tenants share is said once.
#[test]
fn said_once() {
    let all = messages(
        "tenants: 40, at_most: 40, service: api, isolation: { compute: Pool, network: PerTenant }",
    );
    assert_eq!(all, ["tenants of `clients` share tasks, and cannot be apart in the network"]);
}

/// Tenants do not wait for one another: forty in series would reach less than one does.
#[test]
fn availability_is_that_of_one_tenant() {
    let notes = |isolation: &str, promised: &str| {
        let source = format!(
            r#"
vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ public: /24, private: /22, database: /24 }}, nat: PerZone }}
ecs_cluster cluster {{ subnets: network.private }}
ecs_service api {{ cluster: cluster, image: "api:1", port: 80, cpu: 256, memory: 512MB, tasks: 2 }}
rds_postgres rows {{ subnets: network.database, version: "16.8", class: "db.t4g.medium", storage: 20GB, multi_az: true, backups: 7days }}
tenant_pool clients {{
    tenants: 40, at_most: 40, service: api, database: rows, isolation: {{ {isolation} }},
    overrides: {{ t0007: {{ quota: {{ tasks: 1 }} }} }},
}}
objectives promise {{ availability: {promised} }}"#
        );
        let (_, found) =
            super::diagnose(&super::testing::architecture(&source, Environment::Production));
        let mut found = found.into_iter().filter(|it| it.code == Code::AG0803);
        found.next().map(|it| (it.message, it.notes))
    };
    // 99.99 of a service and 99.95 of a database, whoever's they are.
    assert_eq!(notes("compute: Pool", "99pct"), None);
    assert_eq!(notes("compute: Pool, database: Instance", "99pct"), None);
    assert_eq!(notes("compute: Silo, database: Instance", "99pct"), None);
    // The one with a single task is below the others, and told.
    let (message, told) = notes("compute: Silo", "100pct").expect("less than that");
    assert!(message.contains("its 2 components in series reach 99.45 percent"), "{message}");
    assert!(told.iter().any(|it| it.contains("`t0007` of `clients`")), "{told:?}");
}
