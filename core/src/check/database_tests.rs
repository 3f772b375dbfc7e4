//! Tests of the checks and of the lowering of `rds_postgres!`.

use crate::check::testing_fields::{
    amount, database, number, range, record, reference, text, tier, unknown, yes,
};
use crate::codes::Code;
use crate::declare::Kind;
use crate::resource::{DbInstance, DbParameterGroup, Ref, ResourceId, Role, SecurityGroup};
use crate::value::{Text, Value};

const ALL: &[Code] = &[
    Code::AG0007,
    Code::AG0107,
    Code::AG0208,
    Code::AG0501,
    Code::AG0502,
    Code::AG0503,
    Code::AG0504,
    Code::AG0505,
    Code::AG0506,
    Code::AG0507,
    Code::AG0508,
];

#[track_caller]
fn one(field: &'static str, value: crate::node::Node, expected: &str) {
    assert_eq!(database(vec![(field, value)]).find(ALL), [expected]);
}

#[track_caller]
fn sound(field: &'static str, value: crate::node::Node) {
    assert_eq!(database(vec![(field, value)]).find(ALL), [""; 0]);
}

#[test]
fn a_sound_database_and_unknown_values_pass() {
    sound("port", number(5433));
    for field in [
        "subnets",
        "version",
        "class",
        "storage",
        "multi_az",
        "backups",
        "backup_window",
        "maintenance_window",
        "replicas",
        "username",
        "database",
        "port",
        "parameters",
        "force_tls",
        "performance_insights",
        "enhanced_monitoring",
        "identifier",
    ] {
        sound(field, unknown());
    }
}

#[test]
fn versions() {
    one("version", text("15.4"), "AG0503 at version: RDS cannot create PostgreSQL `15.4`");
    one("version", text("16"), "AG0503 at version: PostgreSQL `16` has no minor version");
    one("version", text("99.1"), "AG0503 at version: RDS cannot create PostgreSQL `99.1`");
    let found = database(vec![("version", text("15.4"))]).diagnostics(Code::AG0503);
    assert_eq!(found[0].help.as_deref(), Some("use `15.17`"));
    sound("version", text("17.9"));
}

#[test]
fn a_version_cannot_be_a_parameter() {
    let found = database(vec![("version", reference(Kind::Param, "v"))])
        .with(Kind::Param, "v", vec![])
        .find(ALL);
    assert_eq!(found, ["AG0503 at version: `version` cannot be the parameter `v`"]);
}

#[test]
fn user_names() {
    one("username", text("admin"), "AG0502 at username: the user name `admin` is reserved by RDS");
    one(
        "username",
        text("User"),
        "AG0502 at username: the user name `user` is reserved by PostgreSQL",
    );
    one(
        "username",
        text("pg_me"),
        "AG0502 at username: the user name `pg_me` is reserved by PostgreSQL",
    );
    one(
        "username",
        text("1st"),
        "AG0107 at username: a user of PostgreSQL cannot be called `1st`: it does not start with a letter",
    );
    sound("username", text("postgres"));
    sound("username", text("app_owner"));
}

#[test]
fn storage() {
    let gb = |a: f64, b: f64| range(amount(a, "GB"), amount(b, "GB"));
    one("storage", gb(10.0, 100.0), "AG0504 at storage: RDS has no gp3 storage of 10GB");
    one("storage", gb(100.0, 70000.0), "AG0504 at storage: RDS has no gp3 storage of 70000GB");
    one(
        "storage",
        gb(1000.0, 100.0),
        "AG0504 at storage: storage cannot grow from 1000GB to 100GB",
    );
    one(
        "storage",
        gb(100.0, 105.0),
        "AG0504 at storage: storage cannot grow from 100GB to 105GB only",
    );
    one("storage", amount(5.0, "GB"), "AG0504 at storage: RDS has no gp3 storage of 5GB");
    sound("storage", gb(100.0, 110.0));
    sound("storage", amount(20.0, "GB"));
}

#[test]
fn retention() {
    one(
        "backups",
        amount(36.0, "days"),
        "AG0501 at backups: RDS cannot keep automatic backups for 36 days",
    );
    one(
        "performance_insights",
        amount(94.0, "days"),
        "AG0501 at performance_insights: Performance Insights cannot keep its data for 94 days",
    );
    let found =
        database(vec![("performance_insights", amount(94.0, "days"))]).diagnostics(Code::AG0501);
    assert_eq!(found[0].help.as_deref(), Some("use `93days` or `124days`"));
    for days in [7.0, 31.0, 713.0, 731.0] {
        sound("performance_insights", amount(days, "days"));
    }
    for days in [0.0, 8.0, 720.0, 744.0] {
        assert_eq!(
            database(vec![("performance_insights", amount(days, "days"))]).find(ALL).len(),
            1
        );
    }
}

#[test]
fn windows() {
    one("backup_window", text("3-4"), "AG0505 at backup_window: `backup_window` cannot be `3-4`");
    one(
        "backup_window",
        text("03:00-03:10"),
        "AG0505 at backup_window: `backup_window` is 10 minutes long",
    );
    one(
        "maintenance_window",
        text("sun:03:30-sun:04:30"),
        "AG0505 at maintenance_window: `maintenance_window` sun:03:30-sun:04:30 overlaps `backup_window` 03:00-04:00",
    );
    one(
        "backup_window",
        text("04:45-05:15"),
        "AG0505 at backup_window: `backup_window` 04:45-05:15 overlaps `maintenance_window` sun:04:30-sun:05:30",
    );
    sound("backup_window", text("23:45-00:30"));
}

#[test]
fn replicas_need_backups() {
    let off = ("backups", amount(0.0, "days"));
    let sketch = database(vec![off, ("replicas", number(1))]);
    assert_eq!(
        sketch.find(ALL),
        ["AG0507 at replicas: `database` cannot have replicas without backups"]
    );
    assert_eq!(database(vec![("backups", unknown()), ("replicas", number(1))]).find(ALL), [""; 0]);
    one("replicas", number(16), "AG0007 at replicas: `replicas` cannot be 16");
}

#[test]
fn classes() {
    one(
        "class",
        text("db.t4g.nano"),
        "AG0508 at class: RDS has no instance class `db.t4g.nano` for PostgreSQL",
    );
    one(
        "class",
        text("db.t2.micro"),
        "AG0508 at class: `db.t2.micro` does not run PostgreSQL 16.6",
    );
    sound("class", text("db.r8g.48xlarge"));
}

#[test]
fn names_zones_and_settings() {
    one(
        "identifier",
        text("Shop-DB"),
        "AG0107 at identifier: a database cannot be called `Shop-DB`: it does not start with a lower-case letter",
    );
    one(
        "database",
        text("order"),
        "AG0107 at database: a database in PostgreSQL cannot be called `order`: it is a reserved word of PostgreSQL",
    );
    one(
        "subnets",
        tier("lonely"),
        "AG0208 at subnets: PostgreSQL database `database` needs 2 zones, and `network.lonely` spans 1",
    );
    one(
        "enhanced_monitoring",
        amount(20.0, "s"),
        "AG0007 at enhanced_monitoring: Enhanced Monitoring cannot measure every 20 seconds",
    );
    one(
        "parameters",
        record(vec![("rds.force_ssl", number(1))]),
        "AG0007 at parameters: `rds.force_ssl` is not given in `parameters`",
    );
    sound("parameters", record(vec![("log_min_duration_statement", number(1000))]));
}

#[test]
fn lowering() {
    let graph = database(vec![
        ("replicas", number(2)),
        ("parameters", record(vec![("log_min_duration_statement", number(1000))])),
        ("enhanced_monitoring", amount(60.0, "s")),
        ("identifier", text("shop")),
        ("force_tls", yes(true)),
    ])
    .graph();
    let instance: Ref<DbInstance> = Ref::new(ResourceId::new(&["database", "instance"]));
    let instance = graph.get(&instance).expect("an instance");
    assert_eq!(instance.groups, [crate::lower::group_id("database")]);
    assert!(
        graph
            .get::<SecurityGroup>(&instance.groups[0])
            .is_some_and(|it| it.default_egress == Value::Literal(false))
    );
    assert!(
        instance.monitoring.as_ref().is_some_and(|(_, role)| graph.get::<Role>(role).is_some())
    );
    let group: &DbParameterGroup = graph.get(&instance.parameter_group).expect("a group");
    assert_eq!(group.family, Value::Literal("postgres16".to_string()));
    assert_eq!(
        group.parameters,
        [
            ("log_min_duration_statement".to_string(), Text::literal("1000")),
            ("rds.force_ssl".to_string(), Text::literal("1")),
        ]
    );
    let second: Ref<DbInstance> = Ref::new(ResourceId::new(&["database", "replica", "2"]));
    let second = graph.get(&second).expect("a replica");
    assert_eq!(second.identifier, Some(Text::literal("shop-replica-2")));
    assert!(second.replica_of.is_some() && second.backup_retention.is_none());
    assert!(graph.outputs.contains_key(&ResourceId::new(&["database", "endpoint"])));
}

#[test]
fn lowering_tolerates_what_is_unknown() {
    let fields = ["version", "storage", "replicas", "subnets", "force_tls", "parameters"];
    let graph = database(fields.iter().map(|it| (*it, unknown())).collect()).graph();
    let id = ResourceId::new(&["database", "instance"]);
    let instance = graph.get::<DbInstance>(&Ref::new(id)).expect("an instance");
    assert_eq!(instance.engine_version, Some(Value::Unknown));
}

#[test]
fn the_names_of_replicas_fit_too() {
    let name = "a".repeat(58);
    let with = |replicas| {
        database(vec![("identifier", text(&name)), ("replicas", number(replicas))]).find(ALL).len()
    };
    assert_eq!((with(0), with(1)), (0, 1));
}

/// The text of the source system `kinexus`, with everything that is wrong in it.
#[test]
fn several_mistakes_are_reported_together() {
    let found = database(vec![
        ("version", text("15.4")),
        ("class", text("db.t3.medium")),
        ("username", text("admin")),
        ("storage", range(amount(100.0, "GB"), amount(50.0, "GB"))),
        ("backups", amount(40.0, "days")),
    ])
    .find(ALL);
    let at: Vec<&str> = found.iter().filter_map(|it| it.split(": ").next()).collect();
    assert_eq!(
        at,
        ["AG0503 at version", "AG0502 at username", "AG0504 at storage", "AG0501 at backups",]
    );
}
