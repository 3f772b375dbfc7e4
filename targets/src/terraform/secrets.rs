//! Secrets.

use archgen_core::resource::Resource;
use archgen_core::resource::secrets::Secret;

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn secret(&self, resource: &Resource, it: &Secret, out: &mut Module) {
        let _ = (resource, it, out);
    }
}
