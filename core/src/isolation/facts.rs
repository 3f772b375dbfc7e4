//! What the proof is about: resources by what matters for keeping tenants apart, with who owns them.
//!
//! They come from a [`ResourceGraph`](crate::resource::ResourceGraph) ([`Facts::of`]) or from a template that
//! was read; the proof sees no difference.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::glob::{MADE, MADE_END, SOFT, SOFT_END, UNKNOWN};
use crate::loc::Loc;
use crate::resource::tenancy::Isolation;
use crate::tenant_fields::Layer;

/// The Region that everything is deployed in, in names.
pub const REGION: char = '\u{E000}';
/// The account that everything is deployed in, in names.
pub const ACCOUNT: char = '\u{E001}';

/// What the proof is about.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The resources.
    pub things: Vec<Thing>,
    /// The pools.
    pub pools: Vec<Pool>,
    index: HashMap<String, usize>,
}

/// A pool of tenants.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The name of its declaration.
    pub name: String,
    /// Where it was declared.
    pub loc: Loc,
    /// The service that all tenants share whose compute is a pool, among the resources.
    pub shared_service: Option<usize>,
    /// The tenants, by key.
    pub tenants: Vec<Owner>,
}

/// A tenant with what it owns.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Its key.
    pub key: String,
    /// Where it was named.
    pub loc: Loc,
    /// What is promised.
    pub isolation: Isolation,
    /// What is its own, among the resources.
    pub things: Vec<usize>,
    /// What is its own and is not there.
    pub missing: Vec<String>,
}

impl Owner {
    /// Whether a layer is promised to be its own.
    pub fn claims(&self, layer: Layer) -> bool {
        self.isolation.claims(layer)
    }
}

/// What a resource is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A role.
    Role,
    /// A secret.
    Secret,
    /// A log group.
    LogGroup,
    /// A key of AWS KMS.
    Key,
    /// A bucket.
    Bucket,
    /// An access point of a file system.
    AccessPoint,
    /// A file system.
    FileSystem,
    /// A service of ECS, or one in Kubernetes.
    Service,
    /// A task definition.
    TaskDefinition,
    /// A target group.
    TargetGroup,
    /// A rule of a listener.
    Rule,
    /// A listener.
    Listener,
    /// A load balancer.
    LoadBalancer,
    /// A database instance.
    Database,
    /// A security group.
    SecurityGroup,
    /// Anything else.
    Other,
}

impl Kind {
    /// What a type of CloudFormation is.
    pub fn of(type_name: &str) -> Kind {
        match type_name {
            "AWS::IAM::Role" => Kind::Role,
            "AWS::SecretsManager::Secret" => Kind::Secret,
            "AWS::Logs::LogGroup" => Kind::LogGroup,
            "AWS::KMS::Key" => Kind::Key,
            "AWS::S3::Bucket" => Kind::Bucket,
            "AWS::EFS::AccessPoint" => Kind::AccessPoint,
            "AWS::EFS::FileSystem" => Kind::FileSystem,
            "AWS::ECS::Service" | "Deployment" => Kind::Service,
            "AWS::ECS::TaskDefinition" => Kind::TaskDefinition,
            "AWS::ElasticLoadBalancingV2::TargetGroup" => Kind::TargetGroup,
            "AWS::ElasticLoadBalancingV2::ListenerRule" => Kind::Rule,
            "AWS::ElasticLoadBalancingV2::Listener" => Kind::Listener,
            "AWS::ElasticLoadBalancingV2::LoadBalancer" => Kind::LoadBalancer,
            "AWS::RDS::DBInstance" => Kind::Database,
            "AWS::EC2::SecurityGroup" => Kind::SecurityGroup,
            _ => Kind::Other,
        }
    }

    /// What it is called in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Role => "role",
            Kind::Secret => "secret",
            Kind::LogGroup => "log group",
            Kind::Key => "key",
            Kind::Bucket => "bucket",
            Kind::AccessPoint => "access point",
            Kind::FileSystem => "file system",
            Kind::Service => "service",
            Kind::TaskDefinition => "task definition",
            Kind::TargetGroup => "target group",
            Kind::Rule => "listener rule",
            Kind::Listener => "listener",
            Kind::LoadBalancer => "load balancer",
            Kind::Database => "database",
            Kind::SecurityGroup => "security group",
            Kind::Other => "resource",
        }
    }

    /// What isolation a thing of a tenant belongs to.
    pub const fn layer(self) -> Layer {
        match self {
            Kind::Role => Layer::Identity,
            Kind::Secret => Layer::Secrets,
            Kind::LogGroup => Layer::Logs,
            Kind::Key => Layer::Keys,
            Kind::Database => Layer::Database,
            Kind::Rule => Layer::Routing,
            Kind::Bucket
            | Kind::FileSystem
            | Kind::AccessPoint
            | Kind::Service
            | Kind::TaskDefinition
            | Kind::TargetGroup
            | Kind::Listener
            | Kind::LoadBalancer
            | Kind::SecurityGroup
            | Kind::Other => Layer::Compute,
        }
    }
}

/// A resource.
#[derive(Clone, Debug)]
pub struct Thing {
    /// Its name: in the graph, or its logical ID.
    pub name: String,
    /// The declaration that it comes from, or its name.
    pub declaration: String,
    /// Where it was written.
    pub loc: Loc,
    /// What it is.
    pub kind: Kind,
    /// The names by which policies mean it: ARNs as patterns, as [`super::glob`] reads them.
    pub arns: Vec<String>,
    /// Other names of a key.
    pub aliases: Vec<String>,
    /// Whether it holds the name and the password of a user.
    pub is_login: bool,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// What its properties refer to.
    pub references: Vec<Reference>,
    /// What it may do: the statements of a role.
    pub statements: Vec<Statement>,
    /// AWS's own policies that it has: the ends of their ARNs.
    pub managed: Vec<String>,
    /// Who may do what with it, as it says itself.
    pub policy: Vec<Statement>,
    /// The requests that it is for, if it is a rule of a listener.
    pub rule: Option<Rule>,
    /// The name of what has its network interfaces in the network.
    pub endpoint: Option<String>,
    /// What of it is not known, in words.
    pub unknown: Vec<String>,
}

impl Thing {
    /// One of which nothing is known but its name.
    pub fn new(name: impl Into<String>, kind: Kind, loc: Loc) -> Thing {
        let name = name.into();
        Thing {
            declaration: name.clone(),
            name,
            loc,
            kind,
            arns: Vec::new(),
            aliases: Vec::new(),
            is_login: false,
            tags: BTreeMap::new(),
            references: Vec::new(),
            statements: Vec::new(),
            managed: Vec::new(),
            policy: Vec::new(),
            rule: None,
            endpoint: None,
            unknown: Vec::new(),
        }
    }
}

/// What something is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// Its value is injected.
    Secret,
    /// Output is written there.
    Log,
    /// It encrypts.
    Encryption,
    /// Files are reached by it.
    AccessPoint,
    /// Tasks have this role.
    TaskRole,
    /// Tasks are started with this role.
    ExecutionRole,
    /// Tasks are made by it.
    TaskDefinition,
    /// Its tasks are registered there.
    TargetGroup,
    /// Requests are sent there.
    Forward,
    /// The group is on its interfaces.
    SecurityGroup,
    /// It is part of it.
    Parent,
    /// It watches, shows or counts it.
    Watch,
    /// Anything else, such as a variable of the environment.
    Other,
}

impl Use {
    /// What it does, in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Use::Secret => "injects",
            Use::Log => "writes to",
            Use::Encryption => "is encrypted with",
            Use::AccessPoint => "mounts",
            Use::TaskRole => "runs with",
            Use::ExecutionRole => "is started with",
            Use::TaskDefinition => "runs",
            Use::TargetGroup => "is registered in",
            Use::Forward => "sends requests to",
            Use::SecurityGroup => "has",
            Use::Parent => "is part of",
            Use::Watch => "watches",
            Use::Other => "refers to",
        }
    }

    /// Whether only its owner may use a thing like that.
    pub const fn is_exclusive(self) -> bool {
        match self {
            Use::Secret
            | Use::Log
            | Use::Encryption
            | Use::AccessPoint
            | Use::TaskRole
            | Use::ExecutionRole
            | Use::TaskDefinition
            | Use::TargetGroup
            | Use::SecurityGroup => true,
            Use::Forward | Use::Parent | Use::Watch | Use::Other => false,
        }
    }
}

/// What a property refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A resource.
    Thing(usize),
    /// Something elsewhere, by its name.
    Elsewhere(String),
}

/// A reference of a property.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// What for.
    pub used: Use,
    /// To what.
    pub to: Target,
}

/// A statement of a policy, with its texts as patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Its name.
    pub sid: String,
    /// Whether it allows or denies.
    pub allow: bool,
    /// Who it is about, in policies of resources.
    pub principals: Vec<Principal>,
    /// The actions.
    pub actions: Vec<String>,
    /// Whether it is about all but these actions.
    pub not_actions: bool,
    /// The resources.
    pub resources: Vec<String>,
    /// Whether it is about all but these resources.
    pub not_resources: bool,
    /// When it holds.
    pub conditions: Vec<Condition>,
}

/// Who a policy of a resource is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Everybody.
    Everyone,
    /// An account, role or user.
    Arn(String),
    /// Something else, such as a service of AWS.
    Other(String),
}

/// A condition of a statement; several values are alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The operator.
    pub operator: String,
    /// The key.
    pub key: String,
    /// The values.
    pub values: Vec<String>,
}

/// The requests that a rule of a listener is for. A text that is not known is [`UNKNOWN`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// The listener's name.
    pub listener: String,
    /// Its priority, if that is known.
    pub priority: Option<u32>,
    /// The hosts, in small letters; empty means every one.
    pub hosts: Vec<String>,
    /// The paths; empty means every one.
    pub paths: Vec<String>,
    /// The headers by their names in small letters, with the values.
    pub headers: BTreeMap<String, Vec<String>>,
    /// Conditions that are not understood here: they are taken to hold.
    pub others: bool,
}

impl Facts {
    /// Adds a resource; gives its number.
    pub fn add(&mut self, thing: Thing) -> usize {
        let number = self.things.len();
        self.index.insert(thing.name.clone(), number);
        self.things.push(thing);
        number
    }

    /// The number of a resource.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// A resource by name.
    pub fn thing(&self, name: &str) -> Option<&Thing> {
        self.number(name).map(|it| &self.things[it])
    }

    /// Adds a pool by the names of what is whose.
    pub fn add_pool(
        &mut self,
        name: &str,
        loc: Loc,
        shared_service: Option<&str>,
        tenants: Vec<Named>,
    ) {
        let tenants = tenants
            .into_iter()
            .map(|it| {
                let mut owner = Owner {
                    key: it.key,
                    loc: it.loc,
                    isolation: it.isolation,
                    things: Vec::new(),
                    missing: Vec::new(),
                };
                for name in it.resources {
                    match self.number(&name) {
                        Some(number) => owner.things.push(number),
                        None => owner.missing.push(name),
                    }
                }
                owner
            })
            .collect();
        let shared_service = shared_service.and_then(|it| self.number(it));
        self.pools.push(Pool { name: name.to_string(), loc, shared_service, tenants });
    }
}

/// A tenant with the names of what it owns.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its key.
    pub key: String,
    /// Where it was named.
    pub loc: Loc,
    /// What is promised.
    pub isolation: Isolation,
    /// The names of what is its own.
    pub resources: BTreeSet<String>,
}

/// A name that AWS will make up for a resource.
pub fn made(name: &str) -> String {
    format!("{MADE}{name}{MADE_END}")
}

/// A value that is given when deploying.
pub fn parameter(name: &str) -> String {
    format!("{SOFT}{name}{SOFT_END}")
}

/// Something that is not known.
pub fn unknown() -> String {
    UNKNOWN.to_string()
}

/// `arn:aws:SERVICE:REGION:ACCOUNT:REST` of the place of deployment.
pub fn arn(service: &str, rest: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}")
}

/// The ARN of something global.
pub fn global_arn(service: &str, rest: &str) -> String {
    format!("arn:aws:{service}::{ACCOUNT}:{rest}")
}

/// The names by which policies mean a resource that is called `name`.
pub fn arns(kind: Kind, name: &str, parent: Option<&str>) -> Vec<String> {
    match kind {
        Kind::Role => vec![global_arn("iam", &format!("role/{name}"))],
        // AWS adds a hyphen and six letters:
        // <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html>
        Kind::Secret => vec![arn("secretsmanager", &format!("secret:{name}-{}", letters()))],
        Kind::LogGroup => vec![
            arn("logs", &format!("log-group:{name}:*")),
            arn("logs", &format!("log-group:{name}")),
        ],
        Kind::Key => vec![arn("kms", &format!("key/{name}"))],
        Kind::Bucket => vec![format!("arn:aws:s3:::{name}"), format!("arn:aws:s3:::{name}/*")],
        Kind::AccessPoint => {
            let own = arn("elasticfilesystem", &format!("access-point/{name}"));
            let system = parent.map(|it| arn("elasticfilesystem", &format!("file-system/{it}")));
            std::iter::once(own).chain(system).collect()
        }
        Kind::FileSystem => vec![arn("elasticfilesystem", &format!("file-system/{name}"))],
        Kind::Service => {
            let cluster = parent.unwrap_or("*");
            vec![arn("ecs", &format!("service/{cluster}/{name}"))]
        }
        Kind::Database => {
            vec![arn("rds-db", &format!("dbuser:{}/*", made(name))), managed_secret(name)]
        }
        Kind::TaskDefinition
        | Kind::TargetGroup
        | Kind::Rule
        | Kind::Listener
        | Kind::LoadBalancer
        | Kind::SecurityGroup
        | Kind::Other => Vec::new(),
    }
}

/// The ARN of the secret that RDS manages for the first user of a database.
pub fn managed_secret(database: &str) -> String {
    arn("secretsmanager", &format!("secret:rds!db-{}-{}", made(database), letters()))
}

/// What AWS puts behind the name of a secret.
fn letters() -> String {
    super::glob::LETTER.to_string().repeat(6)
}

/// A name as it is shown: what stands for something else is written as in a template.
pub fn shown(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            REGION => all.push_str("REGION"),
            ACCOUNT => all.push_str("ACCOUNT"),
            SOFT | MADE => all.push_str("${"),
            SOFT_END | MADE_END => all.push('}'),
            UNKNOWN => all.push_str("${?}"),
            super::glob::STAR => all.push('*'),
            super::glob::LETTER | super::glob::QUESTION => all.push('?'),
            it => all.push(it),
        }
    }
    all
}
