//! How many more tenants CloudFormation takes: in the one template, or in stacks.

use std::collections::BTreeSet;

use archgen_core::isolation::capacity::Room;
use archgen_core::resource::tenancy::Tenancy;

use super::limits::{AWS, STACKS};
use super::split::size;
use super::{Stack, Stacks};

const PAGE: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html";

impl Stacks {
    /// What a pool takes of the template, until there are several stacks, or else of the stacks of an account in a
    /// Region; in no order, nothing included.
    pub fn room(&self, pool: &Tenancy) -> Vec<Room> {
        let own: BTreeSet<String> =
            pool.tenants.values().flat_map(|it| &it.resources).map(|it| it.logical_id()).collect();
        let of_tenants = |it: &&Stack| it.template.resources.keys().any(|id| own.contains(id));
        let room = |what: &str, used: usize, by_tenants: usize, limit: usize| Room {
            what: what.to_string(),
            used: used as u64,
            by_tenants: by_tenants as u64,
            limit: limit as u64,
            tenants: pool.tenants.len() as u64,
            source: PAGE,
        };
        match self.all.as_slice() {
            [stack] => {
                let resources = &stack.template.resources;
                let tenants = || resources.iter().filter(|it| own.contains(it.0));
                let bytes = tenants().map(|(id, it)| size(id, it)).sum();
                let until = "of the template, before there are several stacks";
                vec![
                    room(
                        &format!("resources {until}"),
                        resources.len(),
                        tenants().count(),
                        AWS.resources,
                    ),
                    room(&format!("bytes {until}"), stack.json.len(), bytes, AWS.bytes),
                ]
            }
            stacks => {
                let tenants = stacks.iter().filter(of_tenants).count();
                vec![room("CloudFormation stacks in the Region", stacks.len(), tenants, STACKS)]
            }
        }
    }
}
