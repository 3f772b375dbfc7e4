//! Queues and what is put into them: SQS and EventBridge.

use archgen_core::resource::events::EventRule;
use archgen_core::resource::sqs::{Queue, QueuePolicy};
use archgen_core::resource::{Attribute, Resource};

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, description};
use crate::spelling::TARGET_ID;

/// Where the events of a rule go.
const TARGET: &str = "aws_cloudwatch_event_target";

impl Writer<'_> {
    pub(super) fn queue(&self, resource: &Resource, it: &Queue, out: &mut Module) {
        let body = Object::new()
            .with("message_retention_seconds", it.retention.0)
            .with("name", self.text(&it.name))
            .with("sqs_managed_sse_enabled", true)
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn queue_policy(&self, resource: &Resource, it: &QueuePolicy, out: &mut Module) {
        let policy = self.document(out, resource, "", self.policy(&it.statements));
        let body = Object::new().with("policy", policy).with("queue_url", self.id(&it.queue));
        out.add(self.block(resource, body));
    }

    pub(super) fn event_rule(&self, resource: &Resource, it: &EventRule, out: &mut Module) {
        let names = |all: &[&'static str]| all.iter().map(|it| Expr::from(*it)).collect::<Vec<_>>();
        let pattern =
            Object::new().with("detail-type", names(&it.kinds)).with("source", names(&it.sources));
        let pattern = self.document(out, resource, "pattern", pattern.into());
        let body = Object::new()
            .with("description", description(&it.description, 512))
            .with("event_pattern", pattern)
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
        let rule = self.address(&resource.id).attribute("name");
        let target = Object::new()
            .with("arn", self.attribute(it.queue.id(), Attribute::Arn))
            .with("rule", rule)
            .with("target_id", TARGET_ID);
        out.add(self.part(resource, TARGET, target));
    }
}
