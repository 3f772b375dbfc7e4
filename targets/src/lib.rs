//! What archgen writes: CloudFormation templates and Terraform modules from a checked architecture.
//!
//! A target spells the resources of a [`Checked`](archgen_core::Checked); it decides nothing.
//!
//! **Invariant:** nothing here does I/O. **Invariant:** after a successful check nothing here panics.

use std::collections::BTreeMap;

pub mod capabilities;
pub mod cloudformation;
mod ec2;
pub mod helm;
mod parameter;
pub mod read;
mod spelling;
pub mod terraform;
#[cfg(test)]
mod testing;

/// The files of one target: contents by path, relative to the folder they are written to.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What an architecture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// An AWS CloudFormation template.
    CloudFormation,
    /// A Terraform root module.
    Terraform,
    /// A Helm chart, for all environments.
    Helm,
}

impl Target {
    /// Every target.
    pub const ALL: &'static [Target] = &[Target::CloudFormation, Target::Terraform, Target::Helm];

    /// Its name on the command line and in paths.
    pub const fn as_str(self) -> &'static str {
        match self {
            Target::CloudFormation => "cloudformation",
            Target::Terraform => "terraform",
            Target::Helm => "helm",
        }
    }

    /// Its name in sentences.
    pub const fn title(self) -> &'static str {
        match self {
            Target::CloudFormation => "CloudFormation",
            Target::Terraform => "Terraform",
            Target::Helm => "Helm",
        }
    }
}
