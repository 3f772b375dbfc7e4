//! Rules of EventBridge.

use super::Ref;
use super::sqs::Queue;

/// Puts events of AWS services into a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRule {
    /// What it is for.
    pub description: String,
    /// The services that the events come from, such as `aws.ec2`.
    pub sources: Vec<&'static str>,
    /// The kinds of events.
    pub kinds: Vec<&'static str>,
    /// Where they go.
    pub queue: Ref<Queue>,
}
