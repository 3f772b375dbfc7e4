//! What the files of one folder declare: a module.
//!
//! <https://developer.hashicorp.com/terraform/language/files/override>

use std::collections::BTreeMap;
use std::path::Path;

use archgen_core::Loc;

use super::syntax::{Body, Entry, Expr, Part};
use super::{hcl, json};
use crate::read::document::{self, Syntax};
use crate::read::place;

/// A declaration: where, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Declared {
    /// Where its name stands.
    pub(super) loc: Loc,
    /// What it says.
    pub(super) body: Body,
}

/// What is declared by type and name.
pub(super) type Typed = BTreeMap<(String, String), Declared>;

/// Everything that the files of a folder declare.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Declarations {
    pub(super) variables: BTreeMap<String, Declared>,
    pub(super) locals: BTreeMap<String, Expr>,
    pub(super) resources: Typed,
    pub(super) data: Typed,
    pub(super) modules: BTreeMap<String, Declared>,
    pub(super) outputs: BTreeMap<String, Declared>,
    pub(super) providers: Vec<Declared>,
    /// What `*.tfvars` files give variables; it counts in the module that is asked for.
    pub(super) assigned: BTreeMap<String, Expr>,
    /// What is declared that no version of Terraform known here has, or twice.
    pub(super) odd: Vec<(Loc, String, String)>,
}

/// The place in the order in which Terraform reads files of assignments by itself, the later one counting;
/// none for other files.
/// <https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence>
fn assignment(file: &str) -> Option<u8> {
    match file {
        "terraform.tfvars" => Some(0),
        "terraform.tfvars.json" => Some(1),
        it if it.ends_with(".auto.tfvars") || it.ends_with(".auto.tfvars.json") => Some(2),
        _ => None,
    }
}

/// The values that a file of assignments gives.
fn assignments(
    file: &'static str,
    text: &str,
    is_json: bool,
) -> Result<Vec<(String, Expr)>, Syntax> {
    if is_json {
        let document = document::parse(file, text)?;
        let entries = document.entries().unwrap_or_default().iter();
        return Ok(entries.map(|it| (it.key.clone(), json::expr(&it.value))).collect());
    }
    let entries = hcl::parse(file, text)?.entries.into_iter();
    Ok(entries
        .filter_map(|it| match it.part {
            Part::Value(value) => Some((it.name, value)),
            Part::Block(..) | Part::Dynamic(_) => None,
        })
        .collect())
}

/// A block at the top of a file.
struct Top {
    kind: String,
    labels: Vec<String>,
    declared: Declared,
}

impl Declarations {
    /// Reads the files of a folder; files of other kinds are left out.
    pub(super) fn read<'t>(
        files: impl IntoIterator<Item = (&'t Path, &'t str)>,
    ) -> Result<Declarations, Syntax> {
        let mut all = Declarations::default();
        let mut overrides = Vec::new();
        let mut assigned = Vec::new();
        for (path, text) in files {
            let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            let file = place::file(path);
            if let Some(rank) = assignment(&name) {
                let values = assignments(file, text, name.ends_with(".json"))?;
                assigned.push((rank, name, values));
                continue;
            }
            let (tops, stem) = if let Some(stem) = name.strip_suffix(".tf.json") {
                (from_json(file, text)?, stem.to_string())
            } else if let Some(stem) = name.strip_suffix(".tf") {
                (from_body(hcl::parse(file, text)?), stem.to_string())
            } else {
                continue;
            };
            if stem == "override" || stem.ends_with("_override") {
                overrides.push((name, tops));
            } else {
                tops.into_iter().for_each(|it| all.add(it, false));
            }
        }
        overrides.sort_by(|one, other| one.0.cmp(&other.0));
        for (_, tops) in overrides {
            tops.into_iter().for_each(|it| all.add(it, true));
        }
        assigned.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        all.assigned = assigned.into_iter().flat_map(|it| it.2).collect();
        Ok(all)
    }

    fn add(&mut self, top: Top, over: bool) {
        let Top { kind, mut labels, declared } = top;
        let loc = declared.loc;
        let two = (labels.len() == 2).then(|| (labels[0].clone(), labels[1].clone()));
        let one = if labels.len() == 1 { labels.pop() } else { None };
        let done = match (kind.as_str(), one, two) {
            ("variable", Some(name), _) => put(&mut self.variables, name, declared, over),
            ("output", Some(name), _) => put(&mut self.outputs, name, declared, over),
            ("module", Some(name), _) => put(&mut self.modules, name, declared, over),
            ("resource", _, Some(name)) => put(&mut self.resources, name, declared, over),
            ("data", _, Some(name)) => put(&mut self.data, name, declared, over),
            ("provider", Some(name), _) => {
                if name == "aws" {
                    self.providers.push(declared);
                }
                true
            }
            ("locals", _, _) => {
                for it in declared.body.entries {
                    if let Part::Value(value) = it.part {
                        self.locals.insert(it.name, value);
                    }
                }
                true
            }
            (
                "terraform" | "moved" | "removed" | "import" | "check" | "ephemeral" | "action"
                | "output" | "list",
                _,
                _,
            ) => true,
            _ => {
                self.odd.push((loc, kind, "the block is not one that is known here".to_string()));
                return;
            }
        };
        if !done {
            self.odd.push((loc, kind, "it is declared twice".to_string()));
        }
    }

    /// How much it is, about.
    pub(super) fn count(&self) -> u64 {
        let bodies = [&self.resources, &self.data].into_iter().flat_map(|it| it.values());
        let named = [&self.variables, &self.modules, &self.outputs];
        let named = named.into_iter().flat_map(|it| it.values());
        bodies.chain(named).map(|it| 1 + it.body.count()).sum::<u64>() + self.locals.len() as u64
    }
}

/// Declares something; an override changes the arguments it names, and the blocks of the types it has.
fn put<K: Ord>(all: &mut BTreeMap<K, Declared>, name: K, it: Declared, over: bool) -> bool {
    match all.get_mut(&name) {
        Some(base) if over => {
            let named: Vec<String> = it.body.entries.iter().map(|it| it.name.clone()).collect();
            base.body.entries.retain(|it| !named.contains(&it.name));
            base.body.entries.extend(it.body.entries);
            true
        }
        Some(_) => false,
        None => {
            all.insert(name, it);
            true
        }
    }
}

fn from_body(body: Body) -> Vec<Top> {
    let mut all = Vec::new();
    for Entry { name, loc, part } in body.entries {
        if let Part::Block(labels, body) = part {
            all.push(Top { kind: name, labels, declared: Declared { loc, body } });
        }
    }
    all
}

fn from_json(file: &'static str, text: &str) -> Result<Vec<Top>, Syntax> {
    let document = document::parse(file, text)?;
    if document.entries().is_none() && document.items().is_none() {
        let message = format!("a configuration is an object, not {}", document.what());
        return Err(Syntax { loc: document.loc, message });
    }
    let mut all = Vec::new();
    for of in json::objects(&document) {
        for it in of.entries().unwrap_or_default() {
            let labels = match it.key.as_str() {
                "//" => continue,
                "resource" | "data" | "ephemeral" => 2,
                "variable" | "output" | "module" | "provider" | "check" => 1,
                _ => 0,
            };
            tops(&it.key, it.loc, &it.value, labels, &mut Vec::new(), &mut all);
        }
    }
    Ok(all)
}

fn tops(
    kind: &str,
    loc: Loc,
    of: &document::Node,
    labels: usize,
    named: &mut Vec<String>,
    all: &mut Vec<Top>,
) {
    for of in json::objects(of) {
        if labels == 0 {
            let declared = Declared { loc, body: json::body(of) };
            all.push(Top { kind: kind.to_string(), labels: named.clone(), declared });
            continue;
        }
        for it in of.entries().unwrap_or_default() {
            if it.key == "//" {
                continue;
            }
            named.push(it.key.clone());
            tops(kind, it.loc, &it.value, labels - 1, named, all);
            named.pop();
        }
    }
}
