//! Whole modules.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Files;
use crate::terraform::tests::{everything, write};
use crate::terraform::write_graph;
use crate::testing;

/// Everything, with what stands in a zone repeated by the zone's letter.
fn by_zone() -> Files {
    let mut graph = testing::everything();
    for it in graph.resources.values_mut() {
        let letter = it.id.as_str().split('.').find(|it| ["a", "b"].contains(it));
        it.key = letter.map(str::to_string);
    }
    let files = write_graph("shop", "production", &graph).files();
    if let Ok(folder) = std::env::var("ARCHGEN_WRITE_MODULE") {
        write(&files, &format!("{folder}/by_zone"));
    }
    files
}

/// The names that an expression uses, as far as they lead to something of the module:
/// `aws_vpc.network`, `var.office`, `local.policy`, `data.aws_region.current`.
fn names_in(code: &str, names: &mut BTreeSet<String>) {
    let mut word = String::new();
    let mut quoted = false;
    for it in code.chars().chain([' ']) {
        if it == '"' {
            quoted = !quoted;
        }
        if !quoted && (it.is_ascii_alphanumeric() || "_-.".contains(it)) {
            word.push(it);
            continue;
        }
        let parts: Vec<&str> = word.split('.').collect();
        let length = match parts.as_slice() {
            ["var" | "local", _, ..] => 2,
            ["data" | "ephemeral", _, _, ..] => 3,
            [kind, _, ..] if kind.starts_with("aws_") => 2,
            _ => 0,
        };
        if length > 0 {
            names.insert(parts[..length].join("."));
        }
        word.clear();
    }
}

/// The names that a value uses, in templates and in `depends_on`.
fn names_of(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            // What is escaped is no template.
            let text = text.replace("$${", "");
            for part in text.split("${").skip(1) {
                names_in(part, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| names_of(it, names)),
        Value::Object(all) => {
            for (name, it) in all {
                if name == "depends_on" {
                    let items = it.as_array().into_iter().flatten();
                    names.extend(items.filter_map(Value::as_str).map(str::to_string));
                } else {
                    names_of(it, names);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What a module declares, by the names that expressions use.
fn declared(files: &[Value]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let keys = |it: &Value| -> Vec<String> {
        it.as_object().map(|it| it.keys().cloned().collect()).unwrap_or_default()
    };
    for file in files {
        all.extend(keys(&file["variable"]).iter().map(|it| format!("var.{it}")));
        all.extend(keys(&file["locals"]).iter().map(|it| format!("local.{it}")));
        for (mode, prefix) in [("resource", ""), ("data", "data."), ("ephemeral", "ephemeral.")] {
            for kind in keys(&file[mode]) {
                let names = keys(&file[mode][&kind]);
                all.extend(names.iter().map(|name| format!("{prefix}{kind}.{name}")));
            }
        }
    }
    all
}

/// What is used and not declared.
fn dangling(files: &Files) -> Vec<String> {
    let files: Vec<Value> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".tf.json") && !path.contains('/'))
        .map(|(_, text)| serde_json::from_slice(text).expect("is JSON"))
        .collect();
    let mut used = BTreeSet::new();
    files.iter().for_each(|it| names_of(it, &mut used));
    assert!(used.len() > 20, "the test sees names: {used:?}");
    used.difference(&declared(&files)).cloned().collect()
}

#[test]
fn every_reference_leads_to_something_of_the_module() {
    assert_eq!(dangling(&everything()), [""; 0]);
    assert_eq!(dangling(&by_zone()), [""; 0]);
}

#[test]
fn a_reference_that_leads_nowhere_is_seen() {
    let mut files = everything();
    let text =
        r#"{"locals":{"x":"a ${join(\"aws_no.no\", [aws_vpc.gone[\"a\"].id])} ${var.gone}"}}"#;
    files.insert("wrong.tf.json".to_string(), text.as_bytes().to_vec());
    let found = dangling(&files);
    assert!(found.contains(&"aws_vpc.gone".to_string()), "{found:?}");
    assert!(found.contains(&"var.gone".to_string()), "{found:?}");
    assert!(!found.contains(&"aws_no.no".to_string()), "{found:?}");
}

#[test]
fn what_a_declaration_repeats_is_one_block() {
    let files = by_zone();
    let subnet = crate::terraform::tests::block(&files, "aws_subnet", "network_private");
    assert_eq!(subnet["cidr_block"], "${each.value.cidr_block}");
    assert_eq!(subnet["for_each"]["b"]["cidr_block"], "10.0.11.0/24");
    assert_eq!(subnet["vpc_id"], "${aws_vpc.network.id}");
    let endpoint =
        crate::terraform::tests::block(&files, "aws_vpc_endpoint", "network_endpoint_logs");
    assert_eq!(endpoint["subnet_ids"][1], "${aws_subnet.network_private[\"b\"].id}");
}

/// Written twice, it is the same.
#[test]
fn the_same_graph_is_the_same_bytes() {
    assert_eq!(everything(), everything());
}
