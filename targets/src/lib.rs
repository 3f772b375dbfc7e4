//! What archgen writes: CloudFormation templates from a checked architecture.
//!
//! A target spells the resources of a [`Checked`](archgen_core::Checked); it decides nothing.
//!
//! **Invariant:** nothing here does I/O. **Invariant:** after a successful check nothing here panics.

use std::collections::BTreeMap;

pub mod cloudformation;
pub mod read;
pub mod terraform;
#[cfg(test)]
mod testing;

/// The files of one target: contents by path, relative to the folder they are written to.
pub type Files = BTreeMap<String, Vec<u8>>;
