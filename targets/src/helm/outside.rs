//! What a chart asks for because it is decided elsewhere: parameters, what stands outside the cluster,
//! facts about the account. Text of the graph becomes text of values here, and what it names is noted.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use archgen_core::declare::param::ParamKind;
use archgen_core::resource::rds::Password;
use archgen_core::resource::{
    Attribute, DbInstance, DiscoveryService, Parameter, PrivateDnsNamespace, ReplicationGroup,
    ResourceGraph, ResourceId, ResourceKind, Secret, Service, TaskDefinition,
};
use archgen_core::value::{Part, Pseudo, Text as GraphText, Value};

use super::node::Node;
use super::shape::camel;
use super::tenants::Release;
use super::text::{Piece, Text, Whole};

/// The port of every Redis store: no declaration sets another.
const REDIS: i64 = 6379;

/// One attribute of what stands outside the cluster.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Given {
    /// What it is, and the outputs that have it.
    pub comment: String,
    /// Its value; empty text if it is known only once it is deployed.
    pub value: Node,
    /// A value that looks like a real one.
    pub plausible: &'static str,
}

/// What a chart asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// The parameters, by their names in `parameters`.
    pub parameters: BTreeMap<String, Parameter>,
    /// What stands outside, by its name in `stores`, then by attribute.
    pub stores: BTreeMap<String, BTreeMap<&'static str, Given>>,
    /// The facts about the account.
    pub aws: BTreeSet<Pseudo>,
}

/// The names of a graph, as a chart says them.
pub(super) struct Outside<'a> {
    /// The graph.
    pub graph: &'a ResourceGraph,
    /// The services by declaration: what they are called in Kubernetes.
    pub services: BTreeMap<&'a str, String>,
    /// The declarations of services that are in releases of their own, and are no part of this one.
    pub elsewhere: BTreeSet<&'a str>,
    /// What the names of a tenant's declarations begin with, where it is a tenant's release, and its pool.
    own: Option<(&'a str, &'a str)>,
    /// The names by which services find each other, and what they are called in Kubernetes.
    hosts: Vec<(String, String)>,
    /// What was asked for so far.
    pub asked: Asked,
}

/// A name that Kubernetes takes for everything: lower-case letters, digits and `-`, and short enough to
/// have something added. Names that differ in their logical IDs differ here too.
///
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names>
pub(super) fn dns_name(name: &str) -> String {
    let mut all = String::new();
    for it in name.chars() {
        if it.is_ascii_uppercase() && !all.is_empty() && !all.ends_with('-') {
            all.push('-');
        }
        all.push(if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' });
    }
    let all = all.trim_matches('-');
    if all.len() <= 50 {
        return all.to_string();
    }
    // FNV-1a: what was cut off still tells names apart.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, it| {
        (hash ^ u64::from(it)).wrapping_mul(0x100_0000_01b3)
    });
    format!("{}-{:08x}", all[..41].trim_end_matches('-'), hash as u32)
}

impl<'a> Outside<'a> {
    /// The names of a graph.
    pub fn new(graph: &'a ResourceGraph) -> Outside<'a> {
        let mut all = Outside::alone(graph);
        for (_, resource, it) in graph.all::<Service>() {
            let task = graph.get::<TaskDefinition>(&it.task_definition);
            // The container's name outlives a rename, and so do the names of what clients know.
            let known = task.map_or(resource.declaration.as_str(), |it| it.container.name.as_str());
            let name = dns_name(known);
            all.hosts.extend(host_of(graph, it).map(|host| (host, name.clone())));
            all.services.insert(resource.declaration.as_str(), name);
        }
        all
    }

    /// The names of a graph without the services of tenants that have a release of their own.
    pub fn shared(graph: &'a ResourceGraph, releases: &[Release<'a>]) -> Outside<'a> {
        let mut all = Outside::new(graph);
        for it in releases {
            let name = all.services.remove(it.declaration);
            all.hosts.retain(|host| Some(&host.1) != name.as_ref());
            all.elsewhere.insert(it.declaration);
        }
        all
    }

    /// The names of a graph for the release of a tenant: what is its own has the same names as with every other
    /// tenant of the pool, so that one schema is for all of them.
    pub fn of_tenant(shared: &Outside<'a>, release: &Release<'a>) -> Outside<'a> {
        let mut all = Outside {
            graph: shared.graph,
            services: shared.services.clone(),
            elsewhere: shared.elsewhere.clone(),
            own: Some((release.declaration, release.pool)),
            hosts: shared.hosts.clone(),
            asked: Asked::default(),
        };
        all.elsewhere.remove(release.declaration);
        all.services.insert(release.declaration, dns_name(release.pool));
        let host = host_of(shared.graph, release.service);
        all.hosts.extend(host.map(|it| (it, dns_name(release.pool))));
        all
    }

    /// The name of a declaration: `clients.tenant.database` is `clients.acme.database` in the release of acme.
    pub fn said<'n>(&self, declaration: &'n str) -> Cow<'n, str> {
        let found = self.own.and_then(|(own, pool)| {
            let rest = declaration.strip_prefix(own)?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{pool}.tenant{rest}"))
        });
        found.map_or(Cow::Borrowed(declaration), Cow::Owned)
    }

    /// The names of a graph for what is in a chart of its own: no other service is part of it.
    pub fn alone(graph: &'a ResourceGraph) -> Outside<'a> {
        Outside {
            graph,
            services: BTreeMap::new(),
            elsewhere: BTreeSet::new(),
            own: None,
            hosts: Vec::new(),
            asked: Asked::default(),
        }
    }

    /// The name of a parameter in `parameters`, which is asked for from now on.
    pub fn parameter(&mut self, name: &str) -> String {
        let key = camel(name);
        if let Some(it) = self.graph.parameters.get(name) {
            self.asked.parameters.insert(key.clone(), it.clone());
        }
        key
    }

    /// A text.
    pub fn text(&mut self, it: &GraphText) -> Text {
        let mut all: Vec<Piece> = Vec::new();
        for part in &it.0 {
            match part {
                Part::Literal(text) => all.extend(self.with_services(text)),
                Part::Parameter(name) => all.push(Piece::Parameter(self.parameter(name))),
                Part::Attribute(id, attribute) => all.push(self.attribute(id, *attribute)),
                Part::Pseudo(it) => all.push(Piece::Aws(self.aws(*it))),
                // A checked graph has neither.
                Part::Member(_) | Part::Unknown => {}
            }
        }
        Text(all)
    }

    /// A plain value as text.
    pub fn string(&mut self, it: &Value<String>) -> Text {
        match it {
            Value::Literal(text) => Text(self.with_services(text)),
            Value::Parameter(name) => Text(vec![Piece::Parameter(self.parameter(name))]),
            Value::Unknown => Text::default(),
        }
    }

    /// A number.
    pub fn whole<T, const A: i64, const B: i64>(
        &mut self,
        it: &Value<T>,
        number: impl FnOnce(&T) -> i64,
    ) -> Whole<A, B> {
        match it {
            Value::Literal(it) => Whole::number(number(it)),
            Value::Parameter(name) => Whole::Parameter(self.parameter(name)),
            Value::Unknown => Whole::number(A),
        }
    }

    /// An amount with its unit.
    pub fn amount<T>(&mut self, it: &Value<T>, number: impl FnOnce(&T) -> u32, unit: &str) -> Text {
        match it {
            Value::Literal(it) => Text::literal(format!("{}{unit}", number(it))),
            Value::Parameter(name) => {
                Text(vec![Piece::Parameter(self.parameter(name)), Piece::Literal(unit.to_string())])
            }
            Value::Unknown => Text::default(),
        }
    }

    /// The name of a fact about the account in `aws`, which is asked for from now on.
    pub fn aws(&mut self, it: Pseudo) -> &'static str {
        self.asked.aws.insert(it);
        Outside::key(it)
    }

    /// The name of a fact about the account in `aws`.
    pub const fn key(it: Pseudo) -> &'static str {
        match it {
            Pseudo::AccountId => "accountId",
            Pseudo::Region => "region",
            Pseudo::Partition => "partition",
            Pseudo::UrlSuffix => "urlSuffix",
        }
    }

    /// A text in which the names of services in ECS's service discovery are those of the chart's.
    fn with_services(&self, text: &str) -> Vec<Piece> {
        let inside = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
        let found = self.hosts.iter().filter_map(|(host, service)| {
            let at = text.match_indices(host.as_str()).find(|(at, _)| {
                let before = text[..*at].chars().next_back();
                let mut after = text[at + host.len()..].chars();
                let ends = match after.next() {
                    // A full stop may end a sentence or a name.
                    Some('.') => !after.next().is_some_and(inside),
                    it => !it.is_some_and(inside),
                };
                ends && !before.is_some_and(inside)
            })?;
            Some((at.0, host.len(), service))
        });
        let Some((at, length, service)) = found.min() else {
            return if text.is_empty() {
                Vec::new()
            } else {
                vec![Piece::Literal(text.to_string())]
            };
        };
        let mut all = Vec::new();
        if at > 0 {
            all.push(Piece::Literal(text[..at].to_string()));
        }
        all.push(Piece::Service(service.clone()));
        all.extend(self.with_services(&text[at + length..]));
        all
    }

    /// An attribute of a resource that stands outside the cluster.
    fn attribute(&mut self, id: &ResourceId, attribute: Attribute) -> Piece {
        let graph = self.graph;
        let declaration = graph.resources.get(id).map_or(id.as_str(), |it| it.declaration.as_str());
        let is_service = graph.get::<Service>(&archgen_core::resource::Ref::new(id.clone()));
        if let (Some(_), Some(name)) = (is_service, self.services.get(declaration)) {
            return Piece::Service(name.clone());
        }
        let kind = graph.resources.get(id).map(|it| &it.kind);
        let name = match keeps_password(graph, id, declaration) {
            true => name_of(None, Attribute::ManagedSecretArn),
            false => name_of(kind, attribute),
        };
        let store = camel(&self.said(declaration));
        if !self.asked.stores.get(&store).is_some_and(|it| it.contains_key(name)) {
            let given = given(graph, id, declaration, attribute);
            self.asked.stores.entry(store.clone()).or_default().insert(name, given);
        }
        Piece::Store(store, name.to_string())
    }
}

/// The name by which other services find one.
fn host_of(graph: &ResourceGraph, it: &Service) -> Option<String> {
    let discovery = graph.get::<DiscoveryService>(it.discovery.as_ref()?)?;
    let namespace = graph.get::<PrivateDnsNamespace>(&discovery.namespace)?;
    Some(format!("{}.{}", discovery.name.literal()?, namespace.name.literal()?))
}

/// What is known of an attribute, and who knows the rest.
fn given(graph: &ResourceGraph, id: &ResourceId, declaration: &str, attribute: Attribute) -> Given {
    let port = (attribute == Attribute::EndpointPort).then(|| port_of(graph, id)).flatten();
    let named = (attribute == Attribute::Arn).then(|| secret_name(graph, id)).flatten();
    let wanted = GraphText::attribute(id.clone(), attribute);
    let output = graph.outputs.values().find(|it| it.value == wanted);
    let value = match (port, output, &named) {
        (Some(port), _, _) => Node::Integer(port),
        // Its name will do: it is known, and as good to whoever reads secrets.
        (None, None, Some(name)) => Node::Text(name.clone()),
        (None, _, _) => Node::Text(String::new()),
    };
    let comment = match (output, port) {
        (_, Some(_)) => format!("The port of `{declaration}`."),
        (None, None) if named.is_some() => {
            format!("The name of the secret `{declaration}`, or its ARN.")
        }
        (Some(it), None) => format!(
            "{}: the output `{}` of the CloudFormation stack, `{}` of the Terraform module.",
            it.description,
            it.name.logical_id(),
            it.name.as_str().replace('.', "_"),
        ),
        (None, None) => format!("The {} of `{declaration}`.", words(attribute)),
    };
    let kind = graph.resources.get(id).map(|it| &it.kind);
    Given { comment, value, plausible: plausible(kind, attribute) }
}

/// The physical name of a tenant's secret, which is no output.
fn secret_name(graph: &ResourceGraph, id: &ResourceId) -> Option<String> {
    graph.resources.get(id)?.key.as_ref()?;
    let secret = archgen_core::resource::Ref::<Secret>::new(id.clone());
    graph.get(&secret)?.name.as_ref()?.as_literal()
}

/// Whether a resource is the secret with a database's password, whoever keeps it.
fn keeps_password(graph: &ResourceGraph, id: &ResourceId, declaration: &str) -> bool {
    let id_of_database = ResourceId::new(&[declaration, "instance"]);
    let database = graph.get::<DbInstance>(&archgen_core::resource::Ref::new(id_of_database));
    match database.and_then(|it| it.password.as_ref()) {
        Some(Password::Secret(secret)) => secret.id() == id,
        Some(Password::Managed { .. }) | None => false,
    }
}

/// The port of a store that does not choose it while it is deployed.
fn port_of(graph: &ResourceGraph, id: &ResourceId) -> Option<i64> {
    let database = archgen_core::resource::Ref::<DbInstance>::new(id.clone());
    if let Some(it) = graph.get(&database) {
        return it.port.as_ref()?.literal().map(|it| i64::from(it.0));
    }
    let cache = archgen_core::resource::Ref::<ReplicationGroup>::new(id.clone());
    graph.get(&cache).map(|_| REDIS)
}

/// The name of an attribute in `stores`.
const fn name_of(kind: Option<&ResourceKind>, attribute: Attribute) -> &'static str {
    match attribute {
        // A file system and its access points come from one declaration.
        Attribute::Id if matches!(kind, Some(ResourceKind::AccessPoint(_))) => "accessPointId",
        // Beside the load balancer's own.
        Attribute::Arn if matches!(kind, Some(ResourceKind::TargetGroup(_))) => "targetGroupArn",
        Attribute::Ipv6Blocks => "ipv6Blocks",
        Attribute::Id => "id",
        Attribute::Arn => "arn",
        Attribute::Name => "name",
        Attribute::EndpointAddress => "endpoint",
        Attribute::EndpointPort => "port",
        Attribute::ReaderEndpointAddress => "readerEndpoint",
        Attribute::ManagedSecretArn => "secretArn",
        Attribute::DnsName => "dnsName",
        Attribute::HostedZoneId => "hostedZoneId",
        Attribute::FullName => "fullName",
        Attribute::AllocationId => "allocationId",
        Attribute::PublicIp => "publicIp",
        Attribute::RegionalDomainName => "regionalDomainName",
        Attribute::LatestVersion => "latestVersion",
        Attribute::DefaultSecurityGroup => "defaultSecurityGroup",
        Attribute::ApiUrl => "url",
        Attribute::NameServers => "nameServers",
        Attribute::RepositoryUri => "uri",
    }
}

/// What an attribute is, in a sentence.
const fn words(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Ipv6Blocks => "IPv6 blocks",
        Attribute::Id => "identifier",
        Attribute::Arn => "Amazon Resource Name",
        Attribute::Name => "name",
        Attribute::EndpointAddress => "host name",
        Attribute::EndpointPort => "port",
        Attribute::ReaderEndpointAddress => "host name for reading",
        Attribute::ManagedSecretArn => "ARN of the secret that RDS manages",
        Attribute::DnsName => "DNS name",
        Attribute::HostedZoneId => "hosted zone",
        Attribute::FullName => "name in CloudWatch",
        Attribute::AllocationId => "identifier of the allocation",
        Attribute::PublicIp => "public address",
        Attribute::RegionalDomainName => "Regional domain name",
        Attribute::LatestVersion => "newest version",
        Attribute::DefaultSecurityGroup => "default security group",
        Attribute::ApiUrl => "URL of the Kubernetes API",
        Attribute::NameServers => "name servers",
        Attribute::RepositoryUri => "URI without a tag",
    }
}

/// A value that an attribute might have.
const fn plausible(kind: Option<&ResourceKind>, attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Id if matches!(kind, Some(ResourceKind::AccessPoint(_))) => {
            "fsap-0123456789abcdef0"
        }
        Attribute::Arn if matches!(kind, Some(ResourceKind::Certificate(_))) => {
            "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
        }
        Attribute::Arn if matches!(kind, Some(ResourceKind::TargetGroup(_))) => {
            "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/example/0123456789abcdef"
        }
        Attribute::Ipv6Blocks => "2001:db8::/56",
        Attribute::Id => "fs-0123456789abcdef0",
        Attribute::Arn | Attribute::ManagedSecretArn => {
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:example-AbCdEf"
        }
        Attribute::EndpointAddress | Attribute::ReaderEndpointAddress => {
            "store.abcdefghijkl.eu-west-1.rds.amazonaws.com"
        }
        Attribute::EndpointPort => "5432",
        Attribute::DnsName | Attribute::RegionalDomainName => "example.eu-west-1.elb.amazonaws.com",
        Attribute::HostedZoneId => "Z1D633PJN98FT9",
        Attribute::PublicIp => "198.51.100.1",
        Attribute::RepositoryUri => "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/backend",
        Attribute::ApiUrl => "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
        Attribute::NameServers => "ns-1.awsdns-01.org ns-2.awsdns-02.net",
        Attribute::Name
        | Attribute::FullName
        | Attribute::AllocationId
        | Attribute::LatestVersion
        | Attribute::DefaultSecurityGroup => "example",
    }
}

/// A value that a parameter might have.
pub(super) fn plausible_parameter(it: &Parameter) -> Node {
    if let Some(first) = it.allowed.first() {
        return spelled(it.kind, first);
    }
    match it.kind {
        ParamKind::Number => Node::Integer(2),
        ParamKind::Text => "example".into(),
        ParamKind::TopicArn => "arn:aws:sns:eu-west-1:123456789012:example".into(),
        ParamKind::HostedZoneId => "Z1D633PJN98FT9".into(),
        ParamKind::VpcId => "vpc-0123456789abcdef0".into(),
        ParamKind::Cidr => "10.0.0.0/16".into(),
    }
}

/// A value of a parameter.
pub(super) fn spelled(kind: ParamKind, text: &str) -> Node {
    match (kind, text.parse::<i64>(), text.parse::<f64>()) {
        (ParamKind::Number, Ok(it), _) => Node::Integer(it),
        (ParamKind::Number, Err(_), Ok(it)) => Node::Float(it),
        (_, _, _) => text.into(),
    }
}
