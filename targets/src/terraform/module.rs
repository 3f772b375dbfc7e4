//! A module: its blocks, sorted into files by what they are about, and how they are printed.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::Loc;
use archgen_core::resource::ResourceId;

use super::address::{Address, Key};
use super::expr::{Expr, Object};
use super::{moved, repeat};
use crate::Files;

#[cfg(test)]
mod tests;

/// The file that a block is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum File {
    /// Versions, data sources.
    Main,
    /// VPCs, subnets, routes, network ACLs, endpoints, security groups and their rules.
    Network,
    /// Load balancers, clusters, services, scaling and roles.
    Services,
    /// Databases, caches, file systems, buckets and secrets.
    Data,
    /// Log groups, alarms, dashboards and flow logs.
    Observability,
    /// What is given when applying.
    Variables,
    /// What is shown once applied.
    Outputs,
    /// How the provider is set up.
    Providers,
    /// Where the state is kept.
    Backend,
    /// What was renamed.
    Moved,
}

impl File {
    /// Its path.
    pub const fn path(self) -> &'static str {
        match self {
            File::Main => "main.tf.json",
            File::Network => "network.tf.json",
            File::Services => "services.tf.json",
            File::Data => "data.tf.json",
            File::Observability => "observability.tf.json",
            File::Variables => "variables.tf.json",
            File::Outputs => "outputs.tf.json",
            File::Providers => "providers.tf.json",
            File::Backend => "backend.tf.json",
            File::Moved => "moved.tf.json",
        }
    }
}

/// What a block makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// `data`: what is looked up.
    Data,
    /// `ephemeral`: what is never stored.
    Ephemeral,
    /// `resource`: what is made.
    Resource,
}

impl Mode {
    const fn as_str(self) -> &'static str {
        match self {
            Mode::Data => "data",
            Mode::Ephemeral => "ephemeral",
            Mode::Resource => "resource",
        }
    }
}

/// A block with two labels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block {
    /// What it makes.
    pub mode: Mode,
    /// Its address.
    pub address: Address,
    /// The resource of the graph that it is, or is a part of.
    pub resource: Option<ResourceId>,
    /// The declaration it comes from.
    pub declaration: String,
    /// Where that was written.
    pub loc: Loc,
    /// The file it stands in.
    pub file: File,
    /// The arguments.
    pub body: Object,
    /// What must exist first though no argument refers to it.
    pub depends_on: BTreeSet<Address>,
    /// How Terraform treats changes.
    pub lifecycle: Lifecycle,
}

/// How Terraform treats changes of a resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lifecycle {
    /// Whether a plan that destroys it is an error.
    pub prevent_destroy: bool,
    /// Whether its replacement is made first.
    pub create_before_destroy: bool,
    /// The arguments that others change.
    pub ignore_changes: Vec<&'static str>,
    /// What must hold before it is changed: an expression and what to say if it does not.
    pub preconditions: Vec<(Expr, String)>,
    /// What must hold once it has been read or changed, likewise.
    pub postconditions: Vec<(Expr, String)>,
}

impl Lifecycle {
    fn expr(&self) -> Object {
        let conditions = |all: &[(Expr, String)]| -> Vec<Expr> {
            let condition = |(condition, message): &(Expr, String)| {
                Object::new()
                    .with("condition", condition.clone())
                    .with("error_message", message.as_str())
                    .into()
            };
            all.iter().map(condition).collect()
        };
        let ignored = self.ignore_changes.iter().map(|it| Expr::from(*it)).collect();
        Object::new()
            .maybe("create_before_destroy", self.create_before_destroy.then_some(true))
            .maybe("prevent_destroy", self.prevent_destroy.then_some(true))
            .list("ignore_changes", ignored)
            .list("precondition", conditions(&self.preconditions))
            .list("postcondition", conditions(&self.postconditions))
    }
}

/// Everything of a module.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Module {
    /// Resources, data sources and ephemeral resources.
    pub blocks: Vec<Block>,
    /// Named values by file and name.
    pub locals: BTreeMap<(File, String), Expr>,
    /// Blocks without labels or with one, by file and keyword: `terraform`, `provider`, `variable`,
    /// `output`, `check`.
    pub sections: BTreeMap<File, BTreeMap<&'static str, Expr>>,
    /// Settings of the provider besides the usual one, each with its `alias`.
    pub providers: Vec<Object>,
    /// Files that are not in JSON syntax, by path.
    pub texts: Files,
    /// The addresses that resources had before: the last first.
    pub former: BTreeMap<ResourceId, Vec<Vec<String>>>,
}

impl Module {
    /// Adds a block.
    pub fn add(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds to a section.
    pub fn section(&mut self, file: File, keyword: &'static str, more: Object) {
        let it = self.sections.entry(file).or_default().entry(keyword);
        if let Expr::Object(it) = it.or_insert_with(|| Object::new().into()) {
            it.0.extend(more.0);
        }
    }

    /// Visits every value.
    fn visit(&self, visit: &mut dyn FnMut(&Expr)) {
        for it in &self.blocks {
            it.visit(visit);
        }
        self.locals.values().for_each(|it| it.visit(visit));
        self.sections.values().flat_map(BTreeMap::values).for_each(|it| it.visit(visit));
        for it in &self.providers {
            it.0.iter().for_each(|(_, it)| it.visit(visit));
        }
    }

    /// Replaces every address.
    pub(super) fn map_addresses(&mut self, map: &dyn Fn(&Address) -> Address) {
        let object = |it: &Object| {
            Object(it.0.iter().map(|(name, it)| (name.clone(), it.map_addresses(map))).collect())
        };
        for it in &mut self.blocks {
            it.address = map(&it.address);
            it.body = object(&it.body);
            it.depends_on = it.depends_on.iter().map(map).collect();
            let lifecycle = &mut it.lifecycle;
            for (it, _) in lifecycle.preconditions.iter_mut().chain(&mut lifecycle.postconditions) {
                *it = it.map_addresses(map);
            }
        }
        self.locals.values_mut().for_each(|it| *it = it.map_addresses(map));
        for it in self.sections.values_mut().flat_map(BTreeMap::values_mut) {
            *it = it.map_addresses(map);
        }
        self.providers.iter_mut().for_each(|it| *it = object(it));
    }

    /// Everything that has a name of its own and is used: `var.image_tag`.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.visit(&mut |it| {
            if let Expr::Name(name) = it {
                names.insert(name.to_string());
            }
        });
        names
    }

    /// The files of the module. Blocks with a key become one block with `for_each`.
    pub fn files(mut self) -> Files {
        repeat::unfold_cycles(&mut self);
        let moved = moved::moves(&self.blocks, &self.former);
        let mut files: BTreeMap<File, BTreeMap<&'static str, Object>> = BTreeMap::new();
        let mut blocks: BTreeMap<(File, Mode, &'static str, String), Vec<Block>> = BTreeMap::new();
        for it in self.blocks {
            let place = (it.file, it.mode, it.address.kind, it.address.name.clone());
            blocks.entry(place).or_default().push(it);
        }
        let mut sorted: BTreeMap<(File, Mode), BTreeMap<&'static str, Object>> = BTreeMap::new();
        for ((file, mode, kind, name), instances) in blocks {
            let body = repeat::body(instances);
            let types = sorted.entry((file, mode)).or_default();
            let types = types.entry(kind).or_default();
            types.0.push((name.into(), body.into()));
        }
        for ((file, mode), types) in sorted {
            let types = types.into_iter().fold(Object::new(), |all, (kind, it)| all.with(kind, it));
            files.entry(file).or_default().insert(mode.as_str(), types);
        }
        for ((file, name), value) in self.locals {
            files
                .entry(file)
                .or_default()
                .entry("locals")
                .or_default()
                .0
                .push((name.into(), value));
        }
        for (file, sections) in self.sections {
            for (keyword, value) in sections {
                if let Expr::Object(it) = value {
                    files.entry(file).or_default().entry(keyword).or_default().0.extend(it.0);
                }
            }
        }
        let mut all = self.texts;
        for (file, sections) in files {
            let sections = sections
                .into_iter()
                .fold(Object::new(), |all, (keyword, it)| all.with(keyword, it));
            all.insert(file.path().to_string(), json(&sections));
        }
        if !moved.is_empty() {
            let moved = moved.into_iter().map(|(from, to)| {
                Object::new().with("from", from.as_str()).with("to", to.as_str()).into()
            });
            let moved = Object::new().with("moved", Expr::List(moved.collect()));
            all.insert(File::Moved.path().to_string(), json(&moved));
        }
        all
    }
}

/// A file's text, indented by two spaces.
fn json(it: &Object) -> Vec<u8> {
    let mut text =
        serde_json::to_string_pretty(it).expect("invariant: every value of a module is JSON");
    text.push('\n');
    text.into_bytes()
}

impl Block {
    /// Visits every value.
    pub(super) fn visit(&self, visit: &mut dyn FnMut(&Expr)) {
        self.body.0.iter().for_each(|(_, it)| it.visit(visit));
        let conditions = self.lifecycle.preconditions.iter().chain(&self.lifecycle.postconditions);
        conditions.for_each(|(it, _)| it.visit(visit));
    }

    /// What the block holds, in the order people write: arguments, `lifecycle`, `depends_on`.
    pub(super) fn content(&self, arguments: Object) -> Object {
        let lifecycle = self.lifecycle.expr();
        // What an argument refers to is waited for anyway.
        let mut said = BTreeSet::new();
        self.visit(&mut |it| {
            if let Expr::Attribute(it, _) = it {
                said.insert((it.kind, it.name.clone()));
            }
        });
        let waits = self.depends_on.iter().filter(|it| !said.contains(&(it.kind, it.name.clone())));
        // Here Terraform knows resources, not their instances.
        let whole: BTreeSet<Address> =
            waits.map(|it| Address { key: Key::None, ..it.clone() }).collect();
        let depends_on = whole.into_iter().map(Expr::from).collect();
        arguments
            .maybe("lifecycle", (!lifecycle.is_empty()).then_some(lifecycle))
            .list("depends_on", depends_on)
    }
}
