//! For tests: findings about graphs that are built by hand, as read from a template and as declared.

use super::{check, check_read};
use crate::architecture::Architecture;
use crate::check::{Context, reachability};
use crate::declare::{Kind, RawDeclaration};
use crate::diagnostic::{Diagnostic, Sink};
use crate::environment::Environment;
use crate::loc::Loc;
use crate::network::Model;
use crate::network::tests::world::{World, reference, v4};
use crate::resource::interfaces::{Forwarding, InterfaceKind, Interfaces};
use crate::resource::network::{
    Direction, EndpointKind, EndpointService, RouteTarget, RulePeer, Subnet, VpcEndpoint,
};
use crate::resource::{PrefixList, ResourceId, Route, SecurityGroupRule};
use crate::types::{Cidr, Port};
use crate::value::Value;

/// `[AG0307] …` of everything found in a template with these resources.
pub(super) fn read(world: &World) -> Vec<String> {
    short(&check_read(&world.graph))
}

/// The findings of one code.
pub(super) fn with(code: &str, world: &World) -> Vec<String> {
    let start = format!("[{code}]");
    read(world).into_iter().filter(|it| it.starts_with(&start)).collect()
}

/// The codes found, each once.
pub(super) fn codes(world: &World) -> Vec<String> {
    let mut all: Vec<String> =
        check_read(&world.graph).iter().map(|it| it.code.to_string()).collect();
    all.sort();
    all.dedup();
    all
}

pub(super) fn short(found: &[Diagnostic]) -> Vec<String> {
    found.iter().map(|it| format!("[{}] {}", it.code, it.message)).collect()
}

/// What is found in an architecture whose groups `written` the team wrote.
pub(super) fn declared(world: &World, written: &[&str]) -> Vec<String> {
    let mut builder = Architecture::builder("test", Environment::Production);
    for name in written {
        let loc = Loc::new("lib.rs", 1, 1, 1);
        builder.push(RawDeclaration::new(Kind::SecurityGroup, (*name).to_string(), loc));
    }
    let architecture = builder.done();
    let model = Model::new(&world.graph);
    let mut sink = Sink::new();
    check(&world.graph, &model, &mut Context::new(&architecture, &mut sink));
    short(&sink.into_diagnostics())
}

/// Everything found in an architecture that was written as text, as [`crate::check::testing`] reads it.
pub(super) fn diagnose(source: &str, code: &str) -> Vec<String> {
    let architecture = crate::check::testing::architecture(source, Environment::Production);
    assert_eq!(architecture.problems(), [], "the test's own declarations are wrong");
    let graph = crate::lower::lower(&architecture);
    let model = reachability::model(&architecture, &graph);
    let mut sink = Sink::new();
    check(&graph, &model, &mut Context::new(&architecture, &mut sink));
    let start = format!("[{code}]");
    short(&sink.into_diagnostics()).into_iter().filter(|it| it.starts_with(&start)).collect()
}

/// A VPC `net` with the subnets `left` and `right`, a group `g`, and `task` that has it.
pub(super) fn network() -> World {
    let mut world = World::default();
    world.vpc("net", "10.0.0.0/16");
    world.subnet("net", "left", "10.0.1.0/24");
    world.subnet("net", "right", "10.0.2.0/24");
    world.group("g", "net", true);
    world.service("task", &["left"], &["g"]);
    world
}

/// Something of a template: in subnets, with groups.
pub(super) fn thing(name: &str, subnets: &[&str], groups: &[&str]) -> Interfaces {
    Interfaces {
        declaration: name.to_string(),
        loc: Loc::new("template.yaml", 1, 1, 1),
        type_name: "AWS::EC2::Instance".to_string(),
        kind: InterfaceKind::Instance,
        subnets: Some(subnets.iter().map(|it| reference(it)).collect()),
        groups: Some(groups.iter().map(|it| reference(it)).collect()),
        public: Value::Literal(false),
        ipv6: Value::Literal(false),
        ports: Vec::new(),
        store: false,
    }
}

impl World {
    pub(super) fn stand(&mut self, it: Interfaces) {
        self.graph.interfaces.insert(ResourceId::new(&[&it.declaration]), it);
    }

    pub(super) fn forward(&mut self, from: &str, port: u16, to: &str, target_port: u16) {
        self.graph.forwards.push(Forwarding {
            load_balancer: ResourceId::new(&[from]),
            listener_port: Value::Literal(Port(port)),
            target: ResourceId::new(&[to]),
            target_port: Value::Literal(Port(target_port)),
            keeps_client_address: Value::Literal(false),
            loc: Loc::NONE,
        });
    }

    pub(super) fn list(&mut self, name: &str, most: u16, blocks: &[&str]) {
        let entries: Vec<Value<Cidr>> =
            blocks.iter().map(|it| crate::network::tests::world::cidr(it)).collect();
        let ipv6 = blocks.first().is_some_and(|it| it.contains(':'));
        let max_entries = Value::Literal(most);
        let kind = PrefixList { name: name.to_string(), ipv6, max_entries, entries };
        self.add(name, name, kind);
    }

    /// A route of the table of a subnet by a prefix list.
    pub(super) fn route_by_list(&mut self, subnet: &str, list: &str, target: RouteTarget) {
        let kind = Route {
            table: reference(&format!("{subnet}.table")),
            destination: crate::resource::network::Destination::PrefixList(reference(list)),
            target,
            propagated: false,
        };
        self.add("routes", &format!("{subnet}.{list}.{}", self.line), kind);
    }

    pub(super) fn endpoint_of(
        &mut self,
        name: &str,
        vpc: &str,
        service: EndpointService,
        subnets: &[&str],
        groups: &[&str],
    ) {
        let kind = EndpointKind::Interface {
            subnets: subnets.iter().map(|it| reference(it)).collect(),
            groups: groups.iter().map(|it| reference(it)).collect(),
        };
        self.add(name, name, VpcEndpoint { vpc: reference(vpc), service, kind });
    }

    /// A subnet without a table of its own.
    pub(super) fn bare_subnet(&mut self, vpc: &str, name: &str, cidr: &str) {
        let kind = Subnet {
            vpc: reference(vpc),
            cidr: v4(cidr),
            ipv6: None,
            zone: 0,
            tier: String::new(),
        };
        self.add(name, name, kind);
    }

    /// A rule by a list.
    pub(super) fn rule_by_list(
        &mut self,
        group: &str,
        list: &str,
        traffic: crate::resource::network::Traffic,
    ) {
        let kind = SecurityGroupRule {
            group: reference(group),
            direction: Direction::Ingress,
            peer: RulePeer::PrefixList(reference(list)),
            traffic,
            description: String::new(),
        };
        self.add(group, &format!("{group}.list.{}", self.line), kind);
    }

    /// Gives every subnet an IPv6 block that is written out.
    pub(super) fn with_ipv6(&mut self) {
        let mut number = 0;
        for resource in self.graph.resources.values_mut() {
            if let crate::resource::ResourceKind::Subnet(it) = &mut resource.kind {
                let block = format!("2600:1f00:0:{number:x}::/64");
                number += 1;
                it.ipv6 = Some(crate::resource::network::SubnetIpv6::Given(
                    crate::network::tests::world::cidr(&block),
                ));
            }
        }
    }
}
