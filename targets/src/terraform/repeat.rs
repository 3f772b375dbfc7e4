//! Repeated blocks: those that differ in their key become one block with `for_each` over the keys, so that
//! removing one touches only that one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::address::{Address, Key, identifier};
use super::expr::{Expr, Object};
use super::module::{Block, Module};

#[cfg(test)]
mod tests;

/// The body of all blocks with one type and name.
pub(super) fn body(mut instances: Vec<Block>) -> Object {
    instances.sort_by(|a, b| a.address.cmp(&b.address));
    for pair in instances.windows(2) {
        assert!(
            pair[0].address != pair[1].address,
            "invariant: one address: `{}`",
            pair[0].address
        );
    }
    let mut keys = Vec::new();
    let mut arguments = Vec::new();
    for it in &instances {
        let Key::Literal(key) = &it.address.key else {
            assert!(instances.len() == 1, "invariant: one address: `{}`", it.address);
            return it.content(it.body.clone().sorted());
        };
        keys.push(key.clone());
        arguments.push(Expr::Object(it.body.clone().sorted()));
    }
    let items: Vec<Option<&Expr>> = arguments.iter().map(Some).collect();
    let mut merge = Merge { keys: &keys, values: vec![Object::new(); instances.len()] };
    let merged = merge.values(&items, "");
    let values = merge.values;
    let for_each = if values.iter().all(Object::is_empty) {
        Expr::call("toset", [Expr::List(keys.into_iter().map(Expr::from).collect())])
    } else {
        Expr::Object(Object(
            keys.into_iter().map(Cow::from).zip(values.into_iter().map(Expr::from)).collect(),
        ))
    };
    let mut body = Object::new().with("for_each", for_each);
    if let Expr::Object(it) = merged {
        body.0.extend(it.0);
    }
    // What all instances wait for: here Terraform knows resources, not their instances.
    let whole = instances.iter().flat_map(|it| &it.depends_on);
    let whole = whole.map(|it| Address { key: Key::None, ..it.clone() }).collect();
    let mut first = Block { depends_on: whole, ..instances.swap_remove(0) };
    let key = first.address.key.clone();
    let lifecycle = &mut first.lifecycle;
    for (it, _) in lifecycle.preconditions.iter_mut().chain(&mut lifecycle.postconditions) {
        if let Key::Literal(key) = &key {
            *it = it.map_addresses(&|other| other.seen_from(key));
        }
    }
    first.content(body)
}

/// Makes one block of several.
struct Merge<'a> {
    /// The key of each.
    keys: &'a [String],
    /// What only each has, by name.
    values: Vec<Object>,
}

impl Merge<'_> {
    /// What is common to all values; where they differ, `each.value.NAME`.
    fn values(&mut self, items: &[Option<&Expr>], path: &str) -> Expr {
        if let Some(it) = self.common(items) {
            return it;
        }
        if let Some(objects) =
            all(items, |it| if let Expr::Object(it) = it { Some(it) } else { None })
        {
            return self.objects(&objects, path);
        }
        // Blocks in a block are lists of objects. Their number is the same for all: Terraform takes no
        // expression for a whole block.
        if let Some(lists) = all(items, |it| if let Expr::List(it) = it { Some(it) } else { None })
            && lists.iter().all(|it| it.len() == lists[0].len())
            && lists.iter().all(|it| it.iter().all(|it| matches!(it, Expr::Object(_))))
        {
            let merged = (0..lists[0].len()).map(|index| {
                let items: Vec<Option<&Expr>> = lists.iter().map(|it| it.get(index)).collect();
                let path =
                    if lists[0].len() == 1 { path.to_string() } else { format!("{path}_{index}") };
                self.values(&items, &path)
            });
            return Expr::List(merged.collect());
        }
        if let Some(documents) = documents(items) {
            return Expr::call("jsonencode", [self.values(&documents, path)]);
        }
        self.hole(items, path)
    }

    /// The value that all have, or that all have seen from their own key.
    fn common(&self, items: &[Option<&Expr>]) -> Option<Expr> {
        let items: Vec<&Expr> = items.iter().copied().collect::<Option<_>>()?;
        let first = items.first()?;
        let same = |all: &[Expr]| all.windows(2).all(|it| it[0] == it[1]);
        let seen = items.iter().zip(self.keys);
        let mut seen: Vec<Expr> =
            seen.map(|(it, key)| it.map_addresses(&|other| other.seen_from(key))).collect();
        if same(&seen) {
            return seen.pop();
        }
        items.iter().all(|it| it == first).then(|| (*first).clone())
    }

    /// The same for objects, name by name.
    fn objects(&mut self, objects: &[&Object], path: &str) -> Expr {
        let mut names: Vec<Cow<'static, str>> = Vec::new();
        for (name, _) in objects.iter().flat_map(|it| &it.0) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let mut merged = Object::new();
        for name in names {
            let items: Vec<Option<&Expr>> = objects.iter().map(|it| it.get(&name)).collect();
            let path = if path.is_empty() { name.to_string() } else { format!("{path}_{name}") };
            let value = self.values(&items, &path);
            merged.0.push((name, value));
        }
        Expr::Object(merged)
    }

    /// A place where values differ. A missing value is `null`, which Terraform takes for an argument that
    /// is left out.
    fn hole(&mut self, items: &[Option<&Expr>], path: &str) -> Expr {
        let mut name = identifier(&path.to_lowercase()).replace('-', "_");
        while self.values.iter().any(|it| it.get(&name).is_some()) {
            name.push('_');
        }
        for (value, it) in self.values.iter_mut().zip(items) {
            value.0.push((name.clone().into(), it.cloned().unwrap_or(Expr::Null)));
        }
        Expr::Name(format!("each.value.{name}").into())
    }
}

/// What JSON documents hold, if they differ in values only: there a `null` is not left out.
fn documents<'a>(items: &[Option<&'a Expr>]) -> Option<Vec<Option<&'a Expr>>> {
    let inner = all(items, |it| {
        if let Expr::Call("jsonencode", arguments) = it { arguments.first() } else { None }
    })?;
    inner.windows(2).all(|it| alike(it[0], it[1])).then(|| inner.into_iter().map(Some).collect())
}

/// Whether two values have the same names, and lists of objects the same length, all the way down.
fn alike(one: &Expr, other: &Expr) -> bool {
    match (one, other) {
        (Expr::Object(one), Expr::Object(other)) => {
            one.0.len() == other.0.len()
                && one
                    .0
                    .iter()
                    .all(|(name, it)| other.get(name).is_some_and(|also| alike(it, also)))
        }
        (Expr::List(one), Expr::List(other)) => {
            let objects = |all: &[Expr]| all.iter().any(|it| matches!(it, Expr::Object(_)));
            (!objects(one) && !objects(other))
                || (one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| alike(one, other)))
        }
        (one, other) => !matches!(one, Expr::Object(_)) && !matches!(other, Expr::Object(_)),
    }
}

/// Every value as `as_it` sees it, if it sees all of them so.
fn all<'a, T>(
    items: &[Option<&'a Expr>],
    as_it: impl Fn(&'a Expr) -> Option<&'a T>,
) -> Option<Vec<&'a T>> {
    items.iter().map(|it| it.and_then(&as_it)).collect()
}

/// A block as Terraform orders them: all its instances are one.
type Node = (&'static str, String);

fn node(it: &Address) -> Node {
    (it.kind, it.name.clone())
}

/// Takes apart what would wait for itself as one block: where instances refer to each other, directly or
/// over other blocks, each becomes a block of its own, with its key in its name.
pub(super) fn unfold_cycles(module: &mut Module) {
    let mut needs: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
    let mut repeated = BTreeSet::new();
    for block in &module.blocks {
        if matches!(block.address.key, Key::Literal(_)) {
            repeated.insert(node(&block.address));
        }
        let all = needs.entry(node(&block.address)).or_default();
        all.extend(block.depends_on.iter().map(node));
        let mut locals = Vec::new();
        block.visit(&mut |it| {
            if let Expr::Attribute(it, _) = it {
                all.insert(node(it));
            } else if let Expr::Name(name) = it {
                locals.extend(name.strip_prefix("local.").map(str::to_string));
            }
        });
        // Local values name no others.
        for ((_, name), value) in &module.locals {
            if locals.contains(name) {
                value.visit(&mut |it| {
                    if let Expr::Attribute(it, _) = it {
                        all.insert(node(it));
                    }
                });
            }
        }
    }
    let waits_for_itself = |start: &Node| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Node> = needs.get(start).into_iter().flatten().collect();
        while let Some(it) = next.pop() {
            if it == start {
                return true;
            }
            if seen.insert(it) {
                next.extend(needs.get(it).into_iter().flatten());
            }
        }
        false
    };
    let apart: BTreeSet<Node> = repeated.into_iter().filter(waits_for_itself).collect();
    if !apart.is_empty() {
        module.map_addresses(&|it| match &it.key {
            Key::Literal(key) if apart.contains(&node(it)) => Address {
                name: identifier(&format!("{}_{key}", it.name)),
                key: Key::None,
                ..it.clone()
            },
            Key::None | Key::Each | Key::Literal(_) => it.clone(),
        });
    }
}
