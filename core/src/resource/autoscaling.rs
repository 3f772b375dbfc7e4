//! Groups of instances, and services that grow and shrink.

use super::Ref;
use super::cloudwatch::Metric;
use super::ec2::LaunchTemplate;
use super::elb::{LoadBalancer, TargetGroup};
use super::network::Subnet;
use crate::types::{Count, Number, Seconds};
use crate::value::{Text, Value};

/// A group of EC2 instances over several subnets.
#[derive(Clone, Debug, PartialEq)]
pub struct AutoScalingGroup {
    /// How its instances are started.
    pub launch_template: Ref<LaunchTemplate>,
    /// The least number of instances.
    pub minimum: Value<Count>,
    /// The greatest number of instances.
    pub maximum: Value<Count>,
    /// Where they run.
    pub subnets: Vec<Ref<Subnet>>,
    /// Whether ECS protects instances with tasks from being stopped.
    pub protect_from_scale_in: bool,
}

/// The number of tasks of a service, as something that scales.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalableTarget {
    /// The cluster.
    pub cluster: Ref<super::ecs::Cluster>,
    /// The service.
    pub service: Ref<super::ecs::Service>,
    /// The least number of tasks.
    pub minimum: Value<Count>,
    /// The greatest number of tasks.
    pub maximum: Value<Count>,
}

/// What a scaling policy follows.
#[derive(Clone, Debug, PartialEq)]
pub enum ScalingMetric {
    /// The service's CPU in percent of what it reserved.
    Cpu,
    /// The service's memory in percent of what it reserved.
    Memory,
    /// Requests a minute to each of its targets.
    RequestsPerTarget {
        /// The load balancer.
        load_balancer: Ref<LoadBalancer>,
        /// The target group.
        target_group: Ref<TargetGroup>,
    },
    /// Any metric.
    Custom(Metric),
}

impl ScalingMetric {
    /// AWS's name of the metric, if it is one that AWS defines.
    pub const fn predefined(&self) -> Option<&'static str> {
        match self {
            ScalingMetric::Cpu => Some("ECSServiceAverageCPUUtilization"),
            ScalingMetric::Memory => Some("ECSServiceAverageMemoryUtilization"),
            ScalingMetric::RequestsPerTarget { .. } => Some("ALBRequestCountPerTarget"),
            ScalingMetric::Custom(_) => None,
        }
    }
}

/// Keeps a metric near a value by changing the number of tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalingPolicy {
    /// Its physical name.
    pub name: Text,
    /// What it scales.
    pub target: Ref<ScalableTarget>,
    /// What it follows.
    pub metric: ScalingMetric,
    /// The value to keep to.
    pub value: Value<Number>,
    /// How long to wait after adding tasks.
    pub scale_out_cooldown: Value<Seconds>,
    /// How long to wait after removing tasks.
    pub scale_in_cooldown: Value<Seconds>,
}
