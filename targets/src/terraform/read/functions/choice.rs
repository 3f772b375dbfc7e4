//! The functions that choose among values, or compare them.

use archgen_core::Loc;

use super::super::evaluate::refused;
use super::super::operators::{is_hole, is_known};
use super::collections::{as_set, same};
use super::{Take, list, truth, unfit};
use crate::read::data::{Data, DataKind, Reference, Unknown};

/// The first that is neither null nor empty.
pub(super) fn coalesce(loc: Loc, all: &[Data]) -> Data {
    for it in all {
        match &it.kind {
            DataKind::Absent => {}
            DataKind::Text(it) if it.is_empty() => {}
            DataKind::Unknown(Unknown { why, .. }) => return Data::unknown(loc, why.clone()),
            DataKind::Reference(Reference { attribute: Some(_), .. }) => {
                return Data::unknown(loc, it.what());
            }
            DataKind::Bool(_)
            | DataKind::Number(_)
            | DataKind::Text(_)
            | DataKind::Composed(_)
            | DataKind::List(_)
            | DataKind::Map(_)
            | DataKind::Reference(_)
            | DataKind::Zone(_)
            | DataKind::Zones
            | DataKind::Part(_)
            | DataKind::Either(..) => return Data { loc, ..it.clone() },
        }
    }
    refused(loc, "`coalesce` has no value to take")
}

pub(super) fn coalescelist(loc: Loc, all: &[Data]) -> Data {
    for it in all {
        match it.as_list() {
            Some(items) => {
                if let Some(hole) = items.iter().find(|it| is_hole(it)) {
                    return Data::unknown(loc, hole.what());
                }
                if !items.is_empty() {
                    return Data { loc, ..it.clone() };
                }
            }
            None if it.is_absent() => {}
            None => return unfit(loc, "coalescelist", it),
        }
    }
    refused(loc, "`coalescelist` has no list to take")
}

pub(super) fn contains(loc: Loc, of: &Data, what: &Data) -> Data {
    let Some(items) = of.as_list() else { return unfit(loc, "contains", of) };
    let certain = |it: &Data| is_known(it) || matches!(it.kind, DataKind::Zone(_));
    if items.iter().any(|it| same(it, what) && (certain(it) || it == what)) {
        return truth(loc, true);
    }
    match items.iter().chain([what]).find(|it| !is_known(it)) {
        Some(it) => Data::unknown(loc, it.what()),
        None => truth(loc, false),
    }
}

pub(super) fn sets(loc: Loc, name: &str, first: &Data, rest: &[Data]) -> Data {
    let Some(items) = first.as_list() else { return unfit(loc, name, first) };
    let mut all = items.to_vec();
    for other in rest {
        let Some(items) = other.as_list() else { return unfit(loc, name, other) };
        if !all.iter().chain(items).all(is_known) {
            return Data::unknown(loc, "which values the sets share is not known");
        }
        let keep = name == "setintersection";
        all.retain(|it| items.iter().any(|other| same(it, other)) == keep);
    }
    as_set(loc, list(loc, all))
}

pub(super) fn product(take: Take<'_>, loc: Loc, all: &[Data]) -> Data {
    let mut rows: Vec<Vec<Data>> = vec![Vec::new()];
    for it in all {
        let Some(items) = it.as_list() else { return unfit(loc, "setproduct", it) };
        if !take(rows.len() * items.len() * all.len()) {
            return Data::unknown(loc, super::super::world::TOO_MUCH);
        }
        let with = |row: &Vec<Data>, it: &Data| row.iter().cloned().chain([it.clone()]).collect();
        rows = rows.iter().flat_map(|row| items.iter().map(move |it| with(row, it))).collect();
    }
    list(loc, rows.into_iter().map(|it| list(loc, it)).collect())
}

pub(super) fn one(loc: Loc, of: &Data) -> Data {
    match of.as_list() {
        Some([]) => Data::new(loc, DataKind::Absent),
        Some([it]) => Data { loc, ..it.clone() },
        Some(_) => refused(loc, "`one` takes a list of one or none"),
        None => unfit(loc, "one", of),
    }
}
