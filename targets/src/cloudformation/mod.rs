//! CloudFormation: a template of a checked architecture.
//!
//! One function for each kind of resource, in the module named like its module in
//! `archgen_core::resource`. Nothing here knows an account, a Region, a partition or a zone.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::Checked;
use archgen_core::resource::network::{Direction, RulePeer};
use archgen_core::resource::wafv2::WebAclScope;
use archgen_core::resource::{
    Distribution, Resource, ResourceGraph, ResourceId, ResourceKind, SecurityGroupRule, WebAcl,
};

use crate::Files;
use crate::spelling::{CERTIFICATES_OF_CLOUDFRONT, WEB_ACLS_OF_CLOUDFRONT};

mod autoscaling;
mod backup;
mod budgets;
mod cloudfront;
mod cloudwatch;
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
mod network;
mod rds;
pub mod read;
mod refactor;
mod route53;
mod s3;
mod secrets;
mod security_group;
mod service_discovery;
mod sns;
pub mod stacks;
mod template;
#[cfg(test)]
mod tests;
mod wafv2;
mod writer;
#[cfg(feature = "yaml")]
mod yaml;

pub use refactor::{STACK_REFACTOR, stack_name, stack_refactor};
pub use stacks::{MANIFEST, Stack, Stacks, rank as stack_rank, stacks, stacks_named};
pub use template::{Template, TemplateParameter};

use expr::Object;
use template::{Retention, TemplateOutput, TemplateParameter as Parameter, TemplateResource};
use writer::Writer;

/// How a template is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `template.json`.
    Json,
    /// `template.yaml`.
    #[cfg(feature = "yaml")]
    Yaml,
}

/// The files of the CloudFormation target: a template, or several where AWS's limits ask for it.
pub fn files(checked: &Checked, format: Format) -> Files {
    let stacks = stacks(checked);
    let mut files = stacks.files(format);
    files.extend(stacks.refactor(checked).map(|it| (STACK_REFACTOR.to_string(), it.into_bytes())));
    files
}

/// The template of an architecture, all of it in one: see [`stacks()`] for what is deployed.
pub fn template(checked: &Checked) -> Template {
    write_graph(checked.name(), checked.environment().as_str(), checked.graph())
}

/// The description of the template of an architecture; those of further stacks go on with `: NAME`.
pub fn description(name: &str, environment: &str) -> String {
    format!("{name} ({environment})")
}

/// The template of a graph.
pub(crate) fn write_graph(name: &str, environment: &str, graph: &ResourceGraph) -> Template {
    let writer = Writer::new(format!("{name}-{environment}"), graph);
    let mut resources: BTreeMap<String, TemplateResource> = BTreeMap::new();
    for resource in graph.resources.values() {
        if writer.home(&resource.id) != Some(&resource.id) {
            continue;
        }
        let id = resource.id.logical_id();
        let before = resources.insert(id.clone(), writer.write(resource));
        assert!(before.is_none(), "invariant: AG0106 keeps logical IDs apart: `{id}`");
    }
    let outputs = graph
        .outputs
        .values()
        .map(|it| {
            let value = writer.text(&it.value);
            (
                it.name.logical_id(),
                TemplateOutput { description: it.description.clone(), value, export: None },
            )
        })
        .collect();
    let parameters = graph.parameters.values().map(Parameter::new).collect();
    let template = Template::new(description(name, environment), parameters, resources, outputs);
    if graph.all::<Distribution>().any(|(_, _, it)| it.needs_us_east_1()) {
        template.only_in("us-east-1", CERTIFICATES_OF_CLOUDFRONT)
    } else if graph.all::<WebAcl>().any(|(_, _, it)| it.scope == WebAclScope::CloudFront) {
        template.only_in("us-east-1", WEB_ACLS_OF_CLOUDFRONT)
    } else {
        template
    }
}

impl Writer<'_> {
    /// The resource of the template in which a resource of the graph is written: itself, or the
    /// security group whose list a rule stands in; none if it is left out, or AWS makes it with another.
    fn home<'a>(&'a self, id: &'a ResourceId) -> Option<&'a ResourceId> {
        let resource = self.graph.resources.get(id)?;
        if self.aws_own.has(id) {
            return None;
        }
        let ResourceKind::SecurityGroupRule(rule) = &resource.kind else {
            return Some(id);
        };
        if crate::ec2::is_implied(rule, self.graph) {
            return None;
        }
        match rule.peer {
            RulePeer::Cidr(_) | RulePeer::PrefixList(_) => Some(rule.group.id()),
            RulePeer::Group(_) => Some(id),
        }
    }

    /// A resource of the template.
    fn write(&self, resource: &Resource) -> TemplateResource {
        let properties = self.properties(resource).sorted().into();
        let mut it = TemplateResource {
            kind: cloudformation_type(resource),
            declaration: resource.declaration.clone(),
            loc: resource.loc,
            depends_on: BTreeSet::new(),
            retention: retention(&resource.kind),
            properties,
        };
        let mut said = BTreeSet::from([resource.id.logical_id()]);
        it.properties.references(&mut |name| {
            said.insert(name.to_string());
        });
        it.depends_on = resource
            .depends_on
            .iter()
            .filter_map(|other| self.home(other))
            .map(ResourceId::logical_id)
            .filter(|other| !said.contains(other))
            .collect();
        it
    }

    /// The properties of a resource.
    fn properties(&self, resource: &Resource) -> Object {
        match &resource.kind {
            ResourceKind::Vpc(it) => self.vpc(resource, it),
            ResourceKind::VpcCidrBlock(it) => self.vpc_cidr_block(it),
            ResourceKind::VpcIpv6Block(it) => self.vpc_ipv6_block(it),
            ResourceKind::Subnet(it) => self.subnet(resource, it),
            ResourceKind::InternetGateway(it) => self.internet_gateway(resource, it),
            ResourceKind::InternetGatewayAttachment(it) => self.internet_gateway_attachment(it),
            ResourceKind::ElasticIp(it) => self.elastic_ip(resource, it),
            ResourceKind::NatGateway(it) => self.nat_gateway(resource, it),
            ResourceKind::RouteTable(it) => self.route_table(resource, it),
            ResourceKind::Route(it) => self.route(it),
            ResourceKind::RouteTableAssociation(it) => self.route_table_association(it),
            ResourceKind::NetworkAcl(it) => self.network_acl(resource, it),
            ResourceKind::NetworkAclEntry(it) => self.network_acl_entry(it),
            ResourceKind::NetworkAclAssociation(it) => self.network_acl_association(it),
            ResourceKind::VpcEndpoint(it) => self.vpc_endpoint(resource, it),
            ResourceKind::FlowLog(it) => self.flow_log(resource, it),
            ResourceKind::VpcPeeringConnection(it) => self.vpc_peering_connection(resource, it),
            ResourceKind::SecurityGroup(it) => self.security_group(resource, it),
            ResourceKind::SecurityGroupRule(it) => self.security_group_rule(it),
            ResourceKind::EgressOnlyInternetGateway(it) => {
                self.egress_only_internet_gateway(resource, it)
            }
            ResourceKind::PrefixList(it) => self.prefix_list(resource, it),
            ResourceKind::TransitGateway(it) => self.transit_gateway(resource, it),
            ResourceKind::TransitGatewayAttachment(it) => {
                self.transit_gateway_attachment(resource, it)
            }
            ResourceKind::TransitGatewayRouteTable(it) => {
                self.transit_gateway_route_table(resource, it)
            }
            ResourceKind::TransitGatewayAssociation(it) => self.transit_gateway_association(it),
            ResourceKind::TransitGatewayPropagation(it) => self.transit_gateway_propagation(it),
            ResourceKind::TransitGatewayRoute(it) => self.transit_gateway_route(it),
            ResourceKind::VpnGateway(it) => self.vpn_gateway(resource, it),
            ResourceKind::VpnGatewayAttachment(it) => self.vpn_gateway_attachment(it),
            ResourceKind::LaunchTemplate(it) => self.launch_template(resource, it),
            ResourceKind::AutoScalingGroup(it) => self.auto_scaling_group(resource, it),
            ResourceKind::ScalableTarget(it) => self.scalable_target(it),
            ResourceKind::ScalingPolicy(it) => self.scaling_policy(it),
            ResourceKind::Certificate(it) => self.certificate(resource, it),
            ResourceKind::LoadBalancer(it) => self.load_balancer(resource, it),
            ResourceKind::TargetGroup(it) => self.target_group(resource, it),
            ResourceKind::Listener(it) => self.listener(it),
            ResourceKind::ListenerRule(it) => self.listener_rule(it),
            ResourceKind::Repository(it) => self.repository(resource, it),
            ResourceKind::Cluster(it) => self.cluster(resource, it),
            ResourceKind::CapacityProvider(it) => self.capacity_provider(resource, it),
            ResourceKind::ClusterCapacityProviders(it) => self.cluster_capacity_providers(it),
            ResourceKind::TaskDefinition(it) => self.task_definition(resource, it),
            ResourceKind::Service(it) => self.service(resource, it),
            ResourceKind::EksCluster(it) => self.eks_cluster(resource, it),
            ResourceKind::NodeGroup(it) => self.node_group(resource, it),
            ResourceKind::Addon(it) => self.addon(resource, it),
            ResourceKind::AccessEntry(it) => self.access_entry(resource, it),
            ResourceKind::PodIdentity(it) => self.pod_identity(resource, it),
            ResourceKind::Queue(it) => self.queue(resource, it),
            ResourceKind::QueuePolicy(it) => self.queue_policy(it),
            ResourceKind::EventRule(it) => self.event_rule(resource, it),
            ResourceKind::PrivateDnsNamespace(it) => self.private_dns_namespace(resource, it),
            ResourceKind::DiscoveryService(it) => self.discovery_service(resource, it),
            ResourceKind::Role(it) => self.role(resource, it),
            ResourceKind::InstanceProfile(it) => self.instance_profile(it),
            ResourceKind::LogGroup(it) => self.log_group(resource, it),
            ResourceKind::Alarm(it) => self.alarm(resource, it),
            ResourceKind::Dashboard(it) => self.dashboard(it),
            ResourceKind::Topic(it) => self.topic(resource, it),
            ResourceKind::TopicPolicy(it) => self.topic_policy(it),
            ResourceKind::TopicSubscription(it) => self.topic_subscription(it),
            ResourceKind::Budget(it) => self.budget(resource, it),
            ResourceKind::BackupVault(it) => self.backup_vault(resource, it),
            ResourceKind::BackupPlan(it) => self.backup_plan(resource, it),
            ResourceKind::BackupSelection(it) => self.backup_selection(it),
            ResourceKind::DbSubnetGroup(it) => self.db_subnet_group(resource, it),
            ResourceKind::DbParameterGroup(it) => self.db_parameter_group(resource, it),
            ResourceKind::DbInstance(it) => self.db_instance(resource, it),
            ResourceKind::CacheSubnetGroup(it) => self.cache_subnet_group(resource, it),
            ResourceKind::CacheParameterGroup(it) => self.cache_parameter_group(resource, it),
            ResourceKind::ReplicationGroup(it) => self.replication_group(resource, it),
            ResourceKind::FileSystem(it) => self.file_system(resource, it),
            ResourceKind::MountTarget(it) => self.mount_target(it),
            ResourceKind::AccessPoint(it) => self.access_point(resource, it),
            ResourceKind::Distribution(it) => self.distribution(resource, it),
            ResourceKind::OriginAccessControl(it) => self.origin_access_control(it),
            ResourceKind::WebAcl(it) => self.web_acl(resource, it),
            ResourceKind::WebAclAssociation(it) => self.web_acl_association(it),
            ResourceKind::WebAclLogging(it) => self.web_acl_logging(it),
            ResourceKind::HostedZone(it) => self.hosted_zone(resource, it),
            ResourceKind::RecordSet(it) => self.record_set(it),
            ResourceKind::KmsKey(it) => self.kms_key(resource, it),
            ResourceKind::KmsAlias(it) => self.kms_alias(it),
            ResourceKind::Bucket(it) => self.bucket(resource, it),
            ResourceKind::BucketPolicy(it) => self.bucket_policy(it),
            ResourceKind::Secret(it) => self.secret(resource, it),
        }
    }
}

/// The type in CloudFormation.
fn cloudformation_type(resource: &Resource) -> &'static str {
    if let ResourceKind::SecurityGroupRule(SecurityGroupRule {
        direction: Direction::Egress, ..
    }) = &resource.kind
    {
        "AWS::EC2::SecurityGroupEgress"
    } else {
        resource.kind.cloudformation_type()
    }
}

/// What becomes of data. Log groups and queues end by their own retention; what they held outlives nothing.
fn retention(kind: &ResourceKind) -> Option<Retention> {
    if let ResourceKind::DbInstance(it) = kind {
        // A replica holds nothing of its own, and AWS takes no last snapshot of one.
        let replica = it.replica_of.is_some();
        Some(if replica { Retention::Delete } else { Retention::Snapshot })
    } else if matches!(kind, ResourceKind::ReplicationGroup(_)) {
        Some(Retention::Snapshot)
    } else if matches!(
        kind,
        ResourceKind::Bucket(_)
            | ResourceKind::FileSystem(_)
            | ResourceKind::HostedZone(_)
            | ResourceKind::KmsKey(_)
            | ResourceKind::Secret(_)
            | ResourceKind::BackupVault(_)
            | ResourceKind::Repository(_)
    ) {
        Some(Retention::Retain)
    } else if matches!(kind, ResourceKind::LogGroup(_) | ResourceKind::Queue(_)) {
        Some(Retention::Delete)
    } else {
        None
    }
}
