//! What keeps the command from doing its job: one error enum, the code and the help of each error.
//!
//! A wrong architecture is not an `Error` but a list of diagnostics.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use archgen::OptionError;
use archgen::cloudformation::read::ReadError;
use archgen::files::FileError;
use archgen::lock::LockError;
use archgen::terraform::read::Error as ModuleError;
use archgen::validate::Mismatch;

use crate::output::{self, Paint};

/// What to do about a bug of archgen itself.
const MISMATCH: &str = "nothing was written, and nothing is wrong with your architecture: report \
                        these lines, with the declarations they name, where you have archgen from";

/// The architecture has errors, the stack failed, or `--check` found a difference.
pub const EXIT_FINDINGS: u8 = 1;
/// The command could not do its job.
pub const EXIT_TOOL: u8 = 2;

/// Layers of the AWS SDK that say nothing of their own.
const SILENT_LAYERS: [&str; 4] = ["dispatch failure", "io error", "other", "service error"];

/// How many names of sides an error lists.
const SIDES_SHOWN: usize = 20;

/// The command could not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no architecture is called `{name}`")]
    UnknownArchitecture { name: String, similar: Option<String>, known: Vec<String> },
    #[error("there are no architectures here")]
    NoArchitectures,
    #[error("{} architectures exist, so a name is needed", known.len())]
    NameNeeded { known: Vec<String> },
    #[error("`{architecture}` has no environment `{environment}`")]
    UnknownEnvironment {
        architecture: String,
        environment: String,
        similar: Option<String>,
        known: Vec<String>,
    },
    #[error("{what} needs exactly one environment, and `{architecture}` has {}", known.len())]
    OneEnvironmentNeeded { what: &'static str, architecture: String, known: Vec<String> },
    #[error("`{architecture}` has no option `{option}`")]
    UnknownOption {
        architecture: String,
        option: String,
        similar: Option<String>,
        known: Vec<String>,
    },
    #[error("`{architecture}` has no services, of which a chart is made")]
    NothingToWrite { architecture: String },
    #[error("the option `{option}` is set twice")]
    OptionTwice { option: String },
    #[error("`{architecture}` does not take these options")]
    Option { architecture: String, source: OptionError },
    #[error("`{}` was not written by archgen", path.display())]
    ForeignFile { path: PathBuf },
    #[error("cannot {verb} `{}`", path.display())]
    File { verb: &'static str, path: PathBuf, source: io::Error },
    #[error("`{}` cannot be used", path.display())]
    Lock { path: PathBuf, source: LockError },
    #[error("`{}` has no declaration `{declaration}`", path.display())]
    NotInLock { path: PathBuf, declaration: String, similar: Option<String>, known: Vec<String> },
    #[error("cannot write to standard output")]
    Output { source: io::Error },
    #[error("nothing is called `{name}`")]
    UnknownSide { name: String, similar: Option<String>, known: Vec<String> },
    #[error("`{side}` is about {family}, and {other} is asked about")]
    Families { side: String, family: &'static str, other: &'static str },
    #[error("only TCP and UDP have ports")]
    PortsOfProtocol,
    #[error("`{}` is no architecture: it has neither environments nor options", path.display())]
    NotOfTemplates { path: PathBuf },
    #[error("{} is checked by itself", output::list(names))]
    OneArchitecture { names: Vec<String> },
    #[error("two tenants are compared")]
    TwoTenants,
    #[error("`--param` is for templates and Terraform modules")]
    ParametersOfTemplates,
    #[error("the parameter `{parameter}` is given twice")]
    ParameterTwice { parameter: String },
    #[error("`{}` cannot be read as a template", path.display())]
    Template { path: PathBuf, source: ReadError },
    #[error("`{}` cannot be read as a list of stacks", path.display())]
    Manifest { path: PathBuf, source: serde_json::Error },
    #[error("`{}` cannot be read as a Terraform module", path.display())]
    Module { path: PathBuf, source: ModuleError },
    #[error(transparent)]
    Mismatch(#[from] Box<Mismatch>),
    #[error("no code `{code}` exists")]
    UnknownCode { code: String, similar: Option<String> },
    #[error(transparent)]
    Delegate(#[from] crate::delegate::Error),
    #[cfg(feature = "deploy")]
    #[error(transparent)]
    Deploy(#[from] crate::deploy::Error),
    #[cfg(not(feature = "deploy"))]
    #[error("this command was built without `deploy`")]
    NoDeploy,
}

impl Error {
    /// The code `archgen explain` takes.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Error::UnknownArchitecture { .. } | Error::NoArchitectures => "AG0904",
            Error::NameNeeded { .. } => "AG0902",
            Error::NothingToWrite { .. } => "AG0702",
            Error::UnknownEnvironment { .. } | Error::OneEnvironmentNeeded { .. } => "AG0903",
            Error::UnknownOption { .. } | Error::OptionTwice { .. } | Error::Option { .. } => {
                "AG0901"
            }
            Error::ForeignFile { .. } => "AG0905",
            Error::File { .. } => "AG0907",
            Error::Lock { .. } => "AG0909",
            Error::NotInLock { .. } => "AG0941",
            Error::UnknownCode { .. } => "AG0908",
            Error::UnknownSide { .. } => "AG0931",
            Error::Families { .. }
            | Error::PortsOfProtocol
            | Error::NotOfTemplates { .. }
            | Error::OneArchitecture { .. }
            | Error::TwoTenants
            | Error::ParametersOfTemplates => "AG0932",
            Error::ParameterTwice { .. }
            | Error::Template {
                source: ReadError::NoSuchParameter { .. } | ReadError::ParameterValue { .. },
                ..
            }
            | Error::Module {
                source: ModuleError::NoSuchParameter { .. } | ModuleError::ParameterValue { .. },
                ..
            } => "AG0921",
            Error::Template { .. } | Error::Manifest { .. } | Error::Module { .. } => "AG0933",
            Error::Mismatch(_) => "AG0940",
            Error::Output { .. } => return None,
            Error::Delegate(error) => error.code()?,
            #[cfg(feature = "deploy")]
            Error::Deploy(error) => error.code()?,
            #[cfg(not(feature = "deploy"))]
            Error::NoDeploy => "AG0930",
        })
    }

    /// What to do about it, when that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Error::UnknownArchitecture { similar, known, .. }
            | Error::UnknownEnvironment { similar, known, .. }
            | Error::UnknownOption { similar, known, .. } => match similar {
                Some(similar) => Some(format!("did you mean `{similar}`?")),
                None if known.is_empty() => Some("it has none".to_owned()),
                None => Some(format!("there is {}", output::list(known))),
            },
            Error::NoArchitectures => {
                Some("put each `#[architecture]` function into `ARCHITECTURES`".to_owned())
            }
            Error::NameNeeded { known } => Some(format!("name one of {}", output::list(known))),
            Error::OneEnvironmentNeeded { known, .. } => {
                Some(format!("pass `--env` with one of {}", output::list(known)))
            }
            Error::NothingToWrite { .. } => {
                Some("declare an `ecs_service!`, or emit another target".to_owned())
            }
            Error::OptionTwice { .. } => Some("pass `--set` once for each option".to_owned()),
            Error::Option { source, .. } => {
                source.help.clone().or_else(|| Some("`archgen list` shows the options".to_owned()))
            }
            Error::ForeignFile { .. } => Some(
                "move it away, write elsewhere with `--out`, or replace it with `--force`"
                    .to_owned(),
            ),
            Error::Lock { source, .. } => source.help().map(str::to_owned),
            Error::NotInLock { similar: Some(similar), .. } => {
                Some(format!("did you mean `{similar}`?"))
            }
            Error::NotInLock { known, .. } if known.is_empty() => {
                Some("nothing is in it under that architecture and environment".to_owned())
            }
            Error::NotInLock { known, .. } => Some(format!("there is {}", output::list(known))),
            Error::UnknownCode { similar, .. } => Some(match similar {
                Some(similar) => format!("did you mean `{similar}`?"),
                None => "`archgen explain` lists all codes".to_owned(),
            }),
            Error::UnknownSide { similar: Some(similar), .. } => {
                Some(format!("did you mean `{similar}`?"))
            }
            Error::UnknownSide { known, .. } => {
                let some = &known[..known.len().min(SIDES_SHOWN)];
                let more = match known.len() - some.len() {
                    0 => String::new(),
                    more => format!("; {more} more"),
                };
                let there = format!(
                    "there is {}{more}; blocks such as `10.0.0.0/16` too",
                    output::list(some)
                );
                Some(there)
            }
            Error::Families { .. } => {
                Some("ask about sides of one family, `--ipv6` for IPv6".to_owned())
            }
            Error::PortsOfProtocol => {
                Some("leave out `--port`, or ask about `--protocol tcp` or `udp`".to_owned())
            }
            Error::NotOfTemplates { .. } => {
                Some("leave out `--env` and `--set`; `--param` gives parameters values".to_owned())
            }
            Error::OneArchitecture { .. } => Some(
                "name one architecture, or any number of templates and Terraform modules"
                    .to_owned(),
            ),
            Error::TwoTenants => Some("give `--tenant` twice, with two keys".to_owned()),
            Error::ParametersOfTemplates => {
                Some("`--set` sets the options of an architecture".to_owned())
            }
            Error::ParameterTwice { .. } => {
                Some("pass `--param` once for each parameter".to_owned())
            }
            Error::Mismatch(_) => Some(MISMATCH.to_owned()),
            Error::Template { .. }
            | Error::Manifest { .. }
            | Error::Module { .. }
            | Error::File { .. }
            | Error::Output { .. } => None,
            Error::Delegate(error) => error.help(),
            #[cfg(feature = "deploy")]
            Error::Deploy(error) => error.help(),
            #[cfg(not(feature = "deploy"))]
            Error::NoDeploy => Some("build `archgen-cli` with its feature `deploy`".to_owned()),
        }
    }

    /// 2, except where the stack or the architecture is what failed.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Error::Delegate(error) => error.exit_code(),
            #[cfg(feature = "deploy")]
            Error::Deploy(error) => error.exit_code(),
            #[cfg(not(feature = "deploy"))]
            Error::NoDeploy => EXIT_TOOL,
            Error::UnknownArchitecture { .. }
            | Error::NoArchitectures
            | Error::NameNeeded { .. }
            | Error::UnknownEnvironment { .. }
            | Error::OneEnvironmentNeeded { .. }
            | Error::UnknownOption { .. }
            | Error::OptionTwice { .. }
            | Error::NothingToWrite { .. }
            | Error::Option { .. }
            | Error::ForeignFile { .. }
            | Error::File { .. }
            | Error::Lock { .. }
            | Error::NotInLock { .. }
            | Error::Output { .. }
            | Error::UnknownCode { .. }
            | Error::UnknownSide { .. }
            | Error::Families { .. }
            | Error::PortsOfProtocol
            | Error::NotOfTemplates { .. }
            | Error::OneArchitecture { .. }
            | Error::ParametersOfTemplates
            | Error::TwoTenants
            | Error::ParameterTwice { .. }
            | Error::Template { .. }
            | Error::Manifest { .. }
            | Error::Module { .. }
            | Error::Mismatch(_) => EXIT_TOOL,
        })
    }

    /// Prints the error the way diagnostics are printed: message, place, causes, help.
    pub fn print(&self, paint: Paint) {
        let code = self.code().map(|code| format!(" [{code}]")).unwrap_or_default();
        let mut text = format!(
            "{}{} {}\n",
            paint.red("error:"),
            paint.bold(&code),
            paint.bold(&self.to_string())
        );
        text += &self.excerpt(paint);
        let mut cause = self.source();
        let mut last = self.to_string();
        while let Some(error) = cause {
            // Many libraries repeat the text of the error below in their own.
            let message = error.to_string();
            if !last.contains(&message) && !SILENT_LAYERS.contains(&message.as_str()) {
                text += &format!("  {} cause: {message}\n", paint.blue("="));
            }
            last = message;
            cause = error.source();
        }
        if let Some(help) = self.help() {
            text += &format!("  {} help: {help}\n", paint.blue("="));
        }
        output::stderr(&text);
    }

    #[cfg(feature = "deploy")]
    fn excerpt(&self, paint: Paint) -> String {
        match self {
            Error::Deploy(error) => error.excerpt(paint),
            Error::UnknownArchitecture { .. }
            | Error::NoArchitectures
            | Error::NameNeeded { .. }
            | Error::UnknownEnvironment { .. }
            | Error::OneEnvironmentNeeded { .. }
            | Error::UnknownOption { .. }
            | Error::OptionTwice { .. }
            | Error::NothingToWrite { .. }
            | Error::Option { .. }
            | Error::ForeignFile { .. }
            | Error::File { .. }
            | Error::Lock { .. }
            | Error::NotInLock { .. }
            | Error::Output { .. }
            | Error::UnknownCode { .. }
            | Error::UnknownSide { .. }
            | Error::Families { .. }
            | Error::PortsOfProtocol
            | Error::NotOfTemplates { .. }
            | Error::OneArchitecture { .. }
            | Error::ParametersOfTemplates
            | Error::TwoTenants
            | Error::ParameterTwice { .. }
            | Error::Template { .. }
            | Error::Manifest { .. }
            | Error::Module { .. }
            | Error::Delegate(_) => String::new(),
            Error::Mismatch(it) => it.details(),
        }
    }

    #[cfg(not(feature = "deploy"))]
    fn excerpt(&self, _paint: Paint) -> String {
        if let Error::Mismatch(it) = self { it.details() } else { String::new() }
    }
}

impl From<FileError> for Error {
    fn from(it: FileError) -> Error {
        match it {
            FileError::Foreign { path } => Error::ForeignFile { path },
            FileError::Io { verb, path, source } => Error::File { verb, path, source },
        }
    }
}
