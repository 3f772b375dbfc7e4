//! A graph with every kind of resource once at least.

use std::collections::BTreeMap;

use archgen_core::Loc;
use archgen_core::declare::param::ParamKind;
use archgen_core::resource::cloudwatch::{Metric, Statistic};
use archgen_core::resource::iam::{Statement, Trust};
use archgen_core::resource::*;
use archgen_core::types::{Cidr, Ipv4Cidr};
use archgen_core::value::{Text, Value};

mod compute;
mod data;
mod edge;
mod gateways;
mod kubernetes;
mod network;
mod operations;

/// A graph that grows.
pub(crate) struct Builder(pub(super) ResourceGraph);

impl Builder {
    pub(crate) fn new() -> Builder {
        Builder(ResourceGraph {
            tags: BTreeMap::from([
                ("Architecture".to_string(), "shop".to_string()),
                ("ManagedBy".to_string(), "archgen".to_string()),
            ]),
            ..ResourceGraph::default()
        })
    }

    pub(crate) fn add<K: Into<ResourceKind>>(&mut self, name: &str, kind: K) -> Ref<K> {
        self.after(name, &[], kind)
    }

    pub(crate) fn after<K: Into<ResourceKind>>(
        &mut self,
        name: &str,
        depends_on: &[&str],
        kind: K,
    ) -> Ref<K> {
        let id = ResourceId::new(&[name]);
        let resource = Resource {
            id: id.clone(),
            declaration: name.split('.').next().unwrap_or_default().to_string(),
            loc: Loc::NONE,
            depends_on: depends_on.iter().map(|it| ResourceId::new(&[it])).collect(),
            key: None,
            kind: kind.into(),
        };
        self.0.resources.insert(id.clone(), resource);
        Ref::new(id)
    }
}

pub(crate) fn ipv4(text: &str) -> Value<Ipv4Cidr> {
    Value::Literal(Ipv4Cidr(text.parse().expect("a block")))
}

pub(crate) fn cidr(text: &str) -> Value<Cidr> {
    Value::Literal(Cidr(text.parse().expect("a block")))
}

fn string(text: &str) -> Value<String> {
    Value::Literal(text.to_string())
}

/// A parameter of text.
pub(crate) fn parameter(name: &str) -> Parameter {
    Parameter {
        name: name.to_string(),
        description: Some("what it is for".to_string()),
        kind: ParamKind::Text,
        default: Some("latest".to_string()),
        allowed: Vec::new(),
        loc: Loc::NONE,
    }
}

pub(crate) fn metric(statistic: Statistic) -> Metric {
    Metric {
        namespace: "AWS/ApplicationELB".into(),
        name: "TargetResponseTime".into(),
        dimensions: vec![(
            "LoadBalancer".to_string(),
            Text::attribute(ResourceId::new(&["edge.load_balancer"]), Attribute::FullName),
        )],
        statistic,
    }
}

/// What the parts of the graph share.
struct Shared {
    vpc: Ref<Vpc>,
    public: Vec<Ref<Subnet>>,
    private: Vec<Ref<Subnet>>,
    edge: Ref<SecurityGroup>,
    api: Ref<SecurityGroup>,
    store: Ref<SecurityGroup>,
}

/// Every kind of resource.
pub(crate) fn everything() -> ResourceGraph {
    let mut it = Builder::new();
    let shared = network::network(&mut it);
    data::data(&mut it, &shared);
    compute::compute(&mut it, &shared);
    edge::edge(&mut it);
    operations::operations(&mut it);
    kubernetes::kubernetes(&mut it, &shared);
    let parameters = [
        parameter("image_tag"),
        Parameter { default: None, ..parameter("domain") },
        Parameter { kind: ParamKind::TopicArn, default: None, ..parameter("alerts") },
        Parameter { kind: ParamKind::HostedZoneId, default: None, ..parameter("zone") },
        Parameter { kind: ParamKind::VpcId, default: None, ..parameter("peer_vpc") },
        Parameter { kind: ParamKind::Cidr, default: None, ..parameter("office") },
        Parameter {
            kind: ParamKind::Number,
            default: Some("2".to_string()),
            allowed: vec!["1".to_string(), "2".to_string()],
            ..parameter("tasks")
        },
        Parameter {
            default: Some("true".to_string()),
            allowed: vec!["true".to_string(), "false".to_string()],
            ..parameter("insights")
        },
    ];
    it.0.parameters = parameters.into_iter().map(|it| (it.name.clone(), it)).collect();
    let name = ResourceId::new(&["edge", "dns_name"]);
    let value = Text::attribute(ResourceId::new(&["edge.load_balancer"]), Attribute::DnsName);
    let output = Output { name: name.clone(), description: "where clients go".into(), value };
    it.0.outputs.insert(name, output);
    it.0
}

fn role(service: &'static str, statements: Vec<Statement>) -> Role {
    Role {
        trust: Trust::Service(service),
        description: "a role".to_string(),
        managed_policies: Vec::new(),
        statements,
    }
}
