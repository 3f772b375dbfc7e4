//! The provider's resource types and arguments, and the types and properties they are read as.
//!
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>

/// A type of the provider.
pub(super) struct Row {
    /// Its name.
    pub(super) terraform: &'static str,
    /// What it is read as.
    pub(super) kind: &'static str,
    /// Properties by the arguments that say them.
    pub(super) arguments: &'static [(&'static str, &'static str)],
}

const fn row(
    terraform: &'static str,
    kind: &'static str,
    arguments: &'static [(&'static str, &'static str)],
) -> Row {
    Row { terraform, kind, arguments }
}

const VPC: (&str, &str) = ("VpcId", "vpc_id");
const SUBNETS: (&str, &str) = ("SubnetIds", "subnet_ids");
const GROUPS: (&str, &str) = ("SecurityGroupIds", "security_group_ids");
const VPC_GROUPS: (&str, &str) = ("VpcSecurityGroupIds", "vpc_security_group_ids");
const PORT: (&str, &str) = ("Port", "port");
const ENGINE: (&str, &str) = ("Engine", "engine");
const FAMILY: (&str, &str) = ("NetworkType", "network_type");
const DB_SUBNETS: (&str, &str) = ("DBSubnetGroupName", "db_subnet_group_name");
const TGW: (&str, &str) = ("TransitGatewayId", "transit_gateway_id");
const TGW_TABLE: (&str, &str) = ("TransitGatewayRouteTableId", "transit_gateway_route_table_id");
const TGW_ATTACHMENT: (&str, &str) = ("TransitGatewayAttachmentId", "transit_gateway_attachment_id");

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

const BALANCER: &[(&str, &str)] = &[
    ("Type", "load_balancer_type"),
    ("Subnets", "subnets"),
    ("SecurityGroups", "security_groups"),
    ("IpAddressType", "ip_address_type"),
];
const LISTENER: &[(&str, &str)] =
    &[("LoadBalancerArn", "load_balancer_arn"), PORT, ("Protocol", "protocol")];
const LISTENER_RULE: &[(&str, &str)] = &[("ListenerArn", "listener_arn")];
const TARGETS: &[(&str, &str)] =
    &[("TargetType", "target_type"), PORT, ("Protocol", "protocol")];
const INSTANCE: &[(&str, &str)] = &[
    ("SubnetId", "subnet_id"),
    ("SecurityGroupIds", "vpc_security_group_ids"),
    ("SecurityGroups", "security_groups"),
    ("Ipv6Addresses", "ipv6_addresses"),
    ("Ipv6AddressCount", "ipv6_address_count"),
    ("SourceDestCheck", "source_dest_check"),
];
const FSX: &[(&str, &str)] = &[SUBNETS, GROUPS, FAMILY];

/// The types that are read.
pub(super) const TABLE: &[Row] = &[
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
        &[
            ("VpnGatewayId", "vpn_gateway_id"),
            TGW,
            ("StaticRoutesOnly", "static_routes_only"),
        ],
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
    row("aws_instance", "AWS::EC2::Instance", INSTANCE),
    row("aws_spot_instance_request", "AWS::EC2::Instance", INSTANCE),
    row(
        "aws_network_interface",
        "AWS::EC2::NetworkInterface",
        &[
            ("SubnetId", "subnet_id"),
            ("GroupSet", "security_groups"),
            ("Ipv6Addresses", "ipv6_addresses"),
            ("Ipv6AddressCount", "ipv6_address_count"),
            ("SourceDestCheck", "source_dest_check"),
        ],
    ),
    row(
        "aws_network_interface_attachment",
        "AWS::EC2::NetworkInterfaceAttachment",
        &[
            ("InstanceId", "instance_id"),
            ("NetworkInterfaceId", "network_interface_id"),
            ("DeviceIndex", "device_index"),
        ],
    ),
    row("aws_launch_template", "AWS::EC2::LaunchTemplate", &[]),
    row(
        "aws_launch_configuration",
        "AWS::AutoScaling::LaunchConfiguration",
        &[
            ("SecurityGroups", "security_groups"),
            ("AssociatePublicIpAddress", "associate_public_ip_address"),
        ],
    ),
    row(
        "aws_autoscaling_group",
        "AWS::AutoScaling::AutoScalingGroup",
        &[
            ("VPCZoneIdentifier", "vpc_zone_identifier"),
            ("LaunchConfigurationName", "launch_configuration"),
            ("TargetGroupARNs", "target_group_arns"),
            ("LoadBalancerNames", "load_balancers"),
        ],
    ),
    row("aws_lb", "AWS::ElasticLoadBalancingV2::LoadBalancer", BALANCER),
    row("aws_alb", "AWS::ElasticLoadBalancingV2::LoadBalancer", BALANCER),
    row("aws_lb_listener", "AWS::ElasticLoadBalancingV2::Listener", LISTENER),
    row("aws_alb_listener", "AWS::ElasticLoadBalancingV2::Listener", LISTENER),
    row("aws_lb_listener_rule", "AWS::ElasticLoadBalancingV2::ListenerRule", LISTENER_RULE),
    row("aws_alb_listener_rule", "AWS::ElasticLoadBalancingV2::ListenerRule", LISTENER_RULE),
    row("aws_lb_target_group", "AWS::ElasticLoadBalancingV2::TargetGroup", TARGETS),
    row("aws_alb_target_group", "AWS::ElasticLoadBalancingV2::TargetGroup", TARGETS),
    row(
        "aws_elb",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        &[
            ("Subnets", "subnets"),
            ("SecurityGroups", "security_groups"),
            ("Instances", "instances"),
        ],
    ),
    row("aws_ecs_service", "AWS::ECS::Service", &[("TaskDefinition", "task_definition")]),
    row("aws_ecs_task_definition", "AWS::ECS::TaskDefinition", &[]),
    row("aws_lambda_function", "AWS::Lambda::Function", &[]),
    row("aws_eks_cluster", "AWS::EKS::Cluster", &[("Name", "name")]),
    row(
        "aws_eks_node_group",
        "AWS::EKS::Nodegroup",
        &[("Subnets", "subnet_ids"), ("ClusterName", "cluster_name")],
    ),
    row("aws_db_subnet_group", "AWS::RDS::DBSubnetGroup", &[SUBNETS, ("DBSubnetGroupName", "name")]),
    row(
        "aws_db_instance",
        "AWS::RDS::DBInstance",
        &[
            DB_SUBNETS,
            ("VPCSecurityGroups", "vpc_security_group_ids"),
            PORT,
            ENGINE,
            ("PubliclyAccessible", "publicly_accessible"),
            ("SourceDBInstanceIdentifier", "replicate_source_db"),
            FAMILY,
        ],
    ),
    row(
        "aws_rds_cluster",
        "AWS::RDS::DBCluster",
        &[
            DB_SUBNETS,
            VPC_GROUPS,
            PORT,
            ENGINE,
            FAMILY,
            ("DBClusterInstanceClass", "db_cluster_instance_class"),
        ],
    ),
    row(
        "aws_rds_cluster_instance",
        "AWS::RDS::DBInstance",
        &[
            ("DBClusterIdentifier", "cluster_identifier"),
            ENGINE,
            ("PubliclyAccessible", "publicly_accessible"),
        ],
    ),
    row(
        "aws_db_proxy",
        "AWS::RDS::DBProxy",
        &[
            ("VpcSubnetIds", "vpc_subnet_ids"),
            VPC_GROUPS,
            ("EngineFamily", "engine_family"),
            ("EndpointNetworkType", "endpoint_network_type"),
        ],
    ),
    row(
        "aws_elasticache_subnet_group",
        "AWS::ElastiCache::SubnetGroup",
        &[SUBNETS, ("CacheSubnetGroupName", "name")],
    ),
    row(
        "aws_elasticache_cluster",
        "AWS::ElastiCache::CacheCluster",
        &[
            ("CacheSubnetGroupName", "subnet_group_name"),
            ("VpcSecurityGroupIds", "security_group_ids"),
            PORT,
            ENGINE,
            FAMILY,
        ],
    ),
    row(
        "aws_elasticache_replication_group",
        "AWS::ElastiCache::ReplicationGroup",
        &[("CacheSubnetGroupName", "subnet_group_name"), GROUPS, PORT, FAMILY],
    ),
    row(
        "aws_elasticache_serverless_cache",
        "AWS::ElastiCache::ServerlessCache",
        &[SUBNETS, GROUPS, ENGINE, FAMILY],
    ),
    row(
        "aws_efs_mount_target",
        "AWS::EFS::MountTarget",
        &[
            ("SubnetId", "subnet_id"),
            ("SecurityGroups", "security_groups"),
            ("IpAddressType", "ip_address_type"),
        ],
    ),
    row("aws_fsx_lustre_file_system", "AWS::FSx::FileSystem", FSX),
    row("aws_fsx_windows_file_system", "AWS::FSx::FileSystem", FSX),
    row("aws_fsx_openzfs_file_system", "AWS::FSx::FileSystem", FSX),
    row("aws_fsx_ontap_file_system", "AWS::FSx::FileSystem", FSX),
    row(
        "aws_redshift_subnet_group",
        "AWS::Redshift::ClusterSubnetGroup",
        &[SUBNETS, ("ClusterSubnetGroupName", "name")],
    ),
    row(
        "aws_redshift_cluster",
        "AWS::Redshift::Cluster",
        &[
            ("ClusterSubnetGroupName", "cluster_subnet_group_name"),
            VPC_GROUPS,
            PORT,
            ("PubliclyAccessible", "publicly_accessible"),
        ],
    ),
    row("aws_docdb_subnet_group", "AWS::DocDB::DBSubnetGroup", &[SUBNETS, ("DBSubnetGroupName", "name")]),
    row("aws_docdb_cluster", "AWS::DocDB::DBCluster", &[DB_SUBNETS, VPC_GROUPS, PORT, FAMILY]),
    row(
        "aws_docdb_cluster_instance",
        "AWS::DocDB::DBInstance",
        &[("DBClusterIdentifier", "cluster_identifier")],
    ),
    row(
        "aws_neptune_subnet_group",
        "AWS::Neptune::DBSubnetGroup",
        &[SUBNETS, ("DBSubnetGroupName", "name")],
    ),
    row(
        "aws_neptune_cluster",
        "AWS::Neptune::DBCluster",
        &[("DBSubnetGroupName", "neptune_subnet_group_name"), VPC_GROUPS, ("DBPort", "port")],
    ),
    row(
        "aws_neptune_cluster_instance",
        "AWS::Neptune::DBInstance",
        &[
            ("DBClusterIdentifier", "cluster_identifier"),
            ("PubliclyAccessible", "publicly_accessible"),
        ],
    ),
    row("aws_opensearch_domain", "AWS::OpenSearchService::Domain", &[("IPAddressType", "ip_address_type")]),
    row("aws_elasticsearch_domain", "AWS::Elasticsearch::Domain", &[]),
    row("aws_msk_cluster", "AWS::MSK::Cluster", &[]),
    row(
        "aws_mq_broker",
        "AWS::AmazonMQ::Broker",
        &[
            SUBNETS,
            ("SecurityGroups", "security_groups"),
            ("PubliclyAccessible", "publicly_accessible"),
        ],
    ),
    row("aws_dax_subnet_group", "AWS::DAX::SubnetGroup", &[SUBNETS, ("SubnetGroupName", "name")]),
    row(
        "aws_dax_cluster",
        "AWS::DAX::Cluster",
        &[
            ("SubnetGroupName", "subnet_group_name"),
            GROUPS,
            ("ClusterEndpointEncryptionType", "cluster_endpoint_encryption_type"),
        ],
    ),
    row(
        "aws_dms_replication_subnet_group",
        "AWS::DMS::ReplicationSubnetGroup",
        &[SUBNETS, ("ReplicationSubnetGroupIdentifier", "replication_subnet_group_id")],
    ),
    row(
        "aws_dms_replication_instance",
        "AWS::DMS::ReplicationInstance",
        &[
            ("ReplicationSubnetGroupIdentifier", "replication_subnet_group_id"),
            VPC_GROUPS,
            ("PubliclyAccessible", "publicly_accessible"),
            FAMILY,
        ],
    ),
    row("aws_memorydb_subnet_group", "AWS::MemoryDB::SubnetGroup", &[SUBNETS, ("SubnetGroupName", "name")]),
    row(
        "aws_memorydb_cluster",
        "AWS::MemoryDB::Cluster",
        &[("SubnetGroupName", "subnet_group_name"), GROUPS, PORT, FAMILY],
    ),
];

/// Words for properties that rules in a group, inline routes and entries have.
pub(super) const INNER: &[(&str, &str)] = &[
    ("SecurityGroupIngress", "ingress"),
    ("SecurityGroupEgress", "egress"),
    ("CidrIp", "cidr_blocks"),
    ("CidrIpv6", "ipv6_cidr_blocks"),
    ("IpProtocol", "protocol"),
    ("FromPort", "from_port"),
    ("ToPort", "to_port"),
    ("SourceSecurityGroupId", "security_groups"),
    ("DestinationSecurityGroupId", "security_groups"),
    ("SourcePrefixListId", "prefix_list_ids"),
    ("DestinationPrefixListId", "prefix_list_ids"),
    ("PortRange", "from_port"),
    ("Icmp", "icmp_type"),
    ("Condition", "count"),
    ("NetworkConfiguration", "network_configuration"),
    ("AssignPublicIp", "assign_public_ip"),
    ("TaskDefinition", "task_definition"),
    ("LoadBalancers", "load_balancer"),
    ("ContainerPort", "container_port"),
    ("Subnets", "subnets"),
    ("SubnetId", "subnet_id"),
    ("SubnetIds", "subnet_ids"),
    ("SecurityGroups", "security_groups"),
    ("SecurityGroupIds", "security_group_ids"),
    ("VpcConfig", "vpc_config"),
    ("ResourcesVpcConfig", "vpc_config"),
    ("EndpointPublicAccess", "endpoint_public_access"),
    ("RemoteAccess", "remote_access"),
    ("LaunchTemplate", "launch_template"),
    ("NetworkInterfaces", "network_interface"),
    ("AssociatePublicIpAddress", "associate_public_ip_address"),
    ("Scheme", "internal"),
    ("DefaultActions", "default_action"),
    ("Actions", "action"),
    ("TargetGroupArn", "target_group_arn"),
    ("SubnetMappings", "subnet_mapping"),
    ("LoadBalancerPort", "lb_port"),
    ("InstancePort", "instance_port"),
    ("Entries", "entry"),
    ("RouteTableIds", "route_table_id"),
    ("Ipv6Support", "ipv6_support"),
    ("VPCOptions", "vpc_options"),
    ("RouteTableId", "route_table_id"),
    ("VpcId", "vpc_id"),
    ("AvailabilityMode", "availability_mode"),
    ("CidrBlock", "cidr_block"),
    ("Ipv6CidrBlock", "ipv6_cidr_block"),
    ("ClientSubnets", "client_subnets"),
    ("Route", "route"),
    ("DestinationCidrBlock", "route"),
    ("DestinationIpv6CidrBlock", "route"),
    ("DestinationPrefixListId", "route"),
    ("GatewayId", "route"),
    ("NatGatewayId", "route"),
    ("VpcPeeringConnectionId", "route"),
    ("EgressOnlyInternetGatewayId", "route"),
    ("TransitGatewayId", "route"),
    ("NetworkInterfaceId", "network_interface_id"),
    ("VpcEndpointId", "route"),
    ("CarrierGatewayId", "route"),
    ("LocalGatewayId", "route"),
    ("CoreNetworkArn", "route"),
    ("VPNGatewayRoutePropagation", "propagating_vgws"),
    ("VpnGatewayId", "propagating_vgws"),
    ("NetworkAclId", "network_acl_id"),
    ("RuleNumber", "rule_no"),
    ("RuleAction", "action"),
    ("Protocol", "protocol"),
    ("VPCCidrBlock", "cidr_block"),
    ("InstanceId", "instance"),
    ("InternetGatewayId", "internet_gateway_id"),
    ("TargetGroupAttributes", "preserve_client_ip"),
    ("preserve_client_ip.enabled", "preserve_client_ip"),
    ("Targets", "target_id"),
    ("GroupId", "security_group_id"),
];
