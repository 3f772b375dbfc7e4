//! What has a place in a network and is not read: types, and properties of those that are read.

use super::{Item, Reader};
use crate::read::document::Node;

/// Types of `AWS::EC2` that say nothing of who reaches whom.
const SILENT: &[&str] = &[
    "CapacityManagerDataExport",
    "CapacityReservation",
    "CapacityReservationFleet",
    "CustomerGateway",
    "DHCPOptions",
    "EnclaveCertificateIamRoleAssociation",
    "FlowLog",
    "Host",
    "IPAM",
    "IPAMAllocation",
    "IPAMPool",
    "IPAMPoolCidr",
    "IPAMResourceDiscovery",
    "IPAMResourceDiscoveryAssociation",
    "IPAMScope",
    "KeyPair",
    "LaunchTemplate",
    "NetworkInsightsAccessScope",
    "NetworkInsightsAccessScopeAnalysis",
    "NetworkInsightsAnalysis",
    "NetworkInsightsPath",
    "NetworkInterfacePermission",
    "NetworkPerformanceMetricSubscription",
    "PlacementGroup",
    "Snapshot",
    "SnapshotBlockPublicAccess",
    "SqlHaStandbyDetectedInstance",
    "VPCDHCPOptionsAssociation",
    "VPCEndpointConnectionNotification",
    "VPCEndpointService",
    "VPCEndpointServicePermissions",
    "VPNConnectionRoute",
    "Volume",
    "VolumeAttachment",
];

/// Services whose every type is about networks.
const NETWORK_SERVICES: &[&str] = &[
    "AWS::DirectConnect::",
    "AWS::GlobalAccelerator::",
    "AWS::NetworkFirewall::",
    "AWS::NetworkManager::",
    "AWS::VpcLattice::",
];

/// Types of other services that are about networks, though their properties do not show it.
const NETWORK_TYPES: &[&str] = &[
    "AWS::ElastiCache::SecurityGroup",
    "AWS::ElastiCache::SecurityGroupIngress",
    "AWS::RDS::DBSecurityGroup",
    "AWS::RDS::DBSecurityGroupIngress",
    "AWS::Redshift::ClusterSecurityGroup",
    "AWS::Redshift::ClusterSecurityGroupIngress",
];

/// Properties that place a resource in a network.
const PLACES: &[&str] = &[
    "ClientSubnets",
    "SecurityGroupId",
    "SecurityGroupIds",
    "SecurityGroups",
    "SubnetId",
    "SubnetIds",
    "Subnets",
    "VPCConfig",
    "VPCOptions",
    "VpcConfig",
    "VpcConfiguration",
    "VpcId",
    "VpcSecurityGroupIds",
    "VpcSettings",
];

/// Properties of the types that are read which say nothing of who reaches whom.
const HARMLESS: &[&str] = &[
    "AdditionalInfo",
    "Affinity",
    "AmazonSideAsn",
    "BlockDeviceMappings",
    "CpuOptions",
    "CreditSpecification",
    "Description",
    "DisableApiTermination",
    "Domain",
    "EbsOptimized",
    "ElasticGpuSpecifications",
    "ElasticInferenceAccelerators",
    "EnableDnsHostnames",
    "EnableDnsSupport",
    "EnclaveOptions",
    "GroupDescription",
    "GroupName",
    "HibernationOptions",
    "HostId",
    "HostResourceGroupArn",
    "IamInstanceProfile",
    "ImageId",
    "InstanceInitiatedShutdownBehavior",
    "InstanceTenancy",
    "InstanceType",
    "KernelId",
    "KeyName",
    "LicenseSpecifications",
    "MaxDrainDurationSeconds",
    "MetadataOptions",
    "Monitoring",
    "NetworkBorderGroup",
    "PlacementGroupName",
    "PolicyDocument",
    "PrivateDnsNameOptions",
    "PrivateDnsNameOptionsOnLaunch",
    "PrivateIpAddress",
    "PrivateIpAddresses",
    "PropagateTagsToVolumeOnCreation",
    "PublicIpv4Pool",
    "RamdiskId",
    "SecondaryPrivateIpAddressCount",
    "SecondaryPrivateIpAddresses",
    "SsmAssociations",
    "Tags",
    "Tenancy",
    "TransferAddress",
    "Type",
    "UserData",
    "Volumes",
    "AvailabilityZone",
    "AvailabilityZoneId",
    "DnsOptions",
    "Ipv4NetmaskLength",
    "Ipv6NetmaskLength",
    "ConnectionTrackingSpecification",
    "DeleteOnTermination",
    "EnaSrdSpecification",
    "EnablePrimaryIpv6",
    "VpnTunnelOptionsSpecifications",
    "CustomerGatewayId",
    "PeerRoleArn",
    "AutoAcceptSharedAttachments",
    "DnsSupport",
    "VpnEcmpSupport",
    "PrefixListName",
    "SourceSecurityGroupOwnerId",
    "InstanceId",
    "Ipv6Native",
    "Ipv4IpamPoolId",
    "Ipv6IpamPoolId",
    "Ipv6Pool",
    "Options",
    "AdditionalStorageVolumes",
    "AssumeRoleRegion",
    "EnableDns64",
];

/// Types of `AWS::EC2` whose every property counts.
const STRICT: &[&str] = &[
    "VPC",
    "VPCCidrBlock",
    "Subnet",
    "SubnetCidrBlock",
    "InternetGateway",
    "VPCGatewayAttachment",
    "EgressOnlyInternetGateway",
    "EIP",
    "EIPAssociation",
    "NatGateway",
    "RouteTable",
    "Route",
    "SubnetRouteTableAssociation",
    "NetworkAcl",
    "NetworkAclEntry",
    "SubnetNetworkAclAssociation",
    "SecurityGroup",
    "SecurityGroupIngress",
    "SecurityGroupEgress",
    "Instance",
    "NetworkInterface",
    "NetworkInterfaceAttachment",
    "VPCEndpoint",
    "VPCPeeringConnection",
    "TransitGateway",
    "TransitGatewayAttachment",
    "TransitGatewayVpcAttachment",
    "TransitGatewayRouteTable",
    "TransitGatewayRouteTableAssociation",
    "TransitGatewayRouteTablePropagation",
    "TransitGatewayRoute",
    "VPNGateway",
    "VPNGatewayRoutePropagation",
    "VPNConnection",
    "PrefixList",
];

/// Types of other services that are read, besides those of the table in `managed`.
const READ: &[&str] = &[
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::CloudFormation::Stack",
    "AWS::ECS::Service",
    "AWS::EKS::Cluster",
    "AWS::EKS::Nodegroup",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Lambda::Function",
    "AWS::RDS::DBSubnetGroup",
];

impl<'a> Reader<'a> {
    /// Lists what of an item was not read.
    pub(super) fn leftovers(&mut self, item: &Item<'a>) {
        let Some((_, written)) = &item.written else { return };
        let kind = item.kind();
        if let Some(short) = kind.strip_prefix("AWS::EC2::") {
            if STRICT.contains(&short) {
                self.properties(item);
            } else if !SILENT.contains(&short) {
                self.note(item.loc(), item, kind, "the type is not read");
            }
            return;
        }
        if READ.contains(&kind) || super::managed::is_read(kind) {
            return;
        }
        if kind.is_empty() {
            self.note(item.loc(), item, "Type", "the resource has no type");
            return;
        }
        let network =
            NETWORK_SERVICES.iter().any(|it| kind.starts_with(it)) || NETWORK_TYPES.contains(&kind);
        let macros = kind == "AWS::Serverless::Application" || kind.ends_with("::MODULE");
        if network || macros || written.is_some_and(|it| places(it, 3)) {
            self.note(item.loc(), item, kind, "the type is not read");
        }
    }

    fn properties(&mut self, item: &Item<'a>) {
        let Some((_, Some(properties))) = item.written else { return };
        let Some(entries) = properties.entries() else {
            self.note(properties.loc, item, "Properties", "they are no map");
            return;
        };
        for entry in entries {
            let name = entry.key.as_str();
            let known = HARMLESS.contains(&name)
                || self.used.get(item.name()).is_some_and(|it| it.contains(name));
            if !known {
                let why = if name == "SourceDestCheck" {
                    "whether it passes on what is not for itself is not followed"
                } else if name.starts_with("Fn::") {
                    "functions around several properties are not read"
                } else {
                    "the property is not read"
                };
                self.note(entry.loc, item, name, why);
            }
        }
    }
}

/// Whether properties place a resource in a network.
fn places(node: &Node, depth: usize) -> bool {
    let Some(entries) = node.entries() else { return false };
    entries
        .iter()
        .any(|it| PLACES.contains(&it.key.as_str()) || (depth > 0 && places(&it.value, depth - 1)))
}
