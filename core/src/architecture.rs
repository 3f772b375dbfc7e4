//! The first level: what the team wrote, an [`Architecture`] of declarations.

use std::collections::HashMap;

use crate::declare::{Alb, AsDeclaration, Declaration, Declare, Handle, Kind, RawDeclaration};
use crate::diagnostic::{Diagnostic, Sink};
use crate::environment::Environment;
use crate::field::{DeclarationRef, Field, Reader};
use crate::flow;
use crate::history::{self, History};
use crate::lower::route::Route;
use crate::tags::Carriers;
use crate::tenants::{self, Expansion};

/// A set of declarations for one environment.
#[derive(Clone)]
pub struct Architecture {
    /// Its name, such as `prod-infra`.
    pub name: String,
    /// The environment it is for.
    pub environment: Environment,
    /// The declarations, by kind and name.
    pub declarations: Vec<Declaration>,
    /// Whether there may be more declarations than are known here.
    pub open: bool,
    raw: Vec<RawDeclaration>,
    problems: Vec<Diagnostic>,
    history: Option<History>,
    expansion: Expansion,
    /// The places of named declarations in the list, by name: the first where two share one.
    index: HashMap<String, usize>,
}

impl std::fmt::Debug for Architecture {
    /// Prints what is declared; places are not part of the model.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Architecture")
            .field("name", &self.name)
            .field("environment", &self.environment)
            .field("declarations", &self.declarations)
            .finish()
    }
}

impl PartialEq for Architecture {
    /// Equal when they declare the same; places do not count.
    fn eq(&self, other: &Architecture) -> bool {
        self.name == other.name
            && self.environment == other.environment
            && self.declarations == other.declarations
    }
}

impl Architecture {
    /// Starts an architecture.
    pub fn builder(name: impl Into<String>, environment: Environment) -> ArchitectureBuilder {
        ArchitectureBuilder { name: name.into(), environment, raw: Vec::new(), open: false }
    }

    /// The same architecture, to be emitted over what it was: what exists keeps its names and places.
    #[must_use]
    pub fn with_history(mut self, history: History) -> Architecture {
        history::record(&mut self.declarations, &history);
        self.history = Some(history);
        self
    }

    /// The routes that pools of tenants add to a load balancer.
    pub(crate) fn tenant_routes(&self, alb: &str) -> &[Route] {
        self.expansion.routes.get(alb).map_or(&[], Vec::as_slice)
    }

    /// The names of the pool and the tenant, as `seats.acme`, whose route a load balancer's pattern is.
    pub(crate) fn tenant_of_route(&self, alb: &str, pattern: &str) -> Option<&str> {
        if self.expansion.owners.is_empty() {
            return None;
        }
        let owner = (alb.to_string(), pattern.to_string());
        self.expansion.owners.get(&owner).map(String::as_str)
    }

    /// The load balancer and the route of a tenant's own service.
    pub(crate) fn tenant_route_to(&self, service: &str) -> Option<(&Alb, &Route)> {
        let (alb, route) = self.expansion.own.get(service)?;
        Some((self.get::<Alb>(alb)?, route))
    }

    /// What it was when it was last emitted, if that is known.
    pub fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    /// The name that the physical names of the declaration `name` are made from.
    pub fn identity<'a>(&'a self, name: &'a str) -> &'a str {
        self.named(name).map_or(name, |it| it.meta().identity())
    }

    /// What was wrong with single fields.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The declarations before their fields were read.
    pub fn raw(&self) -> &[RawDeclaration] {
        &self.raw
    }

    /// The declaration `name` of type `K`.
    pub fn get<K: AsDeclaration>(&self, name: &str) -> Option<&K> {
        let first = self.named(name).and_then(K::from_declaration);
        // Of two declarations with one name, which is an error, the other may be meant.
        first.or_else(|| self.all::<K>().find(|it| it.meta().name == name))
    }

    /// The declaration behind a reference, if the reference is known.
    pub fn follow<K: AsDeclaration>(&self, reference: &Field<DeclarationRef<K>>) -> Option<&K> {
        self.get(&reference.literal()?.name)
    }

    /// All declarations of type `K`.
    pub fn all<K: AsDeclaration>(&self) -> impl Iterator<Item = &K> {
        self.declarations.iter().filter_map(|it| K::from_declaration(it))
    }

    /// The declaration `name`, of whatever kind.
    pub fn named(&self, name: &str) -> Option<&Declaration> {
        self.declarations.get(*self.index.get(name)?)
    }
}

impl Kind {
    /// Whether declarations of this kind have a name of their own.
    pub fn is_named(self) -> bool {
        !matches!(self, Kind::Connect | Kind::Allow | Kind::Deny)
    }
}

/// Collects the declarations of an architecture.
#[derive(Clone, Debug)]
pub struct ArchitectureBuilder {
    name: String,
    environment: Environment,
    raw: Vec<RawDeclaration>,
    open: bool,
}

impl ArchitectureBuilder {
    /// Adds declarations.
    pub fn add(&mut self, declarations: impl Contribute) {
        declarations.contribute(self);
    }

    /// Adds one declaration whose fields have not been read yet.
    pub fn push(&mut self, raw: RawDeclaration) {
        self.raw.push(raw);
    }

    /// Says that there may be more declarations than are known here.
    pub fn open(&mut self) {
        self.open = true;
    }

    /// Reads every field and gives the architecture.
    pub fn done(mut self) -> Architecture {
        self.raw.sort_by(|a, b| (a.kind, &a.name, a.name_loc).cmp(&(b.kind, &b.name, b.name_loc)));
        let mut sink = Sink::new();
        // What is about others may find them by their tags, so that these are read first.
        let (named, about_others): (Vec<_>, Vec<_>) =
            self.raw.iter().partition(|it| it.kind.is_named());
        let mut declarations: Vec<Declaration> = named
            .into_iter()
            .map(|raw| Declaration::read(raw, &mut Reader::new(&mut sink, raw.kind)))
            .collect();
        let carriers = Carriers::new(&declarations, self.open);
        for raw in about_others {
            let mut reader = Reader::with_carriers(&mut sink, raw.kind, &carriers);
            declarations.extend(flow::apart(Declaration::read(raw, &mut reader)));
        }
        let stem = format!("{}-{}", self.name, self.environment.as_str());
        let expansion = tenants::expand(&stem, &mut declarations);
        // What has no name is put in order by what it says, not by where it stands.
        declarations.sort_by_cached_key(|it| {
            let key = if it.kind().is_named() { String::new() } else { format!("{it:?}") };
            (it.kind(), it.meta().name.clone(), key)
        });
        let mut index = HashMap::new();
        for (position, it) in declarations.iter().enumerate() {
            if it.kind().is_named() {
                index.entry(it.meta().name.clone()).or_insert(position);
            }
        }
        Architecture {
            name: self.name,
            environment: self.environment,
            declarations,
            open: self.open,
            raw: self.raw,
            problems: sink.into_diagnostics(),
            history: None,
            expansion,
            index,
        }
    }
}

/// What can be added to an architecture: handles, lists of them, other architectures.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of an architecture",
    label = "not a declaration",
    note = "an architecture is made of declarations, lists of them, and other architectures"
)]
pub trait Contribute {
    /// Adds it.
    fn contribute(&self, builder: &mut ArchitectureBuilder);
}

impl<K: Declare> Contribute for Handle<K> {
    fn contribute(&self, builder: &mut ArchitectureBuilder) {
        builder.push(self.raw());
    }
}

impl Contribute for RawDeclaration {
    fn contribute(&self, builder: &mut ArchitectureBuilder) {
        builder.push(self.clone());
    }
}

impl Contribute for Architecture {
    fn contribute(&self, builder: &mut ArchitectureBuilder) {
        builder.raw.extend(self.raw.iter().cloned());
    }
}

impl Contribute for () {
    fn contribute(&self, _builder: &mut ArchitectureBuilder) {}
}

impl<T: Contribute + ?Sized> Contribute for &T {
    fn contribute(&self, builder: &mut ArchitectureBuilder) {
        (**self).contribute(builder);
    }
}

impl<T: Contribute> Contribute for Vec<T> {
    fn contribute(&self, builder: &mut ArchitectureBuilder) {
        self.as_slice().contribute(builder);
    }
}

impl<T: Contribute> Contribute for [T] {
    fn contribute(&self, builder: &mut ArchitectureBuilder) {
        for it in self {
            it.contribute(builder);
        }
    }
}

impl<T: Contribute, const N: usize> Contribute for [T; N] {
    fn contribute(&self, builder: &mut ArchitectureBuilder) {
        self.as_slice().contribute(builder);
    }
}

impl<T: Contribute> Contribute for Option<T> {
    fn contribute(&self, builder: &mut ArchitectureBuilder) {
        if let Some(it) = self {
            it.contribute(builder);
        }
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))*) => { $(
        impl<$($name: Contribute),+> Contribute for ($($name,)+) {
            #[allow(non_snake_case)]
            fn contribute(&self, builder: &mut ArchitectureBuilder) {
                let ($($name,)+) = self;
                $($name.contribute(builder);)+
            }
        }
    )* };
}
tuples!((A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F));
