//! How Terraform is set up: no resource, but a part of what is written for it.

use crate::value::Value;

/// Where Terraform keeps its state, and where it may work. What is left out is given when Terraform runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TerraformSettings {
    /// The Region.
    pub region: Option<Value<String>>,
    /// The accounts it may work in; empty means any.
    pub allowed_account_ids: Vec<Value<String>>,
    /// The bucket that holds the state.
    pub state_bucket: Option<Value<String>>,
    /// The name of the state in that bucket.
    pub state_key: Option<Value<String>>,
    /// The Region of that bucket.
    pub state_region: Option<Value<String>>,
    /// A DynamoDB table that locks the state, besides the lock file in the bucket.
    pub lock_table: Option<Value<String>>,
    /// The versions of Terraform that may be used.
    pub required_version: Option<Value<String>>,
}
