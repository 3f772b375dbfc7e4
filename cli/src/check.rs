//! `archgen check`: run every check and report, writing nothing.

use std::process::ExitCode;

use archgen::Entry;

use crate::arguments::{Check, CheckFormat};
use crate::error::{EXIT_FINDINGS, Error};
use crate::findings;
use crate::output::{self, Paint};

/// Prints what the checks found. Errors make the exit code 1.
pub fn run(arguments: &Check, entries: &[Entry]) -> Result<ExitCode, Error> {
    let selected = arguments.selection.resolve(entries)?;
    let findings = findings::find(selected, &arguments.selection.set)?;
    let paint = Paint::stdout();
    match arguments.format {
        CheckFormat::Json => output::stdout(&archgen::render::json_lines(&findings.diagnostics))?,
        CheckFormat::Human => {
            let environments: Vec<&str> =
                selected.environments().iter().map(|it| it.as_str()).collect();
            let mut text = findings.human(selected.entry, paint);
            text += &format!(
                "{} `{}` ({}): {}, {}\n",
                if findings.errors() == 0 { paint.green("checked") } else { paint.red("checked") },
                selected.entry.name,
                environments.join(", "),
                output::count(findings.errors(), "error"),
                output::count(findings.warnings(), "warning"),
            );
            output::stdout(&text)?;
        }
    }
    Ok(if findings.errors() == 0 { ExitCode::SUCCESS } else { ExitCode::from(EXIT_FINDINGS) })
}
