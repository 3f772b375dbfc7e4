//! Emitting from a `build.rs`.
//!
//! ```no_run
//! # use archgen::prelude::*;
//! # #[architecture]
//! # fn shop(env: Environment) -> Architecture {
//! #     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
//! # }
//! // build.rs
//! fn main() {
//!     archgen::build::emit(&[SHOP]);
//! }
//! ```

use std::fmt;
use std::path::{Path, PathBuf};

use archgen_core::diagnostic::merge_environments;
use archgen_core::{Checked, Diagnostic, Environment};

use crate::validate::{self, Mismatch};
use crate::{Entry, Files, OptionError, Target, check, cloudformation, render};

/// Why nothing was emitted.
#[derive(Debug)]
pub enum Error {
    /// The architecture is wrong; every finding.
    Diagnostics(Vec<Diagnostic>),
    /// An option is given wrongly.
    Option(OptionError),
    /// archgen has a bug: what it would write is not what was checked.
    Mismatch(Box<Mismatch>),
    /// A file could not be written.
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Diagnostics(it) => f.write_str(&render::human(it, &read_source, false)),
            Error::Option(it) => it.fmt(f),
            Error::Mismatch(it) => write!(f, "{it}\n{}", it.details()),
            Error::Write { path, source } => write!(f, "cannot write {}: {source}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Diagnostics(_) => None,
            Error::Option(it) => Some(it),
            Error::Mismatch(it) => Some(it.as_ref()),
            Error::Write { source, .. } => Some(source),
        }
    }
}

/// Emits CloudFormation templates of every architecture and environment under cargo's `OUT_DIR`, as
/// `NAME/ENVIRONMENT/cloudformation/template.json`. Fails the build with the rendered diagnostics if
/// one is wrong, and tells cargo when to run again.
///
/// # Panics
///
/// Never; a failure ends the process with status 1, as cargo wants it of a build script.
pub fn emit(entries: &[Entry]) {
    let Some(out) = std::env::var_os("OUT_DIR") else {
        fail("`archgen::build::emit` is for `build.rs`: cargo's OUT_DIR is not set");
    };
    for entry in entries {
        if let Some(path) = source_path(Path::new(entry.manifest_dir), entry.source) {
            println(&format!("cargo:rerun-if-changed={}", path.display()));
        }
    }
    println("cargo:rerun-if-changed=build.rs");
    match emit_to(entries, Path::new(&out)) {
        Ok(warnings) => {
            for it in warnings {
                println(&format!("cargo:warning=[{}] {} ({})", it.code, it.message, it.loc));
            }
        }
        Err(error) => fail(&error.to_string()),
    }
}

#[allow(clippy::print_stdout)]
fn println(line: &str) {
    println!("{line}");
}

#[allow(clippy::print_stderr)]
fn fail(message: &str) -> ! {
    eprintln!("{message}");
    std::process::exit(1)
}

/// Emits under `folder`, and only there; gives the warnings. Nothing is written unless every
/// architecture is right in every environment.
///
/// # Errors
///
/// An architecture is wrong, a file cannot be written, or what would be written is not what was checked.
pub fn emit_to(entries: &[Entry], folder: &Path) -> Result<Vec<Diagnostic>, Error> {
    let mut files = Vec::new();
    let mut warnings = Vec::new();
    let mut errors = Vec::new();
    for entry in entries {
        match check_entry(entry, &[])? {
            Ok((all, found)) => {
                warnings.extend(found);
                for checked in all {
                    let path = folder
                        .join(entry.name)
                        .join(checked.environment().as_str())
                        .join("cloudformation")
                        .join("template.json");
                    let text = cloudformation::template(&checked).json();
                    let emitted = Files::from([("template.json".to_string(), text.into_bytes())]);
                    validate::emitted(&checked, Target::CloudFormation, &emitted)
                        .map_err(|it| Error::Mismatch(Box::new(it)))?;
                    files.extend(emitted.into_values().map(|text| (path.clone(), text)));
                }
            }
            Err(found) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        return Err(Error::Diagnostics(errors));
    }
    for (path, text) in files {
        write(&path, &text)?;
    }
    Ok(warnings)
}

/// What checking an architecture gives: it and its warnings for every environment, or the findings.
pub type CheckedEntry = Result<(Vec<Checked>, Vec<Diagnostic>), Vec<Diagnostic>>;

/// Checks an architecture in every environment it is for.
///
/// # Errors
///
/// An option is given wrongly. Findings about the architecture are the inner result.
pub fn check_entry(entry: &Entry, options: &[(String, String)]) -> Result<CheckedEntry, Error> {
    let (all, found) =
        check_environments(entry, entry.environments, options).map_err(Error::Option)?;
    if found.iter().any(Diagnostic::is_error) {
        return Ok(Err(found));
    }
    Ok(Ok((all, found)))
}

/// Checks an architecture in some of its environments: what is right of it, and every finding once.
///
/// # Errors
///
/// An option is given wrongly.
pub fn check_environments(
    entry: &Entry,
    environments: &[Environment],
    options: &[(String, String)],
) -> Result<(Vec<Checked>, Vec<Diagnostic>), OptionError> {
    let mut all = Vec::new();
    let mut found = Vec::new();
    for environment in environments {
        match check(&(entry.build)(*environment, options)?) {
            Ok(checked) => {
                found.push((*environment, checked.diagnostics().to_vec()));
                all.push(checked);
            }
            Err(diagnostics) => found.push((*environment, diagnostics)),
        }
    }
    Ok((all, merge_environments(found, environments)))
}

/// The text of a source file, from the folder cargo builds in or a parent of it.
pub fn read_source(file: &str) -> Option<String> {
    std::fs::read_to_string(source_path(&std::env::current_dir().ok()?, file)?).ok()
}

/// Where a file is that rustc names: it names files of a workspace from the workspace's folder, so the
/// file is looked for in `folder` and in each folder above it.
pub fn source_path(folder: &Path, file: &str) -> Option<PathBuf> {
    folder.ancestors().map(|it| it.join(file)).find(|it| it.is_file())
}

/// Writes a file beside its place and renames it, so that no reader sees half of it.
fn write(path: &Path, text: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_path_buf(), source };
    if std::fs::read(path).is_ok_and(|it| it == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let aside = path.with_extension("json.new");
    std::fs::write(&aside, text).map_err(failed)?;
    std::fs::rename(&aside, path).map_err(failed)
}
