//! What has interfaces in a [`ResourceGraph`](crate::resource::ResourceGraph), and what load balancers send on.

use std::collections::BTreeMap;

use super::build::{Builder, endpoint_name};
use super::model::{Endpoint, Forward, Groups, Holds, Interface, ServiceEndpoint, ServiceWay};
use crate::loc::Loc;
use crate::resource::elb::{Listener, ListenerAction, ListenerRule, LoadBalancer, TargetGroup};
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network;
use crate::resource::{
    AutoScalingGroup, CacheSubnetGroup, DbInstance, DbSubnetGroup, LaunchTemplate, MountTarget,
    Ref, ReplicationGroup, Resource, ResourceId, SecurityGroup, Service, Subnet, VpcEndpoint,
};
use crate::types::Port;
use crate::value::Value;

impl Builder<'_> {
    fn interface(&self, subnets: &[Ref<Subnet>], groups: &[Ref<SecurityGroup>]) -> Interface {
        // One subnet that is not in the graph makes the place unknown as a whole.
        let subnets: Option<Vec<usize>> =
            subnets.iter().map(|it| self.subnets.get(it.id()).copied()).collect();
        Interface {
            subnets: subnets.unwrap_or_default(),
            groups: if groups.is_empty() { Groups::Unknown } else { self.known_groups(groups) },
            public: Holds::No,
            ipv6: Holds::Yes,
        }
    }

    fn known_groups(&self, groups: &[Ref<SecurityGroup>]) -> Groups {
        let groups: Option<Vec<usize>> =
            groups.iter().map(|it| self.model.group(it.id())).collect();
        groups.map_or(Groups::Unknown, Groups::Known)
    }

    /// The endpoint of a declaration, to which several resources may belong.
    fn endpoint(&mut self, name: &str, kind: InterfaceKind, loc: Loc) -> &mut Endpoint {
        let index = match self.model.endpoint_index.get(name) {
            Some(index) => *index,
            None => {
                let index = self.model.endpoints.len();
                self.model.endpoint_index.insert(name.to_string(), index);
                self.model.endpoints.push(Endpoint {
                    name: name.to_string(),
                    kind,
                    interfaces: Vec::new(),
                    ports: Vec::new(),
                    store: false,
                    loc,
                });
                index
            }
        };
        &mut self.model.endpoints[index]
    }

    pub(super) fn endpoints(&mut self) {
        let graph = self.graph;
        for (_, resource, it) in graph.all::<Service>() {
            let mut interface = self.interface(&it.subnets, &it.groups);
            interface.public = if it.public_ip { Holds::Yes } else { Holds::No };
            // Tasks get IPv6 addresses only where the account's setting `dualStackIPv6` is on.
            // <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html>
            interface.ipv6 = Holds::Maybe;
            let ports: Vec<Value<Port>> =
                it.load_balancers.iter().map(|it| it.port.clone()).collect();
            let endpoint = self.endpoint(&resource.declaration, InterfaceKind::Linux, resource.loc);
            endpoint.interfaces.push(interface);
            endpoint.ports.extend(ports);
        }
        for (_, resource, it) in graph.all::<AutoScalingGroup>() {
            let groups = graph
                .get::<LaunchTemplate>(&it.launch_template)
                .map(|it| it.groups.as_slice())
                .unwrap_or_default();
            let interface = self.interface(&it.subnets, groups);
            let endpoint = self.endpoint(&resource.declaration, InterfaceKind::Linux, resource.loc);
            endpoint.interfaces.push(interface);
        }
        for (_, resource, it) in graph.all::<LoadBalancer>() {
            let mut interface = self.interface(&it.subnets, &it.groups);
            interface.public = if it.internet_facing { Holds::Yes } else { Holds::No };
            // Its addresses are IPv4 addresses: it is not told to use both.
            interface.ipv6 = Holds::No;
            let kind = InterfaceKind::LoadBalancer;
            self.endpoint(&resource.declaration, kind, resource.loc).interfaces.push(interface);
        }
        let mut stores = Vec::new();
        for (_, resource, it) in graph.all::<DbInstance>() {
            // A replica without a subnet group stands in its source's.
            let source = it.replica_of.as_ref().and_then(|it| graph.get::<DbInstance>(it));
            let subnets = it
                .subnet_group
                .as_ref()
                .or(source.and_then(|it| it.subnet_group.as_ref()))
                .and_then(|it| graph.get::<DbSubnetGroup>(it))
                .map(|it| it.subnets.as_slice())
                .unwrap_or_default();
            stores.push((resource, self.interface(subnets, &it.groups)));
        }
        for (_, resource, it) in graph.all::<ReplicationGroup>() {
            let subnets = graph
                .get::<CacheSubnetGroup>(&it.subnet_group)
                .map(|it| it.subnets.as_slice())
                .unwrap_or_default();
            stores.push((resource, self.interface(subnets, &it.groups)));
        }
        for (_, resource, it) in graph.all::<MountTarget>() {
            stores.push((resource, self.interface(std::slice::from_ref(&it.subnet), &it.groups)));
        }
        for (resource, mut interface) in stores {
            // Stores use IPv4 unless they are told to use both, which no declaration does.
            interface.ipv6 = Holds::No;
            let kind = InterfaceKind::Managed;
            let endpoint = self.endpoint(&resource.declaration, kind, resource.loc);
            endpoint.interfaces.push(interface);
            endpoint.store = true;
        }
        for it in graph.interfaces.values() {
            let subnets = it.subnets.as_deref().unwrap_or_default();
            let mut interface = self.interface(subnets, &[]);
            interface.groups = match it.groups.as_deref() {
                None => Groups::Unknown,
                Some([]) => Groups::NotAsked,
                Some(groups) => self.known_groups(groups),
            };
            interface.public = Holds::from(&it.public);
            interface.ipv6 = Holds::from(&it.ipv6);
            let endpoint = self.endpoint(&it.declaration, it.kind, it.loc);
            endpoint.interfaces.push(interface);
            endpoint.ports.extend(it.ports.iter().cloned());
            endpoint.store |= it.store;
        }
    }

    pub(super) fn services(&mut self) {
        for (_, resource, it) in self.graph.all::<VpcEndpoint>() {
            let vpc = self.vpcs.get(it.vpc.id()).copied();
            let way = match &it.kind {
                network::EndpointKind::Gateway { tables } => ServiceWay::Gateway(
                    tables.iter().filter_map(|it| self.tables.get(it.id()).copied()).collect(),
                ),
                network::EndpointKind::Interface { subnets, groups } => {
                    let mut interface = self.interface(subnets, groups);
                    interface.ipv6 = Holds::No;
                    // What is declared with its VPC is called by its service.
                    let owner = vpc.map(|it| self.model.vpcs[it].name.as_str());
                    let name = if owner == Some(resource.declaration.as_str()) {
                        endpoint_name(&resource.declaration, it.service)
                    } else {
                        resource.declaration.clone()
                    };
                    let kind = InterfaceKind::VpcEndpoint;
                    let endpoint = self.endpoint(&name, kind, resource.loc);
                    endpoint.interfaces.push(interface.clone());
                    endpoint.ports.push(Value::Literal(Port(443)));
                    ServiceWay::Interface(interface)
                }
            };
            self.model.services.push(ServiceEndpoint { vpc, service: it.service, way });
        }
    }

    pub(super) fn forwards(&mut self) {
        let graph = self.graph;
        let mut targets: BTreeMap<&ResourceId, (&str, &Value<Port>)> = BTreeMap::new();
        for (_, resource, service) in graph.all::<Service>() {
            for it in &service.load_balancers {
                let to = (resource.declaration.as_str(), &it.port);
                targets.insert(it.target_group.id(), to);
                if let Some(alternate) = &it.alternate {
                    targets.insert(alternate.target_group.id(), to);
                }
            }
        }
        let mut add = |listener: &Listener, action: &ListenerAction, resource: &Resource| {
            let Some(owner) = graph.resources.get(listener.load_balancer.id()) else {
                return;
            };
            let ListenerAction::Forward(groups) = action else {
                return;
            };
            for (group, _) in groups {
                let group: &Ref<TargetGroup> = group;
                let Some((target, port)) = targets.get(group.id()) else {
                    continue;
                };
                let forward = Forward {
                    load_balancer: owner.declaration.clone(),
                    listener_port: Value::Literal(Port(listener.port)),
                    target: (*target).to_string(),
                    target_port: (*port).clone(),
                    // An Application Load Balancer opens connections of its own.
                    keeps_client_address: Value::Literal(false),
                    loc: resource.loc,
                };
                self.model.forwards.push(forward);
            }
        };
        for (_, resource, it) in graph.all::<Listener>() {
            add(it, &it.default_action, resource);
        }
        for (_, resource, it) in graph.all::<ListenerRule>() {
            if let Some(listener) = graph.get(&it.listener) {
                add(listener, &it.action, resource);
            }
        }
        let name = |it: &ResourceId| graph.interfaces.get(it).map(|it| it.declaration.clone());
        for it in &graph.forwards {
            let (Some(load_balancer), Some(target)) = (name(&it.load_balancer), name(&it.target))
            else {
                continue;
            };
            self.model.forwards.push(Forward {
                load_balancer,
                listener_port: it.listener_port.clone(),
                target,
                target_port: it.target_port.clone(),
                keeps_client_address: it.keeps_client_address.clone(),
                loc: it.loc,
            });
        }
    }
}
