//! Whether the architecture can keep what `objectives!` promises.

use super::Context;

/// Holds every promise against what the declarations can keep.
pub fn check(_cx: &mut Context<'_>) {}
