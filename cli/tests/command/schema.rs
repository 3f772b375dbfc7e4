//! A validator for the part of JSON Schema 2020-12 that `docs/reach.schema.json` uses. What it does not
//! know makes it fail, so that nothing of the schema goes unchecked.

use serde_json::Value;

/// What is wrong with a value; nothing if it is as the schema says.
pub fn problems(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else {
        found.push(format!("{at}: the schema is no object"));
        return;
    };
    for (keyword, wanted) in schema {
        match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "properties" => {}
            "$ref" => match wanted.as_str().and_then(|it| root.pointer(it.trim_start_matches('#')))
            {
                Some(it) => check(root, it, value, at, found),
                None => found.push(format!("{at}: {wanted} leads nowhere")),
            },
            "type" => {
                let one = [wanted.clone()];
                let types = wanted.as_array().map_or(one.as_slice(), Vec::as_slice);
                if !types.iter().any(|it| is(value, it)) {
                    found.push(format!("{at}: {value} is not {wanted}"));
                }
            }
            "enum" => {
                if !wanted.as_array().is_some_and(|it| it.contains(value)) {
                    found.push(format!("{at}: {value} is none of {wanted}"));
                }
            }
            "required" => {
                for name in wanted.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if value.get(name).is_none() {
                        found.push(format!("{at}: no `{name}`"));
                    }
                }
            }
            "additionalProperties" => {
                assert_eq!(wanted, &Value::Bool(false));
                let known = schema.get("properties").and_then(Value::as_object);
                for (name, it) in value.as_object().into_iter().flatten() {
                    match known.and_then(|known| known.get(name)) {
                        Some(schema) => check(root, schema, it, &format!("{at}.{name}"), found),
                        None => found.push(format!("{at}: `{name}` is not in the schema")),
                    }
                }
            }
            "items" => {
                for (index, it) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, wanted, it, &format!("{at}[{index}]"), found);
                }
            }
            "anyOf" | "oneOf" => one_of(root, wanted, keyword == "oneOf", value, at, found),
            "pattern" => {
                let ok = match wanted.as_str() {
                    Some(PROTOCOL) => value.as_str().is_some_and(is_protocol),
                    Some(PORTS) => value.as_str().is_some_and(is_ports),
                    Some(_) | None => false,
                };
                if !ok {
                    found.push(format!("{at}: {value} does not match {wanted}"));
                }
            }
            other => found.push(format!("{at}: the validator does not know `{other}`")),
        }
    }
}

fn one_of(
    root: &Value,
    schemas: &Value,
    just_one: bool,
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) {
    let tries: Vec<Vec<String>> = schemas
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| {
            let mut inner = Vec::new();
            check(root, it, value, at, &mut inner);
            inner
        })
        .collect();
    let fitting = tries.iter().filter(|it| it.is_empty()).count();
    if fitting == 0 || (just_one && fitting > 1) {
        let best = tries.into_iter().min_by_key(Vec::len).unwrap_or_default();
        found.push(format!("{at}: {fitting} of the alternatives fit"));
        found.extend(best);
    }
}

fn is(value: &Value, kind: &Value) -> bool {
    match kind.as_str() {
        Some("null") => value.is_null(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("the validator does not know the type `{other}`"),
        None => false,
    }
}

const PROTOCOL: &str = "^(tcp|udp|icmp|icmpv6|all|[0-9]+)$";
const PORTS: &str = r"^(all|unknown|[0-9]+(\.[0-9]+)?(-[0-9]+(\.[0-9]+)?)?)$";

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn is_protocol(text: &str) -> bool {
    ["tcp", "udp", "icmp", "icmpv6", "all"].contains(&text) || is_number(text)
}

fn is_ports(text: &str) -> bool {
    let end = |it: &str| it.split('.').count() <= 2 && it.split('.').all(is_number);
    ["all", "unknown"].contains(&text) || (text.split('-').count() <= 2 && text.split('-').all(end))
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let schema: Value = serde_json::from_str(
        r##"{"oneOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"type":"object","additionalProperties":false,
        "required":["x"],"properties":{"x":{"enum":["1"]}}}}}"##,
    )
    .expect("it is JSON");
    let fits =
        |text: &str| problems(&schema, &serde_json::from_str(text).expect("it is JSON")).is_empty();
    assert!(fits(r#"{"x":"1"}"#));
    for wrong in [r#"{"x":"2"}"#, "{}", r#"{"x":"1","y":1}"#, "[]", "null"] {
        assert!(!fits(wrong), "{wrong}");
    }
    assert!(is_ports("8.0-9.255") && is_ports("1-2") && !is_ports("1-") && !is_ports("a"));
}
