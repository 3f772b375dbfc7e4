//! A failing, a passing and an unknown case for each layer, and random pools against a search pair by pair.

mod cases;
mod lowered;
mod random;
mod scale;
pub(crate) mod world;
