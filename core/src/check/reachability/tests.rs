//! Each code has a failing, a passing and an unknown case. Services and stores are put into the graph
//! by hand, the rest is lowered from declarations.

use crate::architecture::{Architecture, ArchitectureBuilder};
use crate::check::Context;
use crate::declare::{Kind, RawDeclaration};
use crate::diagnostic::Sink;
use crate::environment::Environment;
use crate::loc::Loc;
use crate::lower;
use crate::network::tests::world::{World, reference};
use crate::node::{Entry, Node, NodeKind, Reference};
use crate::resource::elb::{Listener, ListenerAction};
use crate::resource::network::Subnet;
use crate::resource::rds::{DbInstance, DbSubnetGroup};
use crate::resource::{Ref, ResourceGraph};
use crate::types::{Count, Days, Port};
use crate::value::Value;

fn node(kind: NodeKind) -> Node {
    Node::new(kind, Loc::new("lib.rs", 1, 1, 1))
}

fn text(it: &str) -> Node {
    node(NodeKind::Text(it.to_string()))
}

fn number(it: i128) -> Node {
    node(NodeKind::Integer(it))
}

fn word(it: &str) -> Node {
    node(NodeKind::Word(it.to_string()))
}

fn list(items: Vec<Node>) -> Node {
    node(NodeKind::List(items))
}

fn pair(key: Node, value: Node) -> Node {
    node(NodeKind::Pair(Box::new(key), Box::new(value)))
}

fn ports(first: i128) -> Node {
    node(NodeKind::Call("tcp".to_string(), vec![number(first)]))
}

fn to(kind: Kind, name: &str) -> Node {
    node(NodeKind::Reference(Reference { kind, name: name.to_string(), member: None }))
}

fn tier(name: &str) -> Node {
    let member = Some(name.to_string());
    node(NodeKind::Reference(Reference { kind: Kind::Vpc, name: "network".to_string(), member }))
}

fn unknown() -> Node {
    node(NodeKind::Unknown)
}

fn declare(kind: Kind, name: &str, fields: Vec<(&str, Node)>) -> RawDeclaration {
    let mut raw = RawDeclaration::new(kind, name.to_string(), Loc::new("lib.rs", 2, 1, 1));
    for (field, value) in fields {
        raw.push(field, Loc::new("lib.rs", 3, 1, 1), value);
    }
    raw
}

/// A VPC with the tiers `public`, `private` and `database`.
fn vpc(fields: Vec<(&str, Node)>) -> RawDeclaration {
    let tiers = ["public", "private", "database"].map(|it| Entry {
        name: it.to_string(),
        loc: Loc::NONE,
        value: node(NodeKind::PrefixLength(24)),
    });
    let mut all = vec![
        ("cidr", text("10.0.0.0/16")),
        ("zones", number(2)),
        ("subnets", node(NodeKind::Record(tiers.to_vec()))),
    ];
    all.extend(fields);
    declare(Kind::Vpc, "network", all)
}

fn cluster() -> RawDeclaration {
    declare(Kind::EcsCluster, "cluster", vec![("subnets", tier("private"))])
}

fn service(name: &str, port: i128, fields: Vec<(&str, Node)>) -> RawDeclaration {
    let mut all = vec![
        ("cluster", to(Kind::EcsCluster, "cluster")),
        ("image", text("nginx:1.27")),
        ("port", number(port)),
        ("cpu", number(256)),
        ("memory", node(NodeKind::Quantity(512.0, "MB".to_string()))),
    ];
    all.extend(fields);
    declare(Kind::EcsService, name, all)
}

fn groups(name: &str) -> (&'static str, Node) {
    ("security_groups", list(vec![to(Kind::SecurityGroup, name)]))
}

fn group(name: &str, ingress: Vec<Node>) -> RawDeclaration {
    let fields = vec![("vpc", to(Kind::Vpc, "network")), ("ingress", list(ingress))];
    declare(Kind::SecurityGroup, name, fields)
}

fn flow(kind: Kind, from: Node, target: Node) -> RawDeclaration {
    declare(kind, "", vec![("from", list(vec![from])), ("to", list(vec![target]))])
}

fn connect(from: &str, target: Node) -> RawDeclaration {
    flow(Kind::Connect, to(Kind::EcsService, from), target)
}

fn database(fields: Vec<(&str, Node)>) -> RawDeclaration {
    let gigabytes = |it: f64| node(NodeKind::Quantity(it, "GB".to_string()));
    let mut all = vec![
        ("version", text("16.6")),
        ("class", text("db.t4g.medium")),
        ("storage", gigabytes(100.0)),
        ("multi_az", node(NodeKind::Bool(true))),
        ("backups", node(NodeKind::Quantity(7.0, "days".to_string()))),
    ];
    all.extend(fields);
    declare(Kind::RdsPostgres, "database", all)
}

fn architecture(declarations: Vec<RawDeclaration>, open: bool) -> Architecture {
    let mut builder: ArchitectureBuilder = Architecture::builder("test", Environment::Production);
    for it in declarations {
        builder.push(it);
    }
    if open {
        builder.open();
    }
    let architecture = builder.done();
    assert_eq!(architecture.problems(), [], "the test's own declarations are wrong");
    architecture
}

/// The graph of an architecture, with what has interfaces added where lowering does not do so.
fn graph(architecture: &Architecture) -> ResourceGraph {
    let mut world = World { graph: lower::lower(architecture), ..World::default() };
    for declaration in &architecture.declarations {
        let Some(endpoint) = lower::endpoint(architecture, declaration) else {
            continue;
        };
        let name = endpoint.name.as_str();
        if world.graph.resources.values().any(|it| {
            it.declaration == name
                && matches!(it.kind.type_name(), "Service" | "LoadBalancer" | "DbInstance")
        }) {
            continue;
        }
        let subnets: Vec<String> = endpoint
            .tier
            .literal()
            .and_then(|it| {
                let vpc = architecture.get::<crate::declare::Vpc>(&it.vpc)?;
                Some(vpc.subnet_ids(&it.tier).iter().map(ToString::to_string).collect())
            })
            .unwrap_or_default();
        let subnets: Vec<&str> = subnets.iter().map(String::as_str).collect();
        let groups: Vec<String> = endpoint
            .groups
            .literal()
            .map(|it| it.iter().map(|it| it.id().to_string()).collect())
            .unwrap_or_default();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let own = format!("{name}.security_group");
        if endpoint.derived && !world.graph.resources.keys().any(|it| it.as_str() == own) {
            world.add(
                name,
                &own,
                crate::resource::SecurityGroup {
                    vpc: reference("network.vpc"),
                    description: String::new(),
                    group_name: None,
                    default_egress: Value::Literal(false),
                },
            );
        }
        if declaration.kind() == Kind::Alb {
            world.balancer(name, true, &subnets, &groups);
        } else if declaration.kind() == Kind::RdsPostgres {
            let kind = DbSubnetGroup {
                description: String::new(),
                subnets: subnets.iter().map(|it| reference::<Subnet>(it)).collect(),
            };
            world.add(name, &format!("{name}.subnets"), kind);
            let kind = instance(&format!("{name}.subnets"), &groups);
            world.add(name, &format!("{name}.instance"), kind);
        } else {
            world.service(name, &subnets, &groups);
        }
    }
    world.graph
}

fn instance(subnets: &str, groups: &[&str]) -> DbInstance {
    DbInstance {
        kms_key: None,
        password: None,
        identifier: None,
        engine_version: None,
        class: Value::Unknown,
        database: None,
        username: None,
        replica_of: None,
        storage: None,
        max_storage: None,
        storage_type: "gp3",
        multi_az: Value::Unknown,
        subnet_group: Some(reference(subnets)),
        groups: groups.iter().map(|it| reference(it)).collect(),
        parameter_group: reference("parameters"),
        backup_retention: Some(Value::Literal(Days(7))),
        backup_window: None,
        maintenance_window: None,
        performance_insights: None,
        monitoring: None,
        auto_minor_version_upgrade: Value::Unknown,
        deletion_protection: Value::Unknown,
        log_exports: Vec::new(),
        port: None,
    }
}

fn findings_of(architecture: &Architecture, graph: &ResourceGraph) -> Vec<String> {
    let mut sink = Sink::new();
    let model = super::model(architecture, graph);
    let mut cx = Context::new(architecture, &mut sink);
    super::check(&model, &mut cx);
    crate::check::network::check(graph, &model, &mut cx);
    sink.into_diagnostics().iter().map(|it| it.plain()).collect()
}

fn findings(declarations: Vec<RawDeclaration>, open: bool) -> Vec<String> {
    let architecture = architecture(declarations, open);
    let graph = graph(&architecture);
    findings_of(&architecture, &graph)
}

/// Findings with this code.
fn with_code(code: &str, declarations: Vec<RawDeclaration>) -> Vec<String> {
    let code = format!("[{code}]");
    findings(declarations, false).into_iter().filter(|it| it.starts_with(&code)).collect()
}

fn nat() -> (&'static str, Node) {
    ("nat", word("Single"))
}

/// Two services with one group that the team wrote.
fn shared(ingress: Vec<Node>, more: Vec<RawDeclaration>) -> Vec<RawDeclaration> {
    let mut all = vec![
        vpc(vec![nat()]),
        cluster(),
        group("ecs_sg", ingress),
        service("backend", 5001, vec![groups("ecs_sg")]),
        service("redis", 6379, vec![groups("ecs_sg")]),
    ];
    all.extend(more);
    all
}

#[test]
fn ag0301_blocked_connection() {
    let found = with_code(
        "AG0301",
        shared(Vec::new(), vec![connect("backend", to(Kind::EcsService, "redis"))]),
    );
    assert_eq!(
        found,
        ["[AG0301] `backend` cannot reach `redis` on tcp/6379\n  \
          note: path: backend ─ egress ok ─ route local ─ security group `ecs_sg` (on redis): no \
          ingress rule admits tcp/6379 from `ecs_sg`\n  \
          help: add `ecs_sg => tcp(6379)` to the ingress of `ecs_sg`, or give `redis` its own \
          security group"]
    );
}

#[test]
fn ag0301_several_ports_are_one_finding() {
    let ports =
        node(NodeKind::Call("tcp".to_string(), vec![number(80), number(443), number(6379)]));
    let target = pair(to(Kind::EcsService, "redis"), ports);
    let rule = pair(word("itself"), self::ports(443));
    let found = with_code("AG0301", shared(vec![rule], vec![connect("backend", target)]));
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("on tcp/80,6379\n"), "{}", found[0]);
}

#[test]
fn ag0301_admitted_connection() {
    let rule = pair(word("itself"), ports(6379));
    let connection = connect("backend", to(Kind::EcsService, "redis"));
    assert_eq!(findings(shared(vec![rule], vec![connection]), false), Vec::<String>::new());
}

#[test]
fn ag0301_unknown_rule_is_silent() {
    let connection = connect("backend", to(Kind::EcsService, "redis"));
    let found = findings(shared(vec![unknown()], vec![connection]), false);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn ag0301_written_groups_decide_even_if_more_may_be_declared() {
    let connection = connect("backend", to(Kind::EcsService, "redis"));
    assert_eq!(findings(shared(Vec::new(), vec![connection]), true).len(), 1);
    // Groups that archgen writes may get more rules by connections that are not known here.
    let derived = vec![
        vpc(vec![nat()]),
        cluster(),
        service("backend", 5001, vec![groups("ecs_sg")]),
        group("ecs_sg", Vec::new()),
        service("redis", 6379, Vec::new()),
        flow(Kind::Connect, to(Kind::SecurityGroup, "ecs_sg"), to(Kind::EcsService, "redis")),
    ];
    assert_eq!(findings(derived, true).len(), 0);
}

#[test]
fn ag0302_an_acl_may_be_added() {
    let rule = pair(word("itself"), ports(6379));
    let deny = flow(Kind::Deny, to(Kind::EcsService, "backend"), to(Kind::Redis, "cache"));
    let declarations = |open| {
        let cache = declare(
            Kind::Redis,
            "cache",
            vec![
                ("subnets", tier("database")),
                ("node", text("cache.t4g.small")),
                groups("ecs_sg"),
            ],
        );
        findings(shared(vec![rule.clone()], vec![deny.clone(), cache]), open)
    };
    assert_eq!(declarations(false).len(), 1);
    assert_eq!(declarations(true).len(), 0);
}

#[test]
fn ag0301_derived_rules_work() {
    let declarations = vec![
        vpc(vec![nat()]),
        cluster(),
        service("backend", 5001, Vec::new()),
        service("redis", 6379, Vec::new()),
        connect("backend", to(Kind::EcsService, "redis")),
        connect("backend", pair(word("internet"), ports(443))),
    ];
    assert_eq!(with_code("AG0301", declarations), Vec::<String>::new());
}

#[test]
fn ag0301_no_way_to_the_internet() {
    let declarations = vec![
        vpc(Vec::new()),
        cluster(),
        service("backend", 5001, Vec::new()),
        connect("backend", pair(word("internet"), ports(443))),
    ];
    let found = with_code("AG0301", declarations);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("no route to the internet"), "{}", found[0]);
    assert!(found[0].contains("nat: PerZone"), "{}", found[0]);
}

#[test]
fn ag0310_no_port() {
    let base = |target| {
        vec![
            vpc(vec![nat()]),
            cluster(),
            service("backend", 5001, Vec::new()),
            connect("backend", target),
        ]
    };
    let found = with_code("AG0310", base(word("internet")));
    assert_eq!(
        found,
        ["[AG0310] the connection to the internet says no port, and it has none of its own\n  \
          help: say which: `internet: tcp(443)`"]
    );
    assert_eq!(with_code("AG0310", base(pair(word("internet"), ports(443)))).len(), 0);
    assert_eq!(with_code("AG0310", base(unknown())).len(), 0);
}

#[test]
fn ag0302_open_directly() {
    let rule = pair(word("itself"), ports(6379));
    let deny = flow(Kind::Deny, to(Kind::EcsService, "backend"), to(Kind::EcsService, "redis"));
    let found = with_code("AG0302", shared(vec![rule], vec![deny.clone()]));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("[AG0302] `backend` can reach `redis` on tcp/6379, which is denied")
    );
    assert!(found[0].contains("this rule of security group `ecs_sg` admits it"), "{}", found[0]);
    assert_eq!(with_code("AG0302", shared(Vec::new(), vec![deny.clone()])).len(), 0);
    let unknown_rule = shared(vec![unknown()], vec![deny]);
    assert_eq!(with_code("AG0302", unknown_rule).len(), 0);
}

#[test]
fn ag0302_open_through_a_load_balancer() {
    let deny = flow(Kind::Deny, word("internet"), to(Kind::EcsService, "redis"));
    let web = pair(word("internet"), ports(80));
    let inner = pair(word("itself"), ports(6379));
    let alb = declare(
        Kind::Alb,
        "edge",
        vec![
            ("subnets", tier("public")),
            ("routes", list(vec![pair(text("/"), to(Kind::EcsService, "redis"))])),
            groups("ecs_sg"),
        ],
    );
    let architecture = architecture(shared(vec![web, inner], vec![deny, alb]), false);
    let graph = graph(&architecture);
    assert!(
        !findings_of(&architecture, &graph).iter().any(|it| it.contains("AG0302"))
            || graph.all::<Listener>().next().is_some()
    );
    let mut world = World { graph, ..World::default() };
    if world.graph.all::<Listener>().next().is_none() {
        forward(&mut world, "edge", "redis");
    }
    let found = findings_of(&architecture, &world.graph);
    let found: Vec<&String> = found.iter().filter(|it| it.starts_with("[AG0302]")).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("the internet can reach `redis` through `edge`"), "{}", found[0]);
}

/// A listener on port 80 that sends everything to a service.
fn forward(world: &mut World, balancer: &str, target: &str) {
    for resource in world.graph.resources.values_mut() {
        if let crate::resource::ResourceKind::Service(it) = &mut resource.kind
            && resource.declaration == target
        {
            it.load_balancers.push(crate::resource::ecs::ServiceTarget {
                target_group: reference("targets"),
                port: Value::Literal(Port(6379)),
                alternate: None,
            });
        }
    }
    let kind = Listener {
        load_balancer: reference(balancer),
        port: 80,
        tls: None,
        default_action: ListenerAction::Forward(vec![(
            Ref::new(crate::resource::ResourceId::new(&["targets"])),
            1,
        )]),
    };
    world.add(balancer, "listener", kind);
}

#[test]
fn ag0303_store_open_to_the_internet() {
    let rule = |port| pair(word("internet"), ports(port));
    let base = |tier_name: &str, rules| {
        vec![
            vpc(Vec::new()),
            group("db_sg", rules),
            database(vec![("subnets", tier(tier_name)), groups("db_sg")]),
        ]
    };
    let found = findings(base("public", vec![rule(5432)]), false);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("[AG0303] data store `database` is open to the internet on tcp/5432"),
        "{}",
        found[0]
    );
    assert_eq!(with_code("AG0303", base("public", vec![rule(443)])).len(), 0);
    assert_eq!(with_code("AG0303", base("database", vec![rule(5432)])).len(), 0);
    assert_eq!(with_code("AG0303", base("public", vec![unknown()])).len(), 0);
}

#[test]
fn ag0311_administrative_port_open_to_the_world() {
    let base = |rules| vec![vpc(Vec::new()), group("admin", rules)];
    let found = with_code("AG0311", base(vec![pair(word("internet"), ports(22))]));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("[AG0311] security group `admin` opens port 22 (SSH) to 0.0.0.0/0")
    );
    assert_eq!(with_code("AG0311", base(vec![pair(text("::/0"), word("all"))])).len(), 1);
    assert_eq!(with_code("AG0311", base(vec![pair(word("internet"), ports(443))])).len(), 0);
    assert_eq!(with_code("AG0311", base(vec![pair(text("203.0.113.0/24"), ports(22))])).len(), 0);
    assert_eq!(with_code("AG0311", base(vec![unknown()])).len(), 0);
}

#[test]
fn ag0304_no_way_out() {
    let base = |fields| {
        vec![
            vpc(fields),
            cluster(),
            group("open", Vec::new()),
            service("backend", 5001, vec![groups("open")]),
        ]
    };
    let found = findings(base(Vec::new()), false);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(
        "[AG0304] service `backend` cannot start: it cannot reach Docker Hub and CloudWatch Logs"
    ), "{}", found[0]);
    assert!(found[0].contains("nat: PerZone"), "{}", found[0]);
    assert!(found[0].contains("endpoints: [Logs]"), "{}", found[0]);
    assert_eq!(findings(base(vec![nat()]), false), Vec::<String>::new());
    assert_eq!(findings(base(vec![("nat", unknown())]), false), Vec::<String>::new());
    assert_eq!(
        findings(base(vec![("endpoints", unknown())]), false).len(),
        1,
        "Docker Hub has no endpoint"
    );
}

#[test]
fn ag0304_written_egress_counts() {
    let egress = list(vec![pair(text("10.0.0.0/16"), word("all"))]);
    let narrow = declare(
        Kind::SecurityGroup,
        "narrow",
        vec![("vpc", to(Kind::Vpc, "network")), ("egress", egress)],
    );
    let declarations =
        vec![vpc(vec![nat()]), cluster(), narrow, service("backend", 5001, vec![groups("narrow")])];
    let found = findings(declarations, false);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("no egress rule admits tcp/443"), "{}", found[0]);
}

#[test]
fn hundred_declarations_are_fast() {
    let mut all = vec![vpc(vec![nat()]), cluster()];
    for it in 0..60 {
        all.push(service(&format!("service{it}"), 1000 + it, Vec::new()));
    }
    for it in 0..59 {
        let next = format!("service{}", it + 1);
        all.push(connect(&format!("service{it}"), to(Kind::EcsService, &next)));
    }
    let architecture = architecture(all, false);
    let graph = graph(&architecture);
    let start = std::time::Instant::now();
    let _ = findings_of(&architecture, &graph);
    // A few milliseconds in a release build; debug builds are some twenty times slower.
    assert!(start.elapsed().as_millis() < 2000, "{:?}", start.elapsed());
    let _ = Count(1);
}
