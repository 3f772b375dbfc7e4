//! Groups of instances, and services that grow and shrink.

use archgen_core::resource::autoscaling::{
    AutoScalingGroup, ScalableTarget, ScalingMetric, ScalingPolicy,
};
use archgen_core::resource::{Attribute, Resource};

use super::expr::{Expr, Object};
use super::writer::{Writer, text_value, value};

impl Writer<'_> {
    pub(super) fn auto_scaling_group(&self, resource: &Resource, it: &AutoScalingGroup) -> Object {
        let template = it.launch_template.id();
        let launch_template = Object::new()
            .with("LaunchTemplateId", self.id(&it.launch_template))
            .with("Version", self.attribute(template, Attribute::LatestVersion));
        Object::new()
            .with("LaunchTemplate", launch_template)
            .with("MaxSize", text_value(&it.maximum))
            .with("MinSize", text_value(&it.minimum))
            .with("NewInstancesProtectedFromScaleIn", it.protect_from_scale_in)
            .with("Tags", self.propagated_tags(resource))
            .with("VPCZoneIdentifier", self.ids(&it.subnets))
    }

    pub(super) fn scalable_target(&self, it: &ScalableTarget) -> Object {
        let service = Expr::concat([
            Expr::from("service/"),
            self.id(&it.cluster),
            Expr::from("/"),
            self.attribute(it.service.id(), Attribute::Name),
        ]);
        Object::new()
            .with("MaxCapacity", value(&it.maximum))
            .with("MinCapacity", value(&it.minimum))
            .with("ResourceId", service)
            .with("ScalableDimension", "ecs:service:DesiredCount")
            .with("ServiceNamespace", "ecs")
    }

    pub(super) fn scaling_policy(&self, it: &ScalingPolicy) -> Object {
        let predefined = it.metric.predefined();
        let predefined = Object::new().maybe("PredefinedMetricType", predefined);
        let tracking = match &it.metric {
            ScalingMetric::Cpu | ScalingMetric::Memory => {
                Object::new().with("PredefinedMetricSpecification", predefined)
            }
            ScalingMetric::RequestsPerTarget { load_balancer, target_group } => {
                let label = Expr::concat([
                    self.attribute(load_balancer.id(), Attribute::FullName),
                    Expr::from("/"),
                    self.attribute(target_group.id(), Attribute::FullName),
                ]);
                let predefined = predefined.with("ResourceLabel", label);
                Object::new().with("PredefinedMetricSpecification", predefined)
            }
            ScalingMetric::Custom(metric) => {
                Object::new().with("CustomizedMetricSpecification", self.scaling_metric(metric))
            }
        };
        let tracking = tracking
            .with("ScaleInCooldown", value(&it.scale_in_cooldown))
            .with("ScaleOutCooldown", value(&it.scale_out_cooldown))
            .with("TargetValue", value(&it.value));
        Object::new()
            .with("PolicyName", self.text(&it.name))
            .with("PolicyType", "TargetTrackingScaling")
            .with("ScalingTargetId", self.id(&it.target))
            .with("TargetTrackingScalingPolicyConfiguration", tracking)
    }
}
