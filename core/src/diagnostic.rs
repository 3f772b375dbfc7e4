//! One finding about the author's architecture, and the collection that checks push into.
//!
//! Rendering (terminal, JSON lines, `compile_error!`) is done elsewhere.

use crate::codes::{Code, Severity};
use crate::environment::Environment;
use crate::loc::Loc;

/// A finding: code, message, the place it is about, further places, notes and a fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule found it.
    pub code: Code,
    /// How bad it is; every code has exactly one severity.
    pub severity: Severity,
    /// What is wrong, in lower case without a full stop, names in backticks.
    pub message: String,
    /// Where.
    pub loc: Loc,
    /// Further places with what they hold.
    pub labels: Vec<(Loc, String)>,
    /// Facts that explain the finding.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The environments in which it holds; empty means every environment.
    pub environments: Vec<Environment>,
}

impl Diagnostic {
    /// A finding at `loc`.
    pub fn new(code: Code, loc: Loc, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            loc,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            environments: Vec::new(),
        }
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, loc: Loc, text: impl Into<String>) -> Diagnostic {
        self.labels.push((loc, text.into()));
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// Says what to do, if that is known.
    #[must_use]
    pub fn maybe_help(mut self, text: Option<String>) -> Diagnostic {
        if text.is_some() {
            self.help = text;
        }
        self
    }

    /// Whether it stops an emit.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The finding as plain text, one line for each part: the form used in `compile_error!`.
    pub fn plain(&self) -> String {
        let mut text = format!("[{}] {}", self.code, self.message);
        for (loc, label) in &self.labels {
            text.push_str(&format!("\n  note: {label}: {loc}"));
        }
        for note in &self.notes {
            text.push_str(&format!("\n  note: {note}"));
        }
        if !self.environments.is_empty() {
            let names: Vec<String> =
                self.environments.iter().map(|it| format!("`{}`", it.as_str())).collect();
            text.push_str(&format!("\n  note: only in environment {}", names.join(", ")));
        }
        if let Some(help) = &self.help {
            text.push_str(&format!("\n  help: {help}"));
        }
        text
    }
}

/// Merges the findings of several environments: a finding that holds in only some of them names them.
pub fn merge_environments(
    found: Vec<(Environment, Vec<Diagnostic>)>,
    all: &[Environment],
) -> Vec<Diagnostic> {
    let mut merged: Vec<Diagnostic> = Vec::new();
    for (environment, diagnostics) in found {
        for diagnostic in diagnostics {
            let same = merged.iter_mut().find(|it| {
                it.code == diagnostic.code
                    && it.loc == diagnostic.loc
                    && it.message == diagnostic.message
            });
            match same {
                Some(it) => {
                    if !it.environments.contains(&environment) {
                        it.environments.push(environment);
                    }
                }
                None => merged.push(Diagnostic { environments: vec![environment], ..diagnostic }),
            }
        }
    }
    for diagnostic in &mut merged {
        if all.iter().all(|it| diagnostic.environments.contains(it)) {
            diagnostic.environments.clear();
        }
    }
    sort(&mut merged);
    merged
}

/// Puts findings in the order in which they are printed: by file, line, column, code and text.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| (a.loc, a.code, &a.message).cmp(&(b.loc, b.code, &b.message)));
}

/// Collects findings. Reading it is not optional: see [`Sink::into_diagnostics`].
#[derive(Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    /// An empty sink.
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Adds a finding; the same one twice counts once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether there is a finding of this code.
    pub fn has(&self, code: Code) -> bool {
        self.diagnostics.iter().any(|it| it.code == code)
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The findings, sorted.
    #[must_use]
    pub fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        sort(&mut self.diagnostics);
        let mut all: Vec<Diagnostic> = Vec::with_capacity(self.diagnostics.len());
        for it in self.diagnostics {
            // Those that are equal stand among those of the same place, code and text.
            let alike = |other: &&Diagnostic| {
                other.loc == it.loc && other.code == it.code && other.message == it.message
            };
            if !all.iter().rev().take_while(alike).any(|other| *other == it) {
                all.push(it);
            }
        }
        all
    }
}
