//! Who can reach whom, exactly as AWS decides it: on a [`ResourceGraph`](crate::resource::ResourceGraph),
//! before anything is deployed.
//!
//! | Step | Module |
//! |---|---|
//! | sets of protocols and ports, certain and possible | [`traffic`] |
//! | ranges of addresses | [`span`] |
//! | one address, as far as it is known | [`address`] |
//! | the network of a graph: subnets, tables, ACLs, groups, endpoints | [`model`], [`group`], [`build`] |
//! | network policies of pods, a second layer of groups | `build_policies` |
//! | the one list of what has network interfaces | `standing` |
//! | transit gateways and their tables | [`transit`] |
//! | the sides of a question, as places with addresses and groups | [`side`] |
//! | what route tables say | `route` |
//! | one connection's way and the way back, hop by hop | [`flow`], [`hop`], `filter` |
//! | the answer for all subnets and addresses | [`reach`] |
//! | chains through load balancers | [`chain`] |
//! | everything that gets through, as classes | [`relation`] |
//! | an answer with what is on the way, as data | [`report`] |
//! | blocks that overlap | [`overlap`] |
//! | paths and fixes in words | [`explain`] |
//!
//! Answers are three-valued. **Invariant:** [`Answer::Yes`] and [`Answer::No`] hold whatever the values
//! that are not known turn out to be.

pub mod address;
pub mod build;
mod build_endpoints;
mod build_policies;
mod build_transit;
pub mod chain;
pub mod explain;
mod filter;
pub mod flow;
pub mod group;
pub mod hop;
pub mod model;
pub mod overlap;
pub mod reach;
pub mod relation;
pub mod report;
mod route;
pub mod side;
pub mod span;
pub(crate) mod standing;
pub mod traffic;
pub mod transit;

#[cfg(test)]
pub(crate) mod tests;

pub use model::Model;
pub use reach::{Answer, Question, Reach, Wanted};
pub use relation::Relation;
pub use report::Explanation;
pub use side::Side;
pub use span::Family;
pub use traffic::{Admitted, TrafficSet};
