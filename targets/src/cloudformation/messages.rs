//! Queues and what is put into them: SQS and EventBridge.

use archgen_core::resource::events::EventRule;
use archgen_core::resource::sqs::{Queue, QueuePolicy};
use archgen_core::resource::{Attribute, Resource};

use super::expr::{Expr, Object};
use super::writer::{Writer, description};
use crate::spelling::TARGET_ID;

impl Writer<'_> {
    pub(super) fn queue(&self, resource: &Resource, it: &Queue) -> Object {
        Object::new()
            .with("MessageRetentionPeriod", it.retention.0)
            .with("QueueName", self.text(&it.name))
            .with("SqsManagedSseEnabled", true)
            .with("Tags", self.tags(resource))
    }

    pub(super) fn queue_policy(&self, it: &QueuePolicy) -> Object {
        Object::new()
            .with("PolicyDocument", self.policy(&it.statements))
            .with("Queues", vec![self.id(&it.queue)])
    }

    pub(super) fn event_rule(&self, resource: &Resource, it: &EventRule) -> Object {
        let names = |all: &[&'static str]| all.iter().map(|it| Expr::from(*it)).collect::<Vec<_>>();
        let pattern =
            Object::new().with("detail-type", names(&it.kinds)).with("source", names(&it.sources));
        let target = Object::new()
            .with("Arn", self.attribute(it.queue.id(), Attribute::Arn))
            .with("Id", TARGET_ID);
        Object::new()
            .with("Description", description(&it.description, 512))
            .with("EventPattern", pattern)
            .with("Tags", self.tags(resource))
            .with("Targets", vec![target.into()])
    }
}
