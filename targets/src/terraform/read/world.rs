//! The modules that are read: the one that was asked for and those it calls, with what each was given.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use archgen_core::Loc;

use super::instances::{Instances, Key};
use super::source::Declarations;
use super::syntax::Part;
use super::{Error, Options, Source};
use crate::read::data::{Data, DataKind};
use crate::read::network::Notes;

/// How deep modules may call modules.
const DEEPEST_CALLS: usize = 12;
/// How many modules are read at most.
const MOST: usize = 200;
/// How deep values may refer to values.
const DEEPEST: u32 = 150;
/// How many values are evaluated at most: so many, and so many more for each one that is written.
const FUEL: u64 = 500_000;
const FUEL_PER_VALUE: u64 = 40;
/// How many values a value may hold.
const LARGEST: usize = 20_000;
/// Why something was not evaluated that could be.
pub(super) const TOO_MUCH: &str = "the configuration takes too much work to evaluate";

/// Values by name that an expression sees besides those of its module.
pub(super) type Names = BTreeMap<String, Data>;

/// What is evaluated once; none while it is.
type Memo<K> = RefCell<BTreeMap<K, Option<Data>>>;

/// The instances of blocks; none while they are being found.
type Found = RefCell<BTreeMap<(String, String), Option<Rc<Instances>>>>;

/// One call of a module.
pub(super) struct Module {
    /// Its number.
    pub(super) number: usize,
    /// What stands before the addresses in it: `module.network.`.
    pub(super) prefix: String,
    /// What it declares.
    pub(super) it: Rc<Declarations>,
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Who calls it: the module, by which name, and what the call sees.
    pub(super) caller: Option<(usize, String, Names)>,
    /// Why it is not known whether it exists.
    pub(super) maybe: Option<String>,
    pub(super) variables: Memo<String>,
    pub(super) locals: Memo<String>,
    pub(super) outputs: Memo<String>,
    pub(super) instances: Found,
    pub(super) calls: RefCell<BTreeMap<String, Option<Rc<Called>>>>,
}

/// The modules that one call makes.
pub(super) enum Called {
    /// By key.
    Modules(Vec<(Key, usize)>),
    /// Not read.
    Unread(String),
}

/// A resource by its name in the graph.
pub(super) struct Instance {
    /// The number of its module.
    pub(super) module: usize,
    /// Its type and name.
    pub(super) block: (String, String),
    /// What its arguments see.
    pub(super) names: Names,
    /// Its address.
    pub(super) address: String,
    /// Why it is not known whether it exists.
    pub(super) maybe: Option<String>,
    /// Where it is declared.
    pub(super) loc: Loc,
}

/// All modules that are read.
pub(super) struct World<'a> {
    pub(super) options: &'a Options<'a>,
    modules: RefCell<Vec<Rc<Module>>>,
    folders: RefCell<BTreeMap<PathBuf, Result<Rc<Declarations>, String>>>,
    /// The resources by name.
    pub(super) registry: RefCell<BTreeMap<String, Rc<Instance>>>,
    /// Attributes that say what an argument says.
    pub(super) attributes: Memo<(String, String)>,
    pub(super) notes: RefCell<Notes>,
    /// The VPCs whose first route table is referred to.
    pub(super) main_tables: RefCell<BTreeMap<String, Loc>>,
    fuel: Cell<u64>,
    depth: Cell<u32>,
}

impl<'a> World<'a> {
    /// Reads the module that is asked for.
    pub(super) fn read(files: &[Source<'_>], options: &'a Options<'a>) -> Result<World<'a>, Error> {
        let it = Declarations::read(files.iter().map(|it| (it.path, it.text)))?;
        let folder = files.first().and_then(|it| it.path.parent()).unwrap_or(Path::new(""));
        let world = World {
            options,
            modules: RefCell::default(),
            folders: RefCell::default(),
            registry: RefCell::default(),
            attributes: RefCell::default(),
            notes: RefCell::default(),
            main_tables: RefCell::default(),
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
        };
        world.add(String::new(), Rc::new(it), folder.to_path_buf(), None, None);
        Ok(world)
    }

    fn add(
        &self,
        prefix: String,
        it: Rc<Declarations>,
        folder: PathBuf,
        caller: Option<(usize, String, Names)>,
        maybe: Option<String>,
    ) -> usize {
        self.fuel.set(self.fuel.get() + it.count() * FUEL_PER_VALUE);
        let mut modules = self.modules.borrow_mut();
        let number = modules.len();
        for (loc, what, why) in &it.odd {
            let address = prefix.trim_end_matches('.').to_string();
            self.notes.borrow_mut().push((*loc, address, what.clone(), why.clone()));
        }
        modules.push(Rc::new(Module {
            number,
            prefix,
            it,
            folder,
            caller,
            maybe,
            variables: RefCell::default(),
            locals: RefCell::default(),
            outputs: RefCell::default(),
            instances: RefCell::default(),
            calls: RefCell::default(),
        }));
        number
    }

    /// A module by its number. There always is the first one.
    pub(super) fn module(&self, number: usize) -> Option<Rc<Module>> {
        self.modules.borrow().get(number).cloned()
    }

    /// Takes from the work that is left; false if there is not enough.
    pub(super) fn take(&self, work: usize) -> bool {
        let left = self.fuel.get().checked_sub(work as u64);
        self.fuel.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Evaluates something one level deeper.
    pub(super) fn deeper(&self, loc: Loc, what: impl FnOnce() -> Data) -> Data {
        if self.depth.get() > DEEPEST {
            return Data::unknown(loc, "values refer to values too deeply, or to themselves");
        }
        if !self.take(1) {
            return Data::unknown(loc, TOO_MUCH);
        }
        self.depth.set(self.depth.get() + 1);
        let it = what();
        self.depth.set(self.depth.get() - 1);
        it
    }

    /// A value if there is room for it.
    pub(super) fn sized(&self, it: Data) -> Data {
        let size = it.size();
        if size <= LARGEST && self.take(size) { it } else { Data::unknown(it.loc, TOO_MUCH) }
    }

    /// What is evaluated once.
    pub(super) fn once<K: Ord + Clone>(
        &self,
        memo: &Memo<K>,
        key: K,
        loc: Loc,
        what: &str,
        make: impl FnOnce() -> Data,
    ) -> Data {
        let known = memo.borrow().get(&key).cloned();
        match known {
            Some(Some(it)) => self.sized(Data { loc, ..it }),
            Some(None) => Data::unknown(loc, format!("`{what}` refers to itself")),
            None => {
                memo.borrow_mut().insert(key.clone(), None);
                let it = make();
                memo.borrow_mut().insert(key, Some(it.clone()));
                Data { loc, ..it }
            }
        }
    }

    /// A local value of a module.
    pub(super) fn local(&self, module: &Module, loc: Loc, name: &str) -> Data {
        let Some(it) = module.it.locals.get(name) else {
            return Data::unknown(loc, format!("there is no local value `{name}`"));
        };
        self.once(&module.locals, name.to_string(), loc, &format!("local.{name}"), || {
            self.value(module, &Names::new(), it)
        })
    }

    /// What a module gives.
    pub(super) fn output(&self, module: &Module, loc: Loc, name: &str) -> Data {
        let value = module.it.outputs.get(name).and_then(|it| it.body.value("value"));
        let Some(it) = value else {
            let why = format!("`{}` has no output `{name}`", module.prefix.trim_end_matches('.'));
            return Data::unknown(loc, why);
        };
        self.once(&module.outputs, name.to_string(), loc, &format!("output.{name}"), || {
            self.value(module, &Names::new(), it)
        })
    }

    /// The modules that a call makes.
    pub(super) fn called(&self, module: &Module, name: &str) -> Option<Rc<Called>> {
        let known = module.calls.borrow().get(name).cloned();
        if let Some(known) = known {
            return Some(known.unwrap_or_else(|| {
                Rc::new(Called::Unread(format!("`module.{name}` depends on itself")))
            }));
        }
        let call = module.it.modules.get(name)?;
        module.calls.borrow_mut().insert(name.to_string(), None);
        let made = Rc::new(self.call(module, name));
        module.calls.borrow_mut().insert(name.to_string(), Some(made.clone()));
        if let Called::Unread(why) = &*made {
            let address = format!("{}module.{name}", module.prefix);
            let note = (call.loc, address, "source".to_string(), why.clone());
            self.notes.borrow_mut().push(note);
        }
        Some(made)
    }

    fn call(&self, module: &Module, name: &str) -> Called {
        let Some(call) = module.it.modules.get(name) else {
            return Called::Unread(format!("there is no module `{name}`"));
        };
        let (it, folder) = match self.folder(module, call) {
            Ok(it) => it,
            Err(why) => return Called::Unread(why),
        };
        let instances = match self.expand(module, &call.body) {
            Instances::Unknown(why) => return Called::Unread(why),
            Instances::Known(it) => it,
        };
        let mut all = Vec::new();
        for one in instances {
            if self.modules.borrow().len() >= MOST {
                return Called::Unread(format!("more than {MOST} modules are not read"));
            }
            let prefix = format!("{}module.{name}{}.", module.prefix, one.key);
            let maybe = module.maybe.clone().or(one.maybe);
            let caller = Some((module.number, name.to_string(), one.names));
            all.push((one.key, self.add(prefix, it.clone(), folder.clone(), caller, maybe)));
        }
        Called::Modules(all)
    }

    /// The folder that a call names, and what is declared in it.
    fn folder(
        &self,
        module: &Module,
        call: &super::source::Declared,
    ) -> Result<(Rc<Declarations>, PathBuf), String> {
        let source = call.body.value("source").and_then(|it| it.text());
        let Some(source) = source else {
            return Err("where the module is is not known".to_string());
        };
        if !source.starts_with("./") && !source.starts_with("../") {
            return Err(format!("`{source}` is not a local path"));
        }
        let folder = tidy(&module.folder.join(source));
        let mut depth = 0;
        let mut chain = Some(module.number);
        while let Some(it) = chain.and_then(|it| self.module(it)) {
            if tidy(&it.folder) == folder {
                return Err(format!("`{source}` calls itself"));
            }
            chain = it.caller.as_ref().map(|it| it.0);
            depth += 1;
        }
        if depth > DEEPEST_CALLS {
            return Err(format!("more than {DEEPEST_CALLS} levels of modules are not read"));
        }
        if let Some(known) = self.folders.borrow().get(&folder) {
            return known.clone().map(|it| (it, folder.clone()));
        }
        let read = (self.options.load)(&folder)
            .map_err(|error| format!("`{}` cannot be read: {error}", folder.display()))
            .and_then(|files| {
                let files = files.iter().map(|it| (it.0.as_path(), it.1.as_str()));
                Declarations::read(files).map(Rc::new).map_err(|it| it.to_string())
            });
        self.folders.borrow_mut().insert(folder.clone(), read.clone());
        read.map(|it| (it, folder))
    }

    /// Every resource of every module that exists or may, by name; this reads all modules.
    pub(super) fn everything(&self) {
        let mut next = 0;
        while let Some(module) = self.module(next) {
            for name in module.it.modules.keys() {
                self.called(&module, name);
            }
            for block in module.it.resources.keys() {
                self.instances(&module, block);
            }
            next += 1;
        }
    }

    /// What the calls of modules that are not read are given: address, place and values.
    pub(super) fn unread_calls(&self) -> Vec<(String, Loc, Data)> {
        let mut all = Vec::new();
        let mut next = 0;
        while let Some(module) = self.module(next) {
            for (name, call) in &module.it.modules {
                if let Some(it) = self.called(&module, name)
                    && let Called::Unread(_) = &*it
                {
                    let names = Names::from([
                        ("each".to_string(), Data::unknown(call.loc, "the module is not read")),
                        ("count".to_string(), Data::unknown(call.loc, "the module is not read")),
                    ]);
                    let mut given = Vec::new();
                    for entry in &call.body.entries {
                        if let Part::Value(value) = &entry.part {
                            given.push((entry.name.clone(), self.value(&module, &names, value)));
                        }
                    }
                    let given = Data::new(call.loc, DataKind::Map(given));
                    all.push((format!("{}module.{name}", module.prefix), call.loc, given));
                }
            }
            next += 1;
        }
        all
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
                if matches!(all.components().next_back(), Some(Component::Normal(_))) {
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
