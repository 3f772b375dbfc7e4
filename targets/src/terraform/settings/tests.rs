//! What stands around the blocks.

use archgen_core::declare::param::ParamKind;
use archgen_core::resource::terraform::TerraformSettings;
use archgen_core::resource::{
    Attribute, Output, Parameter, ResourceGraph, ResourceId, Secret, Subnet, Vpc,
};
use archgen_core::value::{Text, Value as Given};
use serde_json::{Value, json};

use crate::Files;
use crate::terraform::write_graph;
use crate::testing::{Builder, everything, ipv4, parameter};

fn literal(text: &str) -> Option<Given<String>> {
    Some(Given::Literal(text.to_string()))
}

fn files(graph: &ResourceGraph) -> Files {
    write_graph("shop", "production", graph).files()
}

fn json_of(files: &Files, path: &str) -> Value {
    files.get(path).map_or(Value::Null, |it| serde_json::from_slice(it).expect("is JSON"))
}

/// A graph of one VPC.
fn small() -> Builder {
    let mut it = Builder::new();
    it.add("network.vpc", Vpc { cidr: ipv4("10.0.0.0/16") });
    it
}

#[test]
fn versions_are_required() {
    let mut graph = small().0;
    let main = |graph: &ResourceGraph| json_of(&files(graph), "main.tf.json");
    assert_eq!(
        main(&graph),
        json!({ "terraform": {
            "required_version": ">= 1.11",
            "required_providers": { "aws": { "source": "hashicorp/aws", "version": "~> 6.4" } },
        }})
    );
    for (given, expected) in [("~> 1.13", ">= 1.11, ~> 1.13"), (">= 1.11", ">= 1.11")] {
        let required_version = literal(given);
        graph.terraform = Some(TerraformSettings { required_version, ..Default::default() });
        assert_eq!(main(&graph)["terraform"]["required_version"], expected);
    }
}

#[test]
fn the_provider_tags_everything_and_works_where_it_may() {
    let mut graph = small().0;
    let provider = |graph: &ResourceGraph| {
        json_of(&files(graph), "providers.tf.json")["provider"]["aws"][0].clone()
    };
    let tags = json!([{ "tags": { "Architecture": "shop", "ManagedBy": "archgen" } }]);
    assert_eq!(provider(&graph), json!({ "default_tags": tags }));
    graph.terraform = Some(TerraformSettings {
        region: literal("eu-west-1"),
        allowed_account_ids: vec![
            Given::Literal("123456789012".to_string()),
            Given::Parameter("account".to_string()),
        ],
        ..Default::default()
    });
    graph.parameters.insert("account".to_string(), parameter("account"));
    assert_eq!(
        provider(&graph),
        json!({
            "allowed_account_ids": ["123456789012", "${var.account}"],
            "default_tags": tags,
            "region": "eu-west-1",
        })
    );
    // What only the provider uses is asked for as well.
    let variables = json_of(&files(&graph), "variables.tf.json");
    assert!(variables["variable"]["account"].is_object());
}

#[test]
fn only_data_sources_that_are_used_are_looked_up() {
    let mut it = small();
    let main = |it: &Builder| json_of(&files(&it.0), "main.tf.json");
    assert_eq!(main(&it)["data"], Value::Null);
    for zone in [0, 2] {
        let vpc = archgen_core::resource::Ref::new(ResourceId::new(&["network.vpc"]));
        let cidr = ipv4(&format!("10.0.{zone}.0/24"));
        let subnet = Subnet { vpc, cidr, ipv6: None, zone, tier: String::new() };
        it.add(&format!("network.{zone}.subnet"), subnet);
    }
    assert_eq!(
        main(&it)["data"],
        json!({ "aws_availability_zones": { "available": {
            "filter": [{ "name": "opt-in-status", "values": ["opt-in-not-required"] }],
            "state": "available",
            "lifecycle": { "postcondition": [{
                "condition": "${length(self.names) >= 3}",
                "error_message": "The subnets need 3 Availability Zones, and this Region has fewer.",
            }]},
        }}})
    );
}

/// The block of a variable for a parameter that is used.
fn variable(it: Parameter) -> Value {
    let mut graph = small().0;
    let name = ResourceId::new(&["shown"]);
    let output = Output {
        name: name.clone(),
        description: "d".to_string(),
        value: Text::parameter(it.name.clone()),
    };
    graph.outputs.insert(name, output);
    let place = it.name.clone();
    graph.parameters.insert(it.name.clone(), it);
    json_of(&files(&graph), "variables.tf.json")["variable"][place].clone()
}

#[test]
fn variables_say_what_they_take() {
    assert_eq!(
        variable(Parameter {
            kind: ParamKind::Number,
            default: Some("2".to_string()),
            allowed: vec!["1".to_string(), "2".to_string()],
            ..parameter("tasks")
        }),
        json!({
            "type": "number",
            "description": "what it is for",
            "default": 2,
            "nullable": false,
            "validation": [{
                "condition": "${contains([1, 2], var.tasks)}",
                "error_message": "It must be one of: 1, 2.",
            }],
        })
    );
    for (kind, pattern) in [
        (ParamKind::TopicArn, "^arn:[a-z-]+:[a-z0-9-]+:[^:]*:[^:]*:.+$"),
        (ParamKind::HostedZoneId, "^[A-Z0-9]{1,32}$"),
        (ParamKind::VpcId, "^vpc-([0-9a-f]{8}|[0-9a-f]{17})$"),
    ] {
        let it = variable(Parameter { kind, default: None, ..parameter("x") });
        let condition = format!("${{can(regex(\"{pattern}\", var.x))}}");
        assert_eq!(it["validation"][0]["condition"], condition);
        assert_eq!(it["type"], "string");
        assert_eq!(it["default"], Value::Null);
    }
    assert_eq!(variable(parameter("x"))["validation"], Value::Null);
}

/// Terraform takes defaults and descriptions as they are, and conditions as expressions.
#[test]
fn only_what_is_a_template_is_escaped() {
    let it = variable(Parameter {
        description: Some("say ${x}".to_string()),
        default: Some("%{y}".to_string()),
        allowed: vec!["%{y}".to_string(), "${z}".to_string()],
        ..parameter("x")
    });
    assert_eq!((&it["description"], &it["default"]), (&json!("say ${x}"), &json!("%{y}")));
    let rule = &it["validation"][0];
    assert_eq!(rule["condition"], r#"${contains(["%%{y}", "$${z}"], var.x)}"#);
    assert_eq!(rule["error_message"], "It must be one of: %%{y}, $${z}.");
}

#[test]
fn only_variables_that_are_used_are_asked_for() {
    let mut graph = everything();
    graph.parameters.insert("unused".to_string(), parameter("unused"));
    let variables = json_of(&files(&graph), "variables.tf.json");
    assert!(variables["variable"]["office"].is_object());
    assert_eq!(variables["variable"]["unused"], Value::Null);
}

#[test]
fn what_has_no_default_stands_in_a_file_to_fill_in() {
    let files = files(&everything());
    let text = String::from_utf8_lossy(&files["terraform.tfvars.example"]).into_owned();
    let office =
        "# what it is for\n# It is an IPv4 CIDR block such as 10.0.0.0/16.\n# office = \"\"\n";
    assert!(text.contains(office), "{text}");
    assert!(!text.contains("image_tag"), "{text}");
    assert!(text.lines().all(|it| it.is_empty() || it.starts_with('#')), "{text}");
    assert!(!self::files(&small().0).contains_key("terraform.tfvars.example"));
}

#[test]
fn what_comes_from_a_secret_is_not_shown() {
    let mut it = small();
    let secret = Secret {
        username: None,
        fields: Vec::new(),
        name: None,
        description: "d".into(),
        generate: Given::Literal(archgen_core::types::Count(32)),
        kms_key: None,
        replica_regions: Vec::new(),
    };
    let secret = it.add("key.secret", secret);
    for (name, value) in [
        ("key.arn", secret.attribute(Attribute::Arn)),
        ("network.id", Text::attribute(ResourceId::new(&["network.vpc"]), Attribute::Id)),
    ] {
        let name = ResourceId::new(&[name]);
        it.0.outputs.insert(name.clone(), Output { name, description: "what".into(), value });
    }
    let outputs = json_of(&files(&it.0), "outputs.tf.json")["output"].clone();
    assert_eq!(outputs["key_arn"]["sensitive"], true);
    assert_eq!(
        outputs["network_id"],
        json!({ "description": "what", "value": "${aws_vpc.network.id}" })
    );
}
