//! VPCs, subnets, routes, network ACLs, endpoints, flow logs and peerings.

use archgen_core::resource::network::{
    Accepter, Destination, Direction, ElasticIp, EndpointKind, FlowLog, InternetGateway,
    InternetGatewayAttachment, Ipv6Block, NatGateway, NetworkAcl, NetworkAclAssociation,
    NetworkAclEntry, PortRange, Route, RouteTable, RouteTableAssociation, RouteTarget, Subnet,
    SubnetIpv6, Vpc, VpcCidrBlock, VpcEndpoint, VpcIpv6Block, VpcPeeringConnection,
};
use archgen_core::resource::{Attribute, Ref, Resource};
use archgen_core::types::Cidr;
use archgen_core::value::{Pseudo, Text, Value};

use super::address;
use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, map_value, pseudo, value};
use crate::ec2::{Ports, Spelled, spelled};

#[cfg(test)]
mod tests;

impl Writer<'_> {
    pub(super) fn vpc(&self, resource: &Resource, it: &Vpc, out: &mut Module) {
        let own = Ref::<Vpc>::new(resource.id.clone());
        // The block that Amazon gives is an argument of the VPC: with a resource of its own the VPC's
        // `ipv6_cidr_block`, which subnets are cut from, would be empty when it has just been made, and
        // the next plan would take the block away again.
        let amazon = self
            .graph
            .all::<VpcIpv6Block>()
            .any(|(_, _, it)| it.vpc == own && it.block == Ipv6Block::Amazon);
        let body = Object::new()
            .maybe("assign_generated_ipv6_cidr_block", amazon.then_some(true))
            .with("cidr_block", value(&it.cidr))
            .with("enable_dns_hostnames", true)
            .with("enable_dns_support", true)
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn vpc_cidr_block(&self, resource: &Resource, it: &VpcCidrBlock, out: &mut Module) {
        let body =
            Object::new().with("cidr_block", value(&it.cidr)).with("vpc_id", self.id(&it.vpc));
        out.add(self.block(resource, body));
    }

    pub(super) fn vpc_ipv6_block(&self, resource: &Resource, it: &VpcIpv6Block, out: &mut Module) {
        match &it.block {
            // An argument of the VPC.
            Ipv6Block::Amazon => {}
            Ipv6Block::Given(block) => {
                let body = Object::new()
                    .with("ipv6_cidr_block", value(block))
                    .with("vpc_id", self.id(&it.vpc));
                out.add(self.block(resource, body));
            }
        }
    }

    pub(super) fn subnet(&self, resource: &Resource, it: &Subnet, out: &mut Module) {
        let ipv6 = it.ipv6.as_ref().map(|block| match block {
            SubnetIpv6::Nth(number) => self.nth_ipv6_block(&it.vpc, *number),
            SubnetIpv6::Given(it) => value(it),
        });
        let zones = Expr::Name("data.aws_availability_zones.available.names".into());
        let body = Object::new()
            .maybe("assign_ipv6_address_on_creation", ipv6.as_ref().map(|_| true))
            .with("availability_zone", zones.at(usize::from(it.zone)))
            .with("cidr_block", value(&it.cidr))
            .maybe("ipv6_cidr_block", ipv6)
            .with("map_public_ip_on_launch", false)
            .with("tags", self.tags(resource))
            .with("vpc_id", self.id(&it.vpc));
        out.add(self.block(resource, body));
    }

    /// The /64 with this number in the /56 that Amazon gives a VPC.
    fn nth_ipv6_block(&self, vpc: &Ref<Vpc>, number: u8) -> Expr {
        let block = self.attribute(vpc.id(), Attribute::Ipv6Blocks);
        let number = Expr::Integer(i64::from(number));
        Expr::call("cidrsubnet", [block, Expr::Integer(8), number])
    }

    pub(super) fn internet_gateway(
        &self,
        resource: &Resource,
        it: &InternetGateway,
        out: &mut Module,
    ) {
        let InternetGateway {} = it;
        out.add(self.block(resource, Object::new().with("tags", self.tags(resource))));
    }

    pub(super) fn internet_gateway_attachment(
        &self,
        resource: &Resource,
        it: &InternetGatewayAttachment,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("internet_gateway_id", self.id(&it.gateway))
            .with("vpc_id", self.id(&it.vpc));
        out.add(self.block(resource, body));
    }

    pub(super) fn elastic_ip(&self, resource: &Resource, it: &ElasticIp, out: &mut Module) {
        let ElasticIp {} = it;
        let body = Object::new().with("domain", "vpc").with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn nat_gateway(&self, resource: &Resource, it: &NatGateway, out: &mut Module) {
        let allocation = |it: &Ref<ElasticIp>| self.attribute(it.id(), Attribute::AllocationId);
        let body = Object::new()
            .maybe("allocation_id", it.address.as_ref().map(allocation))
            .with("connectivity_type", if it.address.is_some() { "public" } else { "private" })
            .with("subnet_id", self.id(&it.subnet))
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn route_table(&self, resource: &Resource, it: &RouteTable, out: &mut Module) {
        let body = Object::new().with("tags", self.tags(resource)).with("vpc_id", self.id(&it.vpc));
        out.add(self.block(resource, body));
    }

    pub(super) fn route(&self, resource: &Resource, it: &Route, out: &mut Module) {
        let (name, destination) = match &it.destination {
            Destination::Cidr(it) => {
                cidr("destination_cidr_block", "destination_ipv6_cidr_block", it)
            }
            Destination::PrefixList(it) => ("destination_prefix_list_id", self.id(it)),
        };
        let (target_name, target) = match &it.target {
            RouteTarget::InternetGateway(it) => ("gateway_id", self.id(it)),
            RouteTarget::NatGateway(it) => ("nat_gateway_id", self.id(it)),
            RouteTarget::VpcPeering(it) => ("vpc_peering_connection_id", self.id(it)),
            RouteTarget::EgressOnlyInternetGateway(it) => ("egress_only_gateway_id", self.id(it)),
            RouteTarget::TransitGateway(it) => ("transit_gateway_id", self.id(it)),
            RouteTarget::VpnGateway(it) => ("gateway_id", self.id(it)),
            RouteTarget::Appliance(_) | RouteTarget::Unknown => {
                panic!("invariant: every route of a checked architecture leads to a gateway")
            }
        };
        let body = Object::new()
            .with(name, destination)
            .with("route_table_id", self.id(&it.table))
            .with(target_name, target);
        out.add(self.block(resource, body));
    }

    pub(super) fn route_table_association(
        &self,
        resource: &Resource,
        it: &RouteTableAssociation,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("route_table_id", self.id(&it.table))
            .with("subnet_id", self.id(&it.subnet));
        out.add(self.block(resource, body));
    }

    pub(super) fn network_acl(&self, resource: &Resource, it: &NetworkAcl, out: &mut Module) {
        let body = Object::new().with("tags", self.tags(resource)).with("vpc_id", self.id(&it.vpc));
        out.add(self.block(resource, body));
    }

    pub(super) fn network_acl_entry(
        &self,
        resource: &Resource,
        it: &NetworkAclEntry,
        out: &mut Module,
    ) {
        let (name, block) = cidr("cidr_block", "ipv6_cidr_block", &it.cidr);
        let Spelled { number, ports, .. } = spelled(&it.traffic);
        let more = match ports {
            Ports::None => Object::new(),
            Ports::Range(it) => range("from_port", "to_port", it),
            Ports::Icmp(kind, code) => {
                Object::new().with("icmp_type", kind).with("icmp_code", code)
            }
        };
        let body = Object::new()
            .with(name, block)
            .with("egress", it.direction == Direction::Egress)
            .with("network_acl_id", self.id(&it.acl))
            .with("protocol", number.to_string())
            .with("rule_action", if it.allow { "allow" } else { "deny" })
            .with("rule_number", value(&it.number))
            .and(more);
        out.add(self.block(resource, body));
    }

    pub(super) fn network_acl_association(
        &self,
        resource: &Resource,
        it: &NetworkAclAssociation,
        out: &mut Module,
    ) {
        let body = Object::new()
            .with("network_acl_id", self.id(&it.acl))
            .with("subnet_id", self.id(&it.subnet));
        out.add(self.block(resource, body));
    }

    pub(super) fn vpc_endpoint(&self, resource: &Resource, it: &VpcEndpoint, out: &mut Module) {
        let service = Expr::concat([
            Expr::from("com.amazonaws."),
            pseudo(Pseudo::Region),
            Expr::from(format!(".{}", it.service.as_str())),
        ]);
        let all = Object::new()
            .with("service_name", service)
            .with("tags", self.tags(resource))
            .with("vpc_id", self.id(&it.vpc));
        let body = match &it.kind {
            EndpointKind::Gateway { tables } => {
                all.with("route_table_ids", self.ids(tables)).with("vpc_endpoint_type", "Gateway")
            }
            EndpointKind::Interface { subnets, groups } => all
                .with("private_dns_enabled", true)
                .with("security_group_ids", self.ids(groups))
                .with("subnet_ids", self.ids(subnets))
                .with("vpc_endpoint_type", "Interface"),
        };
        out.add(self.block(resource, body));
    }

    pub(super) fn flow_log(&self, resource: &Resource, it: &FlowLog, out: &mut Module) {
        let body = Object::new()
            .with("iam_role_arn", self.arn(&it.role))
            // The group itself: where permissions are given, its ARN ends with `:*`, for its streams.
            .with("log_destination", self.address(it.log_group.id()).attribute("arn"))
            .with("log_destination_type", "cloud-watch-logs")
            .with("tags", self.tags(resource))
            .with("traffic_type", "ALL")
            .with("vpc_id", self.id(&it.vpc));
        out.add(self.waits_for_permissions(self.block(resource, body), &[&it.role]));
    }

    /// A peering, accepted as CloudFormation accepts it: by itself in the own account, by the role in
    /// another one.
    pub(super) fn vpc_peering_connection(
        &self,
        resource: &Resource,
        it: &VpcPeeringConnection,
        out: &mut Module,
    ) {
        let all =
            Object::new().with("tags", self.tags(resource)).with("vpc_id", self.id(&it.requester));
        let (vpc, account, role, region) = match &it.accepter {
            Accepter::Vpc(it) => (self.id(it), None, None, None),
            Accepter::External { vpc, account, role, region, cidr: _ } => {
                let text = |it: &Option<Text>| self.optional_text(it.as_ref());
                (self.text(vpc), text(account), text(role), text(region))
            }
        };
        // What is in one account and Region can be accepted in one step.
        let at_once = account.is_none() && role.is_none() && region.is_none();
        let body = all
            .maybe("auto_accept", at_once.then_some(true))
            .maybe("peer_owner_id", account)
            .maybe("peer_region", region.clone())
            .with("peer_vpc_id", vpc);
        out.add(self.block(resource, body));
        if at_once {
            return;
        }
        let connection = self.attribute(&resource.id, Attribute::Id);
        let body =
            Object::new().with("auto_accept", true).with("vpc_peering_connection_id", connection);
        let body = match role {
            None => body.maybe("region", region),
            Some(role) => {
                let alias = address::name(resource);
                let assume = Object::new().with("role_arn", role);
                let provider = Object::new()
                    .with("alias", alias.as_str())
                    .with("assume_role", vec![assume.into()])
                    .maybe("region", region);
                out.providers.push(provider);
                body.with("provider", format!("aws.{alias}"))
            }
        };
        out.add(self.part(resource, "aws_vpc_peering_connection_accepter", body));
    }
}

/// A block under the name for its family. Parameters hold IPv4 blocks.
pub(super) fn cidr(
    ipv4: &'static str,
    ipv6: &'static str,
    block: &Value<Cidr>,
) -> (&'static str, Expr) {
    let is_ipv6 = block.literal().is_some_and(|it| it.0.addr().is_ipv6());
    (if is_ipv6 { ipv6 } else { ipv4 }, value(block))
}

/// The two ends of a range; a parameter gives one port, which is both.
pub(super) fn range(first: &'static str, last: &'static str, range: &Value<PortRange>) -> Object {
    Object::new()
        .with(first, map_value(range, |it| Expr::from(it.first)))
        .with(last, map_value(range, |it| Expr::from(it.last)))
}
