//! Values as YAML that means the same to readers of YAML 1.1, which CloudFormation has, and of 1.2.
//!
//! Written here because serializers for YAML 1.2 leave `yes`, `12:30` and `1_000` bare, and a
//! reader of YAML 1.1 takes them for a truth value and numbers. A text is bare only if it starts
//! with a letter and neither version has another meaning for it; any other is in double quotes, as
//! in JSON, whose escapes YAML has too.

use super::expr::{Expr, json_string};

/// Words that a version of YAML takes for a truth value or for nothing.
const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// A value as a YAML document.
pub(super) fn document(value: &Expr) -> String {
    let mut out = String::new();
    block(value, 0, &mut out);
    if out.starts_with('\n') { out.split_off(1) } else { out }
}

/// A value after `name:` or `-`, its own lines indented by `indent`; ends with a line break.
fn block(value: &Expr, indent: usize, out: &mut String) {
    if let Some((name, argument)) = value.function() {
        start(indent, out);
        out.push_str(name);
        out.push(':');
        block(&argument, indent + 2, out);
        return;
    }
    match value {
        Expr::Object(object) if !object.0.is_empty() => {
            for (name, value) in &object.0 {
                start(indent, out);
                out.push_str(&scalar(name));
                out.push(':');
                block(value, indent + 2, out);
            }
        }
        Expr::List(items) if !items.is_empty() => {
            for value in items {
                start(indent, out);
                out.push('-');
                block(value, indent + 2, out);
            }
        }
        Expr::Text(it) => line(&scalar(it), out),
        Expr::Integer(it) => line(&it.to_string(), out),
        Expr::Float(it) => line(&it.to_string(), out),
        Expr::Bool(it) => line(&it.to_string(), out),
        Expr::Object(_) => line("{}", out),
        Expr::List(_) => line("[]", out),
        Expr::Ref(_)
        | Expr::GetAtt(..)
        | Expr::Sub(_)
        | Expr::Join(_)
        | Expr::Select(..)
        | Expr::Cidr(..)
        | Expr::GetAzs
        | Expr::Base64(_)
        | Expr::If { .. }
        | Expr::Equals(..)
        | Expr::Import(_) => {}
    }
}

/// Begins an entry: on the line of a `-`, or on a line of its own.
fn start(indent: usize, out: &mut String) {
    if out.ends_with('-') && indent >= 2 {
        out.push(' ');
        return;
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Ends the line of a name or of a `-` with a value.
fn line(value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(value);
    out.push('\n');
}

/// A text, bare where no reader can mistake it.
fn scalar(text: &str) -> String {
    let bare = text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || ":./_-".contains(it))
        && !text.ends_with(':')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if bare { text.to_string() } else { json_string(text).replace('\u{7f}', "\\x7f") }
}
