//! What only the resources show: quotas (AG0307, AG0308, AG0312), groups of other VPCs (AG0313), names
//! that are given twice (AG0105, AG0106).

use std::collections::BTreeMap;

use super::Context;
use crate::codes::Code;
use crate::declare::SecurityGroup as SecurityGroupDeclaration;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::resource::network::{Accepter, Direction, EndpointKind, RulePeer};
use crate::resource::{
    LaunchTemplate, NetworkAcl, NetworkAclEntry, Ref, Resource, ResourceGraph, ResourceId,
    ResourceKind, SecurityGroup, SecurityGroupRule, Subnet, Vpc, VpcPeeringConnection,
};
use crate::value::{Text, Value};

/// Rules of a group in one direction for one address family.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups>
const RULES_PER_GROUP: usize = 60;
/// Groups on an interface, on the same page.
const GROUPS_PER_INTERFACE: usize = 5;
/// Entries of a network ACL in one direction for one address family; the last one, which denies the
/// rest, is one of them.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-nacls>
const ENTRIES_PER_ACL: usize = 20;

/// Checks.
pub fn check(graph: &ResourceGraph, cx: &mut Context<'_>) {
    rules_per_group(graph, cx);
    entries_per_acl(graph, cx);
    for resource in graph.resources.values() {
        let Some((groups, subnets)) = interface(resource, graph) else {
            continue;
        };
        groups_per_interface(resource, groups, cx);
        groups_of_other_vpcs(resource, groups, subnets, graph, cx);
    }
    rules_to_other_vpcs(graph, cx);
    physical_names(graph, cx);
    logical_ids(graph, cx);
}

/// How often something is there for IPv4 and for IPv6.
#[derive(Clone, Copy, Default)]
struct PerFamily {
    v4: usize,
    v6: usize,
}

impl PerFamily {
    /// Counts an address of a known family.
    fn add(&mut self, is_v4: bool) {
        if is_v4 { self.v4 += 1 } else { self.v6 += 1 }
    }

    /// The greater count and the name of its family.
    fn greatest(self) -> (usize, &'static str) {
        if self.v6 > self.v4 { (self.v6, "IPv6") } else { (self.v4, "IPv4") }
    }
}

const fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}

/// AG0307: a security group has more rules than AWS allows.
fn rules_per_group(graph: &ResourceGraph, cx: &mut Context<'_>) {
    let mut counts: BTreeMap<(&ResourceId, Direction), PerFamily> = BTreeMap::new();
    for (_, _, rule) in graph.all::<SecurityGroupRule>() {
        let count = counts.entry((rule.group.id(), rule.direction)).or_default();
        match &rule.peer {
            RulePeer::Cidr(Value::Literal(it)) => count.add(it.0.addr().is_ipv4()),
            // A rule of an unknown family is one of either; it is not counted.
            RulePeer::Cidr(Value::Parameter(_) | Value::Unknown) => {}
            RulePeer::Group(_) => {
                count.add(true);
                count.add(false);
            }
            // A rule about a prefix list counts as the most blocks that the list may hold.
            RulePeer::PrefixList(it) => {
                let list = graph.get(it);
                let entries = list.and_then(|it| it.max_entries.literal()).copied().unwrap_or(0);
                for _ in 0..entries {
                    count.add(list.is_some_and(|it| !it.ipv6));
                }
            }
        }
    }
    for ((group, direction), count) in counts {
        let (number, family) = count.greatest();
        if number <= RULES_PER_GROUP {
            continue;
        }
        let Some(resource) = graph.resources.get(group) else {
            continue;
        };
        cx.push(
            Diagnostic::new(
                Code::AG0307,
                resource.loc,
                format!(
                    "the security group of `{}` has {number} {} rules for {family}, and AWS allows \
                     {RULES_PER_GROUP}",
                    resource.declaration,
                    direction_name(direction)
                ),
            )
            .note("a rule that names a group counts for IPv4 and for IPv6")
            .help("join ports to ranges and blocks to larger ones, or name a group that the peers share"),
        );
    }
}

/// AG0312: a network ACL has more entries than AWS allows.
fn entries_per_acl(graph: &ResourceGraph, cx: &mut Context<'_>) {
    let mut counts: BTreeMap<(&ResourceId, Direction), PerFamily> = BTreeMap::new();
    for (_, _, entry) in graph.all::<NetworkAclEntry>() {
        if let Value::Literal(it) = &entry.cidr {
            let key = (entry.acl.id(), entry.direction);
            counts.entry(key).or_default().add(it.0.addr().is_ipv4());
        }
    }
    for ((acl, direction), count) in counts {
        let (number, family) = count.greatest();
        if number < ENTRIES_PER_ACL {
            continue;
        }
        let acl: Ref<NetworkAcl> = Ref::new(acl.clone());
        let Some(resource) = graph.resources.get(acl.id()) else {
            continue;
        };
        let name = &resource.declaration;
        let loc = cx
            .architecture
            .named(name)
            .map_or(resource.loc, |it| it.meta().field(direction_name(direction)));
        cx.push(
            Diagnostic::new(
                Code::AG0312,
                loc,
                format!(
                    "network ACL `{name}` has {number} {} entries for {family}, and AWS allows {}",
                    direction_name(direction),
                    ENTRIES_PER_ACL - 1
                ),
            )
            .note("an entry for several ports or blocks counts for each; the entry that denies the rest counts too")
            .help("join ports to ranges and blocks to larger ones; leave fine distinctions to security groups"),
        );
    }
}

/// Groups and subnets.
type Interface<'a> = (&'a [Ref<SecurityGroup>], &'a [Ref<Subnet>]);

/// The groups and subnets of what has interfaces.
fn interface<'a>(resource: &'a Resource, graph: &'a ResourceGraph) -> Option<Interface<'a>> {
    match &resource.kind {
        ResourceKind::Service(it) => Some((&it.groups, &it.subnets)),
        ResourceKind::LoadBalancer(it) => Some((&it.groups, &it.subnets)),
        ResourceKind::AutoScalingGroup(it) => {
            let template = graph.get::<LaunchTemplate>(&it.launch_template)?;
            Some((&template.groups, &it.subnets))
        }
        ResourceKind::DbInstance(it) => {
            let subnets = it.subnet_group.as_ref().and_then(|it| graph.get(it));
            Some((&it.groups, subnets.map(|it| it.subnets.as_slice()).unwrap_or_default()))
        }
        ResourceKind::ReplicationGroup(it) => {
            let subnets = graph.get(&it.subnet_group);
            Some((&it.groups, subnets.map(|it| it.subnets.as_slice()).unwrap_or_default()))
        }
        ResourceKind::MountTarget(it) => Some((&it.groups, std::slice::from_ref(&it.subnet))),
        ResourceKind::VpcEndpoint(it) => {
            if let EndpointKind::Interface { subnets, groups } = &it.kind {
                Some((groups, subnets))
            } else {
                None
            }
        }
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
        | ResourceKind::FlowLog(_)
        | ResourceKind::VpcPeeringConnection(_)
        | ResourceKind::SecurityGroup(_)
        | ResourceKind::SecurityGroupRule(_)
        | ResourceKind::LaunchTemplate(_)
        | ResourceKind::ScalableTarget(_)
        | ResourceKind::ScalingPolicy(_)
        | ResourceKind::Certificate(_)
        | ResourceKind::TargetGroup(_)
        | ResourceKind::Listener(_)
        | ResourceKind::ListenerRule(_)
        | ResourceKind::Cluster(_)
        | ResourceKind::CapacityProvider(_)
        | ResourceKind::ClusterCapacityProviders(_)
        | ResourceKind::TaskDefinition(_)
        | ResourceKind::PrivateDnsNamespace(_)
        | ResourceKind::DiscoveryService(_)
        | ResourceKind::Role(_)
        | ResourceKind::InstanceProfile(_)
        | ResourceKind::LogGroup(_)
        | ResourceKind::Alarm(_)
        | ResourceKind::Dashboard(_)
        | ResourceKind::DbSubnetGroup(_)
        | ResourceKind::DbParameterGroup(_)
        | ResourceKind::CacheSubnetGroup(_)
        | ResourceKind::CacheParameterGroup(_)
        | ResourceKind::FileSystem(_)
        | ResourceKind::AccessPoint(_)
        | ResourceKind::Bucket(_)
        | ResourceKind::BucketPolicy(_)
        | ResourceKind::Secret(_) => None,
    }
}

/// Where a declaration says which groups it has.
fn groups_loc(resource: &Resource, cx: &Context<'_>) -> Loc {
    let declaration = cx.architecture.named(&resource.declaration);
    declaration.map_or(resource.loc, |it| it.meta().field("security_groups"))
}

/// AG0308: a network interface has more security groups than AWS allows.
fn groups_per_interface(resource: &Resource, groups: &[Ref<SecurityGroup>], cx: &mut Context<'_>) {
    if groups.len() <= GROUPS_PER_INTERFACE {
        return;
    }
    let message = format!(
        "`{}` has {} security groups, and AWS allows {GROUPS_PER_INTERFACE} on an interface",
        resource.declaration,
        groups.len()
    );
    let loc = groups_loc(resource, cx);
    cx.push(
        Diagnostic::new(Code::AG0308, loc, message).help("join the rules of some groups in one"),
    );
}

/// The VPC of a security group and where the author wrote it.
fn vpc_of<'a>(
    group: &Ref<SecurityGroup>,
    graph: &'a ResourceGraph,
) -> Option<(&'a Ref<Vpc>, &'a Resource)> {
    Some((&graph.get(group)?.vpc, graph.resources.get(group.id())?))
}

/// AG0313: a security group belongs to another VPC.
fn other_vpc(loc: Loc, message: String, group: &Resource, help: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::AG0313, loc, message).help(help);
    if group.loc.is_known() {
        diagnostic.label(group.loc, "the group is declared here")
    } else {
        diagnostic
    }
}

fn vpc_name<'a>(vpc: &'a Ref<Vpc>, graph: &'a ResourceGraph) -> &'a str {
    graph.resources.get(vpc.id()).map_or(vpc.id().as_str(), |it| it.declaration.as_str())
}

/// Groups on interfaces in subnets of other VPCs.
fn groups_of_other_vpcs(
    resource: &Resource,
    groups: &[Ref<SecurityGroup>],
    subnets: &[Ref<Subnet>],
    graph: &ResourceGraph,
    cx: &mut Context<'_>,
) {
    let Some(subnet) = subnets.iter().find_map(|it| graph.get(it)) else {
        return;
    };
    for group in groups {
        let Some((vpc, declared)) = vpc_of(group, graph) else {
            continue;
        };
        if *vpc == subnet.vpc {
            continue;
        }
        let message = format!(
            "`{}` stands in VPC `{}`, and security group `{}` belongs to `{}`",
            resource.declaration,
            vpc_name(&subnet.vpc, graph),
            declared.declaration,
            vpc_name(vpc, graph)
        );
        let loc = groups_loc(resource, cx);
        cx.push(other_vpc(loc, message, declared, "use a group of the same VPC"));
    }
}

/// Written rules that name a group of a VPC that is not peered.
fn rules_to_other_vpcs(graph: &ResourceGraph, cx: &mut Context<'_>) {
    let peered = |one: &Ref<Vpc>, other: &Ref<Vpc>| {
        graph.all::<VpcPeeringConnection>().any(|(_, _, it)| match &it.accepter {
            Accepter::Vpc(accepter) => {
                (it.requester == *one && accepter == other)
                    || (it.requester == *other && accepter == one)
            }
            Accepter::External { .. } => false,
        })
    };
    for (_, resource, rule) in graph.all::<SecurityGroupRule>() {
        // What `connect!` needs is proved as a whole.
        if cx.architecture.get::<SecurityGroupDeclaration>(&resource.declaration).is_none() {
            continue;
        }
        let RulePeer::Group(peer) = &rule.peer else {
            continue;
        };
        let (Some((own, declared)), Some((other, _))) =
            (vpc_of(&rule.group, graph), vpc_of(peer, graph))
        else {
            continue;
        };
        // A peering may be among what is not known here.
        if own == other || peered(own, other) || cx.architecture.open {
            continue;
        }
        let Some(named) = graph.resources.get(peer.id()) else {
            continue;
        };
        let message = format!(
            "a rule of security group `{}` in VPC `{}` names `{}`, which belongs to `{}`",
            declared.declaration,
            vpc_name(own, graph),
            named.declaration,
            vpc_name(other, graph)
        );
        let help = "connect the VPCs with a `vpc_peering!`, or name a group of the same VPC";
        cx.push(other_vpc(resource.loc, message, named, help));
    }
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
        ResourceKind::TaskDefinition(it) => {
            Some((scope("task definitions"), &it.family, "service_name"))
        }
        ResourceKind::Cluster(it) => {
            it.name.as_ref().map(|it| (scope("clusters"), it, "cluster_name"))
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
        ResourceKind::Secret(it) => {
            it.name.as_ref().map(|it| (scope("secrets"), it, "secret_name"))
        }
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
        | ResourceKind::ScalableTarget(_)
        | ResourceKind::Certificate(_)
        | ResourceKind::TargetGroup(_)
        | ResourceKind::Listener(_)
        | ResourceKind::ListenerRule(_)
        | ResourceKind::CapacityProvider(_)
        | ResourceKind::ClusterCapacityProviders(_)
        | ResourceKind::PrivateDnsNamespace(_)
        | ResourceKind::DiscoveryService(_)
        | ResourceKind::Role(_)
        | ResourceKind::InstanceProfile(_)
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
    let mut named: BTreeMap<(Scope, String), Vec<(Loc, &Resource)>> = BTreeMap::new();
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
        let loc = name_loc(resource, field, cx);
        named.entry((scope, name)).or_default().push((loc, resource));
    }
    for ((scope, name), mut all) in named {
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
    let mut taken: BTreeMap<String, (String, Loc, String)> = BTreeMap::new();
    let parameters = graph.parameters.values().map(|it| (it.name.clone(), it.loc, it.name.clone()));
    let resources = graph.resources.values().map(|it| {
        let declaration = cx.architecture.named(&it.declaration);
        let loc = declaration.map_or(it.loc, |it| it.meta().loc);
        (it.id.to_string(), loc, it.declaration.clone())
    });
    let mut findings: BTreeMap<(String, String), Diagnostic> = BTreeMap::new();
    for (id, loc, owner) in parameters.chain(resources) {
        let logical = camel_case(&id);
        let Some((other, other_loc, other_owner)) = taken.get(&logical) else {
            taken.insert(logical, (id, loc, owner));
            continue;
        };
        // One finding for two declarations, however many of their resources meet.
        let key = (other_owner.clone(), owner.clone());
        let mut diagnostic = Diagnostic::new(
            Code::AG0106,
            loc,
            format!("`{id}` and `{other}` both get the logical ID `{logical}`"),
        )
        .help(format!(
            "rename `{owner}` or `{other_owner}` so that they differ in letters or digits"
        ));
        if other_loc.is_known() {
            diagnostic = diagnostic.label(*other_loc, "the other is declared here");
        }
        findings.entry(key).or_insert(diagnostic);
    }
    for diagnostic in findings.into_values() {
        cx.push(diagnostic);
    }
}

#[cfg(test)]
mod tests;
