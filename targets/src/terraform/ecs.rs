//! ECS clusters, capacity, tasks and services.

use archgen_core::resource::autoscaling::ScalableTarget;
use archgen_core::resource::ecs::{
    Capacity, CapacityProvider, Cluster, ClusterCapacityProviders, Container, Service,
    ServiceTarget, TaskDefinition, Volume, VolumeSource,
};
use archgen_core::resource::{Attribute, Ref, Resource, Role};
use archgen_core::value::{Part, Pseudo, Text, Value};

use super::expr::{Expr, Object};
use super::module::{Block, Module};
use super::writer::{Spell, Writer, choose, optional, pseudo, text_value, value, variable};

/// What names of capacity providers do not start with.
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html>
const RESERVED: [&str; 3] = ["aws", "ecs", "fargate"];

impl Writer<'_> {
    pub(super) fn cluster(&self, resource: &Resource, it: &Cluster, out: &mut Module) {
        let insights = Object::new()
            .with("name", "containerInsights")
            .with("value", choose(&it.container_insights, "enabled", "disabled"));
        let body =
            Object::new().with("setting", vec![insights.into()]).with("tags", self.tags(resource));
        out.add(self.named(resource, it.name.as_ref(), body));
    }

    /// A block of a type that must have a name. One that the author did not give is given once: like the
    /// names that AWS makes up, it stays when the declaration is renamed.
    fn named(&self, resource: &Resource, name: Option<&Text>, body: Object) -> Block {
        let made_up = || Expr::from(self.physical_name(resource));
        let body = body.with("name", self.optional_text(name).unwrap_or_else(made_up));
        let mut block = self.block(resource, body);
        if name.is_none() {
            block.lifecycle.ignore_changes.push("name");
        }
        block
    }

    pub(super) fn capacity_provider(
        &self,
        resource: &Resource,
        it: &CapacityProvider,
        out: &mut Module,
    ) {
        // ECS can only protect instances in a group that protects its new ones itself.
        let protects = self.get(&it.group).protect_from_scale_in;
        let scaling =
            Object::new().with("status", "ENABLED").with("target_capacity", value(&it.target));
        let group = Object::new()
            .with("auto_scaling_group_arn", self.arn(&it.group))
            .with("managed_scaling", scaling)
            .with("managed_termination_protection", if protects { "ENABLED" } else { "DISABLED" });
        let name = self.physical_name(resource);
        let is_reserved = RESERVED.iter().any(|it| name.to_ascii_lowercase().starts_with(it));
        let name = Text::literal(if is_reserved { format!("capacity-{name}") } else { name });
        let body = Object::new()
            .with("auto_scaling_group_provider", group)
            .with("tags", self.tags(resource));
        let mut block = self.named(resource, Some(&name), body);
        block.lifecycle.ignore_changes.push("name");
        out.add(block);
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
            Object::new().with("capacity_provider", self.capacity(it)).with("weight", 1_u32).into()
        };
        capacity.iter().map(item).collect()
    }

    pub(super) fn cluster_capacity_providers(
        &self,
        resource: &Resource,
        it: &ClusterCapacityProviders,
        out: &mut Module,
    ) {
        let providers: Vec<Expr> = it.providers.iter().map(|it| self.capacity(it)).collect();
        let body = Object::new()
            .with("capacity_providers", providers)
            .with("cluster_name", self.name(&it.cluster))
            .list("default_capacity_provider_strategy", self.strategy(&it.default));
        out.add(self.block(resource, body));
    }

    pub(super) fn task_definition(
        &self,
        resource: &Resource,
        it: &TaskDefinition,
        out: &mut Module,
    ) {
        let containers = Expr::List(vec![self.container(&it.container, &it.volumes)]);
        let containers = self.document(out, resource, "containers", containers);
        let platform = Object::new()
            .with("cpu_architecture", it.architecture.as_str())
            .with("operating_system_family", "LINUX");
        let launch = if it.fargate { "FARGATE" } else { "EC2" };
        let body = Object::new()
            .with("container_definitions", containers)
            .with("cpu", text_value(&it.cpu))
            .with("execution_role_arn", self.arn(&it.execution_role))
            .with("family", self.text(&it.family))
            .with("memory", text_value(&it.memory))
            .with("network_mode", "awsvpc")
            .with("requires_compatibilities", vec![Expr::from(launch)])
            .maybe("runtime_platform", it.fargate.then_some(platform))
            .with("tags", self.tags(resource))
            .with("task_role_arn", self.arn(&it.task_role))
            .list("volume", it.volumes.iter().map(|it| self.volume(it)).collect());
        let block = self.block(resource, body);
        out.add(self.waits_for_permissions(block, &[&it.execution_role, &it.task_role]));
    }

    fn container(&self, it: &Container, volumes: &[Volume]) -> Expr {
        let environment = it.environment.iter().map(|(name, it)| {
            Object::new().with("name", name.as_str()).with("value", self.json_text(it)).into()
        });
        let secrets = it.secrets.iter().map(|(name, it)| {
            Object::new().with("name", name.as_str()).with("valueFrom", self.json_text(it)).into()
        });
        let mounts = volumes.iter().map(|it| {
            Object::new()
                .with("containerPath", value(&it.path))
                .with("readOnly", false)
                .with("sourceVolume", it.name.as_str())
                .into()
        });
        let ports = it.port.iter().map(|port| {
            Object::new().with("containerPort", json_number(port)).with("protocol", "tcp").into()
        });
        let health = it.health_check.as_ref().map(|it| {
            Object::new()
                .with("command", vec![Expr::from("CMD-SHELL"), self.json_text(&it.command)])
                .with("interval", json_number(&it.interval))
                .with("retries", json_number(&it.retries))
                .with("startPeriod", json_number(&it.start_period))
                .with("timeout", json_number(&it.timeout))
        });
        let options = Object::new()
            .with("awslogs-group", self.id(&it.log_group))
            .with("awslogs-region", pseudo(Pseudo::Region))
            .with("awslogs-stream-prefix", it.name.as_str());
        Object::new()
            .list("command", it.command.iter().map(|it| self.json_text(it)).collect())
            .list("environment", environment.collect())
            .with("essential", true)
            .maybe("healthCheck", health)
            .with("image", self.json_text(&it.image))
            .with(
                "logConfiguration",
                Object::new().with("logDriver", "awslogs").with("options", options),
            )
            .list("mountPoints", mounts.collect())
            .with("name", it.name.as_str())
            .list("portMappings", ports.collect())
            .with("readonlyRootFilesystem", choose(&it.read_only_root, true, false))
            .list("secrets", secrets.collect())
            .maybe("user", it.user.as_ref().map(|it| self.json_text(it)))
            .into()
    }

    /// Text in a JSON document, where ECS takes no number for it: a port, or a variable that holds one.
    fn json_text(&self, it: &Text) -> Expr {
        let text = self.text(it);
        if let [Part::Parameter(_) | Part::Attribute(_, Attribute::EndpointPort)] = it.0.as_slice()
        {
            Expr::call("tostring", [text])
        } else {
            text
        }
    }

    fn volume(&self, it: &Volume) -> Expr {
        let all = Object::new();
        let all = match &it.source {
            VolumeSource::Efs { file_system, access_point } => {
                let authorization = Object::new()
                    .with("access_point_id", self.id(access_point))
                    .with("iam", "ENABLED");
                let efs = Object::new()
                    .with("authorization_config", authorization)
                    .with("file_system_id", self.id(file_system))
                    .with("transit_encryption", "ENABLED");
                all.with("efs_volume_configuration", efs)
            }
            VolumeSource::Host(path) => all.with("host_path", path.as_str()),
        };
        all.with("name", it.name.as_str()).into()
    }

    pub(super) fn service(&self, resource: &Resource, it: &Service, out: &mut Module) {
        let container = self.get(&it.task_definition).container.name.as_str();
        let targets = it.load_balancers.iter().map(|it| self.service_target(it, container));
        let registries =
            it.discovery.iter().map(|it| Object::new().with("registry_arn", self.arn(it)).into());
        let network = Object::new()
            .with("assign_public_ip", it.public_ip)
            .with("security_groups", self.ids(&it.groups))
            .with("subnets", self.ids(&it.subnets));
        let spread = it.spread_over().map(|field| {
            let spread = Object::new().with("field", field).with("type", "spread");
            vec![spread.into()]
        });
        let deployment = Object::new()
            .maybe("bake_time_in_minutes", it.bake_minutes().as_ref().map(text_value))
            .with("strategy", it.deployment.as_str());
        let scaled = self.scaled(resource);
        // The provider takes no number for none at all, and nothing is scaled up from there.
        let desired = it.desired_count.as_ref().or(scaled.map(|it| &it.minimum));
        let body = Object::new()
            .list("capacity_provider_strategy", self.strategy(&it.capacity))
            .with("cluster", self.arn(&it.cluster))
            // A deployment that fails is taken back.
            .with(
                "deployment_circuit_breaker",
                Object::new().with("enable", true).with("rollback", true),
            )
            .with("deployment_configuration", deployment)
            .with("deployment_maximum_percent", it.maximum)
            .with("deployment_minimum_healthy_percent", value(&it.minimum_healthy))
            .maybe("desired_count", optional(desired))
            .with("enable_ecs_managed_tags", true)
            .with("enable_execute_command", value(&it.exec))
            .maybe("health_check_grace_period_seconds", optional(it.grace_period.as_ref()))
            .list("load_balancer", targets.collect())
            .with("network_configuration", network)
            .list("ordered_placement_strategy", spread.unwrap_or_default())
            .with("propagate_tags", "SERVICE")
            .list("service_registries", registries.collect())
            .with("tags", self.tags(resource))
            .with("task_definition", self.id(&it.task_definition));
        let mut block = self.named(resource, it.name.as_ref(), body);
        if scaled.is_some() {
            block.lifecycle.ignore_changes.push("desired_count");
        }
        let alternates = it.load_balancers.iter().filter_map(|it| it.alternate.as_ref());
        let switching: Vec<&Ref<Role>> = alternates.map(|it| &it.role).collect();
        out.add(self.waits_for_permissions(block, &switching));
    }

    /// What scales a service.
    fn scaled(&self, service: &Resource) -> Option<&ScalableTarget> {
        self.graph
            .all::<ScalableTarget>()
            .map(|(_, _, it)| it)
            .find(|it| it.service.id() == &service.id)
    }

    fn service_target(&self, it: &ServiceTarget, container: &str) -> Expr {
        let advanced = it.alternate.as_ref().map(|it| {
            Object::new()
                .with("alternate_target_group_arn", self.arn(&it.target_group))
                .with("production_listener_rule", self.arn(&it.rule))
                .with("role_arn", self.arn(&it.role))
        });
        Object::new()
            .maybe("advanced_configuration", advanced)
            .with("container_name", container)
            .with("container_port", value(&it.port))
            .with("target_group_arn", self.arn(&it.target_group))
            .into()
    }
}

/// A number in a JSON document, where ECS takes no text for it: a variable may hold one.
fn json_number<T: Spell>(it: &Value<T>) -> Expr {
    if let Value::Parameter(name) = it {
        Expr::call("tonumber", [variable(name)])
    } else {
        value(it)
    }
}
