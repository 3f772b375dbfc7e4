//! Pools as they are declared and lowered.

use crate::check::diagnose;
use crate::environment::Environment;
use crate::isolation::{Facts, PoolReport, prove};
use crate::network::Model;

/// A platform with a pool that has these fields besides.
fn source(pool: &str) -> String {
    format!(
        r#"
vpc network {{
    cidr: "10.0.0.0/16", zones: 2, subnets: {{ public: /24, private: /22, database: /24 }}, nat: Single,
}}
certificate domain {{ domain: "*.example.com" }}
ecs_cluster cluster {{ subnets: network.private }}
secret stripe {{ description: "payments" }}
rds_postgres database {{
    subnets: network.database, version: "16.6", class: "db.t4g.medium", storage: 100GB, backups: 7days,
    multi_az: true,
}}
ecs_service api {{
    cluster: cluster, image: "api:1", port: 8080, cpu: 256, memory: 512MB,
}}
alb edge {{ subnets: network.public, certificate: domain, routes: ["/" => api] }}
connect to_database {{ from: [api], to: [database] }}
tenant_pool seats {{
    tenants: ["acme", "globex", "initech"], at_most: 40, service: api, balancer: edge,
    route_by: "{{tenant}}.example.com", {pool}
}}
"#
    )
}

fn report(pool: &str) -> PoolReport {
    let architecture = crate::check::testing::architecture(&source(pool), Environment::Production);
    assert_eq!(architecture.problems(), []);
    let (graph, diagnostics) = diagnose(&architecture);
    let errors: Vec<String> =
        diagnostics.iter().filter(|it| it.is_error()).map(|it| it.plain()).collect();
    assert_eq!(errors, Vec::<String>::new());
    prove(&Facts::of(&graph), Some(&Model::new(&graph))).remove(0)
}

fn verdicts(report: &PoolReport) -> String {
    let cells = report.pair(0, 1);
    let words: Vec<String> =
        cells.iter().map(|it| format!("{}: {}", it.layer.as_str(), it.verdict.as_str())).collect();
    words.join(", ")
}

#[test]
fn what_is_lowered_holds_what_it_promises() {
    let stores = "secrets: PerTenant, keys: PerTenant, logs: PerTenant";
    for (isolation, expected) in [
        (
            "compute: Pool, database: Schema",
            "compute: not claimed, database: trust boundary, network: not claimed, secrets: trust boundary, \
             keys: trust boundary, logs: trust boundary, identity: not claimed, routing: trust boundary",
        ),
        (
            "compute: Bridge, database: Database",
            "compute: holds, database: trust boundary, network: not claimed, secrets: holds, keys: holds, \
             logs: holds, identity: holds, routing: holds",
        ),
        (
            "compute: Silo, network: PerTenant, database: Schema",
            "compute: holds, database: trust boundary, network: trust boundary, secrets: holds, \
             keys: holds, logs: holds, identity: holds, routing: holds",
        ),
        (
            "compute: Silo, network: PerTenant, database: Instance",
            "compute: holds, database: holds, network: holds, secrets: holds, keys: holds, \
             logs: holds, identity: holds, routing: holds",
        ),
    ] {
        let pool = format!("isolation: {{ {isolation}, {stores} }}, database: database,");
        let report = report(&pool);
        assert_eq!(verdicts(&report), expected, "{isolation}");
        assert_eq!(report.unknown, [], "{isolation}");
        assert_eq!(report.classes.len(), 1);
    }
}

#[test]
fn one_tenant_differs() {
    let report = report(
        "isolation: { compute: Pool, secrets: PerTenant, database: Schema }, database: database, \
         overrides: { initech: { compute: Silo, database: Instance } },",
    );
    let counts: Vec<usize> = report.classes.iter().map(|it| it.count).collect();
    assert_eq!(counts, [2, 1]);
    assert_eq!(report.rows.len(), 2);
    let words: Vec<&str> = report.rows[1].cells.iter().map(|it| it.verdict.as_str()).collect();
    assert_eq!(words[0], "holds", "{words:?}");
    assert!(!report.is_broken());
}
