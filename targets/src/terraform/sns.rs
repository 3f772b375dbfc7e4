//! Topics, their policies and subscriptions.

use archgen_core::resource::Resource;
use archgen_core::resource::sns::{Topic, TopicPolicy, TopicSubscription};

use super::expr::Object;
use super::module::Module;
use super::writer::{Writer, optional};

impl Writer<'_> {
    pub(super) fn topic(&self, resource: &Resource, it: &Topic, out: &mut Module) {
        let name = match &it.name {
            Some(name) => Object::new().with("name", self.text(name)),
            None => Object::new().with("name_prefix", self.name_prefix(resource)),
        };
        let body = name
            .maybe("display_name", optional(it.display_name.as_ref()))
            .maybe("kms_master_key_id", self.optional_text(it.kms_key.as_ref()))
            .with("tags", self.tags(resource));
        let block = self.block(resource, body);
        out.add(match &it.name {
            Some(_) => block,
            None => Self::named_once(block, "name_prefix"),
        });
    }

    pub(super) fn topic_policy(&self, resource: &Resource, it: &TopicPolicy, out: &mut Module) {
        let policy = self.policy(&it.statements);
        let policy = self.document(out, resource, "topic_policy", policy);
        let body = Object::new().with("arn", self.arn(&it.topic)).with("policy", policy);
        out.add(self.block(resource, body));
    }

    pub(super) fn topic_subscription(
        &self,
        resource: &Resource,
        it: &TopicSubscription,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("endpoint", self.text(&it.endpoint))
            .with("protocol", it.protocol.as_str())
            .with("topic_arn", self.arn(&it.topic));
        out.add(self.block(resource, body));
    }
}
