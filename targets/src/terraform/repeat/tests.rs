//! Blocks that differ in their key.

use std::collections::BTreeSet;

use archgen_core::Loc;
use serde_json::{Value, json};

use crate::terraform::address::{Address, Key};
use crate::terraform::expr::{Expr, Object};
use crate::terraform::module::{Block, File, Lifecycle, Mode, Module};
use crate::terraform::tests::block;

fn at(kind: &'static str, name: &str, key: Option<&str>) -> Address {
    let key = key.map_or(Key::None, |it| Key::Literal(it.to_string()));
    Address { kind, name: name.to_string(), key }
}

fn add(out: &mut Module, address: Address, body: Object, depends_on: &[Address]) {
    out.add(Block {
        mode: Mode::Resource,
        address,
        resource: None,
        declaration: "it".to_string(),
        loc: Loc::NONE,
        file: File::Network,
        body,
        depends_on: depends_on.iter().cloned().collect::<BTreeSet<_>>(),
        lifecycle: Lifecycle::default(),
    });
}

fn one(out: Module, kind: &str, name: &str) -> Value {
    block(&out.files(), kind, name)
}

#[test]
fn what_differs_is_a_value_of_each_key() {
    let mut out = Module::default();
    for (key, cidr) in [("b", "10.0.1.0/24"), ("a", "10.0.0.0/24")] {
        let tags = Object::new().with("Name", format!("subnet/{key}"));
        let body = Object::new().with("cidr_block", cidr).with("public", false).with("tags", tags);
        add(&mut out, at("aws_subnet", "s", Some(key)), body, &[]);
    }
    assert_eq!(
        one(out, "aws_subnet", "s"),
        json!({
            "for_each": {
                "a": { "cidr_block": "10.0.0.0/24", "tags_name": "subnet/a" },
                "b": { "cidr_block": "10.0.1.0/24", "tags_name": "subnet/b" },
            },
            "cidr_block": "${each.value.cidr_block}",
            "public": false,
            "tags": { "Name": "${each.value.tags_name}" },
        })
    );
}

#[test]
fn where_nothing_differs_the_keys_are_a_set() {
    let mut out = Module::default();
    for key in ["a", "b"] {
        add(&mut out, at("aws_eip", "e", Some(key)), Object::new().with("domain", "vpc"), &[]);
    }
    assert_eq!(
        one(out, "aws_eip", "e"),
        json!({ "for_each": "${toset([\"a\", \"b\"])}", "domain": "vpc" })
    );
}

#[test]
fn one_key_is_repeated_too_so_that_a_second_moves_nothing() {
    let mut out = Module::default();
    add(&mut out, at("aws_eip", "e", Some("a")), Object::new().with("domain", "vpc"), &[]);
    assert_eq!(
        one(out, "aws_eip", "e"),
        json!({ "for_each": "${toset([\"a\"])}", "domain": "vpc" })
    );
}

#[test]
fn what_only_some_have_is_null_for_the_others() {
    let mut out = Module::default();
    add(&mut out, at("aws_nat", "n", Some("a")), Object::new().with("address", "x"), &[]);
    add(&mut out, at("aws_nat", "n", Some("b")), Object::new().with("subnet", "y"), &[]);
    assert_eq!(
        one(out, "aws_nat", "n"),
        json!({
            "for_each": {
                "a": { "address": "x", "subnet": null },
                "b": { "address": null, "subnet": "y" },
            },
            "address": "${each.value.address}",
            "subnet": "${each.value.subnet}",
        })
    );
}

#[test]
fn blocks_in_blocks_stay_blocks() {
    let mut out = Module::default();
    for (key, user) in [("a", 1_i64), ("b", 2)] {
        let inner = Object::new().with("kind", "posix").with("user", user);
        let body = Object::new().with("inner", vec![inner.into()]);
        add(&mut out, at("aws_x", "x", Some(key)), body, &[]);
    }
    assert_eq!(
        one(out, "aws_x", "x"),
        json!({
            "for_each": { "a": { "inner_user": 1 }, "b": { "inner_user": 2 } },
            "inner": [{ "kind": "posix", "user": "${each.value.inner_user}" }],
        })
    );
}

#[test]
fn names_of_values_are_identifiers_and_never_the_same() {
    let mut out = Module::default();
    for key in ["a", "b"] {
        let tags = Object::new().with("team.example/name", key).with("team_example_name", key);
        add(&mut out, at("aws_x", "x", Some(key)), Object::new().with("tags", tags), &[]);
    }
    assert_eq!(
        one(out, "aws_x", "x")["tags"],
        json!({
            "team.example/name": "${each.value.tags_team_example_name}",
            "team_example_name": "${each.value.tags_team_example_name_}",
        })
    );
}

#[test]
fn the_same_key_elsewhere_is_each_key_and_another_one_is_not() {
    let mut out = Module::default();
    for (key, other) in [("a", "b"), ("b", "a")] {
        add(&mut out, at("aws_subnet", "s", Some(key)), Object::new(), &[]);
        let body = Object::new()
            .with("own", at("aws_subnet", "s", Some(key)).attribute("id"))
            .with("other", at("aws_subnet", "s", Some(other)).attribute("id"));
        add(&mut out, at("aws_nat", "n", Some(key)), body, &[]);
    }
    let nat = one(out, "aws_nat", "n");
    assert_eq!(nat["own"], "${aws_subnet.s[each.key].id}");
    assert_eq!(nat["other"], "${each.value.other}");
    assert_eq!(nat["for_each"]["a"]["other"], "${aws_subnet.s[\"b\"].id}");
}

#[test]
fn waiting_is_for_whole_blocks_and_only_where_no_argument_says_so() {
    let mut out = Module::default();
    let (said, more) = (at("aws_subnet", "s", Some("a")), at("aws_route", "r", Some("a")));
    for it in [&said, &more] {
        add(&mut out, it.clone(), Object::new(), &[]);
    }
    let body = Object::new().with("subnet", said.attribute("id"));
    add(&mut out, at("aws_nat", "n", Some("a")), body, &[said, more]);
    assert_eq!(one(out, "aws_nat", "n")["depends_on"], json!(["aws_route.r"]));
}

#[test]
fn instances_that_refer_to_each_other_are_blocks_of_their_own() {
    let mut out = Module::default();
    let (first, second) = (at("aws_db", "d", Some("a")), at("aws_db", "d", Some("b")));
    add(&mut out, first.clone(), Object::new(), &[]);
    add(&mut out, second.clone(), Object::new().with("source", first.attribute("arn")), &[]);
    let body = Object::new().with("of", Expr::Name("local.both".into()));
    add(&mut out, at("aws_alarm", "x", None), body, std::slice::from_ref(&second));
    let both = Expr::List(vec![first.attribute("id"), second.attribute("id")]);
    out.locals.insert((File::Network, "both".to_string()), both);
    let files = out.files();
    assert_eq!(block(&files, "aws_db", "d_a"), json!({}));
    assert_eq!(block(&files, "aws_db", "d_b"), json!({ "source": "${aws_db.d_a.arn}" }));
    assert_eq!(block(&files, "aws_alarm", "x")["depends_on"], json!(["aws_db.d_b"]));
    let text = String::from_utf8_lossy(&files["network.tf.json"]).into_owned();
    assert!(text.contains("${aws_db.d_a.id}") && text.contains("${aws_db.d_b.id}"), "{text}");
}

#[test]
fn a_way_back_over_other_blocks_counts_too() {
    let mut out = Module::default();
    let (a, b) = (at("aws_x", "x", Some("a")), at("aws_x", "x", Some("b")));
    let between = at("aws_y", "y", None);
    add(&mut out, a.clone(), Object::new(), &[]);
    add(&mut out, between.clone(), Object::new().with("of", Expr::Name("local.a".into())), &[]);
    add(&mut out, b, Object::new(), &[between]);
    out.locals.insert((File::Network, "a".to_string()), a.attribute("id"));
    let files = out.files();
    assert_eq!(block(&files, "aws_x", "x"), Value::Null);
    assert_eq!(block(&files, "aws_x", "x_b"), json!({ "depends_on": ["aws_y.y"] }));
}

/// Zones that share a gateway: only one of them has its own.
#[test]
fn what_all_share_is_said_once() {
    let mut out = Module::default();
    for key in ["a", "b"] {
        let gateway = at("aws_nat_gateway", "nat", Some("a"));
        let address = at("aws_route", "way_out", Some(key));
        let body = Object::new().with("nat_gateway_id", gateway.attribute("id"));
        add(&mut out, address, body, &[]);
    }
    let file = out.files().remove("network.tf.json").expect("a file");
    let file: Value = serde_json::from_slice(&file).expect("JSON");
    assert_eq!(
        file["resource"]["aws_route"]["way_out"],
        json!({
            "for_each": "${toset([\"a\", \"b\"])}",
            "nat_gateway_id": "${aws_nat_gateway.nat[\"a\"].id}",
        })
    );
}
