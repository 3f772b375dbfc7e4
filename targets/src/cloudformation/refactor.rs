//! The mapping of a stack refactor: the resources that a deployed stack has under other logical IDs.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackRefactor.html>

use std::collections::BTreeMap;

use archgen_core::Checked;
use archgen_core::resource::ResourceGraph;

use super::stacks::{Stacks, stacks};
use super::writer::Writer;

/// The file beside the template: `--resource-mappings` of `aws cloudformation create-stack-refactor`.
pub const STACK_REFACTOR: &str = "stack-refactor.json";

/// The name of the stack unless another is given: `prod-infra-production`.
pub fn stack_name(architecture: &str, environment: &str) -> String {
    let name = format!("{architecture}-{environment}");
    name.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect()
}

/// The mapping of what was renamed, in JSON; none if nothing was.
pub fn stack_refactor(checked: &Checked) -> Option<String> {
    // Most of the time nothing was, and stacks take their time.
    if checked.graph().moved.is_empty() {
        return None;
    }
    stacks(checked).refactor(checked)
}

/// The mapping of a graph.
pub(super) fn mapping(graph: &ResourceGraph, stacks: &Stacks) -> Option<String> {
    let writer = Writer::new(String::new(), graph);
    let ids: Vec<(&str, String, &str)> = graph
        .moved
        .iter()
        // Rules that stand in the list of their group have no logical ID.
        .filter(|it| writer.home(&it.resource) == Some(&it.resource))
        .map(|it| (it.logical_id.as_str(), it.resource.logical_id(), stacks.stack_of(&it.resource)))
        .filter(|(from, to, _)| from != to)
        .collect();
    let at = |id, stack| BTreeMap::from([("LogicalResourceId", id), ("StackName", stack)]);
    let mappings: Vec<BTreeMap<&str, BTreeMap<&str, &str>>> = ids
        .iter()
        .map(|(from, to, stack)| {
            BTreeMap::from([
                ("Source", at(*from, *stack)),
                ("Destination", at(to.as_str(), *stack)),
            ])
        })
        .collect();
    let text = serde_json::to_string_pretty(&mappings).expect("invariant: texts are JSON");
    (!mappings.is_empty()).then(|| text + "\n")
}

#[cfg(test)]
mod tests {
    use super::super::stacks::{AWS, of_graph};
    use super::*;
    use crate::testing;
    use archgen_core::resource::{Moved, ResourceId};

    #[test]
    fn what_was_renamed_is_mapped_and_what_has_no_logical_id_is_not() {
        let mut graph = testing::everything();
        let stacks = |it: &ResourceGraph| {
            of_graph("prod_infra", "production", "prod-infra-production", it, &AWS)
        };
        assert_eq!(mapping(&graph, &stacks(&graph)), None);
        graph.moved = graph
            .resources
            .keys()
            .map(|it| Moved {
                resource: it.clone(),
                logical_id: format!("Old{}", it.logical_id()),
                addresses: Vec::new(),
            })
            .collect();
        let text = mapping(&graph, &stacks(&graph)).expect("a mapping");
        let all: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let all = all.as_array().expect("a list");
        for it in all {
            let (from, to) = (&it["Source"], &it["Destination"]);
            assert_eq!(from["StackName"], "prod-infra-production");
            assert_eq!(to["StackName"], "prod-infra-production");
            let to = to["LogicalResourceId"].as_str().expect("a text");
            assert_eq!(from["LogicalResourceId"], format!("Old{to}"));
        }
        let template = super::super::write_graph("prod_infra", "production", &graph).json();
        let template: serde_json::Value = serde_json::from_str(&template).expect("JSON");
        assert_eq!(template["Resources"].as_object().map(|it| it.len()), Some(all.len()));
        // Nothing moves to where it is.
        let id = ResourceId::new(&["orders", "instance"]);
        let (resource, logical_id) = (id.clone(), id.logical_id());
        graph.moved = vec![Moved { resource, logical_id, addresses: Vec::new() }];
        assert_eq!(mapping(&graph, &stacks(&graph)), None);
    }
}
