//! Builds graphs by hand.

use crate::loc::Loc;
use crate::resource::ecs::{Architecture, Deployment, Service};
use crate::resource::elb::LoadBalancer;
use crate::resource::kubernetes::{
    KubernetesKind, KubernetesResource, NetworkPolicy, NetworkPolicyRule, PolicyPeer, Spread,
    Workload,
};
use crate::resource::network::*;
use crate::resource::{Ref, Resource, ResourceGraph, ResourceId, ResourceKind};
use crate::types::{Cidr, Count, CpuUnits, Ipv4Cidr, Memory, Percent, Seconds};
use crate::value::{Text, Value};

/// A graph that is being built.
#[derive(Clone, Default)]
pub struct World {
    pub graph: ResourceGraph,
    pub line: u32,
}

pub fn reference<K>(name: &str) -> Ref<K> {
    Ref::new(ResourceId::new(&[name]))
}

pub fn v4(text: &str) -> Value<Ipv4Cidr> {
    Value::Literal(Ipv4Cidr(text.parse().unwrap()))
}

pub fn cidr(text: &str) -> Value<Cidr> {
    Value::Literal(Cidr(text.parse().unwrap()))
}

pub fn tcp(first: u16, last: u16) -> Traffic {
    Traffic::Tcp(Value::Literal(PortRange { first, last }))
}

pub fn block(text: &str) -> RulePeer {
    RulePeer::Cidr(cidr(text))
}

pub fn group(name: &str) -> RulePeer {
    RulePeer::Group(reference(name))
}

impl World {
    pub fn add(&mut self, declaration: &str, id: &str, kind: impl Into<ResourceKind>) {
        self.line += 1;
        let id = ResourceId::new(&[id]);
        let resource = Resource {
            id: id.clone(),
            declaration: declaration.to_string(),
            loc: Loc::new("lib.rs", self.line, 1, 1),
            depends_on: Vec::new(),
            key: None,
            kind: kind.into(),
        };
        assert!(self.graph.resources.insert(id, resource).is_none());
    }

    pub fn vpc(&mut self, name: &str, cidr: &str) {
        self.add(name, name, Vpc { cidr: v4(cidr) });
    }

    pub fn further_block(&mut self, vpc: &str, cidr: &str) {
        self.add(
            vpc,
            &format!("{vpc}/{cidr}"),
            VpcCidrBlock { vpc: reference(vpc), cidr: v4(cidr) },
        );
    }

    pub fn gateway(&mut self, vpc: &str) {
        self.add(vpc, &format!("{vpc}.igw"), InternetGateway {});
        let kind = InternetGatewayAttachment {
            vpc: reference(vpc),
            gateway: reference(&format!("{vpc}.igw")),
        };
        self.add(vpc, &format!("{vpc}.attachment"), kind);
    }

    /// A subnet that is a tier of its own, with a route table of its own.
    pub fn subnet(&mut self, vpc: &str, name: &str, cidr: &str) {
        let kind = Subnet {
            vpc: reference(vpc),
            cidr: v4(cidr),
            ipv6: None,
            zone: 0,
            tier: name.to_string(),
        };
        self.add(vpc, name, kind);
        self.add(vpc, &format!("{name}.table"), RouteTable { vpc: reference(vpc) });
        let kind = RouteTableAssociation {
            table: reference(&format!("{name}.table")),
            subnet: reference(name),
        };
        self.add(vpc, &format!("{name}.association"), kind);
    }

    pub fn route(&mut self, subnet: &str, destination: &str, target: RouteTarget) {
        let kind = Route {
            table: reference(&format!("{subnet}.table")),
            destination: Destination::Cidr(cidr(destination)),
            target,
            propagated: false,
        };
        self.add("routes", &format!("{subnet}.{destination}.{}", self.line), kind);
    }

    pub fn route_to_gateway(&mut self, subnet: &str, destination: &str, vpc: &str) {
        let target = RouteTarget::InternetGateway(reference(&format!("{vpc}.igw")));
        self.route(subnet, destination, target);
    }

    pub fn route_to_nat(&mut self, subnet: &str, destination: &str, nat: &str) {
        self.route(subnet, destination, RouteTarget::NatGateway(reference(nat)));
    }

    pub fn route_to_peering(&mut self, subnet: &str, destination: &str, peering: &str) {
        self.route(subnet, destination, RouteTarget::VpcPeering(reference(peering)));
    }

    pub fn nat(&mut self, name: &str, subnet: &str) {
        let kind = NatGateway { subnet: reference(subnet), address: Some(reference("eip")) };
        self.add("nat", name, kind);
    }

    pub fn peering(&mut self, name: &str, requester: &str, accepter: &str) {
        let kind = VpcPeeringConnection {
            requester: reference(requester),
            accepter: Accepter::Vpc(reference(accepter)),
        };
        self.add(name, name, kind);
    }

    pub fn acl(&mut self, name: &str, vpc: &str, subnets: &[&str]) {
        self.add(name, name, NetworkAcl { vpc: reference(vpc) });
        for subnet in subnets {
            let kind = NetworkAclAssociation { acl: reference(name), subnet: reference(subnet) };
            self.add(name, &format!("{name}.{subnet}"), kind);
        }
    }

    pub fn entry(
        &mut self,
        acl: &str,
        number: u16,
        direction: Direction,
        allow: bool,
        from: &str,
        traffic: Traffic,
    ) {
        let kind = NetworkAclEntry {
            acl: reference(acl),
            number: Value::Literal(number),
            direction,
            allow,
            traffic,
            cidr: cidr(from),
        };
        self.add(acl, &format!("{acl}.{direction:?}.{number}"), kind);
    }

    pub fn group(&mut self, name: &str, vpc: &str, default_egress: bool) {
        let kind = SecurityGroup {
            vpc: reference(vpc),
            description: String::new(),
            group_name: None,
            default_egress: Value::Literal(default_egress),
        };
        self.add(name, name, kind);
    }

    pub fn rule(&mut self, group: &str, direction: Direction, peer: RulePeer, traffic: Traffic) {
        let kind = SecurityGroupRule {
            group: reference(group),
            direction,
            peer,
            traffic,
            description: String::new(),
        };
        self.add(group, &format!("{group}.{direction:?}.{}", self.line), kind);
    }

    pub fn service(&mut self, name: &str, subnets: &[&str], groups: &[&str]) {
        let kind = Service {
            name: None,
            cluster: reference("cluster"),
            task_definition: reference("task"),
            desired_count: Some(Value::Literal(Count(1))),
            capacity: Vec::new(),
            subnets: subnets.iter().map(|it| reference(it)).collect(),
            groups: groups.iter().map(|it| reference(it)).collect(),
            load_balancers: Vec::new(),
            public_ip: false,
            discovery: None,
            deployment: Deployment::Rolling,
            bake_time: Value::Literal(Seconds(0)),
            minimum_healthy: Value::Literal(Percent(100.0)),
            maximum: 200,
            grace_period: None,
            exec: Value::Literal(false),
        };
        self.add(name, name, kind);
    }

    /// Pods with a policy of their own, which filters if it `isolates`.
    pub fn pods(&mut self, name: &str, isolates: bool, subnets: &[&str], groups: &[&str]) {
        let policy = NetworkPolicy { cluster: reference("cluster"), isolates };
        self.in_kubernetes(name, &format!("{name}.policy"), policy);
        let kind = Workload {
            namespace: reference("namespace"),
            name: Value::Literal(name.to_string()),
            architecture: Architecture::X86_64,
            image: Text::literal("image"),
            port: None,
            command: Vec::new(),
            environment: Vec::new(),
            secrets: Vec::new(),
            cpu: Value::Literal(CpuUnits(256)),
            memory: Value::Literal(Memory(512)),
            minimum: Value::Literal(Count(1)),
            maximum: Value::Literal(Count(1)),
            scaling: Vec::new(),
            scale_out_cooldown: Value::Literal(Seconds(60)),
            scale_in_cooldown: Value::Literal(Seconds(60)),
            health: None,
            user: None,
            node_labels: Vec::new(),
            tolerations: Vec::new(),
            spread: Spread::Zones,
            migration: Vec::new(),
            targets: Vec::new(),
            policy: reference(&format!("{name}.policy")),
            groups: groups.iter().map(|it| reference(it)).collect(),
            subnets: subnets.iter().map(|it| reference(it)).collect(),
        };
        self.in_kubernetes(name, name, kind);
    }

    pub fn policy_rule(
        &mut self,
        pods: &str,
        direction: Direction,
        peer: PolicyPeer,
        traffic: Traffic,
    ) {
        let policy = reference(&format!("{pods}.policy"));
        let rule = NetworkPolicyRule { policy, direction, peer, traffic };
        self.in_kubernetes(pods, &format!("{pods}.policy.{direction:?}.{}", self.line), rule);
    }

    fn in_kubernetes(&mut self, declaration: &str, id: &str, kind: impl Into<KubernetesKind>) {
        self.line += 1;
        let id = ResourceId::new(&[id]);
        let resource = KubernetesResource {
            id: id.clone(),
            declaration: declaration.to_string(),
            loc: Loc::new("lib.rs", self.line, 1, 1),
            kind: kind.into(),
        };
        assert!(self.graph.kubernetes.insert(id, resource).is_none());
    }

    pub fn balancer(&mut self, name: &str, facing: bool, subnets: &[&str], groups: &[&str]) {
        let kind = LoadBalancer {
            name: None,
            internet_facing: facing,
            subnets: subnets.iter().map(|it| reference(it)).collect(),
            groups: groups.iter().map(|it| reference(it)).collect(),
            idle_timeout: Value::Literal(Seconds(60)),
            deletion_protection: Value::Literal(false),
            access_logs: None,
        };
        self.add(name, name, kind);
    }
}
