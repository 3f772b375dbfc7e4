//! Lowers who is told and of what: `sns_topic!` and `budget!`.

use super::{Lower, slug};
use crate::declare::{Budget as BudgetDeclaration, SnsTopic};
use crate::field::Field;
use crate::notify_fields::{DeliveryProtocol, Recipient};
use crate::resource::iam::{Condition, Principal, Statement};
use crate::resource::{Attribute, Budget, Ref, ResourceId, Topic, TopicPolicy, TopicSubscription};
use crate::value::{Part, Pseudo, Text};

/// Lowers a topic, its policy and its subscriptions.
pub fn lower_topic(topic: &SnsTopic, cx: &mut Lower<'_>) {
    let meta = &topic.meta;
    let name = meta.name.as_str();
    let resource = Topic {
        name: topic.topic_name.as_ref().map(|it| cx.string_text(it)),
        display_name: topic.display_name.as_ref().map(|it| it.value.clone()),
        kms_key: topic.kms_key.as_ref().map(|it| cx.field_text(it)),
    };
    let resource = cx.add(meta, &[name, "topic"], resource);
    let policy = TopicPolicy { topic: resource.clone(), statements: publishers(topic, &resource) };
    cx.add(meta, &[name, "topic_policy"], policy);
    let subscriptions = topic.subscriptions.as_ref().and_then(Field::literal);
    for it in subscriptions.into_iter().flatten().filter_map(Field::literal) {
        let endpoint = cx.field_text(&it.address);
        let key = subscription_key(it.protocol, &endpoint);
        let kind = TopicSubscription { topic: resource.clone(), protocol: it.protocol, endpoint };
        cx.add_at(meta, it.address.loc, &[name, &key, "topic_subscription"], kind);
    }
    cx.output(
        &[name, "arn"],
        format!("The ARN of the topic {name}"),
        resource.attribute(Attribute::Arn),
    );
}

/// The name of a subscription among those of its topic: from its address, so that it is the same wherever it
/// stands in the list.
pub fn subscription_key(protocol: DeliveryProtocol, endpoint: &Text) -> String {
    let address = slug(endpoint.to_string().trim_start_matches("https://"));
    format!("{}_{}", protocol.as_str(), address.trim_matches('_'))
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE` of the account of deployment.
fn own(service: &str, region: Text, resource: &str) -> Text {
    Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(format!(":{service}:"))
        .then(region)
        .then(":")
        .then(Text::pseudo(Pseudo::AccountId))
        .then(format!(":{resource}"))
}

/// Who may publish: services, for what is of this account; nobody without TLS.
///
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html>,
/// <https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html>,
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html>
fn publishers(topic: &SnsTopic, resource: &Ref<Topic>) -> Vec<Statement> {
    let arn = resource.attribute(Attribute::Arn);
    let publish = |sid, principal, conditions| Statement {
        principal: Some(Principal::Service(principal)),
        conditions,
        ..Statement::allow(sid, &["sns:Publish"], vec![arn.clone()])
    };
    let from = |source| Condition { operator: "ArnLike", key: "aws:SourceArn", value: source };
    let account = || Condition {
        operator: "StringEquals",
        key: "aws:SourceAccount",
        value: Text::pseudo(Pseudo::AccountId),
    };
    let region = || Text::pseudo(Pseudo::Region);
    let mut all = vec![
        Statement {
            sid: "DenyInsecureTransport",
            allow: false,
            principal: Some(Principal::Everyone),
            actions: vec!["sns:Publish"],
            resources: vec![arn.clone()],
            conditions: vec![Condition {
                operator: "Bool",
                key: "aws:SecureTransport",
                value: Text::literal("false"),
            }],
        },
        publish(
            "AllowAlarms",
            "cloudwatch.amazonaws.com",
            vec![from(own("cloudwatch", region(), "alarm:*")), account()],
        ),
        publish(
            "AllowBudgets",
            "budgets.amazonaws.com",
            vec![from(own("budgets", Text::default(), "*")), account()],
        ),
    ];
    if topic.events.literal() != Some(&false) {
        // EventBridge gives SNS nothing that a condition could be about.
        all.push(publish("AllowEvents", "events.amazonaws.com", Vec::new()));
    }
    all
}

/// Lowers a budget.
pub fn lower_budget(budget: &BudgetDeclaration, cx: &mut Lower<'_>) {
    let name = budget.meta.name.as_str();
    let alerts = budget.alerts.literal().into_iter().flatten().filter_map(Field::literal);
    let mut resource = Budget {
        amount: budget.amount.value.clone(),
        alerts: alerts.map(|it| (it.figure, it.percent.value.clone())).collect(),
        topics: Vec::new(),
        emails: Vec::new(),
        tags: Vec::new(),
    };
    for it in budget.notify.literal().into_iter().flatten().filter_map(Field::literal) {
        match it {
            Recipient::Topic(arn) => resource.topics.push(cx.text(arn)),
            Recipient::Email(address) => resource.emails.push(cx.field_text(address)),
        }
    }
    if let Some(tags) = budget.costs_tagged.as_ref().and_then(Field::literal) {
        let mut entries: Vec<_> = tags.0.iter().collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let tag = |key: &str, value: Text| Text::literal(format!("user:{key}$")).then(value);
        resource.tags = entries.iter().map(|it| tag(&it.name, cx.field_text(&it.field))).collect();
    }
    let topics = resource.topics.clone();
    let added = cx.add(&budget.meta, &[name, "budget"], resource);
    // AWS makes no budget for a topic that it may not publish to yet.
    for it in topics.iter().flat_map(|it| &it.0) {
        if let Part::Attribute(topic, Attribute::Arn) = it
            && let Some(name) = topic.as_str().strip_suffix(".topic")
        {
            cx.depends_on(added.id(), &ResourceId::new(&[name, "topic_policy"]));
        }
    }
}

#[cfg(test)]
#[path = "notify_tests.rs"]
mod tests;
