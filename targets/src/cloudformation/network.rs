//! VPCs, subnets, routes, network ACLs, endpoints, flow logs and peerings.

use archgen_core::resource::network::{
    Accepter, Destination, Direction, ElasticIp, EndpointKind, FlowLog, InternetGateway,
    InternetGatewayAttachment, Ipv6Block, NatGateway, NetworkAcl, NetworkAclAssociation,
    NetworkAclEntry, PortRange, Route, RouteTable, RouteTableAssociation, RouteTarget, Subnet,
    SubnetIpv6, Vpc, VpcCidrBlock, VpcEndpoint, VpcIpv6Block, VpcPeeringConnection,
};
use archgen_core::resource::{Attribute, Ref, Resource};
use archgen_core::types::Cidr;
use archgen_core::value::{Pseudo, Value};

use super::expr::{Expr, Object};
use super::writer::{Writer, map_value, pseudo, value};
use crate::ec2::{Ports, Spelled, spelled};

impl Writer<'_> {
    pub(super) fn vpc(&self, resource: &Resource, it: &Vpc) -> Object {
        Object::new()
            .with("CidrBlock", value(&it.cidr))
            .with("EnableDnsHostnames", true)
            .with("EnableDnsSupport", true)
            .with("Tags", self.tags(resource))
    }

    pub(super) fn vpc_cidr_block(&self, it: &VpcCidrBlock) -> Object {
        Object::new().with("CidrBlock", value(&it.cidr)).with("VpcId", self.id(&it.vpc))
    }

    pub(super) fn vpc_ipv6_block(&self, it: &VpcIpv6Block) -> Object {
        let all = Object::new().with("VpcId", self.id(&it.vpc));
        match &it.block {
            Ipv6Block::Amazon => all.with("AmazonProvidedIpv6CidrBlock", true),
            Ipv6Block::Given(it) => all.with("Ipv6CidrBlock", value(it)),
        }
    }

    pub(super) fn subnet(&self, resource: &Resource, it: &Subnet) -> Object {
        let ipv6 = it.ipv6.as_ref().map(|block| match block {
            SubnetIpv6::Nth(number) => self.nth_ipv6_block(&it.vpc, *number),
            SubnetIpv6::Given(it) => value(it),
        });
        Object::new()
            .maybe("AssignIpv6AddressOnCreation", ipv6.as_ref().map(|_| true))
            .with("AvailabilityZone", Expr::Select(it.zone, Box::new(Expr::GetAzs)))
            .with("CidrBlock", value(&it.cidr))
            .maybe("Ipv6CidrBlock", ipv6)
            .with("MapPublicIpOnLaunch", false)
            .with("Tags", self.tags(resource))
            .with("VpcId", self.id(&it.vpc))
    }

    /// The /64 with this number in the block that Amazon gives a VPC: `Fn::Cidr` cuts it into 256.
    fn nth_ipv6_block(&self, vpc: &Ref<Vpc>, number: u8) -> Expr {
        let blocks = self.attribute(vpc.id(), Attribute::Ipv6Blocks);
        let first = Expr::Select(0, Box::new(blocks));
        Expr::Select(number, Box::new(Expr::Cidr(Box::new(first), 256, 64)))
    }

    pub(super) fn internet_gateway(&self, resource: &Resource, it: &InternetGateway) -> Object {
        let InternetGateway {} = it;
        Object::new().with("Tags", self.tags(resource))
    }

    pub(super) fn internet_gateway_attachment(&self, it: &InternetGatewayAttachment) -> Object {
        Object::new()
            .with("InternetGatewayId", self.id(&it.gateway))
            .with("VpcId", self.id(&it.vpc))
    }

    pub(super) fn elastic_ip(&self, resource: &Resource, it: &ElasticIp) -> Object {
        let ElasticIp {} = it;
        Object::new().with("Domain", "vpc").with("Tags", self.tags(resource))
    }

    pub(super) fn nat_gateway(&self, resource: &Resource, it: &NatGateway) -> Object {
        Object::new()
            .maybe("AllocationId", it.address.as_ref().map(|it| self.id(it)))
            .with("ConnectivityType", if it.address.is_some() { "public" } else { "private" })
            .with("SubnetId", self.id(&it.subnet))
            .with("Tags", self.tags(resource))
    }

    pub(super) fn route_table(&self, resource: &Resource, it: &RouteTable) -> Object {
        Object::new().with("Tags", self.tags(resource)).with("VpcId", self.id(&it.vpc))
    }

    pub(super) fn route(&self, it: &Route) -> Object {
        let (name, destination) = match &it.destination {
            Destination::Cidr(it) => cidr("DestinationCidrBlock", "DestinationIpv6CidrBlock", it),
            Destination::PrefixList(it) => ("DestinationPrefixListId", self.id(it)),
        };
        let all = Object::new().with(name, destination).with("RouteTableId", self.id(&it.table));
        match &it.target {
            RouteTarget::InternetGateway(it) => all.with("GatewayId", self.id(it)),
            RouteTarget::NatGateway(it) => all.with("NatGatewayId", self.id(it)),
            RouteTarget::VpcPeering(it) => all.with("VpcPeeringConnectionId", self.id(it)),
            RouteTarget::EgressOnlyInternetGateway(it) => {
                all.with("EgressOnlyInternetGatewayId", self.id(it))
            }
            RouteTarget::TransitGateway(it) => all.with("TransitGatewayId", self.id(it)),
            RouteTarget::VpnGateway(it) => all.with("GatewayId", self.id(it)),
            RouteTarget::Appliance(_) | RouteTarget::Unknown => {
                panic!("invariant: every route of a checked architecture leads to a gateway")
            }
        }
    }

    pub(super) fn route_table_association(&self, it: &RouteTableAssociation) -> Object {
        Object::new().with("RouteTableId", self.id(&it.table)).with("SubnetId", self.id(&it.subnet))
    }

    pub(super) fn network_acl(&self, resource: &Resource, it: &NetworkAcl) -> Object {
        Object::new().with("Tags", self.tags(resource)).with("VpcId", self.id(&it.vpc))
    }

    pub(super) fn network_acl_entry(&self, it: &NetworkAclEntry) -> Object {
        let (name, block) = cidr("CidrBlock", "Ipv6CidrBlock", &it.cidr);
        let all = Object::new()
            .with(name, block)
            .with("Egress", it.direction == Direction::Egress)
            .with("NetworkAclId", self.id(&it.acl))
            .with("RuleAction", if it.allow { "allow" } else { "deny" })
            .with("RuleNumber", value(&it.number));
        let Spelled { number, ports, .. } = spelled(&it.traffic);
        let all = all.with("Protocol", number);
        match ports {
            Ports::None => all,
            Ports::Range(it) => all.with("PortRange", range("From", "To", it)),
            Ports::Icmp(kind, code) => {
                all.with("Icmp", Object::new().with("Type", kind).with("Code", code))
            }
        }
    }

    pub(super) fn network_acl_association(&self, it: &NetworkAclAssociation) -> Object {
        Object::new().with("NetworkAclId", self.id(&it.acl)).with("SubnetId", self.id(&it.subnet))
    }

    pub(super) fn vpc_endpoint(&self, resource: &Resource, it: &VpcEndpoint) -> Object {
        let service = Expr::concat([
            Expr::from("com.amazonaws."),
            pseudo(Pseudo::Region),
            Expr::from(format!(".{}", it.service.as_str())),
        ]);
        let all = Object::new()
            .with("ServiceName", service)
            .with("Tags", self.tags(resource))
            .with("VpcId", self.id(&it.vpc));
        match &it.kind {
            EndpointKind::Gateway { tables } => {
                all.with("RouteTableIds", self.ids(tables)).with("VpcEndpointType", "Gateway")
            }
            EndpointKind::Interface { subnets, groups } => all
                .with("PrivateDnsEnabled", true)
                .with("SecurityGroupIds", self.ids(groups))
                .with("SubnetIds", self.ids(subnets))
                .with("VpcEndpointType", "Interface"),
        }
    }

    pub(super) fn flow_log(&self, resource: &Resource, it: &FlowLog) -> Object {
        Object::new()
            .with("DeliverLogsPermissionArn", self.arn(&it.role))
            .with("LogDestinationType", "cloud-watch-logs")
            .with("LogGroupName", self.id(&it.log_group))
            .with("ResourceId", self.id(&it.vpc))
            .with("ResourceType", "VPC")
            .with("Tags", self.tags(resource))
            .with("TrafficType", "ALL")
    }

    pub(super) fn vpc_peering_connection(
        &self,
        resource: &Resource,
        it: &VpcPeeringConnection,
    ) -> Object {
        let all =
            Object::new().with("Tags", self.tags(resource)).with("VpcId", self.id(&it.requester));
        match &it.accepter {
            Accepter::Vpc(it) => all.with("PeerVpcId", self.id(it)),
            Accepter::External { vpc, account, role, region, cidr: _ } => all
                .maybe("PeerOwnerId", self.optional_text(account.as_ref()))
                .maybe("PeerRegion", self.optional_text(region.as_ref()))
                .maybe("PeerRoleArn", self.optional_text(role.as_ref()))
                .with("PeerVpcId", self.text(vpc)),
        }
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
