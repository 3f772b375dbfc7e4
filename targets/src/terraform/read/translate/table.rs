//! The provider's resource types and arguments, and the types and properties they are read as.
//!
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>

use super::tenants::TENANTS;

/// A type of the provider.
pub(super) struct Row {
    /// Its name.
    pub(super) terraform: &'static str,
    /// What it is read as.
    pub(super) kind: &'static str,
    /// Properties by the arguments that say them.
    pub(super) arguments: &'static [(&'static str, &'static str)],
}

/// A type.
pub(super) const fn row(
    terraform: &'static str,
    kind: &'static str,
    arguments: &'static [(&'static str, &'static str)],
) -> Row {
    Row { terraform, kind, arguments }
}

pub(super) const VPC: (&str, &str) = ("VpcId", "vpc_id");
pub(super) const SUBNETS: (&str, &str) = ("SubnetIds", "subnet_ids");
pub(super) const GROUPS: (&str, &str) = ("SecurityGroupIds", "security_group_ids");
const TGW: (&str, &str) = ("TransitGatewayId", "transit_gateway_id");
const TGW_TABLE: (&str, &str) = ("TransitGatewayRouteTableId", "transit_gateway_route_table_id");
const TGW_ATTACHMENT: (&str, &str) =
    ("TransitGatewayAttachmentId", "transit_gateway_attachment_id");

const SUBNET: &[(&str, &str)] = &[
    VPC,
    ("CidrBlock", "cidr_block"),
    ("Ipv6CidrBlock", "ipv6_cidr_block"),
    ("Ipv6Native", "ipv6_native"),
    ("Ipv6IpamPoolId", "ipv6_ipam_pool_id"),
    ("MapPublicIpOnLaunch", "map_public_ip_on_launch"),
    ("AssignIpv6AddressOnCreation", "assign_ipv6_address_on_creation"),
    ("AvailabilityZone", "availability_zone"),
];

const ROUTE: &[(&str, &str)] = &[
    ("RouteTableId", "route_table_id"),
    ("DestinationCidrBlock", "destination_cidr_block"),
    ("DestinationIpv6CidrBlock", "destination_ipv6_cidr_block"),
    ("DestinationPrefixListId", "destination_prefix_list_id"),
    ("GatewayId", "gateway_id"),
    ("NatGatewayId", "nat_gateway_id"),
    ("VpcPeeringConnectionId", "vpc_peering_connection_id"),
    ("EgressOnlyInternetGatewayId", "egress_only_gateway_id"),
    ("TransitGatewayId", "transit_gateway_id"),
    ("InstanceId", "instance_id"),
    ("NetworkInterfaceId", "network_interface_id"),
    ("VpcEndpointId", "vpc_endpoint_id"),
    ("CarrierGatewayId", "carrier_gateway_id"),
    ("LocalGatewayId", "local_gateway_id"),
    ("CoreNetworkArn", "core_network_arn"),
];

/// The types that are read: networks.
const NETWORK: &[Row] = &[
    row("aws_vpc", "AWS::EC2::VPC", &[("CidrBlock", "cidr_block")]),
    row("aws_default_vpc", "AWS::EC2::VPC", &[]),
    row(
        "aws_vpc_ipv4_cidr_block_association",
        "AWS::EC2::VPCCidrBlock",
        &[VPC, ("CidrBlock", "cidr_block"), ("Ipv4IpamPoolId", "ipv4_ipam_pool_id")],
    ),
    row(
        "aws_vpc_ipv6_cidr_block_association",
        "AWS::EC2::VPCCidrBlock",
        &[
            VPC,
            ("Ipv6CidrBlock", "ipv6_cidr_block"),
            ("AmazonProvidedIpv6CidrBlock", "assign_generated_ipv6_cidr_block"),
            ("Ipv6IpamPoolId", "ipv6_ipam_pool_id"),
        ],
    ),
    row("aws_subnet", "AWS::EC2::Subnet", SUBNET),
    row("aws_default_subnet", "AWS::EC2::Subnet", SUBNET),
    row("aws_internet_gateway", "AWS::EC2::InternetGateway", &[]),
    row(
        "aws_internet_gateway_attachment",
        "AWS::EC2::VPCGatewayAttachment",
        &[VPC, ("InternetGatewayId", "internet_gateway_id")],
    ),
    row("aws_egress_only_internet_gateway", "AWS::EC2::EgressOnlyInternetGateway", &[VPC]),
    row("aws_eip", "AWS::EC2::EIP", &[("InstanceId", "instance")]),
    row(
        "aws_eip_association",
        "AWS::EC2::EIPAssociation",
        &[
            ("AllocationId", "allocation_id"),
            ("EIP", "public_ip"),
            ("InstanceId", "instance_id"),
            ("NetworkInterfaceId", "network_interface_id"),
        ],
    ),
    row(
        "aws_nat_gateway",
        "AWS::EC2::NatGateway",
        &[
            ("SubnetId", "subnet_id"),
            ("AllocationId", "allocation_id"),
            ("ConnectivityType", "connectivity_type"),
        ],
    ),
    row("aws_route_table", "AWS::EC2::RouteTable", &[VPC]),
    row("aws_default_route_table", "AWS::EC2::RouteTable", &[]),
    row("aws_route", "AWS::EC2::Route", ROUTE),
    row(
        "aws_route_table_association",
        "AWS::EC2::SubnetRouteTableAssociation",
        &[("SubnetId", "subnet_id"), ("RouteTableId", "route_table_id")],
    ),
    row("aws_network_acl", "AWS::EC2::NetworkAcl", &[VPC]),
    row("aws_default_network_acl", "AWS::EC2::NetworkAcl", &[]),
    row(
        "aws_network_acl_rule",
        "AWS::EC2::NetworkAclEntry",
        &[
            ("NetworkAclId", "network_acl_id"),
            ("Egress", "egress"),
            ("RuleAction", "rule_action"),
            ("RuleNumber", "rule_number"),
            ("Protocol", "protocol"),
            ("CidrBlock", "cidr_block"),
            ("Ipv6CidrBlock", "ipv6_cidr_block"),
        ],
    ),
    row(
        "aws_network_acl_association",
        "AWS::EC2::SubnetNetworkAclAssociation",
        &[("NetworkAclId", "network_acl_id"), ("SubnetId", "subnet_id")],
    ),
    row(
        "aws_security_group",
        "AWS::EC2::SecurityGroup",
        &[VPC, ("GroupDescription", "description"), ("GroupName", "name")],
    ),
    row("aws_default_security_group", "AWS::EC2::SecurityGroup", &[VPC]),
    row(
        "aws_security_group_rule",
        "AWS::EC2::SecurityGroupIngress",
        &[
            ("GroupId", "security_group_id"),
            ("IpProtocol", "protocol"),
            ("FromPort", "from_port"),
            ("ToPort", "to_port"),
        ],
    ),
    row(
        "aws_vpc_security_group_ingress_rule",
        "AWS::EC2::SecurityGroupIngress",
        &[
            ("GroupId", "security_group_id"),
            ("IpProtocol", "ip_protocol"),
            ("FromPort", "from_port"),
            ("ToPort", "to_port"),
            ("CidrIp", "cidr_ipv4"),
            ("CidrIpv6", "cidr_ipv6"),
            ("SourcePrefixListId", "prefix_list_id"),
            ("SourceSecurityGroupId", "referenced_security_group_id"),
            ("Description", "description"),
        ],
    ),
    row(
        "aws_vpc_security_group_egress_rule",
        "AWS::EC2::SecurityGroupEgress",
        &[
            ("GroupId", "security_group_id"),
            ("IpProtocol", "ip_protocol"),
            ("FromPort", "from_port"),
            ("ToPort", "to_port"),
            ("CidrIp", "cidr_ipv4"),
            ("CidrIpv6", "cidr_ipv6"),
            ("DestinationPrefixListId", "prefix_list_id"),
            ("DestinationSecurityGroupId", "referenced_security_group_id"),
            ("Description", "description"),
        ],
    ),
    row(
        "aws_vpc_endpoint",
        "AWS::EC2::VPCEndpoint",
        &[
            VPC,
            ("ServiceName", "service_name"),
            ("VpcEndpointType", "vpc_endpoint_type"),
            ("RouteTableIds", "route_table_ids"),
            SUBNETS,
            GROUPS,
            ("PrivateDnsEnabled", "private_dns_enabled"),
            ("IpAddressType", "ip_address_type"),
        ],
    ),
    row(
        "aws_vpc_peering_connection",
        "AWS::EC2::VPCPeeringConnection",
        &[
            VPC,
            ("PeerVpcId", "peer_vpc_id"),
            ("PeerOwnerId", "peer_owner_id"),
            ("PeerRegion", "peer_region"),
        ],
    ),
    row(
        "aws_ec2_transit_gateway",
        "AWS::EC2::TransitGateway",
        &[
            ("DefaultRouteTableAssociation", "default_route_table_association"),
            ("DefaultRouteTablePropagation", "default_route_table_propagation"),
            ("SecurityGroupReferencingSupport", "security_group_referencing_support"),
        ],
    ),
    row(
        "aws_ec2_transit_gateway_vpc_attachment",
        "AWS::EC2::TransitGatewayVpcAttachment",
        &[TGW, VPC, SUBNETS],
    ),
    row("aws_ec2_transit_gateway_route_table", "AWS::EC2::TransitGatewayRouteTable", &[TGW]),
    row(
        "aws_ec2_transit_gateway_route_table_association",
        "AWS::EC2::TransitGatewayRouteTableAssociation",
        &[TGW_ATTACHMENT, TGW_TABLE],
    ),
    row(
        "aws_ec2_transit_gateway_route_table_propagation",
        "AWS::EC2::TransitGatewayRouteTablePropagation",
        &[TGW_ATTACHMENT, TGW_TABLE],
    ),
    row(
        "aws_ec2_transit_gateway_route",
        "AWS::EC2::TransitGatewayRoute",
        &[
            TGW_ATTACHMENT,
            TGW_TABLE,
            ("DestinationCidrBlock", "destination_cidr_block"),
            ("Blackhole", "blackhole"),
        ],
    ),
    row("aws_vpn_gateway", "AWS::EC2::VPNGateway", &[]),
    row(
        "aws_vpn_gateway_attachment",
        "AWS::EC2::VPCGatewayAttachment",
        &[VPC, ("VpnGatewayId", "vpn_gateway_id")],
    ),
    row(
        "aws_vpn_gateway_route_propagation",
        "AWS::EC2::VPNGatewayRoutePropagation",
        &[("VpnGatewayId", "vpn_gateway_id")],
    ),
    row(
        "aws_vpn_connection",
        "AWS::EC2::VPNConnection",
        &[("VpnGatewayId", "vpn_gateway_id"), TGW, ("StaticRoutesOnly", "static_routes_only")],
    ),
    row(
        "aws_vpn_connection_route",
        "AWS::EC2::VPNConnectionRoute",
        &[
            ("VpnConnectionId", "vpn_connection_id"),
            ("DestinationCidrBlock", "destination_cidr_block"),
        ],
    ),
    row(
        "aws_ec2_managed_prefix_list",
        "AWS::EC2::PrefixList",
        &[
            ("PrefixListName", "name"),
            ("AddressFamily", "address_family"),
            ("MaxEntries", "max_entries"),
        ],
    ),
];

/// The type of this name.
pub(super) fn find(name: &str) -> Option<&'static Row> {
    all().find(|it| it.terraform == name)
}

/// All types that are read.
pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    NETWORK.iter().chain(TENANTS)
}
