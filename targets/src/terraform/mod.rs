//! Terraform: a root module of a checked architecture, in JSON syntax, for the AWS provider 6.x.
//!
//! One function for each kind of resource, in the module named like its module in
//! `archgen_core::resource`. Nothing here knows an account, a Region, a partition or a zone.

use std::collections::BTreeMap;

use archgen_core::Checked;
use archgen_core::resource::network::Ipv6Block;
use archgen_core::resource::{Resource, ResourceGraph, ResourceId, ResourceKind};

use crate::Files;

mod address;
mod attribute;
mod autoscaling;
mod backend;
mod backup;
mod budgets;
mod cloudfront;
mod cloudwatch;
#[cfg(test)]
mod data_tests;
mod ec2;
mod ecr;
mod ecs;
mod efs;
mod eks;
mod elasticache;
mod elb;
mod expr;
mod gateways;
mod iam;
mod kms;
mod messages;
mod module;
mod moved;
mod network;
mod rds;
pub mod read;
mod repeat;
mod route53;
mod s3;
mod secrets;
mod security_group;
mod service_discovery;
mod settings;
mod sns;
#[cfg(test)]
mod tests;
mod wafv2;
mod writer;

pub use moved::addresses;

use address::Address;
use module::{File, Mode, Module};
use writer::Writer;

/// The files of the Terraform target.
pub fn files(checked: &Checked) -> Files {
    write_graph(checked.name(), checked.environment().as_str(), checked.graph()).files()
}

/// The resource of the graph that each block stands for, by address: of blocks that a resource is written
/// as the one by which others name it.
pub fn names(checked: &Checked) -> BTreeMap<String, ResourceId> {
    let all = checked.graph().resources.values();
    all.map(|it| (Address::of(it, terraform_type(&it.kind)).to_string(), it.id.clone())).collect()
}

/// How many resources of each type a graph's module makes.
pub(crate) fn types(
    name: &str,
    environment: &str,
    graph: &ResourceGraph,
) -> BTreeMap<String, usize> {
    let mut types = BTreeMap::new();
    for block in write_graph(name, environment, graph).blocks {
        if block.mode == Mode::Resource {
            *types.entry(block.address.kind.to_string()).or_insert(0) += 1;
        }
    }
    types
}

/// The names that the module gives resources whose authors gave none, where the service takes but short
/// ones: the resource, the name, and the most characters of it.
pub(crate) fn made_up_names<'a>(
    name: &str,
    environment: &str,
    graph: &'a ResourceGraph,
) -> Vec<(&'a Resource, String, usize)> {
    let writer = Writer::new(format!("{name}-{environment}"), graph);
    let all = graph.resources.values();
    all.filter_map(|it| Some((it, writer.store_name(it), rds::made_up_limit(&it.kind)?))).collect()
}

/// The most characters of a name that the module makes up, where the service takes but short ones.
pub(crate) fn made_up_limit(kind: &ResourceKind) -> Option<usize> {
    rds::made_up_limit(kind)
}

/// Whether the provider is told rightly when a setting of PostgreSQL takes effect.
pub(crate) fn knows_setting(name: &str) -> bool {
    rds::knows_setting(name)
}

/// The module of a graph.
pub(crate) fn write_graph(name: &str, environment: &str, graph: &ResourceGraph) -> Module {
    let writer = Writer::new(format!("{name}-{environment}"), graph);
    let mut out = Module { former: moved::former(graph), ..Module::default() };
    for resource in graph.resources.values() {
        writer.write(resource, &mut out);
    }
    settings::add(&writer, name, environment, &mut out);
    out
}

/// The blocks that a resource of the graph is written as, where others wait for it.
fn written_as(writer: &Writer<'_>, id: &ResourceId) -> Vec<Address> {
    let Some(resource) = writer.graph.resources.get(id) else { return Vec::new() };
    if let Some(cluster) = writer.aws_own.comes_with(id) {
        return vec![writer.address(cluster.id())];
    }
    if let ResourceKind::VpcIpv6Block(it) = &resource.kind
        && it.block == Ipv6Block::Amazon
    {
        // An argument of its VPC.
        vec![writer.address(it.vpc.id())]
    } else if let ResourceKind::SecurityGroupRule(it) = &resource.kind
        && crate::ec2::is_implied(it, writer.graph)
    {
        writer.default_egress_addresses(it.group.id())
    } else if matches!(resource.kind, ResourceKind::SecurityGroup(_)) {
        let group = writer.address(id);
        std::iter::once(group).chain(writer.default_egress_addresses(id)).collect()
    } else {
        vec![writer.address(id)]
    }
}

impl Writer<'_> {
    /// Writes a resource.
    fn write(&self, resource: &Resource, out: &mut Module) {
        if self.aws_own.has(&resource.id) {
            return;
        }
        match &resource.kind {
            ResourceKind::Vpc(it) => self.vpc(resource, it, out),
            ResourceKind::VpcCidrBlock(it) => self.vpc_cidr_block(resource, it, out),
            ResourceKind::VpcIpv6Block(it) => self.vpc_ipv6_block(resource, it, out),
            ResourceKind::Subnet(it) => self.subnet(resource, it, out),
            ResourceKind::InternetGateway(it) => self.internet_gateway(resource, it, out),
            ResourceKind::InternetGatewayAttachment(it) => {
                self.internet_gateway_attachment(resource, it, out)
            }
            ResourceKind::ElasticIp(it) => self.elastic_ip(resource, it, out),
            ResourceKind::NatGateway(it) => self.nat_gateway(resource, it, out),
            ResourceKind::RouteTable(it) => self.route_table(resource, it, out),
            ResourceKind::Route(it) => self.route(resource, it, out),
            ResourceKind::RouteTableAssociation(it) => {
                self.route_table_association(resource, it, out)
            }
            ResourceKind::NetworkAcl(it) => self.network_acl(resource, it, out),
            ResourceKind::NetworkAclEntry(it) => self.network_acl_entry(resource, it, out),
            ResourceKind::NetworkAclAssociation(it) => {
                self.network_acl_association(resource, it, out)
            }
            ResourceKind::VpcEndpoint(it) => self.vpc_endpoint(resource, it, out),
            ResourceKind::FlowLog(it) => self.flow_log(resource, it, out),
            ResourceKind::VpcPeeringConnection(it) => {
                self.vpc_peering_connection(resource, it, out)
            }
            ResourceKind::SecurityGroup(it) => self.security_group(resource, it, out),
            ResourceKind::SecurityGroupRule(it) => self.security_group_rule(resource, it, out),
            ResourceKind::EgressOnlyInternetGateway(it) => {
                self.egress_only_internet_gateway(resource, it, out)
            }
            ResourceKind::PrefixList(it) => self.prefix_list(resource, it, out),
            ResourceKind::TransitGateway(it) => self.transit_gateway(resource, it, out),
            ResourceKind::TransitGatewayAttachment(it) => {
                self.transit_gateway_attachment(resource, it, out)
            }
            ResourceKind::TransitGatewayRouteTable(it) => {
                self.transit_gateway_route_table(resource, it, out)
            }
            ResourceKind::TransitGatewayAssociation(it) => {
                self.transit_gateway_association(resource, it, out)
            }
            ResourceKind::TransitGatewayPropagation(it) => {
                self.transit_gateway_propagation(resource, it, out)
            }
            ResourceKind::TransitGatewayRoute(it) => self.transit_gateway_route(resource, it, out),
            ResourceKind::VpnGateway(it) => self.vpn_gateway(resource, it, out),
            ResourceKind::VpnGatewayAttachment(it) => {
                self.vpn_gateway_attachment(resource, it, out)
            }
            ResourceKind::LaunchTemplate(it) => self.launch_template(resource, it, out),
            ResourceKind::AutoScalingGroup(it) => self.auto_scaling_group(resource, it, out),
            ResourceKind::ScalableTarget(it) => self.scalable_target(resource, it, out),
            ResourceKind::ScalingPolicy(it) => self.scaling_policy(resource, it, out),
            ResourceKind::Certificate(it) => self.certificate(resource, it, out),
            ResourceKind::LoadBalancer(it) => self.load_balancer(resource, it, out),
            ResourceKind::TargetGroup(it) => self.target_group(resource, it, out),
            ResourceKind::Listener(it) => self.listener(resource, it, out),
            ResourceKind::ListenerRule(it) => self.listener_rule(resource, it, out),
            ResourceKind::Repository(it) => self.repository(resource, it, out),
            ResourceKind::Cluster(it) => self.cluster(resource, it, out),
            ResourceKind::CapacityProvider(it) => self.capacity_provider(resource, it, out),
            ResourceKind::ClusterCapacityProviders(it) => {
                self.cluster_capacity_providers(resource, it, out)
            }
            ResourceKind::TaskDefinition(it) => self.task_definition(resource, it, out),
            ResourceKind::Service(it) => self.service(resource, it, out),
            ResourceKind::EksCluster(it) => self.eks_cluster(resource, it, out),
            ResourceKind::NodeGroup(it) => self.node_group(resource, it, out),
            ResourceKind::Addon(it) => self.addon(resource, it, out),
            ResourceKind::AccessEntry(it) => self.access_entry(resource, it, out),
            ResourceKind::PodIdentity(it) => self.pod_identity(resource, it, out),
            ResourceKind::Queue(it) => self.queue(resource, it, out),
            ResourceKind::QueuePolicy(it) => self.queue_policy(resource, it, out),
            ResourceKind::EventRule(it) => self.event_rule(resource, it, out),
            ResourceKind::PrivateDnsNamespace(it) => self.private_dns_namespace(resource, it, out),
            ResourceKind::DiscoveryService(it) => self.discovery_service(resource, it, out),
            ResourceKind::Role(it) => self.role(resource, it, out),
            ResourceKind::InstanceProfile(it) => self.instance_profile(resource, it, out),
            ResourceKind::LogGroup(it) => self.log_group(resource, it, out),
            ResourceKind::Alarm(it) => self.alarm(resource, it, out),
            ResourceKind::Dashboard(it) => self.dashboard(resource, it, out),
            ResourceKind::Topic(it) => self.topic(resource, it, out),
            ResourceKind::TopicPolicy(it) => self.topic_policy(resource, it, out),
            ResourceKind::TopicSubscription(it) => self.topic_subscription(resource, it, out),
            ResourceKind::Budget(it) => self.budget(resource, it, out),
            ResourceKind::BackupVault(it) => self.backup_vault(resource, it, out),
            ResourceKind::BackupPlan(it) => self.backup_plan(resource, it, out),
            ResourceKind::BackupSelection(it) => self.backup_selection(resource, it, out),
            ResourceKind::DbSubnetGroup(it) => self.db_subnet_group(resource, it, out),
            ResourceKind::DbParameterGroup(it) => self.db_parameter_group(resource, it, out),
            ResourceKind::DbInstance(it) => self.db_instance(resource, it, out),
            ResourceKind::CacheSubnetGroup(it) => self.cache_subnet_group(resource, it, out),
            ResourceKind::CacheParameterGroup(it) => self.cache_parameter_group(resource, it, out),
            ResourceKind::ReplicationGroup(it) => self.replication_group(resource, it, out),
            ResourceKind::FileSystem(it) => self.file_system(resource, it, out),
            ResourceKind::MountTarget(it) => self.mount_target(resource, it, out),
            ResourceKind::AccessPoint(it) => self.access_point(resource, it, out),
            ResourceKind::Distribution(it) => self.distribution(resource, it, out),
            ResourceKind::OriginAccessControl(it) => self.origin_access_control(resource, it, out),
            ResourceKind::WebAcl(it) => self.web_acl(resource, it, out),
            ResourceKind::WebAclAssociation(it) => self.web_acl_association(resource, it, out),
            ResourceKind::WebAclLogging(it) => self.web_acl_logging(resource, it, out),
            ResourceKind::HostedZone(it) => self.hosted_zone(resource, it, out),
            ResourceKind::RecordSet(it) => self.record_set(resource, it, out),
            ResourceKind::KmsKey(it) => self.kms_key(resource, it, out),
            ResourceKind::KmsAlias(it) => self.kms_alias(resource, it, out),
            ResourceKind::Bucket(it) => self.bucket(resource, it, out),
            ResourceKind::BucketPolicy(it) => self.bucket_policy(resource, it, out),
            ResourceKind::Secret(it) => self.secret(resource, it, out),
        }
    }
}

/// The type of the block that stands for a resource.
fn terraform_type(kind: &ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Vpc(_) => "aws_vpc",
        ResourceKind::VpcCidrBlock(_) => "aws_vpc_ipv4_cidr_block_association",
        ResourceKind::VpcIpv6Block(_) => "aws_vpc_ipv6_cidr_block_association",
        ResourceKind::Subnet(_) => "aws_subnet",
        ResourceKind::InternetGateway(_) => "aws_internet_gateway",
        ResourceKind::InternetGatewayAttachment(_) => "aws_internet_gateway_attachment",
        ResourceKind::ElasticIp(_) => "aws_eip",
        ResourceKind::NatGateway(_) => "aws_nat_gateway",
        ResourceKind::RouteTable(_) => "aws_route_table",
        ResourceKind::Route(_) => "aws_route",
        ResourceKind::RouteTableAssociation(_) => "aws_route_table_association",
        ResourceKind::NetworkAcl(_) => "aws_network_acl",
        ResourceKind::NetworkAclEntry(_) => "aws_network_acl_rule",
        ResourceKind::NetworkAclAssociation(_) => "aws_network_acl_association",
        ResourceKind::VpcEndpoint(_) => "aws_vpc_endpoint",
        ResourceKind::FlowLog(_) => "aws_flow_log",
        ResourceKind::VpcPeeringConnection(_) => "aws_vpc_peering_connection",
        ResourceKind::SecurityGroup(_) => "aws_security_group",
        ResourceKind::EgressOnlyInternetGateway(_) => "aws_egress_only_internet_gateway",
        ResourceKind::PrefixList(_) => "aws_ec2_managed_prefix_list",
        ResourceKind::TransitGateway(_) => "aws_ec2_transit_gateway",
        ResourceKind::TransitGatewayAttachment(_) => "aws_ec2_transit_gateway_vpc_attachment",
        ResourceKind::TransitGatewayRouteTable(_) => "aws_ec2_transit_gateway_route_table",
        ResourceKind::TransitGatewayAssociation(_) => {
            "aws_ec2_transit_gateway_route_table_association"
        }
        ResourceKind::TransitGatewayPropagation(_) => {
            "aws_ec2_transit_gateway_route_table_propagation"
        }
        ResourceKind::TransitGatewayRoute(_) => "aws_ec2_transit_gateway_route",
        ResourceKind::VpnGateway(_) => "aws_vpn_gateway",
        ResourceKind::VpnGatewayAttachment(_) => "aws_vpn_gateway_attachment",
        ResourceKind::LaunchTemplate(_) => "aws_launch_template",
        ResourceKind::AutoScalingGroup(_) => "aws_autoscaling_group",
        ResourceKind::ScalableTarget(_) => "aws_appautoscaling_target",
        ResourceKind::ScalingPolicy(_) => "aws_appautoscaling_policy",
        ResourceKind::Certificate(_) => "aws_acm_certificate",
        ResourceKind::LoadBalancer(_) => "aws_lb",
        ResourceKind::TargetGroup(_) => "aws_lb_target_group",
        ResourceKind::Listener(_) => "aws_lb_listener",
        ResourceKind::ListenerRule(_) => "aws_lb_listener_rule",
        ResourceKind::Repository(_) => "aws_ecr_repository",
        ResourceKind::Cluster(_) => "aws_ecs_cluster",
        ResourceKind::CapacityProvider(_) => "aws_ecs_capacity_provider",
        ResourceKind::ClusterCapacityProviders(_) => "aws_ecs_cluster_capacity_providers",
        ResourceKind::TaskDefinition(_) => "aws_ecs_task_definition",
        ResourceKind::Service(_) => "aws_ecs_service",
        ResourceKind::EksCluster(_) => "aws_eks_cluster",
        ResourceKind::NodeGroup(_) => "aws_eks_node_group",
        ResourceKind::Addon(_) => "aws_eks_addon",
        ResourceKind::AccessEntry(_) => "aws_eks_access_entry",
        ResourceKind::PodIdentity(_) => "aws_eks_pod_identity_association",
        ResourceKind::Queue(_) => "aws_sqs_queue",
        ResourceKind::QueuePolicy(_) => "aws_sqs_queue_policy",
        ResourceKind::EventRule(_) => "aws_cloudwatch_event_rule",
        ResourceKind::PrivateDnsNamespace(_) => "aws_service_discovery_private_dns_namespace",
        ResourceKind::DiscoveryService(_) => "aws_service_discovery_service",
        ResourceKind::Role(_) => "aws_iam_role",
        ResourceKind::InstanceProfile(_) => "aws_iam_instance_profile",
        ResourceKind::LogGroup(_) => "aws_cloudwatch_log_group",
        ResourceKind::Alarm(_) => "aws_cloudwatch_metric_alarm",
        ResourceKind::Dashboard(_) => "aws_cloudwatch_dashboard",
        ResourceKind::Topic(_) => "aws_sns_topic",
        ResourceKind::TopicPolicy(_) => "aws_sns_topic_policy",
        ResourceKind::TopicSubscription(_) => "aws_sns_topic_subscription",
        ResourceKind::Budget(_) => "aws_budgets_budget",
        ResourceKind::BackupVault(_) => "aws_backup_vault",
        ResourceKind::BackupPlan(_) => "aws_backup_plan",
        ResourceKind::BackupSelection(_) => "aws_backup_selection",
        ResourceKind::DbSubnetGroup(_) => "aws_db_subnet_group",
        ResourceKind::DbParameterGroup(_) => "aws_db_parameter_group",
        ResourceKind::DbInstance(_) => "aws_db_instance",
        ResourceKind::CacheSubnetGroup(_) => "aws_elasticache_subnet_group",
        ResourceKind::CacheParameterGroup(_) => "aws_elasticache_parameter_group",
        ResourceKind::ReplicationGroup(_) => "aws_elasticache_replication_group",
        ResourceKind::FileSystem(_) => "aws_efs_file_system",
        ResourceKind::MountTarget(_) => "aws_efs_mount_target",
        ResourceKind::AccessPoint(_) => "aws_efs_access_point",
        ResourceKind::Distribution(_) => "aws_cloudfront_distribution",
        ResourceKind::OriginAccessControl(_) => "aws_cloudfront_origin_access_control",
        ResourceKind::WebAcl(_) => "aws_wafv2_web_acl",
        ResourceKind::WebAclAssociation(_) => "aws_wafv2_web_acl_association",
        ResourceKind::WebAclLogging(_) => "aws_wafv2_web_acl_logging_configuration",
        ResourceKind::HostedZone(_) => "aws_route53_zone",
        ResourceKind::RecordSet(_) => "aws_route53_record",
        ResourceKind::KmsKey(_) => "aws_kms_key",
        ResourceKind::KmsAlias(_) => "aws_kms_alias",
        ResourceKind::Bucket(_) => "aws_s3_bucket",
        ResourceKind::BucketPolicy(_) => "aws_s3_bucket_policy",
        ResourceKind::Secret(_) => "aws_secretsmanager_secret",
        ResourceKind::SecurityGroupRule(it) => security_group::rule_type(it.direction),
    }
}

/// The file that a resource stands in.
const fn file(kind: &ResourceKind) -> File {
    match kind {
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
        | ResourceKind::VpnGatewayAttachment(_) => File::Network,
        ResourceKind::FlowLog(_)
        | ResourceKind::LogGroup(_)
        | ResourceKind::Alarm(_)
        | ResourceKind::Dashboard(_)
        | ResourceKind::Topic(_)
        | ResourceKind::TopicPolicy(_)
        | ResourceKind::TopicSubscription(_)
        | ResourceKind::Budget(_) => File::Observability,
        ResourceKind::LaunchTemplate(_)
        | ResourceKind::AutoScalingGroup(_)
        | ResourceKind::ScalableTarget(_)
        | ResourceKind::ScalingPolicy(_)
        | ResourceKind::Certificate(_)
        | ResourceKind::HostedZone(_)
        | ResourceKind::RecordSet(_)
        | ResourceKind::LoadBalancer(_)
        | ResourceKind::TargetGroup(_)
        | ResourceKind::WebAcl(_)
        | ResourceKind::WebAclAssociation(_)
        | ResourceKind::WebAclLogging(_)
        | ResourceKind::Distribution(_)
        | ResourceKind::OriginAccessControl(_)
        | ResourceKind::Listener(_)
        | ResourceKind::ListenerRule(_)
        | ResourceKind::Cluster(_)
        | ResourceKind::CapacityProvider(_)
        | ResourceKind::ClusterCapacityProviders(_)
        | ResourceKind::TaskDefinition(_)
        | ResourceKind::Service(_)
        | ResourceKind::EksCluster(_)
        | ResourceKind::NodeGroup(_)
        | ResourceKind::Addon(_)
        | ResourceKind::AccessEntry(_)
        | ResourceKind::PodIdentity(_)
        | ResourceKind::Queue(_)
        | ResourceKind::QueuePolicy(_)
        | ResourceKind::EventRule(_)
        | ResourceKind::PrivateDnsNamespace(_)
        | ResourceKind::DiscoveryService(_)
        | ResourceKind::Role(_)
        | ResourceKind::InstanceProfile(_) => File::Services,
        ResourceKind::DbSubnetGroup(_)
        | ResourceKind::DbParameterGroup(_)
        | ResourceKind::DbInstance(_)
        | ResourceKind::CacheSubnetGroup(_)
        | ResourceKind::CacheParameterGroup(_)
        | ResourceKind::ReplicationGroup(_)
        | ResourceKind::FileSystem(_)
        | ResourceKind::MountTarget(_)
        | ResourceKind::AccessPoint(_)
        | ResourceKind::KmsKey(_)
        | ResourceKind::KmsAlias(_)
        | ResourceKind::Bucket(_)
        | ResourceKind::BucketPolicy(_)
        | ResourceKind::Secret(_)
        | ResourceKind::Repository(_)
        | ResourceKind::BackupVault(_)
        | ResourceKind::BackupPlan(_)
        | ResourceKind::BackupSelection(_) => File::Data,
    }
}
