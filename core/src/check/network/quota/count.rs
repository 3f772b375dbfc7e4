//! Counts what is used of each quota.

use std::collections::BTreeMap;

use super::{Quota, Usage};
use crate::check::network::parts::Parts;
use crate::network::Family;
use crate::network::standing::standing;
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::{Accepter, Destination, Direction, EndpointKind, RulePeer};
use crate::resource::{
    NatGateway, NetworkAcl, NetworkAclEntry, PrefixList, Ref, ResourceGraph, ResourceId,
    ResourceKind, Route, RouteTable, Service, Subnet, TransitGatewayAttachment, Vpc, VpcCidrBlock,
    VpcEndpoint, VpcIpv6Block, VpcPeeringConnection,
};
use crate::types::Cidr;
use crate::value::Value;

/// Lists that AWS keeps, by a part of their names, with what a rule that names one counts.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html#aws-managed-prefix-list-weights>
const MANAGED_WEIGHTS: [(&str, usize); 5] = [
    ("cloudfront.origin-facing", 55),
    ("groundstation", 5),
    ("vpc-lattice", 10),
    (".dynamodb", 1),
    (".s3", 1),
];

/// The start of the names of lists that AWS keeps.
const MANAGED: &str = "com.amazonaws.";

/// The weight of a list that AWS keeps; none if it is no such list, or not a known one.
fn managed_weight(name: &str) -> Option<usize> {
    let name = name.get(name.find(MANAGED)?..)?;
    MANAGED_WEIGHTS.iter().find(|(part, _)| name.contains(part)).map(|(_, weight)| *weight)
}

/// What a reference to a list counts, and its family; none if that is not known.
fn weight(graph: &ResourceGraph, list: &Ref<PrefixList>) -> Option<(usize, Family)> {
    let family = |ipv6| if ipv6 { Family::Ipv6 } else { Family::Ipv4 };
    match graph.get(list) {
        Some(it) => {
            let weight = match managed_weight(&it.name) {
                Some(weight) => weight,
                None => usize::from(*it.max_entries.literal()?),
            };
            Some((weight, family(it.ipv6)))
        }
        None => {
            let name = list.id().as_str();
            Some((managed_weight(name)?, family(name.contains(".ipv6."))))
        }
    }
}

fn family_of(cidr: &Value<Cidr>) -> Option<Family> {
    cidr.literal().map(|it| if it.0.addr().is_ipv4() { Family::Ipv4 } else { Family::Ipv6 })
}

/// Rules by direction and family.
#[derive(Clone, Copy, Default)]
struct PerGroup([[usize; 2]; 2]);

impl PerGroup {
    fn add(&mut self, direction: Direction, family: Family, number: usize) {
        self.0[usize::from(direction == Direction::Egress)][usize::from(family == Family::Ipv6)] +=
            number;
    }
}

/// The use of quotas, by resource.
struct Counts<'a> {
    graph: &'a ResourceGraph,
    used: BTreeMap<(&'a ResourceId, Quota), usize>,
}

impl<'a> Counts<'a> {
    fn add(&mut self, id: &'a ResourceId, quota: Quota, number: usize) {
        if number > 0 {
            *self.used.entry((id, quota)).or_default() += number;
        }
    }

    fn get(&self, id: &'a ResourceId, quota: Quota) -> usize {
        self.used.get(&(id, quota)).copied().unwrap_or(0)
    }

    fn rules(&mut self) {
        // The rules of a group mostly follow one another: they are added up before they are looked up.
        let mut run: Option<(&ResourceId, PerGroup)> = None;
        for resource in self.graph.resources.values() {
            // The rule that a new group starts with.
            if let ResourceKind::SecurityGroup(group) = &resource.kind
                && group.default_egress == Value::Literal(true)
            {
                self.add(&resource.id, Quota::GroupRules(Direction::Egress, Family::Ipv4), 1);
            }
            let ResourceKind::SecurityGroupRule(rule) = &resource.kind else { continue };
            let count = match &mut run {
                Some((group, count)) if *group == rule.group.id() => count,
                Some(_) | None => {
                    self.flush(run.take());
                    &mut run.insert((rule.group.id(), PerGroup::default())).1
                }
            };
            match &rule.peer {
                // A rule of an unknown family is one of either; it is not counted.
                RulePeer::Cidr(it) => {
                    if let Some(family) = family_of(it) {
                        count.add(rule.direction, family, 1);
                    }
                }
                RulePeer::Group(_) => {
                    for family in Family::ALL {
                        count.add(rule.direction, family, 1);
                    }
                }
                RulePeer::PrefixList(it) => {
                    if let Some((weight, family)) = weight(self.graph, it) {
                        count.add(rule.direction, family, weight);
                    }
                }
            }
        }
        self.flush(run);
    }

    fn flush(&mut self, run: Option<(&'a ResourceId, PerGroup)>) {
        let Some((group, PerGroup(counts))) = run else { return };
        for (direction, counts) in [Direction::Ingress, Direction::Egress].into_iter().zip(counts) {
            for (family, number) in Family::ALL.into_iter().zip(counts) {
                self.add(group, Quota::GroupRules(direction, family), number);
            }
        }
    }

    fn routes_and_entries(&mut self, parts: &Parts<'a>) {
        for (_, route) in parts.all::<Route>() {
            let counted = match &route.destination {
                Destination::Cidr(it) => family_of(it).map(|it| (1, it)),
                Destination::PrefixList(it) => weight(self.graph, it),
            };
            let Some((number, family)) = counted else {
                continue;
            };
            let quota =
                if route.propagated { Quota::PropagatedRoutes } else { Quota::TableRoutes(family) };
            self.add(route.table.id(), quota, number);
        }
        for (_, entry) in parts.all::<NetworkAclEntry>() {
            if let Some(family) = family_of(&entry.cidr) {
                self.add(entry.acl.id(), Quota::AclEntries(entry.direction, family), 1);
            }
        }
        for (resource, list) in parts.all::<PrefixList>() {
            if managed_weight(&list.name).is_none() {
                self.add(&resource.id, Quota::ListEntries, list.entries.len());
            }
        }
    }

    fn vpcs(&mut self, parts: &Parts<'a>) {
        for (resource, _) in parts.all::<Vpc>() {
            self.add(&resource.id, Quota::Blocks(Family::Ipv4), 1);
        }
        for (_, it) in parts.all::<VpcCidrBlock>() {
            self.add(it.vpc.id(), Quota::Blocks(Family::Ipv4), 1);
        }
        for (_, it) in parts.all::<VpcIpv6Block>() {
            self.add(it.vpc.id(), Quota::Blocks(Family::Ipv6), 1);
        }
        for (_, it) in parts.all::<Subnet>() {
            self.add(it.vpc.id(), Quota::Subnets, 1);
        }
        for (_, it) in parts.all::<RouteTable>() {
            self.add(it.vpc.id(), Quota::RouteTables, 1);
        }
        for (_, it) in parts.all::<NetworkAcl>() {
            self.add(it.vpc.id(), Quota::Acls, 1);
        }
        for (_, it) in parts.all::<VpcEndpoint>() {
            if let EndpointKind::Interface { .. } = it.kind {
                self.add(it.vpc.id(), Quota::InterfaceEndpoints, 1);
            }
        }
        for (_, it) in parts.all::<VpcPeeringConnection>() {
            self.add(it.requester.id(), Quota::Peerings, 1);
            if let Accepter::Vpc(accepter) = &it.accepter {
                self.add(accepter.id(), Quota::Peerings, 1);
            }
        }
    }

    /// Network address units, as far as they can be counted: one for an address, six for what AWS runs
    /// in a zone.
    fn address_units(&mut self, parts: &Parts<'a>) {
        let graph = self.graph;
        let vpc_of = |subnet: &Ref<Subnet>| graph.get(subnet).map(|it| it.vpc.id());
        for (_, it) in parts.all::<NatGateway>() {
            if let Some(vpc) = vpc_of(&it.subnet) {
                self.add(vpc, Quota::AddressUnits, 6);
            }
        }
        for (_, it) in parts.all::<TransitGatewayAttachment>() {
            self.add(it.vpc.id(), Quota::AddressUnits, 6 * it.subnets.len());
        }
        for (_, it) in parts.all::<VpcEndpoint>() {
            if let EndpointKind::Interface { subnets, .. } = &it.kind {
                self.add(it.vpc.id(), Quota::AddressUnits, 6 * subnets.len());
            }
        }
        for (_, _, it) in graph.all::<Service>() {
            let tasks = it.desired_count.as_ref().and_then(Value::literal).map_or(1, |it| it.0);
            if let Some(vpc) = it.subnets.first().and_then(vpc_of) {
                self.add(vpc, Quota::AddressUnits, tasks as usize);
            }
        }
        for it in graph.interfaces.values() {
            let Some(subnets) = &it.subnets else { continue };
            let Some(vpc) = subnets.first().and_then(vpc_of) else { continue };
            let units = match it.kind {
                InterfaceKind::NetworkLoadBalancer | InterfaceKind::VpcEndpoint => {
                    6 * subnets.len()
                }
                InterfaceKind::LoadBalancer => subnets.len(),
                InterfaceKind::Function => 6,
                InterfaceKind::CloudFront => 0,
                InterfaceKind::Linux
                | InterfaceKind::Windows
                | InterfaceKind::Instance
                | InterfaceKind::Managed => 1,
            };
            self.add(vpc, Quota::AddressUnits, units);
        }
        let mut peered: Vec<(&ResourceId, usize)> = Vec::new();
        for (_, it) in parts.all::<VpcPeeringConnection>() {
            let VpcPeeringConnection { requester, accepter: Accepter::Vpc(accepter) } = it else {
                continue;
            };
            peered.push((requester.id(), self.get(accepter.id(), Quota::AddressUnits)));
            peered.push((accepter.id(), self.get(requester.id(), Quota::AddressUnits)));
        }
        for (vpc, number) in peered {
            if self.get(vpc, Quota::PeeredAddressUnits) == 0 {
                let own = self.get(vpc, Quota::AddressUnits);
                self.add(vpc, Quota::PeeredAddressUnits, own);
            }
            self.add(vpc, Quota::PeeredAddressUnits, number);
        }
    }
}

/// What is used of every quota that can be counted, sorted by resource; what has interfaces comes last.
///
/// A count is never more than what is really used: values that are not known do not count.
pub fn usage(graph: &ResourceGraph) -> Vec<Usage> {
    let mut counts = Counts { graph, used: BTreeMap::new() };
    counts.rules();
    let parts = Parts::of(graph);
    counts.routes_and_entries(&parts);
    counts.vpcs(&parts);
    counts.address_units(&parts);
    let mut all: Vec<Usage> = Vec::new();
    for ((id, quota), used) in &counts.used {
        let Some(resource) = graph.resources.get(*id) else {
            continue;
        };
        let name = &resource.declaration;
        let (subject, limit) = match quota {
            Quota::GroupRules(..) => (format!("security group `{name}`"), quota.limit()),
            Quota::AclEntries(..) => (format!("network ACL `{name}`"), quota.limit()),
            Quota::TableRoutes(_) | Quota::PropagatedRoutes => {
                let id = id.as_str().trim_end_matches(".route_table");
                (format!("route table `{id}`"), quota.limit())
            }
            Quota::ListEntries => {
                let list: Ref<PrefixList> = Ref::new((*id).clone());
                let Some(most) = graph.get(&list).and_then(|it| it.max_entries.literal()) else {
                    continue;
                };
                (format!("prefix list `{name}`"), usize::from(*most))
            }
            Quota::InterfaceGroups
            | Quota::InterfaceRules
            | Quota::Subnets
            | Quota::Blocks(_)
            | Quota::RouteTables
            | Quota::Acls
            | Quota::InterfaceEndpoints
            | Quota::Peerings
            | Quota::AddressUnits
            | Quota::PeeredAddressUnits => (format!("VPC `{name}`"), quota.limit()),
        };
        all.push(Usage {
            subject,
            quota: *quota,
            used: *used,
            limit,
            loc: resource.loc,
            declaration: name.clone(),
        });
    }
    // The most rules that a group has in one direction for one family.
    let mut largest: BTreeMap<&ResourceId, usize> = BTreeMap::new();
    for ((id, quota), used) in &counts.used {
        if matches!(quota, Quota::GroupRules(..)) {
            let most = largest.entry(id).or_default();
            *most = (*most).max(*used);
        }
    }
    for it in standing(graph) {
        let Some(groups) = it.groups else { continue };
        let rules = groups.iter().filter_map(|it| largest.get(it.id())).max().copied().unwrap_or(0);
        let product = (Quota::InterfaceRules, rules * groups.len());
        for (quota, used) in [(Quota::InterfaceGroups, groups.len()), product] {
            all.push(Usage {
                subject: format!("`{}`", it.name),
                quota,
                used,
                limit: quota.limit(),
                loc: it.loc,
                declaration: it.name.to_string(),
            });
        }
    }
    all
}
