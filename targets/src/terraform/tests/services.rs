//! Load balancers, certificates, clusters, services, scaling, instances, roles and private DNS.

use archgen_core::resource::ResourceGraph;
use serde_json::Value;

use super::super::write_graph;
use crate::Files;

/// Changes a resource of a graph.
macro_rules! change {
    ($graph:ident, $id:literal, $kind:ident, |$it:ident| $change:expr) => {
        let resource = $graph.resources.get_mut(&ResourceId::new(&[$id])).expect($id);
        let ResourceKind::$kind($it) = &mut resource.kind else { panic!($id) };
        $change;
    };
}

mod balancers;
mod ecs;
mod instances;
mod kubernetes;

fn files(graph: &ResourceGraph) -> Files {
    write_graph("shop", "production", graph).files()
}

/// A local value of a module.
fn local(files: &Files, name: &str) -> Value {
    let text = &files["services.tf.json"];
    let file: Value = serde_json::from_slice(text).expect("is JSON");
    file["locals"][name].clone()
}
