//! Finding the resource a refusal is about when AWS's answer does not name it.
//!
//! CloudFormation itself reports failures as events, which name the resource. Local APIs may run the
//! whole operation within the call instead and answer with the error of the service that refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Template {
    #[serde(rename = "Resources", default)]
    resources: BTreeMap<String, Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(rename = "Properties", default)]
    properties: Value,
}

/// Codes by which CloudFormation refuses the call itself, so that no resource is to blame.
const OWN_CODES: [&str; 9] = [
    "AccessDenied",
    "AccessDeniedException",
    "ChangeSetNotFound",
    "ExpiredToken",
    "InsufficientCapabilities",
    "InsufficientCapabilitiesException",
    "InvalidChangeSetStatus",
    "Throttling",
    "TokenAlreadyExistsException",
];

/// Whether the code of a refused execution comes from the service of a resource.
pub fn is_of_a_resource(code: &str) -> bool {
    !OWN_CODES.contains(&code)
}

/// The logical ID and type of the one resource with a property value that the message quotes.
pub fn find(template: &str, message: &str) -> Option<(String, String)> {
    let template: Template = serde_json::from_str(template).ok()?;
    let words: Vec<&str> = message
        .split(|it: char| it.is_whitespace() || "'\"`,;()".contains(it))
        .map(|it| it.trim_end_matches(['.', ':']))
        .filter(|it| it.contains(|it: char| it.is_ascii_digit() || it == '-' || it == '_'))
        .collect();
    let mut suspects =
        template.resources.into_iter().filter(|(_, it)| holds(&it.properties, &words));
    let (logical_id, resource) = suspects.next()?;
    suspects.next().is_none().then_some((logical_id, resource.kind))
}

fn holds(value: &Value, words: &[&str]) -> bool {
    match value {
        Value::String(text) => words.contains(&text.as_str()),
        Value::Array(items) => items.iter().any(|it| holds(it, words)),
        Value::Object(fields) => fields.values().any(|it| holds(it, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"{ "Resources": {
        "A": { "Type": "AWS::EC2::Subnet", "Properties": { "CidrBlock": "10.0.0.0/24", "VpcId": "vpc-1" } },
        "B": { "Type": "AWS::EC2::Subnet", "Properties": { "CidrBlock": "10.0.1.0/24", "VpcId": "vpc-1" } },
        "C": { "Type": "AWS::SQS::Queue" }
    } }"#;

    #[test]
    fn only_a_single_suspect_is_named() {
        let found = find(TEMPLATE, "The CIDR '10.0.1.0/24' conflicts with another subnet");
        assert_eq!(found, Some(("B".to_owned(), "AWS::EC2::Subnet".to_owned())));
        assert_eq!(find(TEMPLATE, "VpcID vpc-1 does not exist."), None);
        assert_eq!(find(TEMPLATE, "Something went wrong"), None);
    }
}
