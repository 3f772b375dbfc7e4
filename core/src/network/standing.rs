//! Everything that has network interfaces: resources that were lowered, and what a template says of its own.
//!
//! The one list of it: the model's endpoints are made from it, and checks go through it.

use std::collections::BTreeMap;

use super::model::Holds;
use crate::loc::Loc;
use crate::resource::interfaces::{InterfaceKind, Interfaces};
use crate::resource::kubernetes::{KubernetesResource, Workload};
use crate::resource::network::EndpointKind;
use crate::resource::{
    DbInstance, LaunchTemplate, Listener, Ref, Resource, ResourceGraph, ResourceId, ResourceKind,
    SecurityGroup, Subnet, TaskDefinition, VpcEndpoint,
};
use crate::types::Port;
use crate::value::Value;

/// The port of Amazon EFS.
const NFS: Port = Port(2049);
/// The port of every Redis store: no declaration sets another.
const REDIS: Port = Port(6379);
/// The port on which CloudFront sends to HTTPS.
const HTTP: Port = Port(80);
/// The port of the endpoints of AWS services, and of CloudFront.
const HTTPS: Port = Port(443);

/// Something with network interfaces.
#[derive(Debug)]
pub(crate) struct Standing<'a> {
    /// Its name in messages.
    pub name: &'a str,
    /// Where it was written.
    pub loc: Loc,
    /// Its type in CloudFormation.
    pub type_name: &'a str,
    /// What it is.
    pub kind: InterfaceKind,
    /// The groups on its interfaces; none if they are not known, empty if no group filters.
    pub groups: Option<&'a [Ref<SecurityGroup>]>,
    /// The subnets it stands in; none if they are not known.
    pub subnets: Option<&'a [Ref<Subnet>]>,
    /// Whether its interfaces have public IPv4 addresses.
    pub public: Holds,
    /// Whether its interfaces have IPv6 addresses, where their subnet has an IPv6 block.
    pub ipv6: Holds,
    /// The TCP ports it listens on, as far as it says so.
    pub ports: Vec<Value<Port>>,
    /// Whether it holds data.
    pub store: bool,
    /// What an AWS service is reached by, where it is that.
    pub service: Option<&'a VpcEndpoint>,
    /// The network policy of its pods, or the pods that it stands for in those of others.
    pub policy: Option<ResourceId>,
    /// Whether it is the control plane of what stands under the same name: an endpoint of its own.
    pub control_plane: bool,
}

/// Everything that has interfaces, by name in the graph.
pub(crate) fn standing(graph: &ResourceGraph) -> Vec<Standing<'_>> {
    let listeners = listeners(graph);
    let mut all: Vec<Standing<'_>> =
        graph.resources.values().filter_map(|it| lowered(it, graph, &listeners)).collect();
    all.extend(graph.workloads().map(|(resource, it)| pods(resource, it, graph)));
    all.extend(graph.interfaces.values().map(read));
    all
}

/// The pods of a service: they stand where the nodes stand, with their groups.
fn pods<'a>(
    resource: &'a KubernetesResource,
    it: &'a Workload,
    graph: &ResourceGraph,
) -> Standing<'a> {
    Standing {
        name: graph.endpoint_of(&resource.declaration, &resource.id),
        loc: resource.loc,
        type_name: "Deployment",
        kind: InterfaceKind::Linux,
        groups: (!it.groups.is_empty()).then_some(it.groups.as_slice()),
        subnets: (!it.subnets.is_empty()).then_some(it.subnets.as_slice()),
        public: Holds::No,
        // Clusters have IPv4 services, and then their pods have IPv4 addresses only.
        ipv6: Holds::No,
        ports: it.port.iter().cloned().collect(),
        store: false,
        service: None,
        policy: Some(it.policy.id().clone()),
        control_plane: false,
    }
}

/// What a template says of its own.
fn read(it: &Interfaces) -> Standing<'_> {
    Standing {
        name: &it.declaration,
        loc: it.loc,
        type_name: &it.type_name,
        kind: it.kind,
        groups: it.groups.as_deref(),
        subnets: it.subnets.as_deref(),
        public: Holds::from(&it.public),
        ipv6: Holds::from(&it.ipv6),
        ports: it.ports.clone(),
        store: it.store,
        service: None,
        policy: None,
        control_plane: false,
    }
}

/// The ports that load balancers listen on.
type Listeners<'a> = BTreeMap<&'a ResourceId, Vec<Value<Port>>>;

fn listeners(graph: &ResourceGraph) -> Listeners<'_> {
    let mut all = Listeners::new();
    for (_, _, it) in graph.all::<Listener>() {
        all.entry(it.load_balancer.id()).or_default().push(Value::Literal(Port(it.port)));
    }
    all
}

/// A resource that has interfaces.
fn lowered<'a>(
    resource: &'a Resource,
    graph: &'a ResourceGraph,
    listeners: &Listeners<'_>,
) -> Option<Standing<'a>> {
    let plain = |kind, groups: &'a [Ref<SecurityGroup>], subnets: &'a [Ref<Subnet>]| Standing {
        name: graph.endpoint_name(resource),
        loc: resource.loc,
        type_name: resource.kind.cloudformation_type(),
        kind,
        // What is lowered always has groups: none means that they are not known.
        groups: (!groups.is_empty()).then_some(groups),
        subnets: (!subnets.is_empty()).then_some(subnets),
        public: Holds::No,
        // Load balancers and stores use IPv4 unless they are told to use both, which no declaration does.
        ipv6: Holds::No,
        ports: Vec::new(),
        store: false,
        service: None,
        policy: None,
        control_plane: false,
    };
    let store = |groups, subnets, ports| Standing {
        ports,
        store: true,
        ..plain(InterfaceKind::Managed, groups, subnets)
    };
    Some(match &resource.kind {
        ResourceKind::Service(it) => {
            let task = graph.get::<TaskDefinition>(&it.task_definition);
            let own = task.and_then(|it| it.container.port.as_ref());
            let targets = it.load_balancers.iter().map(|it| &it.port);
            Standing {
                public: if it.public_ip { Holds::Yes } else { Holds::No },
                // Tasks get IPv6 addresses only where the account's setting `dualStackIPv6` is on.
                // <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html>
                ipv6: Holds::Maybe,
                ports: targets.chain(own).cloned().collect(),
                ..plain(InterfaceKind::Linux, &it.groups, &it.subnets)
            }
        }
        ResourceKind::AutoScalingGroup(it) => {
            let template = graph.get::<LaunchTemplate>(&it.launch_template);
            let groups = template.map(|it| it.groups.as_slice()).unwrap_or_default();
            Standing { ipv6: Holds::Yes, ..plain(InterfaceKind::Linux, groups, &it.subnets) }
        }
        ResourceKind::NodeGroup(it) => {
            let template = graph.get::<LaunchTemplate>(&it.launch_template);
            let groups = template.map(|it| it.groups.as_slice()).unwrap_or_default();
            let others = graph
                .network_policies()
                .find(|(_, policy)| !policy.isolates && policy.cluster == it.cluster);
            Standing {
                ipv6: Holds::Yes,
                policy: others.map(|(it, _)| it.id.clone()),
                ..plain(InterfaceKind::Linux, groups, &it.subnets)
            }
        }
        ResourceKind::EksCluster(it) => Standing {
            // EKS gives the control plane of a cluster with IPv4 services IPv4 addresses; a template does
            // not say so.
            ipv6: Holds::Maybe,
            ports: vec![Value::Literal(HTTPS)],
            control_plane: true,
            ..plain(InterfaceKind::Managed, &it.groups, &it.subnets)
        },
        ResourceKind::LoadBalancer(it) => Standing {
            public: if it.internet_facing { Holds::Yes } else { Holds::No },
            ports: listeners.get(&resource.id).cloned().unwrap_or_default(),
            ..plain(InterfaceKind::LoadBalancer, &it.groups, &it.subnets)
        },
        ResourceKind::Distribution(_) => Standing {
            groups: Some(&[]),
            public: Holds::Yes,
            ipv6: Holds::Yes,
            ports: vec![Value::Literal(HTTP), Value::Literal(HTTPS)],
            ..plain(InterfaceKind::CloudFront, &[], &[])
        },
        ResourceKind::DbInstance(it) => {
            // A replica without a subnet group stands in its source's, and has its source's port.
            let source = it.replica_of.as_ref().and_then(|it| graph.get::<DbInstance>(it));
            let subnets =
                it.subnet_group.as_ref().or(source.and_then(|it| it.subnet_group.as_ref()));
            let subnets = subnets.and_then(|it| graph.get(it)).map(|it| it.subnets.as_slice());
            let port = it.port.as_ref().or(source.and_then(|it| it.port.as_ref()));
            store(&it.groups, subnets.unwrap_or_default(), port.cloned().into_iter().collect())
        }
        ResourceKind::ReplicationGroup(it) => {
            let subnets = graph.get(&it.subnet_group).map(|it| it.subnets.as_slice());
            store(&it.groups, subnets.unwrap_or_default(), vec![Value::Literal(REDIS)])
        }
        ResourceKind::MountTarget(it) => {
            store(&it.groups, std::slice::from_ref(&it.subnet), vec![Value::Literal(NFS)])
        }
        ResourceKind::VpcEndpoint(service) => {
            let EndpointKind::Interface { subnets, groups } = &service.kind else {
                return None;
            };
            Standing {
                ports: vec![Value::Literal(HTTPS)],
                service: Some(service),
                ..plain(InterfaceKind::VpcEndpoint, groups, subnets)
            }
        }
        ResourceKind::Vpc(_)
        | ResourceKind::VpcCidrBlock(_)
        | ResourceKind::VpcIpv6Block(_)
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
        | ResourceKind::FlowLog(_)
        | ResourceKind::VpcPeeringConnection(_)
        | ResourceKind::SecurityGroup(_)
        | ResourceKind::SecurityGroupRule(_)
        | ResourceKind::LaunchTemplate(_)
        | ResourceKind::ScalableTarget(_)
        | ResourceKind::ScalingPolicy(_)
        | ResourceKind::Certificate(_)
        | ResourceKind::TargetGroup(_)
        | ResourceKind::WebAcl(_)
        | ResourceKind::WebAclAssociation(_)
        | ResourceKind::WebAclLogging(_)
        | ResourceKind::OriginAccessControl(_)
        | ResourceKind::HostedZone(_)
        | ResourceKind::RecordSet(_)
        | ResourceKind::KmsKey(_)
        | ResourceKind::KmsAlias(_)
        | ResourceKind::Listener(_)
        | ResourceKind::ListenerRule(_)
        | ResourceKind::Cluster(_)
        | ResourceKind::CapacityProvider(_)
        | ResourceKind::Addon(_)
        | ResourceKind::AccessEntry(_)
        | ResourceKind::PodIdentity(_)
        | ResourceKind::QueuePolicy(_)
        | ResourceKind::EventRule(_)
        | ResourceKind::Queue(_)
        | ResourceKind::ClusterCapacityProviders(_)
        | ResourceKind::TaskDefinition(_)
        | ResourceKind::PrivateDnsNamespace(_)
        | ResourceKind::DiscoveryService(_)
        | ResourceKind::Role(_)
        | ResourceKind::InstanceProfile(_)
        | ResourceKind::LogGroup(_)
        | ResourceKind::Alarm(_)
        | ResourceKind::Dashboard(_)
        | ResourceKind::Topic(_)
        | ResourceKind::TopicPolicy(_)
        | ResourceKind::TopicSubscription(_)
        | ResourceKind::Budget(_)
        | ResourceKind::Repository(_)
        | ResourceKind::BackupVault(_)
        | ResourceKind::BackupPlan(_)
        | ResourceKind::BackupSelection(_)
        | ResourceKind::DbSubnetGroup(_)
        | ResourceKind::DbParameterGroup(_)
        | ResourceKind::CacheSubnetGroup(_)
        | ResourceKind::CacheParameterGroup(_)
        | ResourceKind::FileSystem(_)
        | ResourceKind::AccessPoint(_)
        | ResourceKind::Bucket(_)
        | ResourceKind::BucketPolicy(_)
        | ResourceKind::Secret(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::check::testing::architecture;
    use crate::environment::Environment;
    use crate::network::Model;
    use crate::types::Port;
    use crate::value::Value;

    const SOURCE: &str = r#"
vpc network {
    cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24, database: /24 },
    nat: PerZone, endpoints: [SecretsManager],
}
certificate tls { domain: "app.example.com" }
efs files { subnets: network.private }
rds_postgres database {
    subnets: network.database, version: "16.6", class: "db.t4g.medium", storage: 100GB,
    port: 5433, replicas: 1, multi_az: true, backups: 7days,
}
redis cache { subnets: network.private, node: "cache.t4g.small" }
ecs_cluster cluster { subnets: network.private }
ecs_service api { cluster: cluster, image: "api:1", port: 8000, cpu: 256, memory: 512MB }
ecs_service store { cluster: cluster, image: "store:1", port: 6333, cpu: 256, memory: 512MB }
ecs_service worker { cluster: cluster, image: "worker:1", cpu: 256, memory: 512MB }
alb edge { subnets: network.public, certificate: tls, routes: ["/" => api] }
"#;

    #[test]
    fn endpoints_listen_on_each_port_once() {
        let architecture = architecture(SOURCE, Environment::Production);
        assert_eq!(architecture.problems(), []);
        let model = Model::new(&crate::lower::lower(&architecture));
        for (name, ports) in [
            ("api", &[8000][..]),
            ("store", &[6333]),
            ("worker", &[]),
            ("edge", &[80, 443]),
            // Its replica has its port.
            ("database", &[5433]),
            ("cache", &[6379]),
            // Two mount targets.
            ("files", &[2049]),
            ("network.secretsmanager", &[443]),
        ] {
            let ports: Vec<_> = ports.iter().map(|it| Value::Literal(Port(*it))).collect();
            let endpoint = model.endpoint(name).map(|it| &it.ports);
            assert_eq!(endpoint, Some(&ports), "{name}");
        }
    }
}
