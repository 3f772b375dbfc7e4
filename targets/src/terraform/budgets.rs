//! Budgets.

use archgen_core::resource::Resource;
use archgen_core::resource::budgets::{Budget, CURRENCY};

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, text_value, value};

impl Writer<'_> {
    pub(super) fn budget(&self, resource: &Resource, it: &Budget, out: &mut Module) {
        let costs = (!it.tags.is_empty()).then(|| {
            Object::new().with("name", "TagKeyValue").with("values", self.texts(&it.tags))
        });
        let alerts = it.alerts.iter().map(|(figure, percent)| -> Expr {
            Object::new()
                .with("comparison_operator", "GREATER_THAN")
                .with("notification_type", figure.as_str())
                .list("subscriber_email_addresses", self.texts(&it.emails))
                .list("subscriber_sns_topic_arns", self.texts(&it.topics))
                .with("threshold", value(percent))
                .with("threshold_type", "PERCENTAGE")
                .into()
        });
        let body = Object::new()
            .with("budget_type", "COST")
            .maybe("cost_filter", costs)
            .with("limit_amount", text_value(&it.amount))
            .with("limit_unit", CURRENCY)
            .with("name_prefix", self.name_prefix(resource))
            .list("notification", alerts.collect())
            .with("tags", self.tags(resource))
            .with("time_unit", "MONTHLY");
        out.add(Self::named_once(self.block(resource, body), "name_prefix"));
    }
}
