//! Secrets. Their values never appear anywhere.

use crate::types::Count;
use crate::value::{Text, Value};

/// A secret of AWS Secrets Manager.
#[derive(Clone, Debug, PartialEq)]
pub struct Secret {
    /// Its physical name, if the author gave one.
    pub name: Option<Text>,
    /// What it is for.
    pub description: Text,
    /// The user whose password it is: its value is a JSON text with both.
    pub username: Option<Value<String>>,
    /// What else is in that text, by name.
    pub fields: Vec<(String, Text)>,
    /// The length of the value that AWS makes up; the owner replaces it where it must be another.
    pub generate: Value<Count>,
    /// The ARN of the KMS key; none means AWS's own.
    pub kms_key: Option<Text>,
    /// Further Regions that hold a copy.
    pub replica_regions: Vec<Text>,
}
