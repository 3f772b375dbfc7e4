//! VPCs.
use super::Lower;
use crate::declare::Vpc;

/// Lowers a VPC.
pub fn lower_vpc(_vpc: &Vpc, _cx: &mut Lower<'_>) {}
