//! Building a binary with cargo and finding where it is.

use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use super::manifest::Package;
use super::{Error, cargo};
use crate::output::{self, Paint};

/// Builds `binary` of the manifest and gives its path. Compiler messages go to standard error.
pub fn binary(package: &Package, manifest: &Path, binary: &str) -> Result<PathBuf, Error> {
    let format = if Paint::stderr().on { "json-diagnostic-rendered-ansi" } else { "json" };
    // On a terminal cargo shows its own progress, for a first build takes a while.
    let quiet = (!std::io::stderr().is_terminal()).then_some("--quiet");
    let mut child = cargo()
        .arg("build")
        .args(quiet)
        .args(["--bin", binary, "--message-format", format, "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(&package.target_directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| Error::Cargo { source })?;

    let mut result = Messages {
        binary,
        made: binary == super::shim::binary(package),
        executable: None,
        diagnostics: false,
        no_architectures: false,
    };
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some(rendered) = result.read(&line) {
                output::stderr(&rendered);
            }
        }
    }
    let status = child.wait().map_err(|source| Error::Cargo { source })?;
    let package = package.name.clone();
    match result.executable {
        Some(path) if status.success() => Ok(path),
        Some(_) | None if result.diagnostics => Err(Error::Diagnostics { package }),
        Some(_) | None if result.no_architectures => Err(Error::NoArchitectures { package }),
        Some(_) | None => Err(Error::Build { package }),
    }
}

/// What cargo's messages say.
struct Messages<'a> {
    binary: &'a str,
    /// The binary is one that was made for a library.
    made: bool,
    executable: Option<PathBuf>,
    /// An error has a code of archgen.
    diagnostics: bool,
    /// The made binary did not find `ARCHITECTURES`.
    no_architectures: bool,
}

impl Messages<'_> {
    /// Takes one line; gives what the compiler wants shown.
    fn read(&mut self, line: &str) -> Option<String> {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_binary = message["target"]["name"] == self.binary;
        match message["reason"].as_str()? {
            "compiler-artifact" => {
                if let (true, Some(path)) = (is_binary, message["executable"].as_str()) {
                    self.executable = Some(path.into());
                }
                None
            }
            "compiler-message" => {
                let text = message["message"]["message"].as_str().unwrap_or_default();
                if message["message"]["level"] == "error" {
                    self.diagnostics |= text.starts_with("[AG");
                    let missing = self.made && is_binary && text.contains("`ARCHITECTURES`");
                    self.no_architectures |= missing;
                    if missing {
                        return None; // about a file the user never wrote; our own message says it better
                    }
                }
                message["message"]["rendered"].as_str().map(str::to_owned)
            }
            _ => None,
        }
    }
}
