//! Names, images, secrets and texts, as a chart says them.

use archgen_core::resource::{Attribute, ResourceId};
use archgen_core::value::{Pseudo, Text as GraphText};
use serde_json::{Value as Json, json};

use super::node::{Entry, Node};
use super::outside::{Outside, dns_name};
use super::service::{image, secret};
use super::shape::Shape;
use crate::testing::everything;

#[test]
fn names_suit_kubernetes() {
    for (name, expected) in [
        ("api", "api"),
        ("ai_service", "ai-service"),
        ("apiV2", "api-v2"),
        ("_hidden_", "hidden"),
        ("Api", "api"),
    ] {
        assert_eq!(dns_name(name), expected);
    }
    let (one, other) = (format!("{}a", "x".repeat(70)), format!("{}b", "x".repeat(70)));
    assert_eq!(dns_name(&one).len(), 50);
    assert_ne!(dns_name(&one), dns_name(&other));
}

#[test]
fn names_of_service_discovery_become_those_of_services() {
    let graph = everything();
    let mut outside = Outside::new(&graph);
    let mut node = |text: &str| Shape::node(&outside.text(&GraphText::literal(text)));
    let api = Node::Inline(vec![Entry::plain("service", "api".into())]);
    assert_eq!(node("api.shop.local"), Node::List(vec![api.clone()]));
    let url = Node::List(vec!["http://".into(), api.clone(), ":8080/".into()]);
    assert_eq!(node("http://api.shop.local:8080/"), url);
    let two = Node::List(vec![api.clone(), ",".into(), api]);
    assert_eq!(node("api.shop.local,api.shop.local"), two);
    for other in ["my-api.shop.local", "api.shop.local.example.com", "api.shop.localhost", "api"] {
        assert_eq!(node(other), Node::from(other));
    }
}

#[test]
fn images_fall_into_parts() {
    let graph = everything();
    let mut outside = Outside::new(&graph);
    let tag = || GraphText::parameter("image_tag");
    let ecr = GraphText::pseudo(Pseudo::AccountId)
        .then(".dkr.ecr.")
        .then(GraphText::pseudo(Pseudo::Region))
        .then(".")
        .then(GraphText::pseudo(Pseudo::UrlSuffix));
    let given = json!({ "parameter": "imageTag" });
    for (name, expected) in [
        (GraphText::from("redis"), (false, json!("redis"), json!(""), "")),
        (GraphText::from("redis:7"), (false, json!("redis"), json!("7"), "")),
        (
            GraphText::from("registry.example.com:5000/a/b"),
            (false, json!("registry.example.com:5000/a/b"), json!(""), ""),
        ),
        (
            GraphText::from("example.com:5000/a:1@sha256:abc"),
            (false, json!("example.com:5000/a"), json!("1"), "sha256:abc"),
        ),
        (ecr.clone().then("/api:").then(tag()), (true, json!("api"), json!([given.clone()]), "")),
        (
            ecr.then("/team/api:v").then(tag()),
            (true, json!("team/api"), json!(["v", given.clone()]), ""),
        ),
        (tag(), (false, json!([given]), json!(""), "")),
    ] {
        let node = Shape::node(&image(&mut outside, &name));
        let node: Json = serde_yaml_ng::from_str(&node.document()).expect("YAML");
        let (ecr, repository, tag, digest) = expected;
        let expected =
            json!({ "ecr": ecr, "repository": repository, "tag": tag, "digest": digest });
        assert_eq!(node, expected, "{name}");
    }
    assert_eq!(outside.asked.aws.len(), 3);
}

#[test]
fn secrets_say_where_they_are_and_which_entry() {
    let graph = everything();
    let mut outside = Outside::new(&graph);
    let of_graph = GraphText::attribute(ResourceId::new(&["api_keys.secret"]), Attribute::Arn);
    let store = json!([{ "store": "apiKeys", "attribute": "arn" }]);
    let whole = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf";
    for (arn, key, property, parameter_store) in [
        (of_graph.clone(), store.clone(), "", false),
        (of_graph.then(":password::"), store, "password", false),
        (GraphText::from(whole), json!(whole), "", false),
        (GraphText::from(format!("{whole}:user::")), json!(whole), "user", false),
        (
            GraphText::from("arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key"),
            json!("/shop/key"),
            "",
            true,
        ),
        (GraphText::from("shop-key"), json!("shop-key"), "", true),
    ] {
        let node = Shape::node(&secret(&mut outside, &arn));
        let node: Json = serde_yaml_ng::from_str(&node.document()).expect("YAML");
        let expected =
            json!({ "key": key, "property": property, "parameterStore": parameter_store });
        assert_eq!(node, expected, "{arn}");
    }
}

#[test]
fn text_is_what_it_was_to_every_reader() {
    let texts = [
        "",
        "plain",
        "yes",
        "No",
        "null",
        "12",
        "1e3",
        "0x1f",
        "12:30",
        "1_000",
        "a: b",
        "# no",
        "- x",
        "quote \" and \\",
        "two\nlines",
        "tab\t",
        "{x}",
        "[x]",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "é",
        "~",
        "=",
        "a #b",
        "trailing ",
        "{{ .Values.x }}",
        ".inf",
        "NaN",
        "\u{7f}",
        "\u{85}",
        "\u{feff}",
    ];
    let all = texts.iter().enumerate();
    let node =
        Node::Map(all.map(|(at, it)| Entry::plain(format!("k{at}"), (*it).into())).collect());
    let list = Node::Map(vec![Entry::plain("list", Node::List(texts.map(Node::from).to_vec()))]);
    let read: Json = serde_yaml_ng::from_str(&node.document()).expect("YAML");
    let read_list: Json = serde_yaml_ng::from_str(&list.document()).expect("YAML");
    for (at, it) in texts.iter().enumerate() {
        assert_eq!(read[format!("k{at}")], *it);
        assert_eq!(read_list["list"][at], *it);
    }
}
