//! The resources: what AWS will run. Target-neutral and typed; references are [`Ref`]s, not text.
//!
//! A target spells a [`ResourceGraph`]; it decides nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use crate::loc::Loc;
use crate::value::Text;

pub use interfaces::{Forwarding, Interfaces};

pub mod addons;
pub mod autoscaling;
pub mod backup;
pub mod budgets;
pub mod cloudfront;
pub mod cloudwatch;
pub mod dump;
pub mod ec2;
pub mod ecr;
pub mod ecs;
pub mod efs;
pub mod eks;
pub mod elasticache;
pub mod elb;
pub mod events;
pub mod gateways;
pub mod iam;
pub mod interfaces;
pub mod kms;
pub mod kubernetes;
pub mod network;
pub mod rds;
pub mod route53;
pub mod s3;
pub mod secrets;
pub mod service_discovery;
pub mod sns;
pub mod sqs;
pub mod tenancy;
pub mod terraform;
pub mod wafv2;

/// The name of a resource in the graph, made from the names the author wrote: `network.private.a.subnet`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(String);

impl ResourceId {
    /// The resource `parts[0].parts[1]…`.
    pub fn new(parts: &[&str]) -> ResourceId {
        ResourceId(parts.join("."))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in templates: `network.private.a.subnet` is `NetworkPrivateASubnet`.
    pub fn logical_id(&self) -> String {
        camel_case(&self.0)
    }
}

/// The letters and digits of `text`, each run of them with a capital first: `image_tag` is `ImageTag`.
/// Both CloudFormation's logical IDs and the names of its parameters take nothing else
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>).
pub fn camel_case(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut starts = true;
    for it in text.chars() {
        if !it.is_ascii_alphanumeric() {
            starts = true;
        } else if starts {
            all.push(it.to_ascii_uppercase());
            starts = false;
        } else {
            all.push(it);
        }
    }
    all
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A reference to a resource of type `K`.
pub struct Ref<K> {
    id: ResourceId,
    kind: PhantomData<fn() -> K>,
}

impl<K> Ref<K> {
    /// A reference by name.
    pub fn new(id: ResourceId) -> Ref<K> {
        Ref { id, kind: PhantomData }
    }

    /// The resource's name.
    pub fn id(&self) -> &ResourceId {
        &self.id
    }

    /// An attribute of the resource, as text.
    pub fn attribute(&self, attribute: Attribute) -> Text {
        Text::attribute(self.id.clone(), attribute)
    }
}

impl<K> Clone for Ref<K> {
    fn clone(&self) -> Self {
        Ref::new(self.id.clone())
    }
}

impl<K> fmt::Debug for Ref<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "→{}", self.id)
    }
}

impl<K> PartialEq for Ref<K> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<K> Eq for Ref<K> {}

impl<K> PartialOrd for Ref<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Ref<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id.cmp(&other.id)
    }
}

/// What is known of a resource once it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// The IPv6 blocks of a VPC.
    Ipv6Blocks,
    /// What CloudFormation's `Ref` gives: the identifier, or the name of named resources.
    Id,
    /// The Amazon Resource Name.
    Arn,
    /// The name.
    Name,
    /// The host name clients connect to (RDS `Endpoint.Address`; ElastiCache `ConfigurationEndPoint.Address`
    /// in cluster mode and `PrimaryEndPoint.Address` otherwise).
    EndpointAddress,
    /// The port clients connect to.
    EndpointPort,
    /// The host name for reading (ElastiCache `ReaderEndPoint.Address`).
    ReaderEndpointAddress,
    /// The ARN of the secret that RDS manages (`MasterUserSecret.SecretArn`).
    ManagedSecretArn,
    /// The DNS name of a load balancer.
    DnsName,
    /// The hosted zone of a load balancer, for alias records.
    HostedZoneId,
    /// `app/name/id` of a load balancer or `targetgroup/name/id`, as CloudWatch names them.
    FullName,
    /// The identifier of an Elastic IP's allocation.
    AllocationId,
    /// The public IPv4 address of an Elastic IP.
    PublicIp,
    /// The Regional domain name of a bucket.
    RegionalDomainName,
    /// The newest version of a launch template.
    LatestVersion,
    /// The security group that came with a VPC.
    DefaultSecurityGroup,
    /// The URL of the Kubernetes API.
    ApiUrl,
    /// The four name servers of a hosted zone, with spaces between.
    NameServers,
    /// What images of a repository are pushed to, without a tag.
    RepositoryUri,
}

macro_rules! resources {
    ($($module:ident :: $name:ident $cloudformation:literal;)*) => {
        $(pub use $module::$name;)*

        /// A resource's type with its properties.
        #[derive(Clone, Debug, PartialEq)]
        pub enum ResourceKind {
            $(#[doc = $cloudformation] $name($name),)*
        }

        impl ResourceKind {
            /// The name of the type, such as `SecurityGroup`.
            pub fn type_name(&self) -> &'static str {
                match self { $(ResourceKind::$name(_) => stringify!($name),)* }
            }

            /// The type in CloudFormation, such as `AWS::EC2::SecurityGroup`.
            pub fn cloudformation_type(&self) -> &'static str {
                match self { $(ResourceKind::$name(_) => $cloudformation,)* }
            }
        }

        $(
            impl Typed for $name {
                fn from_kind(kind: &ResourceKind) -> Option<&$name> {
                    if let ResourceKind::$name(it) = kind { Some(it) } else { None }
                }
            }

            impl From<$name> for ResourceKind {
                fn from(it: $name) -> ResourceKind {
                    ResourceKind::$name(it)
                }
            }
        )*
    };
}

resources! {
    network::Vpc "AWS::EC2::VPC";
    network::VpcCidrBlock "AWS::EC2::VPCCidrBlock";
    network::VpcIpv6Block "AWS::EC2::VPCCidrBlock";
    network::Subnet "AWS::EC2::Subnet";
    network::InternetGateway "AWS::EC2::InternetGateway";
    network::InternetGatewayAttachment "AWS::EC2::VPCGatewayAttachment";
    network::ElasticIp "AWS::EC2::EIP";
    network::NatGateway "AWS::EC2::NatGateway";
    network::RouteTable "AWS::EC2::RouteTable";
    network::Route "AWS::EC2::Route";
    network::RouteTableAssociation "AWS::EC2::SubnetRouteTableAssociation";
    network::NetworkAcl "AWS::EC2::NetworkAcl";
    network::NetworkAclEntry "AWS::EC2::NetworkAclEntry";
    network::NetworkAclAssociation "AWS::EC2::SubnetNetworkAclAssociation";
    network::VpcEndpoint "AWS::EC2::VPCEndpoint";
    network::FlowLog "AWS::EC2::FlowLog";
    network::VpcPeeringConnection "AWS::EC2::VPCPeeringConnection";
    network::SecurityGroup "AWS::EC2::SecurityGroup";
    network::SecurityGroupRule "AWS::EC2::SecurityGroupIngress";
    gateways::EgressOnlyInternetGateway "AWS::EC2::EgressOnlyInternetGateway";
    gateways::PrefixList "AWS::EC2::PrefixList";
    gateways::TransitGateway "AWS::EC2::TransitGateway";
    gateways::TransitGatewayAttachment "AWS::EC2::TransitGatewayAttachment";
    gateways::TransitGatewayRouteTable "AWS::EC2::TransitGatewayRouteTable";
    gateways::TransitGatewayAssociation "AWS::EC2::TransitGatewayRouteTableAssociation";
    gateways::TransitGatewayPropagation "AWS::EC2::TransitGatewayRouteTablePropagation";
    gateways::TransitGatewayRoute "AWS::EC2::TransitGatewayRoute";
    gateways::VpnGateway "AWS::EC2::VPNGateway";
    gateways::VpnGatewayAttachment "AWS::EC2::VPCGatewayAttachment";
    ec2::LaunchTemplate "AWS::EC2::LaunchTemplate";
    autoscaling::AutoScalingGroup "AWS::AutoScaling::AutoScalingGroup";
    autoscaling::ScalableTarget "AWS::ApplicationAutoScaling::ScalableTarget";
    autoscaling::ScalingPolicy "AWS::ApplicationAutoScaling::ScalingPolicy";
    elb::Certificate "AWS::CertificateManager::Certificate";
    elb::LoadBalancer "AWS::ElasticLoadBalancingV2::LoadBalancer";
    elb::TargetGroup "AWS::ElasticLoadBalancingV2::TargetGroup";
    elb::Listener "AWS::ElasticLoadBalancingV2::Listener";
    elb::ListenerRule "AWS::ElasticLoadBalancingV2::ListenerRule";
    ecr::Repository "AWS::ECR::Repository";
    ecs::Cluster "AWS::ECS::Cluster";
    ecs::CapacityProvider "AWS::ECS::CapacityProvider";
    ecs::ClusterCapacityProviders "AWS::ECS::ClusterCapacityProviderAssociations";
    ecs::TaskDefinition "AWS::ECS::TaskDefinition";
    ecs::Service "AWS::ECS::Service";
    eks::EksCluster "AWS::EKS::Cluster";
    eks::NodeGroup "AWS::EKS::Nodegroup";
    eks::Addon "AWS::EKS::Addon";
    eks::AccessEntry "AWS::EKS::AccessEntry";
    eks::PodIdentity "AWS::EKS::PodIdentityAssociation";
    sqs::Queue "AWS::SQS::Queue";
    sqs::QueuePolicy "AWS::SQS::QueuePolicy";
    events::EventRule "AWS::Events::Rule";
    service_discovery::PrivateDnsNamespace "AWS::ServiceDiscovery::PrivateDnsNamespace";
    service_discovery::DiscoveryService "AWS::ServiceDiscovery::Service";
    iam::Role "AWS::IAM::Role";
    iam::InstanceProfile "AWS::IAM::InstanceProfile";
    cloudwatch::LogGroup "AWS::Logs::LogGroup";
    cloudwatch::Alarm "AWS::CloudWatch::Alarm";
    cloudwatch::Dashboard "AWS::CloudWatch::Dashboard";
    sns::Topic "AWS::SNS::Topic";
    sns::TopicPolicy "AWS::SNS::TopicPolicy";
    sns::TopicSubscription "AWS::SNS::Subscription";
    budgets::Budget "AWS::Budgets::Budget";
    backup::BackupVault "AWS::Backup::BackupVault";
    backup::BackupPlan "AWS::Backup::BackupPlan";
    backup::BackupSelection "AWS::Backup::BackupSelection";
    rds::DbSubnetGroup "AWS::RDS::DBSubnetGroup";
    rds::DbParameterGroup "AWS::RDS::DBParameterGroup";
    rds::DbInstance "AWS::RDS::DBInstance";
    elasticache::CacheSubnetGroup "AWS::ElastiCache::SubnetGroup";
    elasticache::CacheParameterGroup "AWS::ElastiCache::ParameterGroup";
    elasticache::ReplicationGroup "AWS::ElastiCache::ReplicationGroup";
    efs::FileSystem "AWS::EFS::FileSystem";
    efs::MountTarget "AWS::EFS::MountTarget";
    efs::AccessPoint "AWS::EFS::AccessPoint";
    cloudfront::Distribution "AWS::CloudFront::Distribution";
    cloudfront::OriginAccessControl "AWS::CloudFront::OriginAccessControl";
    wafv2::WebAcl "AWS::WAFv2::WebACL";
    wafv2::WebAclAssociation "AWS::WAFv2::WebACLAssociation";
    wafv2::WebAclLogging "AWS::WAFv2::LoggingConfiguration";
    route53::HostedZone "AWS::Route53::HostedZone";
    route53::RecordSet "AWS::Route53::RecordSet";
    kms::KmsKey "AWS::KMS::Key";
    kms::KmsAlias "AWS::KMS::Alias";
    s3::Bucket "AWS::S3::Bucket";
    s3::BucketPolicy "AWS::S3::BucketPolicy";
    secrets::Secret "AWS::SecretsManager::Secret";
}

/// A resource type, seen through [`ResourceKind`].
pub trait Typed: Sized + 'static {
    /// The properties, if the resource is of this type.
    fn from_kind(kind: &ResourceKind) -> Option<&Self>;
}

/// A resource with its name and origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its name in the graph.
    pub id: ResourceId,
    /// The declaration it comes from.
    pub declaration: String,
    /// Where the author wrote what it comes from.
    pub loc: Loc,
    /// What must exist first though no property refers to it.
    pub depends_on: Vec<ResourceId>,
    /// The part of its name that counts it, where a declaration makes the same for several zones or
    /// tenants: `a` of `network.private.a.subnet`.
    pub key: Option<String>,
    /// Its type with its properties.
    pub kind: ResourceKind,
}

/// A value that is given when deploying.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What it holds.
    pub kind: crate::declare::param::ParamKind,
    /// The value if none is given.
    pub default: Option<String>,
    /// The values it may have; empty means any.
    pub allowed: Vec<String>,
    /// Where it was declared.
    pub loc: Loc,
}

/// A value to be shown once deployed.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its name, from the names the author wrote: `edge.dns_name`.
    pub name: ResourceId,
    /// What it is.
    pub description: String,
    /// Its value.
    pub value: Text,
}

/// A resource that had another name when it was last written, and is to be kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moved {
    /// Its name now.
    pub resource: ResourceId,
    /// Its logical ID before.
    pub logical_id: String,
    /// The addresses of its Terraform blocks before.
    pub addresses: Vec<String>,
}

/// Everything AWS will run for one architecture and environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourceGraph {
    /// The resources by name.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// What runs in Kubernetes clusters, by name: no target that writes for AWS says it.
    pub kubernetes: BTreeMap<ResourceId, kubernetes::KubernetesResource>,
    /// The parameters by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// The outputs by name.
    pub outputs: BTreeMap<ResourceId, Output>,
    /// Tags that every taggable resource carries.
    pub tags: BTreeMap<String, String>,
    /// What was renamed.
    pub moved: Vec<Moved>,
    /// Tags that the taggable resources of a declaration carry besides, by its name.
    pub declaration_tags: BTreeMap<String, BTreeMap<String, String>>,
    /// Tags that a single resource carries besides, because something else looks for them.
    pub resource_tags: BTreeMap<ResourceId, BTreeMap<String, String>>,
    /// The pools of tenants, by name: whose resources are, and what is promised.
    pub tenancies: BTreeMap<String, tenancy::Tenancy>,
    /// How Terraform is set up, if the architecture says so.
    pub terraform: Option<terraform::TerraformSettings>,
    /// The addresses of the Terraform blocks of resources that were not renamed: when last emitted, and
    /// before that if they have changed.
    pub recorded: BTreeMap<ResourceId, Vec<Vec<String>>>,
    /// The CloudFormation stacks that resources were in when last emitted, under the names they have now.
    pub stacks: BTreeMap<ResourceId, String>,
    /// The names under which resources were first emitted, where these are others: made-up physical names
    /// come from them, so that a rename replaces nothing.
    pub origins: BTreeMap<ResourceId, ResourceId>,
    /// What stands in subnets in a template that was read; none in a lowered architecture.
    pub interfaces: BTreeMap<ResourceId, Interfaces>,
    /// What load balancers of a template that was read send on; none in a lowered architecture.
    pub forwards: Vec<Forwarding>,
}

/// What AWS has or makes by itself of a graph, so that no target writes it.
#[derive(Clone, Debug)]
pub struct AwsOwn<'a> {
    graph: &'a ResourceGraph,
    /// The clusters whose groups AWS makes, by group.
    clusters: BTreeMap<ResourceId, Ref<EksCluster>>,
}

impl AwsOwn<'_> {
    /// The cluster whose group, or a rule in whose group, a resource is: AWS makes it with the cluster.
    pub fn comes_with(&self, id: &ResourceId) -> Option<&Ref<EksCluster>> {
        let kind = &self.graph.resources.get(id)?.kind;
        let group = match SecurityGroupRule::from_kind(kind) {
            Some(rule) => rule.group.id(),
            None => SecurityGroup::from_kind(kind).map(|_| id)?,
        };
        self.clusters.get(group)
    }

    /// Whether a resource is AWS's own.
    pub fn has(&self, id: &ResourceId) -> bool {
        let list = self.graph.get(&Ref::<PrefixList>::new(id.clone()));
        list.is_some_and(PrefixList::is_managed_by_aws) || self.comes_with(id).is_some()
    }
}

impl ResourceGraph {
    /// The tags of every taggable resource that comes from a declaration: the architecture's and its own.
    pub fn tags_of(&self, declaration: &str) -> BTreeMap<String, String> {
        let mut all = self.tags.clone();
        all.extend(self.declaration_tags.get(declaration).cloned().unwrap_or_default());
        all
    }

    /// The tags of a taggable resource: the architecture's, its declaration's and its own.
    pub fn tags_on(&self, resource: &Resource) -> BTreeMap<String, String> {
        let mut all = self.tags_of(&resource.declaration);
        all.extend(self.resource_tags.get(&resource.id).cloned().unwrap_or_default());
        all
    }

    /// What AWS has or makes by itself.
    pub fn aws_own(&self) -> AwsOwn<'_> {
        let clusters = self
            .all::<EksCluster>()
            .filter_map(|(id, _, it)| Some((it.own_group()?.id().clone(), id)))
            .collect();
        AwsOwn { graph: self, clusters }
    }

    /// What has the interfaces of a resource is called so in the network: the declaration, or the tenant whose
    /// it is: `seats.acme`, and its stores by their own names: `seats.acme.database`.
    pub fn endpoint_name<'a>(&self, resource: &'a Resource) -> &'a str {
        let name = self.endpoint_of(&resource.declaration, &resource.id);
        let is_store = matches!(
            resource.kind,
            ResourceKind::DbInstance(_)
                | ResourceKind::ReplicationGroup(_)
                | ResourceKind::MountTarget(_)
        );
        if name == resource.declaration || !is_store {
            return name;
        }
        let rest = resource.id.as_str().get(name.len() + 1..).unwrap_or_default();
        let store = rest.split('.').next().unwrap_or_default();
        resource.id.as_str().get(..name.len() + 1 + store.len()).unwrap_or(name)
    }

    /// The same for a resource of any kind.
    pub fn endpoint_of<'a>(&self, declaration: &'a str, id: &'a ResourceId) -> &'a str {
        let Some(pool) = self.tenancies.get(declaration) else { return declaration };
        let rest = id.as_str().strip_prefix(declaration).and_then(|it| it.strip_prefix('.'));
        let key = rest.and_then(|it| it.split('.').next()).unwrap_or_default();
        if pool.tenants.contains_key(key) {
            &id.as_str()[..declaration.len() + 1 + key.len()]
        } else {
            declaration
        }
    }

    /// The name that a resource's made-up physical name comes from.
    pub fn origin<'a>(&'a self, id: &'a ResourceId) -> &'a ResourceId {
        self.origins.get(id).unwrap_or(id)
    }

    /// The properties behind a reference.
    pub fn get<K: Typed>(&self, reference: &Ref<K>) -> Option<&K> {
        K::from_kind(&self.resources.get(reference.id())?.kind)
    }

    /// All resources of one type.
    pub fn all<K: Typed>(&self) -> impl Iterator<Item = (Ref<K>, &Resource, &K)> {
        self.resources
            .values()
            .filter_map(|it| K::from_kind(&it.kind).map(|kind| (Ref::new(it.id.clone()), it, kind)))
    }
}
