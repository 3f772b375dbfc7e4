//! Checks of who is told and of what: `sns_topic!` (AG0511) and `budget!` (AG0805).

use std::collections::BTreeSet;

use super::Context;
use super::findings::limit;
use crate::codes::Code;
use crate::declare::{Budget, SnsTopic};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::lower::notify::subscription_key;
use crate::notify_fields::{DeliveryProtocol, Recipient};
use crate::resource::budgets::SpendingFigure;
use crate::types::Number;
use crate::value::Text;

/// AWS's own key for topics: its policy, which nobody can change, lets no other service use it.
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html>
const AWS_KEY: &str = "alias/aws/sns";
/// <https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html>
const DISPLAY_NAME: usize = 100;
/// <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html>
const ALERTS: usize = 10;
/// The e-mail addresses of an alert; beside them it may have one topic.
const EMAILS: usize = 10;
/// The least and the greatest share of a budget's amount that an alert can be about, in percent.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-budgets-budget-notification.html>
const SHARE: std::ops::RangeInclusive<f64> = 0.1..=1_000_000.0;

/// AG0511: a topic's messages do not get where they should.
fn not_told(cx: &mut Context<'_>, loc: Loc, message: String, first: Option<Loc>, help: &str) {
    let mut diagnostic = Diagnostic::new(Code::AG0511, loc, message).help(help.to_string());
    if let Some(first) = first.filter(|it| it.is_known()) {
        diagnostic = diagnostic.label(first, "it is subscribed here first");
    }
    cx.push(diagnostic);
}

/// Why an address is not one of e-mail, as far as that shows.
fn bad_email(address: &str) -> Option<&'static str> {
    match address.split_once('@') {
        None => Some("it has no `@`"),
        Some((name, domain)) if name.is_empty() || !domain.contains('.') => {
            Some("a name or a domain is missing")
        }
        Some(_) if address.contains(char::is_whitespace) => Some("it holds white space"),
        Some((_, domain)) if domain.contains('@') => Some("it has two `@`"),
        Some(_) => None,
    }
}

/// Checks a topic.
pub fn check_topic(topic: &SnsTopic, cx: &mut Context<'_>) {
    if let Some(field) = &topic.topic_name {
        cx.topic_name(field);
    }
    if let Some(field) = &topic.display_name
        && let Some(name) = field.literal()
        && name.chars().count() > DISPLAY_NAME
    {
        let length = name.chars().count();
        limit(
            cx,
            field.loc,
            format!(
                "`display_name` has {DISPLAY_NAME} characters at most, and this one has {length}"
            ),
            "shorten it",
        );
    }
    if let Some(field) = &topic.kms_key
        && field.literal().and_then(Text::as_literal).is_some_and(|it| it.ends_with(AWS_KEY))
    {
        not_told(
            cx,
            field.loc,
            format!("alarms and budgets cannot publish to a topic that `{AWS_KEY}` encrypts"),
            None,
            "give the ARN of a key of your own, whose policy lets them use it, or leave `kms_key` out",
        );
    }
    let mut seen: Vec<(String, Loc)> = Vec::new();
    for field in topic.subscriptions.as_ref().and_then(Field::literal).into_iter().flatten() {
        let Some(it) = field.literal() else { continue };
        let Some(address) = it.address.literal().filter(|it| !it.has_unknown()) else { continue };
        let key = subscription_key(it.protocol, address);
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == key) {
            let message =
                format!("`{address}` is subscribed twice, as far as letters and digits go");
            not_told(cx, field.loc, message, Some(*first), "keep one of them");
        }
        seen.push((key, field.loc));
        let Some(address) = address.as_literal() else { continue };
        match it.protocol {
            DeliveryProtocol::Email => {
                if let Some(why) = bad_email(&address) {
                    let message = format!("`{address}` is not an e-mail address: {why}");
                    not_told(
                        cx,
                        it.address.loc,
                        message,
                        None,
                        "write one such as `ops@example.com`",
                    );
                }
            }
            DeliveryProtocol::Https => {
                if !address.starts_with("https://") {
                    let message = format!("`{address}` is not a URL of HTTPS");
                    let help = "write one such as `https://example.com/alerts`; the topic sends nothing \
                                without TLS";
                    not_told(cx, it.address.loc, message, None, help);
                }
            }
        }
    }
}

/// AG0805: a budget is not one that AWS takes.
fn bad_budget(cx: &mut Context<'_>, loc: Loc, message: String, help: &str) {
    cx.push(Diagnostic::new(Code::AG0805, loc, message).help(help.to_string()));
}

/// Checks a budget.
/// <https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html>
pub fn check_budget(budget: &Budget, cx: &mut Context<'_>) {
    if let Some(Number(amount)) = budget.amount.literal()
        && *amount <= 0.0
    {
        let message = format!("`amount` cannot be {amount}");
        bad_budget(cx, budget.amount.loc, message, "give the US dollars of a month, more than 0");
    }
    alerts(budget, cx);
    recipients(budget, cx);
    if let Some(field) = &budget.costs_tagged
        && field.literal().is_some_and(|it| it.0.is_empty())
    {
        let help = "name a tag, or leave `costs_tagged` out to count everything";
        bad_budget(cx, field.loc, "`costs_tagged` names no tag".to_string(), help);
    }
}

fn alerts(budget: &Budget, cx: &mut Context<'_>) {
    let Some(all) = budget.alerts.literal() else { return };
    let count = all.len();
    if count == 0 || count > ALERTS {
        let message = format!("a budget has 1 to {ALERTS} alerts, and this one has {count}");
        bad_budget(cx, budget.alerts.loc, message, "AWS refuses it; make a second budget for more");
    }
    let mut seen: Vec<(SpendingFigure, f64)> = Vec::new();
    for field in all {
        let Some(alert) = field.literal() else { continue };
        let Some(Number(percent)) = alert.percent.literal() else { continue };
        if !SHARE.contains(percent) {
            let message = format!("an alert cannot be about {percent} percent");
            bad_budget(cx, alert.percent.loc, message, "give `0.1pct` to `1000000pct`");
        }
        if seen.contains(&(alert.figure, *percent)) {
            let message = format!("`{} > {percent}pct` is given twice", alert.figure.word());
            bad_budget(cx, field.loc, message, "keep one of them");
        }
        seen.push((alert.figure, *percent));
    }
}

fn recipients(budget: &Budget, cx: &mut Context<'_>) {
    let Some(all) = budget.notify.literal() else { return };
    if all.is_empty() {
        let help = "name a topic, or an address: `[Email(\"finance@example.com\")]`";
        bad_budget(cx, budget.notify.loc, "`notify` tells nobody".to_string(), help);
    }
    let mut topics = 0;
    let mut emails = 0;
    let mut seen = BTreeSet::new();
    for field in all {
        let Some(recipient) = field.literal() else { continue };
        let (text, loc) = match recipient {
            Recipient::Topic(it) => {
                topics += 1;
                if topics == 2 {
                    let message = "a budget tells one topic, and this is the second".to_string();
                    let help = "subscribe both kinds of receivers to one topic";
                    bad_budget(cx, field.loc, message, help);
                }
                (it, field.loc)
            }
            Recipient::Email(it) => {
                emails += 1;
                if emails == EMAILS + 1 {
                    let message =
                        format!("a budget tells {EMAILS} addresses, and this is one more");
                    bad_budget(
                        cx,
                        field.loc,
                        message,
                        "tell a topic, and subscribe the addresses to it",
                    );
                }
                let Some(text) = it.literal() else { continue };
                (text, it.loc)
            }
        };
        if !text.has_unknown() && !seen.insert(text.to_string()) {
            bad_budget(cx, loc, format!("`{text}` is told twice"), "keep one of them");
        }
        if let (Recipient::Email(_), Some(address)) = (recipient, text.as_literal())
            && let Some(why) = bad_email(&address)
        {
            let message = format!("`{address}` is not an e-mail address: {why}");
            bad_budget(cx, loc, message, "write one such as `finance@example.com`");
        }
    }
}

#[cfg(test)]
#[path = "notify_tests.rs"]
mod tests;
