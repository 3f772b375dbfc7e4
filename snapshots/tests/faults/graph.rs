//! Edits of a resource graph.

use archgen::Checked;
use archgen::core::isolation::{self, Facts, PoolReport};
use archgen::core::network::Model;
use archgen::core::resource::elb::ListenerAction;
use archgen::core::resource::iam::{Condition, Principal, Statement};
use archgen::core::resource::network::{Direction, RulePeer, SecurityGroupRule, Traffic};
use archgen::core::resource::{Attribute, Ref, Resource, ResourceGraph, ResourceId, ResourceKind};
use archgen::core::tenant_fields::Layer;
use archgen::core::types::{Cidr, Count, Days, Seconds};
use archgen::core::value::{Pseudo, Text, Value};

use super::{Edit, Random};

/// The resources of a platform.
pub fn graph(checked: &Checked) -> ResourceGraph {
    let graph = checked.graph().clone();
    let before = reports(&graph);
    assert!(before.iter().all(|it| it.broken.is_empty()), "{:#?}", before[0].broken);
    graph
}

fn reports(graph: &ResourceGraph) -> Vec<PoolReport> {
    isolation::prove(&Facts::of(graph), Some(&Model::new(graph)))
}

/// Edits a copy, and proves it.
pub fn prove(
    graph: &ResourceGraph,
    edit: impl FnOnce(&mut ResourceGraph) -> Edit,
) -> (Edit, Vec<PoolReport>) {
    let mut graph = graph.clone();
    let edit = edit(&mut graph);
    let reports = reports(&graph);
    (edit, reports)
}

fn id(name: &str) -> ResourceId {
    ResourceId::new(&[name])
}

/// The properties of a resource, which is there.
fn of<'a>(graph: &'a mut ResourceGraph, name: &str) -> &'a mut ResourceKind {
    match graph.resources.get_mut(&id(name)) {
        Some(it) => &mut it.kind,
        None => panic!("no resource `{name}`"),
    }
}

macro_rules! edit {
    ($graph:expr, $name:expr, $kind:ident, $it:ident => $do:expr) => {{
        let name: &str = $name;
        let ResourceKind::$kind($it) = of($graph, name) else {
            panic!("`{name}` is no {}", stringify!($kind))
        };
        $do;
    }};
}

fn arn(name: &str) -> Text {
    Text::attribute(id(name), Attribute::Arn)
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:REST`.
fn pattern(service: &str, rest: &str) -> Text {
    Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(format!(":{service}:"))
        .then(Text::pseudo(Pseudo::Region))
        .then(":")
        .then(Text::pseudo(Pseudo::AccountId))
        .then(format!(":{rest}"))
}

/// A rule of a security group, whose place and origin are those of the group.
fn rule(
    graph: &mut ResourceGraph,
    group: &str,
    direction: Direction,
    peer: RulePeer,
    traffic: Traffic,
) -> String {
    let name = format!("fault.{group}.{direction:?}").to_lowercase();
    let like = graph.resources.get(&id(group)).cloned();
    let Some(like) = like else { panic!("no group `{group}`") };
    let kind = SecurityGroupRule {
        group: Ref::new(id(group)),
        direction,
        peer,
        traffic,
        description: "a fault".to_string(),
    };
    let resource = Resource { id: id(&name), kind: kind.into(), ..like };
    graph.resources.insert(id(&name), resource);
    name
}

fn group(tenant: &str) -> String {
    format!("seats.{tenant}.security_group")
}

fn allow(action: &'static str, on: Text) -> Statement {
    Statement::allow("Fault", &[action], vec![on])
}

/// One fault of a platform whose tenants have everything for themselves.
pub fn fault(graph: &mut ResourceGraph, random: &mut Random) -> Edit {
    let (a, b) = random.two();
    let task = format!("seats.{a}.task_definition");
    let own = |what: &str| format!("seats.{a}.{what}");
    let others = |what: &str| format!("seats.{b}.{what}");
    match random.below(16) {
        0 => {
            let peer = RulePeer::Group(Ref::new(id(&group(a))));
            let all = random.below(2) == 0;
            let traffic = if all { Traffic::All } else { Traffic::tcp_port(443) };
            let rule = rule(graph, &group(b), Direction::Ingress, peer, traffic);
            Edit::fault(format!("rule: {a} into {b}"), &rule, &[Layer::Network])
        }
        1 => {
            let block: ipnet::IpNet = match "10.0.0.0/16".parse() {
                Ok(it) => it,
                Err(error) => panic!("{error}"),
            };
            let peer = RulePeer::Cidr(Value::Literal(Cidr(block)));
            let rule = rule(graph, &group(b), Direction::Ingress, peer, Traffic::tcp_port(443));
            Edit::fault(format!("block: the network into {b}"), &rule, &[Layer::Network])
        }
        2 => {
            let role = own(*random.pick(&["task_role", "execution_role"]));
            let secret = others("stripe.secret");
            let it = allow("secretsmanager:GetSecretValue", arn(&secret));
            edit!(graph, &role, Role, role => role.statements.push(it));
            Edit::fault(format!("statement: {role} reads {secret}"), &role, &[Layer::Identity])
        }
        3 => {
            let role = own("execution_role");
            let to = random.pick(&["secret:*", "*", "secret:*-*"]);
            let wide = if *to == "*" { Text::literal("*") } else { pattern("secretsmanager", to) };
            edit!(graph, &role, Role, role => {
                let it = role.statements.iter_mut().find(|it| it.sid == "ReadSecrets");
                match it {
                    Some(it) => it.resources.push(wide),
                    None => panic!("no secrets are read"),
                }
            });
            Edit::fault(format!("wildcard: {role} reads {to}"), &role, &[Layer::Identity])
        }
        4 => {
            let role = own("execution_role");
            edit!(graph, &role, Role, role => {
                for it in role.statements.iter_mut().filter(|it| it.sid == "WriteLogs") {
                    it.resources = vec![pattern("logs", "log-group:*")];
                }
            });
            Edit::fault(format!("wildcard: {role} writes logs"), &role, &[Layer::Identity])
        }
        5 => {
            let role = own("task_role");
            let on = if random.below(2) == 0 {
                pattern("kms", "key/*")
            } else {
                arn(&others("key.kms_key"))
            };
            edit!(graph, &role, Role, role => role.statements.push(allow("kms:Decrypt", on)));
            Edit::fault(format!("key: {role} decrypts for {b}"), &role, &[Layer::Identity])
        }
        6 => {
            let secret = arn(&others("stripe.secret"));
            edit!(graph, &task, TaskDefinition, it => {
                it.container.secrets.push(("SHARED".to_string(), secret));
            });
            Edit::fault(format!("secret: {a} is given that of {b}"), &task, &[Layer::Secrets])
        }
        7 => {
            let logs = Ref::new(id(&others("log_group")));
            edit!(graph, &task, TaskDefinition, it => it.container.log_group = logs);
            Edit::fault(format!("logs: {a} writes to those of {b}"), &task, &[Layer::Logs])
        }
        8 => {
            let secret = own("stripe.secret");
            let key = arn(&others("key.kms_key"));
            edit!(graph, &secret, Secret, it => it.kms_key = Some(key));
            Edit::fault(format!("key: of {b} on {secret}"), &secret, &[Layer::Keys])
        }
        9 => {
            // The smaller priority takes the requests of the other.
            let rule = format!("edge.seats.{a}.rule");
            edit!(graph, &rule, ListenerRule, it => {
                it.hosts = vec![Value::Literal(format!("{b}.example.com"))];
                it.priority = Value::Literal(1);
            });
            Edit::fault(format!("host: {rule} is for {b}"), &rule, &[Layer::Routing])
        }
        10 => {
            let rule = format!("edge.seats.{a}.rule");
            let host = *random.pick(&["*.example.com", "*", "*.com", "?*.example.com"]);
            edit!(graph, &rule, ListenerRule, it => {
                it.hosts = vec![Value::Literal(host.to_string())];
                it.priority = Value::Literal(1);
            });
            Edit::fault(format!("wildcard host: {rule} is for {host}"), &rule, &[Layer::Routing])
        }
        11 => {
            let rule = format!("edge.seats.{a}.rule");
            let targets = Ref::new(id(&format!("edge.seats.{b}.target_group")));
            edit!(graph, &rule, ListenerRule, it => {
                it.action = ListenerAction::Forward(vec![(targets, 1)]);
            });
            let layers = [Layer::Routing, Layer::Compute];
            Edit::fault(format!("targets: {rule} leads to {b}"), &rule, &layers)
        }
        12 => {
            let service = others("service");
            let group = Ref::new(id(&group(a)));
            edit!(graph, &service, Service, it => it.groups.push(group));
            let layers = [Layer::Compute, Layer::Network];
            Edit::fault(format!("group: of {a} on {service}"), &service, &layers)
        }
        13 => {
            let key = others("key.kms_key");
            let role = arn(&own("task_role"));
            edit!(graph, &key, KmsKey, it => it.statements.push(Statement {
                principal: Some(Principal::Arns(vec![role])),
                ..allow("kms:Decrypt", Text::literal("*"))
            }));
            Edit::fault(format!("key policy: {key} admits {a}"), &key, &[Layer::Identity])
        }
        14 => {
            let service = own("service");
            let task = Ref::new(id(&others("task_definition")));
            edit!(graph, &service, Service, it => it.task_definition = task);
            let layers = [Layer::Compute, Layer::Secrets, Layer::Logs, Layer::Identity];
            Edit::fault(format!("tasks: {service} runs those of {b}"), &service, &layers)
        }
        _ => {
            let task = own("task_definition");
            let role = Ref::new(id(&others("task_role")));
            edit!(graph, &task, TaskDefinition, it => it.task_role = role);
            let layers = [Layer::Identity, Layer::Compute];
            Edit::fault(format!("role: {task} has that of {b}"), &task, &layers)
        }
    }
}

/// One edit that lets nobody at anything.
pub fn harmless(graph: &mut ResourceGraph, random: &mut Random) -> Edit {
    let (a, b) = random.two();
    let own = |what: &str| format!("seats.{a}.{what}");
    match random.below(14) {
        0 => {
            // Nothing of the one may connect out by that port.
            let peer = RulePeer::Group(Ref::new(id(&group(a))));
            rule(graph, &group(b), Direction::Ingress, peer, Traffic::tcp_port(9000));
            Edit::harmless(format!("half a path: {a} into {b}"))
        }
        1 => {
            let peer = RulePeer::Group(Ref::new(id(&group(b))));
            rule(graph, &group(a), Direction::Egress, peer, Traffic::tcp_port(9000));
            Edit::harmless(format!("half a path: out of {a} to {b}"))
        }
        2 => {
            let peer = RulePeer::Group(Ref::new(id(&group(a))));
            rule(graph, &group(a), Direction::Ingress, peer, Traffic::All);
            Edit::harmless(format!("own rule: {a} into itself"))
        }
        3 => {
            let role = own("execution_role");
            let deny = Statement { allow: false, ..allow("secretsmanager:*", Text::literal("*")) };
            edit!(graph, &role, Role, role => role.statements.push(deny));
            Edit::harmless(format!("deny: {role}"))
        }
        4 => {
            let role = own("task_role");
            let it = allow("secretsmanager:*", arn(&own("stripe.secret")));
            edit!(graph, &role, Role, role => role.statements.push(it));
            Edit::harmless(format!("own secret: {role}"))
        }
        5 => {
            let role = own("task_role");
            let value = Text::literal(a);
            let it = Statement {
                conditions: vec![Condition {
                    operator: "StringEquals",
                    key: "aws:ResourceTag/tenant",
                    value,
                }],
                ..allow("kms:Decrypt", pattern("kms", "key/*"))
            };
            edit!(graph, &role, Role, role => role.statements.push(it));
            Edit::harmless(format!("own tag: {role}"))
        }
        6 => {
            let (one, other) = (format!("edge.seats.{a}.rule"), format!("edge.seats.{b}.rule"));
            let mut priorities = Vec::new();
            for name in [&one, &other] {
                edit!(graph, name, ListenerRule, it => priorities.push(it.priority.clone()));
            }
            edit!(graph, &one, ListenerRule, it => it.priority = priorities[1].clone());
            edit!(graph, &other, ListenerRule, it => it.priority = priorities[0].clone());
            Edit::harmless(format!("priorities: of {a} and {b} swapped"))
        }
        7 => {
            // Behind all others it gets what is nobody's.
            let rule = format!("edge.seats.{a}.rule");
            edit!(graph, &rule, ListenerRule, it => {
                it.hosts.push(Value::Literal(format!("{a}-eu.example.com")));
            });
            Edit::harmless(format!("second host: {rule}"))
        }
        8 => {
            let service = own("service");
            edit!(graph, &service, Service, it => {
                it.desired_count = Some(Value::Literal(Count(3)));
                it.bake_time = Value::Literal(Seconds(60));
            });
            Edit::harmless(format!("size: {service}"))
        }
        9 => {
            let logs = own("log_group");
            edit!(graph, &logs, LogGroup, it => it.retention = Value::Literal(Days(365)));
            Edit::harmless(format!("retention: {logs}"))
        }
        10 => {
            let task = own("task_definition");
            let secret = arn(&own("stripe.secret"));
            edit!(graph, &task, TaskDefinition, it => {
                it.container.secrets.push(("AGAIN".to_string(), secret));
                it.container.environment.push(("REGION".to_string(), Text::literal("eu")));
            });
            Edit::harmless(format!("own variable: {task}"))
        }
        11 => {
            let role = own("task_role");
            let it = allow("cloudwatch:PutMetricData", Text::literal("*"));
            edit!(graph, &role, Role, role => role.statements.push(it));
            Edit::harmless(format!("metrics: {role}"))
        }
        12 => {
            let secret = own("stripe.secret");
            edit!(graph, &secret, Secret, it => it.description = Text::literal("other words"));
            Edit::harmless(format!("description: {secret}"))
        }
        _ => {
            // The group is on nothing.
            let like = graph.resources.get(&id(&group(a))).cloned();
            let Some(like) = like else { panic!("no group of `{a}`") };
            graph.resources.insert(id("spare"), Resource { id: id("spare"), ..like });
            let peer = RulePeer::Group(Ref::new(id(&group(a))));
            rule(graph, "spare", Direction::Ingress, peer, Traffic::All);
            Edit::harmless(format!("spare group: of {a}"))
        }
    }
}

/// One fault of a platform whose tenants share tasks.
pub fn fault_of_shared(graph: &mut ResourceGraph, random: &mut Random) -> Edit {
    let (a, b) = random.two();
    let role = "seats.tenant_role";
    let stores = [Layer::Secrets, Layer::Logs, Layer::Keys, Layer::Database, Layer::Identity];
    let widen = |graph: &mut ResourceGraph, sid: &str, to: Text| {
        edit!(graph, role, Role, it => {
            for it in it.statements.iter_mut().filter(|it| it.sid == sid) {
                it.resources = vec![to.clone()];
                it.conditions.clear();
            }
        });
    };
    match random.below(7) {
        0 => {
            let to = random.pick(&["secret:*", "secret:together-production/seats/*"]);
            widen(graph, "ReadSecretsOfTheTenant", pattern("secretsmanager", to));
            Edit::fault(format!("session: reads {to}"), role, &stores)
        }
        1 => {
            widen(graph, "WriteLogsOfTheTenant", pattern("logs", "log-group:/tenants/*"));
            Edit::fault("session logs: all".to_string(), role, &stores)
        }
        2 => {
            widen(graph, "DecryptWhatIsTheTenants", pattern("kms", "key/*"));
            Edit::fault("session keys: all".to_string(), role, &stores)
        }
        3 => {
            let it = allow("secretsmanager:GetSecretValue", arn(&format!("seats.{b}.own.secret")));
            edit!(graph, role, Role, role => role.statements.push(it));
            Edit::fault(format!("session secret: of {b}"), role, &stores)
        }
        4 => {
            let secret = format!("seats.{a}.own.secret");
            let key = arn(&format!("seats.{b}.key.kms_key"));
            edit!(graph, &secret, Secret, it => it.kms_key = Some(key));
            Edit::fault(format!("key: of {b} on {secret}"), &secret, &[Layer::Keys])
        }
        5 => {
            let logs = format!("seats.{a}.log_group");
            let key = arn(&format!("seats.{b}.key.kms_key"));
            edit!(graph, &logs, LogGroup, it => it.kms_key = Some(key));
            Edit::fault(format!("log key: of {b} on {logs}"), &logs, &[Layer::Keys])
        }
        _ => {
            let it = Statement {
                conditions: vec![Condition {
                    operator: "StringLike",
                    key: "aws:ResourceTag/tenant",
                    value: Text::literal("*"),
                }],
                ..allow("kms:Decrypt", pattern("kms", "key/*"))
            };
            edit!(graph, role, Role, role => role.statements.push(it));
            Edit::fault("session tag: any".to_string(), role, &stores)
        }
    }
}
