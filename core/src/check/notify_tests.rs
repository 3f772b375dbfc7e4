//! Tests of the checks of `sns_topic!` and `budget!`.

use crate::check::testing::{expect, found};
use crate::codes::Code;

const AG0007: Code = Code::AG0007;
const AG0107: Code = Code::AG0107;
const AG0511: Code = Code::AG0511;
const AG0805: Code = Code::AG0805;

#[test]
fn topics_that_pass() {
    expect(
        r#"
param pager { kind: TopicArn }
sns_topic alerts {
    subscriptions: [Email("ops@example.com"), Https("https://example.com/a"), Https(pager)],
    kms_key: "arn:aws:kms:eu-west-1:123456789012:key/1", display_name: "Shop", topic_name: "shop_alerts-1",
    events: true,
}
sns_topic quiet {}
"#,
        &[],
    );
}

#[test]
fn what_is_not_known_passes() {
    expect(
        r#"
sns_topic a { subscriptions: ?, kms_key: ?, display_name: ?, topic_name: ?, events: ? }
sns_topic b { subscriptions: [?, Email(?), Https(?), Https(?)] }
budget c { amount: ?, alerts: ?, notify: ?, costs_tagged: ? }
budget d { amount: 1, alerts: [?], notify: [?, Email(?), Email(?)], costs_tagged: { team: ? } }
"#,
        &[],
    );
}

#[test]
fn addresses_are_ones_that_get_messages() {
    expect(
        r#"
sns_topic alerts { subscriptions: [
    Email("ops"), Email("@example.com"), Email("ops@example"), Email("a b@example.com"),
    Https("http://example.com/a"), Email("ops@example.com"), Email("ops@example.com"),
] }
"#,
        &[
            (AG0511, r#""ops""#),
            (AG0511, r#""@example.com""#),
            (AG0511, r#""ops@example""#),
            (AG0511, r#""a b@example.com""#),
            (AG0511, r#""http://example.com/a""#),
            (AG0511, r#"Email("ops@example.com")"#),
        ],
    );
}

#[test]
fn one_parameter_is_subscribed_once() {
    let twice =
        r#"param pager {} sns_topic alerts { subscriptions: [Https(pager), Https(pager)] }"#;
    assert_eq!(found(twice), [(AG0511, "Https(pager)".to_string())]);
    expect(
        r#"param pager {} sns_topic alerts { subscriptions: [Email(pager), Https(pager)] }"#,
        &[],
    );
}

#[test]
fn the_key_is_one_that_services_may_use() {
    for key in ["alias/aws/sns", "arn:aws:kms:eu-west-1:123456789012:alias/aws/sns"] {
        let text = format!("\"{key}\"");
        expect(&format!("sns_topic alerts {{ kms_key: {text} }}"), &[(AG0511, &text)]);
    }
}

#[test]
fn names_of_topics() {
    let long = format!("\"{}\"", "a".repeat(101));
    expect(
        &format!("sns_topic alerts {{ display_name: {long}, topic_name: \"shop.fifo\" }}"),
        &[(AG0007, &long), (AG0107, "\"shop.fifo\"")],
    );
}

#[test]
fn alarms_take_topics() {
    expect(
        r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } }
redis cache { subnets: network.private, node: "cache.t4g.small" }
sns_topic alerts {}
param other { kind: TopicArn }
alarm busy { watch: cache, when: Cpu > 80pct, notify: [alerts, alerts.arn, other, "arn:aws:sns:a:1:b"] }
alarm full { watch: cache, when: Cpu > 80pct, notify: [alerts, other, "a", "b", "c", "d"] }
alarm wrong { watch: cache, when: Cpu > 80pct, notify: [cache] }
"#,
        &[(AG0007, r#"[alerts, other, "a", "b", "c", "d"]"#), (Code::AG0103, "cache")],
    );
}

#[test]
fn budgets_that_pass() {
    expect(
        r#"
sns_topic alerts {}
param limit { kind: Number }
budget all {
    amount: 5000, alerts: [Forecasted > 50pct, Forecasted > 80pct, Actual > 80pct, Actual > 120pct],
    notify: [alerts, Email("finance@example.com")], costs_tagged: { team: "platform" },
}
budget other { amount: limit, alerts: [Actual > 90pct], notify: ["arn:aws:sns:eu-west-1:1:x"] }
"#,
        &[],
    );
}

#[test]
fn amounts_and_alerts() {
    expect(
        r#"budget a { amount: 0, alerts: [], notify: [Email("a@b.c")], costs_tagged: {} }"#,
        &[(AG0805, "0"), (AG0805, "[]"), (AG0805, "{}")],
    );
    expect(
        r#"budget a { amount: 1, alerts: [Actual > 0pct, Actual > 9pct, Actual > 9pct], notify: [Email("a@b.c")] }"#,
        &[(AG0805, "0pct"), (AG0805, "Actual > 9pct")],
    );
    let eleven: Vec<String> = (1..=11).map(|it| format!("Actual > {it}pct")).collect();
    let eleven = format!("[{}]", eleven.join(", "));
    expect(
        &format!(r#"budget a {{ amount: 1, alerts: {eleven}, notify: [Email("a@b.c")] }}"#),
        &[(AG0805, &eleven)],
    );
    expect(
        r#"budget a { amount: 1, alerts: [Actual > 5], notify: [Email("a@b.c")] }"#,
        &[(Code::AG0004, "5")],
    );
}

#[test]
fn who_is_told() {
    expect(
        r#"
sns_topic alerts {}
sns_topic more {}
budget a { amount: 1, alerts: [Actual > 9pct], notify: [] }
budget b { amount: 1, alerts: [Actual > 9pct], notify: [alerts, more] }
budget c { amount: 1, alerts: [Actual > 9pct], notify: [Email("a@b.c"), Email("a@b.c"), Email("d")] }
budget d { amount: 1, alerts: [Actual > 9pct], notify: [a, Sms("1")] }
"#,
        &[
            (AG0805, "[]"),
            (AG0805, "more"),
            (AG0805, "\"a@b.c\""),
            (AG0805, "\"d\""),
            (Code::AG0103, "a"),
            (Code::AG0005, "Sms(\"1\")"),
        ],
    );
    let eleven: Vec<String> = (0..=10).map(|it| format!("Email(\"a{it}@b.c\")")).collect();
    expect(
        &format!(
            "budget a {{ amount: 1, alerts: [Actual > 9pct], notify: [{}] }}",
            eleven.join(", ")
        ),
        &[(AG0805, "Email(\"a10@b.c\")")],
    );
}
