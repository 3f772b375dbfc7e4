//! The provider's resources in the words the network is read by, each with the differences in what the
//! provider does by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use archgen_core::Loc;

use self::table::Row;
use self::words::INNER;
use super::body::META;
use super::instances::{Instances, Key, address};
use super::source::Declared;
use super::world::{Instance, Module, Names, World};
use crate::read::data::{Data, DataKind, Reference};
use crate::read::network::{Item, Source};

mod groups;
mod hosts;
mod places;
mod table;
mod tenants;
mod unread;
mod values;
mod vpc;
mod words;

use values::replaced;

/// A resource in the words the network is read by.
struct Made {
    name: String,
    address: String,
    kind: &'static str,
    type_name: String,
    loc: Loc,
    maybe: Option<String>,
    opaque: bool,
    properties: BTreeMap<&'static str, Data>,
}

impl Made {
    fn set(&mut self, name: &'static str, value: Data) {
        if value.is_absent() {
            self.properties.remove(name);
        } else {
            self.properties.insert(name, value);
        }
    }

    fn get(&self, name: &str) -> Data {
        self.properties.get(name).cloned().unwrap_or(Data::new(self.loc, DataKind::Absent))
    }

    /// Adds to a list.
    fn append(&mut self, name: &'static str, value: Data) {
        let loc = value.loc;
        let before = self.get(name);
        let mut items = match before.as_list() {
            Some(items) => items.to_vec(),
            None if before.is_absent() => Vec::new(),
            None => vec![Data { loc, ..before }],
        };
        items.push(value);
        self.set(name, Data::new(loc, DataKind::List(items)));
    }
}

/// An instance of a resource block.
struct Block<'w, 'a> {
    world: &'w World<'a>,
    module: Rc<Module>,
    instance: Rc<Instance>,
    declared: Declared,
    /// Its name in the graph.
    name: String,
    used: std::cell::RefCell<BTreeSet<String>>,
}

impl Block<'_, '_> {
    /// An argument, or the list of blocks of a name.
    fn get(&self, name: &str) -> Data {
        self.used.borrow_mut().insert(name.to_string());
        let it = self.world.argument(&self.module, &self.instance.names, &self.declared.body, name);
        // Where nothing is meant some write nothing in quotes.
        if it.as_text() == Some("") { Data::new(it.loc, DataKind::Absent) } else { it }
    }

    /// The blocks of a name, and why they may not be there.
    fn blocks(&self, name: &str) -> Vec<(Data, Option<String>)> {
        values::blocks(&self.get(name))
    }

    /// The first block of a name, for blocks of which there is one at most.
    fn one(&self, name: &str) -> Data {
        let all = self.get(name);
        values::first(all)
    }

    fn kind(&self) -> &str {
        &self.instance.block.0
    }

    fn loc(&self) -> Loc {
        self.instance.loc
    }

    /// The resource itself.
    fn whole(&self) -> Data {
        whole(self.loc(), &self.name)
    }
}

/// A resource as a value.
fn whole(loc: Loc, name: &str) -> Data {
    let it = Reference { resource: name.to_string(), attribute: None, index: None };
    Data::new(loc, DataKind::Reference(it))
}

/// The resources in the words the network is read by.
pub(super) struct Translated {
    made: BTreeMap<String, Made>,
    /// What was there before and is looked after by a resource: `vpc.DefaultSecurityGroup`.
    adopted: BTreeMap<String, String>,
}

/// Translates.
struct Translator<'w, 'a> {
    world: &'w World<'a>,
    made: BTreeMap<String, Made>,
    adopted: BTreeMap<String, String>,
    /// The route table that subnets without one use, by VPC.
    main: BTreeMap<String, Data>,
    /// The ACLs that subnets without one use, by VPC.
    acls: BTreeMap<String, String>,
    /// The route table that was put in the place of a VPC's first one.
    changed_main: BTreeMap<String, Data>,
    /// The groups with rules in them, by direction.
    inline: BTreeSet<(String, &'static str)>,
    /// Peerings within the module that nothing is known to accept, and those that are accepted.
    unaccepted: BTreeSet<String>,
    accepted: BTreeSet<String>,
    /// Endpoints that keep the group they have by default beside those they are given.
    keeps_default: Vec<Data>,
    /// What is added to resources once all are there: to which, where, and what.
    additions: Vec<(Data, &'static str, Data)>,
}

/// Translates everything that is there or may be.
pub(super) fn translate(world: &World<'_>) -> Translated {
    let mut it = Translator {
        world,
        made: BTreeMap::new(),
        adopted: BTreeMap::new(),
        main: BTreeMap::new(),
        acls: BTreeMap::new(),
        changed_main: BTreeMap::new(),
        inline: BTreeSet::new(),
        unaccepted: BTreeSet::new(),
        accepted: BTreeSet::new(),
        keeps_default: Vec::new(),
        additions: Vec::new(),
    };
    let registered: Vec<(String, Rc<Instance>)> =
        world.registry.borrow().iter().map(|it| (it.0.clone(), it.1.clone())).collect();
    for (name, instance) in registered {
        it.instance(name, instance);
    }
    it.uncounted();
    it.modules();
    it.finish();
    for made in it.made.values_mut() {
        for value in made.properties.values_mut() {
            if replaced::applies(value, &it.adopted) {
                *value = replaced::value(value.clone(), &it.adopted);
            }
        }
    }
    Translated { made: it.made, adopted: it.adopted }
}

impl Translator<'_, '_> {
    fn instance(&mut self, name: String, instance: Rc<Instance>) {
        let Some(module) = self.world.module(instance.module) else { return };
        let Some(declared) = module.it.resources.get(&instance.block).cloned() else { return };
        let block = Block {
            world: self.world,
            module,
            instance,
            declared,
            name,
            used: std::cell::RefCell::default(),
        };
        self.block(&block);
    }

    fn block(&mut self, block: &Block<'_, '_>) {
        let row = table::find(block.kind());
        if let Some(row) = row {
            let made = self.made_of(block, row);
            self.special(block, made);
        } else if !self.associations(block) {
            self.unknown_type(block);
            return;
        }
        self.leftovers(block);
    }

    fn made_of(&self, block: &Block<'_, '_>, row: &Row) -> Made {
        let mut made = self.empty(block, &block.name, row.kind);
        for (property, argument) in row.arguments {
            made.set(property, block.get(argument));
        }
        made
    }

    /// A resource of a block, with nothing said of it.
    fn empty(&self, block: &Block<'_, '_>, name: &str, kind: &'static str) -> Made {
        Made {
            name: name.to_string(),
            address: block.instance.address.clone(),
            kind,
            type_name: block.kind().to_string(),
            loc: block.loc(),
            maybe: block.instance.maybe.clone(),
            opaque: false,
            properties: BTreeMap::new(),
        }
    }

    fn add(&mut self, made: Made) {
        self.made.insert(made.name.clone(), made);
    }

    fn note(&self, loc: Loc, block: &Block<'_, '_>, what: &str, why: &str) {
        let loc = if loc.is_known() { loc } else { block.loc() };
        let note = (loc, block.instance.address.clone(), what.to_string(), why.to_string());
        self.world.notes.borrow_mut().push(note);
    }

    /// Blocks of which it is not known how many there are: what changes others is read as one that may
    /// be there.
    fn uncounted(&mut self) {
        let mut number = 0;
        while let Some(module) = self.world.module(number) {
            number += 1;
            for (block, declared) in &module.it.resources {
                let Some(all) = self.world.instances(&module, block) else { continue };
                let Instances::Unknown(why) = &*all else { continue };
                let Some(row) = table::find(&block.0) else { continue };
                if !unread::CHANGES_OTHERS.contains(&row.kind) {
                    continue;
                }
                let unknown = || Data::unknown(declared.loc, why.clone());
                let names = Names::from([
                    ("each".to_string(), unknown()),
                    ("count".to_string(), unknown()),
                ]);
                let address = address(&module, block, &Key::None);
                let name = self.world.named(&address);
                let instance = Instance {
                    module: module.number,
                    block: block.clone(),
                    names,
                    address,
                    maybe: Some(why.clone()),
                    loc: declared.loc,
                };
                self.instance(name, Rc::new(instance));
            }
        }
    }

    /// Calls of modules that are not read: what they are given they may change.
    fn modules(&mut self) {
        for (address, loc, given) in self.world.unread_calls() {
            let name = self.world.named(&address);
            let made = Made {
                name: name.clone(),
                address,
                kind: "AWS::CloudFormation::Stack",
                type_name: "module".to_string(),
                loc,
                maybe: None,
                opaque: true,
                properties: BTreeMap::from([("Parameters", given)]),
            };
            self.made.insert(name, made);
        }
    }

    /// Lists arguments that were not asked for, of types of which every one counts.
    fn leftovers(&self, block: &Block<'_, '_>) {
        if !unread::strict(block.kind()) {
            return;
        }
        let used = block.used.borrow();
        let mut seen = BTreeSet::new();
        for entry in &block.declared.body.entries {
            let name = entry.name.as_str();
            if META.contains(&name)
                || unread::HARMLESS.contains(&name)
                || used.contains(name)
                || !seen.insert(name)
            {
                continue;
            }
            self.note(entry.loc, block, name, "the argument is not read");
        }
    }
}

impl Translated {
    /// The resources as the network is read from them.
    pub(super) fn items(&self) -> BTreeMap<String, Item<'_>> {
        let item = |it: &Made| Item {
            name: it.name.clone(),
            shown: it.address.clone(),
            kind: it.kind.to_string(),
            type_name: it.type_name.clone(),
            loc: it.loc,
            maybe: it.maybe.clone(),
            opaque: it.opaque,
            written: None,
        };
        self.made.iter().map(|it| (it.0.clone(), item(it.1))).collect()
    }
}

impl Source for Translated {
    fn property(&self, of: &Item<'_>, name: &str) -> Data {
        self.made
            .get(&of.name)
            .map_or_else(|| Data::new(of.loc, DataKind::Absent), |it| it.get(name))
    }

    fn has(&self, of: &Item<'_>, name: &str) -> bool {
        self.made.get(&of.name).is_some_and(|it| it.properties.contains_key(name))
    }

    fn word(&self, of: &Item<'_>, name: &str) -> Option<String> {
        if let Some(kind) = table::all().find(|it| it.kind == name) {
            return Some(kind.terraform.to_string());
        }
        let own = table::find(&of.type_name);
        let own = own.and_then(|it| it.arguments.iter().find(|it| it.0 == name));
        own.or_else(|| INNER.iter().find(|it| it.0 == name)).map(|it| it.1.to_string())
    }

    fn adopted(&self, of: &str) -> Option<String> {
        self.adopted.get(of).cloned()
    }
}
