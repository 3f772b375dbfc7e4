//! TODO
use super::Context;
use crate::resource::ResourceGraph;

/// Checks.
pub fn check(_graph: &ResourceGraph, _cx: &mut Context<'_>) {}
