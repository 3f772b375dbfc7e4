//! Auto Scaling groups and the scaling of services.

use archgen_core::resource::Resource;
use archgen_core::resource::autoscaling::{AutoScalingGroup, ScalableTarget, ScalingPolicy};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn auto_scaling_group(
        &self,
        resource: &Resource,
        it: &AutoScalingGroup,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn scalable_target(
        &self,
        resource: &Resource,
        it: &ScalableTarget,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    pub(super) fn scaling_policy(&self, resource: &Resource, it: &ScalingPolicy, out: &mut Module) {
        let _ = (resource, it, out);
    }
}
