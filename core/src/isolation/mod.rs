//! The proof that the tenants of a pool are apart: of the resources, not of what was declared.
//!
//! | Step | Module |
//! |---|---|
//! | what is proved about: resources, references, statements, rules of listeners | [`facts`], `from_graph` |
//! | patterns with wildcards and with values that are not known | [`glob`] |
//! | one pool with who owns what, and what is found out | [`scope`] |
//! | who can connect to whom, by the network engine | `network` |
//! | what IAM lets roles do | [`policy`], `identity` |
//! | secrets, keys, log groups, access points: own, and used by nobody else | `shared` |
//! | tasks, target groups, databases | `compute` |
//! | which requests a tenant gets | `routing` |
//! | how many more tenants there is room for | [`capacity`] |
//! | classes of tenants, and a verdict for each pair of them and layer | [`report`] |
//! | what that rests on | `rests` |
//!
//! Nothing compares tenants in pairs: what refers to a resource, covers an ARN or overlaps a rule is looked up,
//! so that time grows with resources. What is not known is no alarm; the cells that rest on it say so.

pub mod capacity;
mod compute;
pub mod facts;
mod from_graph;
pub mod glob;
mod identity;
mod network;
pub mod policy;
pub mod report;
mod rests;
mod routing;
pub mod scope;
mod shared;

#[cfg(test)]
pub(crate) mod tests;

pub use facts::Facts;
pub use report::{Broken, Cell, Class, PoolReport, Row, Verdict};

use crate::network::{Model, Relation};
use crate::tenant_fields::Layer;
use policy::Policies;
use scope::{Found, Scope};

/// Proves every pool of some facts apart, or says what breaks it. The endpoints of `model` are called as the
/// facts say; without one nothing is said of the network.
pub fn prove(facts: &Facts, model: Option<&Model>) -> Vec<PoolReport> {
    if facts.pools.is_empty() {
        return Vec::new();
    }
    let policies = Policies::new(facts);
    let connects = |layer| facts.pools.iter().flat_map(|it| &it.tenants).any(|it| it.claims(layer));
    let asked = connects(Layer::Network) || connects(Layer::Database);
    let relation = model.filter(|_| asked).map(|it| (it, Relation::new(it)));
    let mut all = Vec::new();
    for pool in &facts.pools {
        let scope = Scope::new(facts, pool);
        let mut found = Found::default();
        compute::find(&scope, &mut found);
        shared::find(&scope, &mut found);
        identity::find(&scope, &policies, &mut found);
        routing::find(&scope, &mut found);
        if let Some((model, relation)) = &relation {
            network::find(&scope, model, relation, &mut found);
        }
        all.push(report::report(&scope, found, relation.is_some()));
    }
    all
}
