//! The functions that network code uses. What is made of values that are not known is not known, unless
//! it does not rest on them.
//!
//! <https://developer.hashicorp.com/terraform/language/functions>

use archgen_core::Loc;

use super::evaluate::{is_refused, over, refused};
use crate::read::data::{Data, DataKind, Reference};

mod addresses;
mod choice;
mod collections;
mod numbers;
mod strings;

pub(super) use collections::as_set;
pub(super) use strings::decoded;

/// Takes from the work that may be done; false if there is not enough.
type Take<'t> = &'t dyn Fn(usize) -> bool;

/// What a function gives.
pub(super) fn call(take: Take<'_>, loc: Loc, name: &str, mut given: Vec<Data>) -> Data {
    if let Some(it) = given.iter().find(|it| is_refused(it)) {
        return it.clone();
    }
    // Of one of two values it gives one of two.
    if let Some(at) = given.iter().position(|it| matches!(it.kind, DataKind::Either(..))) {
        if !take(given.iter().map(Data::size).sum::<usize>()) {
            return Data::unknown(loc, super::world::TOO_MUCH);
        }
        let it = given[at].clone();
        return over(it, &mut |it| {
            given[at] = it;
            call(take, loc, name, given.clone())
        });
    }
    let name = name.strip_prefix("core::").unwrap_or(name);
    let it = addresses::call(take, loc, name, &given)
        .or_else(|| collections::call(take, loc, name, &given))
        .or_else(|| numbers::call(loc, name, &given))
        .or_else(|| strings::call(take, loc, name, &given));
    it.unwrap_or_else(|| Data::unknown(loc, format!("the function `{name}` is not read")))
}

/// A value that does not fit a function: refused if it is known, else not known.
fn unfit(loc: Loc, name: &str, it: &Data) -> Data {
    match &it.kind {
        DataKind::Unknown(_)
        | DataKind::Reference(Reference { attribute: Some(_), .. })
        | DataKind::Composed(_)
        | DataKind::Either(..)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_) => Data::unknown(loc, it.what()),
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::List(_)
        | DataKind::Map(_)
        | DataKind::Reference(_) => refused(loc, format!("`{name}` cannot take {}", it.what())),
    }
}

/// A function that is given too few or too many values.
fn count(loc: Loc, name: &str) -> Data {
    refused(loc, format!("`{name}` is given the wrong number of values"))
}

fn list(loc: Loc, items: Vec<Data>) -> Data {
    Data::new(loc, DataKind::List(items))
}

fn truth(loc: Loc, it: bool) -> Data {
    Data::new(loc, DataKind::Bool(it))
}
