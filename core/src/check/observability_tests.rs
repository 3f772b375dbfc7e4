//! Tests of the checks and of the lowering of `alarm!` and `dashboard!`.

use crate::check::testing_fields::{
    Sketch, above, amount, cache, database, list, number, reference, service, text, unknown, word,
    yes,
};
use crate::codes::Code;
use crate::declare::Kind;
use crate::node::Node;
use crate::resource::cloudwatch::{AlarmSource, Metric, Statistic};
use crate::resource::{Alarm, Dashboard, Ref, ResourceId};
use crate::value::Value;

const ALL: &[Code] = &[Code::AG0007, Code::AG0107];

fn alarm(base: Sketch, watch: Node, when: Node, more: Vec<(&'static str, Node)>) -> Sketch {
    let mut fields = vec![("watch", watch), ("when", when)];
    fields.extend(more);
    base.with(Kind::Alarm, "alert", fields)
}

fn backend() -> Node {
    reference(Kind::EcsService, "backend")
}

fn lowered(sketch: &Sketch) -> Alarm {
    let graph = sketch.graph();
    let id = ResourceId::new(&["alert", "alarm"]);
    graph.get::<Alarm>(&Ref::new(id)).expect("an alarm").clone()
}

fn metric(sketch: &Sketch) -> Metric {
    match lowered(sketch).source {
        AlarmSource::Metric(it) => it,
        AlarmSource::PercentOf { .. } => panic!("a share"),
    }
}

#[test]
fn times() {
    let with = |more| {
        alarm(service(number(2), vec![]), backend(), above("Cpu", amount(70.0, "pct")), more)
            .find(ALL)
    };
    assert_eq!(
        with(vec![("lasting", amount(90.0, "s"))]),
        ["AG0007 at lasting: `lasting` is 90s, which is not a multiple of the period 60s"]
    );
    assert_eq!(
        with(vec![("period", amount(45.0, "s"))]),
        ["AG0007 at period: `period` cannot be 45s"]
    );
    assert_eq!(
        with(vec![("lasting", amount(25.0, "h"))]),
        ["AG0007 at lasting: an alarm cannot look back 90000s"]
    );
    assert_eq!(
        with(vec![("out_of", number(6))]),
        ["AG0007 at out_of: `out_of` is 6, and `lasting` has 5 periods"]
    );
    assert_eq!(with(vec![("lasting", amount(2.0, "min"))]), [""; 0]);
    assert_eq!(with(vec![("lasting", unknown())]), [""; 0]);
    assert_eq!(with(vec![("period", amount(30.0, "s"))]), [""; 0]);
}

#[test]
fn metrics_that_are_not_there() {
    let find = |base, kind, name, when| alarm(base, reference(kind, name), when, vec![]).find(ALL);
    assert_eq!(
        find(database(vec![]), Kind::RdsPostgres, "database", above("Evictions", number(1))),
        ["AG0007 at when: a PostgreSQL database has no metric `Evictions`"]
    );
    assert_eq!(
        find(
            database(vec![]),
            Kind::RdsPostgres,
            "database",
            above("ReplicaLag", amount(9.0, "s"))
        ),
        ["AG0007 at when: `database` has no metric `ReplicaLag`: `database` has no replicas"]
    );
    let lag = above("ReplicaLag", amount(9.0, "s"));
    let known = database(vec![("replicas", unknown())]);
    assert_eq!(find(known, Kind::RdsPostgres, "database", lag), [""; 0]);
    let lone = Sketch::new()
        .with(Kind::EcsCluster, "cluster", vec![("container_insights", yes(false))])
        .with(
            Kind::EcsService,
            "backend",
            vec![("cluster", reference(Kind::EcsCluster, "cluster"))],
        );
    assert_eq!(
        find(lone, Kind::EcsService, "backend", above("ResponseTime", amount(2.0, "s"))),
        [
            "AG0007 at when: `backend` has no metric `ResponseTime`: no load balancer sends requests to `backend`"
        ]
    );
    let quiet = Sketch::new()
        .with(Kind::EcsCluster, "cluster", vec![("container_insights", yes(false))])
        .with(
            Kind::EcsService,
            "backend",
            vec![("cluster", reference(Kind::EcsCluster, "cluster"))],
        );
    assert_eq!(
        find(quiet, Kind::EcsService, "backend", above("RunningTasks", number(2))),
        ["AG0007 at when: `backend` has no metric `RunningTasks`: `cluster` does not collect it"]
    );
    assert_eq!(
        find(
            service(number(2), vec![]),
            Kind::EcsCluster,
            "cluster",
            above("Cpu", amount(80.0, "pct"))
        ),
        ["AG0007 at when: `cluster` has no metric `Cpu`: `cluster` has no instances of its own"]
    );
}

#[test]
fn the_metric_of_a_service_is_that_of_its_load_balancer() {
    let sketch = alarm(
        service(number(2), vec![]),
        backend(),
        above("ResponseTime", amount(2.0, "s")),
        vec![("lasting", amount(120.0, "s")), ("notify", list(vec![text("arn:aws:sns:a:b:c")]))],
    );
    let it = metric(&sketch);
    assert_eq!(it.namespace.to_string(), "AWS/ApplicationELB");
    assert_eq!(it.name.to_string(), "TargetResponseTime");
    let dimensions: Vec<String> =
        it.dimensions.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(
        dimensions,
        [
            "TargetGroup=${edge.backend.target_group.FullName}",
            "LoadBalancer=${edge.load_balancer.FullName}"
        ]
    );
    let alarm = lowered(&sketch);
    assert_eq!(alarm.name.to_string(), "shop-production-alert");
    assert_eq!(alarm.periods, Value::Literal(crate::types::Count(2)));
    assert_eq!(alarm.description.to_string(), "ResponseTime of backend > 2 for 120s");
}

#[test]
fn the_error_rate_is_a_share() {
    let sketch = alarm(
        service(number(2), vec![]),
        reference(Kind::Alb, "edge"),
        above("ErrorRate", amount(1.0, "pct")),
        vec![],
    );
    let AlarmSource::PercentOf { part, whole, .. } = lowered(&sketch).source else {
        panic!("not a share")
    };
    assert_eq!(part.name.to_string(), "HTTPCode_Target_5XX_Count");
    assert_eq!(whole.name.to_string(), "RequestCount");
    assert_eq!((part.statistic, whole.statistic), (Statistic::Sum, Statistic::Sum));
    let with = alarm(
        service(number(2), vec![]),
        reference(Kind::Alb, "edge"),
        above("ErrorRate", amount(1.0, "pct")),
        vec![("statistic", word("Average"))],
    );
    assert_eq!(with.find(ALL), ["AG0007 at statistic: `ErrorRate` takes no statistic"]);
}

#[test]
fn nodes_of_a_cache() {
    let watch = || reference(Kind::Redis, "cache");
    let when = || above("Cpu", amount(80.0, "pct"));
    let single = metric(&alarm(cache(vec![]), watch(), when(), vec![]));
    assert_eq!(single.dimensions[0].1.to_string(), "${cache.replication_group.Id}-001");
    let cluster = metric(&alarm(cache(vec![("shards", number(2))]), watch(), when(), vec![]));
    assert_eq!(cluster.dimensions[0].1.to_string(), "${cache.replication_group.Id}-0001-001");
}

#[test]
fn dashboards() {
    let sketch = service(number(2), vec![]).with(
        Kind::Dashboard,
        "overview",
        vec![("watch", list(vec![backend(), reference(Kind::Alb, "edge")]))],
    );
    assert_eq!(sketch.find(ALL), [""; 0]);
    let graph = sketch.graph();
    let id = ResourceId::new(&["overview", "dashboard"]);
    let dashboard = graph.get::<Dashboard>(&Ref::new(id)).expect("a dashboard");
    assert_eq!(dashboard.name.to_string(), "shop-production-overview");
    let titles: Vec<&str> = dashboard.widgets.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "backend: CPU and memory in percent",
            "backend: running tasks",
            "backend: requests and server errors",
            "backend: response time in seconds",
            "backend: healthy and unhealthy targets",
            "edge: requests and server errors",
            "edge: response time in seconds",
        ]
    );
    let empty = Sketch::new().with(
        Kind::Dashboard,
        "overview",
        vec![("watch", list(vec![])), ("dashboard_name", text("a b"))],
    );
    assert_eq!(empty.find(ALL).len(), 2);
    let unknown = Sketch::new().with(Kind::Dashboard, "overview", vec![("watch", unknown())]);
    assert_eq!(unknown.find(ALL), [""; 0]);
}

#[test]
fn clusters_of_kubernetes_report_by_themselves() {
    let source = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /20 } }
eks_cluster platform {
    subnets: network.private, version: "1.34",
    node_groups: { general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 } },
}
alarm stuck { watch: platform, when: UnschedulablePods > 0 }
alarm failing { watch: platform, when: ErrorRate > 5pct }
alarm wrong { watch: platform, when: Cpu > 80pct }
dashboard overview { watch: [platform] }
"#;
    crate::check::testing::expect(source, &[(Code::AG0007, "Cpu > 80pct")]);
    let architecture =
        crate::check::testing::architecture(source, crate::environment::Environment::Production);
    let graph = crate::lower::lower(&architecture);
    let source_of = |name: &str| {
        let id = ResourceId::new(&[name, "alarm"]);
        graph.get::<Alarm>(&Ref::new(id)).map(|it| it.source.clone())
    };
    let Some(AlarmSource::Metric(stuck)) = source_of("stuck") else { panic!("a metric") };
    assert_eq!(stuck.namespace.to_string(), "AWS/EKS");
    assert_eq!(stuck.name.to_string(), "scheduler_pending_pods_UNSCHEDULABLE");
    assert_eq!(stuck.dimensions[0].0, "ClusterName");
    assert!(matches!(source_of("failing"), Some(AlarmSource::PercentOf { .. })));
    let board = graph.all::<Dashboard>().next().expect("a dashboard");
    assert_eq!(board.2.widgets.len(), 2);
}
