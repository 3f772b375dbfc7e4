//! Certificates, load balancers, target groups, listeners and rules.

use archgen_core::resource::Resource;
use archgen_core::resource::elb::{Certificate, Listener, ListenerRule, LoadBalancer, TargetGroup};

use super::module::Module;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn certificate(&self, resource: &Resource, it: &Certificate, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn load_balancer(&self, resource: &Resource, it: &LoadBalancer, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn target_group(&self, resource: &Resource, it: &TargetGroup, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn listener(&self, resource: &Resource, it: &Listener, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn listener_rule(&self, resource: &Resource, it: &ListenerRule, out: &mut Module) {
        let _ = (resource, it, out);
    }
}
