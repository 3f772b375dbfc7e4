//! What operators, names and indexes make of known values.

use archgen_core::Loc;

use super::evaluate::{is_refused, refused};
use super::syntax::Operator;
use crate::read::data::{Data, DataKind, Reference, Unknown};

/// `of.name` of what is no resource.
pub(super) fn attribute_of(loc: Loc, of: Data, name: &str) -> Data {
    match of.kind {
        DataKind::Map(entries) => match entries.into_iter().find(|it| it.0 == name) {
            Some((_, it)) => Data { loc, ..it },
            None => refused(loc, format!("there is no `{name}`")),
        },
        // `of.0` is `of[0]`.
        DataKind::List(items) => match name.parse::<usize>().ok() {
            Some(at) => item(loc, items, at),
            None => refused(loc, format!("a list has no `{name}`")),
        },
        DataKind::Unknown(_) if is_refused(&of) => of,
        DataKind::Unknown(it) => {
            let source = it.source.map(|it| format!("{it}.{name}"));
            Data::new(loc, DataKind::Unknown(Unknown { why: it.why, source }))
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
        | DataKind::Either(..) => refused(loc, format!("{} has no `{name}`", of.what())),
    }
}

fn item(loc: Loc, items: Vec<Data>, at: usize) -> Data {
    let count = items.len();
    let Some(it) = items.into_iter().nth(at) else {
        return refused(loc, format!("there is no number {at} of {count}"));
    };
    present(loc, it)
}

/// An element that is asked for by number: where it is not there, Terraform refuses.
fn present(loc: Loc, it: Data) -> Data {
    let DataKind::Either(why, yes, no) = it.kind else { return Data::new(loc, it.kind) };
    let there = |it: Data| if it.is_absent() { refused(loc, "it is not there") } else { it };
    Data::new(loc, DataKind::Either(why, Box::new(there(*yes)), Box::new(there(*no))))
}

/// `of[key]` of what is no resource.
pub(super) fn index_of(loc: Loc, of: &Data, key: &Data) -> Data {
    if is_refused(of) {
        return of.clone();
    }
    if is_refused(key) {
        return key.clone();
    }
    match &of.kind {
        DataKind::Map(entries) => match key.as_text() {
            Some(name) => match entries.iter().find(|it| it.0 == name) {
                Some((_, it)) => present(loc, it.clone()),
                None => refused(loc, format!("there is no `{name}`")),
            },
            None => Data::unknown(loc, key.what()),
        },
        DataKind::List(items) => match key.as_integer() {
            Some(at) => match usize::try_from(at) {
                Ok(at) => {
                    // Elements before it that may not be there would change the numbers of others;
                    // those of resources keep their own.
                    let resources = items.iter().all(|it| is_whole(it) || is_hole(it));
                    match items.iter().take(at).find(|it| is_hole(it)) {
                        Some(it) if !resources => Data::unknown(loc, it.what()),
                        Some(_) | None => item(loc, items.clone(), at),
                    }
                }
                Err(_) => refused(loc, format!("there is no number {at}")),
            },
            None => Data::unknown(loc, key.what()),
        },
        DataKind::Zones => match key.as_integer().and_then(|it| u32::try_from(it).ok()) {
            Some(it) => Data::new(loc, DataKind::Zone(it)),
            None => Data::unknown(loc, key.what()),
        },
        DataKind::Reference(it) if it.attribute.is_some() && it.index.is_none() => {
            match key.as_integer().and_then(|it| u32::try_from(it).ok()) {
                Some(at) => {
                    Data::new(loc, DataKind::Reference(Reference { index: Some(at), ..it.clone() }))
                }
                None => Data::unknown(loc, key.what()),
            }
        }
        DataKind::Unknown(it) => {
            let source = match (&it.source, key.as_text()) {
                (Some(it), Some(key)) => Some(format!("{it}[{key}]")),
                _ => None,
            };
            Data::new(loc, DataKind::Unknown(Unknown { why: it.why.clone(), source }))
        }
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Part(_)
        | DataKind::Either(..) => refused(loc, format!("{} has no elements", of.what())),
    }
}

/// Whether an element may not be there.
pub(super) fn is_hole(it: &Data) -> bool {
    it.if_there().1.is_some()
}

/// Whether a value is a resource.
fn is_whole(it: &Data) -> bool {
    it.as_resource().is_some()
}

/// Whether a value is known through and through.
pub(super) fn is_known(it: &Data) -> bool {
    match &it.kind {
        DataKind::Absent | DataKind::Bool(_) | DataKind::Number(_) | DataKind::Text(_) => true,
        DataKind::List(items) => items.iter().all(is_known),
        DataKind::Map(entries) => entries.iter().all(|it| is_known(&it.1)),
        DataKind::Composed(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Either(..)
        | DataKind::Unknown(_) => false,
    }
}

/// Whether two values are the same; none if that is not known.
fn equal(one: &Data, other: &Data) -> Option<bool> {
    if let (Some(a), Some(b)) = (number(one), number(other))
        && matches!(one.kind, DataKind::Number(_))
        && matches!(other.kind, DataKind::Number(_))
    {
        return Some(a == b);
    }
    if is_known(one) && is_known(other) {
        return Some(one.kind == other.kind);
    }
    // What is there is not null, even where it is not known what it is.
    let there = |it: &Data| {
        !matches!(it.kind, DataKind::Unknown(_) | DataKind::Either(..) | DataKind::Absent)
            && !matches!(&it.kind, DataKind::Reference(it) if it.attribute.is_some())
    };
    if (one.is_absent() && there(other)) || (other.is_absent() && there(one)) {
        return Some(false);
    }
    // Identifiers are no empty texts.
    let empty = |it: &Data| it.as_text() == Some("");
    if (empty(one) && is_whole(other)) || (empty(other) && is_whole(one)) {
        return Some(false);
    }
    let same = one == other && matches!(one.kind, DataKind::Reference(_) | DataKind::Zone(_));
    same.then_some(true)
}

/// A known number, as one or as text.
pub(super) fn number(it: &Data) -> Option<f64> {
    let (DataKind::Number(it) | DataKind::Text(it)) = &it.kind else { return None };
    it.trim().parse().ok().filter(|it: &f64| it.is_finite())
}

/// A number as it is written.
pub(super) fn numeral(loc: Loc, it: f64) -> Data {
    if !it.is_finite() {
        return refused(loc, "it is no number");
    }
    let text = if it.fract() == 0.0 && it.abs() < 1e15 {
        format!("{}", it as i64)
    } else {
        it.to_string()
    };
    Data::new(loc, DataKind::Number(text))
}

/// `-of`.
pub(super) fn negative(loc: Loc, of: &Data) -> Data {
    match number(of) {
        Some(it) => numeral(loc, -it),
        None => Data::unknown(loc, of.what()),
    }
}

/// What an operator makes of two values that are not one of two.
pub(super) fn binary(loc: Loc, operator: Operator, one: &Data, other: &Data) -> Data {
    if let Some(it) = [one, other].into_iter().find(|it| is_refused(it)) {
        return it.clone();
    }
    let truth = |it: bool| Data::new(loc, DataKind::Bool(it));
    let unknown = || {
        let it = if is_known(one) { other } else { one };
        Data::unknown(loc, it.what())
    };
    match operator {
        Operator::Equal => equal(one, other).map_or_else(unknown, truth),
        Operator::NotEqual => equal(one, other).map_or_else(unknown, |it| truth(!it)),
        Operator::And | Operator::Or => {
            let decides = operator == Operator::Or;
            match (one.as_bool(), other.as_bool()) {
                (Some(it), _) | (_, Some(it)) if it == decides => truth(decides),
                (Some(_), Some(_)) => truth(!decides),
                _ => unknown(),
            }
        }
        Operator::AtMost
        | Operator::AtLeast
        | Operator::Less
        | Operator::More
        | Operator::Plus
        | Operator::Minus
        | Operator::Times
        | Operator::Over
        | Operator::Rest => {
            let (Some(a), Some(b)) = (number(one), number(other)) else {
                return if is_known(one) && is_known(other) {
                    refused(loc, "numbers are expected")
                } else {
                    unknown()
                };
            };
            match operator {
                Operator::AtMost => truth(a <= b),
                Operator::AtLeast => truth(a >= b),
                Operator::Less => truth(a < b),
                Operator::More => truth(a > b),
                Operator::Plus => numeral(loc, a + b),
                Operator::Minus => numeral(loc, a - b),
                Operator::Times => numeral(loc, a * b),
                Operator::Over => numeral(loc, a / b),
                Operator::Rest => numeral(loc, a % b),
                Operator::Equal | Operator::NotEqual | Operator::And | Operator::Or => unknown(),
            }
        }
    }
}
