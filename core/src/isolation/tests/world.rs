//! Pools built by hand, as they are lowered.

use std::collections::{BTreeMap, BTreeSet};

use crate::isolation::{Facts, PoolReport, Verdict, prove};
use crate::loc::Loc;
use crate::network::Model;
use crate::network::tests::world::{World, group, reference, tcp};
use crate::resource::ecs::{
    Architecture, Container, Deployment, Service, ServiceTarget, TaskDefinition,
};
use crate::resource::elb::{
    Listener, ListenerAction, ListenerRule, TargetGroup, TargetHealthCheck,
};
use crate::resource::iam::{Condition, Principal, Role, Statement, Trust};
use crate::resource::network::Direction;
use crate::resource::tenancy::{Isolation, Quota, Tenancy, Tenant};
use crate::resource::{
    Attribute, DbInstance, KmsKey, LogGroup, ResourceGraph, ResourceId, ResourceKind, Secret,
};
use crate::tenant_fields::{ComputeIsolation, DatabaseIsolation, Layer, Sharing};
use crate::types::{Count, CpuUnits, Days, Memory, Percent, Port, Seconds};
use crate::value::{Pseudo, Text, Value};

/// A pool that is being built.
pub struct Built {
    pub world: World,
    pub tenants: BTreeMap<String, Tenant>,
}

pub fn apart(compute: ComputeIsolation, database: Option<DatabaseIsolation>) -> Isolation {
    Isolation {
        compute,
        database,
        network: Sharing::PerTenant,
        secrets: Sharing::PerTenant,
        keys: Sharing::PerTenant,
        logs: Sharing::PerTenant,
        routed: true,
    }
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:REST`.
pub fn arn(service: &str, rest: impl Into<Text>) -> Text {
    Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(format!(":{service}:"))
        .then(Text::pseudo(Pseudo::Region))
        .then(":")
        .then(Text::pseudo(Pseudo::AccountId))
        .then(":")
        .then(rest)
}

pub fn id(name: &str) -> ResourceId {
    ResourceId::new(&[name])
}

pub fn of(name: &str, attribute: Attribute) -> Text {
    Text::attribute(id(name), attribute)
}

pub fn role(statements: Vec<Statement>) -> Role {
    Role {
        trust: Trust::Service("ecs-tasks.amazonaws.com"),
        description: String::new(),
        managed_policies: Vec::new(),
        statements,
    }
}

pub fn task(task: &str, execution: &str, log_group: &str, secrets: Vec<Text>) -> TaskDefinition {
    TaskDefinition {
        family: Text::literal("family"),
        fargate: true,
        cpu: Value::Literal(CpuUnits(256)),
        memory: Value::Literal(Memory(512)),
        architecture: Architecture::X86_64,
        execution_role: reference(execution),
        task_role: reference(task),
        container: Container {
            name: "api".to_string(),
            image: Text::literal("api:1"),
            port: Some(Value::Literal(Port(8080))),
            command: Vec::new(),
            environment: Vec::new(),
            secrets: secrets.into_iter().map(|it| ("SECRET".to_string(), it)).collect(),
            log_group: reference(log_group),
            health_check: None,
            read_only_root: Value::Literal(true),
            user: None,
        },
        volumes: Vec::new(),
    }
}

pub fn service(task: &str, target: Option<&str>, groups: &[&str]) -> Service {
    Service {
        name: None,
        cluster: reference("cluster"),
        task_definition: reference(task),
        desired_count: None,
        capacity: Vec::new(),
        subnets: vec![reference("left")],
        groups: groups.iter().map(|it| reference(it)).collect(),
        public_ip: false,
        load_balancers: target
            .into_iter()
            .map(|it| ServiceTarget {
                target_group: reference(it),
                port: Value::Literal(Port(8080)),
                alternate: None,
            })
            .collect(),
        discovery: None,
        deployment: Deployment::Rolling,
        bake_time: Value::Literal(Seconds(0)),
        minimum_healthy: Value::Literal(Percent(100.0)),
        maximum: 200,
        grace_period: None,
        exec: Value::Literal(false),
    }
}

pub fn targets() -> TargetGroup {
    TargetGroup {
        vpc: reference("net"),
        port: Value::Literal(Port(8080)),
        https: false,
        health_check: TargetHealthCheck {
            path: Value::Literal("/health".to_string()),
            interval: Value::Literal(Seconds(30)),
            timeout: Value::Literal(Seconds(5)),
            healthy_threshold: Value::Literal(Count(2)),
            unhealthy_threshold: Value::Literal(Count(3)),
            matcher: Value::Literal("200".to_string()),
        },
        stickiness: None,
        deregistration_delay: Value::Literal(Seconds(30)),
    }
}

pub fn rule(priority: u16, host: &str, target: &str) -> ListenerRule {
    ListenerRule {
        listener: reference("edge.listener"),
        priority: Value::Literal(priority),
        hosts: vec![Value::Literal(host.to_string())],
        paths: Vec::new(),
        headers: Vec::new(),
        action: ListenerAction::Forward(vec![(reference(target), 1)]),
    }
}

pub fn database(groups: &[&str]) -> DbInstance {
    DbInstance {
        kms_key: None,
        password: None,
        identifier: None,
        engine_version: None,
        class: Value::Literal("db.t4g.medium".to_string()),
        database: None,
        username: None,
        port: Some(Value::Literal(Port(5432))),
        replica_of: None,
        storage: None,
        max_storage: None,
        storage_type: "gp3",
        multi_az: Value::Literal(false),
        subnet_group: Some(reference("db_subnets")),
        groups: groups.iter().map(|it| reference(it)).collect(),
        parameter_group: reference("parameters"),
        backup_retention: None,
        backup_window: None,
        maintenance_window: None,
        performance_insights: None,
        monitoring: None,
        auto_minor_version_upgrade: Value::Literal(true),
        deletion_protection: Value::Literal(true),
        log_exports: Vec::new(),
    }
}

/// What the account's administrators may do with a key.
pub fn key_policy() -> Vec<Statement> {
    let root = Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(":iam::")
        .then(Text::pseudo(Pseudo::AccountId))
        .then(":root");
    let all = Statement::allow("AllowPoliciesOfTheAccount", &["kms:*"], vec![Text::literal("*")]);
    let logs = Statement::allow("AllowLogs", &["kms:Decrypt"], vec![Text::literal("*")]);
    vec![
        Statement { principal: Some(Principal::Arns(vec![root])), ..all },
        Statement { principal: Some(Principal::RegionalService("logs")), ..logs },
    ]
}

/// The tags of a tenant, as the policies of the shared role compare them.
pub fn same_tenant() -> Condition {
    Condition {
        operator: "StringEquals",
        key: "aws:ResourceTag/tenant",
        value: Text::literal("${aws:PrincipalTag/tenant}"),
    }
}

impl Built {
    /// A network with a load balancer and the shared service `api`.
    pub fn new() -> Built {
        let mut world = World::default();
        world.vpc("net", "10.0.0.0/16");
        world.subnet("net", "left", "10.0.1.0/24");
        for name in ["edge", "api"] {
            world.group(&format!("{name}.security_group"), "net", false);
        }
        world.balancer("edge", true, &["left"], &["edge.security_group"]);
        let listener = Listener {
            load_balancer: reference("edge"),
            port: 443,
            tls: None,
            default_action: ListenerAction::FixedResponse { status: 404 },
        };
        world.add("edge", "edge.listener", listener);
        world.add("edge", "edge.api.target_group", targets());
        let subnets = crate::resource::DbSubnetGroup {
            description: String::new(),
            subnets: vec![reference("left")],
        };
        world.add("database", "db_subnets", subnets);
        let mut built = Built { world, tenants: BTreeMap::new() };
        built.connect("edge.security_group", "api.security_group", 8080);
        built.world.add("api", "api.task_role", role(Vec::new()));
        built.log_group("api", "api.log_group", "/shop/api", None);
        let streams = arn(
            "logs",
            Text::literal("log-group:").then(of("api.log_group", Attribute::Id)).then(":*"),
        );
        let write = Statement::allow("WriteLogs", &["logs:PutLogEvents"], vec![streams]);
        built.world.add("api", "api.execution_role", role(vec![write]));
        let definition = task("api.task_role", "api.execution_role", "api.log_group", Vec::new());
        built.world.add("api", "api.task_definition", definition);
        let it =
            service("api.task_definition", Some("edge.api.target_group"), &["api.security_group"]);
        built.world.add("api", "api.service", it);
        let read = Statement::allow(
            "ReadSecrets",
            &["secretsmanager:GetSecretValue"],
            vec![arn(
                "secretsmanager",
                "secret:shop-production/seats/${aws:PrincipalTag/tenant}/*",
            )],
        );
        let write = Statement::allow(
            "WriteLogs",
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            vec![arn("logs", "log-group:/shop/seats/${aws:PrincipalTag/tenant}:*")],
        );
        let decrypt = Statement {
            conditions: vec![same_tenant()],
            ..Statement::allow("UseKeys", &["kms:Decrypt"], vec![arn("kms", "key/*")])
        };
        let mut tenant_role = role(vec![read, write, decrypt]);
        tenant_role.trust = Trust::Sessions {
            roles: vec![of("api.task_role", Attribute::Arn)],
            tag: "aws:RequestTag/tenant",
        };
        built.world.add("seats", "seats.tenant_role", tenant_role);
        built
    }

    pub fn log_group(&mut self, declaration: &str, name: &str, physical: &str, key: Option<Text>) {
        let it = LogGroup {
            name: Text::literal(physical),
            retention: Value::Literal(Days(30)),
            kms_key: key,
        };
        self.world.add(declaration, name, it);
    }

    pub fn connect(&mut self, from: &str, to: &str, port: u16) {
        self.world.rule(from, Direction::Egress, group(to), tcp(port, port));
        self.world.rule(to, Direction::Ingress, group(from), tcp(port, port));
    }

    /// A tenant as lowering makes it.
    pub fn tenant(&mut self, key: &str, isolation: Isolation) {
        let own = |it: &str| format!("seats.{key}.{it}");
        let world = &mut self.world;
        let kms = KmsKey {
            description: Text::literal("key"),
            rotation: Value::Literal(true),
            rotation_period: None,
            deletion_window: Value::Literal(Days(30)),
            statements: key_policy(),
        };
        world.add("seats", &own("key"), kms);
        let secret = Secret {
            name: Some(Text::literal(format!("shop-production/seats/{key}/app"))),
            description: Text::literal("secret"),
            username: None,
            fields: Vec::new(),
            generate: Value::Literal(Count(32)),
            kms_key: Some(of(&own("key"), Attribute::Arn)),
            replica_regions: Vec::new(),
        };
        world.add("seats", &own("secret"), secret);
        let tags = BTreeMap::from([("tenant".to_string(), key.to_string())]);
        for it in ["key", "secret", "log_group", "task_role"] {
            world.graph.resource_tags.insert(id(&own(it)), tags.clone());
        }
        let physical = format!("/shop/seats/{key}");
        self.log_group(
            "seats",
            &own("log_group"),
            &physical,
            Some(of(&own("key"), Attribute::Arn)),
        );
        let number = 10 + self.tenants.len() as u16;
        let host = format!("{key}.example.com");
        let target = if isolation.compute == ComputeIsolation::Pool {
            "edge.api.target_group".to_string()
        } else {
            self.tasks(key, isolation.compute);
            format!("edge.seats.{key}.target_group")
        };
        self.world.add("seats", &own("rule"), rule(number, &host, &target));
        if isolation.database == Some(DatabaseIsolation::Instance) {
            self.world.group(&own("database.security_group"), "net", false);
            let it = database(&[&own("database.security_group")]);
            self.world.add("seats", &own("database.instance"), it);
            let from = match isolation.compute {
                ComputeIsolation::Silo => own("security_group"),
                ComputeIsolation::Pool | ComputeIsolation::Bridge => {
                    "api.security_group".to_string()
                }
            };
            if isolation.compute == ComputeIsolation::Silo {
                self.connect(&from, &own("database.security_group"), 5432);
            }
        }
        let prefix = format!("seats.{key}.");
        let all = self.world.graph.resources.range(id(&prefix)..).map(|it| it.0.clone());
        let mut resources: BTreeSet<ResourceId> =
            all.take_while(|it| it.as_str().starts_with(&prefix)).collect();
        let target = id(&format!("edge.seats.{key}.target_group"));
        if self.world.graph.resources.contains_key(&target) {
            resources.insert(target);
        }
        let loc = Loc::new("pool.rs", 1 + self.tenants.len() as u32, 1, 1);
        self.tenants
            .insert(key.to_string(), Tenant { loc, isolation, quota: Quota::default(), resources });
    }

    fn tasks(&mut self, key: &str, compute: ComputeIsolation) {
        let own = |it: &str| format!("seats.{key}.{it}");
        let target = format!("edge.seats.{key}.target_group");
        self.world.add("edge", &target, targets());
        let read = Statement::allow(
            "ReadSecrets",
            &["secretsmanager:GetSecretValue"],
            vec![of(&own("secret"), Attribute::Arn)],
        );
        let decrypt = Statement::allow(
            "DecryptSecrets",
            &["kms:Decrypt"],
            vec![of(&own("key"), Attribute::Arn)],
        );
        let streams = arn(
            "logs",
            Text::literal("log-group:").then(of(&own("log_group"), Attribute::Id)).then(":*"),
        );
        let write = Statement::allow("WriteLogs", &["logs:PutLogEvents"], vec![streams]);
        let ecr = Statement::allow(
            "LogInToEcr",
            &["ecr:GetAuthorizationToken"],
            vec![Text::literal("*")],
        );
        self.world.add("seats", &own("task_role"), role(vec![read.clone()]));
        self.world.add("seats", &own("execution_role"), role(vec![ecr, write, read, decrypt]));
        let secrets = vec![of(&own("secret"), Attribute::Arn)];
        let definition =
            task(&own("task_role"), &own("execution_role"), &own("log_group"), secrets);
        self.world.add("seats", &own("task_definition"), definition);
        let name = if compute == ComputeIsolation::Silo {
            self.world.group(&own("security_group"), "net", false);
            self.connect("edge.security_group", &own("security_group"), 8080);
            own("security_group")
        } else {
            "api.security_group".to_string()
        };
        let it = service(&own("task_definition"), Some(&target), &[&name]);
        self.world.add("seats", &own("service"), it);
    }

    /// The graph with the pool.
    pub fn graph(&self) -> ResourceGraph {
        let mut graph = self.world.graph.clone();
        let pool = Tenancy {
            name: "seats".to_string(),
            loc: Loc::new("pool.rs", 100, 1, 1),
            at_most: 100,
            shared_service: Some(reference("api.service")),
            database: None,
            tenants: self.tenants.clone(),
        };
        graph.tenancies.insert("seats".to_string(), pool);
        graph
    }

    /// What is proved.
    pub fn report(&self) -> PoolReport {
        let graph = self.graph();
        let model = Model::new(&graph);
        let mut all = prove(&Facts::of(&graph), Some(&model));
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    /// The codes, culprits and messages of what is broken.
    pub fn broken(&self) -> Vec<String> {
        let report = self.report();
        let name = |it: &crate::isolation::Broken| {
            it.culprit.as_ref().map(|it| it.resource.clone()).unwrap_or_default()
        };
        report.broken.iter().map(|it| format!("{} {}: {}", it.code, name(it), it.message)).collect()
    }

    /// `layer: verdict` for two tenants.
    pub fn verdict(&self, one: &str, other: &str, layer: Layer) -> &'static str {
        let report = self.report();
        let (a, b) =
            (report.tenant(one).expect("it is there"), report.tenant(other).expect("it is there"));
        let cells = report.pair(a, b);
        cells.iter().find(|it| it.layer == layer).expect("it is there").verdict.as_str()
    }

    pub fn kind(&mut self, name: &str) -> &mut ResourceKind {
        &mut self.world.graph.resources.get_mut(&id(name)).expect("it is there").kind
    }

    pub fn statements(&mut self, name: &str) -> &mut Vec<Statement> {
        let kind = self.kind(name);
        if let ResourceKind::Role(it) = kind {
            &mut it.statements
        } else if let ResourceKind::KmsKey(it) = kind {
            &mut it.statements
        } else {
            panic!("{name} has no statements: {kind:?}")
        }
    }
}

/// The three ways to run tenants, two tenants each.
pub fn two(compute: ComputeIsolation, database: Option<DatabaseIsolation>) -> Built {
    let mut built = Built::new();
    built.tenant("acme", apart(compute, database));
    built.tenant("globex", apart(compute, database));
    built
}

pub fn is_not_broken(report: &PoolReport) -> bool {
    let cells = || report.rows.iter().flat_map(|it| &it.cells);
    report.broken.is_empty() && cells().all(|it| !matches!(it.verdict, Verdict::Broken(_)))
}
