//! Diagnostics for people and for machines.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use archgen_core::{Diagnostic, Loc, Severity};

/// Diagnostics as rustc would print them. `source` gives the text of a file; where it cannot, the
/// place is named without its line.
pub fn human(
    diagnostics: &[Diagnostic],
    source: &dyn Fn(&str) -> Option<String>,
    color: bool,
) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut all = String::new();
    for diagnostic in diagnostics {
        all.push_str(&one(diagnostic, source, &renderer));
        all.push_str("\n\n");
    }
    all
}

fn one(
    diagnostic: &Diagnostic,
    source: &dyn Fn(&str) -> Option<String>,
    renderer: &Renderer,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let text = source(diagnostic.loc.file);
    let mut group = Group::with_title(title);
    if let Some(text) = &text
        && let Some(range) = range(text, diagnostic.loc)
    {
        let mut snippet = Snippet::source(text.as_str())
            .path(diagnostic.loc.file)
            .annotation(AnnotationKind::Primary.span(range));
        for (loc, label) in &diagnostic.labels {
            if loc.file == diagnostic.loc.file
                && let Some(range) = self::range(text, *loc)
            {
                snippet =
                    snippet.annotation(AnnotationKind::Context.span(range).label(label.as_str()));
            }
        }
        group = group.element(snippet);
    } else if diagnostic.loc.is_known() {
        group = group.element(Level::NOTE.message(format!("at {}", diagnostic.loc)));
    }
    for (loc, label) in &diagnostic.labels {
        if loc.file != diagnostic.loc.file || text.is_none() {
            group = group.element(Level::NOTE.message(format!("{label}: {loc}")));
        }
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if !diagnostic.environments.is_empty() {
        let names: Vec<String> =
            diagnostic.environments.iter().map(|it| format!("`{it}`")).collect();
        group =
            group.element(Level::NOTE.message(format!("only in environment {}", names.join(", "))));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// The bytes of a place in its file.
fn range(text: &str, loc: Loc) -> Option<std::ops::Range<usize>> {
    if !loc.is_known() {
        return None;
    }
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number + 1 == loc.line as usize {
            let position = |column: usize| {
                line.char_indices().nth(column).map_or(line.trim_end().len(), |(at, _)| at)
            };
            let first = position(loc.column as usize - 1);
            let last = position((loc.column + loc.len.max(1)) as usize - 1).max(first);
            return Some(start + first..start + last);
        }
        start += line.len();
    }
    None
}

/// Diagnostics as JSON, one object a line: `code`, `severity`, `message`, `file`, `line`, `column`,
/// `length`, `labels`, `notes`, `help`, `environments`.
pub fn json_lines(diagnostics: &[Diagnostic]) -> String {
    let mut all = String::new();
    for it in diagnostics {
        let labels: Vec<String> = it
            .labels
            .iter()
            .map(|(loc, text)| format!("{{{},\"message\":{}}}", place(*loc), string(text)))
            .collect();
        let notes: Vec<String> = it.notes.iter().map(|it| string(it)).collect();
        let environments: Vec<String> =
            it.environments.iter().map(|it| string(it.as_str())).collect();
        let _ = writeln!(
            all,
            "{{\"code\":{},\"severity\":{},\"message\":{},{},\"labels\":[{}],\"notes\":[{}],\"help\":{},\"environments\":[{}]}}",
            string(it.code.as_str()),
            string(it.severity.as_str()),
            string(&it.message),
            place(it.loc),
            labels.join(","),
            notes.join(","),
            it.help.as_deref().map_or_else(|| "null".to_string(), string),
            environments.join(","),
        );
    }
    all
}

fn place(loc: Loc) -> String {
    format!(
        "\"file\":{},\"line\":{},\"column\":{},\"length\":{}",
        string(loc.file),
        loc.line,
        loc.column,
        loc.len
    )
}

/// A JSON string.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            it if u32::from(it) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
            it => out.push(it),
        }
    }
    out.push('"');
    out
}
