//! The whole command: `cargo run -- emit --out out`, `cargo run -- check`, `cargo run -- deploy …`.

use std::process::ExitCode;

use own_command_example::ARCHITECTURES;

fn main() -> ExitCode {
    archgen_cli::main(ARCHITECTURES)
}
