//! The functions that make text: `Fn::Sub`, `Fn::Join`, `Fn::Split`, `Fn::Base64`.

use archgen_core::Loc;

use super::data::{Data, DataKind, Reference, Unknown};
use super::document::Node;
use super::evaluate::wrong;
use super::stack::Stacks;

/// How long a text that is put together may be: a whole template has 1 MB at most.
const LONGEST: usize = 1 << 20;

/// Text out of parts; what is not known stays in it as a part.
pub(super) fn composed(
    stacks: &Stacks<'_>,
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
            if length > LONGEST || !stacks.take(1 + more / 16) {
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

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>
pub(super) fn sub(stacks: &Stacks<'_>, stack: usize, loc: Loc, argument: &Node) -> Data {
    let (template, variables) = match argument.items() {
        None => (argument.text(), None),
        Some([template]) => (template.text(), None),
        Some([template, variables]) if variables.entries().is_some() => {
            (template.text(), Some(variables))
        }
        Some(_) => return wrong(loc, "Fn::Sub", "expects text, and values by name"),
    };
    let Some(template) = template else {
        return wrong(loc, "Fn::Sub", "expects text");
    };
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        parts.push(Data::text(loc, before));
        let Some((name, following)) = after.split_once('}') else {
            parts.push(Data::text(loc, "${"));
            rest = after;
            continue;
        };
        rest = following;
        let name = name.trim();
        parts.push(if let Some(literal) = name.strip_prefix('!') {
            Data::text(loc, format!("${{{literal}}}"))
        } else if let Some(value) = variables.and_then(|it| it.get(name)) {
            stacks.value(stack, value)
        } else if let Some((resource, attribute)) = name.split_once('.') {
            stacks.resource(stack, loc, resource, Some(attribute))
        } else {
            stacks.reference(stack, loc, name)
        });
    }
    parts.push(Data::text(loc, rest));
    let it = composed(stacks, loc, parts);
    // A reference to a secret may be put together out of parts.
    match it.as_text().map(str::to_string) {
        Some(text) => stacks.plain_text(loc, &text),
        None => it,
    }
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html>
pub(super) fn join(stacks: &Stacks<'_>, stack: usize, loc: Loc, argument: &Node) -> Data {
    let Some([delimiter, values]) = argument.items() else {
        return wrong(loc, "Fn::Join", "expects a delimiter and a list");
    };
    let Some(delimiter) = delimiter.text() else {
        return wrong(loc, "Fn::Join", "expects text as its delimiter");
    };
    let values = stacks.value(stack, values);
    let DataKind::List(items) = values.kind else {
        return match values.as_text() {
            Some(_) => wrong(loc, "Fn::Join", &format!("expects a list, not {}", values.what())),
            None => Data::unknown(loc, values.what()),
        };
    };
    if let Some(it) = items.iter().find(|it| matches!(it.kind, DataKind::Either(..))) {
        return Data::unknown(loc, it.what());
    }
    let mut parts = Vec::new();
    for (index, it) in items.into_iter().enumerate() {
        if index > 0 {
            parts.push(Data::text(loc, delimiter));
        }
        parts.push(it);
    }
    let it = composed(stacks, loc, parts);
    match it.as_text().map(str::to_string) {
        Some(text) => stacks.plain_text(loc, &text),
        None => it,
    }
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html>
pub(super) fn split(stacks: &Stacks<'_>, stack: usize, loc: Loc, argument: &Node) -> Data {
    let Some([delimiter, text]) = argument.items() else {
        return wrong(loc, "Fn::Split", "expects a delimiter and a text");
    };
    let Some(delimiter) = delimiter.text().filter(|it| !it.is_empty()) else {
        return wrong(loc, "Fn::Split", "expects a delimiter");
    };
    pieces(loc, stacks.value(stack, text), delimiter)
}

/// A text cut at a delimiter.
pub(super) fn pieces(loc: Loc, of: Data, delimiter: &str) -> Data {
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

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-base64.html>
pub(super) fn base64(loc: Loc, of: &Data) -> Data {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let Some(text) = of.as_text() else {
        return Data::unknown(loc, of.what());
    };
    let mut all = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |all, it| all << 8 | u32::from(*it)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            all.push(if digit > chunk.len() { '=' } else { char::from(DIGITS[value as usize]) });
        }
    }
    Data::text(loc, all)
}
