//! The declarations: what a team writes. One file each, holding the typed fields, their limits and
//! the lowering into resources.
//!
//! [`for_each_declaration!`](crate::for_each_declaration) is the one list of them.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use crate::field::{DeclarationRef, Field, FieldInfo, FieldValue, Reader, TierRef};
use crate::history::{FormerName, Recorded};
use crate::loc::Loc;
use crate::lower::Lower;
use crate::node::{Entry, IntoNode, Node, NodeKind, Reference};
use crate::tags::Tags;

/// Calls the given macro with every declaration: `kind_name Kind "what it is"`.
#[macro_export]
macro_rules! for_each_declaration {
    ($callback:ident) => {
        $callback! {
            param Param "parameter";
            vpc Vpc "VPC";
            security_group SecurityGroup "security group";
            network_acl NetworkAcl "network ACL";
            vpc_peering VpcPeering "VPC peering";
            hosted_zone HostedZone "hosted zone";
            certificate Certificate "certificate";
            kms_key KmsKey "KMS key";
            s3_bucket S3Bucket "S3 bucket";
            secret Secret "secret";
            alb Alb "load balancer";
            cloudfront CloudFront "CloudFront distribution";
            web_acl WebAcl "web ACL";
            dns_record DnsRecord "DNS record";
            ecs_cluster EcsCluster "ECS cluster";
            eks_cluster EksCluster "EKS cluster";
            namespace Namespace "namespace";
            cluster_addons ClusterAddons "cluster add-ons";
            k8s_service K8sService "Kubernetes service";
            ecr_repository EcrRepository "ECR repository";
            efs Efs "EFS file system";
            ecs_service EcsService "ECS service";
            tenant_pool TenantPool "tenant pool";
            rds_postgres RdsPostgres "PostgreSQL database";
            redis Redis "Redis cache";
            backup_plan BackupPlan "backup plan";
            sns_topic SnsTopic "SNS topic";
            budget Budget "budget";
            alarm Alarm "alarm";
            dashboard Dashboard "dashboard";
            objectives Objectives "objectives";
            terraform Terraform "Terraform settings";
            connect Connect "connection";
            allow Allow "permission";
            deny Deny "prohibition";
        }
    };
}

macro_rules! declarations {
    ($($module:ident $name:ident $title:literal;)*) => {
        $(pub mod $module;)*
        $(pub use $module::$name;)*

        /// The kinds of declarations.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $title] $name,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// The name of the macro, without `!`.
            pub const fn macro_name(self) -> &'static str {
                match self { $(Kind::$name => stringify!($module),)* }
            }

            /// The name of the type.
            pub const fn type_name(self) -> &'static str {
                match self { $(Kind::$name => stringify!($name),)* }
            }

            /// What it is, in words.
            pub const fn title(self) -> &'static str {
                match self { $(Kind::$name => $title,)* }
            }

            /// What is known of its fields.
            pub fn fields(self) -> &'static [FieldInfo] {
                match self { $(Kind::$name => $name::FIELDS,)* }
            }

            /// The names of what other declarations can use of it.
            pub fn members(self) -> &'static [&'static str] {
                match self { $(Kind::$name => <<$name as Declare>::Members as MemberSet>::NAMES,)* }
            }
        }

        /// A declaration with its typed fields.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Declaration {
            $(#[doc = $title] $name(Box<$name>),)*
        }

        impl Declaration {
            /// Reads a declaration, reporting everything that is wrong with its fields.
            pub fn read(raw: &RawDeclaration, reader: &mut Reader<'_>) -> Declaration {
                match raw.kind {
                    $(Kind::$name => Declaration::$name(Box::new($name::read(raw, reader))),)*
                }
            }

            /// Its name and place.
            pub fn meta(&self) -> &Meta {
                match self { $(Declaration::$name(it) => Declare::meta(&**it),)* }
            }

            /// Its name and place, to be changed.
            pub(crate) fn meta_mut(&mut self) -> &mut Meta {
                match self { $(Declaration::$name(it) => &mut it.meta,)* }
            }

            /// Its kind.
            pub fn kind(&self) -> Kind {
                match self { $(Declaration::$name(_) => Kind::$name,)* }
            }

            /// Checks its own fields against each other.
            pub fn check(&self, cx: &mut crate::check::Context<'_>) {
                match self { $(Declaration::$name(it) => it.check(cx),)* }
            }

            /// Lowers it into resources.
            pub fn lower(&self, cx: &mut Lower<'_>) {
                match self { $(Declaration::$name(it) => it.lower(cx),)* }
            }
        }

        $(
            impl AsDeclaration for $name {
                fn from_declaration(declaration: &Declaration) -> Option<&$name> {
                    if let Declaration::$name(it) = declaration { Some(it) } else { None }
                }
            }
        )*
    };
}
crate::for_each_declaration!(declarations);

impl Kind {
    /// "a VPC", "an ECS service".
    pub fn with_article(self) -> String {
        let title = self.title();
        let vowel =
            title.starts_with(['a', 'e', 'i', 'o', 'E', 'S', 'R']) && !title.starts_with("Re");
        if matches!(self, Kind::Objectives | Kind::Terraform | Kind::ClusterAddons) {
            title.to_string()
        } else if vowel {
            format!("an {title}")
        } else {
            format!("a {title}")
        }
    }

    /// The kind with this macro name.
    pub fn from_macro_name(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|it| it.macro_name() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.macro_name())
    }
}

/// What every declaration is.
pub trait Declare: Sized + 'static {
    /// Its kind.
    const KIND: Kind;
    /// What is known of its fields.
    const FIELDS: &'static [FieldInfo];
    /// What other declarations can use of it.
    type Members: MemberSet;
    /// Reads its fields.
    fn read(raw: &RawDeclaration, reader: &mut Reader<'_>) -> Self;
    /// Its name and place.
    fn meta(&self) -> &Meta;
}

/// A declaration's type, seen through [`Declaration`].
pub trait AsDeclaration: Declare {
    /// The declaration, if it is of this type.
    fn from_declaration(declaration: &Declaration) -> Option<&Self>;
}

/// The name of a declaration and its places.
#[derive(Clone)]
pub struct Meta {
    /// The name the author gave it.
    pub name: String,
    /// Where the name is.
    pub loc: Loc,
    /// Where the macro's name is.
    pub macro_loc: Loc,
    /// Where the names of the given fields are.
    pub field_locs: BTreeMap<String, Loc>,
    /// The tags that it gives its resources.
    pub tags: Option<Field<Tags>>,
    /// The name it had before.
    pub renamed_from: Option<Field<FormerName>>,
    /// What was recorded of it when the architecture was last emitted.
    pub recorded: Recorded,
    /// The tenant it is for, where a pool of tenants made it.
    pub tenant: Option<TenantOf>,
}

/// For which tenant of which pool a declaration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantOf {
    /// The name of the pool.
    pub pool: String,
    /// The key of the tenant.
    pub key: String,
    /// The service that it is like, if it is one.
    pub like: Option<Like>,
    /// Its name with letters, digits, hyphens and `_` only, that physical names are made from.
    pub identity: String,
}

impl Meta {
    /// The name that physical names are made from: the one it was first emitted under.
    pub fn identity(&self) -> &str {
        let own = || self.tenant.as_ref().map_or(self.name.as_str(), |it| it.identity.as_str());
        self.recorded.identity.as_deref().unwrap_or_else(own)
    }

    /// The name it had before, if the author says so and it is known here.
    pub fn former_name(&self) -> Option<&str> {
        self.renamed_from.as_ref()?.literal().map(|it| it.0.as_str())
    }

    /// Where a field's name is, or else the macro's name.
    pub fn field(&self, name: &str) -> Loc {
        self.field_locs.get(name).copied().unwrap_or(self.macro_loc)
    }
}

impl fmt::Debug for Meta {
    /// Prints the name and the tags: the places are not part of the model.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.tags {
            Some(tags) => f.debug_tuple("").field(&self.name).field(tags).finish(),
            None => self.name.fmt(f),
        }
    }
}

impl PartialEq for Meta {
    /// The place is not part of the model.
    fn eq(&self, other: &Meta) -> bool {
        self.name == other.name
            && self.tags == other.tags
            && self.renamed_from == other.renamed_from
    }
}

/// The service that a tenant's service is like, and what it has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    /// The name of the service.
    pub service: String,
    /// Whether it has its security group.
    pub group: bool,
    /// Whether it has its log group.
    pub logs: bool,
    /// The ARN of the tenant's key, if it has one.
    pub key: Option<crate::value::Text>,
}

/// A declaration whose fields have not been read yet.
#[derive(Clone, Debug, PartialEq)]
pub struct RawDeclaration {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where the name is.
    pub name_loc: Loc,
    /// Where the macro's name is.
    pub macro_loc: Loc,
    /// The fields in the order in which they were written.
    pub fields: Vec<Entry>,
}

impl RawDeclaration {
    /// A declaration without fields.
    pub fn new(kind: Kind, name: String, loc: Loc) -> RawDeclaration {
        RawDeclaration { kind, name, name_loc: loc, macro_loc: loc, fields: Vec::new() }
    }

    /// Adds a field.
    pub fn push(&mut self, name: &str, loc: Loc, value: Node) {
        self.fields.push(Entry { name: name.to_string(), loc, value });
    }

    /// Its name and places; the fields that all have in common have not been read.
    pub fn meta(&self) -> Meta {
        Meta {
            name: self.name.clone(),
            loc: self.name_loc,
            macro_loc: self.macro_loc,
            field_locs: self.fields.iter().map(|it| (it.name.clone(), it.loc)).collect(),
            tags: None,
            renamed_from: None,
            recorded: Recorded::default(),
            tenant: None,
        }
    }
}

/// A declaration as a Rust value: what `let network = vpc! { … };` binds.
pub struct Handle<K: Declare> {
    raw: Rc<RawDeclaration>,
    members: Rc<K::Members>,
}

impl<K: Declare> Handle<K> {
    /// A handle to a declaration.
    pub fn new(raw: RawDeclaration) -> Handle<K> {
        let members = Rc::new(K::Members::of(&raw.name));
        Handle { raw: Rc::new(raw), members }
    }

    /// The same declaration with the places of its name and of its macro's name.
    #[must_use]
    pub fn placed(self, name: Loc, macro_name: Loc) -> Handle<K> {
        let mut raw = (*self.raw).clone();
        raw.name_loc = name;
        raw.macro_loc = macro_name;
        Handle { raw: Rc::new(raw), members: self.members }
    }

    /// The declaration, to be added to an architecture.
    pub fn raw(&self) -> RawDeclaration {
        (*self.raw).clone()
    }

    /// The name of the declaration.
    pub fn name(&self) -> &str {
        &self.raw.name
    }
}

impl<K: Declare> Clone for Handle<K> {
    fn clone(&self) -> Self {
        Handle { raw: Rc::clone(&self.raw), members: Rc::clone(&self.members) }
    }
}

impl<K: Declare> IntoNode for Handle<K> {
    fn node(&self, loc: Loc) -> Node {
        let reference = Reference { kind: K::KIND, name: self.raw.name.clone(), member: None };
        Node::new(NodeKind::Reference(reference), loc)
    }
}

impl<K: Declare> FieldValue<DeclarationRef<K>> for Handle<K> {}

/// A tier of a VPC as a Rust value: `network.private`.
#[derive(Clone, Debug)]
pub struct Tier {
    vpc: String,
    tier: String,
}

impl Tier {
    /// The tier `tier` of the VPC `vpc`.
    pub fn new(vpc: impl Into<String>, tier: impl Into<String>) -> Tier {
        Tier { vpc: vpc.into(), tier: tier.into() }
    }
}

impl IntoNode for Tier {
    fn node(&self, loc: Loc) -> Node {
        let reference =
            Reference { kind: Kind::Vpc, name: self.vpc.clone(), member: Some(self.tier.clone()) };
        Node::new(NodeKind::Reference(reference), loc)
    }
}

impl FieldValue<TierRef> for Tier {}

/// An attribute of a declaration as a Rust value: `database.endpoint`.
#[derive(Clone, Debug)]
pub struct Member {
    kind: Kind,
    name: String,
    member: &'static str,
}

impl Member {
    /// The attribute `member` of the declaration `name`.
    pub fn new(kind: Kind, name: impl Into<String>, member: &'static str) -> Member {
        Member { kind, name: name.into(), member }
    }
}

impl IntoNode for Member {
    fn node(&self, loc: Loc) -> Node {
        let reference = Reference {
            kind: self.kind,
            name: self.name.clone(),
            member: Some(self.member.to_string()),
        };
        Node::new(NodeKind::Reference(reference), loc)
    }
}

impl FieldValue<crate::value::Text> for Member {}

impl<K: Declare> Deref for Handle<K> {
    type Target = K::Members;

    fn deref(&self) -> &K::Members {
        &self.members
    }
}

/// What of a declaration other declarations can use, such as `database.endpoint`.
pub trait MemberSet {
    /// The names of the attributes.
    const NAMES: &'static [&'static str];
    /// The attributes of the declaration `name`.
    fn of(name: &str) -> Self;
}

/// A VPC with its tiers as fields, so that `network.private` is a name that rustc knows.
pub struct WithTiers<T> {
    handle: Handle<Vpc>,
    tiers: T,
}

impl<T> WithTiers<T> {
    /// A VPC with the tiers that `tiers` makes for its name.
    pub fn new(handle: Handle<Vpc>, tiers: impl FnOnce(&str) -> T) -> WithTiers<T> {
        let tiers = tiers(handle.name());
        WithTiers { handle, tiers }
    }

    /// The VPC without its tiers.
    pub fn handle(&self) -> &Handle<Vpc> {
        &self.handle
    }
}

impl<T> Deref for WithTiers<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.tiers
    }
}

impl<T> IntoNode for WithTiers<T> {
    fn node(&self, loc: Loc) -> Node {
        self.handle.node(loc)
    }
}

impl<T> FieldValue<DeclarationRef<Vpc>> for WithTiers<T> {}

impl<T> crate::architecture::Contribute for WithTiers<T> {
    fn contribute(&self, builder: &mut crate::architecture::ArchitectureBuilder) {
        self.handle.contribute(builder);
    }
}
