//! Topics, their policies and subscriptions.

use archgen_core::resource::Resource;
use archgen_core::resource::sns::{Topic, TopicPolicy, TopicSubscription};

use super::expr::Object;
use super::writer::{Writer, optional};

impl Writer<'_> {
    pub(super) fn topic(&self, resource: &Resource, it: &Topic) -> Object {
        Object::new()
            .maybe("DisplayName", optional(it.display_name.as_ref()))
            .maybe("KmsMasterKeyId", self.optional_text(it.kms_key.as_ref()))
            .with("Tags", self.tags(resource))
            .maybe("TopicName", self.optional_text(it.name.as_ref()))
    }

    pub(super) fn topic_policy(&self, it: &TopicPolicy) -> Object {
        Object::new()
            .with("PolicyDocument", self.policy(&it.statements))
            .with("Topics", vec![self.arn(&it.topic)])
    }

    pub(super) fn topic_subscription(&self, it: &TopicSubscription) -> Object {
        Object::new()
            .with("Endpoint", self.text(&it.endpoint))
            .with("Protocol", it.protocol.as_str())
            .with("TopicArn", self.arn(&it.topic))
    }
}
