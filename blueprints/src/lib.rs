//! Complete architectures, written as a platform team would write them.
//!
//! Each module reads like the architecture's own description; beside it, its tests hold the mistakes
//! of that description and what archgen says about them.

pub mod aivo;
pub mod kinexus;
pub mod prod_infra;
pub mod seiketsu;

use archgen::Entry;

/// Every architecture here, for the command line.
pub const ARCHITECTURES: &[Entry] =
    &[aivo::AIVO, kinexus::KINEXUS, prod_infra::PROD_INFRA, seiketsu::SEIKETSU];
