//! The model of archgen: declarations, AWS resources, lowering, checks and diagnostics.
//!
//! Data flows one way:
//!
//! | Step | Module |
//! |---|---|
//! | what the author wrote, untyped, with its places | [`node`] |
//! | read into typed fields, mistakes reported | [`field`], [`types`], [`flow`], [`service_fields`], [`metric_fields`] |
//! | an [`Architecture`] of declarations | [`declare`], [`architecture`] |
//! | what it was when last emitted: what exists keeps its names and places | [`history`] |
//! | lowered into a [`ResourceGraph`](resource::ResourceGraph) | [`lower`], [`resource`] |
//! | the tenants of a pool proved apart | [`isolation`] |
//! | checked: [`Checked`], or [`Diagnostic`]s | [`mod@check`], [`network`], [`diagnostic`], [`codes`] |
//!
//! **Invariant:** nothing here does I/O. **Invariant:** only [`check::check`] makes a [`Checked`].
//! **Invariant:** no order and no name depends on a hash, a clock, an address or a path.

pub mod addresses;
pub mod architecture;
pub mod build;
pub mod charts;
pub mod check;
pub mod codes;
pub mod data_fields;
pub mod declare;
pub mod diagnostic;
pub mod environment;
pub mod field;
mod field_macros;
pub mod flow;
pub mod history;
pub mod isolation;
pub mod loc;
pub mod lower;
pub mod metric_fields;
pub mod network;
pub mod node;
pub mod notify_fields;
mod reference_macros;
pub mod resource;
pub mod service_fields;
pub mod suggest;
pub mod tags;
pub mod tenant_fields;
pub mod tenants;
pub mod types;
pub mod value;

pub use architecture::{Architecture, ArchitectureBuilder, Contribute};
pub use check::{Checked, check};
pub use codes::{Code, Severity};
pub use diagnostic::{Diagnostic, Sink};
pub use environment::Environment;
pub use history::History;
pub use loc::Loc;
