//! Add-ons of hand-made graphs.

use archgen_core::Loc;
use archgen_core::resource::addons::{Karpenter, NodePool, Release, Schedule, Settings};
use archgen_core::resource::kubernetes::{KubernetesKind, KubernetesResource};
use archgen_core::resource::{Ref, ResourceGraph, ResourceId};
use archgen_core::types::{Count, Days, Memory, Seconds, Storage};
use archgen_core::value::{Text, Value};

use super::{Place, written};
use crate::testing::everything;

fn at<K>(name: &str) -> Ref<K> {
    Ref::new(ResourceId::new(&[name]))
}

/// A graph in which these charts are installed.
fn graph(all: Vec<Settings>) -> ResourceGraph {
    let mut graph = everything();
    for settings in all {
        let chart = settings.chart();
        let id = ResourceId::new(&["tools", chart.field(), "release"]);
        let release = Release {
            cluster: at("platform.cluster"),
            namespace: Value::Literal(chart.chart().namespace.to_string()),
            settings,
        };
        let kind = KubernetesKind::from(release);
        let it = KubernetesResource {
            id: id.clone(),
            declaration: "tools".to_string(),
            loc: Loc::NONE,
            kind,
        };
        graph.kubernetes.insert(id, it);
    }
    graph
}

fn velero(hours: u32) -> Settings {
    Settings::Velero {
        bucket: at("logs.bucket"),
        schedules: vec![Schedule {
            name: "everything".to_string(),
            every: Value::Literal(Seconds(hours * 3600)),
            keep: Value::Literal(Days(30)),
            namespaces: None,
        }],
    }
}

fn karpenter(cpu: u32) -> Settings {
    Settings::Karpenter(Box::new(Karpenter {
        queue: at("platform.interruptions.queue"),
        profile: at("tools.karpenter_node.instance_profile"),
        discovery: "shop".to_string(),
        disk: Value::Literal(Storage(50)),
        pools: vec![NodePool {
            name: "general".to_string(),
            families: vec![Text::literal("m6i")],
            graviton: false,
            capacity: vec!["on-demand"],
            vcpus: Some((Value::Literal(Count(2)), Value::Literal(Count(16)))),
            cpu: Value::Literal(Count(cpu)),
            memory: Value::Literal(Memory(2048)),
            labels: Vec::new(),
            taints: Vec::new(),
            consolidate_after: Value::Literal(Seconds(300)),
            expire_after: Value::Literal(Days(30)),
        }],
    }))
}

/// The files of these environments.
fn files(all: &[(&'static str, &ResourceGraph)]) -> Vec<(String, String)> {
    let places: Vec<Place<'_>> = all
        .iter()
        .map(|(short, graph)| Place {
            architecture: "shop",
            environment: "production",
            short,
            graph,
        })
        .collect();
    let text = |it: Vec<u8>| String::from_utf8(it).expect("text");
    written(&places, false).into_iter().map(|(path, it)| (path, text(it))).collect()
}

#[track_caller]
fn file<'a>(all: &'a [(String, String)], path: &str) -> &'a str {
    match all.iter().find(|it| it.0 == path) {
        Some(it) => &it.1,
        None => panic!("no {path} in {:?}", all.iter().map(|it| &it.0).collect::<Vec<_>>()),
    }
}

#[test]
fn without_add_ons_there_is_nothing() {
    assert_eq!(files(&[("prod", &graph(Vec::new()))]), []);
}

#[test]
fn an_environment_has_only_what_differs() {
    let all = files(&[("dev", &graph(vec![velero(24)])), ("prod", &graph(vec![velero(6)]))]);
    let base = file(&all, "addons/velero/values.yaml");
    assert!(base.contains("schedule: \"0 0 * * *\""), "{base}");
    let prod = file(&all, "addons/velero/values-prod.yaml");
    assert!(prod.ends_with("schedules:\n  everything:\n    schedule: \"0 */6 * * *\"\n"), "{prod}");
    assert!(file(&all, "addons/velero/values-dev.yaml").ends_with("{}\n"));
    // Nothing of Velero is in the chart with objects.
    assert!(all.iter().all(|it| !it.0.starts_with("cluster-addons/")));
}

#[test]
fn node_pools_are_objects_of_the_cluster() {
    let all = files(&[("dev", &graph(vec![karpenter(8)])), ("prod", &graph(vec![karpenter(64)]))]);
    let base = file(&all, "cluster-addons/values.yaml");
    assert!(
        base.contains("memory: \"2Gi\"") && base.contains("consolidateAfter: \"5m\""),
        "{base}"
    );
    let prod = file(&all, "cluster-addons/values-prod.yaml");
    assert!(prod.contains("cpu: 64") && !prod.contains("memory"), "{prod}");
    let public = file(&all, "addons/karpenter/values.yaml");
    assert!(public.contains("clusterName: shop-platform"), "{public}");
    assert!(public.contains("interruptionQueue: shop-platform-interruptions"), "{public}");
}

#[test]
fn what_one_environment_lacks_is_only_in_the_other() {
    let all = files(&[("dev", &graph(Vec::new())), ("prod", &graph(vec![velero(6)]))]);
    assert!(all.iter().any(|it| it.0 == "addons/velero/values.yaml"));
    assert!(all.iter().all(|it| it.0 != "addons/velero/values-dev.yaml"));
}

#[test]
fn the_readme_has_the_commands() {
    let all = files(&[("prod", &graph(vec![velero(6), karpenter(8)]))]);
    let readme = file(&all, "README.md");
    for text in [
        "helm upgrade --install velero velero --repo https://vmware-tanzu.github.io/helm-charts --version 12.1.0",
        "helm upgrade --install karpenter oci://public.ecr.aws/karpenter/karpenter --version 1.14.1",
        "--set-string \"configuration.backupStorageLocation[0].config.region=$AWS_REGION\"",
        "ENVIRONMENT=prod STACK=shop-production CLUSTER=shop-platform",
    ] {
        assert!(readme.contains(text), "{text} is not in {readme}");
    }
}
