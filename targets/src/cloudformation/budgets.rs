//! Budgets.

use archgen_core::resource::Resource;
use archgen_core::resource::budgets::{Budget, CURRENCY};

use super::expr::{Expr, Object};
use super::writer::{Writer, value};

impl Writer<'_> {
    pub(super) fn budget(&self, resource: &Resource, it: &Budget) -> Object {
        let limit = Object::new().with("Amount", value(&it.amount)).with("Unit", CURRENCY);
        let costs =
            (!it.tags.is_empty()).then(|| Object::new().with("TagKeyValue", self.texts(&it.tags)));
        // It has no name: other alerts are another budget, which AWS makes before it deletes this one.
        let data = Object::new()
            .with("BudgetLimit", limit)
            .with("BudgetType", "COST")
            .maybe("CostFilters", costs)
            .with("TimeUnit", "MONTHLY");
        let alerts = it.alerts.iter().map(|(figure, percent)| {
            let alert = Object::new()
                .with("ComparisonOperator", "GREATER_THAN")
                .with("NotificationType", figure.as_str())
                .with("Threshold", value(percent))
                .with("ThresholdType", "PERCENTAGE");
            Object::new()
                .with("Notification", alert)
                .with("Subscribers", self.subscribers(it))
                .into()
        });
        Object::new()
            .with("Budget", data)
            .list("NotificationsWithSubscribers", alerts.collect())
            .with("ResourceTags", self.tags(resource))
    }

    /// Who is told.
    fn subscribers(&self, it: &Budget) -> Vec<Expr> {
        let one = |kind: &str, address| -> Expr {
            Object::new().with("Address", address).with("SubscriptionType", kind).into()
        };
        let topics = it.topics.iter().map(|it| one("SNS", self.text(it)));
        topics.chain(it.emails.iter().map(|it| one("EMAIL", self.text(it)))).collect()
    }
}
