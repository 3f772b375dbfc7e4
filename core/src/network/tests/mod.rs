//! Tests of the engine: the rows of AWS's semantics, an independent oracle, what is not known, texts.

#![allow(clippy::unwrap_used)]

mod algebra;
mod choices;
mod edge;
mod gateways;
mod oracle;
mod outside;
pub(crate) mod random;
mod rows;
mod texts;
pub(crate) mod world;
