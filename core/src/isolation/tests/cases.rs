//! Single faults, each with what is found and what is not.

use super::world::*;
use crate::isolation::{Facts, prove};
use crate::network::Model;
use crate::network::tests::world::{block, group, reference, tcp};
use crate::resource::iam::{Condition, Principal, Statement};
use crate::resource::network::Direction;
use crate::resource::{Attribute, ResourceKind};
use crate::tenant_fields::{ComputeIsolation, DatabaseIsolation, Layer, Sharing};
use crate::value::{Text, Value};

const POOL: ComputeIsolation = ComputeIsolation::Pool;
const BRIDGE: ComputeIsolation = ComputeIsolation::Bridge;
const SILO: ComputeIsolation = ComputeIsolation::Silo;

fn verdicts(built: &Built) -> String {
    let report = built.report();
    let cells = report.pair(0, 1);
    let words: Vec<String> =
        cells.iter().map(|it| format!("{}: {}", it.layer.as_str(), it.verdict.as_str())).collect();
    words.join(", ")
}

#[test]
fn as_lowered_everything_that_is_claimed_holds() {
    for (compute, database, expected) in [
        (
            POOL,
            Some(DatabaseIsolation::Schema),
            "compute: not claimed, database: trust boundary, network: trust boundary, secrets: trust boundary, \
             keys: trust boundary, logs: trust boundary, identity: not claimed, routing: trust boundary",
        ),
        (
            BRIDGE,
            Some(DatabaseIsolation::Database),
            "compute: holds, database: trust boundary, network: holds, secrets: holds, keys: holds, \
             logs: holds, identity: holds, routing: holds",
        ),
        (
            SILO,
            Some(DatabaseIsolation::Instance),
            "compute: holds, database: holds, network: holds, secrets: holds, keys: holds, \
             logs: holds, identity: holds, routing: holds",
        ),
    ] {
        let built = two(compute, database);
        assert_eq!(built.broken(), Vec::<String>::new(), "{compute:?}");
        assert_eq!(verdicts(&built), expected, "{compute:?}");
        assert!(is_not_broken(&built.report()));
    }
}

#[track_caller]
fn only(built: &Built, expected: &str) {
    let broken = built.broken();
    assert_eq!(broken.len(), 1, "{broken:#?}");
    assert!(broken[0].starts_with(expected), "{}", broken[0]);
    assert!(built.report().is_broken());
}

#[track_caller]
fn nothing(built: &Built) {
    assert_eq!(built.broken(), Vec::<String>::new());
}

// Network.

#[test]
fn a_rule_that_lets_one_tenant_in_to_another() {
    let mut built = two(SILO, None);
    let world = &mut built.world;
    world.rule(
        "seats.acme.security_group",
        Direction::Egress,
        group("seats.globex.security_group"),
        tcp(1, 2),
    );
    nothing(&built);
    let world = &mut built.world;
    world.rule("seats.globex.security_group", Direction::Ingress, block("10.0.1.0/24"), tcp(2, 3));
    let culprit = built.world.graph.resources.keys().find(|it| {
        it.as_str().starts_with("seats.globex.security_group.Ingress")
            && it.as_str().ends_with(&built.world.line.to_string())
    });
    let culprit = culprit.map(|it| it.to_string());
    assert!(culprit.is_none(), "the line is counted before");
    only(&built, "AG0601 seats.globex.security_group.Ingress.");
    assert_eq!(built.verdict("acme", "globex", Layer::Network), "broken");
    assert_eq!(built.verdict("acme", "globex", Layer::Secrets), "holds");
    // Where nothing of the network is promised, nothing is broken.
    let mut shared = apart(SILO, None);
    shared.network = Sharing::Shared;
    for tenant in built.tenants.values_mut() {
        tenant.isolation = shared;
    }
    nothing(&built);
}

#[test]
fn a_group_that_admits_itself_and_one_that_may() {
    let mut built = two(BRIDGE, None);
    let own = || group("api.security_group");
    built.world.rule("api.security_group", Direction::Egress, own(), tcp(80, 80));
    nothing(&built);
    built.world.rule(
        "api.security_group",
        Direction::Ingress,
        own(),
        crate::resource::network::Traffic::Unknown,
    );
    nothing(&built);
    let cells = built.report().pair(0, 1);
    let cell = cells.iter().find(|it| it.layer == Layer::Network).expect("it is there");
    assert!(cell.unknown[0].contains("depends on values that are not known"), "{cell:?}");
    built.world.rule("api.security_group", Direction::Ingress, own(), tcp(80, 80));
    only(&built, "AG0601 api.security_group.Ingress");
}

#[test]
fn what_both_connect_to_is_a_boundary() {
    let mut built = two(SILO, None);
    built.world.group("cache.security_group", "net", false);
    built.world.service("cache", &["left"], &["cache.security_group"]);
    built.connect("seats.acme.security_group", "cache.security_group", 6379);
    assert_eq!(built.verdict("acme", "globex", Layer::Network), "holds");
    built.connect("seats.globex.security_group", "cache.security_group", 6379);
    assert_eq!(built.verdict("acme", "globex", Layer::Network), "trust boundary");
    assert!(built.report().boundaries.iter().any(|it| it.name == "`cache`"));
    nothing(&built);
}

// Identity.

#[test]
fn a_statement_that_is_wider_by_one_wildcard() {
    let mut built = two(SILO, None);
    built.statements("seats.acme.task_role")[0].resources =
        vec![arn("secretsmanager", "secret:shop-production/seats/*")];
    only(
        &built,
        "AG0602 seats.acme.task_role: role `seats.acme.task_role` of tenant `acme` has statement `ReadSecrets`",
    );
    assert_eq!(built.verdict("acme", "globex", Layer::Identity), "broken");
    assert_eq!(built.verdict("acme", "globex", Layer::Secrets), "broken");
    assert_eq!(built.verdict("acme", "globex", Layer::Keys), "holds");
    // With its own name in it, the same is harmless.
    built.statements("seats.acme.task_role")[0].resources =
        vec![arn("secretsmanager", "secret:shop-production/seats/acme/*")];
    nothing(&built);
    // So it is on what nobody owns.
    built.statements("seats.acme.task_role")[0].resources =
        vec![arn("secretsmanager", "secret:shop-production/other/*")];
    nothing(&built);
    // Every `?` is a letter: the name and its ending have as many.
    built.statements("seats.acme.task_role")[0].resources =
        vec![arn("secretsmanager", "secret:shop-production/seats/??????/app-??????")];
    only(&built, "AG0602 seats.acme.task_role");
    built.statements("seats.acme.task_role")[0].resources =
        vec![arn("secretsmanager", "secret:shop-production/seats/????/app-??????")];
    nothing(&built);
    // What a parameter decides is not known.
    built.statements("seats.acme.task_role")[0].resources = vec![arn(
        "secretsmanager",
        Text::literal("secret:shop-production/seats/")
            .then(Text::parameter("whose"))
            .then("/app-??????"),
    )];
    nothing(&built);
    let cells = built.report().pair(0, 1);
    let open: Vec<&str> =
        cells.iter().filter(|it| !it.unknown.is_empty()).map(|it| it.layer.as_str()).collect();
    assert_eq!(open, ["secrets", "identity"]);
}

#[test]
fn actions_denials_and_conditions_narrow() {
    let everything = || vec![Text::literal("*")];
    let with = |statements: Vec<Statement>| {
        let mut built = two(SILO, None);
        built.statements("seats.acme.task_role").extend(statements);
        built.broken().len()
    };
    let allow = |actions: &[&'static str]| Statement::allow("Added", actions, everything());
    assert_eq!(with(vec![allow(&["secretsmanager:ListSecrets", "logs:Describe*", "ecr:*"])]), 0);
    for action in [
        "*",
        "secretsmanager:*",
        "secretsmanager:Get*",
        "logs:PutLogEvents",
        "kms:Decrypt",
        "iam:PassRole",
        "ecs:UpdateService",
    ] {
        assert_eq!(
            with(vec![allow(&[match action {
                "*" => "*",
                "secretsmanager:*" => "secretsmanager:*",
                "secretsmanager:Get*" => "secretsmanager:Get*",
                "logs:PutLogEvents" => "logs:PutLogEvents",
                "kms:Decrypt" => "kms:Decrypt",
                "iam:PassRole" => "iam:PassRole",
                _ => "ecs:UpdateService",
            }])]),
            1,
            "{action}"
        );
    }
    let deny = |resources: Vec<Text>| Statement {
        allow: false,
        ..Statement::allow("Denied", &["secretsmanager:*"], resources)
    };
    let read = || allow(&["secretsmanager:GetSecretValue"]);
    assert_eq!(with(vec![read(), deny(everything())]), 0);
    assert_eq!(
        with(vec![
            read(),
            deny(vec![arn("secretsmanager", "secret:shop-production/seats/globex/*")])
        ]),
        0
    );
    assert_eq!(
        with(vec![
            read(),
            deny(vec![arn("secretsmanager", "secret:shop-production/seats/acme/*")])
        ]),
        1
    );
    // A deny under a condition that is not read denies nothing.
    let mut under = deny(everything());
    under.conditions = vec![Condition {
        operator: "Bool",
        key: "aws:SecureTransport",
        value: Text::literal("false"),
    }];
    assert_eq!(with(vec![read(), under]), 1);
    let when = |operator: &'static str, key: &'static str, value: &str| Statement {
        conditions: vec![Condition { operator, key, value: Text::literal(value) }],
        ..read()
    };
    assert_eq!(with(vec![when("StringEquals", "aws:ResourceTag/tenant", "acme")]), 0);
    assert_eq!(with(vec![when("StringEquals", "secretsmanager:ResourceTag/tenant", "globex")]), 1);
    assert_eq!(with(vec![when("StringLike", "aws:ResourceTag/tenant", "*")]), 1);
    assert_eq!(with(vec![when("StringLike", "aws:ResourceTag/tenant", "ac*")]), 0);
    assert_eq!(with(vec![when("StringNotEquals", "aws:ResourceTag/tenant", "acme")]), 1);
    assert_eq!(
        with(vec![when("StringEquals", "aws:ResourceTag/tenant", "${aws:PrincipalTag/tenant}")]),
        0
    );
    assert_eq!(with(vec![when("StringEquals", "aws:PrincipalTag/tenant", "nobody")]), 0);
    assert_eq!(with(vec![when("IpAddress", "aws:SourceIp", "10.0.0.0/8")]), 1);
}

#[test]
fn the_shared_role_acts_for_one_tenant_at_a_time() {
    let built = two(POOL, None);
    nothing(&built);
    let mut wide = two(POOL, None);
    wide.statements("seats.tenant_role")[0].resources =
        vec![arn("secretsmanager", "secret:shop-production/seats/*")];
    only(
        &wide,
        "AG0602 seats.tenant_role: role `api.task_role` takes role `seats.tenant_role` for",
    );
    assert_eq!(wide.verdict("acme", "globex", Layer::Secrets), "broken");
    let mut untagged = two(POOL, None);
    untagged.statements("seats.tenant_role")[2].conditions.clear();
    only(&untagged, "AG0602 seats.tenant_role");
    assert_eq!(untagged.verdict("acme", "globex", Layer::Keys), "broken");
    // The service itself may read none of them.
    let mut direct = two(POOL, None);
    let read = Statement::allow(
        "Read",
        &["secretsmanager:GetSecretValue"],
        vec![of("seats.acme.secret", Attribute::Arn)],
    );
    direct.statements("api.execution_role").push(read);
    only(&direct, "AG0602 api.execution_role");
}

#[test]
fn a_tenant_that_takes_the_shared_role_with_any_tag() {
    let mut built = two(SILO, None);
    let take = |actions: &[&'static str]| {
        Statement::allow("Take", actions, vec![of("seats.tenant_role", Attribute::Arn)])
    };
    built.statements("seats.acme.task_role").push(take(&["sts:AssumeRole"]));
    // Without a tag the role's patterns match nothing.
    nothing(&built);
    let own = Condition {
        operator: "StringEquals",
        key: "aws:RequestTag/tenant",
        value: Text::literal("acme"),
    };
    let mut tag = take(&["sts:TagSession"]);
    tag.conditions = vec![own];
    built.statements("seats.acme.task_role").push(tag);
    nothing(&built);
    built.statements("seats.acme.task_role").last_mut().expect("it is there").conditions.clear();
    only(
        &built,
        "AG0602 seats.acme.task_role: role `seats.acme.task_role` takes role `seats.tenant_role`",
    );
}

#[test]
fn the_policy_of_a_key_that_admits_a_role_of_another() {
    let mut built = two(SILO, None);
    let all = || Statement::allow("AllowUsers", &["kms:Decrypt"], vec![Text::literal("*")]);
    let own = Principal::Arns(vec![of("seats.acme.task_role", Attribute::Arn)]);
    built.statements("seats.acme.key").push(Statement { principal: Some(own), ..all() });
    nothing(&built);
    let other = Principal::Arns(vec![of("seats.globex.task_role", Attribute::Arn)]);
    built.statements("seats.acme.key").push(Statement { principal: Some(other), ..all() });
    only(
        &built,
        "AG0602 seats.acme.key: statement `AllowUsers` of the policy of key `seats.acme.key` of tenant `acme` admits role `seats.globex.task_role`",
    );
    built.statements("seats.acme.key").pop();
    built
        .statements("seats.acme.key")
        .push(Statement { principal: Some(Principal::Everyone), ..all() });
    only(&built, "AG0602 seats.acme.key");
    built.statements("seats.acme.key").last_mut().expect("it is there").conditions =
        vec![Condition {
            operator: "StringEquals",
            key: "aws:PrincipalTag/tenant",
            value: Text::literal("acme"),
        }];
    nothing(&built);
}

#[test]
fn policies_of_aws_that_are_wide_or_not_known() {
    let managed = |name: &'static str| {
        let mut built = two(SILO, None);
        let ResourceKind::Role(it) = built.kind("seats.acme.task_role") else { panic!("a role") };
        it.managed_policies.push(name);
        built
    };
    only(&managed("SecretsManagerReadWrite"), "AG0602 seats.acme.task_role");
    nothing(&managed("AmazonSSMManagedInstanceCore"));
    let other = managed("AmazonBraketFullAccess");
    nothing(&other);
    assert!(other.report().unknown[0].what.contains("AmazonBraketFullAccess"));
}

// Secrets, keys, logs.

#[test]
fn a_secret_that_two_inject() {
    let mut built = two(SILO, None);
    let ResourceKind::TaskDefinition(it) = built.kind("seats.acme.task_definition") else {
        panic!("")
    };
    it.container.secrets[0].1 = of("seats.globex.secret", Attribute::Arn);
    only(
        &built,
        "AG0603 seats.acme.task_definition: task definition `seats.acme.task_definition` of tenant `acme` injects secret `seats.globex.secret`",
    );
    let inject = |names: &[&str]| {
        let mut built = two(SILO, None);
        for name in names {
            let ResourceKind::TaskDefinition(it) = built.kind(name) else { panic!("") };
            it.container.secrets.push((
                "X".to_string(),
                Text::literal("arn:aws:secretsmanager:eu-west-1:123456789012:secret:stripe"),
            ));
        }
        built
    };
    nothing(&inject(&["seats.acme.task_definition"]));
    only(
        &inject(&["seats.acme.task_definition", "seats.globex.task_definition"]),
        "AG0603 seats.acme.task_definition",
    );
    only(
        &inject(&["seats.acme.task_definition", "api.task_definition"]),
        "AG0603 seats.acme.task_definition",
    );
    let unknown = {
        let mut built = two(SILO, None);
        for name in ["seats.acme.task_definition", "seats.globex.task_definition"] {
            let ResourceKind::TaskDefinition(it) = built.kind(name) else { panic!("") };
            it.container.secrets.push(("X".to_string(), Text::unknown()));
        }
        built
    };
    nothing(&unknown);
    assert!(!unknown.report().unknown.is_empty());
}

#[test]
fn a_key_that_two_use_and_one_that_is_aws_own() {
    let with = |key: Option<Text>| {
        let mut built = two(POOL, None);
        let ResourceKind::Secret(it) = built.kind("seats.acme.secret") else { panic!("") };
        it.kms_key = key;
        built
    };
    only(
        &with(Some(of("seats.globex.key", Attribute::Arn))),
        "AG0603 seats.acme.secret: secret `seats.acme.secret` of tenant `acme` is encrypted with key `seats.globex.key`",
    );
    only(
        &with(Some(Text::literal("alias/shared"))),
        "AG0603 seats.acme.secret: secret `seats.acme.secret` of tenant `acme` is encrypted with `alias/shared`, which is not its own",
    );
    only(
        &with(None),
        "AG0603 seats.acme.secret: secret `seats.acme.secret` of tenant `acme` is encrypted with a key that AWS owns",
    );
    nothing(&with(Some(Text::unknown())));
    let mut shared = with(None);
    for tenant in shared.tenants.values_mut() {
        tenant.isolation.keys = Sharing::Shared;
    }
    nothing(&shared);
}

#[test]
fn a_log_group_of_another_and_what_is_missing() {
    let mut built = two(SILO, None);
    let ResourceKind::TaskDefinition(it) = built.kind("seats.acme.task_definition") else {
        panic!("")
    };
    it.container.log_group = reference("seats.globex.log_group");
    only(&built, "AG0603 seats.acme.task_definition");
    let ResourceKind::TaskDefinition(it) = built.kind("seats.acme.task_definition") else {
        panic!("")
    };
    it.container.log_group = reference("api.log_group");
    only(
        &built,
        "AG0603 seats.acme.task_definition: task definition `seats.acme.task_definition` of tenant `acme` writes to log group `api.log_group`, which is not its own",
    );
    let mut gone = two(POOL, None);
    gone.tenants
        .get_mut("acme")
        .expect("it is there")
        .resources
        .remove(&id("seats.acme.log_group"));
    assert!(
        gone.broken().iter().any(|it| it.contains("tenant `acme` has no log group of its own"))
    );
}

// Database.

#[test]
fn an_instance_of_its_own() {
    let instance = Some(DatabaseIsolation::Instance);
    let mut built = two(SILO, instance);
    nothing(&built);
    built.connect("seats.acme.security_group", "seats.globex.database.security_group", 5432);
    only(&built, "AG0601 seats.globex.database.security_group.Ingress");
    assert_eq!(built.verdict("acme", "globex", Layer::Database), "broken");
    let mut built = two(SILO, instance);
    let ResourceKind::TaskDefinition(it) = built.kind("seats.acme.task_definition") else {
        panic!("")
    };
    it.container.secrets.push((
        "DB".to_string(),
        of("seats.globex.database.instance", Attribute::ManagedSecretArn),
    ));
    only(&built, "AG0603 seats.acme.task_definition");
    let mut built = two(SILO, instance);
    let login = Statement::allow("LogIn", &["rds-db:connect"], vec![arn("rds-db", "dbuser:*/*")]);
    built.statements("seats.acme.task_role").push(login);
    only(&built, "AG0602 seats.acme.task_role");
    assert_eq!(built.verdict("acme", "globex", Layer::Database), "broken");
    let mut built = two(SILO, instance);
    built
        .tenants
        .get_mut("acme")
        .expect("it is there")
        .resources
        .remove(&id("seats.acme.database.instance"));
    assert!(
        built.broken()[0].contains("tenant `acme` has no database instance of its own"),
        "{:?}",
        built.broken()
    );
}

#[test]
fn what_no_resource_shows_is_said() {
    let built = two(SILO, Some(DatabaseIsolation::Schema));
    let cells = built.report().pair(0, 1);
    let cell = cells.iter().find(|it| it.layer == Layer::Database).expect("it is there");
    assert_eq!(cell.verdict.as_str(), "trust boundary");
    assert!(
        cell.rests_on.iter().any(|it| it.contains("users and grants in the database")),
        "{cell:?}"
    );
}

// Compute.

#[test]
fn tasks_of_its_own() {
    let mut built = two(SILO, None);
    let ResourceKind::Service(it) = built.kind("seats.acme.service") else { panic!("") };
    it.task_definition = reference("seats.globex.task_definition");
    only(&built, "AG0605 seats.acme.service");
    let mut built = two(BRIDGE, None);
    let ResourceKind::Service(it) = built.kind("seats.acme.service") else { panic!("") };
    it.task_definition = reference("api.task_definition");
    only(
        &built,
        "AG0605 seats.acme.service: service `seats.acme.service` of tenant `acme` runs task definition `api.task_definition`, which is not its own",
    );
    let mut built = two(BRIDGE, None);
    let ResourceKind::Service(it) = built.kind("seats.acme.service") else { panic!("") };
    it.load_balancers[0].target_group = reference("edge.seats.globex.target_group");
    only(&built, "AG0605 seats.acme.service");
    let mut built = two(BRIDGE, None);
    let ResourceKind::TaskDefinition(it) = built.kind("seats.acme.task_definition") else {
        panic!("")
    };
    it.task_role = reference("seats.globex.task_role");
    // The role is acme's too now, and covers what is globex's.
    assert!(
        built.broken().iter().any(|it| it.starts_with("AG0602 seats.acme.task_definition")),
        "{:?}",
        built.broken()
    );
}

#[test]
fn a_security_group_that_is_attached_twice() {
    let attach = |compute, name: &str, to: &str| {
        let mut built = two(compute, None);
        let ResourceKind::Service(it) = built.kind(to) else { panic!("") };
        it.groups.push(reference(name));
        built
    };
    only(
        &attach(SILO, "seats.acme.security_group", "seats.globex.service"),
        "AG0605 seats.globex.service: service `seats.globex.service` of tenant `globex` has security group `seats.acme.security_group`",
    );
    only(
        &attach(SILO, "seats.acme.security_group", "api.service"),
        "AG0605 api.service: service `api.service`, which is no tenant's, has",
    );
    let mut plain = two(BRIDGE, None);
    plain.world.group("plain", "net", false);
    for name in ["seats.acme.service", "seats.globex.service"] {
        let ResourceKind::Service(it) = plain.kind(name) else { panic!("") };
        it.groups.push(reference("plain"));
    }
    nothing(&plain);
    let mut none = two(SILO, None);
    let ResourceKind::Service(it) = none.kind("seats.acme.service") else { panic!("") };
    it.groups = vec![reference("api.security_group")];
    only(&none, "AG0605 : tenant `acme` has no security group on its tasks of its own");
}

// Routing.

fn with_rule(
    compute: ComputeIsolation,
    change: impl Fn(&mut crate::resource::ListenerRule),
) -> Built {
    let mut built = two(compute, None);
    let ResourceKind::ListenerRule(it) = built.kind("seats.acme.rule") else { panic!("a rule") };
    change(it);
    built
}

#[test]
fn requests_that_reach_another() {
    let hosts =
        |all: &[&str]| all.iter().map(|it| Value::Literal((*it).to_string())).collect::<Vec<_>>();
    nothing(&with_rule(SILO, |it| it.hosts = hosts(&["other.example.com"])));
    let same = with_rule(SILO, |it| it.hosts = hosts(&["GLOBEX.example.com"]));
    only(&same, "AG0604 seats.acme.rule");
    assert!(
        same.broken()[0].contains(
            "`globex.example.com/` is answered by target group `edge.seats.acme.target_group`"
        ),
        "{}",
        same.broken()[0]
    );
    only(&with_rule(SILO, |it| it.hosts = hosts(&["*.example.com"])), "AG0604 seats.acme.rule");
    nothing(&with_rule(SILO, |it| it.hosts = hosts(&["*.acme.example.com"])));
    only(&with_rule(SILO, |it| it.hosts.clear()), "AG0604 seats.acme.rule");
    // Both go to the same service, which tells them apart.
    nothing(&with_rule(POOL, |it| it.hosts = hosts(&["globex.example.com"])));
    let swapped = with_rule(SILO, |it| {
        it.action = crate::resource::elb::ListenerAction::Forward(vec![(
            reference("edge.seats.globex.target_group"),
            1,
        )]);
    });
    only(
        &swapped,
        "AG0604 seats.acme.rule: listener rule `seats.acme.rule` sends the requests of tenant `acme` to target group `edge.seats.globex.target_group`",
    );
    let unknown = with_rule(SILO, |it| it.hosts = vec![Value::Parameter("host".to_string())]);
    nothing(&unknown);
    assert!(
        unknown.report().unknown[0].what.contains("are for the same requests"),
        "{:?}",
        unknown.report().unknown
    );
    // The priority of rules for other requests decides nothing.
    nothing(&with_rule(SILO, |it| it.priority = Value::Literal(11)));
}

#[test]
fn headers_and_paths_keep_requests_apart() {
    let value = |it: &str| Value::Literal(it.to_string());
    let both = |one: &str, other: &str, by_path: bool| {
        let mut built = two(SILO, None);
        for (name, text) in [("seats.acme.rule", one), ("seats.globex.rule", other)] {
            let ResourceKind::ListenerRule(it) = built.kind(name) else { panic!("a rule") };
            it.hosts.clear();
            if by_path {
                it.paths = vec![value(text)];
            } else {
                it.headers = vec![("X-Tenant".to_string(), vec![value(text)])];
            }
        }
        built
    };
    nothing(&both("acme", "globex", false));
    only(&both("acme", "*", false), "AG0604 seats.acme.rule");
    nothing(&both("/acme/*", "/globex/*", true));
    nothing(&both("/Acme/*", "/acme/*", true));
    only(&both("/*/admin", "/globex/*", true), "AG0604");
    let found = both("/*/admin", "/globex/*", true).broken();
    assert!(found[0].contains("`any host/globex/"), "{}", found[0]);
}

#[test]
fn a_rule_of_the_mould_before_those_of_tenants() {
    let with = |priority: u16, host: &str, compute| {
        let mut built = two(compute, None);
        built.world.add("edge", "edge.all", rule(priority, host, "edge.api.target_group"));
        built
    };
    nothing(&with(500, "*", SILO));
    let first = with(1, "*", SILO).broken();
    assert_eq!(first.len(), 2, "{first:#?}");
    assert!(first[0].starts_with("AG0604 edge.all"), "{first:#?}");
    nothing(&with(1, "*", POOL));
    nothing(&with(1, "status.example.com", SILO));
}

// What is alike.

#[test]
fn tenants_that_are_alike_are_one_class() {
    let mut built = Built::new();
    for number in 0..5 {
        built.tenant(&format!("pool{number}"), apart(POOL, None));
    }
    for number in 0..3 {
        built.tenant(&format!("silo{number}"), apart(SILO, Some(DatabaseIsolation::Instance)));
    }
    let report = built.report();
    let counts: Vec<usize> = report.classes.iter().map(|it| it.count).collect();
    assert_eq!(counts, [5, 3]);
    let pairs: Vec<u64> = report.rows.iter().map(|it| it.pairs).collect();
    assert_eq!(pairs, [10, 15, 3]);
    assert!(is_not_broken(&report));
    for row in &report.rows {
        let claimed = row.cells.iter().filter(|it| it.verdict.as_str() != "not claimed");
        for cell in claimed {
            assert!(!cell.rests_on.is_empty(), "{cell:?}");
        }
    }
    // One culprit is told once, however many tenants it concerns.
    built.statements("seats.silo0.task_role")[0].resources = vec![Text::literal("*")];
    let report = built.report();
    assert_eq!(report.broken.len(), 1);
    assert_eq!(report.broken[0].count, 7);
    assert_eq!(report.broken[0].tenant, "silo0");
    let broken = |row: usize| {
        report.rows[row].cells.iter().filter(|it| it.verdict.as_str() == "broken").count()
    };
    // The secrets that RDS manages are among them, and only silos have databases.
    assert_eq!((broken(0), broken(1), broken(2)), (0, 2, 3));
}

#[test]
fn without_a_network_that_is_said() {
    let graph = two(SILO, None).graph();
    let report = prove(&Facts::of(&graph), None).remove(0);
    let cells = report.pair(0, 1);
    let cell = cells.iter().find(|it| it.layer == Layer::Network).expect("it is there");
    assert_eq!(cell.unknown, ["the network was not read"]);
    let graph = crate::resource::ResourceGraph::default();
    assert!(prove(&Facts::of(&graph), Some(&Model::new(&graph))).is_empty());
}
