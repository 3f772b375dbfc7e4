//! What every writer of a resource needs: values, texts, references and tags as expressions.

use std::collections::BTreeMap;

use archgen_core::resource::gateways::CLOUDFRONT_PARAMETER;
use archgen_core::resource::{
    Attribute, AwsOwn, Ref, Resource, ResourceGraph, ResourceId, ResourceKind, SecurityGroupRule,
    Typed, camel_case,
};
use archgen_core::types::{
    Cidr, Count, CpuUnits, Days, Ipv4Cidr, Memory, Number, Percent, Port, Seconds, Storage,
};
use archgen_core::value::{Part, Pseudo, Text, Value};

use super::expr::{Expr, Object};
use crate::spelling::name_tag;

/// The architecture that is being written.
pub(crate) struct Writer<'a> {
    /// `architecture-environment`.
    pub(crate) stem: String,
    /// Its resources.
    pub(crate) graph: &'a ResourceGraph,
    /// What of it AWS has by itself.
    pub(crate) aws_own: AwsOwn<'a>,
    /// The rules of each group.
    rules: BTreeMap<&'a ResourceId, Vec<&'a SecurityGroupRule>>,
}

impl<'a> Writer<'a> {
    /// A writer of a graph.
    pub(crate) fn new(stem: String, graph: &'a ResourceGraph) -> Writer<'a> {
        let mut rules: BTreeMap<&ResourceId, Vec<&SecurityGroupRule>> = BTreeMap::new();
        for (_, _, it) in graph.all::<SecurityGroupRule>() {
            rules.entry(it.group.id()).or_default().push(it);
        }
        Writer { stem, graph, aws_own: graph.aws_own(), rules }
    }

    /// The rules of a group.
    pub(crate) fn rules_of(&self, group: &ResourceId) -> &[&'a SecurityGroupRule] {
        self.rules.get(group).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A plain value that a template can hold.
pub(crate) trait Spell {
    /// As a template holds it.
    fn spell(&self) -> Expr;
}

macro_rules! spell {
    ($($name:ty: |$it:ident| $expr:expr;)*) => { $(
        impl Spell for $name {
            fn spell(&self) -> Expr {
                let $it = self;
                Expr::from($expr)
            }
        }
    )* };
}

spell! {
    bool: |it| *it;
    u16: |it| *it;
    String: |it| it.as_str();
    Count: |it| it.0;
    CpuUnits: |it| it.0;
    Days: |it| it.0;
    Memory: |it| it.0;
    Port: |it| it.0;
    Seconds: |it| it.0;
    Storage: |it| it.0;
    Cidr: |it| it.to_string();
    Ipv4Cidr: |it| it.to_string();
    Number: |it| Expr::number(it.0);
    Percent: |it| Expr::number(it.0);
}

/// Names the invariant that an unknown value broke.
fn unknown() -> ! {
    panic!("invariant: a checked architecture has no unknown values")
}

/// `Ref` of a parameter.
pub(crate) fn parameter(name: &str) -> Expr {
    Expr::Ref(camel_case(name))
}

/// A value, or the parameter that gives it.
pub(crate) fn value<T: Spell>(value: &Value<T>) -> Expr {
    map_value(value, Spell::spell)
}

/// A value spelled by `spell`, or the parameter that gives it.
pub(crate) fn map_value<T>(value: &Value<T>, spell: impl FnOnce(&T) -> Expr) -> Expr {
    match value {
        Value::Literal(it) => spell(it),
        Value::Parameter(name) => parameter(name),
        Value::Unknown => unknown(),
    }
}

/// A value that may be missing.
pub(crate) fn optional<T: Spell>(it: Option<&Value<T>>) -> Option<Expr> {
    it.map(value)
}

/// A value as text, for properties that AWS defines as text though they hold numbers.
pub(crate) fn text_value<T: Spell>(it: &Value<T>) -> Expr {
    value(it).into_text()
}

/// One of two values; `Fn::If` where a parameter decides.
pub(crate) fn choose(it: &Value<bool>, yes: impl Into<Expr>, no: impl Into<Expr>) -> Expr {
    match it {
        Value::Literal(true) => yes.into(),
        Value::Literal(false) => no.into(),
        Value::Parameter(name) => Expr::If {
            parameter: camel_case(name),
            yes: Box::new(yes.into()),
            no: Box::new(no.into()),
        },
        Value::Unknown => unknown(),
    }
}

/// `Ref` of a pseudo parameter.
pub(crate) fn pseudo(it: Pseudo) -> Expr {
    Expr::Ref(
        match it {
            Pseudo::Region => "AWS::Region",
            Pseudo::AccountId => "AWS::AccountId",
            Pseudo::Partition => "AWS::Partition",
            Pseudo::UrlSuffix => "AWS::URLSuffix",
        }
        .to_string(),
    )
}

/// `Key` and `Value`, as most types take their tags and attributes.
pub(crate) fn key_value(key: &str, value: impl Into<Expr>) -> Expr {
    Object::new().with("Key", key).with("Value", value).into()
}

/// `Name` and `Value`, as CloudWatch and ECS take pairs.
pub(crate) fn name_value(name: &str, value: impl Into<Expr>) -> Expr {
    Object::new().with("Name", name).with("Value", value).into()
}

/// A description in the characters that every service takes: printable ASCII, `limit` at most.
pub(crate) fn description(text: &str, limit: usize) -> String {
    let printable = |it: char| {
        if it.is_ascii_graphic() || it == ' ' { it } else { '-' }
    };
    text.chars().map(printable).take(limit).collect()
}

impl Writer<'_> {
    /// Text with references.
    pub(crate) fn text(&self, text: &Text) -> Expr {
        Expr::concat(text.0.iter().map(|part| match part {
            Part::Literal(it) => Expr::from(it.as_str()),
            Part::Parameter(name) => parameter(name),
            Part::Attribute(id, attribute) => self.attribute(id, *attribute),
            Part::Pseudo(it) => pseudo(*it),
            Part::Member(it) => {
                panic!("invariant: lowering turns every member into an attribute: {it:?}")
            }
            Part::Unknown => unknown(),
        }))
    }

    /// Several texts.
    pub(crate) fn texts(&self, texts: &[Text]) -> Vec<Expr> {
        texts.iter().map(|it| self.text(it)).collect()
    }

    /// A text that may be missing.
    pub(crate) fn optional_text(&self, text: Option<&Text>) -> Option<Expr> {
        text.map(|it| self.text(it))
    }

    /// Texts by name, as an object.
    pub(crate) fn text_object(&self, pairs: &[(String, Text)]) -> Expr {
        let all = pairs
            .iter()
            .fold(Object::new(), |all, (name, it)| all.with(name.clone(), self.text(it)));
        all.into()
    }

    /// The resource behind a name.
    fn resource(&self, id: &ResourceId) -> &Resource {
        match self.graph.resources.get(id) {
            Some(it) => it,
            None => panic!("invariant: every reference leads to a resource: `{id}`"),
        }
    }

    /// What a reference leads to.
    pub(crate) fn get<K: Typed>(&self, reference: &Ref<K>) -> &K {
        match self.graph.get(reference) {
            Some(it) => it,
            None => panic!("invariant: every reference leads to a resource: `{}`", reference.id()),
        }
    }

    /// The identifier of a resource.
    pub(crate) fn id<K>(&self, reference: &Ref<K>) -> Expr {
        self.attribute(reference.id(), Attribute::Id)
    }

    /// The identifiers of several resources.
    pub(crate) fn ids<K>(&self, references: &[Ref<K>]) -> Vec<Expr> {
        references.iter().map(|it| self.id(it)).collect()
    }

    /// The ARN of a resource.
    pub(crate) fn arn<K>(&self, reference: &Ref<K>) -> Expr {
        self.attribute(reference.id(), Attribute::Arn)
    }

    /// An attribute of a resource. What `Ref` gives differs by type.
    pub(crate) fn attribute(&self, id: &ResourceId, attribute: Attribute) -> Expr {
        let kind = &self.resource(id).kind;
        let reference = || Expr::Ref(id.logical_id());
        let get = |name: &'static str| Expr::GetAtt(id.logical_id(), name);
        match attribute {
            Attribute::Id => {
                if matches!(kind, ResourceKind::PrefixList(it) if it.is_managed_by_aws()) {
                    parameter(CLOUDFRONT_PARAMETER)
                } else if let Some(cluster) = self.aws_own.comes_with(id) {
                    Expr::GetAtt(cluster.id().logical_id(), "ClusterSecurityGroupId")
                } else if matches!(kind, ResourceKind::SecurityGroup(_)) {
                    get("GroupId")
                } else if matches!(kind, ResourceKind::ElasticIp(_)) {
                    get("AllocationId")
                } else {
                    reference()
                }
            }
            Attribute::Arn => {
                if matches!(
                    kind,
                    ResourceKind::Certificate(_)
                        | ResourceKind::LoadBalancer(_)
                        | ResourceKind::TargetGroup(_)
                        | ResourceKind::Listener(_)
                        | ResourceKind::ListenerRule(_)
                        | ResourceKind::TaskDefinition(_)
                        | ResourceKind::Service(_)
                        | ResourceKind::Secret(_)
                        | ResourceKind::Topic(_)
                ) {
                    reference()
                } else if matches!(kind, ResourceKind::DbInstance(_)) {
                    get("DBInstanceArn")
                } else if matches!(kind, ResourceKind::BackupVault(_)) {
                    get("BackupVaultArn")
                } else if let Some(path) = arn_path(kind) {
                    Expr::concat([
                        Expr::from("arn:"),
                        pseudo(Pseudo::Partition),
                        Expr::from(format!(":{}:", path.0)),
                        pseudo(Pseudo::Region),
                        Expr::from(":"),
                        pseudo(Pseudo::AccountId),
                        Expr::from(format!(":{}", path.1)),
                        self.attribute(id, Attribute::Id),
                    ])
                } else {
                    get("Arn")
                }
            }
            Attribute::Name => {
                if matches!(kind, ResourceKind::Service(_)) {
                    get("Name")
                } else if matches!(kind, ResourceKind::Topic(_)) {
                    get("TopicName")
                } else if matches!(kind, ResourceKind::LoadBalancer(_)) {
                    get("LoadBalancerName")
                } else if matches!(kind, ResourceKind::TargetGroup(_)) {
                    get("TargetGroupName")
                } else if matches!(kind, ResourceKind::Queue(_)) {
                    get("QueueName")
                } else {
                    reference()
                }
            }
            Attribute::EndpointAddress => {
                if let ResourceKind::ReplicationGroup(it) = kind {
                    let cluster = get("ConfigurationEndPoint.Address");
                    choose(&it.cluster_mode, cluster, get("PrimaryEndPoint.Address"))
                } else {
                    get("Endpoint.Address")
                }
            }
            Attribute::EndpointPort => {
                if let ResourceKind::ReplicationGroup(it) = kind {
                    let cluster = get("ConfigurationEndPoint.Port");
                    choose(&it.cluster_mode, cluster, get("PrimaryEndPoint.Port"))
                } else {
                    get("Endpoint.Port")
                }
            }
            Attribute::ReaderEndpointAddress => get("ReaderEndPoint.Address"),
            Attribute::ManagedSecretArn => get("MasterUserSecret.SecretArn"),
            Attribute::DnsName if matches!(kind, ResourceKind::Distribution(_)) => {
                get("DomainName")
            }
            Attribute::DnsName => get("DNSName"),
            Attribute::HostedZoneId => get("CanonicalHostedZoneID"),
            Attribute::FullName => {
                if matches!(kind, ResourceKind::TargetGroup(_)) {
                    get("TargetGroupFullName")
                } else {
                    get("LoadBalancerFullName")
                }
            }
            Attribute::AllocationId => get("AllocationId"),
            Attribute::PublicIp => get("PublicIp"),
            Attribute::RegionalDomainName => get("RegionalDomainName"),
            Attribute::Ipv6Blocks => get("Ipv6CidrBlocks"),
            Attribute::LatestVersion => get("LatestVersionNumber"),
            Attribute::DefaultSecurityGroup => get("DefaultSecurityGroup"),
            Attribute::ApiUrl => get("Endpoint"),
            Attribute::NameServers => {
                let join = vec![Expr::from(" "), get("NameServers")];
                Object::new().with("Fn::Join", join).into()
            }
            Attribute::RepositoryUri => get("RepositoryUri"),
        }
    }

    /// The tags of a resource by key: those of the architecture, of its declaration, and its own `Name`.
    fn tag_values(&self, resource: &Resource) -> BTreeMap<String, String> {
        let mut tags = self.graph.tags_on(resource);
        let name = name_tag(&self.stem, self.graph.origin(&resource.id));
        tags.insert("Name".to_string(), name);
        tags
    }

    /// Tags as a list of `Key` and `Value`.
    pub(crate) fn tags(&self, resource: &Resource) -> Expr {
        let tags = self.tag_values(resource);
        Expr::List(tags.iter().map(|(key, it)| key_value(key, it.as_str())).collect())
    }

    /// Tags as an object.
    pub(crate) fn tag_object(&self, resource: &Resource) -> Expr {
        let tags = self.tag_values(resource);
        let all = tags.into_iter().fold(Object::new(), |all, (key, it)| all.with(key, it));
        all.into()
    }

    /// Tags as an Auto Scaling group takes them; its instances get them too.
    pub(crate) fn propagated_tags(&self, resource: &Resource) -> Expr {
        let tags = self.tag_values(resource);
        let tag = |(key, it): (&String, &String)| {
            Object::new()
                .with("Key", key.as_str())
                .with("PropagateAtLaunch", true)
                .with("Value", it.as_str())
                .into()
        };
        Expr::List(tags.iter().map(tag).collect())
    }
}

/// Service and resource of the ARNs that CloudFormation has no attribute for.
fn arn_path(kind: &ResourceKind) -> Option<(&'static str, &'static str)> {
    if matches!(kind, ResourceKind::ReplicationGroup(_)) {
        Some(("elasticache", "replicationgroup:"))
    } else if matches!(kind, ResourceKind::Vpc(_)) {
        Some(("ec2", "vpc/"))
    } else if matches!(kind, ResourceKind::SecurityGroup(_)) {
        Some(("ec2", "security-group/"))
    } else {
        None
    }
}
