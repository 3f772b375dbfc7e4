//! A resource graph as text, for snapshots: no places, stable order.

use std::fmt::Write;

use super::ResourceGraph;

/// Every tag, parameter, resource and output, by name.
pub fn text(graph: &ResourceGraph) -> String {
    let mut all = String::new();
    for (key, value) in &graph.tags {
        let _ = writeln!(all, "tag {key} = {value}");
    }
    for (declaration, tags) in &graph.declaration_tags {
        for (key, value) in tags {
            let _ = writeln!(all, "tag {key} = {value} of `{declaration}`");
        }
    }
    for (resource, tags) in &graph.resource_tags {
        for (key, value) in tags {
            let _ = writeln!(all, "tag {key} = {value} of {resource}");
        }
    }
    if let Some(it) = &graph.terraform {
        let _ = writeln!(all, "{it:#?}");
    }
    for it in graph.parameters.values() {
        let _ = writeln!(all, "parameter {} ({:?}, default {:?})", it.name, it.kind, it.default);
    }
    for it in graph.resources.values() {
        let _ = writeln!(all, "\n{} of `{}`: {:#?}", it.id, it.declaration, it.kind);
        if !it.depends_on.is_empty() {
            let names: Vec<&str> = it.depends_on.iter().map(|it| it.as_str()).collect();
            let _ = writeln!(all, "depends on {}", names.join(", "));
        }
    }
    for it in graph.kubernetes.values() {
        let _ = writeln!(all, "\n{} of `{}`, in Kubernetes: {:#?}", it.id, it.declaration, it.kind);
    }
    all.push('\n');
    for it in graph.outputs.values() {
        let _ = writeln!(all, "output {} = {}", it.name, it.value);
    }
    all
}
