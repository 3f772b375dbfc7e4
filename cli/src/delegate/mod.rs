//! Running the architectures of the crate in the current folder.
//!
//! That crate is built and run with the same arguments, so the command is the same everywhere. A crate
//! with a binary that calls `archgen_cli::main` is run as it is; a library gets a binary made for it
//! under its target folder.

mod build;
mod manifest;
mod shim;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use self::manifest::{Runnable, Surroundings};
use crate::error::{EXIT_FINDINGS, EXIT_TOOL};
use crate::output;

/// Set for the process that is started, so that it never starts another one.
const GUARD: &str = "ARCHGEN_DELEGATED";

/// The crate in the current folder could not be run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The current folder is gone or may not be read.
    #[error("cannot tell the current folder")]
    CurrentFolder {
        /// Why.
        source: std::io::Error,
    },
    /// A manifest is not readable as a file.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A manifest is not TOML.
    #[error("`{}` is not a valid manifest", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: toml::de::Error,
    },
    /// `cargo` could not be started.
    #[error("cannot run `cargo`")]
    Cargo {
        /// Why.
        source: std::io::Error,
    },
    /// `cargo metadata` failed.
    #[error("`cargo metadata` failed: {message}")]
    Metadata {
        /// What it said.
        message: String,
    },
    /// `cargo metadata` wrote something unexpected.
    #[error("`cargo metadata` wrote something unexpected")]
    MetadataFormat {
        /// Why.
        source: serde_json::Error,
    },
    /// Several members of the workspace use archgen.
    #[error("several crates of this workspace use archgen")]
    SeveralCrates {
        /// Their names.
        known: Vec<String>,
    },
    /// The crate has several binaries.
    #[error("`{package}` has several binaries, and none is called `archgen`")]
    SeveralBinaries {
        /// The crate.
        package: String,
        /// Its binaries.
        known: Vec<String>,
    },
    /// The crate uses archgen in a way the command cannot run.
    #[error("`{package}` uses archgen, but has no architectures that the command can run")]
    NothingToRun {
        /// The crate.
        package: String,
    },
    /// The files of the made binary could not be written.
    #[error("cannot write `{}`", path.display())]
    Shim {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The crate has compile errors that archgen reported.
    #[error("`{package}` has errors")]
    Diagnostics {
        /// The crate.
        package: String,
    },
    /// The crate has other compile errors.
    #[error("`{package}` does not build")]
    Build {
        /// The crate.
        package: String,
    },
    /// The library does not say which architectures it has.
    #[error("the library `{package}` has no `ARCHITECTURES`")]
    NoArchitectures {
        /// The crate.
        package: String,
    },
    /// The built binary did not start.
    #[error("cannot run `{}`", path.display())]
    Run {
        /// The binary.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The command was started by itself.
    #[error("`archgen` was started by a binary that `archgen` started")]
    Again,
}

impl Error {
    /// The code `archgen explain` takes.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Error::CurrentFolder { .. }
            | Error::Read { .. }
            | Error::Manifest { .. }
            | Error::Cargo { .. }
            | Error::Metadata { .. }
            | Error::MetadataFormat { .. } => Some("AG0910"),
            Error::SeveralCrates { .. }
            | Error::SeveralBinaries { .. }
            | Error::NothingToRun { .. }
            | Error::NoArchitectures { .. } => Some("AG0911"),
            Error::Shim { .. } | Error::Run { .. } => Some("AG0907"),
            Error::Build { .. } => Some("AG0912"),
            Error::Again => Some("AG0913"),
            Error::Diagnostics { .. } => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Error::SeveralCrates { known } => Some(format!("go into the folder of one of {}", output::list(known))),
            Error::SeveralBinaries { known, .. } => {
                Some(format!("call one of {} `archgen`, or name it in `default-run`", output::list(known)))
            }
            Error::NothingToRun { .. } => Some(
                "make it a library with `pub const ARCHITECTURES: &[archgen::Entry]`, or give it a binary whose `main` is `archgen_cli::main(ARCHITECTURES)`"
                    .to_owned(),
            ),
            Error::NoArchitectures { .. } => {
                Some("add `pub const ARCHITECTURES: &[archgen::Entry] = &[…];` to its `lib.rs`".to_owned())
            }
            Error::Cargo { .. } => Some("install Rust, or set `CARGO` to the path of `cargo`".to_owned()),
            Error::Again => Some("call `archgen_cli::main` in the `main` of that binary".to_owned()),
            Error::CurrentFolder { .. }
            | Error::Read { .. }
            | Error::Manifest { .. }
            | Error::Metadata { .. }
            | Error::MetadataFormat { .. }
            | Error::Shim { .. }
            | Error::Diagnostics { .. }
            | Error::Build { .. }
            | Error::Run { .. } => None,
        }
    }

    /// 1 where it is the architecture that is wrong, else 2.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Diagnostics { .. } => EXIT_FINDINGS,
            Error::CurrentFolder { .. }
            | Error::Read { .. }
            | Error::Manifest { .. }
            | Error::Cargo { .. }
            | Error::Metadata { .. }
            | Error::MetadataFormat { .. }
            | Error::SeveralCrates { .. }
            | Error::SeveralBinaries { .. }
            | Error::NothingToRun { .. }
            | Error::NoArchitectures { .. }
            | Error::Shim { .. }
            | Error::Build { .. }
            | Error::Run { .. }
            | Error::Again => EXIT_TOOL,
        }
    }
}

/// Runs the architectures of the crate in the current folder.
///
/// `None` says that there is no such crate: nothing was built, and no `cargo` was started unless a
/// crate that might use archgen is there.
pub fn run(arguments: Vec<OsString>) -> Result<Option<ExitCode>, Error> {
    let folder = std::env::current_dir().map_err(|source| Error::CurrentFolder { source })?;
    let manifest = match manifest::surroundings(&folder)? {
        Surroundings::Archgen | Surroundings::NoCrate => return Ok(None),
        Surroundings::Crate(manifest) => manifest,
    };
    let Some(package) = manifest::package(&manifest)? else {
        return Ok(None);
    };
    if std::env::var_os(GUARD).is_some() {
        return Err(Error::Again);
    }
    let executable = match package.runnable()? {
        Runnable::Binary(name) => build::binary(&package, &package.manifest_path, &name)?,
        Runnable::Library => {
            build::binary(&package, &shim::write(&package)?, &shim::binary(&package))?
        }
    };
    let status = std::process::Command::new(&executable)
        .args(arguments)
        .env(GUARD, "1")
        .status()
        .map_err(|source| Error::Run { path: executable, source })?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(EXIT_TOOL);
    Ok(Some(ExitCode::from(code)))
}

/// The `cargo` to use.
fn cargo() -> std::process::Command {
    std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
