//! The JSON syntax, `*.tf.json`. Texts in it are templates; blocks are objects, or lists of them.
//!
//! <https://developer.hashicorp.com/terraform/language/syntax/json>

use super::hcl;
use super::syntax::{Body, Entry, Expr, ExprKind, Part};
use crate::read::document::{self, Node, NodeKind};

/// An expression.
pub(super) fn expr(of: &Node) -> Expr {
    let kind = match &of.kind {
        NodeKind::Null => ExprKind::Null,
        NodeKind::Bool(it) => ExprKind::Bool(*it),
        NodeKind::Number(it) => ExprKind::Number(it.clone()),
        NodeKind::Text(it) => return hcl::template(of.loc, it),
        NodeKind::List(items) => ExprKind::List(items.iter().map(expr).collect()),
        NodeKind::Map(entries) => ExprKind::Object(
            entries.iter().map(|it| (hcl::template(it.loc, &it.key), expr(&it.value))).collect(),
        ),
    };
    Expr::new(of.loc, kind)
}

/// Arguments and blocks: those of one object, or of a list of them.
pub(super) fn body(of: &Node) -> Body {
    let mut entries = Vec::new();
    for of in objects(of) {
        for it in of.entries().unwrap_or_default() {
            entry(it, &mut entries);
        }
    }
    Body { entries }
}

/// The objects of an object or of a list of them.
pub(super) fn objects(of: &Node) -> Vec<&Node> {
    match of.items() {
        Some(items) => items.iter().filter(|it| it.entries().is_some()).collect(),
        None => vec![of],
    }
}

fn entry(it: &document::Entry, all: &mut Vec<Entry>) {
    if it.key == "//" {
        return;
    }
    if it.key == "dynamic" {
        for of in objects(&it.value) {
            for made in of.entries().unwrap_or_default() {
                for one in objects(&made.value) {
                    let mut dynamic = hcl::dynamic(body(one));
                    if let Some(content) = one.get("content") {
                        dynamic.content = body(content);
                    }
                    let part = Part::Dynamic(Box::new(dynamic));
                    all.push(Entry { name: made.key.clone(), loc: made.loc, part });
                }
            }
        }
        return;
    }
    let name = it.key.clone();
    if holds_dynamic(&it.value) {
        for of in objects(&it.value) {
            let part = Part::Block(Vec::new(), body(of));
            all.push(Entry { name: name.clone(), loc: it.loc, part });
        }
        return;
    }
    all.push(Entry { name, loc: it.loc, part: Part::Value(expr(&it.value)) });
}

/// Whether blocks made out of values stand in a value: then it is a block.
fn holds_dynamic(of: &Node) -> bool {
    match &of.kind {
        NodeKind::Map(entries) => entries.iter().any(|it| {
            (it.key == "dynamic" && it.value.entries().is_some()) || holds_dynamic(&it.value)
        }),
        NodeKind::List(items) => items.iter().any(holds_dynamic),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => false,
    }
}
