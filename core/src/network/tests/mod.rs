//! Tests of the engine: the rows of AWS's semantics, an independent oracle, what is not known, texts.

mod algebra;
mod oracle;
mod random;
mod rows;
mod texts;
pub(crate) mod world;
