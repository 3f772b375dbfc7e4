//! Shared file systems.

use super::Ref;
use super::network::{SecurityGroup, Subnet};
use crate::types::{Count, Days};
use crate::value::{Text, Value};

/// An encrypted file system.
#[derive(Clone, Debug, PartialEq)]
pub struct FileSystem {
    /// The ARN of the KMS key; none means AWS's own.
    pub kms_key: Option<Text>,
    /// Whether AWS Backup copies it every day.
    pub backups: Value<bool>,
    /// After how many days without use a file moves to Infrequent Access.
    pub infrequent_access_after: Option<Value<Days>>,
    /// The Region it is replicated to, if any.
    pub replicate_to: Option<Text>,
}

/// The interface of a file system in a subnet.
#[derive(Clone, Debug, PartialEq)]
pub struct MountTarget {
    /// The file system.
    pub file_system: Ref<FileSystem>,
    /// The subnet.
    pub subnet: Ref<Subnet>,
    /// The groups on it.
    pub groups: Vec<Ref<SecurityGroup>>,
}

/// A folder of a file system, entered as a fixed user.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessPoint {
    /// The file system.
    pub file_system: Ref<FileSystem>,
    /// The folder.
    pub path: Value<String>,
    /// The user and group that own it.
    pub user: Value<Count>,
}
