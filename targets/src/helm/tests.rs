//! What charts say of the graph with everything in it, against that graph.

use std::collections::BTreeSet;
use std::path::Path;

use archgen_core::network::{Model, Relation};
use archgen_core::resource::autoscaling::ScalingMetric;
use archgen_core::resource::*;
use archgen_core::types::Count;
use archgen_core::value::{Part, Text as GraphText, Value};
use serde_json::{Value as Json, json};

use super::shape::camel;
use crate::Files;
use crate::testing::everything;

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    std::str::from_utf8(&files[path]).expect("text")
}

fn yaml(files: &Files, path: &str) -> Json {
    serde_yaml_ng::from_str(text(files, path)).expect("YAML")
}

fn files(all: &[(&str, &ResourceGraph)]) -> Files {
    super::write("shop", all)
}

/// The values of the graph with everything in it.
fn values() -> (ResourceGraph, Json) {
    let graph = everything();
    let values = yaml(&files(&[("production", &graph)]), "values.yaml");
    (graph, values)
}

/// A text of the graph as its values have it.
fn spelled(graph: &ResourceGraph, it: &GraphText) -> Json {
    let piece = |it: &Part| match it {
        Part::Literal(it) => json!(it),
        Part::Parameter(it) => json!({ "parameter": camel(it) }),
        Part::Attribute(id, attribute) => {
            let attribute =
                if *attribute == Attribute::EndpointAddress { "endpoint" } else { "arn" };
            json!({ "store": camel(&graph.resources[id].declaration), "attribute": attribute })
        }
        Part::Pseudo(_) | Part::Member(_) | Part::Unknown => panic!("{it:?}"),
    };
    match it.0.as_slice() {
        [Part::Literal(it)] => json!(it),
        all => all.iter().map(piece).collect(),
    }
}

/// The number that a service is told, or the parameter that has it.
fn number<T>(it: &Value<T>, of: impl Fn(&T) -> u32) -> Json {
    match it {
        Value::Literal(it) => json!(of(it)),
        Value::Parameter(it) => json!([{ "parameter": camel(it) }]),
        Value::Unknown => Json::Null,
    }
}

#[test]
fn services_are_what_ecs_is_told() {
    let (graph, values) = values();
    assert_eq!(
        graph.all::<Service>().count(),
        values["services"].as_object().map_or(0, |it| it.len())
    );
    for (_, resource, it) in graph.all::<Service>() {
        let said = &values["services"][resource.declaration.as_str()];
        let task = graph.get(&it.task_definition).expect("a task");
        let container = &task.container;

        let image = GraphText::literal("shop/api:").then(GraphText::parameter("image_tag"));
        assert_eq!(container.image, image);
        assert_eq!(said["image"]["ecr"], false);
        assert_eq!(said["image"]["repository"], "shop/api");
        assert_eq!(said["image"]["tag"], json!([{ "parameter": "imageTag" }]));
        assert_eq!(said["architecture"], "arm64");
        assert_eq!(said["command"], json!(["serve"]));

        let ports: Vec<Json> =
            container.port.iter().map(|it| number(it, |it| it.0.into())).collect();
        assert_eq!(said["ports"], Json::Array(ports));
        let cpu = task.cpu.literal().expect("known").0;
        assert_eq!(said["resources"]["requests"]["cpu"], format!("{}m", cpu * 1000 / 1024));
        let memory = format!("{}Mi", task.memory.literal().expect("known").0);
        assert_eq!(said["resources"]["requests"]["memory"], memory);
        assert_eq!(said["resources"]["limits"], json!({ "memory": memory }));

        let environment: serde_json::Map<String, Json> = container
            .environment
            .iter()
            .map(|(key, it)| (key.clone(), spelled(&graph, it)))
            .collect();
        assert_eq!(said["environment"], Json::Object(environment));
        let secrets: Vec<(&String, Json)> =
            container.secrets.iter().map(|(key, it)| (key, spelled(&graph, it))).collect();
        let keys = said["secrets"].as_object().expect("a map");
        assert_eq!(keys.len(), secrets.len());
        for (key, it) in secrets {
            assert_eq!(keys[key]["key"], it);
        }

        let check = container.health_check.as_ref().expect("a check");
        let command = &said["health"]["command"];
        assert_eq!(command["command"], spelled(&graph, &check.command));
        assert_eq!(command["interval"], number(&check.interval, |it| it.0));
        assert_eq!(command["timeout"], number(&check.timeout, |it| it.0));
        assert_eq!(command["retries"], number(&check.retries, |it| it.0));
        assert_eq!(command["grace"], number(&check.start_period, |it| it.0));
        assert_eq!(said["security"]["user"], 1000);

        let target = it.load_balancers.first().and_then(|it| graph.get(&it.target_group));
        assert_eq!(said["health"]["http"].is_null(), target.is_none());
        assert_eq!(said["targets"].is_null(), target.is_none());
        if let Some(it) = target {
            let http = &said["health"]["http"];
            assert_eq!(http["path"], "/health");
            assert_eq!(http["port"], 8080);
            assert_eq!(http["matcher"], "200-299");
            assert_eq!(http["healthy"], number(&it.health_check.healthy_threshold, |it| it.0));
            assert_eq!(http["unhealthy"], number(&it.health_check.unhealthy_threshold, |it| it.0));
            assert_eq!(said["targets"], json!({ "stickiness": 3600, "deregistrationDelay": 30 }));
            assert_eq!(said["update"]["drain"], number(&it.deregistration_delay, |it| it.0));
        }
    }
}

#[test]
fn scaling_is_what_ecs_is_told() {
    let (graph, values) = values();
    for (_, resource, it) in graph.all::<Service>() {
        let said = &values["services"][resource.declaration.as_str()];
        let scaled =
            graph.all::<ScalableTarget>().find(|(_, _, it)| it.service.id() == &resource.id);
        let Some((target, _, scaled)) = scaled else {
            let count = number(it.desired_count.as_ref().expect("a number"), |it| it.0);
            assert_eq!(said["replicas"], json!({ "min": count, "max": count }));
            assert_eq!(said["autoscaling"], Json::Null);
            continue;
        };
        let ends = (number(&scaled.minimum, |it| it.0), number(&scaled.maximum, |it| it.0));
        assert_eq!(said["replicas"], json!({ "min": ends.0, "max": ends.1 }));
        let policies: Vec<&ScalingPolicy> =
            graph.all::<ScalingPolicy>().map(|it| it.2).filter(|it| it.target == target).collect();
        let scaling = &said["autoscaling"];
        let has = |metric: &ScalingMetric| policies.iter().any(|it| it.metric == *metric);
        // 70.5 percent: Kubernetes takes whole ones.
        assert_eq!(scaling["cpu"], if has(&ScalingMetric::Cpu) { json!(71) } else { Json::Null });
        assert_eq!(
            scaling["memory"],
            if has(&ScalingMetric::Memory) { json!(71) } else { Json::Null }
        );
        let external = scaling["external"].as_array().expect("a list");
        assert_eq!(external.len(), policies.len() - 2);
        assert!(external.iter().all(|it| it["target"] == "70500m"));
        assert_eq!(external[0]["source"], "AWS/ApplicationELB RequestCountPerTarget Sum");
        assert_eq!(scaling["scaleUpAfter"], 60);
        assert_eq!(scaling["scaleDownAfter"], 300);
    }
}

/// The other sides of a service's connections in one direction.
fn peers(said: &Json, direction: &str) -> BTreeSet<String> {
    let all = said["connections"][direction].as_array().expect("a list");
    all.iter()
        .map(|it| match (&it["service"], &it["network"], &it["internet"]) {
            (Json::String(it), Json::Null, Json::Null) => it.clone(),
            (Json::Null, Json::String(it), Json::Null) => it.clone(),
            (Json::Null, Json::Null, Json::Bool(true)) => "internet".to_string(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn connections_are_those_of_the_relation() {
    let (graph, values) = values();
    let relation = Relation::new(&Model::new(&graph));
    let names = relation.names();
    let mut egress: BTreeSet<(String, String)> = BTreeSet::new();
    for row in relation.rows().filter(|it| !it.admitted.certain.is_empty()) {
        for from in row.from.iter() {
            for to in row.to.iter() {
                egress.insert((camel(&names[*from as usize]), camel(&names[*to as usize])));
            }
        }
    }
    let services = values["services"].as_object().expect("a map");
    for (name, said) in services {
        let to: BTreeSet<String> =
            egress.iter().filter(|it| it.0 == *name).map(|it| it.1.clone()).collect();
        assert_eq!(peers(said, "egress"), to, "{name}");
        let from: BTreeSet<String> =
            egress.iter().filter(|it| it.1 == *name).map(|it| it.0.clone()).collect();
        assert_eq!(peers(said, "ingress"), from, "{name}");
    }
    let api = &values["services"]["api"]["connections"];
    let port = |port: u16| json!([{ "protocol": "TCP", "port": port }]);
    assert_eq!(api["ingress"], json!([{ "network": "edge", "ports": port(8080) }]));
    assert_eq!(api["egress"][1], json!({ "network": "database", "ports": port(5432) }));
    assert_eq!(values["networks"]["database"], json!(["10.0.10.0/24", "10.0.11.0/24"]));
    assert_eq!(values["networks"]["edge"], json!(["10.0.0.0/24", "10.0.1.0/24"]));
}

#[test]
fn load_balancers_become_ingresses() {
    let (_, values) = values();
    let edge = &values["ingresses"]["edge"];
    assert_eq!(edge["scheme"], "internet-facing");
    assert_eq!(edge["certificateArn"], json!([{ "store": "certificate", "attribute": "arn" }]));
    assert_eq!(edge["sslPolicy"], "ELBSecurityPolicy-TLS13-1-2-2021-06");
    assert_eq!(edge["idleTimeout"], 60);
    assert_eq!(edge["deletionProtection"], true);
    let bucket = json!([{ "store": "logs", "attribute": "name" }]);
    assert_eq!(edge["accessLogs"], json!({ "bucket": bucket, "prefix": "edge" }));
    let rule = json!({ "host": [{ "parameter": "domain" }], "path": "/api/*", "service": "api" });
    assert_eq!(edge["rules"], json!([rule]));
    assert_eq!(edge["defaultService"], Json::Null);
    assert_eq!(edge["inbound"], json!(["0.0.0.0/0", [{ "parameter": "office" }]]));
}

#[test]
fn folders_on_efs_are_kept_and_those_of_instances_are_not() {
    let (_, values) = values();
    let files = |service: &str| values["services"][service]["volumes"]["files"].clone();
    let store = |attribute: &str| json!([{ "store": "files", "attribute": attribute }]);
    let efs = json!({ "fileSystem": store("id"), "accessPoint": store("accessPointId") });
    assert_eq!(files("api"), json!({ "path": "/files", "efs": efs }));
    assert_eq!(files("worker"), json!({ "path": "/files", "efs": null }));
}

/// The schema behind references and alternatives that an entry of a map has.
fn entry<'a>(root: &'a Json, schema: &'a Json, key: &str) -> Option<&'a Json> {
    if let Some(name) = schema["$ref"].as_str() {
        return entry(root, root.pointer(&name[1..])?, key);
    }
    for all in ["anyOf", "allOf"] {
        let found = schema[all].as_array().into_iter().flatten();
        if let Some(it) = found.filter_map(|it| entry(root, it, key)).next() {
            return Some(it);
        }
    }
    schema["properties"]
        .get(key)
        .or_else(|| schema.get("additionalProperties").filter(|it| it.is_object()))
}

fn agree(root: &Json, schema: &Json, values: &Json, path: &str) {
    for (key, value) in values.as_object().into_iter().flatten() {
        let path = format!("{path}.{key}");
        let schema = entry(root, schema, key);
        let schema = schema.unwrap_or_else(|| panic!("the schema does not know `{path}`"));
        agree(root, schema, value, &path);
    }
}

/// Every object of a schema refuses what it does not know.
fn closed(schema: &Json) {
    if schema["type"] == "object" {
        assert!(!schema["additionalProperties"].is_null(), "{schema}");
    }
    match schema {
        Json::Object(all) => all.values().for_each(closed),
        Json::Array(all) => all.iter().for_each(closed),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

#[test]
fn the_schema_knows_every_value_and_no_other() {
    let graph = everything();
    let files = files(&[("production", &graph)]);
    let schema: Json = serde_json::from_str(text(&files, "values.schema.json")).expect("JSON");
    for path in ["values.yaml", "ci/values.yaml"] {
        agree(&schema, &schema, &yaml(&files, path), "");
    }
    closed(&schema);
    let values = yaml(&files, "values.yaml");
    let top: BTreeSet<&String> = values.as_object().expect("a map").keys().collect();
    let required = schema["required"].as_array().expect("a list");
    assert_eq!(required.len(), top.len());
    assert_eq!(
        schema["properties"]["parameters"]["required"],
        json!(["domain", "imageTag", "office"])
    );
    assert_eq!(schema["properties"]["parameters"]["properties"]["domain"]["minLength"], 1);
}

#[test]
fn what_must_be_given_has_a_plausible_value() {
    let graph = everything();
    let files = files(&[("production", &graph)]);
    let (values, given) = (yaml(&files, "values.yaml"), yaml(&files, "ci/values.yaml"));
    assert_eq!(values["parameters"]["imageTag"], "latest");
    assert_eq!(given["parameters"], json!({ "domain": "example", "office": "10.0.0.0/16" }));
    let mut count = 0;
    for (store, all) in values["stores"].as_object().expect("a map") {
        for (attribute, value) in all.as_object().expect("a map") {
            assert_eq!(value, "");
            assert_ne!(given["stores"][store][attribute], Json::Null, "{store}.{attribute}");
            count += 1;
        }
    }
    assert_eq!(count, 6);
    assert!(text(&files, "ci/values.yaml").starts_with("# Values that look real"));
}

/// Lays one values file over another, as Helm does: null takes a value away.
fn laid(base: &Json, over: &Json) -> Json {
    let (Json::Object(base), Json::Object(over)) = (base, over) else { return over.clone() };
    let mut all = base.clone();
    for (key, it) in over {
        if it.is_null() {
            all.remove(key);
        } else {
            let merged = laid(base.get(key).unwrap_or(&Json::Null), it);
            all.insert(key.clone(), merged);
        }
    }
    all.into_iter().collect()
}

/// The same values without those that are null.
fn without_null(it: &Json) -> Json {
    match it {
        Json::Object(all) => all
            .iter()
            .filter(|it| !it.1.is_null())
            .map(|(key, it)| (key.clone(), without_null(it)))
            .collect(),
        Json::Array(all) => all.iter().map(without_null).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => it.clone(),
    }
}

#[test]
fn an_environment_has_only_what_differs() {
    let small = {
        let mut graph = everything();
        for it in graph.resources.values_mut() {
            if let ResourceKind::ScalableTarget(it) = &mut it.kind {
                it.maximum = Value::Literal(Count(3));
            }
            if let ResourceKind::TaskDefinition(it) = &mut it.kind {
                it.container.environment[0].1 = GraphText::parameter("domain");
                it.container.environment.push(("MODE".into(), "small".into()));
                it.container.secrets.clear();
                it.container.health_check = None;
            }
        }
        graph.resources.remove(&ResourceId::new(&["worker.service"]));
        graph
    };
    let large = everything();
    for (first, second) in [(&large, &small), (&small, &large)] {
        let all = files(&[("staging", first), ("production", second)]);
        let alone = files(&[("production", second)]);
        let values = yaml(&all, "values.yaml");
        assert_eq!(yaml(&all, "values-staging.yaml"), json!({}));
        let over = yaml(&all, "values-prod.yaml");
        let merged = laid(&values, &over);
        assert_eq!(without_null(&merged), without_null(&yaml(&alone, "values.yaml")));
        assert_eq!(over["global"], json!({ "environment": "production" }));
        assert_eq!(over["services"]["api"]["image"], Json::Null);
        assert_eq!(over["ingresses"], Json::Null);
    }
    let all = files(&[("staging", &large), ("production", &small)]);
    let over = yaml(&all, "values-prod.yaml");
    assert_eq!(over["services"]["api"]["replicas"], json!({ "max": 3 }));
    assert!(over["services"].get("worker").is_some_and(Json::is_null));
    let host = json!([{ "parameter": "domain" }]);
    let environment = json!({ "DATABASE_HOST": host, "MODE": "small" });
    assert_eq!(over["services"]["api"]["environment"], environment);
    let schema: Json = serde_json::from_str(text(&all, "values.schema.json")).expect("JSON");
    assert_eq!(schema["properties"]["services"]["required"], json!(["api"]));
    agree(&schema, &schema, &over, "");
}

#[test]
fn every_template_is_in_the_chart() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/helm/templates");
    let graph = everything();
    let files = files(&[("production", &graph)]);
    let mut count = 0;
    for folder in [folder.clone(), folder.join("tests")] {
        for it in std::fs::read_dir(folder).expect("a folder").map(|it| it.expect("a file").path())
        {
            if it.is_file() {
                let text = std::fs::read(&it).expect("a file");
                assert!(files.values().any(|known| *known == text), "{}", it.display());
                count += 1;
            }
        }
    }
    assert_eq!(count, super::TEMPLATES.len());
}

#[test]
fn the_chart_says_what_it_is() {
    let graph = everything();
    let files = files(&[("staging", &graph), ("production", &graph)]);
    let chart = yaml(&files, "Chart.yaml");
    assert_eq!(chart["apiVersion"], "v2");
    assert_eq!(chart["name"], "shop");
    assert_eq!(chart["type"], "application");
    assert_eq!(chart["version"], "0.1.0");
    assert_eq!(chart["kubeVersion"], ">=1.30.0-0");
    let readme = text(&files, "README.md");
    for it in ["-f values-staging.yaml", "-f values-prod.yaml", "| `stores.database.endpoint` |"] {
        assert!(readme.contains(it), "{readme}");
    }
}

#[test]
fn there_is_no_chart_without_services() {
    assert_eq!(super::files(&[]), Files::new());
    assert_eq!(files(&[("production", &ResourceGraph::default())]), Files::new());
}
