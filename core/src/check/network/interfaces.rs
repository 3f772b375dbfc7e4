//! Everything that has network interfaces: resources that were lowered, and what a template says of its own.

use crate::loc::Loc;
use crate::resource::network::EndpointKind;
use crate::resource::{
    LaunchTemplate, Ref, Resource, ResourceGraph, ResourceKind, SecurityGroup, Subnet,
};

/// Something with network interfaces.
pub(super) struct Standing<'a> {
    /// Its name in messages.
    pub name: &'a str,
    /// Where it was written.
    pub loc: Loc,
    /// Its type in CloudFormation.
    pub type_name: &'a str,
    /// The groups on its interfaces; none if they are not known.
    pub groups: Option<&'a [Ref<SecurityGroup>]>,
    /// The subnets it stands in; none if they are not known.
    pub subnets: Option<&'a [Ref<Subnet>]>,
}

/// Everything that has interfaces, by name in the graph.
pub(super) fn standing(graph: &ResourceGraph) -> Vec<Standing<'_>> {
    let mut all: Vec<Standing<'_>> = Vec::new();
    for resource in graph.resources.values() {
        let Some((groups, subnets)) = interface(resource, graph) else {
            continue;
        };
        all.push(Standing {
            name: &resource.declaration,
            loc: resource.loc,
            type_name: resource.kind.cloudformation_type(),
            // What is lowered always has groups: none means that they are not known.
            groups: (!groups.is_empty()).then_some(groups),
            subnets: (!subnets.is_empty()).then_some(subnets),
        });
    }
    all.extend(graph.interfaces.values().map(|it| Standing {
        name: &it.declaration,
        loc: it.loc,
        type_name: &it.type_name,
        groups: it.groups.as_deref(),
        subnets: it.subnets.as_deref(),
    }));
    all
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
