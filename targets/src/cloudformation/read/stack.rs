//! The stacks that are read: those side by side and those nested in them, with what each was given, and what they
//! export.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use archgen_core::Loc;

use super::evaluate::Truth;
use super::{Options, ReadError, Source};
use crate::read::data::{Data, DataKind};
use crate::read::document::{self, Entry, Node};
use crate::read::network::Notes;
use crate::read::place;

/// How deep stacks may nest.
const DEEPEST: usize = 8;
/// How many stacks are read at most.
const MOST: usize = 200;

/// How many values are evaluated at most, long texts counted several times: so many, and so many
/// more for each value of the templates. Reading evaluates a value a few times.
const FUEL: u64 = 500_000;
const FUEL_PER_VALUE: u64 = 40;

/// One stack.
pub(super) struct Stack {
    /// What stands before the names of its resources: `""`, or `Nested.` for a nested one.
    pub(super) prefix: String,
    /// Its template.
    pub(super) template: Node,
    /// Where each of its resources stands in the list of them.
    index: BTreeMap<String, usize>,
    /// The path of its template.
    path: PathBuf,
    /// The stack that it is nested in, and what that one gives it.
    pub(super) parent: Option<(usize, Option<Node>)>,
    /// Whether it exists, as far as that depends on the stacks it is nested in.
    pub(super) exists: Truth,
    /// What its conditions are, as far as they were asked for; none while one is being evaluated.
    pub(super) conditions: RefCell<BTreeMap<String, Option<Truth>>>,
    /// The stacks nested in it: each one's number, or why it was not read.
    pub(super) nested: BTreeMap<String, Result<usize, String>>,
}

/// All stacks that are read, and what is known of the place of deployment.
pub(super) struct Stacks<'a> {
    pub(super) options: &'a Options<'a>,
    pub(super) all: Vec<Stack>,
    /// What is left of the work that evaluating may take.
    pub(super) fuel: Cell<u64>,
    /// How deep evaluating is.
    pub(super) depth: Cell<u32>,
    /// Attributes that say what a property says.
    pub(super) mirrored: RefCell<BTreeMap<(usize, String, String), Option<Data>>>,
    /// How many of them, the first, are nested in none.
    pub(super) roots: usize,
    /// What they export by name: the stack, and which of its outputs it is.
    pub(super) exports: BTreeMap<String, (usize, usize)>,
}

/// A resource as it is written.
pub(super) struct Written<'a> {
    /// The number of its stack.
    pub(super) stack: usize,
    /// Its logical ID, behind those of the nested stacks it is in.
    pub(super) name: String,
    /// Where the logical ID stands.
    pub(super) loc: Loc,
    /// Its type.
    pub(super) kind: String,
    /// Whether it exists.
    pub(super) exists: Truth,
    /// Its properties, as they are written.
    pub(super) properties: Option<&'a Node>,
}

impl<'a> Stacks<'a> {
    /// Reads templates and those nested in them.
    pub(super) fn read(
        sources: &[Source<'_>],
        options: &'a Options<'a>,
        notes: &mut Notes,
    ) -> Result<Stacks<'a>, ReadError> {
        let mut templates = Vec::new();
        for it in sources {
            templates.push((it.path, parse(it.path, it.text)?));
        }
        let mut it = Stacks {
            options,
            all: Vec::new(),
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
            mirrored: RefCell::default(),
            roots: 0,
            exports: BTreeMap::new(),
        };
        for ((path, template), prefix) in prefixes(templates) {
            it.add(prefix, template, path.to_path_buf(), None, Truth::Yes);
        }
        it.roots = it.all.len();
        let mut next = 0;
        while next < it.all.len() {
            it.nest(next, notes);
            next += 1;
        }
        it.exports = it.exported();
        // What was asked for so far may have been answered without the stacks that came later.
        it.mirrored.borrow_mut().clear();
        for stack in &it.all {
            stack.conditions.borrow_mut().clear();
        }
        Ok(it)
    }

    fn add(
        &mut self,
        prefix: String,
        template: Node,
        path: PathBuf,
        parent: Option<(usize, Option<Node>)>,
        exists: Truth,
    ) -> usize {
        self.fuel.set(self.fuel.get() + template.count() * FUEL_PER_VALUE);
        let resources = section(&template, "Resources").iter().enumerate();
        let index = resources.map(|(at, it)| (it.key.clone(), at)).collect();
        self.all.push(Stack {
            prefix,
            template,
            index,
            path,
            parent,
            exists,
            conditions: RefCell::default(),
            nested: BTreeMap::new(),
        });
        self.all.len() - 1
    }

    /// What the stacks export. A name that two of them export is refused by AWS, and so is neither's.
    fn exported(&self) -> BTreeMap<String, (usize, usize)> {
        let (mut all, mut twice) = (BTreeMap::new(), Vec::new());
        for stack in 0..self.all.len() {
            for (at, it) in section(&self.all[stack].template, "Outputs").iter().enumerate() {
                let name = it.value.get("Export").and_then(|it| it.get("Name"));
                let name = name.map(|it| self.value(stack, it));
                if let Some(name) = name.as_ref().and_then(Data::as_text)
                    && all.insert(name.to_string(), (stack, at)).is_some()
                {
                    twice.push(name.to_string());
                }
            }
        }
        all.retain(|it, _| !twice.contains(it));
        all
    }

    /// Reads the stacks that one names.
    fn nest(&mut self, stack: usize, notes: &mut Notes) {
        let mut found = Vec::new();
        for it in self.written(stack) {
            if it.kind != "AWS::CloudFormation::Stack" || it.exists == Truth::No {
                continue;
            }
            let url = self.property(&it, "TemplateURL");
            let given = it.properties.and_then(|it| it.get("Parameters")).cloned();
            found.push((it.name, it.loc, it.exists.clone(), url, given));
        }
        for (name, loc, exists, url, given) in found {
            let logical = name[self.all[stack].prefix.len()..].to_string();
            let child = match self.load(stack, &url) {
                Ok((path, template)) => {
                    let parent = Some((stack, given));
                    Ok(self.add(format!("{name}."), template, path, parent, exists))
                }
                Err(why) => {
                    notes.push((loc, name, "TemplateURL".to_string(), why.clone()));
                    Err(why)
                }
            };
            self.all[stack].nested.insert(logical, child);
        }
    }

    fn load(&self, stack: usize, url: &Data) -> Result<(PathBuf, Node), String> {
        let Some(url) = url.as_text() else {
            return Err(format!("the place of the nested template is not known: {}", url.what()));
        };
        if url.contains("://") {
            return Err(format!("`{url}` is not a local path"));
        }
        let from = &self.all[stack].path;
        let path = tidy(&from.parent().unwrap_or(Path::new("")).join(url));
        let mut chain = Some(stack);
        let mut depth = 0;
        while let Some(it) = chain {
            if tidy(&self.all[it].path) == path {
                return Err(format!("`{url}` nests itself"));
            }
            chain = self.all[it].parent.as_ref().map(|it| it.0);
            depth += 1;
        }
        if depth > DEEPEST || self.all.len() >= MOST {
            return Err(format!("more than {DEEPEST} levels or {MOST} nested stacks are not read"));
        }
        let text = (self.options.load)(&path)
            .map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
        let template = parse(&path, &text).map_err(|error| error.to_string())?;
        Ok((path, template))
    }

    /// The resources of a stack, those that do not exist included.
    pub(super) fn written(&self, stack: usize) -> Vec<Written<'_>> {
        let it = &self.all[stack];
        let entries = section(&it.template, "Resources");
        entries
            .iter()
            .filter(|entry| !entry.key.starts_with("Fn::"))
            .map(|entry| self.written_as(stack, entry))
            .collect()
    }

    /// A resource of a stack by its logical ID.
    pub(super) fn find(&self, stack: usize, logical: &str) -> Option<Written<'_>> {
        let it = &self.all[stack];
        let entry = section(&it.template, "Resources").get(*it.index.get(logical)?)?;
        (!entry.key.starts_with("Fn::")).then(|| self.written_as(stack, entry))
    }

    fn written_as<'s>(&'s self, stack: usize, entry: &'s Entry) -> Written<'s> {
        let own = match entry.value.get("Condition") {
            None => Truth::Yes,
            Some(it) => match it.text() {
                Some(name) => self.condition(stack, name),
                None => {
                    Truth::Unknown("its `Condition` is not the name of a condition".to_string())
                }
            },
        };
        Written {
            stack,
            name: format!("{}{}", self.all[stack].prefix, entry.key),
            loc: entry.loc,
            kind: entry.value.get("Type").and_then(Node::text).unwrap_or_default().to_string(),
            exists: Truth::all([self.all[stack].exists.clone(), own]),
            properties: entry.value.get("Properties"),
        }
    }

    /// A property of a resource, evaluated.
    pub(super) fn property(&self, of: &Written<'_>, name: &str) -> Data {
        match of.properties.and_then(|it| it.get(name)) {
            Some(it) => self.value(of.stack, it),
            None => Data::new(of.loc, DataKind::Absent),
        }
    }
}

/// What stands before the names of the resources of each template: nothing, unless another has the same.
fn prefixes(templates: Vec<(&Path, Node)>) -> impl Iterator<Item = ((&Path, Node), String)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    if templates.len() > 1 {
        for it in templates.iter().flat_map(|it| section(&it.1, "Resources")) {
            *counts.entry(it.key.clone()).or_default() += 1;
        }
    }
    let mut used = BTreeSet::new();
    templates.into_iter().enumerate().map(move |(at, it)| {
        let mut all = section(&it.1, "Resources").iter();
        if !all.any(|it| counts.get(&it.key).is_some_and(|it| *it > 1)) {
            return (it, String::new());
        }
        let stem = it.0.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let stem = if used.insert(stem.clone()) { stem } else { format!("{stem}-{at}") };
        (it, format!("{stem}."))
    })
}

/// A section of a template, such as `Resources`.
pub(super) fn section<'a>(template: &'a Node, name: &str) -> &'a [Entry] {
    template.get(name).and_then(Node::entries).unwrap_or_default()
}

fn parse(path: &Path, text: &str) -> Result<Node, ReadError> {
    let file = place::file(path);
    let template = document::parse(file, text)?;
    let not = |loc, message: String| Err(ReadError::NotATemplate { loc, message });
    if template.entries().is_none() {
        return not(template.loc, format!("a template is a map, not {}", template.what()));
    }
    match template.get("Resources") {
        None => not(template.loc, "the template has no `Resources`".to_string()),
        Some(it) if it.entries().is_none() => {
            not(it.loc, format!("`Resources` is a map, not {}", it.what()))
        }
        Some(_) => Ok(template),
    }
}

/// The path without `.` and without the `..` that can be resolved.
fn tidy(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut all = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                let last = all.components().next_back();
                if matches!(last, Some(Component::Normal(_))) {
                    all.pop();
                } else {
                    all.push("..");
                }
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => all.push(part),
        }
    }
    all
}
