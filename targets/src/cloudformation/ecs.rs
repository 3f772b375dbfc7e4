//! ECS clusters, capacity, tasks and services.

use archgen_core::resource::ecs::{
    Capacity, CapacityProvider, Cluster, ClusterCapacityProviders, Container, Service,
    ServiceTarget, TaskDefinition, Volume, VolumeSource,
};
use archgen_core::resource::{Attribute, Resource};
use archgen_core::value::Pseudo;

use super::expr::{Expr, Object};
use super::writer::{Writer, choose, name_value, optional, pseudo, text_value, value};

impl Writer<'_> {
    pub(super) fn cluster(&self, resource: &Resource, it: &Cluster) -> Object {
        let insights =
            name_value("containerInsights", choose(&it.container_insights, "enabled", "disabled"));
        Object::new()
            .maybe("ClusterName", self.optional_text(it.name.as_ref()))
            .with("ClusterSettings", vec![insights])
            .with("Tags", self.tags(resource))
    }

    pub(super) fn capacity_provider(&self, resource: &Resource, it: &CapacityProvider) -> Object {
        // ECS can only protect instances in a group that protects its new ones itself.
        let protects = self.get(&it.group).protect_from_scale_in;
        let scaling =
            Object::new().with("Status", "ENABLED").with("TargetCapacity", value(&it.target));
        let group = Object::new()
            .with("AutoScalingGroupArn", self.id(&it.group))
            .with("ManagedScaling", scaling)
            .with("ManagedTerminationProtection", if protects { "ENABLED" } else { "DISABLED" });
        Object::new().with("AutoScalingGroupProvider", group).with("Tags", self.tags(resource))
    }

    fn capacity(&self, it: &Capacity) -> Expr {
        match it {
            Capacity::Fargate => "FARGATE".into(),
            Capacity::FargateSpot => "FARGATE_SPOT".into(),
            Capacity::Instances(it) => self.id(it),
        }
    }

    /// Every way of running tasks gets an equal share of them.
    fn strategy(&self, capacity: &[Capacity]) -> Vec<Expr> {
        let item = |it: &Capacity| {
            Object::new().with("CapacityProvider", self.capacity(it)).with("Weight", 1_u32).into()
        };
        capacity.iter().map(item).collect()
    }

    pub(super) fn cluster_capacity_providers(&self, it: &ClusterCapacityProviders) -> Object {
        let providers: Vec<Expr> = it.providers.iter().map(|it| self.capacity(it)).collect();
        Object::new()
            .with("CapacityProviders", providers)
            .with("Cluster", self.id(&it.cluster))
            .with("DefaultCapacityProviderStrategy", self.strategy(&it.default))
    }

    pub(super) fn task_definition(&self, resource: &Resource, it: &TaskDefinition) -> Object {
        let platform = Object::new()
            .with("CpuArchitecture", it.architecture.as_str())
            .with("OperatingSystemFamily", "LINUX");
        let launch = if it.fargate { "FARGATE" } else { "EC2" };
        Object::new()
            .with("ContainerDefinitions", vec![self.container(&it.container, &it.volumes)])
            .with("Cpu", text_value(&it.cpu))
            .with("ExecutionRoleArn", self.arn(&it.execution_role))
            .with("Family", self.text(&it.family))
            .with("Memory", text_value(&it.memory))
            .with("NetworkMode", "awsvpc")
            .with("RequiresCompatibilities", vec![Expr::from(launch)])
            .maybe("RuntimePlatform", it.fargate.then_some(platform))
            .with("Tags", self.tags(resource))
            .with("TaskRoleArn", self.arn(&it.task_role))
            .list("Volumes", it.volumes.iter().map(|it| self.volume(it)).collect())
    }

    fn container(&self, it: &Container, volumes: &[Volume]) -> Expr {
        let environment = it.environment.iter();
        let environment = environment.map(|(name, it)| name_value(name, self.text(it))).collect();
        let secrets = it.secrets.iter().map(|(name, it)| {
            Object::new().with("Name", name.as_str()).with("ValueFrom", self.text(it)).into()
        });
        let mounts = volumes.iter().map(|it| {
            Object::new()
                .with("ContainerPath", value(&it.path))
                .with("ReadOnly", false)
                .with("SourceVolume", it.name.as_str())
                .into()
        });
        let ports = it.port.iter().map(|port| {
            Object::new().with("ContainerPort", value(port)).with("Protocol", "tcp").into()
        });
        let health = it.health_check.as_ref().map(|it| {
            Object::new()
                .with("Command", vec![Expr::from("CMD-SHELL"), self.text(&it.command)])
                .with("Interval", value(&it.interval))
                .with("Retries", value(&it.retries))
                .with("StartPeriod", value(&it.start_period))
                .with("Timeout", value(&it.timeout))
        });
        let options = Object::new()
            .with("awslogs-group", self.id(&it.log_group))
            .with("awslogs-region", pseudo(Pseudo::Region))
            .with("awslogs-stream-prefix", it.name.as_str());
        Object::new()
            .list("Command", self.texts(&it.command))
            .list("Environment", environment)
            .with("Essential", true)
            .maybe("HealthCheck", health)
            .with("Image", self.text(&it.image))
            .with(
                "LogConfiguration",
                Object::new().with("LogDriver", "awslogs").with("Options", options),
            )
            .list("MountPoints", mounts.collect())
            .with("Name", it.name.as_str())
            .list("PortMappings", ports.collect())
            .with("ReadonlyRootFilesystem", value(&it.read_only_root))
            .list("Secrets", secrets.collect())
            .maybe("User", self.optional_text(it.user.as_ref()))
            .into()
    }

    fn volume(&self, it: &Volume) -> Expr {
        let all = Object::new();
        let all = match &it.source {
            VolumeSource::Efs { file_system, access_point } => {
                let authorization = Object::new()
                    .with("AccessPointId", self.id(access_point))
                    .with("IAM", "ENABLED");
                let efs = Object::new()
                    .with("AuthorizationConfig", authorization)
                    .with("FilesystemId", self.id(file_system))
                    .with("TransitEncryption", "ENABLED");
                all.with("EFSVolumeConfiguration", efs)
            }
            VolumeSource::Host(path) => {
                all.with("Host", Object::new().with("SourcePath", path.as_str()))
            }
        };
        all.with("Name", it.name.as_str()).into()
    }

    pub(super) fn service(&self, resource: &Resource, it: &Service) -> Object {
        let container = self.get(&it.task_definition).container.name.as_str();
        let targets = it.load_balancers.iter().map(|it| self.service_target(it, container));
        let registries = it.discovery.iter().map(|it| {
            let arn = self.attribute(it.id(), Attribute::Arn);
            Object::new().with("RegistryArn", arn).into()
        });
        let network = Object::new()
            .with("AssignPublicIp", if it.public_ip { "ENABLED" } else { "DISABLED" })
            .with("SecurityGroups", self.ids(&it.groups))
            .with("Subnets", self.ids(&it.subnets));
        let spread = it.spread_over().map(|field| {
            let spread = Object::new().with("Field", field).with("Type", "spread");
            vec![spread.into()]
        });
        Object::new()
            .list("CapacityProviderStrategy", self.strategy(&it.capacity))
            .with("Cluster", self.id(&it.cluster))
            .with("DeploymentConfiguration", deployment(it))
            .maybe("DesiredCount", optional(it.desired_count.as_ref()))
            .with("EnableECSManagedTags", true)
            .with("EnableExecuteCommand", value(&it.exec))
            .maybe("HealthCheckGracePeriodSeconds", optional(it.grace_period.as_ref()))
            .list("LoadBalancers", targets.collect())
            .with("NetworkConfiguration", Object::new().with("AwsvpcConfiguration", network))
            .list("PlacementStrategies", spread.unwrap_or_default())
            .with("PropagateTags", "SERVICE")
            .maybe("ServiceName", self.optional_text(it.name.as_ref()))
            .list("ServiceRegistries", registries.collect())
            .with("Tags", self.tags(resource))
            .with("TaskDefinition", self.id(&it.task_definition))
    }

    fn service_target(&self, it: &ServiceTarget, container: &str) -> Expr {
        let advanced = it.alternate.as_ref().map(|it| {
            Object::new()
                .with("AlternateTargetGroupArn", self.arn(&it.target_group))
                .with("ProductionListenerRule", self.arn(&it.rule))
                .with("RoleArn", self.arn(&it.role))
        });
        Object::new()
            .maybe("AdvancedConfiguration", advanced)
            .with("ContainerName", container)
            .with("ContainerPort", value(&it.port))
            .with("TargetGroupArn", self.arn(&it.target_group))
            .into()
    }
}

/// How a new version replaces the old one: a deployment that fails is taken back.
fn deployment(it: &Service) -> Object {
    Object::new()
        .maybe("BakeTimeInMinutes", optional(it.bake_minutes().as_ref()))
        .with("DeploymentCircuitBreaker", Object::new().with("Enable", true).with("Rollback", true))
        .with("MaximumPercent", it.maximum)
        .with("MinimumHealthyPercent", value(&it.minimum_healthy))
        .with("Strategy", it.deployment.as_str())
}
