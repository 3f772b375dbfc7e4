//! Who can connect to whom: whether anything of one tenant reaches anything of another, and what both reach.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::facts::Kind;
use super::scope::{Between, Boundary, Finding, Found, Scope, Tenants, Unknown};
use crate::codes::Code;
use crate::network::group::Layer as GroupLayer;
use crate::network::relation::INTERNET;
use crate::network::{Family, Model, Question, Relation, Side, Wanted};
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::Direction;
use crate::tenant_fields::Layer;

/// How many connections are explained, so that as many rules may be named.
const MOST_EXPLAINED: usize = 256;

/// Whose an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Nobody's.
    Shared,
    /// A tenant's.
    Tenant(u32),
    /// Of several, which are not told apart.
    Several,
}

/// The endpoints of a row by whose they are.
#[derive(Clone, Debug, Default)]
struct Side2 {
    /// The tenants, each with one of its endpoints.
    tenants: BTreeMap<u32, u32>,
    /// What is nobody's.
    shared: BTreeSet<u32>,
    /// Whether the service is among it that tenants share.
    served: bool,
}

/// Finds connections between tenants.
pub fn find(scope: &Scope<'_>, model: &Model, relation: &Relation, found: &mut Found) {
    let names = relation.names();
    let whose = whose(scope, names, found);
    let databases: BTreeSet<&str> = scope
        .facts
        .things
        .iter()
        .filter(|it| it.kind == Kind::Database)
        .filter_map(|it| it.endpoint.as_deref())
        .collect();
    let service = scope.pool.shared_service.and_then(|it| scope.thing(it).endpoint.as_deref());
    let mut known_sides: BTreeMap<usize, (Arc<[u32]>, std::rc::Rc<Side2>)> = BTreeMap::new();
    let mut side = |all: &Arc<[u32]>| {
        let place = all.as_ptr() as usize;
        if let Some((_, it)) = known_sides.get(&place) {
            return it.clone();
        }
        let mut it = Side2::default();
        for number in all.iter() {
            match whose[*number as usize] {
                Whose::Tenant(tenant) => {
                    it.tenants.entry(tenant).or_insert(*number);
                }
                Whose::Shared => {
                    it.shared.insert(*number);
                    it.served |= service == Some(names[*number as usize].as_str());
                }
                Whose::Several => {}
            }
        }
        let it = std::rc::Rc::new(it);
        known_sides.insert(place, (all.clone(), it.clone()));
        it
    };
    let mut culprits: BTreeMap<(Option<usize>, String), Finding> = BTreeMap::new();
    let mut to_shared: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut explained = 0;
    for row in relation.rows() {
        let (from, to) = (side(&row.from), side(&row.to));
        for (one, other) in [(&from, &to), (&to, &from)] {
            for shared in &other.shared {
                if !one.tenants.is_empty() {
                    to_shared.entry(*shared).or_default().extend(one.tenants.keys());
                }
                // What the shared service connects to, the tenants do that it serves.
                if one.served {
                    to_shared.entry(*shared).or_default().extend(scope.served.iter());
                }
            }
        }
        // A tenant's way to itself, or nobody's, says nothing.
        let pair = from.tenants.iter().find_map(|(a, one)| {
            let (b, other) = to.tenants.iter().find(|it| it.0 != a)?;
            Some((*a, *one, *b, *other))
        });
        let Some((a, one, b, other)) = pair else { continue };
        let (one_name, other_name) = (&names[one as usize], &names[other as usize]);
        let others: Tenants = to.tenants.keys().copied().collect();
        let with_database: Tenants = to
            .tenants
            .iter()
            .filter(|it| databases.contains(names[*it.1 as usize].as_str()))
            .map(|it| *it.0)
            .collect();
        let mut sides = vec![(Layer::Network, others)];
        if !with_database.is_empty() {
            sides.push((Layer::Database, with_database.clone()));
        }
        let layers: BTreeSet<Layer> = sides.iter().map(|it| it.0).collect();
        let between: Vec<Between> = from
            .tenants
            .keys()
            .flat_map(|one| {
                sides.iter().map(|(layer, others)| Between {
                    one: *one,
                    others: others.clone(),
                    layer: Some(*layer),
                })
            })
            .collect();
        // Whether a tenant is connected to is promised to the one that is connected to.
        let claimed = |it: &u32| {
            let tenant = scope.tenant(*it);
            tenant.claims(Layer::Network)
                || with_database.binary_search(it).is_ok() && tenant.claims(Layer::Database)
        };
        if !to.tenants.keys().any(claimed) {
            continue;
        }
        if row.admitted.certain.is_empty() {
            found.unknown.push(Unknown {
                what: format!(
                    "whether `{one_name}` reaches `{other_name}` depends on values that are not known"
                ),
                layers,
                tenants: from.tenants.keys().chain(to.tenants.keys()).copied().collect(),
            });
            continue;
        }
        explained += 1;
        let (culprit, text, notes) = if explained <= MOST_EXPLAINED {
            explain(scope, model, one_name, other_name, row.family)
        } else {
            (None, "a rule".to_string(), Vec::new())
        };
        let key = (culprit, if culprit.is_some() { String::new() } else { text.clone() });
        if let Some(known) = culprits.get_mut(&key) {
            known.between.extend(between);
            known.layers.extend(layers);
            continue;
        }
        let message = format!(
            "`{one_name}` of tenant {} can connect to `{other_name}` of tenant {} on {}",
            scope.key(a),
            scope.key(b),
            row.admitted.certain,
        );
        let mut finding = Finding::new(Code::AG0601, layers, culprit, message, between);
        finding.notes = notes;
        finding.notes.push(text);
        culprits.insert(key, finding);
    }
    found.findings.extend(culprits.into_values());
    for (shared, tenants) in &mut to_shared {
        if service == Some(names[*shared as usize].as_str()) {
            tenants.extend(scope.served.iter());
        }
    }
    boundaries(model, names, &to_shared, found);
}

/// Whose each endpoint is.
fn whose(scope: &Scope<'_>, names: &[String], found: &mut Found) -> Vec<Whose> {
    let mut owners: BTreeMap<&str, Whose> = BTreeMap::new();
    let mut mixed: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for (number, thing) in scope.facts.things.iter().enumerate() {
        let Some(name) = thing.endpoint.as_deref() else { continue };
        let own = scope.owner[number].map_or(Whose::Shared, Whose::Tenant);
        let known = owners.entry(name).or_insert(own);
        if *known != own {
            let all = mixed.entry(name).or_default();
            for it in [*known, own] {
                if let Whose::Tenant(it) = it {
                    all.insert(it);
                }
            }
            *known = Whose::Several;
        }
    }
    for (name, tenants) in mixed {
        found.unknown.push(Unknown {
            what: format!("`{name}` is one endpoint of the network for several tenants"),
            layers: BTreeSet::from([Layer::Network]),
            tenants: tenants.into_iter().collect(),
        });
    }
    names.iter().map(|it| owners.get(it.as_str()).copied().unwrap_or(Whose::Shared)).collect()
}

/// The rule, or else the way, by which one reaches the other.
fn explain(
    scope: &Scope<'_>,
    model: &Model,
    from: &str,
    to: &str,
    family: Family,
) -> (Option<usize>, String, Vec<String>) {
    let wanted = Wanted::anything().with_family(family);
    let sides = (Side::Endpoint(from.to_string()), Side::Endpoint(to.to_string()));
    let reach = model.reach(&sides.0, &sides.1, &wanted, Question::Open);
    let Some(path) = &reach.path else {
        return (None, "no path was found".to_string(), Vec::new());
    };
    let mut rules = Vec::new();
    for layer in [GroupLayer::NetworkPolicy, GroupLayer::SecurityGroup] {
        for direction in [Direction::Ingress, Direction::Egress] {
            if let Some((group, rule)) = model.admitting_rule(path, direction, layer, &wanted) {
                let does = match direction {
                    Direction::Ingress => "admits it",
                    Direction::Egress => "lets it out",
                };
                rules.push((
                    resource_of(scope, rule.id.as_str()),
                    format!("rule `{}` of group `{}` {does}", rule.id, group.name),
                ));
            }
        }
    }
    let notes = vec![format!("path: {}", model.path_text(path, &wanted, Question::Open))];
    // What lets a tenant in is the culprit; what lets another one out may be for many things.
    match rules.into_iter().next() {
        Some((culprit, text)) => (culprit, text, notes),
        None => (None, "no group filters it".to_string(), notes),
    }
}

/// The resource that a rule is, or that it is written in.
fn resource_of(scope: &Scope<'_>, rule: &str) -> Option<usize> {
    let mut name = rule;
    loop {
        if let Some(it) = scope.facts.number(name) {
            return Some(it);
        }
        name = name.rsplit_once('.')?.0;
    }
}

/// What several tenants reach, or are reached by, that may carry what one sends to another.
fn boundaries(
    model: &Model,
    names: &[String],
    to_shared: &BTreeMap<u32, BTreeSet<u32>>,
    found: &mut Found,
) {
    for (shared, tenants) in to_shared {
        let name = &names[*shared as usize];
        if tenants.len() < 2 || name == INTERNET {
            continue;
        }
        let Some(endpoint) = model.endpoint(name) else { continue };
        let why = match endpoint.kind {
            // Policies decide what is reached by an endpoint of AWS, rules what a load balancer sends on.
            InterfaceKind::VpcEndpoint
            | InterfaceKind::LoadBalancer
            | InterfaceKind::NetworkLoadBalancer
            | InterfaceKind::CloudFront => continue,
            InterfaceKind::Managed if endpoint.store => {
                "these tenants all connect to it, and it keeps their data apart by itself"
            }
            InterfaceKind::Linux
            | InterfaceKind::Windows
            | InterfaceKind::Instance
            | InterfaceKind::Function
            | InterfaceKind::Managed => {
                "these tenants all connect to it or it to them, and it may carry what one sends to another"
            }
        };
        found.boundaries.push(Boundary {
            name: format!("`{name}`"),
            why: why.to_string(),
            layers: BTreeSet::from([Layer::Network]),
            tenants: tenants.iter().copied().collect(),
        });
    }
}
