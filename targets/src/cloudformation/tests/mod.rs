//! Templates of graphs built by hand.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::resource::{Output, ResourceGraph, ResourceId};

use super::template::Template;
use super::write_graph;
use crate::testing as graph;

mod compute;
mod data;
mod expr;
mod kubernetes;
mod network;

/// The template of every kind of resource.
fn everything() -> Template {
    write_graph("shop", "production", &graph::everything())
}

/// A property of a resource as JSON, without spaces.
fn property(template: &Template, id: &str, name: &str) -> String {
    let Some(resource) = template.resource(id) else { panic!("no resource {id}") };
    let super::expr::Expr::Object(all) = &resource.properties else { panic!("no properties") };
    all.get(name)
        .map_or_else(|| "missing".to_string(), |it| serde_json::to_string(it).expect("serializes"))
}

#[test]
fn every_kind_of_resource_is_in_the_graph() {
    let kinds: BTreeSet<&str> =
        graph::everything().resources.values().map(|it| it.kind.type_name()).collect();
    // As many as `resources!` has in core; a new one belongs into the graph as well.
    assert_eq!(kinds.len(), 87, "{kinds:?}");
}

#[test]
fn json_parses_and_every_reference_leads_somewhere() {
    let template = everything();
    let value: serde_json::Value = serde_json::from_str(&template.json()).expect("is JSON");
    let names = |section: &str| -> BTreeSet<String> {
        value[section].as_object().map(|it| it.keys().cloned().collect()).unwrap_or_default()
    };
    let (resources, parameters) = (names("Resources"), names("Parameters"));
    assert!(resources.is_disjoint(&parameters));
    for name in template.references() {
        assert!(resources.contains(&name) || parameters.contains(&name), "{name}");
    }
    assert!(
        value["Resources"]
            .as_object()
            .is_some_and(|all| { all.values().all(|it| it["Properties"].is_object()) })
    );
    if let Ok(path) = std::env::var("ARCHGEN_WRITE_TEMPLATE") {
        std::fs::write(format!("{path}.json"), template.json()).expect("can be written");
        #[cfg(feature = "yaml")]
        std::fs::write(format!("{path}.yaml"), template.yaml()).expect("can be written");
    }
}

#[test]
fn nothing_names_an_account_a_region_a_partition_or_a_zone() {
    let mut template: serde_json::Value =
        serde_json::from_str(&everything().json()).expect("is JSON");
    // But for where CloudFront's certificates must be.
    let rules = template.as_object_mut().and_then(|it| it.remove("Rules")).expect("rules");
    assert_eq!(
        rules["Region"]["Assertions"][0]["Assert"].to_string(),
        r#"{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]}"#
    );
    let text = template.to_string();
    for it in ["us-east-1", "arn:aws:", "123456789012"] {
        assert!(!text.contains(it), "{it}");
    }
}

#[cfg(feature = "yaml")]
#[test]
fn yaml_means_what_json_means() {
    let template = everything();
    let json: serde_json::Value = serde_json::from_str(&template.json()).expect("is JSON");
    let yaml: serde_json::Value = serde_yaml_ng::from_str(&template.yaml()).expect("is YAML");
    assert_eq!(json, yaml);
}

#[test]
fn properties_stand_in_alphabetical_order_and_sections_in_awss() {
    let text = everything().json();
    let at = |it: &str| text.find(it).unwrap_or_else(|| panic!("no {it}"));
    let order = [
        "AWSTemplateFormatVersion",
        "\n  \"Description\"",
        "\n  \"Parameters\"",
        "\n  \"Conditions\"",
        "\n  \"Resources\"",
        "\n  \"Outputs\"",
    ];
    assert!(order.map(at).is_sorted());
    assert!(text.ends_with("}\n"));
}

#[test]
fn what_a_property_says_is_not_said_again() {
    let template = everything();
    let depends = |id: &str| -> Vec<&str> {
        let Some(it) = template.resource(id) else { panic!("no resource {id}") };
        it.depends_on.iter().map(String::as_str).collect()
    };
    // The route needs the attachment, which no property names; the gateway is one of them.
    assert_eq!(depends("NetworkPublicInternetRoute"), ["NetworkInternetGatewayAttachment"]);
    // A rule that stands in its group is the group, and one that is left out is nothing.
    assert_eq!(depends("NetworkPrivateANatGateway"), ["EdgeSecurityGroup"]);
}

#[test]
fn only_parameters_that_are_used_are_asked_for() {
    let mut graph = graph::everything();
    graph.parameters.insert("unused".to_string(), graph::parameter("unused"));
    let template = write_graph("shop", "production", &graph);
    assert!(template.parameters().any(|it| it.name == "ImageTag" && it.has_default));
    assert!(template.parameters().all(|it| it.name != "Unused"));
}

#[test]
fn names_show_where_a_resource_comes_from() {
    let template = everything();
    assert_eq!(
        property(&template, "NetworkVpc", "Tags"),
        r#"[{"Key":"Architecture","Value":"shop"},{"Key":"ManagedBy","Value":"archgen"},{"Key":"Name","Value":"shop-production/network/vpc"}]"#
    );
    let (id, kind, declaration, loc) =
        template.resources().find(|it| it.0 == "NetworkVpc").expect("is there");
    assert_eq!((id, kind, declaration), ("NetworkVpc", "AWS::EC2::VPC", "network"));
    assert!(!loc.is_known());
}

#[test]
fn an_empty_graph_is_a_template_without_resources() {
    let graph = ResourceGraph {
        outputs: BTreeMap::from([(
            ResourceId::new(&["edge", "dns_name"]),
            Output {
                name: ResourceId::new(&["edge", "dns_name"]),
                description: "d".to_string(),
                value: "v".into(),
            },
        )]),
        ..ResourceGraph::default()
    };
    let template = write_graph("a", "b", &graph);
    assert_eq!(template.outputs().collect::<Vec<_>>(), ["EdgeDnsName"]);
    assert_eq!(template.resources().count(), 0);
}
