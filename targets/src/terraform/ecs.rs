//! ECS clusters, capacity, tasks and services.

use archgen_core::resource::Resource;
use archgen_core::resource::ecs::{
    CapacityProvider, Cluster, ClusterCapacityProviders, Service, TaskDefinition,
};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn cluster(&self, resource: &Resource, it: &Cluster, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn capacity_provider(
        &self,
        resource: &Resource,
        it: &CapacityProvider,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn cluster_capacity_providers(
        &self,
        resource: &Resource,
        it: &ClusterCapacityProviders,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn task_definition(
        &self,
        resource: &Resource,
        it: &TaskDefinition,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn service(&self, resource: &Resource, it: &Service, out: &mut Module) {
        let _ = (resource, it, out);
    }
}
