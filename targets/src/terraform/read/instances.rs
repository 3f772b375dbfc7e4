//! How often a block is there: `count` and `for_each`.
//!
//! <https://developer.hashicorp.com/terraform/language/meta-arguments/count>,
//! <https://developer.hashicorp.com/terraform/language/meta-arguments/for_each>

use std::fmt;
use std::rc::Rc;

use archgen_core::Loc;

use super::syntax::Body;
use super::world::{Instance, Module, Names, World};
use crate::read::data::{Data, DataKind};

/// How many instances a block may have here.
const MOST: i64 = 2_000;

/// Which instance of a block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// The only one.
    None,
    /// By number.
    Number(u32),
    /// By name.
    Name(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::None => Ok(()),
            Key::Number(it) => write!(f, "[{it}]"),
            Key::Name(it) => write!(f, "[{it:?}]"),
        }
    }
}

/// One instance of a block.
#[derive(Clone, Debug)]
pub(super) struct One {
    /// Which.
    pub(super) key: Key,
    /// What its arguments see.
    pub(super) names: Names,
    /// Why it is not known whether it exists.
    pub(super) maybe: Option<String>,
}

/// The instances of a block.
pub(super) enum Instances {
    /// These.
    Known(Vec<One>),
    /// Not known which, and why.
    Unknown(String),
}

/// A key of `for_each` with its value, and why it is not known whether it is there.
type Keyed = (String, Data, Option<String>);

impl World<'_> {
    /// The instances that a body asks for.
    pub(super) fn expand(&self, module: &Module, body: &Body) -> Instances {
        let none = Names::new();
        if let Some(count) = body.value("count") {
            let value = self.value(module, &none, count);
            return counted(&value).map_or_else(
                |why| Instances::Unknown(format!("how many there are is not known: {why}")),
                |(sure, most, why)| {
                    let one = |number: i64| One {
                        key: Key::Number(u32::try_from(number).unwrap_or_default()),
                        names: Names::from([(
                            "count".to_string(),
                            Data::new(
                                count.loc,
                                DataKind::Map(vec![(
                                    "index".to_string(),
                                    Data::new(count.loc, DataKind::Number(number.to_string())),
                                )]),
                            ),
                        )]),
                        maybe: if number < sure { None } else { Some(why.clone()) },
                    };
                    Instances::Known((0..most).map(one).collect())
                },
            );
        }
        if let Some(each) = body.value("for_each") {
            let value = self.value(module, &none, each);
            return match keyed(&value) {
                Err(why) => Instances::Unknown(format!("which there are is not known: {why}")),
                Ok(all) if all.len() as i64 > MOST => {
                    Instances::Unknown(format!("more than {MOST} are not read"))
                }
                Ok(all) => Instances::Known(
                    all.into_iter()
                        .map(|(key, value, maybe)| One {
                            names: Names::from([("each".to_string(), pair(each.loc, &key, value))]),
                            key: Key::Name(key),
                            maybe,
                        })
                        .collect(),
                ),
            };
        }
        Instances::Known(vec![One { key: Key::None, names: none, maybe: None }])
    }

    /// The instances of a resource; they are registered by name.
    pub(super) fn instances(
        &self,
        module: &Module,
        block: &(String, String),
    ) -> Option<Rc<Instances>> {
        let known = module.instances.borrow().get(block).cloned();
        if let Some(known) = known {
            return Some(known.unwrap_or_else(|| {
                let why = format!("`{}.{}` refers to itself", block.0, block.1);
                Rc::new(Instances::Unknown(why))
            }));
        }
        let declared = module.it.resources.get(block)?;
        module.instances.borrow_mut().insert(block.clone(), None);
        let all = Rc::new(self.expand(module, &declared.body));
        match &*all {
            Instances::Known(all) => {
                for one in all {
                    let address = address(module, block, &one.key);
                    let maybe = module.maybe.clone().or_else(|| one.maybe.clone());
                    let it = Instance {
                        module: module.number,
                        block: block.clone(),
                        names: one.names.clone(),
                        address: address.clone(),
                        maybe,
                        loc: declared.loc,
                    };
                    self.registry.borrow_mut().insert(self.named(&address), Rc::new(it));
                }
            }
            Instances::Unknown(why) => {
                let address = address(module, block, &Key::None);
                let what = if declared.body.has("count") { "count" } else { "for_each" };
                let note = (declared.loc, address, what.to_string(), why.clone());
                self.notes.borrow_mut().push(note);
            }
        }
        module.instances.borrow_mut().insert(block.clone(), Some(all.clone()));
        Some(all)
    }

    /// The name in the graph of what has an address.
    pub(super) fn named(&self, address: &str) -> String {
        self.options.names.get(address).map_or_else(|| address.to_string(), |it| it.to_string())
    }
}

/// The address of an instance.
pub(super) fn address(module: &Module, block: &(String, String), key: &Key) -> String {
    format!("{}{}.{}{key}", module.prefix, block.0, block.1)
}

/// What `each` is.
pub(super) fn pair(loc: Loc, key: &str, value: Data) -> Data {
    let key = Data::text(loc, key);
    Data::new(loc, DataKind::Map(vec![("key".to_string(), key), ("value".to_string(), value)]))
}

/// How many there are at least and at most, and why that is not one number.
fn counted(value: &Data) -> Result<(i64, i64, String), String> {
    if let DataKind::Either(why, yes, no) = &value.kind {
        let (yes, no) = (counted(yes)?, counted(no)?);
        return Ok((yes.0.min(no.0), yes.1.max(no.1), why.clone()));
    }
    match value.as_integer() {
        Some(it) if (0..=MOST).contains(&it) => Ok((it, it, String::new())),
        Some(it) => Err(format!("{it} of it are not read")),
        None => Err(value.what()),
    }
}

/// The keys of a map or set, with their values.
pub(super) fn keyed(value: &Data) -> Result<Vec<Keyed>, String> {
    match &value.kind {
        DataKind::Map(entries) => {
            Ok(entries.iter().map(|it| (it.0.clone(), it.1.clone(), None)).collect())
        }
        DataKind::List(items) => {
            let mut all: Vec<Keyed> = Vec::new();
            for item in items {
                let (value, maybe) = item.if_there();
                let Some(key) = value.as_text() else { return Err(value.what()) };
                if !all.iter().any(|it| it.0 == key) {
                    all.push((key.to_string(), value.clone(), maybe.map(str::to_string)));
                }
            }
            Ok(all)
        }
        DataKind::Either(why, yes, no) => {
            let (yes, no) = (keyed(yes)?, keyed(no)?);
            let mut all = Vec::new();
            for (key, value, maybe) in &yes {
                match no.iter().find(|it| it.0 == *key) {
                    Some(other) => {
                        let both = if *value == other.1 {
                            value.clone()
                        } else {
                            let sides = (Box::new(value.clone()), Box::new(other.1.clone()));
                            Data::new(value.loc, DataKind::Either(why.clone(), sides.0, sides.1))
                        };
                        all.push((key.clone(), both, maybe.clone().or_else(|| other.2.clone())));
                    }
                    None => all.push((key.clone(), value.clone(), Some(why.clone()))),
                }
            }
            for (key, value, _) in no {
                if !yes.iter().any(|it| it.0 == key) {
                    all.push((key, value, Some(why.clone())));
                }
            }
            Ok(all)
        }
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Unknown(_) => Err(value.what()),
    }
}
