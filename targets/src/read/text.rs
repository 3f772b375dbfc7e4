//! Text out of parts that need not be known, and parts out of such text.

use archgen_core::Loc;

use super::data::{Data, DataKind, Reference, Unknown};

/// How long a text that is put together may be: a whole template has 1 MB at most.
const LONGEST: usize = 1 << 20;

/// Text out of parts; what is not known stays in it as a part.
pub(crate) fn composed(
    take: &dyn Fn(usize) -> bool,
    loc: Loc,
    parts: impl IntoIterator<Item = Data>,
) -> Data {
    let mut all: Vec<Data> = Vec::new();
    let mut length = 0;
    for part in parts {
        let flat = if let DataKind::Composed(parts) = part.kind { parts } else { vec![part] };
        for part in flat {
            // A part that is not known takes far more room than its text would.
            let more = part.as_text().map_or(256, str::len);
            length += more;
            if length > LONGEST || !take(1 + more / 16) {
                return Data::unknown(loc, "the text it makes is too long");
            }
            if let Some(text) = part.as_text() {
                if let Some(DataKind::Text(before)) = all.last_mut().map(|it| &mut it.kind) {
                    before.push_str(text);
                } else if !text.is_empty() {
                    all.push(Data::text(part.loc, text));
                }
            } else if matches!(
                part.kind,
                DataKind::List(_) | DataKind::Map(_) | DataKind::Zones | DataKind::Absent
            ) {
                return Data::unknown(loc, format!("{} cannot be part of a text", part.what()));
            } else {
                all.push(part);
            }
        }
    }
    if all.len() > 1 {
        return Data::new(loc, DataKind::Composed(all));
    }
    match all.pop() {
        Some(it) => Data { loc, ..it },
        None => Data::text(loc, ""),
    }
}

/// A text cut at a delimiter.
pub(crate) fn pieces(loc: Loc, of: Data, delimiter: &str) -> Data {
    if let Some(text) = of.as_text() {
        let items = text.split(delimiter).map(|it| Data::text(loc, it)).collect();
        return Data::new(loc, DataKind::List(items));
    }
    // Identifiers have no such characters, so no delimiter hides in what a reference becomes.
    let outside = is_outside_identifiers(delimiter);
    if outside && is_identifier(&of) {
        return Data::new(loc, DataKind::List(vec![of]));
    }
    if let DataKind::Composed(parts) = &of.kind
        && outside
        && parts.iter().all(|it| is_identifier(it) || it.as_text().is_some())
    {
        return Data::new(loc, DataKind::List(cut(loc, parts, delimiter)));
    }
    if let DataKind::Unknown(it) = of.kind {
        let source = it.source.map(|it| format!("{it} split at {delimiter:?}"));
        return Data::new(loc, DataKind::Unknown(Unknown { why: it.why, source }));
    }
    Data::unknown(loc, of.what())
}

/// Whether a value will be one identifier.
fn is_identifier(it: &Data) -> bool {
    matches!(it.kind, DataKind::Reference(Reference { attribute: None, .. }) | DataKind::Zone(_))
}

/// Parts of a text cut where a delimiter stands in the known ones.
fn cut(loc: Loc, parts: &[Data], delimiter: &str) -> Vec<Data> {
    let mut items: Vec<Vec<Data>> = vec![Vec::new()];
    for part in parts {
        let Some(text) = part.as_text() else {
            push_last(&mut items, part.clone());
            continue;
        };
        for (index, text) in text.split(delimiter).enumerate() {
            if index > 0 {
                items.push(Vec::new());
            }
            if !text.is_empty() {
                push_last(&mut items, Data::text(part.loc, text));
            }
        }
    }
    let whole = |mut it: Vec<Data>| match it.len() {
        0 => Data::text(loc, ""),
        1 => it.remove(0),
        _ => Data::new(loc, DataKind::Composed(it)),
    };
    items.into_iter().map(whole).collect()
}

fn push_last(items: &mut [Vec<Data>], it: Data) {
    if let Some(last) = items.last_mut() {
        last.push(it);
    }
}

/// Whether no identifier of AWS contains the delimiter.
fn is_outside_identifiers(delimiter: &str) -> bool {
    delimiter.chars().all(|it| matches!(it, ',' | ';' | '|' | ' ' | '\n' | '\t'))
}
