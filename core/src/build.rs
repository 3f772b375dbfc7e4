//! What the macros' expansion calls to build untyped values. Not for use by hand.

use crate::loc::Loc;
use crate::node::{Comparison, Entry, IntoNode, Node, NodeKind};

/// A Rust value.
pub fn node<V: IntoNode + ?Sized>(value: &V, loc: Loc) -> Node {
    value.node(loc)
}

/// `512MB`.
pub fn quantity(number: f64, unit: &str, loc: Loc) -> Node {
    Node::new(NodeKind::Quantity(number, unit.to_string()), loc)
}

/// `/24`.
pub fn prefix_length(length: u8, loc: Loc) -> Node {
    Node::new(NodeKind::PrefixLength(length), loc)
}

/// `[a, b]`.
pub fn list(items: Vec<Node>, loc: Loc) -> Node {
    Node::new(NodeKind::List(items), loc)
}

/// `{ name: value }`.
pub fn record(entries: Vec<Entry>, loc: Loc) -> Node {
    Node::new(NodeKind::Record(entries), loc)
}

/// One entry of a record.
pub fn entry(name: &str, loc: Loc, value: Node) -> Entry {
    Entry { name: name.to_string(), loc, value }
}

/// `key => value`.
pub fn pair(key: Node, value: Node, loc: Loc) -> Node {
    Node::new(NodeKind::Pair(Box::new(key), Box::new(value)), loc)
}

/// `2..=10`.
pub fn range(start: Option<Node>, end: Option<Node>, inclusive: bool, loc: Loc) -> Node {
    let kind = NodeKind::Range { start: start.map(Box::new), end: end.map(Box::new), inclusive };
    Node::new(kind, loc)
}

/// `PerZone`.
pub fn word(name: &str, loc: Loc) -> Node {
    Node::new(NodeKind::Word(name.to_string()), loc)
}

/// `tcp(80)`.
pub fn call(name: &str, arguments: Vec<Node>, loc: Loc) -> Node {
    Node::new(NodeKind::Call(name.to_string(), arguments), loc)
}

/// `Ec2 { … }`.
pub fn tagged(tag: &str, entries: Vec<Entry>, loc: Loc) -> Node {
    Node::new(NodeKind::Tagged(tag.to_string(), entries), loc)
}

/// `Cpu > 70pct`.
pub fn compare(left: Node, comparison: Comparison, right: Node, loc: Loc) -> Node {
    Node::new(NodeKind::Compare(Box::new(left), comparison, Box::new(right)), loc)
}

/// A value that has been reported as wrong.
pub fn invalid(loc: Loc) -> Node {
    Node::new(NodeKind::Invalid, loc)
}
