//! The relation says what single questions say, before and after a change.

use std::collections::BTreeMap;

use super::{INTERNET, Relation, RuleChange};
use crate::network::tests::random::dice::Dice;
use crate::network::tests::random::forget::forget;
use crate::network::tests::random::generate;
use crate::network::tests::world::{World, block, group, tcp};
use crate::network::traffic::{Admitted, Protocol, Ranges, TrafficSet};
use crate::network::{Answer, Family, Model, Question, Side, Wanted};
use crate::resource::network::{Direction, SecurityGroupRule, Traffic};
use crate::resource::{Resource, ResourceId};

/// What gets through between two names.
type All = BTreeMap<(String, String, Family), Admitted>;

fn all(relation: &Relation) -> All {
    let mut all = All::new();
    for row in relation.rows() {
        for from in row.from.iter() {
            for to in row.to.iter() {
                let name = |it: &u32| relation.names()[*it as usize].clone();
                let known = all.entry((name(from), name(to), row.family)).or_default();
                *known = known.union(&row.admitted);
            }
        }
    }
    all.retain(|_, it| !it.possible.is_empty());
    all
}

fn questions() -> Vec<TrafficSet> {
    let one = |protocol, number| TrafficSet::of(protocol, Ranges::of(number, number));
    vec![
        TrafficSet::tcp(443, 443),
        TrafficSet::tcp(80, 80),
        one(Protocol::Udp, 443),
        one(Protocol::Icmp, 8 << 8),
        one(Protocol::Icmpv6, 128 << 8),
        one(Protocol::Other, 47),
    ]
}

fn expect_equal(model: &Model, relation: &Relation, seed: u64) -> BTreeMap<Answer, u32> {
    let all = all(relation);
    let mut seen = BTreeMap::new();
    let side = |name: &str| match name {
        INTERNET => Side::Internet,
        _ => Side::Endpoint(name.to_string()),
    };
    let names: Vec<&String> = model
        .endpoints
        .iter()
        .map(|it| &it.name)
        .chain([&relation.names()[model.endpoints.len()]])
        .collect();
    for from in &names {
        for to in &names {
            if from.as_str() == INTERNET && to.as_str() == INTERNET {
                continue;
            }
            for family in Family::ALL {
                let key = ((*from).clone(), (*to).clone(), family);
                let admitted = all.get(&key).cloned().unwrap_or_default();
                for set in questions() {
                    let wanted = Wanted::exactly(set.clone()).with_family(family);
                    let expected = model.reach(&side(from), &side(to), &wanted, Question::Open);
                    let answer = if !admitted.certain.intersect(&set).is_empty() {
                        Answer::Yes
                    } else if !admitted.possible.intersect(&set).is_empty() {
                        Answer::Unknown
                    } else {
                        Answer::No
                    };
                    assert_eq!(
                        answer,
                        expected.answer,
                        "seed {seed}: {from} to {to} {family:?} {set}: the relation has {admitted:?}\n{:?}",
                        expected.path.map(|it| model.path_text(&it, &wanted, Question::Open))
                    );
                    *seen.entry(answer).or_default() += 1;
                }
            }
        }
    }
    seen
}

#[test]
fn says_what_single_questions_say() {
    let mut seen: BTreeMap<Answer, u32> = BTreeMap::new();
    for seed in 1..=60 {
        let mut dice = Dice::new(seed, 0xA24B_AED4_963E_E407);
        let (mut world, _) = generate::network(&mut dice);
        if seed % 3 == 0 {
            world = forget(&world, &mut dice);
        }
        let model = Model::new(&world.graph);
        for (answer, count) in expect_equal(&model, &Relation::new(&model), seed) {
            *seen.entry(answer).or_default() += count;
        }
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
}

#[test]
fn stays_true_when_rules_change() {
    for seed in 1..=60 {
        let mut dice = Dice::new(seed, 0x9FB2_1C65_1E98_DF25);
        let (world, _) = generate::network(&mut dice);
        let rules: Vec<(&Resource, &SecurityGroupRule)> = world
            .graph
            .all::<SecurityGroupRule>()
            .map(|(_, resource, rule)| (resource, rule))
            .collect();
        if rules.is_empty() {
            continue;
        }
        let (resource, rule) = rules[dice.roll(rules.len())];
        let mut without = world.graph.clone();
        without.resources.remove(&resource.id);
        let mut model = Model::new(&without);
        let mut relation = Relation::new(&model);
        let before = all(&relation);
        relation.update(&mut model, &world.graph, RuleChange::Add(resource, rule));
        let fresh = Relation::new(&Model::new(&world.graph));
        assert_eq!(all(&relation), all(&fresh), "seed {seed}: {rule:?}");
        let remove = RuleChange::Remove { group: rule.group.id(), rule: &resource.id };
        relation.update(&mut model, &world.graph, remove);
        assert_eq!(all(&relation), before, "seed {seed}: {rule:?}");
    }
}

/// A platform of so many tenants around one database, with rules to a shared group.
fn tenants(count: usize) -> World {
    let mut world = World::default();
    world.vpc("a", "10.0.0.0/16");
    world.subnet("a", "a0", "10.0.0.0/20");
    world.group("shared", "a", false);
    world.group("database", "a", false);
    world.rule("shared", Direction::Ingress, group("shared"), tcp(7000, 7000));
    world.rule("shared", Direction::Egress, group("shared"), tcp(7000, 7000));
    world.service("db", &["a0"], &["database"]);
    for number in 0..count {
        let name = format!("t{number}");
        let own = format!("g{number}");
        world.group(&own, "a", false);
        world.rule(&own, Direction::Egress, group("database"), tcp(5432, 5432));
        world.rule("database", Direction::Ingress, group(&own), tcp(5432, 5432));
        world.service(&name, &["a0"], &[&own, "shared"]);
    }
    world
}

#[test]
fn rules_about_a_group_with_many_sets_are_not_spread_over_pairs() {
    let world = tenants(200);
    let model = Model::new(&world.graph);
    let relation = Relation::new(&model);
    // One row for all pairs of the shared group, and one for each tenant's rule.
    assert_eq!(relation.rows().count(), 201);
    let all = all(&relation);
    assert_eq!(all.len(), 200 * 200 + 200);
    let between = |from: &str, to: &str| {
        all.get(&(from.to_string(), to.to_string(), Family::Ipv4)).cloned().unwrap_or_default()
    };
    assert_eq!(between("t3", "t150"), Admitted::exactly(TrafficSet::tcp(7000, 7000)));
    assert_eq!(between("t3", "db"), Admitted::exactly(TrafficSet::tcp(5432, 5432)));
    assert_eq!(between("db", "t3"), Admitted::none());
}

#[test]
fn one_rule_judges_only_what_has_its_group() {
    for count in [100, 400] {
        let world = tenants(count);
        let mut model = Model::new(&world.graph);
        let mut relation = Relation::new(&model);
        let own = ResourceId::new(&["g7"]);
        let (resource, rule) = world
            .graph
            .all::<SecurityGroupRule>()
            .find(|(_, _, it)| it.group.id() == &own)
            .map(|(_, resource, rule)| (resource, rule))
            .expect("the tenant has a rule");
        let remove = RuleChange::Remove { group: rule.group.id(), rule: &resource.id };
        let gone = relation.update(&mut model, &world.graph, remove);
        let back = relation.update(&mut model, &world.graph, RuleChange::Add(resource, rule));
        // However many tenants there are.
        assert_eq!((gone.sets, back.sets), (1, 1), "{count}");
        assert!(gone.classes <= 12 && back.classes <= 12, "{gone:?} {back:?}");
        assert_eq!(all(&relation), all(&Relation::new(&Model::new(&world.graph))));
    }
}

#[test]
fn a_load_balancer_carries_on_to_its_targets() {
    let mut world = World::default();
    world.vpc("a", "10.0.0.0/16");
    world.gateway("a");
    world.subnet("a", "a0", "10.0.0.0/24");
    world.route_to_gateway("a0", "0.0.0.0/0", "a");
    world.group("edge_group", "a", false);
    world.group("api_group", "a", false);
    world.rule("edge_group", Direction::Ingress, block("0.0.0.0/0"), tcp(443, 443));
    world.rule("edge_group", Direction::Egress, group("api_group"), tcp(8080, 8080));
    world.rule("api_group", Direction::Ingress, group("edge_group"), Traffic::All);
    world.balancer("edge", true, &["a0"], &["edge_group"]);
    world.service("api", &["a0"], &["api_group"]);
    let mut model = Model::new(&world.graph);
    assert_eq!(Relation::new(&model).chains(), []);
    model.forwards.push(crate::network::model::Forward {
        load_balancer: "edge".to_string(),
        listener_port: crate::value::Value::Literal(crate::types::Port(443)),
        target: "api".to_string(),
        target_port: crate::value::Value::Literal(crate::types::Port(8080)),
        keeps_client_address: crate::value::Value::Literal(false),
        loc: crate::loc::Loc::NONE,
    });
    let relation = Relation::new(&model);
    let chains = relation.chains();
    let [chain] = chains.as_slice() else {
        panic!("{chains:?}");
    };
    let names = |all: &[u32]| -> Vec<&str> {
        all.iter().map(|it| relation.names()[*it as usize].as_str()).collect()
    };
    assert_eq!((names(&chain.from), names(&chain.to)), (vec![INTERNET], vec!["api"]));
    assert_eq!(chain.admitted, Admitted::exactly(TrafficSet::tcp(8080, 8080)));
    assert_eq!(chain.via.iter().collect::<Vec<_>>(), ["edge"]);
}
