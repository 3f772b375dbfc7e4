//! `archgen isolation`: whether the tenants of a pool are apart, layer by layer, and what that rests on.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use archgen::cloudformation::read::{Options, Source, tenants};
use archgen::core::isolation::capacity::{Room, capacity, tightest_first};
use archgen::core::isolation::{Cell, Facts, PoolReport, prove};
use archgen::core::network::Model;
use archgen::core::resource::ResourceGraph;
use archgen::core::resource::tenancy::Tenancy;
use archgen::{Checked, Entry, cloudformation};
use clap::{Args, ValueEnum};

use crate::arguments::{LockArguments, Selection, key_value};
use crate::error::{EXIT_FINDINGS, Error};
use crate::output::{self, Paint, similar};
use crate::{findings, lock, template};

mod json;
mod text;

use json::json;
use text::{human, markdown};

const EXAMPLES: &str = "\
Examples:
  archgen isolation shop --env production
  archgen isolation shop --env production --tenant acme --tenant globex
  archgen isolation shop --env production --template shop.template.json --format json

Exit codes: 0 everything that is promised holds, 1 something does not or the architecture has errors,
2 the command could not do its job.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct IsolationArguments {
    #[command(flatten)]
    pub selection: Selection,
    /// Only these two tenants, each verdict with what it rests on
    #[arg(long = "tenant", value_name = "KEY")]
    pub tenants: Vec<String>,
    /// Prove what is written in these CloudFormation templates instead, which together are the platform, or in the
    /// folder of several stacks; whose everything is, the architecture says
    #[arg(long = "template", value_name = "FILE", num_args = 1..)]
    pub templates: Vec<PathBuf>,
    /// Give a parameter of the templates a value
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = IsolationFormat::Human)]
    pub format: IsolationFormat,
    #[command(flatten)]
    pub lock: LockArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IsolationFormat {
    /// A table with what it rests on, to read
    Human,
    /// One JSON object for each pool
    Json,
    /// The same as `human`, in Markdown
    Md,
}

/// Proves the pools of an architecture and prints what is proved.
pub fn run(arguments: &IsolationArguments, entries: &[Entry]) -> Result<ExitCode, Error> {
    let selected = arguments.selection.resolve(entries)?;
    selected.one_environment("`isolation`")?;
    if arguments.templates.is_empty() && !arguments.parameters.is_empty() {
        return Err(Error::ParametersOfTemplates);
    }
    let lock = lock::read(&arguments.lock)?;
    let findings = findings::find(selected, &arguments.selection.set, &lock)?;
    let Some((environment, checked)) = findings.checked.first().filter(|_| findings.errors() == 0)
    else {
        findings.print_to_stderr(selected.entry, "proved");
        return Ok(ExitCode::from(EXIT_FINDINGS));
    };
    let reports = if arguments.templates.is_empty() {
        prove(&Facts::of(checked.graph()), Some(&Model::new(checked.graph())))
    } else {
        of_templates(&arguments.templates, &arguments.parameters, checked.graph())?
    };
    let subject = format!("`{}` in {}", selected.entry.name, environment.as_str());
    if reports.is_empty() {
        output::stderr(&format!(
            "{} {subject} has no pool of tenants\n",
            Paint::stderr().bold("note:")
        ));
        return Ok(ExitCode::SUCCESS);
    }
    for report in &reports {
        let pair = pair(report, &arguments.tenants)?;
        let tenancy = checked.graph().tenancies.get(&report.pool);
        let rooms = tenancy.map(|it| rooms(checked, it)).unwrap_or_default();
        let text = match arguments.format {
            IsolationFormat::Human => {
                human(&subject, report, &rooms, pair.as_ref(), Paint::stdout())
            }
            IsolationFormat::Md => markdown(&subject, report, &rooms, pair.as_ref()),
            IsolationFormat::Json => {
                json(selected.entry.name, environment.as_str(), report, &rooms, pair.as_ref())
            }
        };
        output::stdout(&text)?;
    }
    let broken = reports.iter().any(PoolReport::is_broken);
    Ok(if broken { ExitCode::from(EXIT_FINDINGS) } else { ExitCode::SUCCESS })
}

/// What a pool uses of limits, what breaks first at the top.
fn rooms(checked: &Checked, pool: &Tenancy) -> Vec<Room> {
    let mut all = capacity(checked.graph(), pool);
    all.extend(cloudformation::stacks(checked).room(pool));
    tightest_first(all)
}

/// What is proved of templates.
fn of_templates(
    paths: &[PathBuf],
    parameters: &[(String, String)],
    graph: &ResourceGraph,
) -> Result<Vec<PoolReport>, Error> {
    let mut texts: Vec<(PathBuf, String)> = Vec::new();
    for path in paths {
        texts.extend(template::texts(path)?);
    }
    let sources: Vec<Source<'_>> = texts.iter().map(|(path, text)| Source { path, text }).collect();
    let options = Options {
        parameters: parameters.iter().cloned().collect::<BTreeMap<String, String>>(),
        load: &|path| std::fs::read_to_string(path).map_err(|error| error.to_string()),
        ..Default::default()
    };
    let mut read = tenants(&sources, &options).map_err(|source| Error::Template {
        path: paths.first().cloned().unwrap_or_default(),
        source,
    })?;
    read.owned_as_in(graph);
    Ok(prove(&read.facts, Some(&Model::new(&read.graph))))
}

/// Two tenants with their verdicts.
struct Pair {
    one: String,
    other: String,
    cells: Vec<Cell>,
}

fn pair(report: &PoolReport, tenants: &[String]) -> Result<Option<Pair>, Error> {
    let [one, other] = tenants else {
        return match tenants {
            [] => Ok(None),
            _ => Err(Error::TwoTenants),
        };
    };
    let number = |key: &String| {
        let known: Vec<String> = report.tenants.iter().map(|it| it.0.clone()).collect();
        report.tenant(key).ok_or_else(|| Error::UnknownSide {
            name: key.clone(),
            similar: similar(key, known.iter().map(String::as_str)).map(str::to_owned),
            known,
        })
    };
    let (a, b) = (number(one)?, number(other)?);
    if a == b {
        return Err(Error::TwoTenants);
    }
    Ok(Some(Pair { one: one.clone(), other: other.clone(), cells: report.pair(a, b) }))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
