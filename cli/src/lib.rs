//! The `archgen` command as a library, so that a crate with its own architectures gets it in one line.
//!
//! ```no_run
//! # const ARCHITECTURES: &[archgen::Entry] = &[];
//! fn main() -> std::process::ExitCode {
//!     archgen_cli::main(ARCHITECTURES)
//! }
//! ```
//!
//! The command is the only part of archgen that touches files, the terminal and AWS. One file per
//! subcommand: `list`, `check`, `emit`, `explain`, `capabilities`, `reach`, `isolation`, `lock` and `deploy`; `delegate` runs the
//! architectures of the crate in the current folder. What goes wrong is an `error::Error`, what is
//! wrong with an architecture a diagnostic.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod capabilities;
mod check;
mod codes;
mod delegate;
#[cfg(feature = "deploy")]
mod deploy;
mod emit;
mod error;
mod explain;
mod findings;
mod isolation;
mod list;
mod lock;
mod network;
mod output;
mod quotas;
mod reach;
mod source;
mod template;

use std::ffi::OsString;
use std::process::ExitCode;

use archgen::Entry;
use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::error::{EXIT_TOOL, Error};
use crate::output::Paint;

/// Runs the command on these architectures with the arguments of the process.
///
/// The exit code is 0 when all is well, 1 when the architecture has errors, the stack failed or
/// `--check` found a difference, and 2 when the command could not do its job.
pub fn main(entries: &[Entry]) -> ExitCode {
    match parse(std::env::args_os()) {
        Ok(arguments) => finish(run(&arguments, entries)),
        Err(code) => code,
    }
}

/// Runs the installed command: on the architectures of the crate in the current folder, or else on
/// those given.
pub fn main_installed(shipped: &[Entry]) -> ExitCode {
    let arguments = match parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let needs_architectures = match &arguments.command {
        Command::Explain(_) | Command::Lock(_) => false,
        Command::Capabilities(arguments) => arguments.selection.name.is_some(),
        Command::Reach(arguments) => arguments.is_about_architecture(),
        Command::Check(arguments) => !check::is_about_templates(&arguments.targets),
        Command::List(_) | Command::Emit(_) | Command::Isolation(_) | Command::Deploy(_) => true,
    };
    if needs_architectures {
        match delegate::run(std::env::args_os().skip(1).collect()) {
            Ok(Some(code)) => return code,
            Ok(None) => {}
            Err(error) => return finish(Err(error.into())),
        }
    }
    finish(run(&arguments, shipped))
}

/// The arguments, or the exit code after the help, the version or a usage error was printed.
fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Arguments, ExitCode> {
    Arguments::try_parse_from(arguments).map_err(|error| {
        // A reader that went away is no reason to fail.
        let _ = error.print();
        if error.use_stderr() { ExitCode::from(EXIT_TOOL) } else { ExitCode::SUCCESS }
    })
}

fn run(arguments: &Arguments, entries: &[Entry]) -> Result<ExitCode, Error> {
    match &arguments.command {
        Command::List(arguments) => list::run(arguments, entries).map(|()| ExitCode::SUCCESS),
        Command::Emit(arguments) => emit::run(arguments, entries),
        Command::Check(arguments) => check::run(arguments, entries),
        Command::Reach(arguments) => reach::run(arguments, entries),
        Command::Isolation(arguments) => isolation::run(arguments, entries),
        Command::Explain(arguments) => explain::run(arguments).map(|()| ExitCode::SUCCESS),
        Command::Capabilities(arguments) => capabilities::run(arguments, entries),
        Command::Lock(arguments) => lock::run(arguments).map(|()| ExitCode::SUCCESS),
        #[cfg(feature = "deploy")]
        Command::Deploy(arguments) => deploy::run(arguments, entries),
        #[cfg(not(feature = "deploy"))]
        Command::Deploy(_) => Err(Error::NoDeploy),
    }
}

fn finish(result: Result<ExitCode, Error>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(error) => {
            error.print(Paint::stderr());
            error.exit_code()
        }
    }
}
