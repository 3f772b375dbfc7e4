//! AWS's rules for tags, and who is found by them: each with what is wrong, right and not known.

use std::collections::BTreeMap;

use crate::architecture::Architecture;
use crate::check::diagnose;
use crate::check::testing::{architecture, expect, findings};
use crate::codes::Code;
use crate::declare::{Connect, Deny, Kind, RawDeclaration, S3Bucket};
use crate::environment::Environment;
use crate::field::{Field, at};
use crate::loc::Loc;
use crate::lower::lower;
use crate::node::{Node, NodeKind};
use crate::resource::SecurityGroupRule;

/// The findings in the tags `{ … }` of a bucket.
#[track_caller]
fn tags(source: &str, expected: &[(Code, &str)]) {
    expect(&format!("s3_bucket files {{ tags: {source} }}"), expected);
}

#[test]
fn ag0109_keys() {
    tags(r#"{ "": "x" }"#, &[(Code::AG0109, "\"\"")]);
    tags(r#"{ "aws:team": "x" }"#, &[(Code::AG0109, "\"aws:team\"")]);
    tags(r#"{ "AwS:team": "x" }"#, &[(Code::AG0109, "\"AwS:team\"")]);
    tags(r#"{ "te*m": "x" }"#, &[(Code::AG0109, "\"te*m\"")]);
    tags("{ \"te\nm\": \"x\" }", &[(Code::AG0109, "\"te\nm\"")]);
    tags(r#"{ Name: "x" }"#, &[(Code::AG0109, "Name")]);
    tags(r#"{ environment: "x" }"#, &[(Code::AG0109, "environment")]);
    tags(r#"{ team: "x", Team: "y" }"#, &[(Code::AG0109, "Team")]);
    tags(r#"{ team: "x", team: "y" }"#, &[(Code::AG0006, "team")]);
    let long = "k".repeat(129);
    tags(&format!("{{ {long}: \"x\" }}"), &[(Code::AG0109, &long)]);
    tags(&format!("{{ {}: \"x\" }}", "k".repeat(128)), &[]);
    tags(r#"{ team: "x", "data-class": "y", "größe 1 + 2=3._:/@": "z", aws: "w" }"#, &[]);
}

#[test]
fn ag0109_values() {
    tags(r#"{ team: "a&b" }"#, &[(Code::AG0109, "\"a&b\"")]);
    tags(r#"{ team: "aws:x" }"#, &[(Code::AG0109, "\"aws:x\"")]);
    let long = format!("\"{}\"", "v".repeat(257));
    tags(&format!("{{ team: {long} }}"), &[(Code::AG0109, &long)]);
    tags(&format!("{{ team: \"{}\" }}", "ß".repeat(256)), &[]);
    tags(r#"{ team: "", note: "a b, c" }"#, &[(Code::AG0109, "\"a b, c\"")]);
    tags(r#"{ team: ?, other: "a b_c" }"#, &[]);
    tags("?", &[]);
    tags("{}", &[]);
}

#[test]
fn ag0109_no_more_than_fifty() {
    let many = |count: usize| {
        let all: Vec<String> = (0..count).map(|it| format!("tag{it}: \"x\"")).collect();
        format!("{{ {} }}", all.join(", "))
    };
    tags(&many(46), &[]);
    tags(&many(47), &[(Code::AG0109, "tag46")]);
    // A value that is not known is a tag all the same.
    let unknown = many(47).replace("\"x\"", "?");
    tags(&unknown, &[(Code::AG0109, "tag46")]);
    let found =
        findings(&format!("s3_bucket files {{ tags: {} }}", many(47)), Environment::Staging);
    assert_eq!(
        found[0].0.plain(),
        "[AG0109] 47 tags are more than the 46 that there is room for\n  help: a resource has at most \
         50, and archgen adds `Architecture`, `Environment`, `ManagedBy` and `Name`"
    );
}

#[test]
fn values_are_known_texts() {
    tags("{ team: 3 }", &[(Code::AG0004, "3")]);
    tags("[\"team\"]", &[(Code::AG0004, "[\"team\"]")]);
    expect("param owner {} s3_bucket files { tags: { team: owner } }", &[(Code::AG0004, "owner")]);
}

#[test]
fn every_declaration_with_resources_has_tags() {
    let untagged = [
        Kind::Param,
        Kind::Namespace,
        Kind::Dashboard,
        Kind::Objectives,
        Kind::Connect,
        Kind::Allow,
        Kind::Deny,
        Kind::Terraform,
    ];
    for kind in Kind::ALL {
        let has = kind.fields().iter().any(|it| it.name == "tags");
        assert_eq!(has, !untagged.contains(kind), "{kind}!");
        let mut raw = RawDeclaration::new(*kind, "it".to_string(), Loc::NONE);
        raw.push("tags", Loc::NONE, Node::new(NodeKind::Record(Vec::new()), Loc::NONE));
        let mut builder = Architecture::builder("shop", Environment::Production);
        builder.open();
        builder.push(raw);
        let built = builder.done();
        let unknown = built.problems().iter().any(|it| it.code == Code::AG0003);
        assert_eq!(unknown, !has, "{kind}!: {:?}", built.problems());
    }
    let found = findings("s3_bucket files { tag: {} }", Environment::Production);
    assert_eq!(found[0].0.help.as_deref(), Some("did you mean `tags`?"));
}

#[test]
fn rust_maps_are_tags() {
    let mut bucket = S3Bucket::builder("files", Loc::NONE);
    let common = BTreeMap::from([("team", "payments"), ("Cost Center", "4711")]);
    bucket.tags(Loc::NONE, at(&common, Loc::NONE));
    let mut builder = Architecture::builder("shop", Environment::Production);
    builder.add(bucket.done());
    let graph = lower(&builder.done());
    let tags = graph.tags_of("files");
    assert_eq!(tags["team"], "payments");
    assert_eq!(tags["Cost Center"], "4711");
    assert_eq!(tags["Architecture"], "shop");
    assert_eq!(graph.tags_of("other"), graph.tags);
}

/// Tags are part of the model, their places are not; what is not known is left out of the resources.
#[test]
fn tags_in_the_model() {
    let build = |source: &str| architecture(source, Environment::Production);
    let one = build(r#"s3_bucket files { tags: { team: "a" } }"#);
    assert_eq!(one, build(r#"  s3_bucket files {   tags: { team: "a" } }"#));
    assert_ne!(one, build(r#"s3_bucket files { tags: { team: "b" } }"#));
    assert_ne!(one, build("s3_bucket files {}"));
    assert!(format!("{one:?}").contains(r#"("files", [team: "a"])"#), "{one:?}");
    let partly = lower(&build(r#"s3_bucket files { tags: { team: ?, tier: "gold" } }"#));
    let own: Vec<&str> = partly.declaration_tags["files"].keys().map(String::as_str).collect();
    assert_eq!(own, ["tier"]);
    assert!(lower(&build("s3_bucket files { tags: ? }")).declaration_tags.is_empty());
}

/// A VPC with two services, a cache and a bucket.
fn shop(extra: &str) -> String {
    format!(
        r#"vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ public: /24, private: /24 }}, nat: Single }}
        ecs_cluster cluster {{ subnets: network.private }}
        ecs_service api {{ cluster: cluster, image: "example/api:1", port: 8080, cpu: 256,
            memory: 512MB, tags: {{ team: "web", "data-class": "public" }} }}
        ecs_service pay {{ cluster: cluster, image: "example/pay:1", port: 9090, cpu: 256,
            memory: 512MB, tags: {{ team: "payments", "data-class": "restricted" }} }}
        redis cards {{ subnets: network.private, node: "cache.t4g.small",
            tags: {{ team: "payments", "data-class": "restricted" }} }}
        s3_bucket receipts {{ tags: {{ team: "payments", archive: "yes" }} }}
        {extra}"#
    )
}

/// The findings with these codes, as text without places.
fn found(source: &str, codes: &[Code]) -> Vec<String> {
    let (_, all) = diagnose(&architecture(source, Environment::Production));
    all.iter().filter(|it| codes.contains(&it.code)).map(|it| it.plain()).collect()
}

/// Who connects to whom, one for each pair.
fn pairs(source: &str) -> Vec<String> {
    let built = architecture(source, Environment::Production);
    let connections = built.all::<Connect>().map(|it| (&it.from, &it.to));
    let denials = built.all::<Deny>().map(|it| (&it.from, &it.to));
    let mut all = Vec::new();
    for (from, to) in connections.chain(denials) {
        for from in from.literal().expect("a list") {
            for to in to.literal().expect("a list") {
                let name = |it: &Field<_>| match it.literal() {
                    Some(it) => crate::flow::Peer::describe(it).replace('`', ""),
                    None => "?".to_string(),
                };
                let to = &to.literal().expect("a target").peer;
                all.push(format!("{} {}", name(from), name(to)));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn a_selector_finds_every_declaration() {
    let flow = |text: &str| pairs(&shop(text));
    assert_eq!(
        flow(
            r#"deny d { from: [tagged("team" => "web")], to: [tagged("data-class" => "restricted")] }"#
        ),
        ["api cards", "api pay"]
    );
    // Whatever the value; a bucket opens no connections.
    assert_eq!(
        flow(r#"deny d { from: [tagged("team")], to: [internet => tcp(443)] }"#),
        ["api the internet", "cards the internet", "pay the internet"]
    );
    assert_eq!(
        flow(
            r#"connect c { from: [api], to: [tagged("archive"), tagged("team" => "web") => tcp(1)] }"#
        ),
        ["api receipts"]
    );
}

#[test]
fn nobody_is_paired_with_itself_by_tags() {
    let flow = |text: &str| pairs(&shop(text));
    let all = ["api cards", "api pay", "cards api", "cards pay", "pay api", "pay cards"];
    let both = r#"from: [tagged("data-class")], to: [tagged("data-class")]"#;
    assert_eq!(flow(&format!("deny d {{ {both} }}")), all);
    assert_eq!(flow(&format!("connect d {{ {both} }}")), all);
    assert_eq!(
        flow(r#"deny d { from: [pay, api], to: [tagged("team" => "payments")] }"#),
        ["api cards", "api pay", "api receipts", "pay cards", "pay receipts"]
    );
    // What is written twice is meant.
    assert_eq!(flow("connect c { from: [pay], to: [pay] }"), ["pay pay"]);
    let alone = r#"deny d { from: [tagged("team" => "web")], to: [tagged("team" => "web")] }"#;
    assert_eq!(flow(alone), Vec::<String>::new());
    assert_eq!(found(&shop(alone), &[Code::AG0110]), Vec::<String>::new());
}

#[test]
fn clusters_without_instances_are_not_found() {
    let source = |capacity: &str| {
        format!(
            r#"vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ private: /24 }} }}
            ecs_cluster cluster {{ subnets: network.private, {capacity} tags: {{ team: "a" }} }}
            redis cache {{ subnets: network.private, node: "cache.t4g.small" }}
            deny d {{ from: [tagged("team" => "a")], to: [cache] }}"#
        )
    };
    assert_eq!(found(&source(""), &[Code::AG0110]).len(), 1);
    assert_eq!(pairs(&source("capacity: ?,")), ["? cache"]);
    assert_eq!(found(&source("capacity: ?,"), &[Code::AG0110]).len(), 0);
    let instances = r#"capacity: Ec2 { instance: "t3.large", instances: 2..=4 },"#;
    assert_eq!(pairs(&source(instances)), ["cluster cache"]);
}

#[test]
fn ag0110_nobody() {
    let nobody = |selector: &str| {
        let (_, all) = diagnose(&architecture(
            &shop(&format!("deny d {{ from: [internet], to: [{selector}] }}")),
            Environment::Production,
        ));
        let all: Vec<String> =
            all.iter().filter(|it| it.code == Code::AG0110).map(|it| it.plain()).collect();
        all.join("\n")
    };
    assert_eq!(
        nobody(r#"tagged("data-class" => "restrict")"#),
        "[AG0110] no declaration has the tag `data-class` = `restrict`\n  help: did you mean `restricted`?"
    );
    assert_eq!(
        nobody(r#"tagged("data-class" => "secret")"#),
        "[AG0110] no declaration has the tag `data-class` = `secret`\n  help: there are `public`, `restricted`"
    );
    assert_eq!(
        nobody(r#"tagged("data_class" => "restricted")"#),
        "[AG0110] no declaration has the tag `data_class` = `restricted`\n  help: did you mean `data-class`?"
    );
    assert_eq!(
        nobody(r#"tagged("Team")"#),
        "[AG0110] no declaration has the tag `Team`\n  help: did you mean `team`?"
    );
    assert_eq!(nobody(r#"tagged("team")"#), "");
    assert_eq!(nobody(r#"tagged(?)"#), "");
    assert_eq!(nobody(r#"tagged("other" => ?)"#), "");
    assert_eq!(
        found(&shop(r#"deny d { from: [tagged("archive")], to: [cards] }"#), &[Code::AG0110]),
        [
            "[AG0110] no declaration that can connect has the tag `archive`\n  help: buckets and secrets, \
          which have it, open no connections"
        ]
    );
    assert_eq!(
        found(
            r#"s3_bucket files {} deny d { from: [internet], to: [tagged("team")] }"#,
            &[Code::AG0110]
        ),
        [
            "[AG0110] no declaration has the tag `team`\n  help: give declarations tags: `tags: { team: \
          \"payments\" }`"
        ]
    );
}

#[test]
fn ag0110_unknown_tags_may_be_the_ones() {
    for unknown in ["tags: ?", r#"tags: { team: ? }"#] {
        let source = format!(
            r#"s3_bucket files {{ {unknown} }} deny d {{ from: [internet], to: [tagged("team" => "a")] }}"#
        );
        assert_eq!(found(&source, &[Code::AG0110]), Vec::<String>::new());
        assert_eq!(pairs(&source), ["the internet ?"]);
    }
    // Another key says nothing about this one; a known value is another.
    for known in [r#"tags: { other: ? }"#, r#"tags: { team: "b" }"#] {
        let source = format!(
            r#"s3_bucket files {{ {known} }} deny d {{ from: [internet], to: [tagged("team" => "a")] }}"#
        );
        assert_eq!(found(&source, &[Code::AG0110]).len(), 1, "{known}");
    }
    // Any value will do.
    let any = r#"s3_bucket files { tags: { team: ? } } deny d { from: [internet], to: [tagged("team")] }"#;
    assert_eq!(pairs(any), ["the internet files"]);
}

#[test]
fn ag0110_more_may_be_declared() {
    let mut raw = RawDeclaration::new(Kind::Deny, String::new(), Loc::NONE);
    let list = |it| Node::new(NodeKind::List(vec![it]), Loc::NONE);
    let text = Node::new(NodeKind::Text("team".to_string()), Loc::NONE);
    let tagged = Node::new(NodeKind::Call("tagged".to_string(), vec![text]), Loc::NONE);
    raw.push("from", Loc::NONE, list(Node::new(NodeKind::Word("internet".into()), Loc::NONE)));
    raw.push("to", Loc::NONE, list(tagged));
    let mut builder = Architecture::builder("shop", Environment::Production);
    builder.push(raw);
    let closed = builder.clone().done();
    assert_eq!(closed.problems().len(), 1);
    builder.open();
    assert_eq!(builder.done().problems().len(), 0);
}

#[test]
fn selectors_that_cannot_be_read() {
    let code = |selector: &str| {
        let source = shop(&format!("deny d {{ from: [internet], to: [{selector}] }}"));
        let all = architecture(&source, Environment::Production);
        all.problems().iter().map(|it| it.plain()).collect::<Vec<_>>()
    };
    assert_eq!(
        code("tagged()"),
        ["[AG0004] `to` expects one tag: `tagged(\"team\" => \"payments\")`, found `tagged(…)`"]
    );
    assert_eq!(code(r#"tagged("a" => "b", "c" => "d")"#).len(), 1);
    assert_eq!(code("tagged(3)"), ["[AG0004] `to` expects text in quotes, found the number 3"]);
    // Rules of groups and ACLs name their peers.
    let source = shop(r#"security_group sg { vpc: network, ingress: [tagged("team") => tcp(1)] }"#);
    let all = architecture(&source, Environment::Production);
    assert_eq!(all.problems().len(), 1);
    assert_eq!(all.problems()[0].code, Code::AG0004);
}

#[test]
fn ag0302_over_tags() {
    let policy =
        r#"deny d { from: [tagged("team" => "web")], to: [tagged("data-class" => "restricted")] }"#;
    let codes = [Code::AG0302, Code::AG0110];
    assert_eq!(found(&shop(policy), &codes), Vec::<String>::new());
    let open = found(&shop(&format!("connect c {{ from: [api], to: [cards] }} {policy}")), &codes);
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0].starts_with("[AG0302] `api` can reach `cards` on tcp/6379"), "{}", open[0]);
    assert!(open[0].contains("`api` has the tag `team` = `web`: test:1:"), "{}", open[0]);
    assert!(
        open[0].contains("`cards` has the tag `data-class` = `restricted`: test:1:"),
        "{}",
        open[0]
    );
    // A tag that is not known gives no answer.
    let unknown = shop(&format!("connect c {{ from: [api], to: [cards] }} {policy}"))
        .replace("team: \"web\"", "team: ?");
    assert_eq!(found(&unknown, &codes), Vec::<String>::new());
}

#[test]
fn connections_over_tags_make_the_rules_of_each_pair() {
    let rules = |flow: &str| {
        let graph = lower(&architecture(&shop(flow), Environment::Production));
        let all: Vec<String> = graph
            .all::<SecurityGroupRule>()
            .map(|(id, _, it)| format!("{}: {}", id.id(), it.description))
            .collect();
        all
    };
    let by_tag = rules(
        r#"connect c { from: [tagged("team" => "web")], to: [tagged("team" => "payments")] }"#,
    );
    let by_name = rules("connect c { from: [api], to: [pay, cards, receipts] }");
    assert_eq!(by_tag, by_name);
    assert!(by_tag.iter().any(|it| it.starts_with("cards.ingress.api.tcp_6379")), "{by_tag:?}");
    let allowed =
        rules(r#"allow a { from: ["10.9.0.0/16"], to: [tagged("data-class" => "restricted")] }"#);
    assert_eq!(allowed, rules(r#"allow a { from: ["10.9.0.0/16"], to: [pay, cards] }"#));
}

#[test]
fn ag0310_over_tags() {
    let source = shop(
        r#"vpc other { cidr: "10.1.0.0/16", zones: 2, subnets: { a: /24 }, tags: { team: "net" } }
        connect c { from: [api], to: [tagged("team" => "net")] }"#,
    );
    let found = found(&source, &[Code::AG0310]);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].contains("help: say which: `tagged(\"team\" => \"net\"): tcp(443)`"),
        "{}",
        found[0]
    );
    assert!(found[0].contains("`other` has the tag `team` = `net`"), "{}", found[0]);
}

/// Unknown values anywhere never end in a panic.
#[test]
fn tags_that_are_not_known_are_lowered() {
    let source = shop("").replace("team: \"payments\"", "team: ?").replace("\"restricted\"", "?");
    let flow =
        r#"connect c { from: [tagged("team" => "web")], to: [tagged("team" => "payments")] }"#;
    let (graph, all) =
        diagnose(&architecture(&format!("{source} {flow}"), Environment::Production));
    assert!(!all.iter().any(|it| it.is_error()), "{all:?}");
    assert!(!graph.declaration_tags.contains_key("cards"));
}
