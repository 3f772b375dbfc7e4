//! Random pools with random faults, against a search that compares every two tenants by itself: concrete ARNs,
//! concrete requests, one question to the network for each pair.

use std::collections::BTreeSet;

use super::world::*;
use crate::network::tests::world::{group, reference, tcp};
use crate::network::{Answer, Model, Question, Side, Wanted};
use crate::resource::elb::ListenerAction;
use crate::resource::iam::Statement;
use crate::resource::network::Direction;
use crate::resource::{
    Attribute, ListenerRule, ResourceGraph, ResourceKind, Role, Service, TaskDefinition,
};
use crate::tenant_fields::{ComputeIsolation, Layer};
use crate::value::{Part, Text, Value};

struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % count
    }
}

const KEYS: [&str; 4] = ["acme", "acorn", "globex", "initech"];

fn text(text: &Text, graph: &ResourceGraph) -> String {
    let part = |it: &Part| match it {
        Part::Literal(it) => it.clone(),
        Part::Attribute(id, attribute) => {
            let own = concrete(id.as_str(), graph);
            if *attribute == Attribute::Id {
                own.rsplit_once(':').map(|it| it.1.to_string()).unwrap_or(own)
            } else {
                own
            }
        }
        Part::Pseudo(crate::value::Pseudo::Region) => "eu-west-1".to_string(),
        Part::Pseudo(crate::value::Pseudo::AccountId) => "123456789012".to_string(),
        Part::Pseudo(_) => "aws".to_string(),
        Part::Parameter(_) | Part::Member(_) | Part::Unknown => "?".to_string(),
    };
    text.0.iter().map(part).collect()
}

/// The ARN of a resource once it is there.
fn concrete(name: &str, graph: &ResourceGraph) -> String {
    let start = |service: &str| format!("arn:aws:{service}:eu-west-1:123456789012:");
    let kind = &graph.resources[&id(name)].kind;
    if let ResourceKind::Secret(it) = kind {
        let own = it.name.as_ref().map(|it| text(it, graph)).unwrap_or_default();
        return format!("{}secret:{own}-Ab12Cd", start("secretsmanager"));
    }
    if let ResourceKind::LogGroup(it) = kind {
        return format!("{}log-group:{}", start("logs"), text(&it.name, graph));
    }
    match kind.type_name() {
        "KmsKey" => format!("{}key/{name}", start("kms")),
        "Role" => format!("arn:aws:iam::123456789012:role/{name}"),
        "Service" => format!("{}service/cluster/{name}", start("ecs")),
        other => format!("arn:aws:none::{other}/{name}"),
    }
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some(b'*'), _) => {
            matches(&pattern[1..], text) || !text.is_empty() && matches(pattern, &text[1..])
        }
        (Some(b'?'), Some(_)) => matches(&pattern[1..], &text[1..]),
        (Some(a), Some(b)) if a == b => matches(&pattern[1..], &text[1..]),
        _ => false,
    }
}

/// Whether statements let a session with a tag do something with a resource.
fn allowed(statements: &[Statement], tag: Option<&str>, name: &str, graph: &ResourceGraph) -> bool {
    let action = match graph.resources[&id(name)].kind.type_name() {
        "Secret" => "secretsmanager:GetSecretValue",
        "LogGroup" => "logs:PutLogEvents",
        "KmsKey" => "kms:Decrypt",
        "Role" => "iam:PassRole",
        "Service" => "ecs:UpdateService",
        _ => return false,
    };
    let own = concrete(name, graph);
    let streams = format!("{own}:stream");
    let filled = |it: &Text| {
        let pattern = text(it, graph);
        if !pattern.contains("${aws:PrincipalTag/tenant}") {
            return Some(pattern);
        }
        tag.map(|tag| pattern.replace("${aws:PrincipalTag/tenant}", tag))
    };
    let tags = graph.resource_tags.get(&id(name));
    let applies = |it: &Statement| {
        it.actions.iter().any(|it| matches(it.as_bytes(), action.as_bytes()))
            && it.resources.iter().filter_map(filled).any(|it| {
                matches(it.as_bytes(), own.as_bytes()) || matches(it.as_bytes(), streams.as_bytes())
            })
            && it.conditions.iter().all(|it| {
                let there = tags.and_then(|it| it.get("tenant"));
                there.is_some() && there == filled(&it.value).as_ref()
            })
    };
    statements.iter().any(|it| it.allow && applies(it))
        && !statements.iter().any(|it| !it.allow && applies(it))
}

struct Search<'a> {
    built: &'a Built,
    graph: ResourceGraph,
    model: Model,
}

impl Search<'_> {
    fn things(&self, key: &str) -> Vec<String> {
        self.built.tenants[key].resources.iter().map(|it| it.to_string()).collect()
    }

    /// Whether the roles that work for one tenant get at anything of another.
    fn identity(&self, one: &str, other: &str) -> bool {
        let mut acting: Vec<(Vec<Statement>, Option<&str>)> = Vec::new();
        for name in self.things(one) {
            if let ResourceKind::Role(it) = &self.graph.resources[&id(&name)].kind {
                let tags = self.graph.resource_tags.get(&id(&name));
                let tag = tags.and_then(|it| it.get("tenant")).map(String::as_str);
                acting.push((it.statements.clone(), tag));
            }
        }
        if self.built.tenants[one].isolation.compute == ComputeIsolation::Pool {
            for (name, tag) in [
                ("api.task_role", None),
                ("api.execution_role", None),
                ("seats.tenant_role", Some(one)),
            ] {
                let role = self.graph.get::<Role>(&reference(name)).expect("a role");
                acting.push((role.statements.clone(), tag));
            }
        }
        let things = self.things(other);
        acting.iter().any(|(statements, tag)| {
            things.iter().any(|it| allowed(statements, *tag, it, &self.graph))
        })
    }

    fn network(&self, one: &str, other: &str) -> bool {
        let side = |key: &str| Side::Endpoint(format!("seats.{key}"));
        if [one, other].iter().any(|it| self.model.endpoint(&format!("seats.{it}")).is_none()) {
            return false;
        }
        let reach = self.model.reach(&side(one), &side(other), &Wanted::anything(), Question::Open);
        reach.answer == Answer::Yes
    }

    fn routing(&self, one: &str, other: &str) -> bool {
        let rule = |key: &str| {
            self.graph
                .get::<ListenerRule>(&reference(&format!("seats.{key}.rule")))
                .expect("a rule")
        };
        let (a, b) = (rule(one), rule(other));
        if a.action == b.action {
            return false;
        }
        let takes = |it: &ListenerRule, host: &str| {
            it.hosts.is_empty()
                || it
                    .hosts
                    .iter()
                    .filter_map(Value::literal)
                    .any(|it| matches(it.as_bytes(), host.as_bytes()))
        };
        let mut hosts: BTreeSet<String> = BTreeSet::new();
        for it in a.hosts.iter().chain(&b.hosts).filter_map(Value::literal) {
            for with in
                ["", "e", "me", "obex", "orn", "acme", "globex", "acorn", "initech", "nitech"]
            {
                hosts.insert(it.replace('*', with));
            }
        }
        hosts.iter().any(|it| takes(a, it) && takes(b, it))
    }

    /// Whether a resource of one uses what is another's.
    fn uses(&self, one: &str, other: &str) -> bool {
        let theirs: BTreeSet<String> = self.things(other).into_iter().collect();
        self.things(one).iter().any(|name| {
            let kind = &self.graph.resources[&id(name)].kind;
            let mut used: Vec<String> = Vec::new();
            if let ResourceKind::TaskDefinition(TaskDefinition {
                container,
                task_role,
                execution_role,
                ..
            }) = kind
            {
                used.push(container.log_group.id().to_string());
                used.push(task_role.id().to_string());
                used.push(execution_role.id().to_string());
                for (_, it) in &container.secrets {
                    if let [Part::Attribute(it, _)] = it.0.as_slice() {
                        used.push(it.to_string());
                    }
                }
            }
            if let ResourceKind::Service(Service { groups, task_definition, .. }) = kind {
                used.push(task_definition.id().to_string());
                used.extend(groups.iter().map(|it| it.id().to_string()));
            }
            if let ResourceKind::ListenerRule(it) = kind
                && let ListenerAction::Forward(all) = &it.action
            {
                used.extend(all.iter().map(|it| it.0.id().to_string()));
            }
            used.iter().any(|it| theirs.contains(it))
        })
    }
}

fn fault(built: &mut Built, random: &mut Random, keys: &[&str]) -> String {
    let a = keys[random.below(keys.len())];
    let b = keys[random.below(keys.len())];
    let own = |it: &str| format!("seats.{a}.{it}");
    let has_tasks =
        |it: &str, built: &Built| built.tenants[it].isolation.compute != ComputeIsolation::Pool;
    let (a_tasks, b_tasks) = (has_tasks(a, built), has_tasks(b, built));
    let is_silo =
        |it: &str, built: &Built| built.tenants[it].isolation.compute == ComputeIsolation::Silo;
    let which = random.below(8);
    let name = format!("{which} {a} {b}");
    match which {
        0 | 1 => {
            let patterns = [
                "secret:shop-production/seats/*".to_string(),
                format!("secret:shop-production/seats/{b}/*"),
                format!("secret:shop-production/seats/{a}*"),
                format!("secret:shop-production/seats/{}*", &a[..2]),
                "secret:shop-production/other/*".to_string(),
                "secret:shop-production/seats/*/app-??????".to_string(),
                "secret:*/acme/*".to_string(),
            ];
            let pattern = arn("secretsmanager", patterns[random.below(patterns.len())].as_str());
            let role = if a_tasks { own("task_role") } else { "seats.tenant_role".to_string() };
            let added = Statement::allow("Added", &["secretsmanager:Get*"], vec![pattern]);
            built.statements(&role).push(added);
        }
        2 => {
            let actions: &[&[&'static str]] =
                &[&["logs:*"], &["kms:Decrypt"], &["ecs:Update*"], &["s3:*"], &["iam:PassRole"]];
            let role = if a_tasks { own("task_role") } else { "seats.tenant_role".to_string() };
            let mut added = Statement::allow(
                "Added",
                actions[random.below(actions.len())],
                vec![Text::literal("*")],
            );
            if random.below(2) == 0 {
                added.conditions.push(same_tenant());
            }
            built.statements(&role).push(added);
        }
        3 => {
            let hosts = [
                format!("{b}.example.com"),
                "*.example.com".to_string(),
                format!("{}*.example.com", &a[..2]),
                format!("www.{a}.example.com"),
            ];
            let host = hosts[random.below(hosts.len())].clone();
            if let ResourceKind::ListenerRule(it) = built.kind(&own("rule")) {
                it.hosts = vec![Value::Literal(host)];
            }
        }
        4 if a_tasks => {
            let to = format!("seats.{b}.secret");
            if let ResourceKind::TaskDefinition(it) = built.kind(&own("task_definition")) {
                it.container.secrets.push(("X".to_string(), of(&to, Attribute::Arn)));
            }
        }
        5 if a_tasks && is_silo(b, built) => {
            let to = format!("seats.{b}.security_group");
            if let ResourceKind::Service(it) = built.kind(&own("service"))
                && !it.groups.contains(&reference(&to))
            {
                it.groups.push(reference(&to));
            }
        }
        6 if a_tasks && b_tasks => {
            let group_of = |it: &str, built: &Built| {
                if is_silo(it, built) {
                    format!("seats.{it}.security_group")
                } else {
                    "api.security_group".to_string()
                }
            };
            let (from, to) = (group_of(a, built), group_of(b, built));
            let port = 9000 + random.below(2) as u16;
            if random.below(2) == 0 {
                built.world.rule(&from, Direction::Egress, group(&to), tcp(port, port));
            } else {
                built.world.rule(&to, Direction::Ingress, group(&from), tcp(port, port));
                built.world.rule(&from, Direction::Egress, group(&to), tcp(9000, 9000));
            }
        }
        7 if a_tasks => {
            let deny = Statement {
                allow: false,
                ..Statement::allow(
                    "Denied",
                    &["secretsmanager:*", "kms:*"],
                    vec![Text::literal("*")],
                )
            };
            built.statements(&own("task_role")).push(deny);
        }
        _ => {}
    }
    name
}

#[test]
fn as_a_search_pair_by_pair_finds() {
    let mut broken = 0;
    for seed in 0..150 {
        let mut random = Random(seed * 7919 + 13);
        let mut built = Built::new();
        let count = 2 + random.below(3);
        let keys = &KEYS[..count];
        for key in keys {
            let compute = ComputeIsolation::ALL[random.below(3)];
            built.tenant(key, apart(compute, None));
        }
        let faults: Vec<String> =
            (0..random.below(4)).map(|_| fault(&mut built, &mut random, keys)).collect();
        let graph = built.graph();
        let model = Model::new(&graph);
        let search = Search { built: &built, graph, model };
        let report = built.report();
        for (at, one) in keys.iter().enumerate() {
            for other in &keys[at + 1..] {
                let numbers = (report.tenant(one).expect("it"), report.tenant(other).expect("it"));
                let cells = report.pair(numbers.0, numbers.1);
                let is_broken = |layer: Layer| {
                    cells.iter().any(|it| it.layer == layer && it.verdict.as_str() == "broken")
                };
                let either = |f: &dyn Fn(&str, &str) -> bool| f(one, other) || f(other, one);
                let says = format!("seed {seed}, {one} {other}: {faults:?}\n{:#?}", built.broken());
                let network = either(&|a, b| search.network(a, b));
                assert_eq!(is_broken(Layer::Network), network, "network, {says}");
                let routing = either(&|a, b| search.routing(a, b));
                assert_eq!(is_broken(Layer::Routing), routing, "routing, {says}");
                let identity = either(&|a, b| search.identity(a, b));
                let uses = either(&|a, b| search.uses(a, b));
                let any = cells.iter().any(|it| it.verdict.as_str() == "broken");
                assert_eq!(any, network || routing || identity || uses, "any, {says}");
                broken += usize::from(any);
            }
        }
    }
    assert!(broken > 40, "{broken}");
}
