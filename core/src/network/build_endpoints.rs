//! What has interfaces in a [`ResourceGraph`](crate::resource::ResourceGraph), and what load balancers send on.

use std::collections::BTreeMap;

use super::build::{Builder, control_plane_name, endpoint_name};
use super::model::{Endpoint, Forward, Groups, Interface, ServiceEndpoint, ServiceWay};
use super::standing::{Standing, standing};
use crate::loc::Loc;
use crate::resource::cloudfront::DistributionOrigin;
use crate::resource::elb::{Listener, ListenerAction, ListenerRule, TargetGroup};
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::EndpointKind;
use crate::resource::{
    Distribution, Ref, Resource, ResourceId, SecurityGroup, Service, VpcEndpoint,
};
use crate::types::Port;
use crate::value::Value;

impl Builder<'_> {
    fn interface(&self, it: &Standing<'_>) -> Interface {
        // One subnet that is not in the graph makes the place unknown as a whole.
        let subnets = it.subnets.unwrap_or_default();
        let subnets: Option<Vec<usize>> =
            subnets.iter().map(|it| self.subnets.get(it.id()).copied()).collect();
        let known = |groups: &[Ref<SecurityGroup>]| -> Option<Vec<usize>> {
            groups.iter().map(|it| self.model.group(it.id())).collect()
        };
        let mut groups = match it.groups {
            None => Groups::Unknown,
            Some([]) => Groups::NotAsked,
            Some(groups) => known(groups).map_or(Groups::Unknown, Groups::Known),
        };
        if let (Groups::Known(all), Some(policy)) = (&mut groups, &it.policy) {
            all.extend(self.model.group(policy));
        }
        Interface { subnets: subnets.unwrap_or_default(), groups, public: it.public, ipv6: it.ipv6 }
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
        let mut all = standing(self.graph);
        // What an AWS service is reached by comes last.
        all.sort_by_key(|it| it.service.is_some());
        for it in all {
            let interface = self.interface(&it);
            let name = match it.service {
                Some(service) => self.service(it.name, service, &interface),
                None if it.control_plane => control_plane_name(it.name),
                None => it.name.to_string(),
            };
            let endpoint = self.endpoint(&name, it.kind, it.loc);
            endpoint.interfaces.push(interface);
            for port in it.ports {
                if !endpoint.ports.contains(&port) {
                    endpoint.ports.push(port);
                }
            }
            endpoint.store |= it.store;
        }
    }

    /// Adds a way to an AWS service by interfaces; gives the name of its endpoint.
    fn service(&mut self, declaration: &str, it: &VpcEndpoint, interface: &Interface) -> String {
        let vpc = self.vpcs.get(it.vpc.id()).copied();
        let way = ServiceWay::Interface(interface.clone());
        self.model.services.push(ServiceEndpoint { vpc, service: it.service, way });
        // What is declared with its VPC is called by its service.
        if vpc.is_some_and(|it| self.model.vpcs[it].name == declaration) {
            endpoint_name(declaration, it.service)
        } else {
            declaration.to_string()
        }
    }

    /// The ways to AWS services by routes.
    pub(super) fn gateway_endpoints(&mut self) {
        for (_, _, it) in self.graph.all::<VpcEndpoint>() {
            if let EndpointKind::Gateway { tables } = &it.kind {
                let vpc = self.vpcs.get(it.vpc.id()).copied();
                let tables = tables.iter().filter_map(|it| self.tables.get(it.id()).copied());
                let way = ServiceWay::Gateway(tables.collect());
                self.model.services.push(ServiceEndpoint { vpc, service: it.service, way });
            }
        }
    }

    pub(super) fn forwards(&mut self) {
        let graph = self.graph;
        let mut targets: BTreeMap<&ResourceId, (&str, &Value<Port>)> = BTreeMap::new();
        for (_, resource, service) in graph.all::<Service>() {
            for it in &service.load_balancers {
                let to = (graph.endpoint_name(resource), &it.port);
                targets.insert(it.target_group.id(), to);
                if let Some(alternate) = &it.alternate {
                    targets.insert(alternate.target_group.id(), to);
                }
            }
        }
        for (resource, workload) in graph.workloads() {
            if let Some(port) = &workload.port {
                let to = (graph.endpoint_of(&resource.declaration, &resource.id), port);
                targets.extend(workload.targets.iter().map(|it| (it.id(), to)));
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
        for (_, resource, it) in graph.all::<Distribution>() {
            let DistributionOrigin::LoadBalancer { balancer, https } = &it.origin else {
                continue;
            };
            let Some(target) = graph.resources.get(balancer.id()) else { continue };
            self.model.forwards.push(Forward {
                load_balancer: resource.declaration.clone(),
                // What comes by HTTP is sent back to come by HTTPS.
                listener_port: Value::Literal(Port(443)),
                target: target.declaration.clone(),
                target_port: Value::Literal(Port(if *https { 443 } else { 80 })),
                keeps_client_address: Value::Literal(false),
                loc: resource.loc,
            });
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
