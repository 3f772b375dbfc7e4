//! Topics, who may publish to them and where their messages go.

use super::Ref;
use super::iam::Statement;
use crate::notify_fields::DeliveryProtocol;
use crate::value::{Text, Value};

/// A topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// Its physical name, if the author gave one.
    pub name: Option<Text>,
    /// The sender's name in e-mails.
    pub display_name: Option<Value<String>>,
    /// The ARN of the KMS key; none means that messages are not encrypted where they wait.
    pub kms_key: Option<Text>,
}

/// Who may publish to a topic.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicPolicy {
    /// The topic.
    pub topic: Ref<Topic>,
    /// The statements.
    pub statements: Vec<Statement>,
}

/// Where a topic's messages go.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicSubscription {
    /// The topic.
    pub topic: Ref<Topic>,
    /// How.
    pub protocol: DeliveryProtocol,
    /// The address.
    pub endpoint: Text,
}
