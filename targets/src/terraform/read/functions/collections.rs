//! The functions for lists, sets and maps.

use archgen_core::Loc;

use super::super::evaluate::refused;
use super::super::operators::{index_of, is_hole, is_known};
use super::choice::{coalesce, coalescelist, contains, one, product, sets};
use super::{Take, count, list, truth, unfit};
use crate::read::data::{Data, DataKind};

pub(super) fn call(take: Take<'_>, loc: Loc, name: &str, given: &[Data]) -> Option<Data> {
    let it = match (name, given) {
        ("length", [of]) => length(loc, of),
        ("element", [of, at]) => element(loc, of, at),
        ("lookup", [of, key, default @ ..]) => lookup(loc, of, key, default),
        ("concat", all) => match lists(loc, name, all) {
            Ok(it) => list(loc, it),
            Err(it) => it,
        },
        ("flatten", [of]) => match flat(take, loc, of) {
            Ok(it) => list(loc, it),
            Err(it) => it,
        },
        ("merge", all) => merge(loc, all),
        ("toset" | "distinct", [of]) if of.as_list().is_some() => as_set(loc, of.clone()),
        ("tolist", [of]) if of.as_list().is_some() => Data { loc, ..of.clone() },
        ("tomap", [of]) if matches!(of.kind, DataKind::Map(_)) => Data { loc, ..of.clone() },
        ("toset" | "tolist" | "tomap" | "distinct", [of]) => {
            if matches!(of.kind, DataKind::Absent | DataKind::Unknown(_) | DataKind::Zones) {
                Data { loc, ..of.clone() }
            } else {
                unfit(loc, name, of)
            }
        }
        ("keys" | "values", [of]) => match of.as_map() {
            Some(entries) => {
                let mut all: Vec<&(String, Data)> = entries.iter().collect();
                all.sort_by(|one, other| one.0.cmp(&other.0));
                let one = |it: &(String, Data)| {
                    if name == "keys" { Data::text(loc, &it.0) } else { it.1.clone() }
                };
                list(loc, all.into_iter().map(one).collect())
            }
            None => unfit(loc, name, of),
        },
        ("zipmap", [keys, values]) => match (keys.as_list(), values.as_list()) {
            (Some(keys), Some(values)) if keys.len() == values.len() => {
                let mut all = Vec::new();
                for (key, value) in keys.iter().zip(values) {
                    let Some(key) = key.as_text() else { return Some(unfit(loc, name, key)) };
                    all.push((key.to_string(), value.clone()));
                }
                Data::new(loc, DataKind::Map(all))
            }
            (None, _) => unfit(loc, name, keys),
            _ => unfit(loc, name, values),
        },
        ("slice", [of, from, to]) => slice(loc, of, from, to),
        ("range", all) => range(take, loc, all),
        ("coalesce", all) => coalesce(loc, all),
        ("coalescelist", all) => coalescelist(loc, all),
        ("compact", [of]) => match of.as_list() {
            Some(items) => {
                let empty = |it: &Data| it.is_absent() || it.as_text() == Some("");
                list(loc, items.iter().filter(|it| !empty(it)).map(emptied).collect())
            }
            None => unfit(loc, name, of),
        },
        ("contains", [of, what]) => contains(loc, of, what),
        ("index", [of, what]) => match of.as_list() {
            Some(items) if is_known(of) && is_known(what) => {
                match items.iter().position(|it| same(it, what)) {
                    Some(at) => Data::new(loc, DataKind::Number(at.to_string())),
                    None => refused(loc, "the list does not hold it"),
                }
            }
            Some(_) => Data::unknown(loc, (if is_known(what) { of } else { what }).what()),
            None => unfit(loc, name, of),
        },
        ("reverse", [of]) => match of.as_list() {
            Some(items) => list(loc, items.iter().rev().cloned().collect()),
            None => unfit(loc, name, of),
        },
        ("sort", [of]) => match of.as_list() {
            Some(items) if is_known(of) => {
                let mut all = items.to_vec();
                all.sort_by(|one, other| one.as_text().cmp(&other.as_text()));
                list(loc, all)
            }
            Some(_) => Data::unknown(loc, "the order of values that are not known is not known"),
            None => unfit(loc, name, of),
        },
        ("chunklist", [of, size]) => match (of.as_list(), size.as_integer()) {
            (Some(items), Some(size @ 1..)) => {
                let chunks = items.chunks(usize::try_from(size).unwrap_or(usize::MAX));
                list(loc, chunks.map(|it| list(loc, it.to_vec())).collect())
            }
            (None, _) => unfit(loc, name, of),
            _ => unfit(loc, name, size),
        },
        ("setunion", all) => match lists(loc, name, all) {
            Ok(it) => as_set(loc, list(loc, it)),
            Err(it) => it,
        },
        ("setintersection" | "setsubtract", [first, rest @ ..]) => sets(loc, name, first, rest),
        ("setproduct", all) => product(take, loc, all),
        ("one", [of]) => one(loc, of),
        ("alltrue" | "anytrue", [of]) => match of.as_list() {
            Some(items) => {
                let decides = name == "anytrue";
                if items.iter().any(|it| it.as_bool() == Some(decides)) {
                    truth(loc, decides)
                } else if let Some(it) = items.iter().find(|it| it.as_bool().is_none()) {
                    Data::unknown(loc, it.what())
                } else {
                    truth(loc, !decides)
                }
            }
            None => unfit(loc, name, of),
        },
        ("sum", [of]) => match of.as_list() {
            Some(items) => {
                let mut all = 0.0;
                for it in items {
                    match super::super::operators::number(it) {
                        Some(it) => all += it,
                        None => return Some(unfit(loc, name, it)),
                    }
                }
                super::super::operators::numeral(loc, all)
            }
            None => unfit(loc, name, of),
        },
        (
            "length" | "element" | "lookup" | "flatten" | "toset" | "tolist" | "tomap" | "distinct"
            | "keys" | "values" | "zipmap" | "slice" | "compact" | "contains" | "index" | "reverse"
            | "sort" | "one" | "chunklist" | "alltrue" | "anytrue" | "sum",
            _,
        ) => count(loc, name),
        _ => return None,
    };
    Some(it)
}

/// Whether two known values are the same, text and numbers alike.
pub(super) fn same(one: &Data, other: &Data) -> bool {
    one == other || one.as_text().is_some_and(|it| other.as_text() == Some(it))
}

/// A list without values that are there already; those of one kind in order.
pub(in super::super) fn as_set(loc: Loc, of: Data) -> Data {
    let DataKind::List(items) = of.kind else { return of };
    let mut all: Vec<Data> = Vec::new();
    for it in items {
        if !all.contains(&it) {
            all.push(it);
        }
    }
    list(loc, all)
}

/// An element that is left out where it is empty.
fn emptied(it: &Data) -> Data {
    if let DataKind::Either(why, yes, no) = &it.kind {
        let side = |it: &Data| {
            if it.as_text() == Some("") { Data::new(it.loc, DataKind::Absent) } else { it.clone() }
        };
        return Data::either(it.loc, why.clone(), side(yes), side(no));
    }
    it.clone()
}

fn lists(loc: Loc, name: &str, all: &[Data]) -> Result<Vec<Data>, Data> {
    let mut items = Vec::new();
    for it in all {
        match it.as_list() {
            Some(it) => items.extend(it.iter().cloned()),
            None => return Err(unfit(loc, name, it)),
        }
    }
    Ok(items)
}

fn flat(take: Take<'_>, loc: Loc, of: &Data) -> Result<Vec<Data>, Data> {
    let Some(items) = of.as_list() else { return Err(unfit(loc, "flatten", of)) };
    let mut all = Vec::new();
    for it in items {
        if !take(1) {
            return Err(Data::unknown(loc, super::super::world::TOO_MUCH));
        }
        if it.as_list().is_some() {
            all.extend(flat(take, loc, it)?);
        } else if let DataKind::Either(why, yes, no) = &it.kind {
            // Lists of which one is there: what is in one of them may be there.
            let side = |it: &Data| match it.as_list() {
                Some(_) => flat(take, loc, it),
                None if it.is_absent() => Ok(Vec::new()),
                None => Ok(vec![it.clone()]),
            };
            let (yes, no) = (side(yes)?, side(no)?);
            let none = || Data::new(loc, DataKind::Absent);
            all.extend(yes.into_iter().map(|it| Data::either(loc, why.clone(), it, none())));
            all.extend(no.into_iter().map(|it| Data::either(loc, why.clone(), none(), it)));
        } else if matches!(&it.kind, DataKind::Unknown(_)) {
            return Err(Data::unknown(loc, it.what()));
        } else {
            all.push(it.clone());
        }
    }
    Ok(all)
}

fn length(loc: Loc, of: &Data) -> Data {
    let number = |it: usize| Data::new(loc, DataKind::Number(it.to_string()));
    match &of.kind {
        DataKind::List(items) => {
            let holes: Vec<&Data> = items.iter().filter(|it| is_hole(it)).collect();
            match holes.as_slice() {
                [] => number(items.len()),
                [first, rest @ ..] if rest.iter().all(|it| it.what() == first.what()) => {
                    Data::either(
                        loc,
                        first.what(),
                        number(items.len()),
                        number(items.len() - holes.len()),
                    )
                }
                [first, ..] => Data::unknown(loc, first.what()),
            }
        }
        DataKind::Map(entries) => match entries.iter().find(|it| is_hole(&it.1)) {
            Some((_, it)) => Data::unknown(loc, it.what()),
            None => number(entries.len()),
        },
        DataKind::Text(it) => number(it.chars().count()),
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Composed(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Either(..)
        | DataKind::Unknown(_) => unfit(loc, "length", of),
    }
}

/// An element, counted round and round.
fn element(loc: Loc, of: &Data, at: &Data) -> Data {
    let Some(at) = at.as_integer() else { return unfit(loc, "element", at) };
    match &of.kind {
        DataKind::List(items) if items.is_empty() => refused(loc, "the list is empty"),
        DataKind::List(items) => {
            if let Some(it) = items.iter().find(|it| is_hole(it)) {
                return Data::unknown(loc, it.what());
            }
            let at = at.rem_euclid(items.len() as i64);
            index_of(loc, of, &Data::new(loc, DataKind::Number(at.to_string())))
        }
        // Every Region has three zones; whether there is a fourth is not known.
        DataKind::Zones if (0..3).contains(&at) => Data::new(loc, DataKind::Zone(at as u32)),
        DataKind::Zones => Data::unknown(loc, "how many zones the Region has is not known"),
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Map(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Part(_)
        | DataKind::Either(..)
        | DataKind::Unknown(_) => unfit(loc, "element", of),
    }
}

fn lookup(loc: Loc, of: &Data, key: &Data, default: &[Data]) -> Data {
    let Some(name) = key.as_text() else { return unfit(loc, "lookup", key) };
    match (&of.kind, default.first()) {
        (DataKind::Map(entries), default) => match entries.iter().find(|it| it.0 == name) {
            Some((_, it)) => Data { loc, ..it.clone() },
            None => match default {
                Some(it) => Data { loc, ..it.clone() },
                None => refused(loc, format!("there is no `{name}`")),
            },
        },
        _ => unfit(loc, "lookup", of),
    }
}

fn merge(loc: Loc, all: &[Data]) -> Data {
    let mut entries: Vec<(String, Data)> = Vec::new();
    for it in all {
        match it.as_map() {
            Some(more) => {
                for (key, value) in more {
                    entries.retain(|it| it.0 != *key);
                    entries.push((key.clone(), value.clone()));
                }
            }
            None if it.is_absent() => {}
            None => return unfit(loc, "merge", it),
        }
    }
    Data::new(loc, DataKind::Map(entries))
}

fn slice(loc: Loc, of: &Data, from: &Data, to: &Data) -> Data {
    let number = |it: &Data| it.as_integer().and_then(|it| u32::try_from(it).ok());
    let (Some(first), Some(last)) = (number(from), number(to)) else {
        return unfit(loc, "slice", if number(from).is_none() { from } else { to });
    };
    match &of.kind {
        DataKind::List(items) => match items.get(first as usize..last as usize) {
            Some(it) => match items.iter().take(last as usize).find(|it| is_hole(it)) {
                Some(it) => Data::unknown(loc, it.what()),
                None => list(loc, it.to_vec()),
            },
            None => refused(loc, format!("the list has no numbers {first} to {last}")),
        },
        DataKind::Zones if first <= last && last <= 26 => {
            list(loc, (first..last).map(|it| Data::new(loc, DataKind::Zone(it))).collect())
        }
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Map(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Either(..)
        | DataKind::Unknown(_) => unfit(loc, "slice", of),
    }
}

fn range(take: Take<'_>, loc: Loc, all: &[Data]) -> Data {
    let mut numbers = Vec::new();
    for it in all {
        match it.as_integer() {
            Some(it) => numbers.push(it),
            None => return unfit(loc, "range", it),
        }
    }
    let (first, last, step) = match numbers.as_slice() {
        [last] => (0, *last, if *last < 0 { -1 } else { 1 }),
        [first, last] => (*first, *last, if last < first { -1 } else { 1 }),
        [first, last, step] => (*first, *last, *step),
        _ => return count(loc, "range"),
    };
    if step == 0 {
        return refused(loc, "`range` cannot go by 0");
    }
    let mut items = Vec::new();
    let mut it = first;
    // Terraform gives no more than 1024.
    while (step > 0 && it < last) || (step < 0 && it > last) {
        if items.len() >= 1024 || !take(1) {
            return refused(loc, "`range` gives too many numbers");
        }
        items.push(Data::new(loc, DataKind::Number(it.to_string())));
        it = it.saturating_add(step);
    }
    list(loc, items)
}
