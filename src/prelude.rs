//! What an architecture needs: `use archgen::prelude::*;`.

pub use crate::declarations::*;
pub use crate::{Architecture, Contribute, Entry, Environment, Options};
pub use archgen_core::declare::alb::Scheme;
pub use archgen_core::declare::vpc::{Ipv6, Nat, TierRoute};
pub use archgen_core::declare::{Handle, Tier};
pub use archgen_core::resource::ecs::Deployment;
pub use archgen_core::types::{Count, Days, Memory, Number, Percent, Port, Seconds, Storage};
