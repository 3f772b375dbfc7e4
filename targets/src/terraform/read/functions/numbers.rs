//! The functions for numbers and conversions between single values.

use archgen_core::Loc;

use super::super::operators::{number, numeral};
use super::{count, truth, unfit};
use crate::read::data::{Data, DataKind};

pub(super) fn call(loc: Loc, name: &str, given: &[Data]) -> Option<Data> {
    let it = match (name, given) {
        ("min" | "max", [_, ..]) => {
            let mut all = Vec::new();
            for it in given {
                match number(it) {
                    Some(it) => all.push(it),
                    None => return Some(unfit(loc, name, it)),
                }
            }
            let best = if name == "min" {
                all.into_iter().fold(f64::INFINITY, f64::min)
            } else {
                all.into_iter().fold(f64::NEG_INFINITY, f64::max)
            };
            numeral(loc, best)
        }
        ("abs" | "ceil" | "floor" | "signum", [it]) => match number(it) {
            Some(it) => numeral(
                loc,
                match name {
                    "abs" => it.abs(),
                    "ceil" => it.ceil(),
                    "floor" => it.floor(),
                    _ if it == 0.0 => 0.0,
                    _ => it.signum(),
                },
            ),
            None => unfit(loc, name, it),
        },
        ("pow", [it, by]) => match (number(it), number(by)) {
            (Some(it), Some(by)) => numeral(loc, it.powf(by)),
            (None, _) => unfit(loc, name, it),
            (_, None) => unfit(loc, name, by),
        },
        ("log", [it, by]) => match (number(it), number(by)) {
            (Some(it), Some(by)) => {
                // Rounding would make a whole number a little less than it is.
                let exact = it.log(by);
                let near = exact.round();
                numeral(loc, if (exact - near).abs() < 1e-9 { near } else { exact })
            }
            (None, _) => unfit(loc, name, it),
            (_, None) => unfit(loc, name, by),
        },
        ("parseint", [it, base]) => {
            let base = base.as_integer().and_then(|it| u32::try_from(it).ok());
            let base = base.filter(|it| (2..=36).contains(it));
            match (it.as_text(), base) {
                (Some(text), Some(base)) => match i64::from_str_radix(text, base) {
                    Ok(it) => Data::new(loc, DataKind::Number(it.to_string())),
                    Err(_) => unfit(loc, name, it),
                },
                _ => unfit(loc, name, it),
            }
        }
        ("tonumber", [it]) => match number(it) {
            Some(it) => numeral(loc, it),
            None if it.is_absent() || it.as_text().is_none() => kept(loc, name, it),
            None => unfit(loc, name, it),
        },
        ("tobool", [it]) => match it.as_bool() {
            Some(it) => truth(loc, it),
            None => kept(loc, name, it),
        },
        ("tostring", [it]) => match it.as_text() {
            Some(it) => Data::text(loc, it),
            None => kept(loc, name, it),
        },
        ("sensitive" | "nonsensitive" | "ephemeralasnull", [it]) => Data { loc, ..it.clone() },
        ("issensitive", [_]) => truth(loc, false),
        (
            "abs" | "ceil" | "floor" | "signum" | "pow" | "log" | "tonumber" | "tobool"
            | "tostring" | "min" | "max" | "parseint",
            _,
        ) => count(loc, name),
        _ => return None,
    };
    Some(it)
}

/// A value that a conversion leaves as it is.
fn kept(loc: Loc, name: &str, it: &Data) -> Data {
    match &it.kind {
        DataKind::Absent
        | DataKind::Unknown(_)
        | DataKind::Reference(_)
        | DataKind::Composed(_)
        | DataKind::Zone(_)
        | DataKind::Part(_) => Data { loc, ..it.clone() },
        DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::List(_)
        | DataKind::Map(_)
        | DataKind::Zones
        | DataKind::Either(..) => unfit(loc, name, it),
    }
}
