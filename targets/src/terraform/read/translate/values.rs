//! Values on their way from arguments to properties.

use archgen_core::Loc;

use crate::read::data::{Data, DataKind};
use crate::read::network::{Element, of_either};

/// The elements of a list of blocks, and why they may not be there.
pub(super) fn blocks(of: &Data) -> Vec<Element> {
    match &of.kind {
        DataKind::Absent => Vec::new(),
        DataKind::List(items) => items.iter().flat_map(blocks).collect(),
        DataKind::Either(why, yes, no) => of_either(why, &blocks(yes), &blocks(no)),
        DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Map(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Unknown(_) => vec![(of.clone(), None)],
    }
}

/// The only element of a list, or what is no list.
pub(super) fn first(of: Data) -> Data {
    let loc = of.loc;
    match of.kind {
        DataKind::List(items) => {
            items.into_iter().next().unwrap_or(Data::new(loc, DataKind::Absent))
        }
        DataKind::Either(why, yes, no) => {
            let (yes, no) = (first(*yes), first(*no));
            Data::either(loc, why, yes, no)
        }
        kind @ (DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Map(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Unknown(_)) => Data::new(loc, kind),
    }
}

/// An argument of a block; nothing in quotes is nothing.
pub(super) fn inside(of: &Data, name: &str) -> Data {
    let loc = of.loc;
    let it = match &of.kind {
        DataKind::Map(entries) => entries
            .iter()
            .find(|it| it.0 == name)
            .map_or_else(|| Data::new(loc, DataKind::Absent), |it| it.1.clone()),
        DataKind::Either(why, yes, no) => {
            let (yes, no) = (inside(yes, name), inside(no, name));
            Data::either(loc, why.clone(), yes, no)
        }
        DataKind::Absent => of.clone(),
        DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::List(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Unknown(_) => Data::unknown(loc, of.what()),
    };
    if it.as_text() == Some("") { Data::new(loc, DataKind::Absent) } else { it }
}

/// A map out of the values that are there.
pub(super) fn map<const N: usize>(loc: Loc, entries: [(&str, Data); N]) -> Data {
    let there = entries.into_iter().filter(|it| !it.1.is_absent());
    Data::new(loc, DataKind::Map(there.map(|it| (it.0.to_string(), it.1)).collect()))
}

/// A list of one value.
pub(super) fn only(it: Data) -> Data {
    Data::new(it.loc, DataKind::List(vec![it]))
}

/// A value that may not be there.
pub(super) fn perhaps(it: Data, maybe: Option<String>) -> Data {
    let Some(why) = maybe else { return it };
    let loc = it.loc;
    let none = Data::new(loc, DataKind::Absent);
    Data::new(loc, DataKind::Either(why, Box::new(it), Box::new(none)))
}

/// Truth as one word or another.
pub(super) fn worded(of: Data, yes: &str, no: &str) -> Data {
    match of.as_bool() {
        Some(it) => Data::text(of.loc, if it { yes } else { no }),
        None => of,
    }
}

/// References to what came with a VPC and is looked after by a resource.
pub(super) mod replaced {
    use std::collections::BTreeMap;

    use crate::read::data::{Data, DataKind, Reference};

    fn key(it: &Reference) -> String {
        match &it.attribute {
            Some(attribute) => format!("{}.{attribute}", it.resource),
            None => it.resource.clone(),
        }
    }

    /// Whether a value holds one.
    pub(in super::super) fn applies(of: &Data, adopted: &BTreeMap<String, String>) -> bool {
        match &of.kind {
            DataKind::Reference(it) => adopted.contains_key(&key(it)),
            DataKind::List(items) | DataKind::Composed(items) => {
                items.iter().any(|it| applies(it, adopted))
            }
            DataKind::Map(entries) => entries.iter().any(|it| applies(&it.1, adopted)),
            DataKind::Either(_, yes, no) => applies(yes, adopted) || applies(no, adopted),
            DataKind::Absent
            | DataKind::Bool(_)
            | DataKind::Number(_)
            | DataKind::Text(_)
            | DataKind::Zone(_)
            | DataKind::Zones
            | DataKind::Part(_)
            | DataKind::Unknown(_) => false,
        }
    }

    /// A value with the resources in their place.
    pub(in super::super) fn value(of: Data, adopted: &BTreeMap<String, String>) -> Data {
        let loc = of.loc;
        let kind = match of.kind {
            DataKind::Reference(it) => match adopted.get(&key(&it)) {
                Some(name) => DataKind::Reference(Reference {
                    resource: name.clone(),
                    attribute: None,
                    index: None,
                }),
                None => DataKind::Reference(it),
            },
            DataKind::List(items) => {
                DataKind::List(items.into_iter().map(|it| value(it, adopted)).collect())
            }
            DataKind::Map(entries) => {
                DataKind::Map(entries.into_iter().map(|it| (it.0, value(it.1, adopted))).collect())
            }
            DataKind::Either(why, yes, no) => {
                let (yes, no) = (value(*yes, adopted), value(*no, adopted));
                DataKind::Either(why, Box::new(yes), Box::new(no))
            }
            kind @ (DataKind::Absent
            | DataKind::Bool(_)
            | DataKind::Number(_)
            | DataKind::Text(_)
            | DataKind::Composed(_)
            | DataKind::Zone(_)
            | DataKind::Zones
            | DataKind::Part(_)
            | DataKind::Unknown(_)) => kind,
        };
        Data::new(loc, kind)
    }
}
