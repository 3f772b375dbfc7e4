//! Services of Kubernetes clusters: nodes that take their pods (AG0426, AG0427), what their namespace allows
//! (AG0427, AG0428), single pods (AG0429), names (AG0107, AG0430), users (AG0325), what they need of the
//! cluster (AG0403). Scaling and health checks are those of every service.

use super::instances::{self, InstanceType};
use super::scaling::{self, Scaled};
use super::{Context, or_loc, pod_policies, service};
use crate::codes::Code;
use crate::declare::eks_cluster::NodeGroupField;
use crate::declare::{ClusterAddons, Connect, EksCluster, K8sService, Kind, Namespace};
use crate::diagnostic::Diagnostic;
use crate::environment::Environment;
use crate::field::Field;
use crate::flow::Peer;
use crate::loc::Loc;
use crate::resource::ecs::Architecture;
use crate::resource::eks::{ClusterAddon, Taint, TaintEffect};
use crate::types::{Count, CpuUnits, Memory};

/// Checks a service.
pub fn check(it: &K8sService, cx: &mut Context<'_>) {
    cx.range("replicas", &it.replicas);
    let scaled = Scaled {
        meta: &it.meta,
        field: "replicas",
        what: "pods",
        count: &it.replicas,
        scale_on: it.scale_on.as_ref(),
        blue_green: false,
    };
    scaling::check(&scaled, cx);
    if let Some(check) = it.health_check.as_ref().and_then(Field::literal) {
        service::check_target_check(check, cx);
    }
    service::check_variables(it.environment.as_ref(), it.secrets.as_ref(), cx);
    check_name(it, cx);
    check_user(it, cx);
    check_single(it, cx);
    if let Some(namespace) = cx.follow(&it.namespace) {
        check_limits(it, namespace, cx);
    }
    if let Some(cluster) = it.cluster(cx.architecture) {
        check_nodes(it, cluster, cx);
        check_identity(it, cluster, cx);
        if let Some(namespace) = cx.follow(&it.namespace) {
            pod_policies::check(it, cluster, namespace, cx);
        }
    }
}

/// AG0430: two services of a namespace have the same name.
fn check_name(it: &K8sService, cx: &mut Context<'_>) {
    if let Some(name) = &it.service_name {
        cx.dns_label("the name of a service in a namespace", name);
    }
    let (Some(namespace), known) = (it.namespace.literal(), it.known_name()) else { return };
    let Some(name) = known.literal() else { return };
    let loc = it.service_name.as_ref().map_or(it.meta.loc, |name| or_loc(name.loc, it.meta.loc));
    let same = |other: &&K8sService| {
        (other.meta.loc, &other.meta.name) < (it.meta.loc, &it.meta.name)
            && other.namespace.literal().is_some_and(|it| it.name == namespace.name)
            && other.known_name().literal() == Some(name)
    };
    let first = cx.architecture.all::<K8sService>().find(same);
    if let Some(first) = first {
        let message = format!(
            "`{}` and `{}` are both called `{name}` in `{}`",
            first.meta.name, it.meta.name, namespace.name
        );
        cx.push(
            Diagnostic::new(Code::AG0430, loc, message)
                .label(first.meta.loc, format!("`{}` is declared here", first.meta.name))
                .help("give one of them another `service_name`"),
        );
    }
}

/// AG0325: pods run as a user that they cannot have.
fn check_user(it: &K8sService, cx: &mut Context<'_>) {
    let Some(field) = &it.user else { return };
    let Some(user) = field.literal().and_then(crate::value::Text::as_literal) else { return };
    let number = user.split(':').next().and_then(|it| it.parse::<u32>().ok());
    let message = match number {
        Some(0) => format!("`{}` runs as root", it.meta.name),
        Some(_) => return,
        None => format!("`{user}` is a name, and Kubernetes has to know the number of the user"),
    };
    cx.push(
        Diagnostic::new(Code::AG0325, field.loc, message)
            .note("Kubernetes starts no container as root that says it is none, and cannot tell of a name")
            .help("write the number of a user of the image other than 0, such as `\"1000\"`"),
    );
}

/// AG0429: one pod serves alone.
fn check_single(it: &K8sService, cx: &mut Context<'_>) {
    let least = it.replicas.literal().and_then(|it| it.first.literal());
    if it.port.is_none()
        || least != Some(&Count(1))
        || cx.architecture.environment != Environment::Production
    {
        return;
    }
    cx.push(
        Diagnostic::new(
            Code::AG0429,
            or_loc(it.replicas.loc, it.meta.loc),
            format!("`{}` may run on one pod, and serves nobody while that is moved", it.meta.name),
        )
        .note(
            "nodes are replaced for every version of Kubernetes, and spare capacity is taken back",
        )
        .help("run two: `replicas: 2`"),
    );
}

/// The most pods of a service, if that is known.
fn most(it: &K8sService) -> Option<u64> {
    Some(u64::from(it.replicas.literal()?.last.literal()?.0))
}

/// AG0427: a pod does not fit.
fn does_not_fit(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0427, loc, message)
}

/// What a namespace allows a container.
fn check_limits(it: &K8sService, namespace: &Namespace, cx: &mut Context<'_>) {
    let Some(limits) = namespace.known_limits() else { return };
    let name = (&it.meta.name, &namespace.meta.name);
    if let (Some(cpu), Some(field)) = (it.cpu.literal(), &limits.max_cpu)
        && let Some(limit) = field.literal()
        && cpu > limit
    {
        let message = format!(
            "`{}` asks for {} of CPU, and a container of `{}` may have {}",
            name.0,
            cpus(u64::from(cpu.0)),
            name.1,
            cpus(u64::from(limit.0))
        );
        cx.push(does_not_fit(it.cpu.loc, message).label(field.loc, "the limit is given here"));
    }
    if let (Some(memory), Some(field)) = (it.memory.literal(), &limits.max_memory)
        && let Some(limit) = field.literal()
        && memory > limit
    {
        let message = format!(
            "`{}` asks for {memory} of memory, and a container of `{}` may have {limit}",
            name.0, name.1
        );
        cx.push(does_not_fit(it.memory.loc, message).label(field.loc, "the limit is given here"));
    }
}

/// `1.5 vCPU`.
fn cpus(units: u64) -> String {
    if units.is_multiple_of(1024) {
        format!("{} vCPU", units / 1024)
    } else {
        format!("{:.2} vCPU", units as f64 / 1024.0)
    }
}

/// AG0428: the services of a namespace may ask for more than its quota.
pub fn check_quota(namespace: &Namespace, cx: &mut Context<'_>) {
    let Some(quota) = namespace.known_quota() else { return };
    let name = &namespace.meta.name;
    let inside = |it: &&K8sService| it.namespace.literal().is_some_and(|it| it.name == *name);
    let services: Vec<&K8sService> = cx.architecture.all::<K8sService>().filter(inside).collect();
    // What is not known counts as nothing, so what is found holds whatever it is.
    let sum = |each: &dyn Fn(&K8sService) -> Option<u64>| -> u64 {
        services.iter().filter_map(|it| Some(each(it)? * most(it)?)).sum()
    };
    let cpu = sum(&|it| it.cpu.literal().map(|it: &CpuUnits| u64::from(it.0)));
    let memory = sum(&|it| it.memory.literal().map(|it: &Memory| u64::from(it.0)));
    let pods = sum(&|_| Some(1));
    let mut found: Vec<(Loc, String)> = Vec::new();
    if let Some((field, limit)) = limit(&quota.cpu, |it| it.0)
        && cpu > limit
    {
        found.push((field, format!("{} of CPU, and its quota is {}", cpus(cpu), cpus(limit))));
    }
    for field in [&quota.memory, &quota.memory_limit] {
        if let Some((field, limit)) = limit(field, |it| it.0)
            && memory > limit
        {
            found.push((field, format!("{memory}MB of memory, and its quota is {limit}MB")));
        }
    }
    if let Some((field, limit)) = limit(&quota.pods, |it| it.0)
        && pods > limit
    {
        found.push((field, format!("{pods} pods, and its quota is {limit}")));
    }
    for (loc, what) in found {
        let names: Vec<String> = services
            .iter()
            .filter_map(|it| Some(format!("`{}`: {} pods", it.meta.name, most(it)?)))
            .collect();
        cx.push(
            Diagnostic::new(
                Code::AG0428,
                or_loc(loc, namespace.meta.loc),
                format!("the services of `{name}` may ask for {what}"),
            )
            .note(format!("at the most {}", names.join(", ")))
            .note("a new version starts beside the old one, so that more is needed for a while")
            .help("raise the quota, or let fewer pods run"),
        );
    }
}

/// A limit of a quota, if it is known, and where it is.
fn limit<T>(field: &Option<Field<T>>, number: impl Fn(&T) -> u32) -> Option<(Loc, u64)> {
    let field = field.as_ref()?;
    Some((field.loc, u64::from(number(field.literal()?))))
}

/// AG0426: no node takes a service's pods.
fn nowhere(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0426, loc, message)
}

type Group<'a> = (&'a str, &'a NodeGroupField);

fn check_nodes(it: &K8sService, cluster: &EksCluster, cx: &mut Context<'_>) {
    let Some(all) = cluster.node_groups.literal() else { return };
    let Some(all) = all
        .0
        .iter()
        .map(|it| Some((it.name.as_str(), it.field.literal()?)))
        .collect::<Option<Vec<Group<'_>>>>()
    else {
        return;
    };
    let name = it.meta.name.as_str();
    let mut groups = all.clone();
    let mut loc = it.meta.loc;
    if let Some(nodes) = &it.nodes {
        let Some(wanted) = nodes.literal() else { return };
        loc = nodes.loc;
        groups.retain(|(it, _)| it == wanted);
        if groups.is_empty() {
            let known: Vec<&str> = all.iter().map(|it| it.0).collect();
            let message = format!("`{}` has no node group `{wanted}`", cluster.meta.name);
            let help = match crate::suggest::did_you_mean(wanted, known.iter().copied()) {
                Some(it) => it,
                None => format!("its node groups are {}", quoted(&known)),
            };
            cx.push(nowhere(loc, message).help(help));
            return;
        }
    } else if has_other_nodes(cluster, cx) {
        // What makes nodes as they are needed may make one that fits.
        return;
    }
    let Some(labelled) = with_labels(it, &groups) else { return };
    if labelled.is_empty() {
        let loc = it.node_labels.as_ref().map_or(loc, |it| it.loc);
        cx.push(
            nowhere(
                loc,
                format!("no node of `{}` has the labels that `{name}` asks for", cluster.meta.name),
            )
            .help("give the `labels` to a node group, or leave `node_labels` out"),
        );
        return;
    }
    groups = labelled;
    if let Some(built) = it.architecture.literal() {
        let fits = |(_, group): &Group<'_>| has(group) == Some(*built) || has(group).is_none();
        if !groups.iter().any(fits) {
            let message = format!(
                "`{name}` is built for {}, and {} other processors",
                built.as_str(),
                names(&groups, "has", "have")
            );
            cx.push(
                nowhere(or_loc(it.architecture.loc, loc), message)
                    .help("build the image for the nodes and say so with `architecture`"),
            );
            return;
        }
        groups.retain(fits);
    }
    let Some(tolerated) = it.tolerates.as_ref().map_or(Some(Vec::new()), |field| {
        field.literal()?.iter().map(|it| it.literal().cloned()).collect::<Option<Vec<Taint>>>()
    }) else {
        return;
    };
    if let Some((group, taint)) = kept_off(&groups, &tolerated) {
        let value =
            if taint.value.is_empty() { String::new() } else { format!("={}", taint.value) };
        let text = format!("{}{value}:{}", taint.key, taint.effect.kubernetes());
        cx.push(
            nowhere(
                loc,
                format!(
                    "the taint `{text}` of `{group}` keeps `{name}` off, and no other node takes it"
                ),
            )
            .help(format!("write `tolerates: [\"{text}\"]`")),
        );
        return;
    }
    check_size(it, &groups, cx);
}

/// Whether something else than node groups makes nodes of a cluster, or may.
fn has_other_nodes(cluster: &EksCluster, cx: &Context<'_>) -> bool {
    let unknown = |it: &ClusterAddons| it.cluster.literal().is_none();
    cx.architecture.open
        || cx.architecture.all::<ClusterAddons>().any(unknown)
        || cluster.cluster_addons(cx.architecture).any(|it| it.karpenter.is_some())
}

fn quoted(names: &[&str]) -> String {
    let all: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
    all.join(", ")
}

/// "`general` has", "`general`, `spot` have".
fn names(groups: &[Group<'_>], one: &str, several: &str) -> String {
    let all: Vec<&str> = groups.iter().map(|it| it.0).collect();
    format!("{} {}", quoted(&all), if all.len() == 1 { one } else { several })
}

/// The groups with the labels that a service asks for; none where that is not known.
fn with_labels<'a>(it: &K8sService, groups: &[Group<'a>]) -> Option<Vec<Group<'a>>> {
    let Some(field) = &it.node_labels else { return Some(groups.to_vec()) };
    let mut all = Vec::new();
    for group in groups {
        let labels = match &group.1.spec.labels {
            Some(it) => it.literal()?.0.as_slice(),
            None => &[],
        };
        let mut fits = true;
        for wanted in &field.literal()?.0 {
            let own = labels.iter().find(|it| it.name == wanted.name);
            // Kubernetes and AWS give nodes labels of their own.
            let given = wanted.name.contains("kubernetes.io/") || wanted.name.contains(".aws/");
            fits &= given
                || match own {
                    Some(own) => own.field.literal()? == wanted.field.literal()?,
                    None => false,
                };
        }
        if fits {
            all.push(*group);
        }
    }
    Some(all)
}

/// The instruction set of a group's nodes, if it is known.
fn has(group: &NodeGroupField) -> Option<Architecture> {
    let first = group.spec.instances.literal()?.first()?.literal()?;
    Some(if instances::is_graviton(first) { Architecture::Arm64 } else { Architecture::X86_64 })
}

/// A taint that keeps pods off, if one does so of every group.
fn kept_off(groups: &[Group<'_>], tolerated: &[Taint]) -> Option<(String, Taint)> {
    let mut found = None;
    for (name, group) in groups {
        let taints = match &group.spec.taints {
            Some(it) => it.literal()?.as_slice(),
            None => &[],
        };
        let mut off = None;
        for taint in taints {
            let taint = taint.literal()?;
            let keeps = match taint.effect {
                TaintEffect::NoSchedule | TaintEffect::NoExecute => true,
                TaintEffect::PreferNoSchedule => false,
            };
            let matches = |it: &Taint| {
                it.key == taint.key
                    && it.effect == taint.effect
                    && (it.value.is_empty() || it.value == taint.value)
            };
            if keeps && !tolerated.iter().any(matches) {
                off = Some((name.to_string(), taint.clone()));
            }
        }
        found = found.or(Some(off?));
    }
    found
}

/// A pod needs a node that is larger than it.
fn check_size(it: &K8sService, groups: &[Group<'_>], cx: &mut Context<'_>) {
    let mut largest: Option<InstanceType> = None;
    for (_, group) in groups {
        let Some(types) = group.spec.instances.literal() else { return };
        for name in types {
            let Some(offer) = name.literal().and_then(|it| instances::instance_type(it)) else {
                return;
            };
            largest = Some(match largest {
                Some(it) => InstanceType {
                    cpu: it.cpu.max(offer.cpu),
                    memory: it.memory.max(offer.memory),
                    interfaces: it.interfaces.max(offer.interfaces),
                },
                None => offer,
            });
        }
    }
    let Some(largest) = largest else { return };
    let name = &it.meta.name;
    // Some of a node is its own: what asks for all of it never fits.
    if let Some(cpu) = it.cpu.literal()
        && cpu.0 >= largest.cpu
    {
        let message = format!(
            "`{name}` asks for {} of CPU, and its largest node has {}, some of it for itself",
            cpus(u64::from(cpu.0)),
            cpus(u64::from(largest.cpu))
        );
        cx.push(does_not_fit(it.cpu.loc, message).help("ask for less, or give it larger nodes"));
    }
    if let Some(memory) = it.memory.literal()
        && memory.0 >= largest.memory
    {
        let message = format!(
            "`{name}` asks for {memory} of memory, and its largest node has {}MB, some of it for itself",
            largest.memory
        );
        cx.push(does_not_fit(it.memory.loc, message).help("ask for less, or give it larger nodes"));
    }
}

/// A service that uses AWS gets its role from the agent of Pod Identity.
fn check_identity(it: &K8sService, cluster: &EksCluster, cx: &mut Context<'_>) {
    let Some(addons) = cluster.addons.literal() else { return };
    if addons.iter().any(|it| it.literal().is_none_or(|it| *it == ClusterAddon::PodIdentityAgent)) {
        return;
    }
    for connect in cx.architecture.all::<Connect>() {
        let from = connect.from.literal().into_iter().flatten().filter_map(Field::literal);
        let is_own = from.into_iter().any(
            |peer| matches!(peer, Peer::Declaration(Kind::K8sService, name) if **name == it.meta.name),
        );
        let to = connect.to.literal().into_iter().flatten().filter_map(Field::literal);
        let uses = to.into_iter().find(|it| {
            matches!(it.peer.literal(), Some(Peer::Declaration(Kind::S3Bucket | Kind::Secret, _)))
        });
        if let (true, Some(target)) = (is_own, uses) {
            cx.push(service::needs(
                target.peer.loc,
                format!(
                    "`{}` gets its role by `PodIdentityAgent`, which `{}` does not have",
                    it.meta.name, cluster.meta.name
                ),
                "add `PodIdentityAgent` to `addons`",
            ));
            return;
        }
    }
}

#[cfg(test)]
#[path = "workload_tests.rs"]
mod tests;
