//! Keys of AWS Key Management Service.

use super::Ref;
use super::iam::Statement;
use crate::types::Days;
use crate::value::{Text, Value};

/// A symmetric key that encrypts and decrypts.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html>
#[derive(Clone, Debug, PartialEq)]
pub struct KmsKey {
    /// What it encrypts.
    pub description: Text,
    /// Whether AWS makes new key material by itself.
    pub rotation: Value<bool>,
    /// How often; none means every year.
    pub rotation_period: Option<Value<Days>>,
    /// How long it can be had back once it is deleted.
    pub deletion_window: Value<Days>,
    /// Its policy: who administers and uses it.
    pub statements: Vec<Statement>,
}

/// Another name of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct KmsAlias {
    /// The name, with `alias/`.
    pub name: Text,
    /// The key.
    pub key: Ref<KmsKey>,
}
