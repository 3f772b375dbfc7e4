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

use std::cell::LazyCell;
use std::fmt;
use std::path::{Path, PathBuf};

use archgen_core::check::across;
use archgen_core::diagnostic::merge_environments;
use archgen_core::{Checked, Diagnostic, Environment};

use crate::files::{self, FileError};
use crate::lock::{self, Lock, LockError};
use crate::validate::{Mismatch, Proof};
use crate::{Entry, Files, OptionError, Target, check, cloudformation, helm, render, terraform};

/// Why nothing was emitted.
#[derive(Debug)]
pub enum Error {
    /// The architecture is wrong; every finding.
    Diagnostics(Vec<Diagnostic>),
    /// An option is given wrongly.
    Option(OptionError),
    /// archgen has a bug: what it would write is not what was checked.
    Mismatch(Box<Mismatch>),
    /// A file could not be written, or is not archgen's own.
    File(FileError),
    /// What was emitted before cannot be read, or not be written.
    Lock {
        /// The lock.
        path: PathBuf,
        /// Why.
        source: LockError,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Diagnostics(it) => f.write_str(&render::human(it, &read_source, false)),
            Error::Option(it) => it.fmt(f),
            Error::Mismatch(it) => write!(f, "{it}\n{}", it.details()),
            Error::File(it) => it.fmt(f),
            Error::Lock { path, source } => {
                write!(f, "{}: {source}", path.display())?;
                source.help().map_or(Ok(()), |it| write!(f, "\nhelp: {it}"))
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Diagnostics(_) => None,
            Error::Option(it) => Some(it),
            Error::Mismatch(it) => Some(it.as_ref()),
            Error::File(it) => Some(it),
            Error::Lock { source, .. } => Some(source),
        }
    }
}

/// Emits the CloudFormation template of every architecture and environment: [`emit_targets`] for
/// [`Target::CloudFormation`].
///
/// # Panics
///
/// Never; a failure ends the process with status 1, as cargo wants it of a build script.
pub fn emit(entries: &[Entry]) {
    emit_targets(entries, &[Target::CloudFormation]);
}

/// Emits the files of every architecture, environment and target under cargo's `OUT_DIR`, as
/// `NAME/ENVIRONMENT/cloudformation/template.json` (or `stacks.json` and `stacks/*.json`, where AWS's limits ask for
/// several), `NAME/ENVIRONMENT/terraform/*.tf.json` and the chart
/// `NAME/helm`. Fails the build with the rendered diagnostics if one is wrong, and tells cargo when to run
/// again.
///
/// What was emitted is kept in `archgen.lock` beside `Cargo.toml`, by which what exists keeps its names
/// and CIDR blocks: commit it. With the variable `ARCHGEN_LOCKED` set, as in CI, the build fails where
/// the lock would change.
///
/// ```no_run
/// # use archgen::prelude::*;
/// # #[architecture]
/// # fn shop(env: Environment) -> Architecture {
/// #     let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } };
/// # }
/// // build.rs
/// use archgen::Target;
///
/// fn main() {
///     archgen::build::emit_targets(&[SHOP], Target::ALL);
/// }
/// ```
///
/// # Panics
///
/// Never; a failure ends the process with status 1, as cargo wants it of a build script.
pub fn emit_targets(entries: &[Entry], targets: &[Target]) {
    let Some(out) = std::env::var_os("OUT_DIR") else {
        fail("`archgen::build` emits from `build.rs`: cargo's OUT_DIR is not set");
    };
    for entry in entries {
        if let Some(path) = source_path(Path::new(entry.manifest_dir), entry.source) {
            println(&format!("cargo:rerun-if-changed={}", path.display()));
        }
    }
    println("cargo:rerun-if-changed=build.rs");
    println("cargo:rerun-if-env-changed=ARCHGEN_LOCKED");
    let mut locks: Vec<(PathBuf, Vec<Entry>)> = Vec::new();
    for entry in entries {
        let path = Path::new(entry.manifest_dir).join(lock::FILE);
        match locks.iter_mut().find(|(it, _)| *it == path) {
            Some((_, all)) => all.push(*entry),
            None => locks.push((path, vec![*entry])),
        }
    }
    let locked = std::env::var_os("ARCHGEN_LOCKED").is_some_and(|it| !it.is_empty());
    let emitted: Result<Vec<Diagnostic>, Error> =
        locks.iter().try_fold(Vec::new(), |mut all, (path, entries)| {
            println(&format!("cargo:rerun-if-changed={}", path.display()));
            all.extend(emit_locked(entries, targets, Path::new(&out), path, locked)?);
            Ok(all)
        });
    match emitted {
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

/// Emits under `folder`, and only there, without a lock; gives the warnings. Nothing is written unless
/// every architecture is right in every environment.
///
/// # Errors
///
/// An architecture is wrong, a file cannot be written, or what would be written is not what was checked.
pub fn emit_to(
    entries: &[Entry],
    targets: &[Target],
    folder: &Path,
) -> Result<Vec<Diagnostic>, Error> {
    let (folders, warnings) = prepare(entries, targets, folder, &mut Lock::default())?;
    write(&folders)?;
    Ok(warnings)
}

/// Emits under `folder` over what the lock at `path` has, and records it there; with `locked` the lock
/// must not change. Gives the warnings.
///
/// # Errors
///
/// As [`emit_to`], or the lock cannot be used or would change.
pub fn emit_locked(
    entries: &[Entry],
    targets: &[Target],
    folder: &Path,
    path: &Path,
    locked: bool,
) -> Result<Vec<Diagnostic>, Error> {
    let failed = |source| Error::Lock { path: path.to_path_buf(), source };
    let before = Lock::read(path).map_err(failed)?;
    let mut lock = before.clone();
    let (folders, warnings) = prepare(entries, targets, folder, &mut lock)?;
    if locked && lock != before {
        return Err(failed(LockError::Locked));
    }
    write(&folders)?;
    lock.write(path).map_err(failed)?;
    Ok(warnings)
}

/// The folders with the files to write there, and the warnings.
type Prepared = (Vec<(PathBuf, Files)>, Vec<Diagnostic>);

/// Checks everything over a lock, which then has what will be emitted.
fn prepare(
    entries: &[Entry],
    targets: &[Target],
    folder: &Path,
    lock: &mut Lock,
) -> Result<Prepared, Error> {
    let mut folders = Vec::new();
    let mut warnings = Vec::new();
    let mut errors = Vec::new();
    for entry in entries {
        let (all, found) =
            check_over(entry, entry.environments, &[], lock).map_err(Error::Option)?;
        if found.iter().any(Diagnostic::is_error) {
            errors.extend(found);
            continue;
        }
        if targets.contains(&Target::CloudFormation) {
            // What was emitted before may leave no room.
            let refused: Vec<Diagnostic> =
                all.iter().flat_map(|it| cloudformation::stacks(it).problems().to_vec()).collect();
            if !refused.is_empty() {
                errors.extend(refused);
                continue;
            }
        }
        warnings.extend(found);
        let json = cloudformation::Format::Json;
        let written = self::folders(&all, entry.environments, targets, json)
            .map_err(|it| Error::Mismatch(Box::new(it)))?;
        let folder = folder.join(entry.name);
        folders.extend(written.into_iter().map(|it| (folder.join(it.path), it.files)));
        all.iter().for_each(|it| lock.record(it));
    }
    if errors.is_empty() { Ok((folders, warnings)) } else { Err(Error::Diagnostics(errors)) }
}

/// Writes the folders, none of them where one has somebody else's file in the way.
fn write(folders: &[(PathBuf, Files)]) -> Result<(), Error> {
    for (folder, files) in folders {
        files::refuse_foreign(folder, files).map_err(Error::File)?;
    }
    for (folder, files) in folders {
        files::write(folder, files).map_err(Error::File)?;
    }
    Ok(())
}

/// A folder that a target writes.
pub struct Written {
    /// Below the folder of the architecture: `production/terraform`, or `helm`, which is for all
    /// environments.
    pub path: PathBuf,
    /// The target.
    pub target: Target,
    /// What is in it.
    pub files: Files,
}

/// The folders of an architecture, read back and found to be what was checked. `all` is it in its
/// environments, in their order: a chart is for all of them, other targets are written for `environments`.
/// `format` is that of a CloudFormation template.
///
/// # Errors
///
/// They are not: archgen has a bug.
pub fn folders(
    all: &[Checked],
    environments: &[Environment],
    targets: &[Target],
    format: cloudformation::Format,
) -> Result<Vec<Written>, Mismatch> {
    let mut folders = Vec::new();
    for checked in all.iter().filter(|it| environments.contains(&it.environment())) {
        let proof = LazyCell::new(|| Proof::new(checked));
        for target in targets {
            let files = match target {
                Target::CloudFormation => cloudformation::files(checked, format),
                Target::Terraform => terraform::files(checked),
                Target::Helm => continue,
            };
            proof.holds(*target, &files)?;
            let path = Path::new(checked.environment().as_str()).join(target.as_str());
            folders.push(Written { path, target: *target, files });
        }
    }
    if targets.contains(&Target::Helm) {
        let files = helm::files(all);
        // Without services there is no chart.
        if !files.is_empty() {
            let path = PathBuf::from(Target::Helm.as_str());
            folders.push(Written { path, target: Target::Helm, files });
        }
    }
    Ok(folders)
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
    check_over(entry, environments, options, &Lock::default())
}

/// Checks an architecture in some of its environments over what it was there: what is right of it, and
/// every finding once.
///
/// # Errors
///
/// An option is given wrongly.
pub fn check_over(
    entry: &Entry,
    environments: &[Environment],
    options: &[(String, String)],
    lock: &Lock,
) -> Result<(Vec<Checked>, Vec<Diagnostic>), OptionError> {
    let mut all = Vec::new();
    let mut found = Vec::new();
    let mut architectures = Vec::new();
    for environment in entry.environments {
        architectures.push((entry.build)(*environment, options)?);
    }
    // Two environments may be wrong together of which only one is asked for.
    for (two, finding) in across::check(&architectures) {
        let asked = two.into_iter().find(|it| environments.contains(it));
        found.extend(asked.map(|it| (it, vec![finding])));
    }
    for mut architecture in architectures {
        let environment = architecture.environment;
        if !environments.contains(&environment) {
            continue;
        }
        if let Some(history) = lock.history(&architecture.name, environment) {
            architecture = architecture.with_history(history.clone());
        }
        match check(&architecture) {
            Ok(checked) => {
                found.push((environment, checked.diagnostics().to_vec()));
                all.push(checked);
            }
            Err(diagnostics) => found.push((environment, diagnostics)),
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
