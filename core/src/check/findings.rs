//! The findings that several checks of data stores share: one function for each code.

use super::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::types::Count;
use crate::value::Value;

/// AG0007: a value is outside the limits AWS sets.
pub fn limit(cx: &mut Context<'_>, loc: Loc, message: impl Into<String>, help: impl Into<String>) {
    cx.push(Diagnostic::new(Code::AG0007, loc, message).help(help));
}

/// AG0007: a number is not between `least` and `most`.
pub fn between(cx: &mut Context<'_>, field: &Field<Count>, name: &str, least: u32, most: u32) {
    let Some(given) = field.literal() else { return };
    if !(least..=most).contains(&given.0) {
        limit(
            cx,
            field.loc,
            format!("`{name}` cannot be {given}"),
            format!("give a number from {least} to {most}"),
        );
    }
}

/// AG0107, by [`Context::bad_name`]; `what` is what has the name.
pub fn bad_name(cx: &mut Context<'_>, loc: Loc, what: &str, name: &str, why: &str, help: &str) {
    cx.bad_name(loc, format!("{what} cannot be called `{name}`: {why}"), help);
}

/// The version of an engine, if it is known; AG0503 if it is a parameter, because the family of the
/// parameter group is made from it.
pub fn written_version<'a>(cx: &mut Context<'_>, field: &'a Field<String>) -> Option<&'a String> {
    if let Value::Parameter(name) = &field.value {
        bad_version(
            cx,
            field.loc,
            format!("`version` cannot be the parameter `{name}`"),
            "the family of the parameter group is made from it",
            "write the version out, one for each environment if need be".to_string(),
        );
    }
    field.literal()
}

/// AG0503: an engine version cannot be created.
pub fn bad_version(cx: &mut Context<'_>, loc: Loc, message: String, note: &str, help: String) {
    cx.push(Diagnostic::new(Code::AG0503, loc, message).note(note.to_string()).help(help));
}

/// AG0508: an instance class or node type does not exist.
pub fn bad_class(cx: &mut Context<'_>, loc: Loc, message: String, help: Option<String>) {
    cx.push(Diagnostic::new(Code::AG0508, loc, message).maybe_help(help));
}

/// AG0506: failover or encryption lacks what it needs.
pub fn lacks(
    cx: &mut Context<'_>,
    loc: Loc,
    message: impl Into<String>,
    second: Option<(Loc, String)>,
    help: impl Into<String>,
) {
    let mut diagnostic = Diagnostic::new(Code::AG0506, loc, message).help(help);
    if let Some((loc, text)) = second.filter(|(loc, _)| loc.is_known()) {
        diagnostic = diagnostic.label(loc, text);
    }
    cx.push(diagnostic);
}

/// Why `name` is not a chain of lower-case letters, digits and single hyphens of at most `most`
/// characters that starts with a letter: the rule of RDS and ElastiCache for identifiers.
pub fn hyphenated(name: &str, most: usize) -> Option<&'static str> {
    let allowed = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    if name.is_empty() {
        Some("it is empty")
    } else if name.len() > most {
        Some("it is too long")
    } else if !name.starts_with(|it: char| it.is_ascii_lowercase()) {
        Some("it does not start with a lower-case letter")
    } else if !name.chars().all(allowed) {
        Some("only lower-case letters, digits and hyphens may stand in it")
    } else if name.ends_with('-') {
        Some("it ends with a hyphen")
    } else if name.contains("--") {
        Some("it has two hyphens in a row")
    } else {
        None
    }
}

/// Whether `name` looks like a Region: `eu-west-1`, `us-gov-east-1`.
pub fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let [partition, middle @ .., number] = parts.as_slice() else {
        return false;
    };
    let letters = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    letters(partition)
        && (1..=2).contains(&middle.len())
        && middle.iter().all(|it| letters(it))
        && !number.is_empty()
        && number.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_regions() {
        assert_eq!(hyphenated("shop-db", 63), None);
        for wrong in ["", "1db", "db-", "a--b", "Db", "a_b", &"a".repeat(64)] {
            assert!(hyphenated(wrong, 63).is_some(), "{wrong}");
        }
        assert!(is_region("eu-west-1") && is_region("us-gov-east-1"));
        assert!(!is_region("europe") && !is_region("EU-west-1") && !is_region("eu-west"));
    }
}
