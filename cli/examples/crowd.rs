//! A command with one architecture that is as large as it is asked to be: for trying out what happens beyond the
//! limits of a template. `crowd emit --set services=80 --out out`.

use std::process::ExitCode;

#[path = "../../snapshots/src/crowd.rs"]
mod crowd;

fn main() -> ExitCode {
    archgen_cli::main(&[crowd::CROWD])
}
