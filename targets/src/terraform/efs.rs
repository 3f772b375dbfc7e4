//! File systems.

use archgen_core::resource::Resource;
use archgen_core::resource::efs::{AccessPoint, FileSystem, MountTarget};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn file_system(&self, resource: &Resource, it: &FileSystem, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn mount_target(&self, resource: &Resource, it: &MountTarget, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn access_point(&self, resource: &Resource, it: &AccessPoint, out: &mut Module) {
        let _ = (resource, it, out);
    }
}
