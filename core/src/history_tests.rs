//! What stays when an architecture is emitted again: blocks, names, and where renamed things came from.

use super::*;
use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::lower::lower;

/// What is known of an architecture once it has been emitted; one address for each resource.
pub(crate) fn history(architecture: &Architecture) -> History {
    let graph = lower(architecture);
    let addresses =
        graph.resources.keys().map(|it| (it.clone(), vec![format!("at.{it}")])).collect();
    let resources = resources(&graph, &addresses, &BTreeMap::new());
    History { declarations: declarations(architecture), resources }
}

fn shop(source: &str) -> Architecture {
    architecture(source, Environment::Production)
}

/// The blocks of the subnets of `network`, by name.
fn blocks(architecture: &Architecture) -> BTreeMap<String, (String, Option<u8>)> {
    let all = history(architecture).resources.into_iter();
    all.filter_map(|(id, it)| Some((id.to_string(), (it.cidr?.to_string(), it.ipv6)))).collect()
}

fn vpc(zones: u32, tiers: &str) -> Architecture {
    shop(&format!(
        r#"vpc network {{ cidr: "10.0.0.0/20", zones: {zones}, ipv6: Amazon, subnets: {{ {tiers} }} }}"#
    ))
}

#[test]
fn subnets_stay_whatever_is_written_around_them() {
    let before = vpc(2, "public: /24, private: /24");
    let known = blocks(&before);
    for (zones, tiers) in [
        (2, "public: /24, private: /24, database: /26"),
        (2, "edge: /26, public: /24, private: /24"),
        (3, "edge: /24, private: /24, public: /24"),
        (2, "private: /24"),
        (4, "a: /27, private: /24, b: /24, public: /24"),
        (6, "public: /24, private: /24"),
        (2, r#"fixed: ["10.0.14.0/24", "10.0.15.0/24"], public: /24, private: /24"#),
    ] {
        let now = vpc(zones, tiers).with_history(history(&before));
        let placed = blocks(&now);
        for (id, block) in &known {
            assert!(
                placed.get(id).is_none_or(|it| it == block),
                "{id} was {block:?}, {tiers} gives {placed:?}"
            );
        }
        let all: Vec<Ipv4Cidr> =
            placed.values().filter_map(|it| it.0.parse().ok().map(Ipv4Cidr)).collect();
        for (at, block) in all.iter().enumerate() {
            assert!(!all[..at].iter().any(|it| it.overlaps(block)), "{placed:?}");
        }
        let numbers: BTreeSet<u8> = placed.values().filter_map(|it| it.1).collect();
        assert_eq!(numbers.len(), placed.len(), "{placed:?}");
        assert_eq!(all.len(), (zones as usize) * tiers.matches(": ").count(), "{placed:?}");
    }
}

#[test]
fn what_no_longer_fits_is_placed_anew() {
    let before = history(&vpc(2, "public: /24, private: /24"));
    // Another size, and a block that somebody wrote over it.
    let placed = blocks(&vpc(2, "public: /25, private: /24").with_history(before.clone()));
    assert_eq!(placed["network.private.a.subnet"].0, "10.0.4.0/24");
    assert!(placed["network.public.a.subnet"].0.ends_with("/25"));
    let fixed = r#"fixed: ["10.0.4.0/24", "10.0.8.0/24"], private: /24"#;
    let placed = blocks(&vpc(2, fixed).with_history(before.clone()));
    assert_ne!(placed["network.private.a.subnet"].0, "10.0.4.0/24");
    assert_eq!(placed["network.private.b.subnet"].0, "10.0.5.0/24");
    // Another VPC block altogether.
    let source =
        r#"vpc network { cidr: "10.9.0.0/16", zones: 2, subnets: { public: /24, private: /24 } }"#;
    let placed = blocks(&shop(source).with_history(before));
    assert_eq!(placed["network.private.a.subnet"].0, "10.9.4.0/24");
}

#[test]
fn a_history_without_subnets_places_as_no_history_does() {
    let now = || vpc(3, "public: /24, private: /24, database: /26");
    assert_eq!(blocks(&now()), blocks(&now().with_history(History::default())));
}

const SERVICES: &str = r#"
    vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single }
    ecs_cluster cluster { subnets: network.private }
    s3_bucket logs { }
    alb edge { subnets: network.public, routes: ["/" => api] }
    ecs_service api {
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB, RENAMED
    }
    alarm slow { watch: api, when: metric(Cpu) > 80 }
"#;

fn renamed(more: &str) -> Architecture {
    let source = SERVICES.replace(" api", " backend").replace("[api", "[backend");
    shop(&source.replace("RENAMED", more))
}

/// The properties of everything, with its names put back.
fn put_back(graph: &ResourceGraph) -> String {
    let back = |text: &str| text.replace("backend", "api");
    let mut all: Vec<String> = graph
        .resources
        .values()
        .map(|it| format!("{} {:?} {:?}", back(it.id.as_str()), it.depends_on, it.kind))
        .map(|it| back(&it))
        .collect();
    all.sort();
    all.join("\n")
}

#[test]
fn a_rename_changes_names_in_the_graph_and_nothing_else() {
    let before = shop(&SERVICES.replace("RENAMED", ""));
    let now = renamed(r#"renamed_from: "api""#).with_history(history(&before));
    let (old, new) = (lower(&before), lower(&now));
    // Not through `put_back`: no property says the new name where AWS would see it.
    for it in new.resources.values() {
        let text = format!("{:?}", it.kind);
        for quoted in text.split('"').skip(1).step_by(2) {
            let is_reference = new.resources.contains_key(&ResourceId::new(&[quoted]));
            assert!(is_reference || !quoted.contains("backend"), "{}: {quoted}", it.id);
        }
    }
    assert_eq!(put_back(&new), put_back(&old));
    // Every resource has its twin, and only one.
    let gone: BTreeSet<String> = old
        .resources
        .keys()
        .filter(|it| !new.resources.contains_key(it))
        .map(|it| it.logical_id())
        .collect();
    let moved: BTreeSet<String> = new.moved.iter().map(|it| it.logical_id.clone()).collect();
    assert_eq!(moved, gone);
    assert_eq!(new.moved.len(), gone.len());
    let rule = new.moved.iter().find(|it| it.resource.as_str() == "edge.egress.backend.tcp_8080");
    assert_eq!(rule.map(|it| it.logical_id.as_str()), Some("EdgeEgressApiTcp8080"));
    assert_eq!(
        rule.map(|it| it.addresses.clone()),
        Some(vec!["at.edge.egress.api.tcp_8080".to_string()])
    );
}

#[test]
fn a_rename_is_told_until_its_author_no_longer_says_it() {
    let before = shop(&SERVICES.replace("RENAMED", ""));
    let first = renamed(r#"renamed_from: "api""#).with_history(history(&before));
    let second = renamed(r#"renamed_from: "api""#).with_history(history(&first));
    assert_eq!(history(&first), history(&second));
    assert_eq!(lower(&first).moved, lower(&second).moved);
    let third = renamed("").with_history(history(&second));
    assert_eq!(lower(&third).moved, []);
    assert_eq!(lower(&third).resources, lower(&first).resources);
    assert_eq!(lower(&third).origins, lower(&first).origins);
    // And again under a third name: the names in AWS stay what they were first.
    let source = SERVICES.replace(" api", " shop").replace("[api", "[shop");
    let fourth = shop(&source.replace("RENAMED", r#"renamed_from: "backend""#));
    let fourth = lower(&fourth.with_history(history(&third)));
    let service = ResourceId::new(&["shop", "service"]);
    assert_eq!(fourth.origin(&service).as_str(), "api.service");
    assert!(fourth.moved.iter().any(|it| it.logical_id == "BackendService"));
}

#[test]
fn a_new_declaration_does_not_take_the_names_of_a_renamed_one() {
    let before = shop(&SERVICES.replace("RENAMED", ""));
    let renamed = renamed(r#"renamed_from: "api""#).with_history(history(&before));
    let source = SERVICES.replace("RENAMED", "").replace("alb edge", "alb other")
        + r#"ecs_service backend {
            cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", cpu: 256, memory: 512MB,
        }"#;
    let both = shop(&source).with_history(history(&renamed));
    assert_eq!(both.identity("backend"), "api");
    assert_eq!(both.identity("api"), "api_2");
    let again = shop(&source).with_history(history(&both));
    assert_eq!(again.identity("api"), "api_2");
}

#[test]
fn words_of_archgens_own_are_not_taken_for_names() {
    let source = |name: &str, more: &str| {
        let edge = format!("alb {name} {{ {more} subnets:");
        shop(&SERVICES.replace("RENAMED", "").replace("alb edge { subnets:", &edge))
    };
    for (old, new) in
        [("gateway", "ingress"), ("ingress", "nat"), ("subnet", "a"), ("web", "private")]
    {
        let before = source(old, "");
        let now = source(new, &format!(r#"renamed_from: "{old}","#)).with_history(history(&before));
        let (was, is) = (lower(&before), lower(&now));
        let gone: BTreeSet<String> = was
            .resources
            .keys()
            .filter(|it| !is.resources.contains_key(it))
            .map(|it| it.logical_id())
            .collect();
        let moved: BTreeSet<String> = is.moved.iter().map(|it| it.logical_id.clone()).collect();
        assert_eq!(moved, gone, "{old} to {new}");
        assert_eq!(is.moved.len(), gone.len(), "{old} to {new}");
    }
}
