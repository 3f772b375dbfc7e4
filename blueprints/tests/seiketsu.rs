//! The facts of the description of `seiketsu`, in what is emitted, and how far its clients are apart in every mode.

use archgen::core::codes::Code;
use archgen::core::isolation::capacity::{Room, capacity};
use archgen::core::resource::{
    Alarm, DbInstance, LogGroup, ReplicationGroup, ResourceGraph, ResourceId, ScalableTarget,
    Secret, Service, Typed,
};
use archgen::{Checked, Environment};
use archgen_blueprints::seiketsu::SEIKETSU;

fn built(environment: Environment, options: &[(&str, &str)]) -> Checked {
    let options: Vec<(String, String)> =
        options.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let architecture = (SEIKETSU.build)(environment, &options).expect("options it has");
    archgen::check(&architecture).unwrap_or_else(|found| {
        let text: Vec<String> = found.iter().map(archgen::Diagnostic::plain).collect();
        panic!("{options:?}\n{}", text.join("\n"))
    })
}

fn production() -> Checked {
    built(Environment::Production, &[])
}

fn one<'a, T: Typed>(graph: &'a ResourceGraph, id: &str) -> &'a T {
    let found = graph.resources.get(&ResourceId::new(&id.split('.').collect::<Vec<_>>()));
    found.and_then(|it| T::from_kind(&it.kind)).unwrap_or_else(|| panic!("no {id}"))
}

fn all<'a, T: Typed + 'a>(graph: &'a ResourceGraph) -> impl Iterator<Item = (&'a str, &'a T)> {
    graph.resources.iter().filter_map(|(id, it)| Some((id.as_str(), T::from_kind(&it.kind)?)))
}

/// Rows S0-001 and S0-032: forty clients, each with secrets, a user and logs of its own.
#[test]
fn forty_clients() {
    let checked = production();
    let graph = checked.graph();
    let clients = &graph.tenancies["clients"];
    assert_eq!((clients.tenants.len(), clients.at_most), (40, 40));
    for (key, tenant) in &clients.tenants {
        let own: Vec<&str> = tenant.resources.iter().map(ResourceId::as_str).collect();
        let wanted = ["log_group", "login.secret", "own.secret", "requests.alarm"];
        assert_eq!(own, wanted.map(|it| format!("clients.{key}.{it}")), "{key}");
    }
    assert_eq!(all::<LogGroup>(graph).filter(|(id, _)| id.starts_with("clients.")).count(), 40);
}

/// Rows S0-108, S0-110 and S0-113: the names that its commands use.
#[test]
fn physical_names() {
    let checked = production();
    let text = archgen::cloudformation::template(&checked).json();
    for name in [
        "seiketsu-ai-prod-cluster",
        "seiketsu-ai-prod-api-service",
        "seiketsu-ai-prod-database",
        "/ecs/seiketsu-ai-prod/api",
    ] {
        assert!(text.contains(&format!("\"{name}\"")), "{name}");
    }
}

/// Rows S0-035 and S0-036: 2 to 40 tasks.
#[test]
fn tasks() {
    let checked = production();
    let target: &ScalableTarget = one(checked.graph(), "api.scalable_target");
    assert_eq!(target.minimum.literal().map(|it| it.0), Some(2));
    assert_eq!(target.maximum.literal().map(|it| it.0), Some(40));
}

/// Rows S0-011, S0-062 and S0-106: PostgreSQL in production and in staging.
#[test]
fn database() {
    for (environment, multi_az, days) in
        [(Environment::Production, true, 30), (Environment::Staging, false, 7)]
    {
        let checked = built(environment, &[]);
        let it: &DbInstance = one(checked.graph(), "database.instance");
        assert_eq!(it.multi_az.literal(), Some(&multi_az), "{environment}");
        let kept = it.backup_retention.as_ref().and_then(|it| it.literal());
        assert_eq!(kept.map(|it| it.0), Some(days), "{environment}");
    }
}

/// Rows S0-015 to S0-017: shards, failover, TLS.
#[test]
fn cache() {
    let checked = production();
    let it: &ReplicationGroup = one(checked.graph(), "cache.replication_group");
    for what in [
        &it.cluster_mode,
        &it.automatic_failover,
        &it.multi_az,
        &it.encryption_at_rest,
        &it.encryption_in_transit,
    ] {
        assert_eq!(what.literal(), Some(&true));
    }
}

/// Rows S0-046 to S0-052: a secret for each name.
#[test]
fn secrets() {
    let checked = production();
    let names: Vec<&str> = all::<Secret>(checked.graph())
        .map(|(id, _)| id)
        .filter(|it| !it.starts_with("clients."))
        .collect();
    let wanted = [
        "container_studio_api_key",
        "database",
        "elevenlabs_api_key",
        "jwt_secret",
        "monitoring_api_key",
        "openai_api_key",
        "slack_webhook_url",
        "supabase_key",
    ];
    assert_eq!(names, wanted.map(|it| format!("{it}.secret")));
}

/// Rows S0-004 and S0-028: the promises that alarms watch.
#[test]
fn alarms() {
    let checked = production();
    let of = |name: &str| -> &Alarm { one(checked.graph(), &format!("{name}.alarm")) };
    assert_eq!(of("voice_response").threshold.literal().map(|it| it.0), Some(2000.0));
    assert_eq!(of("api_response").threshold.literal().map(|it| it.0), Some(0.5));
}

/// Every mode is right, and gives each client what it says.
#[test]
fn every_mode() {
    for compute in ["pool", "bridge", "silo"] {
        for database in ["schema", "database", "instance"] {
            for keys in ["shared", "pertenant"] {
                for network in ["shared", "pertenant"] {
                    if network == "pertenant" && compute != "silo"
                        || database == "instance" && compute == "bridge"
                    {
                        continue;
                    }
                    let options = [
                        ("compute", compute),
                        ("database", database),
                        ("keys", keys),
                        ("network", network),
                        ("tenants", "3"),
                    ];
                    let checked = built(Environment::Production, &options);
                    let graph = checked.graph();
                    let services = all::<Service>(graph).count();
                    assert_eq!(services, if compute == "pool" { 1 } else { 4 }, "{options:?}");
                    let databases = all::<DbInstance>(graph)
                        .filter(|(id, _)| id.starts_with("clients."))
                        .count();
                    // Each with a replica, as the one that they are like.
                    assert_eq!(
                        databases,
                        if database == "instance" { 6 } else { 0 },
                        "{options:?}"
                    );
                }
            }
        }
    }
}

/// Who shares a security group reaches the others' databases, whatever is promised.
#[test]
fn databases_behind_one_group() {
    let options = [("compute", "Bridge"), ("database", "Instance")]
        .map(|(a, b)| (a.to_string(), b.to_string()));
    let architecture = (SEIKETSU.build)(Environment::Production, &options).expect("options");
    let found = archgen::check(&architecture).expect_err("a promise too many");
    let errors: Vec<&str> = found
        .iter()
        .filter(|it| it.severity == archgen::Severity::Error)
        .map(|it| it.message.as_str())
        .collect();
    assert!(
        errors.contains(
            &"tenants of `clients` share a security group, by which each would reach the others' databases"
        ),
        "{errors:#?}"
    );
    assert!(found.iter().all(|it| it.code != archgen::Code::AG0601), "{errors:#?}");
}

/// Row S0-001: tenant 41 is one too many, whoever counts it.
#[test]
fn tenant_41() {
    let options = [("tenants".to_string(), "41".to_string())];
    let architecture = (SEIKETSU.build)(Environment::Production, &options).expect("options");
    let found = archgen::check(&architecture).expect_err("one too many");
    let errors: Vec<_> =
        found.iter().filter(|it| it.severity == archgen::Severity::Error).collect();
    assert!(errors.iter().any(|it| it.code == archgen::Code::AG0612), "{errors:?}");
    assert_eq!(errors[0].message, "`clients` has 41 tenants, and 40 at most");
}

#[test]
fn options_that_there_are_not() {
    for (name, value, message) in [
        (
            "compute",
            "shared",
            "option `compute` cannot be `shared`: write one of `Pool`, `Bridge`, `Silo`",
        ),
        ("tenant", "3", "there is no option `tenant`"),
    ] {
        let options = [(name.to_string(), value.to_string())];
        let error = (SEIKETSU.build)(Environment::Production, &options).expect_err("no option");
        assert_eq!(error.to_string(), message);
    }
}

/// What is used of each limit, and the number of clients that is too many, what breaks first at the top.
#[test]
fn room_for_more_clients() {
    type Row = (&'static str, u64, u64, u64);
    const SHARED: &[Row] = &[
        ("GB of storage of `database`", 1000, 1000, 41),
        ("connections to `database`", 800, 1802, 91),
        ("graphs of the dashboard `clients`", 40, 500, 501),
        ("resources of the template, before there are several stacks", 282, 500, 95),
    ];
    const ALONE: &[Row] = &[
        // A client's instance has a replica.
        ("database instances in the Region", 82, 40, 20),
        ("database parameter groups in the Region", 41, 50, 50),
        ("target groups of the load balancer `edge`", 82, 100, 50),
        ("rules of the load balancer `edge`", 41, 100, 100),
    ];
    let room = |checked: &Checked, wanted: &[Row]| {
        let pool = &checked.graph().tenancies["clients"];
        let mut all = capacity(checked.graph(), pool);
        all.extend(archgen::cloudformation::stacks(checked).room(pool));
        let line = |it: Room| (it.what.clone(), it.used, it.limit, it.breaks_at());
        let all: Vec<_> = all.into_iter().map(line).collect();
        for (what, used, limit, breaks) in wanted {
            let row = (what.to_string(), *used, *limit, Some(*breaks));
            assert!(all.contains(&row), "{row:?}\n{all:#?}");
        }
        all
    };
    room(&production(), SHARED);
    let checked = built(Environment::Production, &[("compute", "Silo"), ("database", "Instance")]);
    let alone = room(&checked, ALONE);
    let warnings: Vec<String> = checked
        .diagnostics()
        .iter()
        .filter(|it| it.code == Code::AG0616)
        .map(|it| format!("{}: {}", it.message, it.notes.join("; ")))
        .collect();
    assert_eq!(
        warnings,
        [
            "`clients` may have 40 tenants, and 20 are too many for what there is: database instances in the Region: \
          82 of 40 are used, which is not enough for 20 tenants \
          (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html)"
        ]
    );
    assert_eq!(alone.first().map(|it| it.0.as_str()), Some("database instances in the Region"));
    let stacks = alone.iter().find(|it| it.0 == "CloudFormation stacks in the Region");
    assert!(stacks.is_some_and(|it| it.1 > 1 && it.2 == 2000), "{stacks:?}");
}
