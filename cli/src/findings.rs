//! Running the checks for several environments and saying each finding once.

use archgen::build::check_over;
use archgen::core::diagnostic::merge_environments;
use archgen::{Checked, Diagnostic, Entry, Environment, Lock, Severity, Target, capabilities};

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
        self.diagnostics.iter().filter(|it| it.severity == Severity::Error).count()
    }

    /// How many findings are warnings.
    pub fn warnings(&self) -> usize {
        self.diagnostics.iter().filter(|it| it.severity == Severity::Warning).count()
    }

    /// Adds what targets cannot say of the architecture. What they say with a loss is only counted: it is
    /// the same at every run.
    pub fn add_capabilities(&mut self, targets: &[Target]) -> Vec<(Target, usize)> {
        let environments: Vec<Environment> = self.checked.iter().map(|it| it.0).collect();
        let mut losses = Vec::new();
        for target in targets {
            let all = self.checked.iter();
            let found = all.map(|(it, checked)| (*it, capabilities::report(checked, *target)));
            let (notes, found): (Vec<Diagnostic>, Vec<Diagnostic>) =
                merge_environments(found.collect(), &environments)
                    .into_iter()
                    .partition(|it| it.severity == Severity::Note);
            self.diagnostics.extend(found);
            if !notes.is_empty() {
                losses.push((*target, notes.len()));
            }
        }
        losses
    }

    /// The findings with their source lines.
    pub fn human(&self, entry: &Entry, paint: Paint) -> String {
        if self.diagnostics.is_empty() {
            return String::new();
        }
        archgen::render::human(&self.diagnostics, &|file| source::text(entry, file), paint.on)
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

/// Builds and checks the architecture in every environment asked for, over what it was there.
pub fn find(
    selected: Selected<'_>,
    set: &[(String, String)],
    lock: &Lock,
) -> Result<Findings, Error> {
    let entry = selected.entry;
    let environments = selected.environments();
    let (checked, diagnostics) = check_over(entry, &environments, set, lock)
        .map_err(|source| Error::Option { architecture: entry.name.to_owned(), source })?;
    let checked = checked.into_iter().map(|it| (it.environment(), it)).collect();
    Ok(Findings { checked, diagnostics })
}
