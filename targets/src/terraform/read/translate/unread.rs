//! What has a place in a network and is not read.

use super::super::syntax::Part;
use super::table;
use super::{Block, Translator};

/// What a block of which it is not known how many there are may change of others.
pub(super) const CHANGES_OTHERS: &[&str] = &[
    "AWS::EC2::Route",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::NetworkAclEntry",
    "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::VPNGatewayRoutePropagation",
];

/// Types of Amazon EC2 and Amazon VPC that say nothing of who reaches whom.
const SILENT: &[&str] = &[
    "aws_ami",
    "aws_ami_copy",
    "aws_ami_launch_permission",
    "aws_customer_gateway",
    "aws_default_vpc_dhcp_options",
    "aws_ebs_encryption_by_default",
    "aws_ebs_volume",
    "aws_ec2_capacity_reservation",
    "aws_ec2_host",
    "aws_ec2_instance_metadata_defaults",
    "aws_ec2_network_insights_analysis",
    "aws_ec2_network_insights_path",
    "aws_ec2_serial_console_access",
    "aws_ec2_tag",
    "aws_flow_log",
    "aws_key_pair",
    "aws_placement_group",
    "aws_service_discovery_http_namespace",
    "aws_service_discovery_private_dns_namespace",
    "aws_service_discovery_service",
    "aws_volume_attachment",
    "aws_vpc_dhcp_options",
    "aws_vpc_dhcp_options_association",
    "aws_vpc_endpoint_connection_notification",
    "aws_vpc_endpoint_policy",
    "aws_vpc_endpoint_service",
    "aws_vpc_endpoint_service_allowed_principal",
    "aws_vpc_ipam",
    "aws_vpc_ipam_pool",
    "aws_vpc_ipam_pool_cidr",
    "aws_vpc_ipam_pool_cidr_allocation",
    "aws_vpc_ipam_scope",
    "aws_vpc_peering_connection_options",
    "aws_route53_zone",
    "aws_route53_zone_association",
    "aws_db_instance_role_association",
    "aws_eip_domain_name",
];

/// Beginnings of the names of types that are about networks, though their arguments need not show it.
const NETWORK: &[&str] = &[
    "aws_dx_",
    "aws_ec2_carrier_gateway",
    "aws_ec2_client_vpn",
    "aws_ec2_local_gateway",
    "aws_ec2_subnet_cidr_reservation",
    "aws_ec2_transit_gateway",
    "aws_globalaccelerator_",
    "aws_networkfirewall_",
    "aws_networkmanager_",
    "aws_vpc_",
    "aws_vpclattice_",
    "aws_vpn_",
];

/// Arguments that place a resource in a network.
const PLACES: &[&str] = &[
    "client_subnets",
    "network_configuration",
    "security_group_id",
    "security_group_ids",
    "security_groups",
    "subnet_id",
    "subnet_ids",
    "subnets",
    "vpc_config",
    "vpc_configuration",
    "vpc_id",
    "vpc_options",
    "vpc_security_group_ids",
    "vpc_settings",
];

/// Arguments of the types that are read which say nothing of who reaches whom.
pub(super) const HARMLESS: &[&str] = &[
    "address",
    "ami",
    "amazon_side_asn",
    "associate_with_private_ip",
    "allow_reassociation",
    "appliance_mode_support",
    "auto_accept_shared_attachments",
    "availability_zone",
    "availability_zone_id",
    "availability_zone_address",
    "availability_mode",
    "block_device_mappings",
    "capacity_reservation_specification",
    "cpu_options",
    "credit_specification",
    "customer_gateway_id",
    "customer_owned_ipv4_pool",
    "description",
    "disable_api_stop",
    "disable_api_termination",
    "dns_options",
    "dns_support",
    "domain",
    "ebs_block_device",
    "ebs_optimized",
    "enable_dns64",
    "enable_dns_hostnames",
    "enable_dns_support",
    "enable_lni_at_device_index",
    "enable_network_address_usage_metrics",
    "enable_primary_ipv6",
    "enable_resource_name_dns_a_record_on_launch",
    "enable_resource_name_dns_aaaa_record_on_launch",
    "encryption_support",
    "enclave_options",
    "ena_srd_specification",
    "ephemeral_block_device",
    "force_destroy",
    "force_detach",
    "get_password_data",
    "hibernation",
    "host_id",
    "iam_instance_profile",
    "image_id",
    "instance_initiated_shutdown_behavior",
    "instance_market_options",
    "instance_tenancy",
    "instance_type",
    "interface_type",
    "ipv4_ipam_pool_id",
    "ipv4_netmask_length",
    "ipv6_cidr_block_network_border_group",
    "ipv6_ipam_pool_id",
    "ipv6_netmask_length",
    "ipv6_pool",
    "key_name",
    "launch_group",
    "maintenance_options",
    "map_customer_owned_ip_on_launch",
    "metadata_options",
    "monitoring",
    "multicast_support",
    "name",
    "name_prefix",
    "network_border_group",
    "network_card_index",
    "outpost_arn",
    "placement_group",
    "policy",
    "private_dns_hostname_type_on_launch",
    "private_dns_name_options",
    "private_ip",
    "private_ip_address",
    "private_ip_list",
    "private_ip_list_enabled",
    "private_ips",
    "private_ips_count",
    "public_ipv4_pool",
    "region",
    "replace_existing_association",
    "revoke_rules_on_delete",
    "root_block_device",
    "secondary_allocation_ids",
    "secondary_private_ip_address_count",
    "secondary_private_ip_addresses",
    "secondary_private_ips",
    "service_region",
    "spot_price",
    "spot_type",
    "subnet_configuration",
    "tags",
    "tags_all",
    "tenancy",
    "transit_gateway_cidr_blocks",
    "type",
    "update_default_version",
    "user_data",
    "user_data_base64",
    "user_data_replace_on_change",
    "volume_tags",
    "vpn_ecmp_support",
    "wait_for_fulfillment",
    "static_routes_only",
    "requester",
    "accepter",
];

/// Whether every argument of a type counts.
pub(super) fn strict(kind: &str) -> bool {
    let Some(row) = table::find(kind) else { return false };
    row.kind.starts_with("AWS::EC2::")
        && row.kind != "AWS::EC2::LaunchTemplate"
        && row.kind != "AWS::EC2::VPNConnection"
}

impl Translator<'_, '_> {
    /// A type that is not read: it is listed if it has a place in a network.
    pub(super) fn unknown_type(&self, block: &Block<'_, '_>) {
        let kind = block.kind();
        if SILENT.contains(&kind) || !kind.starts_with("aws_") {
            return;
        }
        let places = block.declared.body.entries.iter().any(|it| {
            PLACES.contains(&it.name.as_str())
                || matches!(&it.part, Part::Block(_, inner) if PLACES.iter().any(|it| inner.has(it)))
        });
        if places || NETWORK.iter().any(|it| kind.starts_with(it)) {
            self.note(block.loc(), block, kind, "the type is not read");
        }
    }
}
