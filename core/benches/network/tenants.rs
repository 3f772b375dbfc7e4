//! A platform with many tenants: each has a group, a service, a target group and rules to a database, a
//! cache, a file system and the endpoints that all of them share.

use archgen_core::loc::Loc;
use archgen_core::resource::ecs::{Deployment, Service, ServiceTarget};
use archgen_core::resource::elb::{
    Listener, ListenerAction, ListenerRule, LoadBalancer, TargetGroup, TargetHealthCheck,
};
use archgen_core::resource::interfaces::{InterfaceKind, Interfaces};
use archgen_core::resource::network::*;
use archgen_core::resource::{Ref, Resource, ResourceGraph, ResourceId, ResourceKind};
use archgen_core::types::{Cidr, Count, Ipv4Cidr, Percent, Port, Seconds};
use archgen_core::value::Value;

fn reference<K>(name: &str) -> Ref<K> {
    Ref::new(ResourceId::new(&[name]))
}

fn ipv4(text: &str) -> Value<Ipv4Cidr> {
    Value::Literal(Ipv4Cidr(text.parse().expect("a block")))
}

fn everywhere() -> Value<Cidr> {
    Value::Literal(Cidr("0.0.0.0/0".parse().expect("a block")))
}

struct Platform(ResourceGraph);

impl Platform {
    fn add(&mut self, declaration: &str, id: &str, kind: impl Into<ResourceKind>) {
        let id = ResourceId::new(&[id]);
        let resource = Resource {
            id: id.clone(),
            declaration: declaration.to_string(),
            loc: Loc::NONE,
            depends_on: Vec::new(),
            key: None,
            kind: kind.into(),
        };
        self.0.resources.insert(id, resource);
    }

    fn group(&mut self, name: &str) {
        let group = SecurityGroup {
            vpc: reference("network"),
            description: String::new(),
            group_name: None,
            default_egress: Value::Literal(false),
        };
        self.add(name, &format!("{name}.security_group"), group);
    }

    fn rule(&mut self, group: &str, direction: Direction, peer: &str, port: u16) {
        let word = match direction {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        };
        let about = match peer {
            "internet" => RulePeer::Cidr(everywhere()),
            _ => RulePeer::Group(reference(&format!("{peer}.security_group"))),
        };
        let rule = SecurityGroupRule {
            group: reference(&format!("{group}.security_group")),
            direction,
            peer: about,
            traffic: Traffic::tcp_port(port),
            description: String::new(),
        };
        self.add(group, &format!("{group}.{word}.{peer}.tcp_{port}"), rule);
    }

    /// Rules on both sides.
    fn connect(&mut self, from: &str, to: &str, port: u16) {
        self.rule(from, Direction::Egress, to, port);
        self.rule(to, Direction::Ingress, from, port);
    }

    fn store(&mut self, name: &str, port: u16) {
        let interfaces = Interfaces {
            declaration: name.to_string(),
            loc: Loc::NONE,
            type_name: "AWS::RDS::DBInstance".to_string(),
            kind: InterfaceKind::Managed,
            subnets: Some(private()),
            groups: Some(vec![reference(&format!("{name}.security_group"))]),
            public: Value::Literal(false),
            ipv6: Value::Literal(false),
            ports: vec![Value::Literal(Port(port))],
            store: true,
        };
        self.0.interfaces.insert(ResourceId::new(&[name]), interfaces);
    }
}

fn private() -> Vec<Ref<Subnet>> {
    vec![reference("network.private.a"), reference("network.private.b")]
}

/// What the tenants share, and the port each of them uses there.
const SHARED: [(&str, u16); 4] =
    [("database", 5432), ("cache", 6379), ("files", 2049), ("endpoints", 443)];

/// The platform with so many tenants: eleven group rules for each.
pub fn graph(tenants: usize) -> ResourceGraph {
    let mut it = Platform(ResourceGraph::default());
    network(&mut it);
    for (name, port) in SHARED {
        it.group(name);
        it.store(name, port);
    }
    it.group("edge");
    it.rule("edge", Direction::Ingress, "internet", 443);
    let edge = LoadBalancer {
        name: None,
        internet_facing: true,
        subnets: vec![reference("network.public.a"), reference("network.public.b")],
        groups: vec![reference("edge.security_group")],
        idle_timeout: Value::Literal(Seconds(60)),
        deletion_protection: Value::Literal(true),
        access_logs: None,
    };
    it.add("edge", "edge", edge);
    let listener = Listener {
        load_balancer: reference("edge"),
        port: 443,
        tls: None,
        default_action: ListenerAction::FixedResponse { status: 404 },
    };
    it.add("edge", "edge.listener", listener);
    for number in 0..tenants {
        tenant(&mut it, &format!("tenant_{number}"), number);
    }
    it.0
}

fn tenant(it: &mut Platform, name: &str, number: usize) {
    it.group(name);
    it.rule(name, Direction::Egress, "internet", 443);
    it.connect("edge", name, 8080);
    for (shared, port) in SHARED {
        it.connect(name, shared, port);
    }
    let targets = TargetGroup {
        vpc: reference("network"),
        port: Value::Literal(Port(8080)),
        https: false,
        health_check: TargetHealthCheck {
            path: Value::Literal("/health".to_string()),
            interval: Value::Literal(Seconds(30)),
            timeout: Value::Literal(Seconds(5)),
            healthy_threshold: Value::Literal(Count(2)),
            unhealthy_threshold: Value::Literal(Count(3)),
            matcher: Value::Literal("200".to_string()),
        },
        stickiness: None,
        deregistration_delay: Value::Literal(Seconds(30)),
    };
    it.add(name, &format!("{name}.target_group"), targets);
    let rule = ListenerRule {
        listener: reference("edge.listener"),
        priority: Value::Literal(number as u16),
        hosts: vec![Value::Literal(format!("{name}.example.com"))],
        paths: Vec::new(),
        headers: Vec::new(),
        action: ListenerAction::Forward(vec![(reference(&format!("{name}.target_group")), 1)]),
    };
    it.add(name, &format!("{name}.listener_rule"), rule);
    let service = Service {
        name: None,
        cluster: reference("cluster"),
        task_definition: reference("task"),
        desired_count: Some(Value::Literal(Count(1))),
        capacity: Vec::new(),
        subnets: private(),
        groups: vec![reference(&format!("{name}.security_group"))],
        load_balancers: vec![ServiceTarget {
            target_group: reference(&format!("{name}.target_group")),
            port: Value::Literal(Port(8080)),
            alternate: None,
        }],
        public_ip: false,
        discovery: None,
        deployment: Deployment::Rolling,
        bake_time: Value::Literal(Seconds(0)),
        minimum_healthy: Value::Literal(Percent(100.0)),
        maximum: 200,
        grace_period: None,
        exec: Value::Literal(false),
    };
    it.add(name, &format!("{name}.service"), service);
}

/// Two zones, public and private, with a NAT gateway and a network ACL.
fn network(it: &mut Platform) {
    it.add("network", "network", Vpc { cidr: ipv4("10.0.0.0/16") });
    it.add("network", "network.gateway", InternetGateway {});
    let attachment = InternetGatewayAttachment {
        vpc: reference("network"),
        gateway: reference("network.gateway"),
    };
    it.add("network", "network.attachment", attachment);
    for (tier, zone, block) in [
        ("public", 0, "10.0.0.0/24"),
        ("public", 1, "10.0.1.0/24"),
        ("private", 0, "10.0.64.0/18"),
        ("private", 1, "10.0.128.0/18"),
    ] {
        let letter = ["a", "b"][zone as usize];
        let name = format!("network.{tier}.{letter}");
        let subnet = Subnet {
            vpc: reference("network"),
            cidr: ipv4(block),
            ipv6: None,
            zone,
            tier: tier.to_string(),
        };
        it.add("network", &name, subnet);
        let table = format!("{name}.table");
        it.add("network", &table, RouteTable { vpc: reference("network") });
        let target = if tier == "public" {
            RouteTarget::InternetGateway(reference("network.gateway"))
        } else {
            RouteTarget::NatGateway(reference("network.nat"))
        };
        let route = Route {
            table: reference(&table),
            destination: Destination::Cidr(everywhere()),
            target,
            propagated: false,
        };
        it.add("network", &format!("{name}.route"), route);
        let association =
            RouteTableAssociation { table: reference(&table), subnet: reference(&name) };
        it.add("network", &format!("{name}.association"), association);
    }
    let address = Some(reference("network.address"));
    it.add("network", "network.nat", NatGateway { subnet: reference("network.public.a"), address });
    it.add("network", "network.acl", NetworkAcl { vpc: reference("network") });
    for direction in [Direction::Ingress, Direction::Egress] {
        let entry = NetworkAclEntry {
            acl: reference("network.acl"),
            number: Value::Literal(100),
            direction,
            allow: true,
            traffic: Traffic::All,
            cidr: everywhere(),
        };
        it.add("network", &format!("network.acl.{direction:?}"), entry);
    }
    for letter in ["a", "b"] {
        let association = NetworkAclAssociation {
            acl: reference("network.acl"),
            subnet: reference(&format!("network.private.{letter}")),
        };
        it.add("network", &format!("network.acl.{letter}"), association);
    }
}
