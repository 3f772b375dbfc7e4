//! One architecture in several stacks, where a template would be more than AWS takes.
//!
//! | Step | Module |
//! |---|---|
//! | what a template may hold | `limits` |
//! | the resources of the one template, and what each refers to | `split` |
//! | the stack of each: what was placed stays | `place`, over `order` |
//! | references between stacks become exports and imports | `links` |
//! | how many more tenants there may be | `room` |
//!
//! What fits is one template, as long as nothing of it was in another stack. Stacks are separate, not nested: AWS
//! takes 2,500 resources in one operation of a nested stack, and children come from a bucket however small they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use archgen_core::history::MAIN_STACK;
use archgen_core::resource::{ResourceGraph, ResourceId};
use archgen_core::{Checked, Diagnostic};

use super::expr::{Expr, Object};
use super::template::Template;
use super::{Format, stack_name, write_graph};
use crate::Files;

mod limits;
mod links;
mod order;
mod place;
mod problems;
mod room;
mod split;
#[cfg(test)]
mod tests;

pub use limits::{AWS, Limits};

/// The file that lists the templates in the order in which they are deployed, where there are several.
pub const MANIFEST: &str = "stacks.json";

/// The stacks of an architecture, in the order in which they are deployed.
#[derive(Clone, Debug)]
pub struct Stacks {
    all: Vec<Stack>,
    placement: BTreeMap<ResourceId, String>,
    problems: Vec<Diagnostic>,
}

/// A stack.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its name within the architecture: `main`, `seats-1`.
    pub name: String,
    /// Its name in AWS: `prod-infra-production`, `prod-infra-production-seats-1`.
    pub stack_name: String,
    /// The names, within the architecture, of those that must be there first.
    pub depends_on: Vec<String>,
    /// Its template.
    pub template: Template,
    json: String,
}

impl Stack {
    /// The template as JSON: [`Template::json`], printed once.
    pub fn json(&self) -> &str {
        &self.json
    }
}

/// The stacks of an architecture.
pub fn stacks(checked: &Checked) -> Arc<Stacks> {
    let base = stack_name(checked.name(), checked.environment().as_str());
    checked.once(|| stacks_named(checked, &base))
}

/// The stacks of an architecture of which the main one has another name in AWS. The names of the others, and of what
/// is exported, begin with it.
pub fn stacks_named(checked: &Checked, base: &str) -> Stacks {
    of_graph(checked.name(), checked.environment().as_str(), base, checked.graph(), &AWS)
}

/// The stacks of a graph.
pub(super) fn of_graph(
    name: &str,
    environment: &str,
    base: &str,
    graph: &ResourceGraph,
    limits: &Limits,
) -> Stacks {
    let whole = write_graph(name, environment, graph);
    let split =
        graph.stacks.iter().any(|(id, it)| it != MAIN_STACK && graph.resources.contains_key(id));
    if !split && let Some(json) = limits.fits(&whole) {
        let (stack_name, name) = (base.to_string(), MAIN_STACK.to_string());
        let stack = Stack { name, stack_name, depends_on: Vec::new(), template: whole, json };
        return Stacks { all: vec![stack], placement: BTreeMap::new(), problems: Vec::new() };
    }
    split::split(whole, base, graph, limits)
}

impl Stacks {
    /// The stacks in the order in which they are deployed; what is removed is removed the other way round.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Stack> {
        self.all.iter()
    }

    /// Whether there is but the main one.
    pub fn is_one(&self) -> bool {
        matches!(self.all.as_slice(), [it] if it.name == MAIN_STACK)
    }

    /// The stacks of the resources that are not in the main one.
    pub fn placement(&self) -> &BTreeMap<ResourceId, String> {
        &self.placement
    }

    /// The stack of a resource, in AWS.
    pub fn stack_of(&self, id: &ResourceId) -> &str {
        let name = self.placement.get(id).map_or(MAIN_STACK, String::as_str);
        let found = self.all.iter().find(|it| it.name == name).or(self.all.first());
        found.map_or("", |it| &it.stack_name)
    }

    /// [`stack_refactor`](super::stack_refactor) of the architecture that they are of.
    pub fn refactor(&self, checked: &Checked) -> Option<String> {
        super::refactor::mapping(checked.graph(), self)
    }

    /// Why AWS would refuse them: AG0710, AG0711.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The files: `template.json`, or one below `stacks/` for each and the manifest.
    pub fn files(&self, format: Format) -> Files {
        let text = |it: &Stack| match format {
            Format::Json => it.json.clone().into_bytes(),
            #[cfg(feature = "yaml")]
            Format::Yaml => it.template.yaml().into_bytes(),
        };
        let ending = match format {
            Format::Json => "json",
            #[cfg(feature = "yaml")]
            Format::Yaml => "yaml",
        };
        if let (true, Some(it)) = (self.is_one(), self.all.first()) {
            return Files::from([(format!("template.{ending}"), text(it))]);
        }
        let file = |it: &Stack| format!("stacks/{}.{ending}", it.name);
        let mut files: Files = self.all.iter().map(|it| (file(it), text(it))).collect();
        let lines = self.all.iter().map(|it| {
            let depends_on: Vec<Expr> =
                it.depends_on.iter().map(|it| Expr::from(it.as_str())).collect();
            let line = Object::new()
                .with("name", it.name.as_str())
                .with("stack_name", it.stack_name.as_str())
                .with("file", file(it))
                .with("depends_on", depends_on);
            Expr::from(line)
        });
        let manifest = Expr::from(Object::new().with("stacks", lines.collect::<Vec<_>>()));
        let text = serde_json::to_string_pretty(&manifest).expect("invariant: texts are JSON");
        files.insert(MANIFEST.to_string(), (text + "\n").into_bytes());
        files
    }
}

impl Limits {
    /// The template as JSON, if it is not more than AWS takes.
    fn fits(&self, template: &Template) -> Option<String> {
        let load = limits::Load { bytes: 0, ..split::load(template, "") };
        let json = load.is_within(self).then(|| template.json())?;
        (json.len() <= self.bytes).then_some(json)
    }
}

/// The stack of what looks at all others, or is needed by them at last.
pub(crate) const LAST: &str = "last";

/// Where a stack stands among the others by its name, if nothing else decides: the main ones first and the last ones
/// last, those of a family by their numbers.
pub fn rank(name: &str) -> (u8, &str, usize) {
    let (family, number) = family(name);
    let class = match family {
        MAIN_STACK => 0,
        LAST => 2,
        _ => 1,
    };
    (class, family, number)
}

/// The family and the number of a stack's name: `seats` and 2 of `seats-2`, and 1 of `main`.
fn family(name: &str) -> (&str, usize) {
    let numbered = name.rsplit_once('-').and_then(|(it, number)| Some((it, number.parse().ok()?)));
    numbered.unwrap_or((name, 1))
}

/// The names of what there is, for messages.
fn names(all: &BTreeSet<&str>) -> String {
    let all: Vec<String> = all.iter().map(|it| format!("`{it}`")).collect();
    all.join(", ")
}
