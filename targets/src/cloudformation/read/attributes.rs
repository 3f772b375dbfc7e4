//! Attributes that say what `Ref` or a property says too.

/// Whether an attribute is the identifier that `Ref` gives too.
pub(super) fn is_identity(kind: &str, attribute: &str) -> bool {
    let Some(name) = kind.strip_prefix("AWS::EC2::") else {
        return matches!(
            (kind, attribute),
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerArn")
                | ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupArn")
                | ("AWS::ElasticLoadBalancingV2::Listener", "ListenerArn")
                | ("AWS::EFS::MountTarget", "Id")
        );
    };
    match name {
        "VPC" => attribute == "VpcId",
        "Subnet" => attribute == "SubnetId",
        "SecurityGroup" => attribute == "GroupId" || attribute == "Id",
        "InternetGateway"
        | "RouteTable"
        | "NatGateway"
        | "LaunchTemplate"
        | "Instance"
        | "PrefixList"
        | "TransitGatewayRouteTable"
        | "CustomerGateway" => attribute.strip_suffix("Id") == Some(name),
        "VPNGateway" => attribute == "VPNGatewayId",
        "VPNConnection" => attribute == "VpnConnectionId",
        "NetworkAcl"
        | "NetworkInterface"
        | "VPCEndpoint"
        | "VPCPeeringConnection"
        | "TransitGateway"
        | "TransitGatewayAttachment"
        | "TransitGatewayVpcAttachment"
        | "EgressOnlyInternetGateway" => attribute == "Id",
        // What `Ref` of an Elastic IP gives is its address; both name the same thing here.
        "EIP" => attribute == "AllocationId" || attribute == "PublicIp",
        _ => false,
    }
}

/// The property that an attribute says again.
pub(super) fn mirrored(kind: &str, attribute: &str) -> Option<&'static str> {
    match (kind, attribute) {
        ("AWS::EC2::VPC", "CidrBlock") | ("AWS::EC2::Subnet", "CidrBlock") => Some("CidrBlock"),
        ("AWS::EC2::Subnet", "AvailabilityZone") => Some("AvailabilityZone"),
        ("AWS::EC2::Subnet" | "AWS::EC2::SecurityGroup", "VpcId") => Some("VpcId"),
        ("AWS::RDS::DBInstance" | "AWS::RDS::DBCluster", "Endpoint.Port") => Some("Port"),
        ("AWS::Redshift::Cluster", "Endpoint.Port") => Some("Port"),
        ("AWS::ElastiCache::CacheCluster", "RedisEndpoint.Port" | "ConfigurationEndpoint.Port") => {
            Some("Port")
        }
        (
            "AWS::ElastiCache::ReplicationGroup",
            "PrimaryEndPoint.Port" | "ConfigurationEndPoint.Port" | "ReaderEndPoint.Port",
        ) => Some("Port"),
        _ => None,
    }
}
