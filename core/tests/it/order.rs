//! Invariant: no name and no order in what comes out depends on the order in which it was declared.

use archgen_core::check::diagnose;
use archgen_core::declare::{Kind, RawDeclaration};
use archgen_core::{Architecture, Environment};
use proptest::prelude::*;

use crate::common::*;

/// An architecture with a declaration of most kinds, and connections that have no names.
fn declarations() -> Vec<RawDeclaration> {
    let service = |name: &str, port: i128| {
        declare(
            Kind::EcsService,
            name,
            [
                ("cluster", name_of(Kind::EcsCluster, "cluster")),
                ("image", text("public.ecr.aws/nginx/nginx:1.27")),
                ("port", int(port)),
                ("cpu", int(256)),
                ("memory", amount(512.0, "MB")),
                ("secrets", list([name_of(Kind::Secret, "keys")])),
            ],
        )
    };
    let flow = |kind: Kind, from: &str, to: archgen_core::node::Node| {
        let from = if from == "internet" { word(from) } else { name_of(Kind::EcsService, from) };
        declare(kind, "", [("from", list([from])), ("to", list([to]))])
    };
    let tiers = record([("public", size(24)), ("private", size(24)), ("database", size(24))]);
    vec![
        with(
            with(vpc("network", text("10.0.0.0/16"), int(2), tiers), "nat", word("PerZone")),
            "endpoints",
            list([word("S3"), word("Logs")]),
        ),
        vpc("reports", text("10.1.0.0/16"), int(2), record([("private", size(24))])),
        declare(
            Kind::VpcPeering,
            "between",
            [
                ("requester", name_of(Kind::Vpc, "network")),
                ("accepter", name_of(Kind::Vpc, "reports")),
            ],
        ),
        declare(
            Kind::SecurityGroup,
            "partners",
            [
                ("vpc", name_of(Kind::Vpc, "network")),
                ("ingress", list([pair(text("10.9.0.0/16"), call("tcp", [int(443)]))])),
            ],
        ),
        declare(Kind::Secret, "keys", [("description", text("Keys"))]),
        declare(Kind::S3Bucket, "documents", []),
        declare(Kind::Efs, "files", [("subnets", tier("network", "private"))]),
        declare(Kind::EcsCluster, "cluster", [("subnets", tier("network", "private"))]),
        service("frontend", 3000),
        service("backend", 5001),
        service("worker", 8000),
        declare(
            Kind::Redis,
            "cache",
            [("subnets", tier("network", "database")), ("node", text("cache.t4g.small"))],
        ),
        declare(
            Kind::Alb,
            "edge",
            [
                ("subnets", tier("network", "public")),
                (
                    "routes",
                    list([
                        pair(text("/"), name_of(Kind::EcsService, "frontend")),
                        pair(text("/api/*"), name_of(Kind::EcsService, "backend")),
                    ]),
                ),
            ],
        ),
        flow(Kind::Connect, "frontend", name_of(Kind::EcsService, "backend")),
        flow(Kind::Connect, "backend", name_of(Kind::EcsService, "worker")),
        flow(Kind::Connect, "worker", name_of(Kind::EcsService, "backend")),
        flow(Kind::Connect, "backend", name_of(Kind::Redis, "cache")),
        flow(Kind::Connect, "worker", pair(word("internet"), call("tcp", [int(443)]))),
        flow(Kind::Allow, "worker", name_of(Kind::Redis, "cache")),
        flow(Kind::Deny, "internet", name_of(Kind::Redis, "cache")),
    ]
}

/// The resources and the findings, as text.
fn emitted(declarations: Vec<RawDeclaration>) -> (String, String) {
    let mut builder = Architecture::builder("shop", Environment::Production);
    for it in declarations {
        builder.push(it);
    }
    let (graph, found) = diagnose(&builder.done());
    let found: Vec<String> = found.iter().map(|it| it.plain()).collect();
    (format!("{graph:#?}"), found.join("\n"))
}

/// The architecture itself is right, and all of it comes out.
#[test]
fn it_is_right() {
    let (graph, found) = emitted(declarations());
    // Nothing has the group that the team wrote.
    assert!(found.starts_with("[AG0315] no interface uses security group `partners`"), "{found}");
    assert_eq!(found.matches("[AG").count(), 1, "{found}");
    for it in ["between", "partners", "documents", "files", "worker", "cache", "edge"] {
        assert!(graph.contains(&format!("{it}.")), "{it}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    /// Declarations in any order give the same resources.
    #[test]
    fn shuffled_declarations_give_the_same(shuffled in Just(declarations()).prop_shuffle()) {
        prop_assert_eq!(emitted(shuffled), emitted(declarations()));
    }

    /// So do wrong ones give the same findings: a duplicate, an overlap, a connection that is denied.
    #[test]
    fn shuffled_mistakes_are_the_same(shuffled in Just({
        let mut all = declarations();
        all.push(declare(Kind::Secret, "documents", [("description", text("Twice"))]));
        all.push(declare(Kind::Connect, "", [
            ("from", list([word("internet")])),
            ("to", list([name_of(Kind::Redis, "cache")])),
        ]));
        all.push(vpc("wrong", text("10.2.0.0/15"), int(9), record([("private", size(30))])));
        all
    }).prop_shuffle()) {
        let mut sorted = shuffled.clone();
        sorted.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        let (graph, found) = emitted(shuffled);
        prop_assert!(found.contains("[AG0101]") && found.contains("[AG0204]"), "{}", found);
        prop_assert_eq!((graph, found), emitted(sorted));
    }
}
