//! A command with one platform that has as many tenants as are asked for: for trying out what happens beyond the
//! limits of a template, and when tenants come and go. `crowd emit --set tenants=1000 --set compute=Pool --out out`.

use std::process::ExitCode;

#[path = "../../snapshots/src/crowd.rs"]
mod crowd;

fn main() -> ExitCode {
    archgen_cli::main(&[crowd::CROWD])
}
