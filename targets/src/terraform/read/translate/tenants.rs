//! The provider's types of what stands in subnets, and what they are read as.

use super::table::{GROUPS, Row, SUBNETS, row};

const DB_SUBNETS: (&str, &str) = ("DBSubnetGroupName", "db_subnet_group_name");
const FAMILY: (&str, &str) = ("NetworkType", "network_type");
const ENGINE: (&str, &str) = ("Engine", "engine");
const PORT: (&str, &str) = ("Port", "port");
const VPC_GROUPS: (&str, &str) = ("VpcSecurityGroupIds", "vpc_security_group_ids");
const BALANCER: &[(&str, &str)] = &[
    ("Type", "load_balancer_type"),
    ("Subnets", "subnets"),
    ("SecurityGroups", "security_groups"),
    ("IpAddressType", "ip_address_type"),
];
const LISTENER: &[(&str, &str)] =
    &[("LoadBalancerArn", "load_balancer_arn"), PORT, ("Protocol", "protocol")];
const LISTENER_RULE: &[(&str, &str)] = &[("ListenerArn", "listener_arn")];
const TARGETS: &[(&str, &str)] = &[("TargetType", "target_type"), PORT, ("Protocol", "protocol")];
const INSTANCE: &[(&str, &str)] = &[
    ("SubnetId", "subnet_id"),
    ("SecurityGroupIds", "vpc_security_group_ids"),
    ("SecurityGroups", "security_groups"),
    ("Ipv6Addresses", "ipv6_addresses"),
    ("Ipv6AddressCount", "ipv6_address_count"),
    ("SourceDestCheck", "source_dest_check"),
];
const FSX: &[(&str, &str)] = &[SUBNETS, GROUPS, FAMILY];

/// The types that are read: what stands in subnets.
pub(super) const TENANTS: &[Row] = &[
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
        &[("Subnets", "subnet_ids"), ("ClusterName", "cluster_name"), ("AmiType", "ami_type")],
    ),
    row(
        "aws_db_subnet_group",
        "AWS::RDS::DBSubnetGroup",
        &[SUBNETS, ("DBSubnetGroupName", "name")],
    ),
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
    row(
        "aws_docdb_subnet_group",
        "AWS::DocDB::DBSubnetGroup",
        &[SUBNETS, ("DBSubnetGroupName", "name")],
    ),
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
    row(
        "aws_opensearch_domain",
        "AWS::OpenSearchService::Domain",
        &[("IPAddressType", "ip_address_type")],
    ),
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
    row(
        "aws_memorydb_subnet_group",
        "AWS::MemoryDB::SubnetGroup",
        &[SUBNETS, ("SubnetGroupName", "name")],
    ),
    row(
        "aws_memorydb_cluster",
        "AWS::MemoryDB::Cluster",
        &[("SubnetGroupName", "subnet_group_name"), GROUPS, PORT, FAMILY],
    ),
];
