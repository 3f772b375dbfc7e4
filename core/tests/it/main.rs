//! archgen-core from outside: what its checks say, where its planner puts subnets, and what must not
//! depend on order.

mod addresses;
mod common;
mod declarations;
mod fields;
mod flows;
mod names;
mod order;
mod vpc;
