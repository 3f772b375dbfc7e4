//! ECS clusters, tasks and services.

use super::Ref;
use super::autoscaling::AutoScalingGroup;
use super::cloudwatch::LogGroup;
use super::efs::{AccessPoint, FileSystem};
use super::elb::{ListenerRule, TargetGroup};
use super::iam::Role;
use super::network::{SecurityGroup, Subnet};
use super::service_discovery::DiscoveryService;
use crate::types::{Count, CpuUnits, Memory, Percent, Port, Seconds};
use crate::value::{Text, Value};

/// A cluster of tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Its physical name, if the author gave one.
    pub name: Option<Text>,
    /// Whether Container Insights collects its metrics.
    pub container_insights: Value<bool>,
}

/// EC2 instances that a cluster starts and stops as its tasks need them.
#[derive(Clone, Debug, PartialEq)]
pub struct CapacityProvider {
    /// The instances.
    pub group: Ref<AutoScalingGroup>,
    /// How full the instances shall be.
    pub target: Value<Percent>,
}

/// What runs a cluster's tasks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capacity {
    /// AWS Fargate.
    Fargate,
    /// AWS Fargate on spare capacity: cheaper, and stopped with two minutes' notice.
    FargateSpot,
    /// EC2 instances.
    Instances(Ref<CapacityProvider>),
}

/// Says what runs a cluster's tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterCapacityProviders {
    /// The cluster.
    pub cluster: Ref<Cluster>,
    /// Everything it may use.
    pub providers: Vec<Capacity>,
    /// What it uses unless a service says otherwise.
    pub default: Vec<Capacity>,
}

crate::words! {
    /// The instruction set that a task is built for.
    Architecture: "instruction sets" {
        /// Intel and AMD.
        X86_64 = "X86_64",
        /// AWS Graviton.
        Arm64 = "ARM64",
    }
}

/// What a service's tasks run.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskDefinition {
    /// Its physical name.
    pub family: Text,
    /// Whether it runs on Fargate rather than on instances.
    pub fargate: bool,
    /// CPU of the whole task.
    pub cpu: Value<CpuUnits>,
    /// Memory of the whole task.
    pub memory: Value<Memory>,
    /// The instruction set; Fargate only.
    pub architecture: Architecture,
    /// The role that pulls the image, writes logs and reads secrets.
    pub execution_role: Ref<Role>,
    /// The role of the program itself.
    pub task_role: Ref<Role>,
    /// The one container.
    pub container: Container,
    /// What it stores files on.
    pub volumes: Vec<Volume>,
}

/// A container of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: Text,
    /// The port it listens on.
    pub port: Option<Value<Port>>,
    /// The command that replaces the image's own.
    pub command: Vec<Text>,
    /// Plain environment variables.
    pub environment: Vec<(String, Text)>,
    /// Environment variables with the ARNs their values are read from.
    pub secrets: Vec<(String, Text)>,
    /// Where its output goes.
    pub log_group: Ref<LogGroup>,
    /// The command that tells whether it is healthy.
    pub health_check: Option<ContainerHealthCheck>,
    /// Whether its own file system cannot be written.
    pub read_only_root: Value<bool>,
    /// The user it runs as.
    pub user: Option<Text>,
}

/// How ECS finds out whether a container is healthy.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerHealthCheck {
    /// The shell command; a status other than 0 is unhealthy.
    pub command: Text,
    /// How often.
    pub interval: Value<Seconds>,
    /// How long it may take.
    pub timeout: Value<Seconds>,
    /// How many failures make it unhealthy.
    pub retries: Value<Count>,
    /// How long failures after the start do not count.
    pub start_period: Value<Seconds>,
}

/// What a task stores files on.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Its name in the task.
    pub name: String,
    /// Where the container sees it.
    pub path: Value<String>,
    /// What it is.
    pub source: VolumeSource,
}

/// What a volume is.
#[derive(Clone, Debug, PartialEq)]
pub enum VolumeSource {
    /// A folder of an EFS file system, encrypted on the way.
    Efs {
        /// The file system.
        file_system: Ref<FileSystem>,
        /// The folder and the user.
        access_point: Ref<AccessPoint>,
    },
    /// A folder of the instance; it is lost when the task moves.
    Host(String),
}

crate::words! {
    /// How a new version replaces the old one.
    Deployment: "deployment strategies" {
        /// Task by task.
        Rolling = "ROLLING",
        /// All at once, beside the old version, which is kept until the new one has proved itself.
        BlueGreen = "BLUE_GREEN",
    }
}

/// Keeps a number of tasks running.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its physical name, if the author gave one.
    pub name: Option<Text>,
    /// Its cluster.
    pub cluster: Ref<Cluster>,
    /// What its tasks run.
    pub task_definition: Ref<TaskDefinition>,
    /// How many tasks; none where scaling owns the number, so that a deployment does not set it back.
    pub desired_count: Option<Value<Count>>,
    /// What runs its tasks.
    pub capacity: Vec<Capacity>,
    /// Where its tasks run.
    pub subnets: Vec<Ref<Subnet>>,
    /// The groups on its tasks.
    pub groups: Vec<Ref<SecurityGroup>>,
    /// Whether its tasks get public addresses, without which a public tier leads nowhere; Fargate only.
    pub public_ip: bool,
    /// What sends it requests.
    pub load_balancers: Vec<ServiceTarget>,
    /// The name other services find it by.
    pub discovery: Option<Ref<DiscoveryService>>,
    /// How a new version replaces the old one.
    pub deployment: Deployment,
    /// How long the old version is kept in a blue-green deployment.
    pub bake_time: Value<Seconds>,
    /// The share of tasks that must stay healthy during a deployment.
    pub minimum_healthy: Value<Percent>,
    /// The share of tasks that may run during a deployment; may be more than 100.
    pub maximum: u16,
    /// How long failing health checks of the load balancer do not count after the start.
    pub grace_period: Option<Value<Seconds>>,
    /// Whether a shell can be opened in its tasks.
    pub exec: Value<bool>,
}

impl Service {
    /// What its tasks are spread over; none where Fargate does that by itself.
    pub fn spread_over(&self) -> Option<&'static str> {
        let on_instances = self.capacity.iter().any(|it| matches!(it, Capacity::Instances(_)));
        on_instances.then_some("attribute:ecs.availability-zone")
    }

    /// How many minutes the old version is kept, as ECS takes it. A parameter is given in minutes:
    /// CloudFormation cannot divide.
    pub fn bake_minutes(&self) -> Option<Value<Count>> {
        match self.deployment {
            Deployment::Rolling => None,
            Deployment::BlueGreen => Some(self.bake_time.map_ref(|it| Count(it.0.div_ceil(60)))),
        }
    }
}

/// One way in which a load balancer sends requests to a service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceTarget {
    /// The targets.
    pub target_group: Ref<TargetGroup>,
    /// The container's port.
    pub port: Value<Port>,
    /// What a blue-green deployment switches.
    pub alternate: Option<AlternateTarget>,
}

/// What a blue-green deployment switches.
#[derive(Clone, Debug, PartialEq)]
pub struct AlternateTarget {
    /// The second target group.
    pub target_group: Ref<TargetGroup>,
    /// The rule whose weights are switched.
    pub rule: Ref<ListenerRule>,
    /// The role that may switch them.
    pub role: Ref<Role>,
}
