//! What leads out of a VPC besides internet and NAT gateways, and named lists of blocks.

use super::Ref;
use super::network::{Subnet, Vpc};
use crate::types::Cidr;
use crate::value::Value;

/// Lets subnets open IPv6 connections to the internet, and nobody come back.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html>
#[derive(Clone, Debug, PartialEq)]
pub struct EgressOnlyInternetGateway {
    /// Its VPC.
    pub vpc: Ref<Vpc>,
}

/// A managed prefix list that the team keeps: blocks of one family under one name.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html>
#[derive(Clone, Debug, PartialEq)]
pub struct PrefixList {
    /// Its name.
    pub name: String,
    /// Whether its blocks are IPv6 blocks.
    pub ipv6: bool,
    /// How many blocks it may hold; every rule and route that names it counts as that many.
    pub max_entries: Value<u16>,
    /// Its blocks.
    pub entries: Vec<Value<Cidr>>,
}

/// The name of AWS's list of the addresses from which CloudFront asks origins.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html#managed-prefix-list>
pub const CLOUDFRONT_LIST: &str = "com.amazonaws.global.cloudfront.origin-facing";

/// The parameter that gives its identifier, and what that is in us-east-1, where distributions with a certificate of
/// their own are made.
pub const CLOUDFRONT_PARAMETER: &str = "cloudfront_addresses";
/// See [`CLOUDFRONT_PARAMETER`].
pub const CLOUDFRONT_LIST_US_EAST_1: &str = "pl-3b927c52";

/// What the list is called in a graph.
pub const CLOUDFRONT_LIST_NAME: &str = "cloudfront.prefix_list";

/// How many rules one that names AWS's list counts as.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html>
const CLOUDFRONT_WEIGHT: u16 = 55;

/// AWS's list of CloudFront's addresses. What is in it changes; a block stands in for it in which nothing else is.
pub fn cloudfront_list() -> PrefixList {
    PrefixList {
        name: CLOUDFRONT_LIST.to_string(),
        ipv6: false,
        max_entries: Value::Literal(CLOUDFRONT_WEIGHT),
        entries: vec![Value::Literal(Cidr(crate::network::span::cloudfront().into()))],
    }
}

impl PrefixList {
    /// Whether AWS keeps it: no team's list may have such a name.
    pub fn is_managed_by_aws(&self) -> bool {
        self.name.starts_with("com.amazonaws.")
    }
}

/// A router between VPCs and networks outside.
/// <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>
#[derive(Clone, Debug, PartialEq)]
pub struct TransitGateway {
    /// Whether attachments use its default route table.
    pub default_association: Value<bool>,
    /// Whether attachments announce their blocks to its default route table.
    pub default_propagation: Value<bool>,
    /// Whether ingress rules may refer to groups of other attached VPCs.
    pub group_references: Value<bool>,
}

/// Puts a VPC on a transit gateway, with an interface in each of these subnets.
#[derive(Clone, Debug, PartialEq)]
pub struct TransitGatewayAttachment {
    /// The transit gateway.
    pub gateway: Ref<TransitGateway>,
    /// The VPC.
    pub vpc: Ref<Vpc>,
    /// The subnets, one in each zone at most.
    pub subnets: Vec<Ref<Subnet>>,
    /// Whether it carries IPv6.
    pub ipv6: Value<bool>,
}

/// A route table of a transit gateway besides its default one.
#[derive(Clone, Debug, PartialEq)]
pub struct TransitGatewayRouteTable {
    /// The transit gateway.
    pub gateway: Ref<TransitGateway>,
}

/// Says which route table decides for traffic that comes from an attachment.
#[derive(Clone, Debug, PartialEq)]
pub struct TransitGatewayAssociation {
    /// The table.
    pub table: Ref<TransitGatewayRouteTable>,
    /// The attachment.
    pub attachment: Ref<TransitGatewayAttachment>,
}

/// Announces the blocks of an attached VPC to a route table.
#[derive(Clone, Debug, PartialEq)]
pub struct TransitGatewayPropagation {
    /// The table.
    pub table: Ref<TransitGatewayRouteTable>,
    /// The attachment.
    pub attachment: Ref<TransitGatewayAttachment>,
}

/// A static route of a transit gateway's route table.
#[derive(Clone, Debug, PartialEq)]
pub struct TransitGatewayRoute {
    /// The table.
    pub table: Ref<TransitGatewayRouteTable>,
    /// The addresses it is for.
    pub destination: Value<Cidr>,
    /// The attachment it leads to; none drops the traffic.
    pub target: Option<Ref<TransitGatewayAttachment>>,
}

/// The AWS end of VPN connections and of AWS Direct Connect.
#[derive(Clone, Debug, PartialEq)]
pub struct VpnGateway {}

/// Puts a VPN gateway on a VPC.
#[derive(Clone, Debug, PartialEq)]
pub struct VpnGatewayAttachment {
    /// The VPC.
    pub vpc: Ref<Vpc>,
    /// The gateway.
    pub gateway: Ref<VpnGateway>,
}
