//! Loops: `for`, and the instances of `dynamic` blocks.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/for>

use archgen_core::Loc;

use super::evaluate::{is_refused, over, refused};
use super::instances::{keyed, pair};
use super::syntax::For;
use super::world::{Module, Names, World};
use crate::read::data::{Data, DataKind};

impl World<'_> {
    /// What a loop makes.
    pub(super) fn made(&self, module: &Module, names: &Names, loc: Loc, it: &For) -> Data {
        let of = self.value(module, names, &it.over);
        let made = over(of, &mut |of| match enumerated(&of) {
            Some(elements) => self.made_of(module, names, loc, it, elements),
            None if is_refused(&of) => of,
            None => Data::unknown(loc, of.what()),
        });
        self.sized(made)
    }

    fn made_of(
        &self,
        module: &Module,
        names: &Names,
        loc: Loc,
        it: &For,
        elements: Vec<(Data, Data)>,
    ) -> Data {
        let mut list = Vec::new();
        let mut map: Vec<(String, Data)> = Vec::new();
        for (key, element) in elements {
            if !self.take(4 + names.len()) {
                return Data::unknown(loc, super::world::TOO_MUCH);
            }
            // An element that may not be there makes one that may not be there.
            let (element, hole) = element.if_there();
            let inner = with(names, it.key.as_deref(), key, &it.value, element.clone());
            let mut maybe = hole.map(str::to_string);
            if let Some(only) = &it.only {
                let only = self.value(module, &inner, only);
                match only.as_bool() {
                    Some(true) => {}
                    Some(false) => continue,
                    None => maybe = Some(only.what()),
                }
            }
            let value = self.value(module, &inner, &it.to);
            let value = match maybe {
                None => value,
                Some(_) if it.grouped || it.to_key.is_some() => {
                    return Data::unknown(
                        loc,
                        format!("which there are is not known: {}", value.what()),
                    );
                }
                Some(why) => Data::either(loc, why, value, Data::new(loc, DataKind::Absent)),
            };
            let Some(key) = &it.to_key else {
                list.push(value);
                continue;
            };
            let key = self.value(module, &inner, key);
            let Some(key) = key.as_text().map(str::to_string) else {
                return Data::unknown(loc, format!("a name is not known: {}", key.what()));
            };
            match map.iter_mut().find(|it| it.0 == key) {
                Some((_, before)) if it.grouped => {
                    if let DataKind::List(items) = &mut before.kind {
                        items.push(value);
                    }
                }
                Some(_) => return refused(loc, format!("two values have the name `{key}`")),
                None if it.grouped => {
                    map.push((key, Data::new(loc, DataKind::List(vec![value]))));
                }
                None => map.push((key, value)),
            }
        }
        if it.to_key.is_some() {
            map.sort_by(|one, other| one.0.cmp(&other.0));
            Data::new(loc, DataKind::Map(map))
        } else {
            Data::new(loc, DataKind::List(list))
        }
    }

    /// The instances that a `dynamic` block makes: what each sees, and why it may not be there.
    pub(super) fn repeated(
        &self,
        names: &Names,
        of: &Data,
        iterator: &str,
    ) -> Result<Vec<(Names, Option<String>)>, String> {
        let may_have_names = matches!(of.kind, DataKind::Either(..) | DataKind::Map(_));
        let named = (if may_have_names { keyed(of).ok() } else { None })
            .map(|all| all.into_iter().map(|it| (Data::text(of.loc, it.0), it.1, it.2)).collect());
        let elements: Vec<(Data, Data, Option<String>)> = match named {
            Some(it) => it,
            None => unkeyed(of)?,
        };
        let mut all = Vec::new();
        for (key, value, maybe) in elements {
            if !self.take(4 + names.len()) {
                return Err(super::world::TOO_MUCH.to_string());
            }
            let mut inner = names.clone();
            let mut it = pair(of.loc, "", value);
            if let DataKind::Map(entries) = &mut it.kind {
                entries[0].1 = key;
            }
            inner.insert(iterator.to_string(), it);
            all.push((inner, maybe));
        }
        Ok(all)
    }
}

/// The elements of a list that may be one of two.
fn unkeyed(of: &Data) -> Result<Vec<(Data, Data, Option<String>)>, String> {
    match &of.kind {
        DataKind::List(items) => {
            let mut all = Vec::new();
            for (at, item) in items.iter().enumerate() {
                let (value, maybe) = item.if_there();
                let key = Data::new(item.loc, DataKind::Number(at.to_string()));
                all.push((key, value.clone(), maybe.map(str::to_string)));
            }
            Ok(all)
        }
        DataKind::Either(why, yes, no) => {
            let (yes, no) = (unkeyed(yes)?, unkeyed(no)?);
            let mut all = Vec::new();
            for it in &yes {
                let both = no.iter().any(|other| other.1 == it.1 && other.2.is_none());
                let maybe = if both { it.2.clone() } else { Some(why.clone()) };
                all.push((it.0.clone(), it.1.clone(), maybe));
            }
            for it in no {
                if !yes.iter().any(|other| other.1 == it.1 && other.2.is_none()) {
                    all.push((it.0, it.1, Some(why.clone())));
                }
            }
            Ok(all)
        }
        DataKind::Absent => Ok(Vec::new()),
        DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Map(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Unknown(_) => enumerated(of)
            .map(|all| all.into_iter().map(|it| (it.0, it.1, None)).collect())
            .ok_or_else(|| of.what()),
    }
}

/// The keys and values that a loop sees.
pub(super) fn enumerated(of: &Data) -> Option<Vec<(Data, Data)>> {
    if let DataKind::List(items) = &of.kind {
        let number = |at: usize| Data::new(of.loc, DataKind::Number(at.to_string()));
        Some(items.iter().enumerate().map(|(at, it)| (number(at), it.clone())).collect())
    } else if let DataKind::Map(entries) = &of.kind {
        let mut all: Vec<&(String, Data)> = entries.iter().collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        Some(all.into_iter().map(|it| (Data::text(of.loc, &it.0), it.1.clone())).collect())
    } else {
        None
    }
}

/// Names with those of an element.
pub(super) fn with(names: &Names, key: Option<&str>, at: Data, value: &str, it: Data) -> Names {
    let mut all = names.clone();
    if let Some(key) = key {
        all.insert(key.to_string(), at);
    }
    all.insert(value.to_string(), it);
    all
}
