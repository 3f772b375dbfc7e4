//! The few resources that make up the network of a graph, apart from its many rules and services: most
//! checks look at nothing else, and there is no need to pass over everything for each of them.

use crate::resource::{Resource, ResourceGraph, ResourceKind, Typed};

/// Resources by name in the graph.
pub(super) struct Parts<'a>(Vec<&'a Resource>);

impl<'a> Parts<'a> {
    /// VPCs and what routes and filters their traffic, without groups and their rules.
    pub(super) fn of(graph: &'a ResourceGraph) -> Parts<'a> {
        let is_part = |it: &&Resource| {
            matches!(
                it.kind,
                ResourceKind::Vpc(_)
                    | ResourceKind::VpcCidrBlock(_)
                    | ResourceKind::VpcIpv6Block(_)
                    | ResourceKind::Subnet(_)
                    | ResourceKind::NatGateway(_)
                    | ResourceKind::RouteTable(_)
                    | ResourceKind::Route(_)
                    | ResourceKind::NetworkAcl(_)
                    | ResourceKind::NetworkAclEntry(_)
                    | ResourceKind::NetworkAclAssociation(_)
                    | ResourceKind::VpcEndpoint(_)
                    | ResourceKind::VpcPeeringConnection(_)
                    | ResourceKind::PrefixList(_)
                    | ResourceKind::TransitGatewayAttachment(_)
            )
        };
        Parts(graph.resources.values().filter(is_part).collect())
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Resource> + '_ {
        self.0.iter().copied()
    }

    /// Those of one of these types.
    pub(super) fn all<K: Typed>(&self) -> impl Iterator<Item = (&'a Resource, &'a K)> + '_ {
        self.iter().filter_map(|it| K::from_kind(&it.kind).map(|kind| (it, kind)))
    }
}
