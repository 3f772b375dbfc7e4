//! `ecs_service!`: a number of tasks that run one image.

use crate::check::Context;
use crate::declare::{EcsCluster, SecurityGroup};
use crate::service_fields::{
    ContainerCheck, Image, ScaleOn, SecretField, SecretSource, TargetCheck, VolumeField,
};
use crate::field::{DeclarationRef, List, Map, TierRef};
use crate::lower::Lower;
use crate::resource::ecs::{Architecture, Deployment};
use crate::types::{Bounds, Count, CpuUnits, Days, Memory, Port, Seconds};
use crate::value::Text;

crate::declaration! {
    /// A number of tasks that run one image.
    EcsService EcsServiceBuilder {
        /// The cluster that runs it.
        required cluster: DeclarationRef<EcsCluster> = "cluster";
        /// The image: `"redis:7"` of Docker Hub, `"public.ecr.aws/nginx/nginx:1.27"`, or
        /// `Ecr { repository: "backend", tag: image_tag }` of this account.
        required image: Image = "\"public.ecr.aws/nginx/nginx:1.27\"";
        /// The port its container listens on; left out, nobody can connect to it.
        optional port: Port;
        /// CPU of a task, 1024 units for a vCPU.
        required cpu: CpuUnits = "256";
        /// Memory of a task.
        required memory: Memory = "512MB";
        /// How many tasks: `2`, or `2..=10` with `scale_on`.
        default tasks: Bounds<Count> = Bounds::one(Count(1));
        /// When to add tasks: `[Cpu > 70pct, Memory > 80pct, RequestsPerTarget > 1000]`.
        optional scale_on: List<ScaleOn>;
        /// How long to wait after adding tasks.
        default scale_out_cooldown: Seconds = Seconds(60);
        /// How long to wait after removing tasks.
        default scale_in_cooldown: Seconds = Seconds(300);
        /// The tier its tasks stand in, if not the cluster's.
        optional subnets: TierRef;
        /// The instruction set its image is built for.
        default architecture: Architecture = Architecture::X86_64;
        /// The command that replaces the image's own.
        optional command: List<Text>;
        /// Plain environment variables: `{ LOG_LEVEL: "INFO", DB_HOST: database.endpoint }`.
        optional environment: Map<Text>;
        /// Secrets: `[api_keys, "DATABASE_SECRET" => database.secret]`. A bare secret becomes the
        /// variable of its own name in capitals.
        optional secrets: List<SecretField>;
        /// What it stores files on: `["/data" => file_system]` or `["/data" => HostVolume]`.
        optional volumes: List<VolumeField>;
        /// How the load balancer finds out whether a task is healthy.
        optional health_check: TargetCheck;
        /// How ECS finds out whether a container is healthy: `{ command: "curl -f localhost/" }`.
        optional container_health_check: ContainerCheck;
        /// The name other services find it by, if not its own.
        optional discovery_name: String;
        /// How a new version replaces the old one.
        default deployment: Deployment = Deployment::Rolling;
        /// How long a blue-green deployment keeps the old version after it has switched.
        default bake_time: Seconds = Seconds(300);
        /// Whether the old task stops before the new one starts, because two must never write to the same
        /// files: for databases in a container.
        default exclusive: bool = false;
        /// Whether a shell can be opened in its tasks (ECS Exec).
        default exec: bool = false;
        /// Whether the container's own file system cannot be written.
        default read_only_root: bool = false;
        /// The user the container runs as.
        optional user: Text;
        /// How long its logs are kept, if not as long as the cluster says.
        optional log_retention: Days;
        /// The physical name of its log group; `/ecs/ARCHITECTURE-ENVIRONMENT/NAME` unless said otherwise.
        optional log_group: String;
        /// Its physical name in AWS.
        optional service_name: String;
        /// Groups that the team wrote; left out, archgen derives one.
        optional security_groups: List<DeclarationRef<SecurityGroup>>;
    } members EcsServiceMembers {
        /// The name by which other services find it.
        host;
        /// The name in AWS.
        name;
    }
}

impl EcsService {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        crate::check::service::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        crate::lower::lower_service(self, cx);
    }
}

impl EcsService {
    /// Where its secrets are read from, as far as that is known.
    pub fn known_secrets(&self) -> impl Iterator<Item = &SecretSource> {
        let list = self.secrets.as_ref().and_then(|it| it.literal());
        list.into_iter().flatten().filter_map(|it| it.literal()).map(|it| &it.source)
    }

    /// Its volumes, as far as they are known.
    pub fn known_volumes(&self) -> impl Iterator<Item = &VolumeField> {
        let list = self.volumes.as_ref().and_then(|it| it.literal());
        list.into_iter().flatten().filter_map(|it| it.literal())
    }

    /// Its name with hyphens, as physical names have them.
    pub fn kebab(&self) -> String {
        self.meta.identity().replace('_', "-")
    }

    /// The name other services find it by, without the zone.
    pub fn discovery_text(&self) -> Text {
        match &self.discovery_name {
            Some(it) => crate::lower::value_text(&it.value),
            None => Text::literal(self.kebab()),
        }
    }
}
