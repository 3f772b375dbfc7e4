//! Running the checks for several environments and saying each finding once.

use archgen::{Checked, Diagnostic, Entry, Environment, Severity};

use crate::arguments::Selected;
use crate::error::Error;
use crate::output::{self, Paint};
use crate::source;

/// What the checks say about an architecture in the environments asked for.
pub struct Findings {
    /// The environments without errors, each with what a target accepts.
    pub checked: Vec<(Environment, Checked)>,
    /// Every finding once.
    pub diagnostics: Vec<Diagnostic>,
}

impl Findings {
    /// How many findings are errors.
    pub fn errors(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .count()
    }

    /// How many findings are warnings.
    pub fn warnings(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|it| it.severity == Severity::Warning)
            .count()
    }

    /// The findings with their source lines.
    pub fn human(&self, entry: &Entry, paint: Paint) -> String {
        if self.diagnostics.is_empty() {
            return String::new();
        }
        archgen::render::human(
            &self.diagnostics,
            &|file| source::text(entry, file),
            paint.on,
        )
    }

    /// Prints the findings to standard error, with a last line that counts the errors and says what
    /// was not done because of them.
    pub fn print_to_stderr(&self, entry: &Entry, undone: &str) {
        let paint = Paint::stderr();
        output::stderr(&self.human(entry, paint));
        if self.errors() > 0 {
            let count = output::count(self.errors(), "error");
            output::stderr(&format!(
                "{} `{}` has {count}; nothing was {undone}\n",
                paint.red("error:"),
                entry.name
            ));
        }
    }
}

/// Builds and checks the architecture in every environment asked for.
pub fn find(selected: Selected<'_>, set: &[(String, String)]) -> Result<Findings, Error> {
    let mut findings = Findings {
        checked: Vec::new(),
        diagnostics: Vec::new(),
    };
    let entry = selected.entry;
    let environments = selected.environments();
    for environment in &environments {
        let architecture = (entry.build)(*environment, set).map_err(|source| Error::Option {
            architecture: entry.name.to_owned(),
            source,
        })?;
        match archgen::check(&architecture) {
            Ok(checked) => {
                merge(
                    &mut findings.diagnostics,
                    checked.diagnostics().to_vec(),
                    *environment,
                );
                findings.checked.push((*environment, checked));
            }
            Err(diagnostics) => merge(&mut findings.diagnostics, diagnostics, *environment),
        }
    }
    if environments.len() > 1 {
        for diagnostic in &mut findings.diagnostics {
            if environments
                .iter()
                .all(|it| diagnostic.environments.contains(it))
            {
                // True in all of them, so naming them says nothing.
                diagnostic.environments.clear();
            }
        }
    }
    Ok(findings)
}

/// Adds the findings of one environment; one that is there already only gains the environment.
fn merge(all: &mut Vec<Diagnostic>, new: Vec<Diagnostic>, environment: Environment) {
    for mut diagnostic in new {
        if !diagnostic.environments.contains(&environment) {
            diagnostic.environments.push(environment);
        }
        let same = |it: &&mut Diagnostic| {
            it.code == diagnostic.code
                && it.message == diagnostic.message
                && (it.loc.file, it.loc.line, it.loc.column)
                    == (
                        diagnostic.loc.file,
                        diagnostic.loc.line,
                        diagnostic.loc.column,
                    )
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                known.environments.append(&mut diagnostic.environments);
                known.environments.sort_unstable();
                known.environments.dedup();
            }
            None => all.push(diagnostic),
        }
    }
}
