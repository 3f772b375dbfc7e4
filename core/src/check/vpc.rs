//! CIDR checks.
use super::Context;
use crate::declare::Vpc;

/// Checks a VPC's blocks, subnets and zones.
pub fn check(_vpc: &Vpc, _cx: &mut Context<'_>) {}
