//! The functions for text.

use archgen_core::Loc;

use super::super::operators::is_known;
use super::{Take, count, list, truth, unfit};
use crate::read::data::{Data, DataKind, Unknown};
use crate::read::text;

pub(super) fn call(take: Take<'_>, loc: Loc, name: &str, given: &[Data]) -> Option<Data> {
    let it = match (name, given) {
        ("lower" | "upper" | "trimspace" | "chomp" | "title", [it]) => match it.as_text() {
            Some(text) => Data::text(
                loc,
                match name {
                    "lower" => text.to_lowercase(),
                    "upper" => text.to_uppercase(),
                    "trimspace" => text.trim().to_string(),
                    "chomp" => text.trim_end_matches(['\n', '\r']).to_string(),
                    _ => title(text),
                },
            ),
            // Identifiers and zones have neither capitals nor spaces.
            None if name != "upper"
                && name != "title"
                && matches!(it.kind, DataKind::Reference(_) | DataKind::Zone(_)) =>
            {
                Data { loc, ..it.clone() }
            }
            None => unfit(loc, name, it),
        },
        (
            "trim" | "trimprefix" | "trimsuffix" | "startswith" | "endswith" | "strcontains",
            [of, with],
        ) => {
            let (Some(text), Some(part)) = (of.as_text(), with.as_text()) else {
                let it = if of.as_text().is_none() { of } else { with };
                return Some(unfit(loc, name, it));
            };
            match name {
                "trim" => Data::text(loc, text.trim_matches(|it| part.contains(it))),
                "trimprefix" => Data::text(loc, text.strip_prefix(part).unwrap_or(text)),
                "trimsuffix" => Data::text(loc, text.strip_suffix(part).unwrap_or(text)),
                "startswith" => truth(loc, text.starts_with(part)),
                "endswith" => truth(loc, text.ends_with(part)),
                _ => truth(loc, text.contains(part)),
            }
        }
        ("replace", [of, what, with]) => match (of.as_text(), what.as_text(), with.as_text()) {
            (Some(of), Some(what), Some(with)) => {
                let pattern = what.len() > 1 && what.starts_with('/') && what.ends_with('/');
                if pattern {
                    Data::unknown(loc, "regular expressions are not read")
                } else if !take((of.len() + 1) * (with.len() + 1) / 16) {
                    Data::unknown(loc, super::super::world::TOO_MUCH)
                } else {
                    Data::text(loc, of.replace(what, with))
                }
            }
            (None, ..) => unfit(loc, name, of),
            (_, None, _) => unfit(loc, name, what),
            (_, _, None) => unfit(loc, name, with),
        },
        ("substr", [of, from, length]) => {
            match (of.as_text(), from.as_integer(), length.as_integer()) {
                (Some(text), Some(from), Some(length)) => {
                    let all: Vec<char> = text.chars().collect();
                    let size = all.len() as i64;
                    let from = if from < 0 { size.saturating_add(from) } else { from };
                    let from = from.clamp(0, size);
                    let to = if length < 0 { size } else { from.saturating_add(length).min(size) };
                    Data::text(loc, all[from as usize..to as usize].iter().collect::<String>())
                }
                (None, ..) => unfit(loc, name, of),
                (_, None, _) => unfit(loc, name, from),
                (_, _, None) => unfit(loc, name, length),
            }
        }
        ("join", [delimiter, all @ ..]) => join(take, loc, delimiter, all),
        ("split", [delimiter, of]) => match delimiter.as_text() {
            Some("") => match of.as_text() {
                Some(it) => list(loc, it.chars().map(|it| Data::text(loc, it)).collect()),
                None => unfit(loc, name, of),
            },
            Some(it) => text::pieces(loc, of.clone(), it),
            None => unfit(loc, name, delimiter),
        },
        ("format", [spec, values @ ..]) => format(take, loc, spec, values),
        ("formatlist", [spec, values @ ..]) => formatlist(take, loc, spec, values),
        ("jsonencode", [it]) => match is_known(it).then(|| json(it)) {
            Some(json) => Data::text(loc, json.to_string()),
            None => match unknown_in(it) {
                Some(it) => Data::unknown(loc, it.what()),
                None => Data::unknown(loc, it.what()),
            },
        },
        ("jsondecode", [it]) => match it.as_text().map(serde_json::from_str) {
            Some(Ok(value)) => decoded(loc, value),
            Some(Err(_)) | None => unfit(loc, name, it),
        },
        (
            "base64encode" | "base64decode" | "md5" | "sha1" | "sha256" | "file" | "filebase64"
            | "templatefile" | "yamlencode" | "yamldecode" | "timestamp" | "uuid" | "regex"
            | "regexall" | "regexreplace" | "fileexists" | "abspath" | "basename" | "dirname",
            _,
        ) => {
            let source = match given {
                [it] if it.as_text().is_some() && name != "uuid" => {
                    Some(format!("{name}({})", it.as_text().unwrap_or_default()))
                }
                _ => None,
            };
            let why = format!("the function `{name}` is not read");
            Data::new(loc, DataKind::Unknown(Unknown { why, source }))
        }
        (
            "lower" | "upper" | "trimspace" | "chomp" | "title" | "trim" | "trimprefix"
            | "trimsuffix" | "startswith" | "endswith" | "strcontains" | "replace" | "substr"
            | "split" | "jsonencode" | "jsondecode" | "join" | "format" | "formatlist",
            _,
        ) => count(loc, name),
        _ => return None,
    };
    Some(it)
}

fn title(text: &str) -> String {
    let mut all = String::new();
    let mut starts = true;
    for it in text.chars() {
        if starts {
            all.extend(it.to_uppercase());
        } else {
            all.push(it);
        }
        starts = !it.is_alphanumeric();
    }
    all
}

fn join(take: Take<'_>, loc: Loc, delimiter: &Data, all: &[Data]) -> Data {
    let Some(between) = delimiter.as_text() else { return unfit(loc, "join", delimiter) };
    let mut parts = Vec::new();
    for items in all {
        let Some(items) = items.as_list() else { return unfit(loc, "join", items) };
        for it in items {
            if matches!(it.kind, DataKind::Either(..)) {
                return Data::unknown(loc, it.what());
            }
            if !parts.is_empty() {
                parts.push(Data::text(loc, between));
            }
            parts.push(it.clone());
        }
    }
    text::composed(take, loc, parts)
}

/// <https://developer.hashicorp.com/terraform/language/functions/format>
fn format(take: Take<'_>, loc: Loc, spec: &Data, values: &[Data]) -> Data {
    let Some(text) = spec.as_text() else { return unfit(loc, "format", spec) };
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut next = 0;
    let mut all = text.chars().peekable();
    while let Some(it) = all.next() {
        if it != '%' {
            plain.push(it);
            continue;
        }
        let mut flags = String::new();
        while let Some(it) = all.peek().copied().filter(|it| !it.is_alphabetic() && *it != '%') {
            flags.push(it);
            all.next();
        }
        let verb = all.next().unwrap_or('%');
        if verb == '%' {
            plain.push('%');
            continue;
        }
        let Some(value) = values.get(next) else {
            return super::super::evaluate::refused(loc, "`format` is given too few values");
        };
        next += 1;
        if flags.contains(['[', '*']) {
            return Data::unknown(loc, format!("`%{flags}{verb}` is not read"));
        }
        let made = match (verb, value.as_text()) {
            ('s' | 'v', _) if flags.is_empty() => None,
            ('d', Some(_)) => match value.as_integer() {
                Some(it) => Some(padded(&flags, &it.to_string())),
                None => return unfit(loc, "format", value),
            },
            ('s' | 'v', Some(it)) => Some(padded(&flags, it)),
            ('q', Some(it)) => Some(std::format!("{it:?}")),
            ('t', Some(it)) => Some(it.to_string()),
            ('x' | 'X' | 'b' | 'o', Some(_)) => match value.as_integer() {
                Some(it) => {
                    let it = match verb {
                        'x' => std::format!("{it:x}"),
                        'X' => std::format!("{it:X}"),
                        'b' => std::format!("{it:b}"),
                        _ => std::format!("{it:o}"),
                    };
                    Some(padded(&flags, &it))
                }
                None => return unfit(loc, "format", value),
            },
            (_, Some(_)) => {
                return Data::unknown(loc, std::format!("`%{flags}{verb}` is not read"));
            }
            (_, None) => return Data::unknown(loc, value.what()),
        };
        match made {
            Some(it) => plain.push_str(&it),
            None => {
                parts.push(Data::text(loc, std::mem::take(&mut plain)));
                parts.push(value.clone());
            }
        }
    }
    parts.push(Data::text(loc, plain));
    text::composed(take, loc, parts)
}

/// A value as wide as flags ask for; wider than any name is not.
fn padded(flags: &str, text: &str) -> String {
    let left = flags.starts_with('-');
    let digits = flags.trim_start_matches(['-', '+', ' ', '#']);
    let zero = digits.starts_with('0') && !left;
    let width: usize = digits.split('.').next().unwrap_or_default().parse().unwrap_or_default();
    let missing = width.min(200).saturating_sub(text.chars().count());
    let fill = if zero { "0" } else { " " }.repeat(missing);
    if left {
        std::format!("{text}{fill}")
    } else if zero && let Some(rest) = text.strip_prefix('-') {
        std::format!("-{fill}{rest}")
    } else {
        std::format!("{fill}{text}")
    }
}

fn formatlist(take: Take<'_>, loc: Loc, spec: &Data, values: &[Data]) -> Data {
    let count = values.iter().filter_map(Data::as_list).map(<[Data]>::len).max();
    if let Some(it) = values.iter().find(|it| it.as_list().is_none() && it.as_text().is_none()) {
        return unfit(loc, "formatlist", it);
    }
    let mut all = Vec::new();
    for at in 0..count.unwrap_or(1) {
        let mut own = Vec::new();
        for value in values {
            match value.as_list() {
                Some(items) => match items.get(at) {
                    Some(it) => own.push(it.clone()),
                    None => return unfit(loc, "formatlist", value),
                },
                None => own.push(value.clone()),
            }
        }
        all.push(format(take, loc, spec, &own));
    }
    list(loc, all)
}

fn unknown_in(it: &Data) -> Option<&Data> {
    if let DataKind::List(items) = &it.kind {
        items.iter().find_map(unknown_in)
    } else if let DataKind::Map(entries) = &it.kind {
        entries.iter().find_map(|it| unknown_in(&it.1))
    } else {
        (!is_known(it)).then_some(it)
    }
}

fn json(it: &Data) -> serde_json::Value {
    use serde_json::Value;
    match &it.kind {
        DataKind::Bool(it) => Value::Bool(*it),
        DataKind::Number(it) => serde_json::from_str(it).unwrap_or(Value::Null),
        DataKind::Text(it) => Value::String(it.clone()),
        DataKind::List(items) => Value::Array(items.iter().map(json).collect()),
        DataKind::Map(entries) => {
            Value::Object(entries.iter().map(|it| (it.0.clone(), json(&it.1))).collect())
        }
        DataKind::Absent
        | DataKind::Composed(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Either(..)
        | DataKind::Unknown(_) => Value::Null,
    }
}

/// A value out of JSON.
pub(in super::super) fn decoded(loc: Loc, it: serde_json::Value) -> Data {
    use serde_json::Value;
    let kind = match it {
        Value::Null => DataKind::Absent,
        Value::Bool(it) => DataKind::Bool(it),
        Value::Number(it) => DataKind::Number(it.to_string()),
        Value::String(it) => DataKind::Text(it),
        Value::Array(items) => {
            DataKind::List(items.into_iter().map(|it| decoded(loc, it)).collect())
        }
        Value::Object(entries) => {
            DataKind::Map(entries.into_iter().map(|it| (it.0, decoded(loc, it.1))).collect())
        }
    };
    Data::new(loc, kind)
}
