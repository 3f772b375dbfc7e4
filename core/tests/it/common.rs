//! Untyped values by hand, declarations made of them, and what the checks say of those.

use archgen_core::check::diagnose;
use archgen_core::declare::{Kind, RawDeclaration};
use archgen_core::node::{Entry, Node, NodeKind, Reference};
use archgen_core::{Architecture, Code, Environment, Loc};

/// The place of everything here: tests of exact places are those of the macros.
pub const HERE: Loc = Loc::new("shop.rs", 1, 1, 1);

fn node(kind: NodeKind) -> Node {
    Node::new(kind, HERE)
}

/// `"text"`.
pub fn text(it: &str) -> Node {
    node(NodeKind::Text(it.to_string()))
}

/// `3`.
pub fn int(it: i128) -> Node {
    node(NodeKind::Integer(it))
}

/// `512MB`.
pub fn amount(number: f64, unit: &str) -> Node {
    node(NodeKind::Quantity(number, unit.to_string()))
}

/// `/24`.
pub fn size(length: u8) -> Node {
    node(NodeKind::PrefixLength(length))
}

/// `[a, b]`.
pub fn list(items: impl IntoIterator<Item = Node>) -> Node {
    node(NodeKind::List(items.into_iter().collect()))
}

/// `["10.0.1.0/24", "10.0.2.0/24"]`.
pub fn texts(items: &[&str]) -> Node {
    list(items.iter().map(|it| text(it)))
}

/// `{ name: value }`.
pub fn record<'a>(entries: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    let entry = |(name, value): (&str, Node)| Entry { name: name.to_string(), loc: HERE, value };
    node(NodeKind::Record(entries.into_iter().map(entry).collect()))
}

/// `key => value`.
pub fn pair(key: Node, value: Node) -> Node {
    node(NodeKind::Pair(Box::new(key), Box::new(value)))
}

/// `first..=last`.
pub fn range(first: Node, last: Node) -> Node {
    let (start, end) = (Some(Box::new(first)), Some(Box::new(last)));
    node(NodeKind::Range { start, end, inclusive: true })
}

/// `PerZone`.
pub fn word(name: &str) -> Node {
    node(NodeKind::Word(name.to_string()))
}

/// `tcp(80, 443)`.
pub fn call(name: &str, arguments: impl IntoIterator<Item = Node>) -> Node {
    node(NodeKind::Call(name.to_string(), arguments.into_iter().collect()))
}

/// `network`.
pub fn name_of(kind: Kind, name: &str) -> Node {
    node(NodeKind::Reference(Reference { kind, name: name.to_string(), member: None }))
}

/// `network.private`.
pub fn tier(vpc: &str, tier: &str) -> Node {
    let member = Some(tier.to_string());
    node(NodeKind::Reference(Reference { kind: Kind::Vpc, name: vpc.to_string(), member }))
}

/// An expression that cannot be seen.
pub fn unknown() -> Node {
    node(NodeKind::Unknown)
}

/// A declaration with the given fields.
pub fn declare<'a>(
    kind: Kind,
    name: &str,
    fields: impl IntoIterator<Item = (&'a str, Node)>,
) -> RawDeclaration {
    let mut raw = RawDeclaration::new(kind, name.to_string(), HERE);
    for (name, value) in fields {
        raw.push(name, HERE, value);
    }
    raw
}

/// A VPC with the fields that it must have.
pub fn vpc(name: &str, cidr: Node, zones: Node, subnets: Node) -> RawDeclaration {
    declare(Kind::Vpc, name, [("cidr", cidr), ("zones", zones), ("subnets", subnets)])
}

/// The VPC `network`, 10.0.0.0/16 in two zones, with placed tiers `public` and `private`.
pub fn network() -> RawDeclaration {
    let tiers = record([("public", size(24)), ("private", size(24))]);
    vpc("network", text("10.0.0.0/16"), int(2), tiers)
}

/// The same declaration with one more field.
pub fn with(mut raw: RawDeclaration, name: &str, value: Node) -> RawDeclaration {
    raw.push(name, HERE, value);
    raw
}

/// An architecture of these declarations.
pub fn architecture(declarations: impl IntoIterator<Item = RawDeclaration>) -> Architecture {
    let mut builder = Architecture::builder("shop", Environment::Production);
    for it in declarations {
        builder.push(it);
    }
    builder.done()
}

/// Everything the checks say, as it is printed.
pub fn said(declarations: impl IntoIterator<Item = RawDeclaration>) -> Vec<String> {
    let (_, found) = diagnose(&architecture(declarations));
    found.iter().map(|it| it.plain()).collect()
}

/// What one code says in its three cases: it fails with exactly this text and nothing else is said; it
/// passes; and where a value is unknown, nothing is said at all.
#[track_caller]
pub fn rule<const F: usize, const P: usize, const U: usize>(
    code: Code,
    fails: [RawDeclaration; F],
    text: &str,
    passes: [RawDeclaration; P],
    unknown: [RawDeclaration; U],
) {
    assert!(text.starts_with(&format!("[{code}]")), "{text}");
    assert_eq!(said(fails), [text]);
    assert_eq!(said(passes), Vec::<String>::new());
    assert_eq!(said(unknown), Vec::<String>::new());
}
