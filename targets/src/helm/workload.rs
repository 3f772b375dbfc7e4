//! The values of a service that only exists on Kubernetes: what its declaration says, and its network policy
//! rule by rule.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::resource::kubernetes::{
    KubernetesResource, PodHealth, PolicyPeer, Spread, Workload,
};
use archgen_core::resource::network::Direction;
use archgen_core::resource::{Attribute, ResourceGraph, TargetGroup};
use archgen_core::value::Value;

use super::connections::ports_of;
use super::outside::{Outside, dns_name};
use super::service::{self, DRAIN, FINISH};
use super::shape::{Labels, Names, Variables, Word, camel};
use super::text::{Block, Needed, Piece, Text, Whole};
use super::values::{
    Autoscaling, Connection, Connections, Health, HttpCheck, Limits, Migration, Peer, Ports,
    Replicas, Requests, Resources, Security, Service, ServiceAccount, TargetGroup as Target,
    Toleration, Update,
};

/// The name that a service has in its namespace.
pub(super) fn name_of(resource: &KubernetesResource, it: &Workload) -> String {
    it.name.literal().cloned().unwrap_or_else(|| dns_name(&resource.declaration))
}

/// The name of a service's namespace.
pub(super) fn namespace_of(graph: &ResourceGraph, it: &Workload) -> String {
    let name = graph.namespace(&it.namespace).and_then(|it| it.name.literal().cloned());
    name.unwrap_or_else(|| dns_name(it.namespace.id().as_str()))
}

/// Whether its service account has a role.
pub(super) fn has_role(graph: &ResourceGraph, resource: &KubernetesResource) -> bool {
    let mut all = graph.all::<archgen_core::resource::eks::PodIdentity>();
    all.any(|(_, it, _)| it.declaration == resource.declaration)
}

/// The addresses of what stands outside the cluster, by name.
pub(super) type Networks = BTreeMap<String, Vec<Block>>;

/// The values of a service, and the networks that its policy names.
pub(super) fn workload(
    outside: &mut Outside<'_>,
    resource: &KubernetesResource,
    it: &Workload,
) -> (Service, Networks) {
    let memory = service::memory(outside, &it.memory);
    let cpu = service::cpu(outside, &it.cpu);
    let graph = outside.graph;
    let target = it.targets.first().and_then(|it| graph.get::<TargetGroup>(it));
    let (connections, networks) = connections(outside, it);
    let values = Service {
        image: service::image(outside, &it.image),
        architecture: Word::new(match it.architecture {
            archgen_core::resource::ecs::Architecture::X86_64 => "amd64",
            archgen_core::resource::ecs::Architecture::Arm64 => "arm64",
        }),
        command: it.command.iter().map(|it| outside.text(it)).collect(),
        ports: it.port.iter().map(|it| outside.whole(it, |it| it.0.into())).collect(),
        resources: Resources {
            requests: Requests { cpu, memory: memory.clone() },
            limits: Limits { memory },
        },
        replicas: Replicas {
            min: outside.whole(&it.minimum, |it| it.0.into()),
            max: outside.whole(&it.maximum, |it| it.0.into()),
        },
        autoscaling: autoscaling(outside, resource, it),
        health: it.health.as_ref().and_then(|health| checked(outside, health, it)),
        environment: Variables(
            it.environment.iter().map(|(key, it)| (key.clone(), outside.text(it))).collect(),
        ),
        secrets: Variables(
            it.secrets
                .iter()
                .map(|(key, it)| (key.clone(), service::secret(outside, it)))
                .collect(),
        ),
        volumes: Names(BTreeMap::new()),
        node_selector: Labels(
            it.node_labels.iter().map(|(key, it)| (key.clone(), outside.text(it))).collect(),
        ),
        tolerations: it
            .tolerations
            .iter()
            .map(|it| Toleration {
                key: it.key.clone(),
                value: it.value.clone(),
                effect: Word::new(it.effect.kubernetes()),
            })
            .collect(),
        spread: Word::new(match it.spread {
            Spread::Zones => "zones",
            Spread::ZonesOnly => "zones-only",
            Spread::Nodes => "nodes",
        }),
        security: Security {
            user: service::user(it.user.as_ref()),
            read_only_root_filesystem: true,
        },
        service_account: ServiceAccount { role_arn: Text::default() },
        update: Update {
            strategy: Word::new("RollingUpdate"),
            drain: match target {
                Some(it) => service::seconds(outside, &it.deregistration_delay),
                None => Whole::number(DRAIN),
            },
            finish: Whole::number(FINISH),
        },
        migration: (!it.migration.is_empty()).then(|| Migration {
            command: it.migration.iter().map(|it| outside.text(it)).collect(),
        }),
        connections,
        targets: None,
        target_groups: targets(outside, it),
    };
    (values, networks)
}

/// The target groups that its pods are put into, by load balancer.
fn targets(outside: &mut Outside<'_>, it: &Workload) -> Names<Target> {
    let mut all = BTreeMap::new();
    for target in &it.targets {
        let resource = outside.graph.resources.get(target.id());
        let balancer = resource.map_or(target.id().as_str(), |it| it.declaration.as_str());
        let arn = Needed(outside.text(&target.attribute(Attribute::Arn)));
        all.insert(dns_name(balancer), Target { arn });
    }
    Names(all)
}

fn autoscaling(
    outside: &mut Outside<'_>,
    resource: &KubernetesResource,
    it: &Workload,
) -> Option<Autoscaling> {
    if it.scaling.is_empty() {
        return None;
    }
    let mut all = Autoscaling {
        cpu: None,
        memory: None,
        external: Vec::new(),
        scale_up_after: service::seconds(outside, &it.scale_out_cooldown),
        scale_down_after: service::seconds(outside, &it.scale_in_cooldown),
    };
    for scaling in &it.scaling {
        let name = format!("{}.{}", resource.declaration, scaling.name);
        service::follow(outside, &name, &scaling.metric, &scaling.value, &mut all);
    }
    Some(all)
}

fn checked(outside: &mut Outside<'_>, health: &PodHealth, it: &Workload) -> Option<Health> {
    let check = &health.check;
    let http = HttpCheck {
        path: outside.string(&check.path),
        port: outside.whole(it.port.as_ref()?, |it| it.0.into()),
        matcher: outside.string(&check.matcher),
        interval: service::seconds(outside, &check.interval),
        timeout: service::seconds(outside, &check.timeout),
        healthy: outside.whole(&check.healthy_threshold, |it| it.0.into()),
        unhealthy: outside.whole(&check.unhealthy_threshold, |it| it.0.into()),
        grace: service::seconds(outside, &health.grace_period),
    };
    Some(Health { http: Some(http), command: None })
}

/// The connections of a service's policy, and the networks that they name.
fn connections(outside: &mut Outside<'_>, it: &Workload) -> (Connections, Networks) {
    let graph = outside.graph;
    let mut networks = Networks::new();
    // No ports are all traffic.
    let mut found: BTreeMap<(bool, Peer), Option<Vec<Ports>>> = BTreeMap::new();
    for (_, rule) in graph.network_policy_rules().filter(|(_, rule)| rule.policy == it.policy) {
        let Some(peer) = peer(outside, &rule.peer, &mut networks) else { continue };
        let all = found
            .entry((rule.direction == Direction::Egress, peer))
            .or_insert_with(|| Some(Vec::new()));
        let ports = ports_of(&rule.traffic);
        if ports.is_empty() {
            *all = None;
        } else if let Some(all) = all {
            all.extend(ports);
            all.sort();
            all.dedup();
        }
    }
    let mut connections = Connections { ingress: Vec::new(), egress: Vec::new() };
    for ((egress, peer), ports) in found {
        let side = if egress { &mut connections.egress } else { &mut connections.ingress };
        side.push(Connection { peer, ports: ports.unwrap_or_default() });
    }
    (connections, networks)
}

/// The other side of a rule; none where it is addresses that are not known.
fn peer(outside: &mut Outside<'_>, it: &PolicyPeer, networks: &mut Networks) -> Option<Peer> {
    let graph = outside.graph;
    Some(match it {
        PolicyPeer::Internet => Peer::Internet,
        PolicyPeer::Network { name, blocks } => {
            let name = network_name(name);
            let blocks: Vec<Block> = blocks.iter().filter_map(|it| block(outside, it)).collect();
            if blocks.is_empty() {
                return None;
            }
            networks.insert(name.clone(), blocks);
            Peer::Network(name)
        }
        PolicyPeer::Pods(policy) => {
            let service = graph.workloads().find(|(_, it)| it.policy == *policy);
            match service {
                Some((resource, it)) => Peer::Pods {
                    namespace: namespace_of(graph, it),
                    service: name_of(resource, it),
                },
                // Those without a policy from here: they run in other namespaces.
                None => {
                    let own: BTreeSet<String> =
                        graph.workloads().map(|(_, it)| namespace_of(graph, it)).collect();
                    Peer::Others(own.into_iter().collect())
                }
            }
        }
    })
}

/// `database`, or `block-10-9-0-0-16` of addresses.
fn network_name(name: &str) -> String {
    if name.contains('/') {
        let plain = |it: char| if it.is_ascii_alphanumeric() { it } else { '-' };
        return format!("block-{}", name.chars().map(plain).collect::<String>());
    }
    camel(name)
}

fn block(outside: &mut Outside<'_>, it: &Value<archgen_core::types::Cidr>) -> Option<Block> {
    Some(Block(match it {
        Value::Literal(it) => Text::literal(it.to_string()),
        Value::Parameter(name) => Text(vec![Piece::Parameter(outside.parameter(name))]),
        Value::Unknown => return None,
    }))
}
