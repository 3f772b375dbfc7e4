//! What every writer of a resource needs: values, texts, references, tags and blocks.

use std::collections::BTreeSet;

use archgen_core::resource::{Attribute, AwsOwn, Ref, Resource, ResourceGraph, ResourceId, Typed};
use archgen_core::types::{
    Cidr, Count, CpuUnits, Days, Ipv4Cidr, Memory, Number, Percent, Port, Seconds, Storage,
};
use archgen_core::value::{Part, Pseudo, Text, Value};

use super::address::Address;
use super::attribute;
use super::expr::{Expr, Object};
use super::module::{Block, Lifecycle, Mode, Module};
use super::{file, terraform_type};
use crate::spelling::name_tag;

/// The architecture that is being written.
pub(crate) struct Writer<'a> {
    /// `architecture-environment`.
    pub stem: String,
    /// Its resources.
    pub graph: &'a ResourceGraph,
    /// What of it AWS has by itself.
    pub aws_own: AwsOwn<'a>,
}

impl<'a> Writer<'a> {
    /// A writer of a graph.
    pub fn new(stem: String, graph: &'a ResourceGraph) -> Writer<'a> {
        Writer { stem, graph, aws_own: graph.aws_own() }
    }
}

/// A plain value that a module can hold.
pub(crate) trait Spell {
    /// As a module holds it.
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

/// A variable.
pub(crate) fn variable(name: &str) -> Expr {
    Expr::Name(format!("var.{}", super::address::identifier(name)).into())
}

/// A value, or the variable that gives it.
pub(crate) fn value<T: Spell>(value: &Value<T>) -> Expr {
    map_value(value, Spell::spell)
}

/// A value spelled by `spell`, or the variable that gives it.
pub(crate) fn map_value<T>(value: &Value<T>, spell: impl FnOnce(&T) -> Expr) -> Expr {
    match value {
        Value::Literal(it) => spell(it),
        Value::Parameter(name) => variable(name),
        Value::Unknown => unknown(),
    }
}

/// A value that may be missing.
pub(crate) fn optional<T: Spell>(it: Option<&Value<T>>) -> Option<Expr> {
    it.map(value)
}

/// A value as text, for arguments that the provider defines as text though they hold numbers.
pub(crate) fn text_value<T: Spell>(it: &Value<T>) -> Expr {
    value(it).into_text()
}

/// One of two values; a conditional where a variable decides.
pub(crate) fn choose(it: &Value<bool>, yes: impl Into<Expr>, no: impl Into<Expr>) -> Expr {
    match it {
        Value::Literal(true) => yes.into(),
        Value::Literal(false) => no.into(),
        // Parameters are text or numbers; `true` as text is true, as in CloudFormation.
        Value::Parameter(name) => {
            Expr::If(Box::new(variable(name)), Box::new(yes.into()), Box::new(no.into()))
        }
        Value::Unknown => unknown(),
    }
}

/// A fact about the place where the module is applied, from a data source.
pub(crate) fn pseudo(it: Pseudo) -> Expr {
    Expr::Name(
        match it {
            Pseudo::Region => "data.aws_region.current.region",
            Pseudo::AccountId => "data.aws_caller_identity.current.account_id",
            Pseudo::Partition => "data.aws_partition.current.partition",
            Pseudo::UrlSuffix => "data.aws_partition.current.dns_suffix",
        }
        .into(),
    )
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
    pub fn text(&self, text: &Text) -> Expr {
        Expr::concat(text.0.iter().map(|part| match part {
            Part::Literal(it) => Expr::from(it.as_str()),
            Part::Parameter(name) => variable(name),
            Part::Attribute(id, attribute) => self.attribute(id, *attribute),
            Part::Pseudo(it) => pseudo(*it),
            Part::Member(it) => {
                panic!("invariant: lowering turns every member into an attribute: {it:?}")
            }
            Part::Unknown => unknown(),
        }))
    }

    /// Several texts.
    pub fn texts(&self, texts: &[Text]) -> Vec<Expr> {
        texts.iter().map(|it| self.text(it)).collect()
    }

    /// A text that may be missing.
    pub fn optional_text(&self, text: Option<&Text>) -> Option<Expr> {
        text.map(|it| self.text(it))
    }

    /// The resource behind a name.
    pub fn resource(&self, id: &ResourceId) -> &Resource {
        match self.graph.resources.get(id) {
            Some(it) => it,
            None => panic!("invariant: every reference leads to a resource: `{id}`"),
        }
    }

    /// What a reference leads to.
    pub fn get<K: Typed>(&self, reference: &Ref<K>) -> &K {
        match self.graph.get(reference) {
            Some(it) => it,
            None => panic!("invariant: every reference leads to a resource: `{}`", reference.id()),
        }
    }

    /// Whether a resource is a tenant's of a pool.
    pub(super) fn is_tenants(&self, resource: &Resource) -> bool {
        let Some(key) = &resource.key else { return false };
        let of = self.graph.tenancies.values().filter_map(|it| it.tenants.get(key));
        of.into_iter().any(|it| it.resources.contains(&resource.id))
    }

    /// The address of a resource of the graph.
    pub fn address(&self, id: &ResourceId) -> Address {
        let resource = self.resource(id);
        Address::of(resource, terraform_type(&resource.kind))
    }

    /// The identifier of a resource.
    pub fn id<K>(&self, reference: &Ref<K>) -> Expr {
        self.attribute(reference.id(), Attribute::Id)
    }

    /// The identifiers of several resources.
    pub fn ids<K>(&self, references: &[Ref<K>]) -> Vec<Expr> {
        references.iter().map(|it| self.id(it)).collect()
    }

    /// The ARN of a resource.
    pub fn arn<K>(&self, reference: &Ref<K>) -> Expr {
        self.attribute(reference.id(), Attribute::Arn)
    }

    /// The name of a resource.
    pub fn name<K>(&self, reference: &Ref<K>) -> Expr {
        self.attribute(reference.id(), Attribute::Name)
    }

    /// An attribute of a resource.
    pub fn attribute(&self, id: &ResourceId, attribute: Attribute) -> Expr {
        attribute::of(self, self.resource(id), attribute)
    }

    /// The tags of a resource beside those of the provider's `default_tags`: those of its declaration and
    /// its `Name`.
    pub fn tags(&self, resource: &Resource) -> Object {
        let own = self.graph.declaration_tags.get(&resource.declaration).into_iter().flatten();
        let own = own.chain(self.graph.resource_tags.get(&resource.id).into_iter().flatten());
        let own = own.fold(Object::new(), |all, (key, it)| all.with(key.clone(), it.as_str()));
        let name = name_tag(&self.stem, self.graph.origin(&resource.id));
        own.with("Name", name).sorted()
    }

    /// A name for a resource that the author gave none, where AWS makes none up by itself. Its key is in it.
    pub fn physical_name(&self, resource: &Resource) -> String {
        let id = self.graph.origin(&resource.id).clone();
        let origin = Resource { id, key: None, ..resource.clone() };
        format!("{}-{}", self.stem, super::address::name(&origin)).replace('_', "-")
    }

    /// A block for the resource itself.
    pub fn block(&self, resource: &Resource, body: Object) -> Block {
        let it = self.part(resource, terraform_type(&resource.kind), body);
        let depends_on: BTreeSet<Address> =
            resource.depends_on.iter().flat_map(|other| super::written_as(self, other)).collect();
        Block { depends_on, ..it }
    }

    /// A block for what Terraform makes a resource of its own, though it is a property in the graph.
    pub fn part(&self, resource: &Resource, kind: &'static str, body: Object) -> Block {
        Block {
            mode: Mode::Resource,
            address: Address::of(resource, kind),
            resource: Some(resource.id.clone()),
            declaration: resource.declaration.clone(),
            loc: resource.loc,
            file: file(&resource.kind),
            body,
            depends_on: BTreeSet::new(),
            lifecycle: Lifecycle::default(),
        }
    }

    /// A JSON document as an argument: a local value that people can read, encoded where it is used. Where a key makes
    /// one of several, it stays in the block, which says once what is the same for all.
    pub fn document(&self, out: &mut Module, resource: &Resource, suffix: &str, it: Expr) -> Expr {
        if resource.key.is_some() {
            return Expr::call("jsonencode", [it]);
        }
        let mut name = super::address::name(resource);
        if !suffix.is_empty() {
            name = format!("{name}_{suffix}");
        }
        let local = Expr::Name(format!("local.{name}").into());
        let before = out.locals.insert((file(&resource.kind), name), it);
        assert!(before.is_none(), "invariant: local values have names of their own: {local:?}");
        Expr::call("jsonencode", [local])
    }
}
