//! The values of a block's arguments and of the blocks in it.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks>

use archgen_core::Loc;

use super::evaluate::{plain, settled};
use super::syntax::{Body, Dynamic, Part};
use super::world::{Module, Names, World};
use crate::read::data::{Data, DataKind};

/// Names that say something of the block, not of the resource.
pub(super) const META: &[&str] = &[
    "count",
    "for_each",
    "depends_on",
    "lifecycle",
    "provider",
    "providers",
    "provisioner",
    "connection",
    "timeouts",
];

impl World<'_> {
    /// What stands under a name: a value, or the list of the blocks.
    pub(super) fn argument(&self, module: &Module, names: &Names, of: &Body, name: &str) -> Data {
        let mut value = None;
        let mut blocks = Vec::new();
        for entry in of.entries.iter().filter(|it| it.name == name) {
            match &entry.part {
                // Text that is made of values is read as those, so that parts of them may be unknown.
                Part::Value(it) => {
                    let encoded = match it.called("jsonencode") {
                        Some([of]) => of,
                        Some(_) | None => it,
                    };
                    value = Some(self.value(module, names, encoded));
                }
                Part::Block(_, it) => blocks.push(self.block(module, names, entry.loc, it)),
                Part::Dynamic(it) => {
                    self.dynamic(module, names, (name, entry.loc), it, &mut blocks)
                }
            }
        }
        let loc = of.entries.iter().find(|it| it.name == name).map_or(Loc::NONE, |it| it.loc);
        let value = match value {
            Some(it) if blocks.is_empty() => it,
            // In JSON blocks are values, and there may be ones that are made out of values beside them.
            Some(it) => {
                let mut all = it.as_list().map_or_else(|| vec![it.clone()], <[Data]>::to_vec);
                all.extend(blocks);
                Data::new(loc, DataKind::List(all))
            }
            None if of.has(name) => Data::new(loc, DataKind::List(blocks)),
            None => Data::new(loc, DataKind::Absent),
        };
        plain(settled(value))
    }

    fn block(&self, module: &Module, names: &Names, loc: Loc, of: &Body) -> Data {
        let mut all: Vec<(String, Data)> = Vec::new();
        for entry in &of.entries {
            if !all.iter().any(|it| it.0 == entry.name) {
                all.push((entry.name.clone(), self.argument(module, names, of, &entry.name)));
            }
        }
        Data::new(loc, DataKind::Map(all))
    }

    fn dynamic(
        &self,
        module: &Module,
        names: &Names,
        (name, loc): (&str, Loc),
        it: &Dynamic,
        blocks: &mut Vec<Data>,
    ) {
        let Some(over) = &it.over else { return };
        let of = self.value(module, names, over);
        match self.repeated(names, &of, it.iterator.as_deref().unwrap_or(name)) {
            Ok(all) => {
                for (inner, maybe) in all {
                    let block = self.block(module, &inner, loc, &it.content);
                    blocks.push(match maybe {
                        None => block,
                        Some(why) => {
                            Data::either(loc, why, block, Data::new(loc, DataKind::Absent))
                        }
                    });
                }
            }
            Err(why) => {
                let why = format!("which blocks there are is not known: {why}");
                blocks.push(Data::unknown(of.loc, why));
            }
        }
    }
}
