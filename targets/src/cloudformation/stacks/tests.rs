//! Histories of growth: whatever is added and removed, what was placed stays, no stack is too large, stacks need each
//! other one way, and joined they are the one template.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::Loc;
use archgen_core::codes::Code;
use archgen_core::history::MAIN_STACK;
use archgen_core::resource::cloudwatch::{Metric, Statistic, Widget};
use archgen_core::resource::iam::{Statement, Trust};
use archgen_core::resource::network::{Direction, RulePeer, Traffic};
use archgen_core::resource::tenancy::{Isolation, Quota, Tenancy, Tenant};
use archgen_core::resource::*;
use archgen_core::tenant_fields::{ComputeIsolation, Sharing};
use archgen_core::types::{Count, Days};
use archgen_core::value::{Text, Value};
use proptest::prelude::*;

use super::super::expr::{Expr, Object};
use super::*;
use crate::testing::{Builder, ipv4, parameter};

/// Small, so that small architectures need several stacks.
const SMALL: Limits = Limits { resources: 30, bytes: 60_000, outputs: 30, parameters: 10 };

/// What an architecture is made of.
#[derive(Clone, Debug, Default)]
struct World {
    /// The tenants of each pool, with how much each has grown.
    tenants: BTreeMap<(&'static str, u32), u32>,
    /// The declarations by number: how much each has grown, and the number of one that it uses.
    declarations: BTreeMap<u32, (u32, Option<u32>)>,
    /// The declarations that something which is there already came to use: `main` of the network uses them.
    used: BTreeSet<u32>,
    /// Whether a shared role may read the secrets of all tenants.
    pooled: bool,
    /// Whether there is a dashboard of all tenants.
    watched: bool,
}

fn secret(it: &mut Builder, id: &str) -> Ref<Secret> {
    let secret = Secret {
        username: None,
        fields: Vec::new(),
        name: None,
        description: "a secret".into(),
        generate: Value::Literal(Count(32)),
        kms_key: None,
        replica_regions: Vec::new(),
    };
    it.add(id, secret)
}

fn reader(it: &mut Builder, id: &str, of: Vec<Text>) -> Ref<Role> {
    let statements = vec![Statement::allow("Read", &["secretsmanager:GetSecretValue"], of)];
    let description = "reads".to_string();
    it.add(
        id,
        Role {
            trust: Trust::Service("ecs-tasks"),
            description,
            managed_policies: Vec::new(),
            statements,
        },
    )
}

fn group(it: &mut Builder, id: &str, vpc: &Ref<Vpc>) -> Ref<SecurityGroup> {
    let group = SecurityGroup {
        vpc: vpc.clone(),
        description: "a group".to_string(),
        group_name: None,
        default_egress: Value::Literal(false),
    };
    it.add(id, group)
}

fn rule(it: &mut Builder, id: &str, group: &Ref<SecurityGroup>, peer: &Ref<SecurityGroup>) {
    let rule = SecurityGroupRule {
        group: group.clone(),
        direction: Direction::Ingress,
        peer: RulePeer::Group(peer.clone()),
        traffic: Traffic::tcp_port(443),
        description: "a rule".to_string(),
    };
    it.add(id, rule);
}

fn log(it: &mut Builder, id: &str) -> Ref<LogGroup> {
    let name = Text::from(format!("/{id}").as_str());
    it.add(id, LogGroup { name, retention: Value::Literal(Days(30)), kms_key: None })
}

impl World {
    fn graph(&self) -> ResourceGraph {
        let mut it = Builder::new();
        let vpc = it.add("network.vpc", Vpc { cidr: ipv4("10.0.0.0/16") });
        let shared = group(&mut it, "platform.group", &vpc);
        let key = secret(&mut it, "platform.secret");
        let mut used = vec![key.attribute(Attribute::Arn)];
        used.extend(
            self.used.iter().filter(|it| self.declarations.contains_key(it)).map(|it| {
                Text::attribute(ResourceId::new(&[&format!("d{it}.group")]), Attribute::Id)
            }),
        );
        reader(&mut it, "network.role", used);
        for (number, (grown, uses)) in &self.declarations {
            let name = |what: &str| format!("d{number}.{what}");
            let own = group(&mut it, &name("group"), &vpc);
            let mut of = vec![secret(&mut it, &name("secret")).attribute(Attribute::Arn)];
            let other = uses.filter(|it| self.declarations.contains_key(it) && it != number);
            of.extend(other.map(|it| {
                Text::attribute(ResourceId::new(&[&format!("d{it}.group")]), Attribute::Id)
            }));
            reader(&mut it, &name("role"), of);
            rule(&mut it, &format!("connect.d{number}.platform"), &shared, &own);
            (0..*grown).for_each(|at| drop(secret(&mut it, &name(&format!("more{at}")))));
            if let Some(role) = it.0.resources.get_mut(&ResourceId::new(&[&name("role")])) {
                role.depends_on = vec![ResourceId::new(&[&format!("connect.d{number}.platform")])];
            }
        }
        let mut pools: BTreeMap<String, Tenancy> = BTreeMap::new();
        let (mut secrets, mut logs) = (Vec::new(), Vec::new());
        for ((pool, tenant), grown) in &self.tenants {
            let name = |what: &str| format!("{pool}.t{tenant}.{what}");
            let before: BTreeSet<ResourceId> = it.0.resources.keys().cloned().collect();
            let own = group(&mut it, &name("group"), &vpc);
            rule(&mut it, &name("rule"), &shared, &own);
            let secret_arn = secret(&mut it, &name("secret")).attribute(Attribute::Arn);
            let of =
                vec![secret_arn.clone(), key.attribute(Attribute::Arn), Text::parameter("tag")];
            reader(&mut it, &name("role"), of);
            if self.pooled {
                // Somebody of the tenant's needs what needs all tenants.
                let pooled = Text::attribute(ResourceId::new(&["pooled.role"]), Attribute::Arn);
                reader(&mut it, &name("guard"), vec![pooled]);
            }
            logs.push(log(&mut it, &name("logs")).attribute(Attribute::Id));
            secrets.push(secret_arn);
            (0..*grown).for_each(|at| drop(secret(&mut it, &name(&format!("more{at}")))));
            let resources = it.0.resources.keys().filter(|it| !before.contains(it)).cloned();
            let isolation = Isolation {
                compute: ComputeIsolation::Silo,
                database: None,
                network: Sharing::PerTenant,
                secrets: Sharing::PerTenant,
                keys: Sharing::Shared,
                logs: Sharing::PerTenant,
                routed: false,
            };
            let tenant_of = Tenant {
                loc: Loc::NONE,
                isolation,
                quota: Quota::default(),
                resources: resources.collect(),
            };
            let all = pools.entry((*pool).to_string()).or_insert_with(|| Tenancy {
                name: (*pool).to_string(),
                loc: Loc::NONE,
                at_most: 10_000,
                shared_service: None,
                database: None,
                tenants: BTreeMap::new(),
            });
            all.tenants.insert(format!("t{tenant}"), tenant_of);
        }
        if self.pooled && !secrets.is_empty() {
            reader(&mut it, "pooled.role", secrets);
        }
        if self.watched && !logs.is_empty() {
            let metric = |of: Text| Metric {
                namespace: "AWS/Logs".into(),
                name: "IncomingBytes".into(),
                dimensions: vec![("LogGroupName".to_string(), of)],
                statistic: Statistic::Sum,
            };
            let metrics = logs.into_iter().map(metric).collect();
            let widgets = vec![Widget { title: "all".to_string(), metrics }];
            it.add("board.dashboard", Dashboard { name: "board".into(), widgets });
        }
        it.0.tenancies = pools;
        it.0.parameters.insert("tag".to_string(), parameter("tag"));
        let name = ResourceId::new(&["platform", "secret_arn"]);
        let value = key.attribute(Attribute::Arn);
        it.0.outputs.insert(
            name.clone(),
            archgen_core::resource::Output { name, description: "the secret".into(), value },
        );
        it.0
    }
}

/// The stacks over what was there.
fn emit(graph: &mut ResourceGraph, before: &BTreeMap<ResourceId, String>) -> Stacks {
    graph.stacks = before.clone();
    graph.stacks.retain(|it, _| graph.resources.contains_key(it));
    of_graph("shop", "test", "shop-test", graph, &SMALL)
}

/// What the lock has of them afterwards.
fn recorded(graph: &ResourceGraph, stacks: &Stacks) -> BTreeMap<ResourceId, String> {
    let at = |id| stacks.placement().get(id).map_or(MAIN_STACK, String::as_str).to_string();
    graph.resources.keys().map(|it| (it.clone(), at(it))).collect()
}

/// A value with what was imported put back.
fn rejoin(value: &Expr, exports: &BTreeMap<String, Expr>) -> Expr {
    match value {
        Expr::Import(name) => exports[name].clone(),
        Expr::List(all) => Expr::List(all.iter().map(|it| rejoin(it, exports)).collect()),
        Expr::Join(all) => Expr::concat(all.iter().map(|it| rejoin(it, exports))),
        Expr::Object(all) => {
            let all = all.0.iter().map(|(name, it)| (name.clone(), rejoin(it, exports)));
            Expr::Object(Object(all.collect()))
        }
        Expr::Text(_)
        | Expr::Integer(_)
        | Expr::Float(_)
        | Expr::Bool(_)
        | Expr::Ref(_)
        | Expr::GetAtt(..)
        | Expr::Sub(_)
        | Expr::Select(..)
        | Expr::Cidr(..)
        | Expr::GetAzs
        | Expr::Base64(_)
        | Expr::If { .. }
        | Expr::Equals(..) => value.clone(),
    }
}

/// What must hold of any stacks.
fn verify(graph: &ResourceGraph, stacks: &Stacks) {
    let whole = super::super::write_graph("shop", "test", graph);
    let (mut deployed, mut exports) = (BTreeSet::new(), BTreeMap::new());
    let (mut resources, mut outputs) = (BTreeMap::new(), BTreeMap::new());
    for it in stacks.iter() {
        let load = split::load(&it.template, it.json());
        assert_eq!(load.exceeds(&SMALL), None, "{}", it.name);
        assert_eq!(it.json(), it.template.json());
        assert!(it.depends_on.iter().all(|it| deployed.contains(it)), "{} too early", it.name);
        let template = &it.template;
        for name in template.references() {
            let known = template.resources.contains_key(&name);
            assert!(known || template.parameters.contains_key(&name), "{}: {name}", it.name);
        }
        let used = template.references();
        assert!(template.parameters.keys().all(|it| used.contains(it)));
        let values = template.resources.values().map(|it| &it.properties);
        let values = values.chain(template.outputs.values().map(|it| &it.value));
        let known: BTreeSet<&String> = exports.keys().collect();
        for value in values {
            let text = serde_json::to_string(value).expect("JSON");
            for part in text.split("{\"Fn::ImportValue\":\"").skip(1) {
                let name = part.split('"').next().unwrap_or_default().to_string();
                assert!(known.contains(&name), "{} imports {name}, which is not there", it.name);
            }
        }
        for (id, it) in &template.outputs {
            match &it.export {
                Some(name) => {
                    assert!(exports.insert(name.clone(), it.value.clone()).is_none(), "{name}");
                }
                None => drop(outputs.insert(id.clone(), it.clone())),
            }
        }
        for (id, resource) in &template.resources {
            assert!(resources.insert(id.clone(), resource.clone()).is_none(), "{id} twice");
        }
        deployed.insert(it.name.clone());
    }
    assert_eq!(resources.keys().collect::<Vec<_>>(), whole.resources.keys().collect::<Vec<_>>());
    for (id, it) in &whole.resources {
        let written = &resources[id];
        assert_eq!(rejoin(&written.properties, &exports), it.properties, "{id}");
        assert_eq!((written.kind, written.retention), (it.kind, it.retention), "{id}");
        assert!(written.depends_on.is_subset(&it.depends_on), "{id}");
    }
    for (id, it) in &whole.outputs {
        assert_eq!(rejoin(&outputs[id].value, &exports), it.value, "{id}");
    }
}

/// A step of a history.
#[derive(Clone, Debug)]
enum Step {
    Tenants(&'static str, u32, u32),
    NoTenant(u32),
    Grow(u32, u32),
    Declaration(u32, Option<u32>),
    NoDeclaration(u32),
    GrowDeclaration(u32, u32),
    /// Something that is there comes to use what may be new: the one step that may be refused.
    Use(u32),
    Watch(bool),
    Pool(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let pool = prop_oneof![Just("seats"), Just("desks")];
    prop_oneof![
        4 => (pool, 0..30u32, 1..9u32).prop_map(|(pool, from, count)| Step::Tenants(pool, from, count)),
        3 => any::<u32>().prop_map(Step::NoTenant),
        2 => (any::<u32>(), 0..4u32).prop_map(|(at, more)| Step::Grow(at, more)),
        4 => (0..15u32, prop::option::of(0..15u32)).prop_map(|(at, uses)| Step::Declaration(at, uses)),
        2 => any::<u32>().prop_map(Step::NoDeclaration),
        2 => (any::<u32>(), 0..4u32).prop_map(|(at, more)| Step::GrowDeclaration(at, more)),
        1 => (0..15u32).prop_map(Step::Use),
        1 => any::<bool>().prop_map(Step::Watch),
        1 => any::<bool>().prop_map(Step::Pool),
    ]
}

impl World {
    /// The world after a step.
    fn after(&self, step: &Step) -> World {
        let mut it = self.clone();
        let nth = |at: u32, count: usize| at as usize % count.max(1);
        match step {
            Step::Tenants(pool, from, count) => {
                let new = (*from..from + count).map(|at| ((*pool, at), 0));
                let known = std::mem::take(&mut it.tenants);
                it.tenants = new.chain(known).collect();
            }
            Step::NoTenant(at) => {
                let key = it.tenants.keys().nth(nth(*at, it.tenants.len())).copied();
                key.map(|key| it.tenants.remove(&key));
            }
            Step::Grow(at, more) => {
                let at = nth(*at, it.tenants.len());
                it.tenants.values_mut().nth(at).into_iter().for_each(|it| *it = *more);
            }
            Step::Declaration(at, uses) => {
                // What a declaration uses is there before it: never a circle.
                it.declarations.entry(*at).or_insert((0, uses.filter(|it| it < at)));
            }
            Step::NoDeclaration(at) => {
                let key = it.declarations.keys().nth(nth(*at, it.declarations.len())).copied();
                key.map(|key| it.declarations.remove(&key));
            }
            Step::GrowDeclaration(at, more) => {
                let at = nth(*at, it.declarations.len());
                it.declarations.values_mut().nth(at).into_iter().for_each(|it| it.0 = *more);
            }
            Step::Use(at) => drop(it.used.insert(*at)),
            Step::Watch(is) => it.watched = *is,
            Step::Pool(is) => it.pooled = *is,
        }
        it
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_history_moves_nothing(steps in prop::collection::vec(step(), 1..25)) {
        let (mut world, mut before) = (World::default(), BTreeMap::new());
        for step in &steps {
            let next = world.after(step);
            let mut graph = next.graph();
            let stacks = emit(&mut graph, &before);
            if !stacks.problems().is_empty() {
                // Something that was there came to need something for which its stack has no room: refused, so
                // nothing is emitted and the history goes on without it.
                let codes: Vec<Code> = stacks.problems().iter().map(|it| it.code).collect();
                prop_assert!(
                    !next.used.is_empty() || next.pooled || next.declarations.values().any(|it| it.1.is_some()),
                    "{codes:?} after {step:?}"
                );
                continue;
            }
            verify(&graph, &stacks);
            let after = recorded(&graph, &stacks);
            for (id, was) in &before {
                let is_view = id.as_str() == "board.dashboard";
                if let Some(is) = after.get(id).filter(|_| !is_view) {
                    prop_assert_eq!(was, is, "{} moved", id);
                }
            }
            // Nothing changed: nothing changes.
            let again = emit(&mut graph, &after);
            prop_assert_eq!(again.files(Format::Json), stacks.files(Format::Json));
            (world, before) = (next, after);
        }
    }
}

fn tenants(count: u32) -> World {
    let tenants = (0..count).map(|it| (("seats", it), 0)).collect();
    World { tenants, watched: true, ..World::default() }
}

#[test]
fn what_fits_is_one_template() {
    let mut graph = tenants(3).graph();
    let stacks = emit(&mut graph, &BTreeMap::new());
    assert!(stacks.is_one() && stacks.placement().is_empty());
    let text = super::super::write_graph("shop", "test", &graph).json();
    let files = Files::from([("template.json".to_string(), text.into_bytes())]);
    assert_eq!(stacks.files(Format::Json), files);
}

#[test]
fn tenants_are_in_numbered_stacks_and_what_looks_at_them_in_the_last() {
    let mut graph = tenants(10).graph();
    let stacks = emit(&mut graph, &BTreeMap::new());
    verify(&graph, &stacks);
    let names: Vec<&str> = stacks.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["main", "seats-1", "seats-2", "last"]);
    let manifest = &stacks.files(Format::Json)[MANIFEST];
    let manifest: serde_json::Value = serde_json::from_slice(manifest).expect("JSON");
    assert_eq!(
        manifest["stacks"][1].to_string(),
        r#"{"depends_on":["main"],"file":"stacks/seats-1.json","name":"seats-1","stack_name":"shop-test-seats-1"}"#
    );
    // One more fills what has room, one less leaves a hole that is filled.
    let before = recorded(&graph, &stacks);
    let mut world = tenants(11);
    world.tenants.remove(&("seats", 0));
    let mut graph = world.graph();
    let stacks = emit(&mut graph, &before);
    verify(&graph, &stacks);
    let at = |it: &str| stacks.placement()[&ResourceId::new(&[it])].clone();
    assert_eq!(at("seats.t10.secret"), "seats-1");
    assert_eq!(at("seats.t10.rule"), "seats-1");
    assert_eq!(at("seats.t9.secret"), before[&ResourceId::new(&["seats.t9.secret"])]);
}

#[test]
fn what_was_one_stack_stays_and_what_is_new_gets_stacks() {
    let mut graph = tenants(4).graph();
    let stacks = emit(&mut graph, &BTreeMap::new());
    assert!(stacks.is_one());
    let before = recorded(&graph, &stacks);
    let mut graph = tenants(12).graph();
    let stacks = emit(&mut graph, &before);
    verify(&graph, &stacks);
    let at = |it: &str| stacks.placement().get(&ResourceId::new(&[it])).cloned();
    assert_eq!(at("seats.t0.secret"), None);
    assert_eq!(at("seats.t9.secret").as_deref(), Some("seats-2"));
    assert_eq!(at("board.dashboard").as_deref(), Some("last"));
    // Without the new ones it is one again.
    let mut graph = tenants(4).graph();
    graph.stacks = recorded(&graph, &stacks);
    let graph_stacks = graph.stacks.clone();
    let stacks = emit(&mut graph, &graph_stacks);
    let names: Vec<&str> = stacks.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["main", "last"]);
}

#[test]
fn tenants_stay_together_though_something_shared_needs_all_of_them() {
    let mut graph = World { pooled: true, ..tenants(40) }.graph();
    let stacks = emit(&mut graph, &BTreeMap::new());
    assert_eq!(stacks.problems(), []);
    verify(&graph, &stacks);
    for tenant in graph.tenancies["seats"].tenants.values() {
        let at: BTreeSet<&str> = tenant.resources.iter().map(|it| stacks.stack_of(it)).collect();
        // What guards comes after what is shared, and all else before.
        assert_eq!(at.len(), 2, "{at:?}");
    }
    assert!(stacks.stack_of(&ResourceId::new(&["pooled.role"])).ends_with("-last"));
}

#[test]
fn a_stack_that_grows_too_large_is_refused_with_the_way_out() {
    // What was there comes to use new things until its stack is full.
    let mut world =
        World { declarations: (0..6).map(|it| (it, (0, None))).collect(), ..World::default() };
    let mut graph = world.graph();
    let stacks = emit(&mut graph, &BTreeMap::new());
    assert!(stacks.is_one());
    let before = recorded(&graph, &stacks);
    world.declarations.extend((6..14).map(|it| (it, (0, None))));
    world.used.extend(6..14);
    let stacks = emit(&mut world.graph(), &before);
    let codes: Vec<Code> = stacks.problems().iter().map(|it| it.code).collect();
    assert!(!codes.is_empty(), "{:?}", stacks.iter().map(|it| &it.name).collect::<Vec<_>>());
    assert!(stacks.problems().iter().all(|it| it.code == Code::AG0710 || it.code == Code::AG0711));
}

#[test]
fn ten_thousand_tenants_take_no_time() {
    let graph = tenants(if cfg!(debug_assertions) { 1_000 } else { 10_000 }).graph();
    let start = std::time::Instant::now();
    let stacks = of_graph("shop", "test", "shop-test", &graph, &AWS);
    let took = start.elapsed();
    assert!(stacks.problems().is_empty());
    assert!(stacks.iter().count() > 10);
    assert!(took.as_secs() < 10, "{took:?}");
    if std::env::var_os("ARCHGEN_TIMES").is_some() {
        panic!("{} stacks in {took:?}", stacks.iter().count());
    }
}

#[test]
fn stacks_are_ranked_as_they_are_deployed() {
    let mut all = ["last", "seats-10", "main-2", "seats-2", "desks-1", "main"];
    all.sort_by(|one, other| super::rank(one).cmp(&super::rank(other)));
    assert_eq!(all, ["main", "main-2", "desks-1", "seats-2", "seats-10", "last"]);
}
