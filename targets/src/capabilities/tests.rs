//! What the table of capabilities finds in architectures.

use archgen_core::resource::{DbParameterGroup, Moved, ResourceId, ResourceKind, Secret};
use archgen_core::value::Value;

use super::*;
use crate::testing;

fn codes(graph: &ResourceGraph, target: Target) -> Vec<(Code, String)> {
    let found = report_graph("shop", "production", graph, target);
    found.into_iter().map(|it| (it.code, it.message)).collect()
}

fn kind<'a>(graph: &'a mut ResourceGraph, id: &str) -> &'a mut ResourceKind {
    &mut graph.resources.get_mut(&ResourceId::new(&[id])).expect("it is in the graph").kind
}

/// The row with this subject.
fn row(subject: &str) -> &'static Capability {
    table().find(|it| it.subject == subject).expect("there is such a row")
}

#[test]
fn rows_are_written_like_diagnostics() {
    for it in table() {
        for text in [it.subject, it.why, it.alternative] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
            assert!(!text.contains("  "), "{text}");
        }
        assert!(it.source.starts_with("https://"), "{}", it.subject);
        assert!(it.support != Support::Full, "{}", it.subject);
        // What is reported is about something that an author wrote, and so has a place.
        let is_declared = !matches!(it.concern, Concern::Nothing | Concern::Everything);
        assert!(is_declared || !it.is_reported, "{}", it.subject);
    }
}

#[test]
fn a_graph_with_everything_is_said_with_losses_by_terraform() {
    let graph = testing::everything();
    assert_eq!(codes(&graph, Target::CloudFormation), []);
    let found = codes(&graph, Target::Terraform);
    assert!(found.iter().all(|it| it.0 == Code::AG0703), "{found:?}");
    let says = |text: &str| found.iter().any(|it| it.1.contains(text));
    assert!(says("the last snapshot"), "{found:?}");
    assert!(says("auto_minor_version_upgrade"), "{found:?}");
    assert!(says("(`peer_vpc`, `zone`)"), "{found:?}");
    assert!(!says("parameters of extensions"), "{found:?}");
}

#[test]
fn an_empty_graph_concerns_the_architecture_as_a_whole_only() {
    let graph = ResourceGraph::default();
    for it in table() {
        let concerned = it.concerns(&graph);
        let expected = matches!(it.concern, Concern::Everything).then(BTreeMap::<String, Loc>::new);
        assert_eq!(concerned, expected, "{}", it.subject);
    }
}

#[test]
fn a_version_that_aws_leaves_alone_is_no_loss() {
    let mut graph = testing::everything();
    if let ResourceKind::DbInstance(it) = kind(&mut graph, "database.instance") {
        it.auto_minor_version_upgrade = Value::Literal(false);
    }
    assert_eq!(row("auto_minor_version_upgrade").concerns(&graph), None);
    if let ResourceKind::DbInstance(it) = kind(&mut graph, "database.instance") {
        it.auto_minor_version_upgrade = Value::Parameter("upgrade".into());
    }
    assert!(row("auto_minor_version_upgrade").concerns(&graph).is_some());
}

#[test]
fn settings_of_extensions_may_need_a_restart() {
    let mut graph = testing::everything();
    let setting = |graph: &mut ResourceGraph, name: &str| {
        if let ResourceKind::DbParameterGroup(DbParameterGroup { parameters, .. }) =
            kind(graph, "database.parameter_group")
        {
            parameters.push((name.into(), "1".into()));
        }
    };
    setting(&mut graph, "pg_stat_statements.max");
    setting(&mut graph, "work_mem");
    assert_eq!(row("parameters of extensions").concerns(&graph), None);
    setting(&mut graph, "pg_hint_plan.enable_hint");
    assert!(row("parameters of extensions").concerns(&graph).is_some());
}

#[test]
fn what_was_renamed_is_a_warning_in_cloudformation() {
    let mut graph = testing::everything();
    graph.moved.push(Moved {
        resource: ResourceId::new(&["database.instance"]),
        logical_id: "DbInstance".into(),
        addresses: vec!["aws_db_instance.db_instance".into()],
    });
    let found = codes(&graph, Target::CloudFormation);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, Code::AG0702);
    assert!(found[0].1.contains("(`database`)"), "{}", found[0].1);
    let terraform = codes(&graph, Target::Terraform);
    assert!(terraform.iter().all(|it| it.0 != Code::AG0702));
}

#[test]
fn names_that_a_service_does_not_take_are_errors() {
    let graph = testing::everything();
    let errors = |name: &str, environment: &str, graph: &ResourceGraph| -> Vec<String> {
        let found = report_graph(name, environment, graph, Target::Terraform);
        let found = found.into_iter().filter(|it| it.code == Code::AG0701);
        found.map(|it| it.message).collect()
    };
    assert_eq!(errors("shop", "production", &graph), Vec::<String>::new());
    let long = "international-commerce-of-things";
    assert_eq!(
        errors(long, "production", &graph),
        [format!(
            "the name `{long}-production-cache` that Terraform has to give `cache` has 49 characters, \
             and the service takes 40"
        )]
    );
    assert_eq!(errors("3shops", "production", &graph).len(), 3);
    // A name of the author's own is checked where it is written.
    let mut named = graph.clone();
    if let ResourceKind::ReplicationGroup(it) = kind(&mut named, "cache.replication_group") {
        it.identifier = Some("cache".into());
    }
    assert_eq!(errors(long, "production", &named), Vec::<String>::new());
    // CloudFormation lets AWS make them up.
    assert_eq!(report_graph(long, "production", &graph, Target::CloudFormation), []);
}

#[test]
fn every_kind_of_row_finds_what_it_is_about() {
    let graph = testing::everything();
    for it in table() {
        let is_found = it.concerns(&graph).is_some();
        let needs_change = [
            "renamed declarations",
            "parameters of extensions",
            "what a service may do in AWS",
            "what runs in a Kubernetes cluster",
        ];
        let expected =
            !matches!(it.concern, Concern::Nothing) && !needs_change.contains(&it.subject);
        assert_eq!(is_found, expected, "{}", it.subject);
    }
    assert!(graph.all::<Secret>().next().is_some());
}

#[test]
fn declarations_are_said_in_full_or_have_a_row() {
    assert!(full(Target::Terraform).contains(&Kind::Vpc));
    assert!(!full(Target::Terraform).contains(&Kind::RdsPostgres));
    assert!(full(Target::CloudFormation).contains(&Kind::EcsService));
}

#[test]
fn a_service_that_may_do_something_in_aws_gets_its_role_elsewhere() {
    let mut graph = testing::everything();
    let subject = "what a service may do in AWS";
    assert_eq!(row(subject).concerns(&graph), None);
    let ResourceKind::Role(execution) = kind(&mut graph, "api.execution_role").clone() else {
        panic!("it is a role");
    };
    if let ResourceKind::Role(it) = kind(&mut graph, "api.task_role") {
        it.statements = execution.statements;
    }
    let concerned = row(subject).concerns(&graph).expect("it may do something");
    assert_eq!(concerned.keys().collect::<Vec<_>>(), ["api"]);
    let said = codes(&graph, Target::Helm);
    assert!(said.iter().any(|it| it.0 == Code::AG0702 && it.1.contains("`api`")), "{said:?}");
}
