//! Launch templates.

use archgen_core::resource::Resource;
use archgen_core::resource::ec2::LaunchTemplate;

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn launch_template(
        &self,
        resource: &Resource,
        it: &LaunchTemplate,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }
}
