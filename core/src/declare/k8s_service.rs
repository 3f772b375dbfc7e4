//! `k8s_service!`: pods that run one image, for services that only exist on Kubernetes.

use crate::check::{Context, workload as checks};
use crate::declare::{EksCluster, Namespace};
use crate::field::{DeclarationRef, Field, List, Map};
use crate::lower::{Lower, lower_k8s_service};
use crate::resource::ecs::Architecture;
use crate::resource::eks::Taint;
use crate::resource::kubernetes::Spread;
use crate::service_fields::{Image, ScaleOn, SecretField, TargetCheck};
use crate::types::{Bounds, Count, CpuUnits, Memory, Port, Seconds};
use crate::value::{Text, Value};

crate::record! {
    /// What runs before a new version.
    Migration: "migration" {
        /// The command, which replaces the image's own: `["bin/migrate"]`.
        required command: List<Text> = "[\"bin/migrate\"]";
    }
}

crate::declaration! {
    /// Pods that run one image.
    K8sService K8sServiceBuilder {
        /// The namespace that it runs in.
        required namespace: DeclarationRef<Namespace> = "shop";
        /// The image: `"redis:7"` of Docker Hub, `"public.ecr.aws/nginx/nginx:1.27"`, or
        /// `Ecr { repository: "backend", tag: image_tag }` of this account.
        required image: Image = "\"public.ecr.aws/nginx/nginx:1.27\"";
        /// The port its container listens on; left out, nobody can connect to it.
        optional port: Port;
        /// CPU that is kept free for a pod, 1024 units for a vCPU.
        required cpu: CpuUnits = "256";
        /// Memory of a pod, which it gets and cannot exceed.
        required memory: Memory = "512MB";
        /// How many pods: `2`, or `2..=10` with `scale_on`.
        default replicas: Bounds<Count> = Bounds::one(Count(2));
        /// When to add pods: `[Cpu > 70pct, Memory > 80pct]`.
        optional scale_on: List<ScaleOn>;
        /// How long to wait after adding pods.
        default scale_out_cooldown: Seconds = Seconds(60);
        /// How long to wait after removing pods.
        default scale_in_cooldown: Seconds = Seconds(300);
        /// How Kubernetes, and the load balancer if there is one, find out whether a pod is healthy.
        optional health_check: TargetCheck;
        /// The command that replaces the image's own.
        optional command: List<Text>;
        /// Plain environment variables: `{ LOG_LEVEL: "INFO", DB_HOST: database.endpoint }`.
        optional environment: Map<Text>;
        /// Secrets: `[api_keys, "DATABASE_SECRET" => database.secret]`. A bare secret becomes the
        /// variable of its own name in capitals.
        optional secrets: List<SecretField>;
        /// The instruction set its image is built for.
        default architecture: Architecture = Architecture::X86_64;
        /// The user the container runs as, by number; left out, 65532.
        optional user: Text;
        /// The node group that its pods run on: `"general"`; left out, any that takes them.
        optional nodes: String;
        /// Labels that its nodes must have: `{ workload: "memory" }`.
        optional node_labels: Map<Text>;
        /// Taints that do not keep it off: `["capacity=spot:NoSchedule"]`.
        optional tolerates: List<Taint>;
        /// How its pods are spread: over `Zones` (usual), `ZonesOnly`, or `Nodes`.
        default spread: Spread = Spread::Zones;
        /// What runs before a new version: `{ command: ["bin/migrate"] }`.
        optional migration: Migration;
        /// Its name in the namespace, by which others find it; left out, its own name.
        optional service_name: String;
    } members K8sServiceMembers {
        /// The name by which other services find it: `auth-svc.shop.svc.cluster.local`.
        host;
        /// The name in its namespace.
        name;
    }
}

impl K8sService {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        lower_k8s_service(self, cx);
    }

    /// Its name in the namespace.
    pub fn known_name(&self) -> Value<String> {
        match &self.service_name {
            Some(it) => it.value.clone(),
            None => Value::Literal(self.kebab()),
        }
    }

    /// Its name with hyphens, as Kubernetes has them.
    pub fn kebab(&self) -> String {
        self.meta.identity().replace('_', "-")
    }

    /// The taints that it tolerates, as far as they are known.
    pub fn known_tolerations(&self) -> Vec<Taint> {
        let list = self.tolerates.as_ref().and_then(Field::literal);
        let mut all: Vec<Taint> =
            list.into_iter().flatten().filter_map(Field::literal).cloned().collect();
        all.sort();
        all.dedup();
        all
    }

    /// The cluster that it runs in.
    pub fn cluster<'a>(
        &self,
        architecture: &'a crate::architecture::Architecture,
    ) -> Option<&'a EksCluster> {
        let namespace = architecture.follow::<Namespace>(&self.namespace)?;
        architecture.follow::<EksCluster>(&namespace.cluster)
    }
}
