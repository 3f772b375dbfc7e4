//! `archgen check`: run every check and report, writing nothing; of an architecture, or of the networks
//! of templates that nobody wrote with archgen.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use archgen::core::check::network::check_read;
use archgen::read::Unread;
use archgen::{Diagnostic, Entry, Severity};
use serde::Serialize;

use crate::arguments::{Check, CheckFormat, Selection};
use crate::error::{EXIT_FINDINGS, EXIT_TOOL, Error};
use crate::output::{self, Paint};
use crate::{findings, lock, quotas, template};

/// Prints what the checks found. Errors make the exit code 1.
pub fn run(arguments: &Check, entries: &[Entry]) -> Result<ExitCode, Error> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for target in &arguments.targets {
        match template::path_of(target) {
            // Several files of a Terraform module are one module.
            Some(it) if files.contains(&it) => {}
            Some(it) => files.push(it),
            None => names.push(target.clone()),
        }
    }
    if files.is_empty() {
        return architecture(arguments, entries);
    }
    if !names.is_empty() {
        return Err(Error::OneArchitecture { names });
    }
    if arguments.environment.is_some() || !arguments.set.is_empty() {
        return Err(Error::NotOfTemplates { path: files[0].clone() });
    }
    let mut code = 0;
    for file in &files {
        // One that cannot be read does not keep the others from being checked.
        let one = match templates(arguments, file) {
            Ok(0) => 0,
            Ok(_) => EXIT_FINDINGS,
            Err(error @ Error::Output { .. }) => return Err(error),
            Err(error) => {
                error.print(Paint::stderr());
                EXIT_TOOL
            }
        };
        code = code.max(one);
    }
    Ok(ExitCode::from(code))
}

/// Whether the names are those of templates, so that no architecture is needed.
pub fn is_about_templates(targets: &[String]) -> bool {
    targets.iter().any(|it| template::path_of(it).is_some())
}

fn architecture(arguments: &Check, entries: &[Entry]) -> Result<ExitCode, Error> {
    if arguments.targets.len() > 1 {
        return Err(Error::OneArchitecture { names: arguments.targets.clone() });
    }
    let selection = Selection {
        name: arguments.targets.first().cloned(),
        environment: arguments.environment.clone(),
        set: arguments.set.clone(),
    };
    let selected = selection.resolve(entries)?;
    if !arguments.parameters.is_empty() {
        return Err(Error::ParametersOfTemplates);
    }
    let lock = lock::read(&arguments.lock)?;
    let findings = findings::find(selected, &selection.set, &lock)?;
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
    if arguments.quotas {
        for (environment, checked) in &findings.checked {
            let network = format!("{} in {}", selected.entry.name, environment.as_str());
            quotas::print(&network, checked.graph(), arguments.format)?;
        }
    }
    Ok(if findings.errors() == 0 { ExitCode::SUCCESS } else { ExitCode::from(EXIT_FINDINGS) })
}

/// Checks the network of a template; gives the number of errors.
fn templates(arguments: &Check, path: &Path) -> Result<usize, Error> {
    let reading = template::read(path, &arguments.parameters)?;
    let found = check_read(&reading.graph);
    let errors = found.iter().filter(|it| it.severity == Severity::Error).count();
    match arguments.format {
        CheckFormat::Json => {
            let unread: String = reading.unread.iter().map(json_line).collect();
            output::stdout(&format!("{}{unread}", archgen::render::json_lines(&found)))?;
        }
        CheckFormat::Human => {
            output::stdout(&human(path, &found, &reading.unread, errors, Paint::stdout()))?;
        }
    }
    if arguments.quotas {
        let network = path.display().to_string();
        quotas::print(&network, &reading.graph, arguments.format)?;
    }
    Ok(errors)
}

/// Findings with the lines of the template, then what was not read, then a line that counts both.
fn human(
    path: &Path,
    found: &[Diagnostic],
    unread: &[Unread],
    errors: usize,
    paint: Paint,
) -> String {
    let source = |file: &str| std::fs::read_to_string(file).ok();
    let mut text = archgen::render::human(found, &source, paint.on);
    if !unread.is_empty() {
        text += &format!(
            "{} {}, and what that decides is unknown\n",
            paint.bold("note:"),
            output::not_read(unread.len()),
        );
        for it in unread {
            let of = if it.logical_id.is_empty() {
                String::new()
            } else {
                format!(" `{}`", it.logical_id)
            };
            text += &format!("  {} {}:{of} `{}`: {}\n", paint.blue("="), it.loc, it.what, it.why);
        }
        text.push('\n');
    }
    text += &format!(
        "{} `{}`: {}, {}, {}\n",
        if errors == 0 { paint.green("checked") } else { paint.red("checked") },
        path.display(),
        output::count(errors, "error"),
        output::count(found.len() - errors, "warning"),
        output::not_read(unread.len()),
    );
    text
}

/// What was not read, as a line beside those of findings.
#[derive(Serialize)]
struct JsonUnread<'a> {
    code: Option<&'a str>,
    severity: &'static str,
    message: String,
    file: &'a str,
    line: u32,
    column: u32,
    length: u32,
    labels: [(); 0],
    notes: [(); 0],
    help: Option<&'a str>,
    environments: [(); 0],
}

fn json_line(it: &Unread) -> String {
    let of =
        if it.logical_id.is_empty() { String::new() } else { format!("`{}`: ", it.logical_id) };
    let line = JsonUnread {
        code: None,
        severity: "unread",
        message: format!("{of}`{}` is not read: {}", it.what, it.why),
        file: it.loc.file,
        line: it.loc.line,
        column: it.loc.column,
        length: it.loc.len,
        labels: [],
        notes: [],
        help: None,
        environments: [],
    };
    let text = serde_json::to_string(&line).expect("invariant: strings and numbers are JSON");
    format!("{text}\n")
}
