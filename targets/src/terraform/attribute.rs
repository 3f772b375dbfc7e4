//! What is known of a resource once it exists, by the provider's names.

use archgen_core::resource::gateways::CLOUDFRONT_PARAMETER;
use archgen_core::resource::{Attribute, Resource, ResourceKind};

use super::address::Address;
use super::expr::Expr;
use super::terraform_type;
use super::writer::{Writer, choose, variable};

/// An attribute of a resource.
pub(super) fn of(writer: &Writer<'_>, resource: &Resource, attribute: Attribute) -> Expr {
    let kind = &resource.kind;
    if matches!(kind, ResourceKind::Certificate(_))
        && matches!(attribute, Attribute::Id | Attribute::Arn)
    {
        // Who uses it waits until it is issued.
        return Address::of(resource, "aws_acm_certificate_validation")
            .attribute("certificate_arn");
    }
    if matches!(kind, ResourceKind::PrefixList(it) if it.is_managed_by_aws())
        && attribute == Attribute::Id
    {
        return variable(CLOUDFRONT_PARAMETER);
    }
    if let Some(cluster) = writer.aws_own.comes_with(&resource.id)
        && attribute == Attribute::Id
    {
        let cluster = writer.address(cluster.id());
        return cluster.attribute("vpc_config[0].cluster_security_group_id");
    }
    let address = Address::of(resource, terraform_type(kind));
    let cluster_mode = |cluster: &'static str, primary: &'static str| {
        if let ResourceKind::ReplicationGroup(it) = kind {
            choose(&it.cluster_mode, address.attribute(cluster), address.attribute(primary))
        } else {
            address.attribute("address")
        }
    };
    match attribute {
        Attribute::Id => address.attribute(match kind {
            // Where the identifier that other arguments take is not `id`.
            ResourceKind::CapacityProvider(_)
            | ResourceKind::DbSubnetGroup(_)
            | ResourceKind::DbParameterGroup(_)
            | ResourceKind::CacheSubnetGroup(_)
            | ResourceKind::CacheParameterGroup(_)
            | ResourceKind::LogGroup(_)
            | ResourceKind::InstanceProfile(_)
            | ResourceKind::Cluster(_)
            | ResourceKind::EksCluster(_)
            | ResourceKind::Role(_)
            | ResourceKind::Budget(_)
            | ResourceKind::BackupVault(_)
            | ResourceKind::Repository(_) => "name",
            ResourceKind::TaskDefinition(_)
            | ResourceKind::Topic(_)
            | ResourceKind::TopicSubscription(_) => "arn",
            ResourceKind::HostedZone(_) => "zone_id",
            ResourceKind::KmsKey(_) => "key_id",
            ResourceKind::DbInstance(_) => "identifier",
            // Known before it exists, unlike `id`.
            ResourceKind::ReplicationGroup(_) => "replication_group_id",
            ResourceKind::Bucket(_) => "bucket",
            ResourceKind::Alarm(_) => "alarm_name",
            ResourceKind::Dashboard(_) => "dashboard_name",
            ResourceKind::Vpc(_)
            | ResourceKind::VpcCidrBlock(_)
            | ResourceKind::VpcIpv6Block(_)
            | ResourceKind::Subnet(_)
            | ResourceKind::InternetGateway(_)
            | ResourceKind::InternetGatewayAttachment(_)
            | ResourceKind::ElasticIp(_)
            | ResourceKind::NatGateway(_)
            | ResourceKind::RouteTable(_)
            | ResourceKind::Route(_)
            | ResourceKind::RouteTableAssociation(_)
            | ResourceKind::NetworkAcl(_)
            | ResourceKind::NetworkAclEntry(_)
            | ResourceKind::NetworkAclAssociation(_)
            | ResourceKind::VpcEndpoint(_)
            | ResourceKind::FlowLog(_)
            | ResourceKind::VpcPeeringConnection(_)
            | ResourceKind::SecurityGroup(_)
            | ResourceKind::SecurityGroupRule(_)
            | ResourceKind::EgressOnlyInternetGateway(_)
            | ResourceKind::PrefixList(_)
            | ResourceKind::TransitGateway(_)
            | ResourceKind::TransitGatewayAttachment(_)
            | ResourceKind::TransitGatewayRouteTable(_)
            | ResourceKind::TransitGatewayAssociation(_)
            | ResourceKind::TransitGatewayPropagation(_)
            | ResourceKind::TransitGatewayRoute(_)
            | ResourceKind::VpnGateway(_)
            | ResourceKind::VpnGatewayAttachment(_)
            | ResourceKind::LaunchTemplate(_)
            | ResourceKind::AutoScalingGroup(_)
            | ResourceKind::NodeGroup(_)
            | ResourceKind::Addon(_)
            | ResourceKind::AccessEntry(_)
            | ResourceKind::PodIdentity(_)
            | ResourceKind::Queue(_)
            | ResourceKind::QueuePolicy(_)
            | ResourceKind::EventRule(_)
            | ResourceKind::ScalableTarget(_)
            | ResourceKind::ScalingPolicy(_)
            | ResourceKind::Certificate(_)
            | ResourceKind::LoadBalancer(_)
            | ResourceKind::TargetGroup(_)
            | ResourceKind::WebAcl(_)
            | ResourceKind::WebAclAssociation(_)
            | ResourceKind::WebAclLogging(_)
            | ResourceKind::Distribution(_)
            | ResourceKind::OriginAccessControl(_)
            | ResourceKind::RecordSet(_)
            | ResourceKind::KmsAlias(_)
            | ResourceKind::Listener(_)
            | ResourceKind::ListenerRule(_)
            | ResourceKind::ClusterCapacityProviders(_)
            | ResourceKind::Service(_)
            | ResourceKind::PrivateDnsNamespace(_)
            | ResourceKind::DiscoveryService(_)
            | ResourceKind::FileSystem(_)
            | ResourceKind::MountTarget(_)
            | ResourceKind::AccessPoint(_)
            | ResourceKind::BucketPolicy(_)
            | ResourceKind::TopicPolicy(_)
            | ResourceKind::BackupPlan(_)
            | ResourceKind::BackupSelection(_)
            | ResourceKind::Secret(_) => "id",
        }),
        // CloudFormation's `Arn` of a log group covers its streams, the provider's does not.
        Attribute::Arn if matches!(kind, ResourceKind::LogGroup(_)) => {
            Expr::concat([address.attribute("arn"), Expr::from(":*")])
        }
        Attribute::Arn if matches!(kind, ResourceKind::Dashboard(_)) => {
            address.attribute("dashboard_arn")
        }
        Attribute::Arn => address.attribute("arn"),
        Attribute::Name => address.attribute(name(kind)),
        Attribute::EndpointAddress => {
            cluster_mode("configuration_endpoint_address", "primary_endpoint_address")
        }
        Attribute::EndpointPort => address.attribute("port"),
        Attribute::ReaderEndpointAddress => address.attribute("reader_endpoint_address"),
        Attribute::ManagedSecretArn => address.attribute("master_user_secret[0].secret_arn"),
        Attribute::DnsName if matches!(kind, ResourceKind::Distribution(_)) => {
            address.attribute("domain_name")
        }
        Attribute::DnsName => address.attribute("dns_name"),
        Attribute::HostedZoneId => address.attribute("zone_id"),
        Attribute::FullName => address.attribute("arn_suffix"),
        Attribute::AllocationId => address.attribute("allocation_id"),
        Attribute::PublicIp => address.attribute("public_ip"),
        Attribute::RegionalDomainName => address.attribute("bucket_regional_domain_name"),
        Attribute::Ipv6Blocks => address.attribute("ipv6_cidr_block"),
        Attribute::NameServers => {
            Expr::call("join", [Expr::from(" "), address.attribute("name_servers")])
        }
        Attribute::LatestVersion => address.attribute("latest_version"),
        Attribute::DefaultSecurityGroup => address.attribute("default_security_group_id"),
        Attribute::ApiUrl => address.attribute("endpoint"),
        Attribute::RepositoryUri => address.attribute("repository_url"),
    }
}

/// The argument that holds the name of a resource.
fn name(kind: &ResourceKind) -> &'static str {
    if matches!(kind, ResourceKind::Bucket(_)) {
        "bucket"
    } else if matches!(kind, ResourceKind::DbInstance(_)) {
        "identifier"
    } else if matches!(kind, ResourceKind::ReplicationGroup(_)) {
        "replication_group_id"
    } else if matches!(kind, ResourceKind::Alarm(_)) {
        "alarm_name"
    } else if matches!(kind, ResourceKind::Dashboard(_)) {
        "dashboard_name"
    } else {
        "name"
    }
}
