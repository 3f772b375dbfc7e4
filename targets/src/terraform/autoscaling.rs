//! Auto Scaling groups and the scaling of services.

use archgen_core::resource::autoscaling::{
    AutoScalingGroup, ScalableTarget, ScalingMetric, ScalingPolicy,
};
use archgen_core::resource::cloudwatch::Metric;
use archgen_core::resource::{Attribute, CapacityProvider, Resource};

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, value};

/// The tag that ECS puts on a group that it scales; a group without it would lose it with every plan.
const MANAGED_TAG: &str = "AmazonECSManaged";

impl Writer<'_> {
    pub(super) fn auto_scaling_group(
        &self,
        resource: &Resource,
        it: &AutoScalingGroup,
        out: &mut Module,
    ) {
        let launch_template = Object::new()
            .with("id", self.id(&it.launch_template))
            .with("version", self.attribute(it.launch_template.id(), Attribute::LatestVersion));
        let is_managed =
            self.graph.all::<CapacityProvider>().any(|(_, _, it)| it.group.id() == &resource.id);
        let mut tags = self.all_tags(resource);
        if is_managed {
            tags = tags.with(MANAGED_TAG, "true");
        }
        // `default_tags` reach neither the group nor its instances.
        let tags: Vec<Expr> = tags
            .sorted()
            .0
            .into_iter()
            .map(|(key, value)| {
                Object::new()
                    .with("key", key.as_ref())
                    .with("propagate_at_launch", true)
                    .with("value", value)
                    .into()
            })
            .collect();
        let body = Object::new()
            .with("launch_template", launch_template)
            .with("max_size", value(&it.maximum))
            .with("min_size", value(&it.minimum))
            .with("protect_from_scale_in", it.protect_from_scale_in)
            .with("tag", tags)
            .with("vpc_zone_identifier", self.ids(&it.subnets));
        let mut block = self.block(resource, body);
        if is_managed {
            block.lifecycle.ignore_changes.push("desired_capacity");
        }
        out.add(block);
    }

    /// The tags of a resource with those of the architecture, where the provider adds them not by itself.
    pub(super) fn all_tags(&self, resource: &Resource) -> Object {
        let own = self.tags(resource);
        let shared = self.graph.tags.iter().filter(|(key, _)| own.get(key).is_none());
        let shared =
            shared.fold(Object::new(), |all, (key, value)| all.with(key.clone(), value.as_str()));
        own.0.into_iter().fold(shared, |all, (key, value)| all.with(key, value)).sorted()
    }

    pub(super) fn scalable_target(
        &self,
        resource: &Resource,
        it: &ScalableTarget,
        out: &mut Module,
    ) {
        let service = Expr::concat([
            Expr::from("service/"),
            self.name(&it.cluster),
            Expr::from("/"),
            self.name(&it.service),
        ]);
        let body = Object::new()
            .with("max_capacity", value(&it.maximum))
            .with("min_capacity", value(&it.minimum))
            .with("resource_id", service)
            .with("scalable_dimension", "ecs:service:DesiredCount")
            .with("service_namespace", "ecs");
        out.add(self.block(resource, body));
    }

    pub(super) fn scaling_policy(&self, resource: &Resource, it: &ScalingPolicy, out: &mut Module) {
        let predefined = Object::new().maybe("predefined_metric_type", it.metric.predefined());
        let tracking = match &it.metric {
            ScalingMetric::Cpu | ScalingMetric::Memory => {
                Object::new().with("predefined_metric_specification", predefined)
            }
            ScalingMetric::RequestsPerTarget { load_balancer, target_group } => {
                let label = Expr::concat([
                    self.attribute(load_balancer.id(), Attribute::FullName),
                    Expr::from("/"),
                    self.attribute(target_group.id(), Attribute::FullName),
                ]);
                let predefined = predefined.with("resource_label", label);
                Object::new().with("predefined_metric_specification", predefined)
            }
            ScalingMetric::Custom(metric) => {
                Object::new().with("customized_metric_specification", self.scaling_metric(metric))
            }
        };
        let tracking = tracking
            .with("scale_in_cooldown", value(&it.scale_in_cooldown))
            .with("scale_out_cooldown", value(&it.scale_out_cooldown))
            .with("target_value", value(&it.value));
        let target = self.address(it.target.id());
        let body = Object::new()
            .with("name", self.text(&it.name))
            .with("policy_type", "TargetTrackingScaling")
            .with("resource_id", target.attribute("resource_id"))
            .with("scalable_dimension", target.attribute("scalable_dimension"))
            .with("service_namespace", target.attribute("service_namespace"))
            .with("target_tracking_scaling_policy_configuration", tracking);
        out.add(self.block(resource, body));
    }

    /// A metric that a service scales on. Percentiles can only be given as a query.
    fn scaling_metric(&self, metric: &Metric) -> Object {
        let dimensions = metric.dimensions.iter().map(|(name, it)| {
            Object::new().with("name", name.as_str()).with("value", self.text(it)).into()
        });
        let what = Object::new()
            .list("dimensions", dimensions.collect())
            .with("metric_name", self.text(&metric.name))
            .with("namespace", self.text(&metric.namespace));
        if metric.statistic.is_percentile() {
            let stat = Object::new().with("metric", what).with("stat", metric.statistic.as_str());
            let query = Object::new()
                .with("id", "metric")
                .with("metric_stat", stat)
                .with("return_data", true);
            Object::new().with("metrics", vec![query.into()])
        } else {
            what.with("statistic", metric.statistic.as_str())
        }
    }
}
