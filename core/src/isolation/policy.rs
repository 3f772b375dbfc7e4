//! What IAM lets somebody do: allow without deny, wildcards, policy variables, conditions.
//!
//! Conditions on tags, on who asks and on the access point are evaluated; others are taken not to narrow what
//! is allowed, and not to deny. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::facts::{ACCOUNT, Condition, Facts, Kind, REGION, Statement, Thing};
use super::glob::{self, UNKNOWN, holds, literal_prefix, meet, soften};

/// The services in the ARNs of what is protected.
const SERVICES: [&str; 8] =
    ["secretsmanager", "logs", "kms", "s3", "elasticfilesystem", "rds-db", "ecs", "iam"];

/// Actions that give nothing away of what is inside a resource, and change nothing in it; several of them
/// cannot be given for single resources. They end in `*` where all that begin so are meant.
const HARMLESS: &[(&str, &[&str])] = &[
    ("secretsmanager", &["listsecrets", "getrandompassword", "batchgetsecretvalue", "describe*"]),
    ("logs", &["describe*", "list*", "createloggroup"]),
    ("kms", &["list*", "describe*", "createkey", "generaterandom"]),
    ("s3", &["listallmybuckets", "listaccesspoints*", "createbucket", "getaccount*"]),
    ("elasticfilesystem", &["describe*", "list*", "createfilesystem"]),
    ("rds-db", &[]),
    (
        "ecs",
        &[
            "describe*",
            "list*",
            "createcluster",
            "discoverpollendpoint",
            "poll",
            "registercontainerinstance",
            "registertaskdefinition",
            "starttelemetrysession",
            "submit*",
        ],
    ),
    ("iam", &["list*", "get*", "simulate*"]),
];

/// Somebody who asks.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Its names.
    pub arns: Vec<String>,
    /// Its tags, keys in small letters.
    pub tags: BTreeMap<String, String>,
    /// The value of every other tag; `*` for one that it chooses itself.
    pub chosen: Option<String>,
}

impl Session {
    /// One with tags.
    pub fn new(arns: &[String], tags: &BTreeMap<String, String>) -> Session {
        Session {
            arns: arns.to_vec(),
            tags: tags.iter().map(|(key, it)| (key.to_lowercase(), it.clone())).collect(),
            chosen: None,
        }
    }

    fn tag(&self, key: &str) -> Option<&str> {
        self.tags.get(&key.to_lowercase()).or(self.chosen.as_ref()).map(String::as_str)
    }

    /// A pattern with the session's values for its variables; none if one has no value: it then matches nothing.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
    pub fn filled(&self, pattern: &str) -> Option<String> {
        if !pattern.contains("${") {
            return Some(pattern.to_string());
        }
        let mut all = String::with_capacity(pattern.len());
        let mut rest = pattern;
        while let Some(at) = rest.find("${") {
            all.push_str(&rest[..at]);
            let Some(end) = rest[at..].find('}') else {
                return Some(all + &rest[at..]);
            };
            let inner = &rest[at + 2..at + end];
            rest = &rest[at + end + 1..];
            let (name, default) = match inner.split_once(',') {
                Some((name, default)) => (name.trim(), Some(default.trim().trim_matches('\''))),
                None => (inner.trim(), None),
            };
            let name = name.to_lowercase();
            match name.as_str() {
                "*" => all.push(glob::STAR),
                "?" => all.push(glob::QUESTION),
                "$" => all.push('$'),
                "aws:principalaccount" => all.push(ACCOUNT),
                it => match it.strip_prefix("aws:principaltag/") {
                    Some(key) => all.push_str(self.tag(key).or(default)?),
                    None => all.push(UNKNOWN),
                },
            }
        }
        Some(all + rest)
    }
}

/// What a condition, or all of a statement's, comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    No,
    /// That depends on a value that is not known.
    Maybe,
    /// It is not evaluated here.
    NotRead,
    /// It holds.
    Yes,
}

/// The values that a key of a condition has.
enum Actual {
    Values(Vec<String>),
    NotRead,
}

fn actual(key: &str, session: &Session, thing: Option<&Thing>) -> Actual {
    let key = key.to_lowercase();
    let Some(thing) = thing else {
        // Without a resource only what is said of who asks.
        return match key.strip_prefix("aws:principaltag/") {
            Some(tag) => Actual::Values(session.tag(tag).map(str::to_string).into_iter().collect()),
            None if key == "aws:principalarn" => Actual::Values(session.arns.clone()),
            None => Actual::NotRead,
        };
    };
    if let Some((_, tag)) = key.split_once(":resourcetag/") {
        let value = thing.tags.iter().find(|(key, _)| key.to_lowercase() == tag);
        return Actual::Values(value.map(|it| it.1.clone()).into_iter().collect());
    }
    if let Some(tag) = key.strip_prefix("aws:principaltag/") {
        return Actual::Values(session.tag(tag).map(str::to_string).into_iter().collect());
    }
    match (key.as_str(), thing.kind) {
        ("aws:principalarn", _) => Actual::Values(session.arns.clone()),
        ("aws:principalaccount" | "aws:resourceaccount" | "aws:sourceaccount", _) => {
            Actual::Values(vec![ACCOUNT.to_string()])
        }
        ("elasticfilesystem:accesspointarn", Kind::AccessPoint) => {
            Actual::Values(thing.arns.first().cloned().into_iter().collect())
        }
        ("kms:resourcealiases" | "kms:requestalias", Kind::Key) => {
            Actual::Values(thing.aliases.clone())
        }
        _ => Actual::NotRead,
    }
}

/// How a value compares to one that is there.
fn compare(like: bool, value: &str, actual: &str) -> Truth {
    let same =
        if like { holds(value, actual) } else { value == actual && !value.contains(UNKNOWN) };
    if same {
        return Truth::Yes;
    }
    let open = |it: &str| it.contains([glob::SOFT, UNKNOWN]);
    // A tag that somebody chooses may be any.
    let chosen = actual.contains('*') || !like && value.contains('*') && actual != value;
    if open(value) || open(actual) {
        return if meet(&soften(value), &soften(actual)) { Truth::Maybe } else { Truth::No };
    }
    if chosen && meet(value, actual) { Truth::Yes } else { Truth::No }
}

/// Whether a condition holds.
pub fn condition(it: &Condition, session: &Session, thing: Option<&Thing>) -> Truth {
    let operator = it.operator.to_lowercase();
    let operator = match operator.split_once(':') {
        Some(("foranyvalue", it)) => it.to_string(),
        Some((_, _)) => return Truth::NotRead,
        None => operator,
    };
    let (if_exists, operator) = match operator.strip_suffix("ifexists") {
        Some(it) => (true, it.to_string()),
        None => (false, operator),
    };
    let Actual::Values(actual) = actual(&it.key, session, thing) else {
        return Truth::NotRead;
    };
    if operator == "null" {
        let wanted = it.values.iter().any(|it| it.eq_ignore_ascii_case("true"));
        return if wanted == actual.is_empty() { Truth::Yes } else { Truth::No };
    }
    let (negated, like) = match operator.as_str() {
        "stringequals" | "stringequalsignorecase" => (false, false),
        "stringnotequals" | "stringnotequalsignorecase" => (true, false),
        "stringlike" | "arnlike" | "arnequals" => (false, true),
        "stringnotlike" | "arnnotlike" | "arnnotequals" => (true, true),
        _ => return Truth::NotRead,
    };
    if actual.is_empty() {
        return if if_exists || negated { Truth::Yes } else { Truth::No };
    }
    let small = operator.ends_with("ignorecase");
    let mut best = Truth::No;
    for value in it.values.iter().filter_map(|it| session.filled(it)) {
        for one in &actual {
            let found = if small {
                compare(like, &value.to_lowercase(), &one.to_lowercase())
            } else {
                compare(like, &value, one)
            };
            best = best.max(found);
        }
    }
    match (negated, best) {
        (true, Truth::Yes) => Truth::No,
        (true, Truth::No) => Truth::Yes,
        (_, it) => it,
    }
}

/// All conditions of a statement for a resource.
fn conditions(statement: &Statement, session: &Session, thing: Option<&Thing>) -> Truth {
    let all = statement.conditions.iter().map(|it| condition(it, session, thing));
    all.min().unwrap_or(Truth::Yes)
}

/// The parts of an ARN that say where it is, as those of what is deployed; and whether one of them was written
/// out, so that it may be another place.
fn placed(pattern: &str) -> (String, bool) {
    let Some(rest) = pattern.strip_prefix("arn:") else {
        return (pattern.to_string(), false);
    };
    let mut parts: Vec<String> = rest.splitn(5, ':').map(str::to_string).collect();
    let mut written = false;
    let plain = |it: &str| !it.is_empty() && !it.contains(['*', '?', glob::SOFT, UNKNOWN]);
    if let [partition, _, region, account, ..] = parts.as_mut_slice() {
        if plain(partition) {
            "aws".clone_into(partition);
        }
        for (part, here) in [(region, REGION), (account, ACCOUNT)] {
            if plain(part) && !part.contains(here) && part != "aws" {
                *part = here.to_string();
                written = true;
            }
        }
    }
    (format!("arn:{}", parts.join(":")), written)
}

/// The resources by their ARNs.
struct Index {
    /// The ARNs, sorted.
    all: Vec<(String, u32)>,
    /// Those with a wildcard, by what they begin with.
    open: HashMap<String, Vec<usize>>,
    /// The lengths of these beginnings.
    lengths: BTreeSet<usize>,
}

impl Index {
    fn new(mut all: Vec<(String, u32)>) -> Index {
        all.sort();
        let mut index = Index { all, open: HashMap::new(), lengths: BTreeSet::new() };
        for (at, (arn, _)) in index.all.iter().enumerate() {
            if glob::is_pattern(arn) {
                let start = literal_prefix(arn);
                index.lengths.insert(start.len());
                index.open.entry(start.to_string()).or_default().push(at);
            }
        }
        index
    }

    /// The resources that a pattern may mean; those that it certainly means first of all by `true`.
    fn covered(&self, pattern: &str) -> Vec<(u32, bool)> {
        let (pattern, elsewhere) = placed(pattern);
        let start = literal_prefix(&pattern);
        let first = self.all.partition_point(|it| it.0.as_str() < start);
        let extending = self.all[first..]
            .iter()
            .take_while(|it| it.0.starts_with(start))
            .enumerate()
            .map(|(at, _)| first + at);
        let shorter = self
            .lengths
            .iter()
            .take_while(|it| **it < start.len())
            .filter_map(|it| self.open.get(start.get(..*it)?))
            .flatten()
            .copied();
        let soft = soften(&pattern);
        let mut found: BTreeMap<u32, bool> = BTreeMap::new();
        for at in extending.chain(shorter) {
            let (arn, thing) = &self.all[at];
            if meet(&pattern, arn) {
                *found.entry(*thing).or_default() |= !elsewhere;
            } else if meet(&soft, &soften(arn)) {
                found.entry(*thing).or_default();
            }
        }
        found.into_iter().collect()
    }
}

/// A resource that a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The resource.
    pub thing: u32,
    /// Whether that is certain.
    pub certain: bool,
}

/// Evaluates policies over the resources of [`Facts`].
pub struct Policies<'a> {
    facts: &'a Facts,
    indices: BTreeMap<&'static str, Index>,
    by_tag: BTreeMap<(String, String), Vec<u32>>,
    known: RefCell<HashMap<String, Rc<Vec<Covered>>>>,
}

/// The service that an action is of in ARNs.
fn service_of(prefix: &str) -> &str {
    if prefix == "sts" { "iam" } else { prefix }
}

/// The actions of a statement that get at resources of a service, in small letters.
fn actions(statement: &Statement, service: &str) -> Vec<String> {
    let prefixes: &[&str] = match service {
        "iam" => &["iam", "sts"],
        _ => &[service],
    };
    if statement.not_actions {
        let left_out = |prefix: &&&str| {
            let all = format!("{prefix}:*");
            statement.actions.iter().any(|it| holds(&it.to_lowercase(), &all))
        };
        let all = prefixes.iter().filter(|it| !left_out(it));
        return all.map(|it| format!("{it}:*")).collect();
    }
    let harmless = HARMLESS.iter().find(|it| it.0 == service).map_or(&[][..], |it| it.1);
    let mut found = Vec::new();
    for action in &statement.actions {
        let action = action.to_lowercase();
        if action == "*" {
            found.extend(prefixes.iter().map(|it| format!("{it}:*")));
            continue;
        }
        let Some((prefix, name)) = action.split_once(':') else { continue };
        for own in prefixes.iter().filter(|it| meet(prefix, it)) {
            let harmless =
                harmless.iter().any(|it| holds(it, name)) || *own == "sts" && holds("get*", name);
            if !harmless {
                found.push(format!("{own}:{name}"));
            }
        }
    }
    found
}

impl<'a> Policies<'a> {
    /// Policies over these resources.
    pub fn new(facts: &'a Facts) -> Policies<'a> {
        let mut arns: BTreeMap<&'static str, Vec<(String, u32)>> = BTreeMap::new();
        let mut by_tag: BTreeMap<(String, String), Vec<u32>> = BTreeMap::new();
        for (number, thing) in facts.things.iter().enumerate() {
            for arn in &thing.arns {
                let service = arn.split(':').nth(2).unwrap_or_default();
                if let Some(service) = SERVICES.iter().find(|it| **it == service) {
                    arns.entry(service).or_default().push((arn.clone(), number as u32));
                }
            }
            if !thing.arns.is_empty() {
                for (key, value) in &thing.tags {
                    let key = (key.to_lowercase(), value.clone());
                    by_tag.entry(key).or_default().push(number as u32);
                }
            }
        }
        let indices = arns.into_iter().map(|(service, all)| (service, Index::new(all))).collect();
        Policies { facts, indices, by_tag, known: RefCell::default() }
    }

    /// The roles whose ARNs a pattern means.
    pub fn roles(&self, pattern: &str) -> Vec<(u32, bool)> {
        self.indices.get("iam").map(|it| it.covered(pattern)).unwrap_or_default()
    }

    /// The resources with a tag.
    pub fn tagged(&self, key: &str, value: &str) -> &[u32] {
        let key = (key.to_lowercase(), value.to_string());
        self.by_tag.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The resources that an allowing statement lets a session get at, before anything is denied.
    pub fn covered(&self, statement: &Statement, session: &Session) -> Rc<Vec<Covered>> {
        let nothing = || Rc::new(Vec::new());
        if !statement.allow {
            return nothing();
        }
        let services: Vec<&'static str> =
            SERVICES.iter().copied().filter(|it| !actions(statement, it).is_empty()).collect();
        if services.is_empty() {
            return nothing();
        }
        if conditions(statement, session, None) == Truth::No {
            return nothing();
        }
        let resources: Vec<String> =
            statement.resources.iter().filter_map(|it| session.filled(it)).collect();
        let mut key = format!("{services:?}{}", statement.not_resources);
        for it in &resources {
            key.push('|');
            key.push_str(it);
        }
        for it in &statement.conditions {
            let values: Vec<Option<String>> =
                it.values.iter().map(|it| session.filled(it)).collect();
            key.push_str(&format!("|{} {} {values:?}", it.operator, it.key));
            if let Actual::Values(it) = actual(&it.key, session, None) {
                key.push_str(&format!("{it:?}"));
            }
        }
        if let Some(it) = self.known.borrow().get(&key) {
            return it.clone();
        }
        let mut found: BTreeMap<u32, bool> = BTreeMap::new();
        for service in services {
            for (thing, certain) in self.candidates(service, statement, &resources, session) {
                let truth =
                    conditions(statement, session, Some(&self.facts.things[thing as usize]));
                if truth != Truth::No {
                    *found.entry(thing).or_default() |= certain && truth != Truth::Maybe;
                }
            }
        }
        let found: Vec<Covered> =
            found.into_iter().map(|(thing, certain)| Covered { thing, certain }).collect();
        let found = Rc::new(found);
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    /// The resources of a service that a statement names.
    fn candidates(
        &self,
        service: &str,
        statement: &Statement,
        resources: &[String],
        session: &Session,
    ) -> Vec<(u32, bool)> {
        let Some(index) = self.indices.get(service) else { return Vec::new() };
        if statement.not_resources {
            let left_out = |arn: &str| resources.iter().any(|it| holds(&placed(it).0, arn));
            let all = index.all.iter().filter(|(arn, _)| !left_out(arn));
            return all.map(|(_, thing)| (*thing, true)).collect();
        }
        // Where a tag is asked for, only what has it.
        let tags: Option<Vec<u32>> = statement.conditions.iter().find_map(|it| {
            let key = it.key.to_lowercase();
            let (_, tag) = key.split_once(":resourcetag/")?;
            if !it.operator.eq_ignore_ascii_case("stringequals") {
                return None;
            }
            let values: Vec<String> =
                it.values.iter().filter_map(|it| session.filled(it)).collect();
            if values.iter().any(|it| glob::is_pattern(it)) {
                return None;
            }
            let all = values.iter().flat_map(|it| self.tagged(tag, it));
            Some(all.copied().collect())
        });
        match tags {
            Some(tagged) => tagged
                .into_iter()
                .filter_map(|it| {
                    let arns = &self.facts.things[it as usize].arns;
                    let mut own = arns.iter().filter(|it| it.split(':').nth(2) == Some(service));
                    let pairs = own.next().map(|first| std::iter::once(first).chain(own))?;
                    let mut best: Option<bool> = None;
                    for arn in pairs {
                        for pattern in resources {
                            let (pattern, elsewhere) = placed(pattern);
                            if meet(&pattern, arn) {
                                best = Some(best.unwrap_or_default() || !elsewhere);
                            } else if meet(&soften(&pattern), &soften(arn)) {
                                best = best.or(Some(false));
                            }
                        }
                    }
                    best.map(|certain| (it, certain))
                })
                .collect(),
            None => resources.iter().flat_map(|it| index.covered(it)).collect(),
        }
    }

    /// Whether one of the statements certainly denies a session all that `allowed` lets it do with a resource.
    pub fn denied(
        &self,
        statements: &[Statement],
        allowed: &Statement,
        session: &Session,
        thing: u32,
    ) -> bool {
        let thing = &self.facts.things[thing as usize];
        let own_services: BTreeSet<&str> =
            thing.arns.iter().filter_map(|it| it.split(':').nth(2)).collect();
        let wanted: Vec<String> = own_services.iter().flat_map(|it| actions(allowed, it)).collect();
        let denies = |action: &String, deny: &Statement| {
            let named = deny.actions.iter().any(|it| holds(&it.to_lowercase(), action));
            let meant = if deny.not_actions {
                !deny.actions.iter().any(|it| meet(&it.to_lowercase(), action))
            } else {
                named
            };
            let on = |arn: &String| {
                let mut filled = deny.resources.iter().filter_map(|it| session.filled(it));
                if deny.not_resources {
                    !filled.any(|it| meet(&soften(&placed(&it).0), &soften(arn)))
                } else {
                    filled.any(|it| {
                        let (pattern, elsewhere) = placed(&it);
                        !elsewhere && holds(&pattern, arn)
                    })
                }
            };
            let service = action.split(':').next().map(service_of).unwrap_or_default();
            let mut arns = thing.arns.iter().filter(|it| it.split(':').nth(2) == Some(service));
            meant && arns.all(on) && conditions(deny, session, Some(thing)) == Truth::Yes
        };
        let all: Vec<&Statement> = statements.iter().filter(|it| !it.allow).collect();
        !all.is_empty()
            && !wanted.is_empty()
            && wanted.iter().all(|action| all.iter().any(|deny| denies(action, deny)))
    }

    /// Whether a statement of a resource's own policy gets at what is inside it.
    pub fn is_about_content(statement: &Statement, thing: &Thing) -> bool {
        let services: BTreeSet<&str> =
            thing.arns.iter().filter_map(|it| it.split(':').nth(2)).collect();
        services.iter().any(|it| !actions(statement, it).is_empty())
    }

    /// Whether the conditions of a statement let a session get at a resource.
    pub fn holds_for(statement: &Statement, session: &Session, thing: &Thing) -> Truth {
        conditions(statement, session, Some(thing))
    }
}

/// Whether a statement lets somebody take roles, and with which tags: by their keys, the values that it asks for.
pub fn takes(statement: &Statement, action: &str) -> bool {
    statement.allow
        && !statement.not_actions
        && statement.actions.iter().any(|it| meet(&it.to_lowercase(), action))
}
