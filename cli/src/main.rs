//! The installed command: the crate of the current folder if it uses archgen, else the shipped blueprints.

use std::process::ExitCode;

fn main() -> ExitCode {
    archgen_cli::main_installed(archgen_blueprints::ARCHITECTURES)
}
