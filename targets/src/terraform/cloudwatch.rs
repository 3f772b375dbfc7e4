//! Log groups, alarms and dashboards.

use archgen_core::resource::Resource;
use archgen_core::resource::cloudwatch::{Alarm, Dashboard, LogGroup};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn log_group(&self, resource: &Resource, it: &LogGroup, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn alarm(&self, resource: &Resource, it: &Alarm, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn dashboard(&self, resource: &Resource, it: &Dashboard, out: &mut Module) {
        let _ = (resource, it, out);
    }
}
