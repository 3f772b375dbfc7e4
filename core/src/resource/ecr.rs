//! Repositories of container images.

use crate::types::{Count, Days};
use crate::value::{Text, Value};

/// A private repository of container images.
#[derive(Clone, Debug, PartialEq)]
pub struct Repository {
    /// Its physical name.
    pub name: Text,
    /// Whether images are scanned when they are pushed.
    pub scan_on_push: Value<bool>,
    /// Whether tags stay with their images.
    pub immutable: Value<bool>,
    /// How many of the newest images are kept; none means all.
    pub keep: Option<Value<Count>>,
    /// How long images without tags are kept.
    pub keep_untagged: Value<Days>,
    /// The ARN of the KMS key; none means keys that ECR manages.
    pub kms_key: Option<Text>,
}
