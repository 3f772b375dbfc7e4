//! The functions that make text: `Fn::Sub`, `Fn::Join`, `Fn::Split`, `Fn::Base64`.

use archgen_core::Loc;

use super::evaluate::wrong;
use super::stack::Stacks;
use crate::read::data::{Data, DataKind};
use crate::read::document::Node;
use crate::read::text::{composed, pieces};

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
    let it = composed(&|it| stacks.take(it), loc, parts);
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
    let it = composed(&|it| stacks.take(it), loc, parts);
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
