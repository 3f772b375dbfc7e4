//! What an earlier template exports and other stacks still import: CloudFormation refuses to take it away, so it stays
//! until those have been deployed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The new template with the exports of the old one that it lacks, and what these refer to; none if it lacks
/// none. Only exports whose names begin with `prefix` are archgen's own.
pub fn with_exports(new: &str, old: &str, prefix: &str) -> Option<String> {
    let mut new: Value = serde_json::from_str(new).ok()?;
    // Somebody may have deployed the stack from YAML by hand: then there is nothing to keep it by.
    let old: Value = serde_json::from_str(old).ok()?;
    let exported: BTreeSet<String> =
        section(&new, "Outputs").into_iter().flatten().filter_map(|it| export(it.1)).collect();
    let missing: Vec<(&String, &Value)> = section(&old, "Outputs")
        .into_iter()
        .flatten()
        .filter(|it| {
            export(it.1).is_some_and(|it| it.starts_with(prefix) && !exported.contains(&it))
        })
        .collect();
    if missing.is_empty() {
        return None;
    }
    let mut open: Vec<&Value> = Vec::new();
    for (key, output) in missing {
        put(&mut new, "Outputs", key, output);
        open.push(output);
    }
    while let Some(value) = open.pop() {
        let mut names = BTreeSet::new();
        references(value, &mut names);
        for name in names {
            for part in ["Resources", "Parameters", "Conditions"] {
                let known = section(&new, part).is_some_and(|it| it.contains_key(&name));
                let before = section(&old, part).and_then(|it| it.get(&name));
                if let Some(it) = before.filter(|_| !known) {
                    put(&mut new, part, &name, it);
                    open.push(it);
                }
            }
        }
    }
    serde_json::to_string_pretty(&new).ok()
}

fn section<'a>(template: &'a Value, name: &str) -> Option<&'a Map<String, Value>> {
    template.get(name).and_then(Value::as_object)
}

fn export(output: &Value) -> Option<String> {
    output.get("Export")?.get("Name")?.as_str().map(str::to_owned)
}

fn put(template: &mut Value, part: &str, name: &str, value: &Value) {
    let Some(all) = template.as_object_mut() else { return };
    let all = all.entry(part).or_insert_with(|| Value::Object(Map::new()));
    if let Some(all) = all.as_object_mut() {
        all.entry(name).or_insert_with(|| value.clone());
    }
}

/// The names that a value refers to: of resources, parameters and conditions.
fn references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        Value::Array(all) => all.iter().for_each(|it| references(it, names)),
        Value::Object(all) => {
            for (key, it) in all {
                match (key.as_str(), it) {
                    ("Ref" | "DependsOn" | "Condition", Value::String(name)) => {
                        names.insert(name.clone());
                    }
                    ("DependsOn" | "Fn::GetAtt" | "Fn::If", Value::Array(all)) => {
                        let texts = all.iter().filter_map(Value::as_str);
                        names.extend(texts.map(str::to_owned));
                    }
                    ("Fn::Sub", Value::String(text)) => {
                        let parts = text.split("${").skip(1).filter_map(|it| it.split('}').next());
                        let name = |it: &str| it.split('.').next().unwrap_or(it).to_owned();
                        names.extend(parts.map(name));
                    }
                    _ => {}
                }
                references(it, names);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_import_stays_with_what_it_needs() {
        let old = r#"{
            "Parameters": { "Tag": { "Type": "String" }, "Other": { "Type": "String" } },
            "Resources": {
                "A": { "Type": "X", "DependsOn": ["B"], "Properties": { "Name": { "Fn::Sub": "${Tag}-${C.Arn}" } } },
                "B": { "Type": "X", "Properties": {} },
                "C": { "Type": "X", "Properties": { "Old": true } },
                "D": { "Type": "X", "Properties": {} }
            },
            "Outputs": {
                "ExportARef": { "Value": { "Ref": "A" }, "Export": { "Name": "shop:A" } },
                "ExportDRef": { "Value": { "Ref": "D" }, "Export": { "Name": "shop:D" } },
                "Foreign": { "Value": { "Ref": "D" }, "Export": { "Name": "foreign" } }
            }
        }"#;
        let new = r#"{
            "Resources": { "C": { "Type": "X", "Properties": { "Old": false } }, "D": { "Type": "X", "Properties": {} } },
            "Outputs": { "ExportDRef": { "Value": { "Ref": "D" }, "Export": { "Name": "shop:D" } } }
        }"#;
        let kept = with_exports(new, old, "shop:").expect("`A` is imported");
        let kept: Value = serde_json::from_str(&kept).expect("JSON");
        let names = |part| section(&kept, part).map(|it| it.keys().cloned().collect::<Vec<_>>());
        assert_eq!(names("Resources"), Some(["A", "B", "C", "D"].map(str::to_owned).to_vec()));
        assert_eq!(names("Parameters"), Some(vec!["Tag".to_owned()]));
        assert_eq!(
            names("Outputs"),
            Some(["ExportARef", "ExportDRef"].map(str::to_owned).to_vec())
        );
        assert_eq!(kept["Resources"]["C"]["Properties"]["Old"], false);
        assert_eq!(with_exports(new, new, "shop:"), None);
        assert_eq!(with_exports(new, "Resources: {}", "shop:"), None);
    }
}
