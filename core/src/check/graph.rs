//! What only the resources show: names that are given twice (AG0105, AG0106).

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::resource::{Resource, ResourceGraph, ResourceKind};
use crate::value::Text;

/// Checks.
pub fn check(graph: &ResourceGraph, cx: &mut Context<'_>) {
    physical_names(graph, cx);
    logical_ids(graph, cx);
}

/// What a physical name must be unique among: the type, and what it is in.
type Scope = (&'static str, String);

/// The physical name of a resource, the field that gives it, and what it must be unique among.
fn physical_name(resource: &Resource) -> Option<(Scope, &Text, &'static str)> {
    let scope = |what: &'static str| (what, String::new());
    match &resource.kind {
        ResourceKind::LogGroup(it) => Some((scope("log groups"), &it.name, "log_group")),
        ResourceKind::Alarm(it) => Some((scope("alarms"), &it.name, "alarm_name")),
        ResourceKind::Dashboard(it) => Some((scope("dashboards"), &it.name, "dashboard_name")),
        ResourceKind::Topic(it) => it.name.as_ref().map(|it| (scope("topics"), it, "topic_name")),
        ResourceKind::BackupVault(it) => Some((scope("vaults"), &it.name, "vault_name")),
        ResourceKind::Repository(it) => Some((scope("repositories"), &it.name, "repository_name")),
        ResourceKind::TaskDefinition(it) => {
            Some((scope("task definitions"), &it.family, "service_name"))
        }
        ResourceKind::Cluster(it) => {
            it.name.as_ref().map(|it| (scope("clusters"), it, "cluster_name"))
        }
        ResourceKind::EksCluster(it) => {
            Some((scope("Kubernetes clusters"), &it.name, "cluster_name"))
        }
        ResourceKind::Service(service) => service.name.as_ref().map(|it| {
            (("services of the cluster", service.cluster.id().to_string()), it, "service_name")
        }),
        ResourceKind::DbInstance(it) => {
            it.identifier.as_ref().map(|it| (scope("databases"), it, "identifier"))
        }
        ResourceKind::ReplicationGroup(it) => {
            it.identifier.as_ref().map(|it| (scope("caches"), it, "identifier"))
        }
        ResourceKind::Queue(it) => Some((scope("queues"), &it.name, "cluster")),
        ResourceKind::Secret(it) => {
            it.name.as_ref().map(|it| (scope("secrets"), it, "secret_name"))
        }
        ResourceKind::KmsAlias(it) => Some((scope("aliases of keys"), &it.name, "alias")),
        ResourceKind::Bucket(it) => {
            it.name.as_ref().map(|it| (scope("buckets"), it, "bucket_name"))
        }
        ResourceKind::LoadBalancer(it) => {
            it.name.as_ref().map(|it| (scope("load balancers"), it, "load_balancer_name"))
        }
        ResourceKind::SecurityGroup(group) => group.group_name.as_ref().map(|it| {
            (("security groups of the VPC", group.vpc.id().to_string()), it, "group_name")
        }),
        ResourceKind::ScalingPolicy(policy) => Some((
            ("scaling policies of the service", policy.target.id().to_string()),
            &policy.name,
            "scale_on",
        )),
        ResourceKind::Vpc(_)
        | ResourceKind::VpcCidrBlock(_)
        | ResourceKind::VpcIpv6Block(_)
        | ResourceKind::EgressOnlyInternetGateway(_)
        | ResourceKind::PrefixList(_)
        | ResourceKind::TransitGateway(_)
        | ResourceKind::TransitGatewayAttachment(_)
        | ResourceKind::TransitGatewayRouteTable(_)
        | ResourceKind::TransitGatewayAssociation(_)
        | ResourceKind::TransitGatewayPropagation(_)
        | ResourceKind::TransitGatewayRoute(_)
        | ResourceKind::VpnGateway(_)
        | ResourceKind::VpnGatewayAttachment(_)
        | ResourceKind::Subnet(_)
        | ResourceKind::InternetGateway(_)
        | ResourceKind::InternetGatewayAttachment(_)
        | ResourceKind::ElasticIp(_)
        | ResourceKind::NatGateway(_)
        | ResourceKind::RouteTable(_)
        | ResourceKind::Route(_)
        | ResourceKind::RouteTableAssociation(_)
        | ResourceKind::NetworkAcl(_)
        | ResourceKind::NetworkAclEntry(_)
        | ResourceKind::NetworkAclAssociation(_)
        | ResourceKind::VpcEndpoint(_)
        | ResourceKind::FlowLog(_)
        | ResourceKind::VpcPeeringConnection(_)
        | ResourceKind::SecurityGroupRule(_)
        | ResourceKind::LaunchTemplate(_)
        | ResourceKind::AutoScalingGroup(_)
        | ResourceKind::NodeGroup(_)
        | ResourceKind::Addon(_)
        | ResourceKind::AccessEntry(_)
        | ResourceKind::PodIdentity(_)
        | ResourceKind::QueuePolicy(_)
        | ResourceKind::EventRule(_)
        | ResourceKind::ScalableTarget(_)
        | ResourceKind::Certificate(_)
        | ResourceKind::TargetGroup(_)
        | ResourceKind::WebAcl(_)
        | ResourceKind::WebAclAssociation(_)
        | ResourceKind::WebAclLogging(_)
        | ResourceKind::Distribution(_)
        | ResourceKind::OriginAccessControl(_)
        | ResourceKind::HostedZone(_)
        | ResourceKind::RecordSet(_)
        | ResourceKind::KmsKey(_)
        | ResourceKind::Listener(_)
        | ResourceKind::ListenerRule(_)
        | ResourceKind::CapacityProvider(_)
        | ResourceKind::ClusterCapacityProviders(_)
        | ResourceKind::PrivateDnsNamespace(_)
        | ResourceKind::DiscoveryService(_)
        | ResourceKind::Role(_)
        | ResourceKind::InstanceProfile(_)
        | ResourceKind::TopicPolicy(_)
        | ResourceKind::TopicSubscription(_)
        | ResourceKind::Budget(_)
        | ResourceKind::BackupPlan(_)
        | ResourceKind::BackupSelection(_)
        | ResourceKind::DbSubnetGroup(_)
        | ResourceKind::DbParameterGroup(_)
        | ResourceKind::CacheSubnetGroup(_)
        | ResourceKind::CacheParameterGroup(_)
        | ResourceKind::FileSystem(_)
        | ResourceKind::MountTarget(_)
        | ResourceKind::AccessPoint(_)
        | ResourceKind::BucketPolicy(_) => None,
    }
}

/// The place of the value that names a resource, or else of the declaration.
fn name_loc(resource: &Resource, field: &str, cx: &Context<'_>) -> Loc {
    let raw = cx.architecture.raw().iter().find(|it| it.name == resource.declaration);
    let value = raw.and_then(|it| it.fields.iter().find(|it| it.name == field));
    match (value, raw) {
        (Some(it), _) => it.value.loc,
        (None, Some(it)) => super::or_loc(it.name_loc, resource.loc),
        (None, None) => resource.loc,
    }
}

/// AG0105: two resources have the same physical name.
fn physical_names(graph: &ResourceGraph, cx: &mut Context<'_>) {
    let mut named: HashMap<(Scope, String), Vec<(&'static str, &Resource)>> = HashMap::new();
    for resource in graph.resources.values() {
        let Some((scope, name, field)) = physical_name(resource) else {
            continue;
        };
        if name.has_unknown() {
            continue;
        }
        // Two texts made of the same parts are equal whatever the parts turn out to be. Names of
        // databases and caches are the same in capitals.
        let name = match scope.0 {
            "databases" | "caches" => name.to_string().to_lowercase(),
            _ => name.to_string(),
        };
        named.entry((scope, name)).or_default().push((field, resource));
    }
    // Few names are given twice, and only those are sorted.
    let twice: BTreeMap<_, _> = named.into_iter().filter(|it| it.1.len() > 1).collect();
    for ((scope, name), all) in twice {
        let mut all: Vec<(Loc, &Resource)> =
            all.into_iter().map(|(field, it)| (name_loc(it, field, cx), it)).collect();
        all.sort_by_key(|(loc, resource)| (*loc, &resource.id));
        let Some(((first_loc, first), others)) = all.split_first() else {
            continue;
        };
        for (loc, other) in others {
            let who = if other.declaration == first.declaration {
                format!("two {} of `{}`", scope.0, other.declaration)
            } else {
                format!("the {} of `{}` and `{}`", scope.0, first.declaration, other.declaration)
            };
            let mut diagnostic =
                Diagnostic::new(Code::AG0105, *loc, format!("{who} are both named `{name}`"))
                    .help("give one of them another name, or none: archgen's own are unique");
            if first_loc.is_known() {
                diagnostic = diagnostic.label(*first_loc, "the name is taken here");
            }
            cx.push(diagnostic);
        }
    }
}

/// The letters and digits of a name, each part with a capital: `network.private.a` is `NetworkPrivateA`.
fn camel_case(name: &str) -> String {
    name.split(|it: char| !it.is_ascii_alphanumeric())
        .map(|part| {
            let mut letters = part.chars();
            match letters.next() {
                Some(first) => first.to_ascii_uppercase().to_string() + letters.as_str(),
                None => String::new(),
            }
        })
        .collect()
}

/// AG0106: two resources get the same logical ID.
fn logical_ids(graph: &ResourceGraph, cx: &mut Context<'_>) {
    // Each with its name, its owner's, and its place.
    let mut taken: HashMap<String, (&str, &str, Loc)> = HashMap::new();
    let parameters =
        graph.parameters.values().map(|it| (it.name.as_str(), it.name.as_str(), it.loc));
    let resources =
        graph.resources.values().map(|it| (it.id.as_str(), it.declaration.as_str(), it.loc));
    let declared = |owner: &str, loc| cx.architecture.named(owner).map_or(loc, |it| it.meta().loc);
    let mut findings: BTreeMap<(&str, &str), Diagnostic> = BTreeMap::new();
    for (id, owner, loc) in parameters.chain(resources) {
        let logical = match taken.entry(camel_case(id)) {
            Entry::Vacant(it) => {
                it.insert((id, owner, loc));
                continue;
            }
            Entry::Occupied(it) => it,
        };
        let (other, other_owner, other_loc) = *logical.get();
        let logical = logical.key();
        let (loc, other_loc) = (declared(owner, loc), declared(other_owner, other_loc));
        // One finding for two declarations, however many of their resources meet.
        let key = (other_owner, owner);
        let mut diagnostic = Diagnostic::new(
            Code::AG0106,
            loc,
            format!("`{id}` and `{other}` both get the logical ID `{logical}`"),
        )
        .help(format!(
            "rename `{owner}` or `{other_owner}` so that they differ in letters or digits"
        ));
        if other_loc.is_known() {
            diagnostic = diagnostic.label(other_loc, "the other is declared here");
        }
        findings.entry(key).or_insert(diagnostic);
    }
    for diagnostic in findings.into_values() {
        cx.push(diagnostic);
    }
}

#[cfg(test)]
mod tests;
