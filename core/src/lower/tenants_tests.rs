//! What a pool becomes, and what stays of it while tenants come and go.

use std::collections::{BTreeMap, BTreeSet};

use super::lower;
use crate::architecture::Architecture;
use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::history::{History, declarations, resources};
use crate::resource::rds::Password;
use crate::resource::{
    DbInstance, ListenerRule, LogGroup, ResourceGraph, ResourceId, Role, Secret, Service, Typed,
};
use crate::value::Text;

/// A platform with a pool; `tenants` are the keys, `more` are further fields.
fn platform(tenants: &[&str], deployment: &str, more: &str) -> Architecture {
    let keys: Vec<String> = tenants.iter().map(|it| format!("\"{it}\"")).collect();
    architecture(
        &format!(
            r#"
vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ public: /24, private: /22, database: /24 }}, nat: Single }}
ecs_cluster cluster {{ subnets: network.private }}
secret api_key {{ description: "The key of the provider" }}
rds_postgres rows {{ subnets: network.database, version: "16.8", class: "db.t4g.medium", storage: 20GB..=50GB, multi_az: true, backups: 7days }}
ecs_service api {{ cluster: cluster, image: "api:1", port: 80, cpu: 256, memory: 512MB, tasks: 2, deployment: {deployment}, secrets: [api_key, "ROWS" => rows.secret] }}
certificate tls {{ domain: "*.example.com" }}
alb edge {{ subnets: network.public, certificate: tls, routes: ["/" => api] }}
tenant_pool clients {{
    tenants: [{}], at_most: 40, service: api, balancer: edge, route_by: "{{tenant}}.example.com", database: rows,
    {more}
}}"#,
            keys.join(", ")
        ),
        Environment::Production,
    )
}

fn ids(graph: &ResourceGraph) -> BTreeSet<String> {
    graph.resources.keys().map(ToString::to_string).collect()
}

fn history(architecture: &Architecture) -> History {
    let graph = lower(architecture);
    let addresses: BTreeMap<ResourceId, Vec<String>> =
        graph.resources.keys().map(|it| (it.clone(), vec![format!("at.{it}")])).collect();
    History {
        declarations: declarations(architecture),
        resources: resources(&graph, &addresses, &BTreeMap::new()),
    }
}

/// The priorities of the rules, by name.
fn priorities(graph: &ResourceGraph) -> BTreeMap<String, u16> {
    let all = graph.resources.iter();
    all.filter_map(|(id, it)| {
        let rule = ListenerRule::from_kind(&it.kind)?;
        Some((id.to_string(), *rule.priority.literal()?))
    })
    .collect()
}

/// An alarm for each tenant.
const QUOTA: &str = "quota: { requests: 60 }";

const MODES: [&str; 5] = [
    "isolation: { compute: Pool }",
    "isolation: { compute: Bridge, keys: PerTenant }",
    "isolation: { compute: Silo, network: PerTenant, database: Instance }",
    "isolation: { compute: Pool, database: Instance, keys: PerTenant, logs: Shared }",
    "isolation: { compute: Silo, secrets: Shared, logs: Shared, database: Database }",
];

#[test]
fn what_each_mode_makes() {
    let has = |mode: &str| ids(&lower(&platform(&["acme", "globex"], "Rolling", mode)));
    let pool = has(MODES[0]);
    for id in [
        "clients.acme.log_group",
        "clients.acme.own",
        "clients.acme.login",
        "clients.tenant_role",
        "clients.dashboard",
    ] {
        assert!(pool.iter().any(|it| it.starts_with(id)), "{id}: {pool:?}");
    }
    assert!(!pool.contains("clients.acme.service"), "{pool:?}");
    let bridge = has(MODES[1]);
    for id in [
        "clients.acme.service",
        "clients.acme.task_role",
        "clients.acme.key.kms_key",
        "clients.acme.api_key",
    ] {
        assert!(bridge.iter().any(|it| it.starts_with(id)), "{id}: {bridge:?}");
    }
    assert!(!bridge.contains("clients.tenant_role"), "nobody speaks for several tenants");
    assert!(!bridge.contains("clients.acme.security_group"), "{bridge:?}");
    let silo = has(MODES[2]);
    for id in
        ["clients.acme.security_group", "clients.acme.database.instance", "clients.acme.service"]
    {
        assert!(silo.iter().any(|it| it.starts_with(id)), "{id}: {silo:?}");
    }
    assert!(!silo.iter().any(|it| it.starts_with("clients.acme.login")), "its instance has a user");
}

/// Whatever the mode: what is added with a tenant has its name, and everything else is as before, but for
/// what all share a row in.
#[test]
fn a_tenant_more_changes_nothing_of_the_others() {
    for mode in MODES {
        for deployment in ["Rolling", "BlueGreen"] {
            let mode = &format!("{QUOTA}, {mode}");
            let before = platform(&["acme", "globex"], deployment, mode);
            let graph = lower(&before);
            // The new one sorts before, between and after those that are there.
            for tenants in [
                ["aardvark", "acme", "globex"],
                ["acme", "dharma", "globex"],
                ["zorg", "globex", "acme"],
            ] {
                let after = platform(&tenants, deployment, mode).with_history(history(&before));
                let new = tenants.iter().find(|it| !["acme", "globex"].contains(it)).expect("one");
                let grown = lower(&after);
                assert!(ids(&graph).is_subset(&ids(&grown)), "{mode}");
                for id in ids(&grown).difference(&ids(&graph)) {
                    let parts: Vec<&str> = id.split('.').collect();
                    assert!(parts.contains(new), "{mode}: {id}");
                }
                for (id, resource) in &graph.resources {
                    let now = &grown.resources[id];
                    assert_eq!(now.key, resource.key, "{id}");
                    if id.as_str() != "clients.dashboard" {
                        assert_eq!(now.kind, resource.kind, "{mode} {deployment}: {id}");
                    }
                }
                // Back again: nothing of the others changed either.
                let back = platform(&["acme", "globex"], deployment, mode);
                let back = lower(&back.with_history(history(&after)));
                assert_eq!(ids(&back), ids(&graph));
                assert_eq!(priorities(&back), priorities(&graph));
            }
        }
    }
}

/// Over a lock rules keep their priorities through any history; without one they are of the names alone.
#[test]
fn priorities_stay() {
    let keys: Vec<String> = (0..60).map(|it| format!("tenant-{it}")).collect();
    let mode = MODES[1];
    let all = |range: std::ops::Range<usize>| -> Vec<&str> {
        keys[range].iter().map(String::as_str).collect()
    };
    let mut past = history(&platform(&all(0..20), "Rolling", mode));
    let mut known = priorities(&lower(&platform(&all(0..20), "Rolling", mode)));
    for range in [0..25, 5..30, 0..40, 30..60, 0..60] {
        let now = platform(&all(range), "Rolling", mode).with_history(past);
        let placed = priorities(&lower(&now));
        let distinct: BTreeSet<u16> = placed.values().copied().collect();
        assert_eq!(distinct.len(), placed.len(), "{placed:?}");
        for (id, priority) in &placed {
            assert!(known.get(id).is_none_or(|it| it == priority), "{id}");
        }
        known = placed;
        past = history(&now);
    }
}

#[test]
fn the_order_of_tenants_does_not_matter() {
    for mode in MODES {
        let one = lower(&platform(&["acme", "globex", "initech"], "Rolling", mode));
        let other = lower(&platform(&["initech", "acme", "globex"], "Rolling", mode));
        let text = |graph: &ResourceGraph| crate::resource::dump::text(graph);
        assert_eq!(text(&one), text(&other), "{mode}");
    }
}

/// Everything whose name has a tenant's is that tenant's: by key, by tag and in the list.
#[test]
fn whose_it_is() {
    for mode in MODES {
        let graph = lower(&platform(&["acme", "globex"], "Rolling", mode));
        let tenancy = &graph.tenancies["clients"];
        for (id, resource) in &graph.resources {
            let owner = ["acme", "globex"]
                .into_iter()
                .find(|it| id.as_str().split('.').any(|part| part == *it));
            assert_eq!(
                resource.key.as_deref().filter(|it| ["acme", "globex"].contains(it)),
                owner,
                "{id}"
            );
            for key in ["acme", "globex"] {
                assert_eq!(tenancy.tenants[key].resources.contains(id), owner == Some(key), "{id}");
            }
            if let Some(owner) = owner {
                assert_eq!(graph.resource_tags[id]["tenant"], owner, "{id}");
            }
        }
    }
}

#[test]
fn what_one_tenant_differs_in() {
    let own = "overrides: { globex: { compute: Silo, database: Instance, keys: PerTenant, logs: Shared } }";
    let graph = lower(&platform(&["acme", "globex"], "Rolling", own));
    let all = ids(&graph);
    let has = |id: &str| all.iter().any(|it| it.starts_with(id));
    assert!(
        has("clients.globex.service")
            && has("clients.globex.database")
            && has("clients.globex.key")
    );
    assert!(
        !has("clients.acme.service") && !has("clients.acme.database") && !has("clients.acme.key")
    );
    assert!(has("clients.acme.log_group") && has("clients.tenant_role"));
    // The role speaks for those who share tasks, so it knows nothing of keys.
    let role: &Role = graph
        .get(&crate::resource::Ref::new(ResourceId::new(&["clients", "tenant_role"])))
        .expect("a role");
    let names: Vec<&str> = role.statements.iter().map(|it| it.sid).collect();
    assert_eq!(names, ["ReadSecretsOfTheTenant", "WriteLogsOfTheTenant"]);
}

/// What is not known makes no resources, and no panic.
#[test]
fn unknown() {
    for more in [
        "isolation: ?",
        "isolation: { compute: ? }",
        "overrides: ?",
        "overrides: { acme: ? }",
        "quota: ?",
        "quota: { cpu: ?, tasks: ? }, isolation: { compute: Silo }",
        "notify: ?",
        "dashboard: ?",
    ] {
        lower(&platform(&["acme", "globex"], "?", more));
    }
}

/// The names that AWS sees, with the tenant's key in each.
#[test]
fn physical_names() {
    let graph = lower(&platform(&["acme"], "Rolling", MODES[2]));
    for (id, resource) in &graph.resources {
        if resource.key.as_deref() != Some("acme") {
            continue;
        }
        let name: Option<&Text> = if let Some(it) = LogGroup::from_kind(&resource.kind) {
            Some(&it.name)
        } else if let Some(it) = Secret::from_kind(&resource.kind) {
            it.name.as_ref()
        } else if let Some(it) = Service::from_kind(&resource.kind) {
            it.name.as_ref()
        } else {
            None
        };
        if let Some(name) = name {
            assert!(format!("{name:?}").contains("acme"), "{id}: {name:?}");
        }
    }
}

/// Sessions of the shared tasks read secrets by the start of their names: those of a tenant with tasks of its own
/// start otherwise.
#[test]
fn sessions_never_read_secrets_of_who_has_tasks() {
    let own = "overrides: { globex: { compute: Bridge } }";
    let graph = lower(&platform(&["acme", "globex"], "Rolling", own));
    let names: Vec<String> = graph
        .resources
        .values()
        .filter(|it| it.key.is_some())
        .filter_map(|it| Secret::from_kind(&it.kind)?.name.as_ref()?.as_literal())
        .collect();
    assert_eq!(
        names,
        [
            "shop-production/clients/acme/login",
            "shop-production/clients/acme/own",
            "shop-production/clients-globex/api-key",
            "shop-production/clients-globex/login",
        ]
    );
}

/// Tasks that all share find a tenant's rows by its login, in the shared instance or in one of its own.
#[test]
fn a_login_says_where_the_rows_are() {
    let own = "isolation: { keys: PerTenant }, overrides: { globex: { database: Instance } }";
    let graph = lower(&platform(&["acme", "globex"], "Rolling", own));
    for (tenant, host) in [
        ("acme", "${rows.instance.EndpointAddress}"),
        ("globex", "${clients.globex.database.instance.EndpointAddress}"),
    ] {
        let id = ResourceId::new(&["clients", tenant, "login", "secret"]);
        let login: &Secret = graph.get(&crate::resource::Ref::new(id)).expect("a login");
        assert_eq!(
            login.name.as_ref().and_then(Text::as_literal),
            Some(format!("shop-production/clients/{tenant}/login"))
        );
        let fields: Vec<(&str, String)> =
            login.fields.iter().map(|it| (it.0.as_str(), it.1.to_string())).collect();
        assert_eq!(fields, [("host", host.to_string())]);
    }
    let id = ResourceId::new(&["clients", "globex", "database", "instance"]);
    let instance: &DbInstance = graph.get(&crate::resource::Ref::new(id)).expect("an instance");
    let key = Some("${clients.globex.key.kms_key.Arn}".to_string());
    assert_eq!(instance.kms_key.as_ref().map(ToString::to_string), key);
    let Some(Password::Managed { kms_key }) = &instance.password else { panic!("RDS keeps it") };
    assert_eq!(kms_key.as_ref().map(ToString::to_string), key);
    let alone = "isolation: { compute: Silo, database: Instance }";
    let graph = lower(&platform(&["acme"], "Rolling", alone));
    assert!(!ids(&graph).iter().any(|it| it.contains("login")), "its tasks are given its secret");
}
