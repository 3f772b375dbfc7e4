//! Repeated blocks: those that differ in their key become one block with `for_each` over the keys, so that
//! removing one touches only that one.

use std::borrow::Cow;

use super::address::{Address, Key};
use super::expr::{Expr, Object};
use super::module::Block;

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
        let body = Expr::Object(it.body.clone().sorted());
        arguments.push(body.map_addresses(&|other| other.seen_from(key)));
    }
    let mut values = vec![Object::new(); instances.len()];
    let items: Vec<Option<&Expr>> = arguments.iter().map(Some).collect();
    let merged = merge(&items, "", &mut values);
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
    Block { depends_on: whole, ..instances.swap_remove(0) }.content(body)
}

/// What is common to all values; where they differ, `each.value.NAME`, and each one's own in `values`.
fn merge(items: &[Option<&Expr>], path: &str, values: &mut [Object]) -> Expr {
    let Some(Some(first)) = items.first() else {
        return hole(items, path, values);
    };
    if items.iter().all(|it| *it == Some(first)) {
        return (*first).clone();
    }
    let objects: Option<Vec<&Object>> = items
        .iter()
        .map(|it| if let Some(Expr::Object(it)) = it { Some(it) } else { None })
        .collect();
    let Some(objects) = objects else {
        return hole(items, path, values);
    };
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
        merged.0.push((name, merge(&items, &path, values)));
    }
    Expr::Object(merged)
}

/// A place where values differ.
fn hole(items: &[Option<&Expr>], path: &str, values: &mut [Object]) -> Expr {
    let name = path.to_lowercase();
    for (value, it) in values.iter_mut().zip(items) {
        value.0.push((name.clone().into(), it.cloned().unwrap_or(Expr::Null)));
    }
    Expr::Name(format!("each.value.{name}").into())
}
