//! What archgen writes is read as what it was.

use archgen_core::resource::network::SecurityGroup;
use archgen_core::resource::{ResourceGraph, ResourceId, ResourceKind, SecurityGroupRule};
use archgen_core::value::Value;

use super::reading;
use crate::cloudformation::write_graph;
use crate::testing as graph;

/// The types of resources that are compared, besides rules.
const READ: &[&str] = &[
    "Vpc",
    "VpcCidrBlock",
    "VpcIpv6Block",
    "Subnet",
    "InternetGateway",
    "InternetGatewayAttachment",
    "NatGateway",
    "RouteTable",
    "Route",
    "RouteTableAssociation",
    "NetworkAcl",
    "NetworkAclEntry",
    "NetworkAclAssociation",
    "SecurityGroup",
    "VpcEndpoint",
    "ElasticIp",
    "EgressOnlyInternetGateway",
    "PrefixList",
    "TransitGateway",
    "TransitGatewayAttachment",
    "TransitGatewayRouteTable",
    "TransitGatewayAssociation",
    "TransitGatewayPropagation",
    "TransitGatewayRoute",
    "VpnGateway",
    "VpnGatewayAttachment",
];

/// The resources that decide who reaches whom, references by logical ID, sorted.
fn network(graph: &ResourceGraph) -> Vec<String> {
    let mut all = Vec::new();
    for resource in graph.resources.values() {
        // Rules stand in their group, so that they have no name of their own.
        let named = if let ResourceKind::SecurityGroupRule(it) = &resource.kind {
            if !is_written(graph, it) {
                continue;
            }
            false
        } else if READ.contains(&resource.kind.type_name()) {
            true
        } else {
            continue;
        };
        let name = if named { resource.id.logical_id() } else { String::new() };
        all.push(format!("{name} {}", normal(&format!("{:?}", resource.kind))));
    }
    all.sort();
    all
}

/// Whether a rule is in the template, and was in the graph: archgen writes a rule that leads
/// nowhere where nothing goes out, and none that AWS's own rule allows already.
fn is_written(graph: &ResourceGraph, rule: &SecurityGroupRule) -> bool {
    let ingress = rule.direction == archgen_core::resource::network::Direction::Ingress;
    let default = graph
        .get::<SecurityGroup>(&rule.group)
        .is_some_and(|it| it.default_egress == Value::Literal(true));
    let nowhere = format!("{:?}", rule.peer).contains("127.0.0.1/32");
    !nowhere && (ingress || !default)
}

/// Text without descriptions, which templates hold in fewer characters.
fn without_descriptions(text: &str) -> String {
    let mut all = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("description: \"") {
        all.push_str(before);
        rest = after.split_once('"').map_or("", |it| it.1);
    }
    all + rest
}

/// Text with references by logical ID, without what templates do not hold.
fn normal(text: &str) -> String {
    let mut all = String::new();
    let text = without_descriptions(text);
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('→') {
        let end = after.find([' ', ',', ')', ']', '}']).unwrap_or(after.len());
        all.push_str(before);
        all.push_str(&ResourceId::new(&[&after[..end]]).logical_id());
        rest = &after[end..];
    }
    all.push_str(rest);
    for name in ["tier: \"", "Parameter(\""] {
        while let Some(at) = all.find(name) {
            let end =
                all[at + name.len()..].find('"').map_or(all.len(), |it| at + name.len() + it + 1);
            if name.starts_with("Parameter") {
                all.replace_range(at..end + 1, "Unknown");
            } else {
                all.replace_range(at..end, "");
            }
        }
    }
    all
}

#[test]
fn what_is_written_is_read_again() {
    let before = graph::everything();
    let template = write_graph("shop", "production", &before);
    let mut texts = vec![template.json()];
    #[cfg(feature = "yaml")]
    texts.push(template.yaml());
    texts.push(
        serde_yaml_ng::to_string(
            &serde_json::from_str::<serde_json::Value>(&template.json()).expect("is JSON"),
        )
        .expect("is YAML"),
    );
    for text in texts {
        let after = reading(&text);
        let (before, after) = (network(&before), network(&after.graph));
        for it in &before {
            assert!(after.contains(it), "lost: {it}\n{after:#?}");
        }
        for it in &after {
            assert!(before.contains(it), "made up: {it}");
        }
        assert_eq!(before.len(), after.len());
    }
}
