//! The command line: what may be given, and which architectures and environments it means.

use std::path::PathBuf;
use std::time::Duration;

use archgen::{Entry, Environment};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::error::Error;
use crate::isolation::IsolationArguments;
use crate::output::similar;
use crate::reach::arguments::Reach;

/// Describe AWS architectures in Rust; check, emit and deploy them.
#[derive(Debug, Parser)]
#[command(name = "archgen", version, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the architectures, their environments and options
    List(List),
    /// Check an architecture and write the files of a target
    Emit(Emit),
    /// Check an architecture, or the network of any template or Terraform module, and report what is wrong
    Check(Check),
    /// Explain a code such as AG0203; without one, list all codes
    Explain(Explain),
    /// List what a target cannot say, or says with a loss; with a name, what of it concerns an architecture
    Capabilities(Capabilities),
    /// Tell whether A reaches B, and why, before anything is deployed
    Reach(Box<Reach>),
    /// Prove that the tenants of an architecture's pools are apart, and say what that rests on
    Isolation(Box<IsolationArguments>),
    /// Deploy an architecture to AWS through a CloudFormation change set
    Deploy(Box<Deploy>),
    /// Change what `archgen.lock` has, by which what exists keeps its names and places
    #[command(subcommand)]
    Lock(LockCommand),
}

/// Where is kept what was emitted.
#[derive(Clone, Debug, Args)]
pub struct LockArguments {
    /// The file that keeps what was emitted; commit it
    #[arg(long, value_name = "FILE", default_value = archgen::lock::FILE)]
    pub lock: PathBuf,
    /// Neither read nor write that file: nothing is kept where it is
    #[arg(long, conflicts_with = "lock")]
    pub no_lock: bool,
}

#[derive(Debug, Subcommand)]
pub enum LockCommand {
    /// Forget declarations or tenants: they may go, or be made anew under these or other names
    Forget(Forget),
}

#[derive(Debug, Args)]
pub struct Forget {
    /// The declarations; of tenants `POOL.TENANT`, or `POOL.TENANT.PART` with `*` for any
    #[arg(required = true, value_name = "DECLARATION")]
    pub declarations: Vec<String>,
    /// The architecture; may be left out where the lock has only one
    #[arg(long = "arch", value_name = "NAME")]
    pub architecture: Option<String>,
    /// The environment; all when left out
    #[arg(long = "env", value_name = "ENV")]
    pub environment: Option<String>,
    /// The file that keeps what was emitted
    #[arg(long, value_name = "FILE", default_value = archgen::lock::FILE)]
    pub lock: PathBuf,
}

#[derive(Debug, Args)]
pub struct List {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table to read
    Human,
    /// One name a line
    Names,
    /// One JSON array
    Json,
}

/// Which architecture, in which environments, with which options.
#[derive(Debug, Args)]
pub struct Selection {
    /// The architecture; may be left out where only one exists
    pub name: Option<String>,
    /// The environment: development, staging, production or recovery
    #[arg(long = "env", value_name = "ENV")]
    pub environment: Option<String>,
    /// Set an option of the architecture
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub set: Vec<(String, String)>,
}

#[derive(Debug, Args)]
pub struct Emit {
    #[command(flatten)]
    pub selection: Selection,
    /// What is written
    #[arg(long, value_enum, default_value_t = Written::Cloudformation)]
    pub target: Written,
    /// The folder below which NAME/ENV/TARGET/ is written, and NAME/helm/
    #[arg(long, value_name = "DIR", required_unless_present = "stdout")]
    pub out: Option<PathBuf>,
    /// The format of a CloudFormation template
    #[arg(long, value_enum, default_value_t = TemplateFormat::Json)]
    pub format: TemplateFormat,
    /// Write nothing; fail when what is on disk differs
    #[arg(long, conflicts_with_all = ["stdout", "force"])]
    pub check: bool,
    /// Print what would be written instead of writing it
    #[arg(long, conflicts_with_all = ["out", "force"])]
    pub stdout: bool,
    /// Replace files that archgen did not write
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub lock: LockArguments,
    /// Write nothing if the lock would change, as in CI
    #[arg(long, conflicts_with = "no_lock")]
    pub locked: bool,
}

/// What `emit` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Written {
    /// An AWS CloudFormation template
    Cloudformation,
    /// A Terraform root module, in JSON syntax
    Terraform,
    /// A Helm chart, for all environments
    Helm,
    /// Every target, each in its own folder
    All,
}

impl Written {
    /// The targets.
    pub fn targets(self) -> &'static [archgen::Target] {
        match self {
            Written::Cloudformation => &[archgen::Target::CloudFormation],
            Written::Terraform => &[archgen::Target::Terraform],
            Written::Helm => &[archgen::Target::Helm],
            Written::All => archgen::Target::ALL,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TemplateFormat {
    Json,
    Yaml,
}

#[derive(Debug, Args)]
pub struct Check {
    /// An architecture, which may be left out where only one exists; or CloudFormation templates (files
    /// in JSON or YAML) and Terraform modules (folders, or files in them), each a network of its own
    #[arg(value_name = "NAME|FILE|FOLDER")]
    pub targets: Vec<String>,
    /// The environment of the architecture: development, staging, production or recovery
    #[arg(long = "env", value_name = "ENV")]
    pub environment: Option<String>,
    /// Set an option of the architecture
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub set: Vec<(String, String)>,
    /// Give a parameter of the templates, or a variable of the modules, a value
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
    /// Print how much of AWS's quotas is used, too
    #[arg(long)]
    pub quotas: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub format: CheckFormat,
    #[command(flatten)]
    pub lock: LockArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// With source lines, to read
    Human,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// The code, such as AG0203
    pub code: Option<String>,
}

#[derive(Debug, Args)]
pub struct Capabilities {
    #[command(flatten)]
    pub selection: Selection,
    /// Only this target: cloudformation or terraform
    #[arg(long, value_name = "TARGET", value_parser = written_target)]
    pub target: Option<archgen::Target>,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = CapabilitiesFormat::Human)]
    pub format: CapabilitiesFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CapabilitiesFormat {
    /// To read
    Human,
    /// One JSON array
    Json,
}

#[derive(Debug, Args)]
pub struct Deploy {
    #[command(flatten)]
    pub selection: Selection,
    /// The stack; NAME-ENV when left out
    #[arg(long, value_name = "STACK")]
    pub stack_name: Option<String>,
    /// Give a parameter of the template a value
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
    /// Use this AWS endpoint for every call
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// The S3 bucket through which a template over 51,200 bytes goes
    #[arg(long)]
    pub bucket: Option<String>,
    /// Deploy without asking
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub lock: LockArguments,
    /// How long to wait for AWS: 90s, 45min, 2h
    #[arg(long, value_name = "TIME", default_value = "60min", value_parser = duration)]
    pub timeout: Duration,
}

/// One architecture in the environments that were asked for.
#[derive(Clone, Copy)]
pub struct Selected<'a> {
    pub entry: &'a Entry,
    /// The environment of `--env`, or none for all.
    only: Option<Environment>,
}

impl Selected<'_> {
    /// The same architecture in every environment.
    pub fn everywhere(self) -> Self {
        Selected { only: None, ..self }
    }

    /// The environments that were asked for, in the architecture's own order.
    pub fn environments(&self) -> Vec<Environment> {
        match self.only {
            Some(environment) => vec![environment],
            None => self.entry.environments.to_vec(),
        }
    }

    /// The environment, for a command that works on just one.
    pub fn one_environment(&self, what: &'static str) -> Result<Environment, Error> {
        match self.environments().as_slice() {
            [one] => Ok(*one),
            _ => Err(Error::OneEnvironmentNeeded {
                what,
                architecture: self.entry.name.to_owned(),
                known: environment_names(self.entry),
            }),
        }
    }
}

impl Selection {
    /// Finds the architecture, its environments, and whether it has the options.
    pub fn resolve<'a>(&self, entries: &'a [Entry]) -> Result<Selected<'a>, Error> {
        let entry = self.entry(entries)?;
        let only = self.environment.as_deref().map(|name| environment(entry, name)).transpose()?;
        for (index, (option, _)) in self.set.iter().enumerate() {
            if !entry.options.iter().any(|it| it.name == option) {
                return Err(Error::UnknownOption {
                    architecture: entry.name.to_owned(),
                    option: option.clone(),
                    similar: similar(option, entry.options.iter().map(|it| it.name))
                        .map(str::to_owned),
                    known: entry.options.iter().map(|it| it.name.to_owned()).collect(),
                });
            }
            if self.set[..index].iter().any(|(earlier, _)| earlier == option) {
                return Err(Error::OptionTwice { option: option.clone() });
            }
        }
        Ok(Selected { entry, only })
    }

    fn entry<'a>(&self, entries: &'a [Entry]) -> Result<&'a Entry, Error> {
        let known = || entries.iter().map(|it| it.name.to_owned()).collect();
        match (&self.name, entries) {
            (None, []) => Err(Error::NoArchitectures),
            (None, [one]) => Ok(one),
            (None, _) => Err(Error::NameNeeded { known: known() }),
            (Some(name), _) => entries.iter().find(|it| it.name == name).ok_or_else(|| {
                Error::UnknownArchitecture {
                    name: name.clone(),
                    similar: similar(name, entries.iter().map(|it| it.name)).map(str::to_owned),
                    known: known(),
                }
            }),
        }
    }
}

fn environment(entry: &Entry, name: &str) -> Result<Environment, Error> {
    entry.environments.iter().copied().find(|it| it.as_str() == name).ok_or_else(|| {
        Error::UnknownEnvironment {
            architecture: entry.name.to_owned(),
            environment: name.to_owned(),
            similar: similar(name, entry.environments.iter().map(|it| it.as_str()))
                .or_else(|| {
                    entry
                        .environments
                        .iter()
                        .map(|it| it.as_str())
                        .find(|it| name.len() > 2 && it.starts_with(name))
                })
                .map(str::to_owned),
            known: environment_names(entry),
        }
    })
}

/// The names of the environments an architecture has.
pub fn environment_names(entry: &Entry) -> Vec<String> {
    entry.environments.iter().map(|it| it.as_str().to_owned()).collect()
}

/// Reads `name=value`.
pub fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        Some(_) | None => Err("expected `name=value`".to_owned()),
    }
}

/// A target by its name.
fn written_target(text: &str) -> Result<archgen::Target, String> {
    let all = archgen::Target::ALL;
    all.iter().copied().find(|it| it.as_str() == text).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|it| it.as_str()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "s" => 1,
        "min" | "m" => 60,
        "h" => 3600,
        _ => return Err("expected a number and a unit, such as `90s`, `45min` or `2h`".to_owned()),
    };
    let number: u64 =
        number.parse().map_err(|_| "expected a whole number before the unit".to_owned())?;
    match number.checked_mul(seconds) {
        Some(total @ 1..=604_800) => Ok(Duration::from_secs(total)),
        Some(_) | None => Err("expected a time between `1s` and `168h`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use archgen::{Architecture, OptionError, OptionInfo};

    use super::*;

    fn build(_: Environment, _: &[(String, String)]) -> Result<Architecture, OptionError> {
        unreachable!("choosing an architecture builds none")
    }

    fn entry(name: &'static str, environments: &'static [Environment]) -> Entry {
        Entry {
            name,
            summary: "",
            environments,
            options: &[OptionInfo { name: "cloudfront", doc: "" }],
            source: file!(),
            manifest_dir: env!("CARGO_MANIFEST_DIR"),
            build,
        }
    }

    fn selection(name: Option<&str>, environment: Option<&str>, set: &[(&str, &str)]) -> Selection {
        Selection {
            name: name.map(str::to_owned),
            environment: environment.map(str::to_owned),
            set: set.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        }
    }

    #[test]
    fn the_name_may_be_left_out_where_only_one_exists() {
        let one = [entry("a", Environment::ALL)];
        let two = [entry("a", Environment::ALL), entry("b", Environment::ALL)];
        assert_eq!(
            selection(None, None, &[]).resolve(&one).map(|it| it.entry.name).ok(),
            Some("a")
        );
        assert!(matches!(selection(None, None, &[]).resolve(&two), Err(Error::NameNeeded { .. })));
        assert!(matches!(selection(None, None, &[]).resolve(&[]), Err(Error::NoArchitectures)));
    }

    #[test]
    fn a_mistyped_name_gets_a_suggestion() {
        let entries = [entry("prod-infra", Environment::ALL)];
        let Err(Error::UnknownArchitecture { similar, .. }) =
            selection(Some("prod_infra"), None, &[]).resolve(&entries)
        else {
            panic!("the name is unknown");
        };
        assert_eq!(similar.as_deref(), Some("prod-infra"));
    }

    #[test]
    fn without_env_all_environments_are_meant_and_deploy_takes_one() {
        let entries = [entry("a", &[Environment::Staging, Environment::Production])];
        let all = selection(None, None, &[]).resolve(&entries).expect("it resolves");
        assert_eq!(all.environments(), [Environment::Staging, Environment::Production]);
        assert!(matches!(all.one_environment("`deploy`"), Err(Error::OneEnvironmentNeeded { .. })));
        let one = selection(None, Some("staging"), &[]).resolve(&entries).expect("it resolves");
        assert_eq!(one.one_environment("`deploy`").ok(), Some(Environment::Staging));
    }

    #[test]
    fn an_environment_the_architecture_lacks_is_refused() {
        let entries = [entry("a", &[Environment::Production])];
        assert!(matches!(
            selection(None, Some("staging"), &[]).resolve(&entries),
            Err(Error::UnknownEnvironment { .. })
        ));
        let Err(Error::UnknownEnvironment { similar, .. }) =
            selection(None, Some("prod"), &[]).resolve(&entries)
        else {
            panic!("`prod` is not an environment");
        };
        assert_eq!(similar.as_deref(), Some("production"));
    }

    #[test]
    fn options_must_exist_and_be_set_once() {
        let entries = [entry("a", Environment::ALL)];
        assert!(selection(None, None, &[("cloudfront", "true")]).resolve(&entries).is_ok());
        assert!(matches!(
            selection(None, None, &[("cloudfrount", "true")]).resolve(&entries),
            Err(Error::UnknownOption { similar: Some(_), .. })
        ));
        assert!(matches!(
            selection(None, None, &[("cloudfront", "a"), ("cloudfront", "b")]).resolve(&entries),
            Err(Error::OptionTwice { .. })
        ));
    }

    #[test]
    fn times_have_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        for wrong in ["", "5", "min", "0s", "99999999999999999999h", "1d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_may_hold_an_equals_sign_and_a_key_may_not_be_empty() {
        assert_eq!(key_value("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(key_value("=b").is_err());
        assert!(key_value("a").is_err());
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
