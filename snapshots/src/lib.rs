//! Small architectures for what the blueprints do not use: each is one corner of the language, and is
//! checked, written and looked at like a blueprint.

mod addons;
mod asked;
pub mod crowd;
mod dual_stack;
mod edge;
pub mod edits;
mod guarded;
mod intranet;
mod kubernetes;
mod machines;
mod operations;
mod peered;
mod pods;
mod stores;
mod tagged;
mod tenants;

use archgen::Entry;

/// Every case.
pub const CASES: &[Entry] = &[
    addons::ADDONS,
    asked::ASKED,
    dual_stack::DUAL_STACK,
    edge::EDGE,
    guarded::GUARDED,
    intranet::INTRANET,
    kubernetes::KUBERNETES,
    machines::MACHINES,
    operations::OPERATIONS,
    peered::PEERED,
    pods::PODS,
    stores::STORES,
    tagged::TAGGED,
    tenants::TENANTS_POOL,
    tenants::TENANTS_BRIDGE,
    tenants::TENANTS_SILO,
];
