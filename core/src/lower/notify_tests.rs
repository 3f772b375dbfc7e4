//! Tests of the lowering of `sns_topic!` and `budget!`.

use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::resource::iam::Principal;
use crate::resource::{Alarm, Budget, ResourceGraph, Topic, TopicPolicy, TopicSubscription, Typed};

const SOURCE: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } }
redis cache { subnets: network.private, node: "cache.t4g.small" }
param pager {}
sns_topic alerts {
    subscriptions: [Https(pager), Email("ops@example.com")], events: true, topic_name: "shop",
}
alarm busy { watch: cache, when: Cpu > 80pct, notify: [alerts] }
budget spending {
    amount: 5000, alerts: [Forecasted > 50pct, Actual > 90pct],
    notify: [alerts, Email("finance@example.com")], costs_tagged: { team: "platform", app: "shop" },
}
sns_topic quiet {}
"#;

fn lowered() -> ResourceGraph {
    let architecture = architecture(SOURCE, Environment::Production);
    assert_eq!(architecture.problems(), []);
    crate::lower::lower(&architecture)
}

fn one<K: Typed + Clone>(graph: &ResourceGraph, of: &str) -> K {
    let found: Vec<K> = graph
        .all::<K>()
        .filter(|(_, resource, _)| resource.declaration == of)
        .map(|it| it.2.clone())
        .collect();
    assert_eq!(found.len(), 1, "{of}");
    found[0].clone()
}

#[test]
fn a_topic_has_its_policy_and_subscriptions_by_address() {
    let graph = lowered();
    assert_eq!(one::<Topic>(&graph, "alerts").name.expect("a name").to_string(), "shop");
    let subscriptions: Vec<(String, String)> = graph
        .all::<TopicSubscription>()
        .map(|(_, resource, it)| (resource.id.to_string(), it.endpoint.to_string()))
        .collect();
    assert_eq!(
        subscriptions,
        [
            ("alerts.email_ops_example_com.topic_subscription", "ops@example.com"),
            ("alerts.https_pager.topic_subscription", "${pager}"),
        ]
        .map(|(a, b)| (a.to_string(), b.to_string()))
    );
    let output = crate::resource::ResourceId::new(&["alerts", "arn"]);
    assert!(graph.outputs.contains_key(&output));
}

#[test]
fn services_publish_for_their_account_only() {
    let graph = lowered();
    let sids = |of: &str| -> Vec<&str> {
        one::<TopicPolicy>(&graph, of).statements.iter().map(|it| it.sid).collect()
    };
    assert_eq!(sids("quiet"), ["DenyInsecureTransport", "AllowAlarms", "AllowBudgets"]);
    assert_eq!(
        sids("alerts"),
        ["DenyInsecureTransport", "AllowAlarms", "AllowBudgets", "AllowEvents"]
    );
    for it in one::<TopicPolicy>(&graph, "alerts").statements {
        let events = it.principal == Some(Principal::Service("events.amazonaws.com"));
        assert_eq!(it.conditions.is_empty(), events, "{}", it.sid);
    }
}

#[test]
fn alarms_and_budgets_name_the_topic() {
    let graph = lowered();
    let arn = "${alerts.topic.Arn}";
    let alarm = one::<Alarm>(&graph, "busy");
    assert_eq!(alarm.actions.iter().map(ToString::to_string).collect::<Vec<_>>(), [arn]);
    let budget = one::<Budget>(&graph, "spending");
    let texts = |all: &[crate::value::Text]| -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
    };
    assert_eq!(texts(&budget.topics), [arn]);
    assert_eq!(texts(&budget.emails), ["finance@example.com"]);
    assert_eq!(texts(&budget.tags), ["user:app$shop", "user:team$platform"]);
    assert_eq!(budget.alerts.len(), 2);
    let waits = graph.all::<Budget>().next().map(|it| it.1.depends_on[0].to_string());
    assert_eq!(waits.as_deref(), Some("alerts.topic_policy"));
}
