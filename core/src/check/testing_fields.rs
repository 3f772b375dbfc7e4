//! Architectures for tests, field by field, each field at a line of its own.

use super::diagnose;
use crate::architecture::Architecture;
use crate::codes::Code;
use crate::declare::{Kind, RawDeclaration};
use crate::diagnostic::Diagnostic;
use crate::environment::Environment;
use crate::loc::Loc;
use crate::node::{Comparison, Entry, Node, NodeKind, Reference};
use crate::resource::ResourceGraph;

/// A value without a place.
pub fn node(kind: NodeKind) -> Node {
    Node::new(kind, Loc::NONE)
}

/// `"text"`.
pub fn text(it: &str) -> Node {
    node(NodeKind::Text(it.to_string()))
}

/// `3`.
pub fn number(it: i128) -> Node {
    node(NodeKind::Integer(it))
}

/// `true`.
pub fn yes(it: bool) -> Node {
    node(NodeKind::Bool(it))
}

/// `7days`.
pub fn amount(number: f64, unit: &str) -> Node {
    node(NodeKind::Quantity(number, unit.to_string()))
}

/// A bare name.
pub fn word(it: &str) -> Node {
    node(NodeKind::Word(it.to_string()))
}

/// A value only known at build time.
pub fn unknown() -> Node {
    node(NodeKind::Unknown)
}

/// `[a, b]`.
pub fn list(items: Vec<Node>) -> Node {
    node(NodeKind::List(items))
}

/// `{ a: b }`.
pub fn record(entries: Vec<(&str, Node)>) -> Node {
    let entry =
        |(name, value): (&str, Node)| Entry { name: name.to_string(), loc: Loc::NONE, value };
    node(NodeKind::Record(entries.into_iter().map(entry).collect()))
}

/// `a => b`.
pub fn pair(a: Node, b: Node) -> Node {
    node(NodeKind::Pair(Box::new(a), Box::new(b)))
}

/// `a..=b`.
pub fn range(a: Node, b: Node) -> Node {
    node(NodeKind::Range { start: Some(Box::new(a)), end: Some(Box::new(b)), inclusive: true })
}

/// `Metric > value`.
pub fn above(metric: &str, value: Node) -> Node {
    node(NodeKind::Compare(Box::new(word(metric)), Comparison::Greater, Box::new(value)))
}

/// Another declaration.
pub fn reference(kind: Kind, name: &str) -> Node {
    node(NodeKind::Reference(Reference { kind, name: name.to_string(), member: None }))
}

/// The tier `network.TIER`.
pub fn tier(name: &str) -> Node {
    let member = Some(name.to_string());
    node(NodeKind::Reference(Reference { kind: Kind::Vpc, name: "network".to_string(), member }))
}

/// Collects declarations; a field given twice for one declaration replaces the first.
#[derive(Default)]
pub struct Sketch {
    raw: Vec<RawDeclaration>,
}

impl Sketch {
    /// An architecture with a VPC `network` over two zones with the tiers `public` and `private`,
    /// and `lonely` in one zone.
    pub fn new() -> Sketch {
        let subnets = record(vec![
            ("public", list(vec![text("10.0.1.0/24"), text("10.0.2.0/24")])),
            ("private", list(vec![text("10.0.3.0/24"), text("10.0.4.0/24")])),
            ("lonely", list(vec![text("10.0.5.0/24")])),
        ]);
        Sketch::default().with(
            Kind::Vpc,
            "network",
            vec![("cidr", text("10.0.0.0/16")), ("zones", number(2)), ("subnets", subnets)],
        )
    }

    /// Adds a declaration; its fields are at column 1 of lines of their own.
    pub fn with(mut self, kind: Kind, name: &str, fields: Vec<(&str, Node)>) -> Sketch {
        let start = 100 * (self.raw.len() as u32 + 1);
        let mut raw = RawDeclaration::new(kind, name.to_string(), Loc::new("t.rs", start, 1, 1));
        for (position, (field, mut value)) in fields.into_iter().enumerate() {
            let loc = Loc::new("t.rs", start + 1 + position as u32, 10, 1);
            place(&mut value, loc);
            let name = Loc { column: 1, ..loc };
            if let Some(old) = raw.fields.iter_mut().find(|it| it.name == field) {
                *old = Entry { name: field.to_string(), loc: name, value };
            } else {
                raw.push(field, name, value);
            }
        }
        self.raw.push(raw);
        self
    }

    /// The architecture.
    pub fn architecture(&self) -> Architecture {
        let mut builder = Architecture::builder("shop", Environment::Production);
        for it in &self.raw {
            builder.push(it.clone());
        }
        builder.done()
    }

    /// Every finding with one of the codes, as `AG0503 at FIELD: message`.
    pub fn find(&self, codes: &[Code]) -> Vec<String> {
        let found = diagnose(&self.architecture()).1;
        found.iter().filter(|it| codes.contains(&it.code)).map(|it| self.show(it)).collect()
    }

    /// The findings with one code.
    pub fn diagnostics(&self, code: Code) -> Vec<Diagnostic> {
        let (_, found) = diagnose(&self.architecture());
        found.into_iter().filter(|it| it.code == code).collect()
    }

    /// The resources.
    pub fn graph(&self) -> ResourceGraph {
        crate::lower::lower(&self.architecture())
    }

    fn show(&self, diagnostic: &Diagnostic) -> String {
        let fields = self.raw.iter().flat_map(|it| &it.fields);
        let field = fields.into_iter().find(|it| it.loc.line == diagnostic.loc.line);
        let at = field.map_or("?", |it| it.name.as_str());
        format!("{} at {at}: {}", diagnostic.code, diagnostic.message)
    }
}

/// Gives a value and all in it a place.
fn place(node: &mut Node, loc: Loc) {
    node.loc = loc;
    match &mut node.kind {
        NodeKind::List(items) | NodeKind::Call(_, items) => {
            for it in items {
                place(it, loc);
            }
        }
        NodeKind::Record(entries) | NodeKind::Tagged(_, entries) => {
            for it in entries {
                it.loc = loc;
                place(&mut it.value, loc);
            }
        }
        NodeKind::Pair(a, b) | NodeKind::Compare(a, _, b) => {
            place(a, loc);
            place(b, loc);
        }
        NodeKind::Range { start, end, .. } => {
            for it in start.iter_mut().chain(end) {
                place(it, loc);
            }
        }
        NodeKind::Text(_)
        | NodeKind::Integer(_)
        | NodeKind::Float(_)
        | NodeKind::Bool(_)
        | NodeKind::Quantity(..)
        | NodeKind::PrefixLength(_)
        | NodeKind::Word(_)
        | NodeKind::Reference(_)
        | NodeKind::Unknown
        | NodeKind::Invalid => {}
    }
}

/// A sound database with some fields changed.
pub fn database(changes: Vec<(&'static str, Node)>) -> Sketch {
    let mut fields = vec![
        ("subnets", tier("private")),
        ("version", text("16.6")),
        ("class", text("db.t4g.medium")),
        ("storage", range(amount(100.0, "GB"), amount(1000.0, "GB"))),
        ("multi_az", yes(true)),
        ("backups", amount(7.0, "days")),
    ];
    fields.extend(changes);
    Sketch::new().with(Kind::RdsPostgres, "database", fields)
}

/// A sound cache with some fields changed.
pub fn cache(changes: Vec<(&'static str, Node)>) -> Sketch {
    let mut fields = vec![("subnets", tier("private")), ("node", text("cache.t4g.small"))];
    fields.extend(changes);
    Sketch::new().with(Kind::Redis, "cache", fields)
}

/// A cluster, a service `backend` with the given number of tasks, and a load balancer `edge` that
/// sends requests to it.
pub fn service(tasks: Node, changes: Vec<(&'static str, Node)>) -> Sketch {
    let mut fields = vec![
        ("cluster", reference(Kind::EcsCluster, "cluster")),
        ("image", text("shop/backend:1")),
        ("port", number(5001)),
        ("cpu", number(512)),
        ("memory", amount(1024.0, "MB")),
        ("tasks", tasks),
    ];
    fields.extend(changes);
    let routes = list(vec![pair(text("/"), reference(Kind::EcsService, "backend"))]);
    Sketch::new()
        .with(Kind::EcsCluster, "cluster", vec![("subnets", tier("private"))])
        .with(Kind::EcsService, "backend", fields)
        .with(Kind::Alb, "edge", vec![("subnets", tier("public")), ("routes", routes)])
}
