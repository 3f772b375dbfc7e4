//! Queues.

use super::Ref;
use super::iam::Statement;
use crate::types::Seconds;
use crate::value::Text;

/// A queue, encrypted with a key that SQS manages.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// Its physical name.
    pub name: Text,
    /// How long messages are kept that nobody reads.
    pub retention: Seconds,
}

/// What others may do with a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuePolicy {
    /// The queue.
    pub queue: Ref<Queue>,
    /// The statements.
    pub statements: Vec<Statement>,
}
