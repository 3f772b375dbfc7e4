//! One name for the same thing in an architecture and in its template: the logical ID of a resource, and
//! the declaration of what has interfaces.

use std::collections::BTreeMap;

use archgen_core::network::Model;
use archgen_core::network::build::{control_plane_name, endpoint_name};
use archgen_core::resource::network::EndpointKind;
use archgen_core::resource::{EksCluster, Ref, ResourceGraph, ResourceId, VpcEndpoint};

/// The names of an architecture by those of its template.
pub(super) struct Names {
    /// Endpoints of the network by logical ID.
    endpoints: BTreeMap<String, String>,
}

impl Names {
    /// The names of an architecture.
    pub fn new(graph: &ResourceGraph, model: &Model) -> Names {
        let mut endpoints: BTreeMap<String, String> = graph
            .resources
            .values()
            .map(|it| (it.id.logical_id(), it.declaration.clone()))
            .collect();
        for (id, resource, it) in graph.all::<VpcEndpoint>() {
            if let EndpointKind::Interface { .. } = it.kind {
                // What is declared with its VPC is called by its service.
                let own = endpoint_name(&resource.declaration, it.service);
                if model.endpoint(&own).is_some() {
                    endpoints.insert(id.id().logical_id(), own);
                }
            }
        }
        for (id, resource, _) in graph.all::<EksCluster>() {
            endpoints.insert(id.id().logical_id(), control_plane_name(&resource.declaration));
        }
        Names { endpoints }
    }

    /// The endpoint with a name of the architecture or of the template.
    pub fn endpoint(&self, name: &str) -> String {
        self.endpoints.get(name).cloned().unwrap_or_else(|| name.to_string())
    }

    /// The logical ID of a resource, and the declaration that it comes from.
    pub fn resource(&self, id: &ResourceId) -> String {
        let id = id.logical_id();
        match self.endpoints.get(&id) {
            Some(it) => format!("`{id}` of `{it}`"),
            None => format!("`{id}`"),
        }
    }
}

/// The logical ID behind a reference.
pub(super) fn id<K>(reference: &Ref<K>) -> String {
    reference.id().logical_id()
}

/// The logical IDs behind references, sorted; each as often as it is there.
pub(super) fn ids<K>(references: &[Ref<K>]) -> String {
    let mut all: Vec<String> = references.iter().map(id).collect();
    all.sort();
    all.join(", ")
}
