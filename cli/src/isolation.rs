//! `archgen isolation`: whether the tenants of a pool are apart, layer by layer, and what that rests on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use archgen::Entry;
use archgen::cloudformation::read::{Options, Source, tenants};
use archgen::core::Loc;
use archgen::core::isolation::{Broken, Cell, Facts, PoolReport, Verdict, prove};
use archgen::core::network::Model;
use archgen::core::resource::ResourceGraph;
use archgen::core::resource::tenancy::Isolation;
use archgen::core::tenant_fields::Layer;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::arguments::{LockArguments, Selection, key_value};
use crate::error::{EXIT_FINDINGS, Error};
use crate::output::{self, Paint, similar};
use crate::{findings, lock};

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
    /// Prove what is written in these CloudFormation templates instead, which together are the platform; whose
    /// everything is, the architecture says
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
        let text = match arguments.format {
            IsolationFormat::Human => human(&subject, report, pair.as_ref(), Paint::stdout()),
            IsolationFormat::Md => markdown(&subject, report, pair.as_ref()),
            IsolationFormat::Json => {
                json(selected.entry.name, environment.as_str(), report, pair.as_ref())
            }
        };
        output::stdout(&text)?;
    }
    let broken = reports.iter().any(PoolReport::is_broken);
    Ok(if broken { ExitCode::from(EXIT_FINDINGS) } else { ExitCode::SUCCESS })
}

/// What is proved of templates.
fn of_templates(
    paths: &[PathBuf],
    parameters: &[(String, String)],
    graph: &ResourceGraph,
) -> Result<Vec<PoolReport>, Error> {
    let mut texts: Vec<(&Path, String)> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|source| Error::File {
            verb: "read",
            path: path.clone(),
            source,
        })?;
        texts.push((path, text));
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

/// What a verdict is called in a table.
fn word(cell: &Cell) -> &'static str {
    match (&cell.verdict, cell.unknown.is_empty()) {
        (Verdict::Holds, true) => "holds",
        (Verdict::Holds, false) => "holds?",
        (Verdict::Broken(_), _) => "BROKEN",
        (Verdict::TrustBoundary(_), true) => "trusted",
        (Verdict::TrustBoundary(_), false) => "trusted?",
        (Verdict::NotClaimed, _) => "-",
    }
}

/// What is promised, in words.
fn promised(it: &Isolation) -> String {
    let mut all = vec![format!("compute {}", it.compute.as_str())];
    if let Some(database) = it.database {
        all.push(format!("database {}", database.as_str()));
    }
    let mut own: Vec<&str> = Vec::new();
    for layer in [Layer::Network, Layer::Secrets, Layer::Keys, Layer::Logs] {
        if it.claims(layer) {
            own.push(layer.as_str());
        }
    }
    if !own.is_empty() {
        all.push(format!("its own {}", own.join(", ")));
    }
    if it.routed {
        all.push("routed".to_string());
    }
    all.join("; ")
}

fn class_line(report: &PoolReport, number: usize) -> String {
    let class = &report.classes[number];
    let like = match class.count {
        1 => format!("`{}`", class.example),
        count => format!("`{}` and {} like it", class.example, count - 1),
    };
    format!("{like}: {}", promised(&class.isolation))
}

fn row_name(one: usize, other: usize) -> String {
    if one == other {
        format!("{0} × {0}", one + 1)
    } else {
        format!("{} × {}", one + 1, other + 1)
    }
}

fn summary(subject: &str, report: &PoolReport) -> String {
    format!(
        "pool `{}` of {subject}: {}, {}, {}",
        report.pool,
        output::count(report.tenants.len(), "tenant"),
        match report.classes.len() {
            1 => "1 class".to_string(),
            count => format!("{count} classes"),
        },
        if report.is_broken() {
            format!("{} broken", output::count(report.broken.len(), "promise"))
        } else {
            "everything that is promised holds".to_string()
        }
    )
}

/// The verdicts as rows of words: a header, then a row for each.
fn table(report: &PoolReport) -> Vec<Vec<String>> {
    let mut header = vec!["classes".to_string(), "pairs".to_string()];
    header.extend(Layer::ALL.iter().map(|it| it.as_str().to_string()));
    let mut rows = vec![header];
    for row in &report.rows {
        let mut cells = vec![row_name(row.one, row.other), row.pairs.to_string()];
        cells.extend(row.cells.iter().map(|it| word(it).to_string()));
        rows.push(cells);
    }
    rows
}

fn place(loc: Loc) -> String {
    if loc.is_known() { format!(" at {loc}") } else { String::new() }
}

fn broken_lines(it: &Broken) -> Vec<String> {
    let mut all = vec![format!("[{}] {}", it.code, it.message)];
    if let Some(culprit) = &it.culprit {
        all.push(format!("  by `{}`{}", culprit.resource, place(culprit.loc)));
    }
    all.push(format!("  tenant `{}`{}", it.tenant, place(it.loc)));
    all.extend(it.notes.iter().map(|it| format!("  {it}")));
    if it.count > 1 {
        all.push(format!("  {}", output::count(it.count as usize, "pair")));
    }
    all
}

/// A cell with what it rests on, as a title and lines.
fn proof(title: &str, cell: &Cell, report: &PoolReport) -> (String, Vec<String>) {
    let title = format!("{title} {}: {}", cell.layer.as_str(), cell.verdict.as_str());
    let mut lines: Vec<String> = Vec::new();
    if let Verdict::Broken(all) = &cell.verdict {
        for it in all {
            lines.push(format!("[{}] {}", report.broken[*it].code, report.broken[*it].message));
        }
    }
    lines.extend(cell.rests_on.iter().cloned());
    lines.extend(cell.unknown.iter().map(|it| format!("not known: {it}")));
    (title, lines)
}

fn proofs(report: &PoolReport, pair: Option<&Pair>) -> Vec<(String, Vec<String>)> {
    let claimed = |it: &&Cell| it.verdict != Verdict::NotClaimed;
    match pair {
        Some(it) => {
            let title = format!("`{}` × `{}`", it.one, it.other);
            it.cells.iter().map(|cell| proof(&title, cell, report)).collect()
        }
        None => report
            .rows
            .iter()
            .flat_map(|row| {
                let title = row_name(row.one, row.other);
                let cells = row.cells.iter().filter(claimed);
                cells.map(|cell| proof(&title, cell, report)).collect::<Vec<_>>()
            })
            .collect(),
    }
}

fn human(subject: &str, report: &PoolReport, pair: Option<&Pair>, paint: Paint) -> String {
    let headline = summary(subject, report);
    let mut text =
        if report.is_broken() { paint.red(&headline) } else { paint.bold(&headline) } + "\n\n";
    if pair.is_none() {
        for number in 0..report.classes.len() {
            text += &format!("  {}  {}\n", number + 1, class_line(report, number));
        }
        text.push('\n');
        let rows = table(report);
        let widths: Vec<usize> = (0..rows[0].len())
            .map(|at| rows.iter().map(|it| it[at].chars().count()).max().unwrap_or_default())
            .collect();
        for row in &rows {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| {
                    let padded = format!("{cell:width$}");
                    match cell.as_str() {
                        "BROKEN" => paint.red(&padded),
                        "holds" => paint.green(&padded),
                        _ => padded,
                    }
                })
                .collect();
            text += &format!("  {}\n", cells.join("  ").trim_end());
        }
        text.push('\n');
        for it in &report.broken {
            for (number, line) in broken_lines(it).into_iter().enumerate() {
                text += &format!("{}\n", if number == 0 { paint.red(&line) } else { line });
            }
            text.push('\n');
        }
    }
    for (title, lines) in proofs(report, pair) {
        text += &format!("{}\n", paint.bold(&title));
        for line in lines {
            text += &format!("  {} {line}\n", paint.blue("="));
        }
    }
    if pair.is_none() && !report.boundaries.is_empty() {
        text += &format!("\n{}\n", paint.bold("trusted:"));
        for it in &report.boundaries {
            let tenants = output::count(it.tenants.len(), "tenant");
            text += &format!("  {} {} ({tenants}): {}\n", paint.blue("="), it.name, it.why);
        }
    }
    if pair.is_none() && !report.unknown.is_empty() {
        text += &format!("\n{}\n", paint.bold("not known:"));
        for it in &report.unknown {
            text += &format!("  {} {}\n", paint.blue("="), it.what);
        }
    }
    text
}

fn markdown(subject: &str, report: &PoolReport, pair: Option<&Pair>) -> String {
    let mut text = format!("# Isolation of `{}`\n\n{}.\n\n", report.pool, summary(subject, report));
    if pair.is_none() {
        for number in 0..report.classes.len() {
            text += &format!("{}. {}\n", number + 1, class_line(report, number));
        }
        text.push('\n');
        for (number, row) in table(report).into_iter().enumerate() {
            text += &format!("| {} |\n", row.join(" | "));
            if number == 0 {
                text += &format!("|{}\n", "---|".repeat(row.len()));
            }
        }
        text.push('\n');
        if report.is_broken() {
            text += "## Broken\n\n";
            for it in &report.broken {
                let lines = broken_lines(it);
                text += &format!("- {}\n", lines.join("\n"));
            }
            text.push('\n');
        }
    }
    text += "## What it rests on\n\n";
    for (title, lines) in proofs(report, pair) {
        text += &format!("- {title}\n");
        for line in lines {
            text += &format!("  - {line}\n");
        }
    }
    if pair.is_none() && !report.boundaries.is_empty() {
        text += "\n## What is trusted\n\n";
        for it in &report.boundaries {
            let tenants = output::count(it.tenants.len(), "tenant");
            text += &format!("- {} ({tenants}): {}\n", it.name, it.why);
        }
    }
    if pair.is_none() && !report.unknown.is_empty() {
        text += "\n## What is not known\n\n";
        for it in &report.unknown {
            text += &format!("- {}\n", it.what);
        }
    }
    text
}

/// A pool as JSON; `docs/isolation.md` says what it holds.
#[derive(Serialize)]
struct JsonPool<'a> {
    architecture: &'a str,
    environment: &'a str,
    pool: &'a str,
    tenants: usize,
    holds: bool,
    classes: Vec<JsonClass<'a>>,
    rows: Vec<JsonRow<'a>>,
    broken: Vec<JsonBroken<'a>>,
    boundaries: Vec<JsonBoundary<'a>>,
    unknown: Vec<JsonUnknown<'a>>,
    pair: Option<JsonPair<'a>>,
}

#[derive(Serialize)]
struct JsonClass<'a> {
    tenants: Vec<&'a str>,
    compute: &'static str,
    database: Option<&'static str>,
    network: &'static str,
    secrets: &'static str,
    keys: &'static str,
    logs: &'static str,
    routed: bool,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    one: usize,
    other: usize,
    pairs: u64,
    cells: Vec<JsonCell<'a>>,
}

#[derive(Serialize)]
struct JsonCell<'a> {
    layer: &'static str,
    verdict: &'static str,
    broken: &'a [usize],
    boundaries: &'a [usize],
    rests_on: &'a [String],
    unknown: &'a [String],
}

#[derive(Serialize)]
struct JsonBroken<'a> {
    code: String,
    layers: Vec<&'static str>,
    culprit: Option<JsonCulprit<'a>>,
    message: &'a str,
    notes: &'a [String],
    tenant: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    pairs: &'a [(String, String)],
    count: u64,
}

#[derive(Serialize)]
struct JsonCulprit<'a> {
    resource: &'a str,
    declaration: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonBoundary<'a> {
    name: &'a str,
    why: &'a str,
    layers: Vec<&'static str>,
    tenants: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonUnknown<'a> {
    what: &'a str,
    layers: Vec<&'static str>,
    tenants: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonPair<'a> {
    one: &'a str,
    other: &'a str,
    cells: Vec<JsonCell<'a>>,
}

fn json_cell(cell: &Cell) -> JsonCell<'_> {
    let (broken, boundaries): (&[usize], &[usize]) = match &cell.verdict {
        Verdict::Broken(all) => (all, &[]),
        Verdict::TrustBoundary(all) => (&[], all),
        Verdict::Holds | Verdict::NotClaimed => (&[], &[]),
    };
    JsonCell {
        layer: cell.layer.as_str(),
        verdict: cell.verdict.as_str(),
        broken,
        boundaries,
        rests_on: &cell.rests_on,
        unknown: &cell.unknown,
    }
}

fn json(architecture: &str, environment: &str, report: &PoolReport, pair: Option<&Pair>) -> String {
    let names = |all: &[u32]| -> Vec<&str> {
        all.iter().map(|it| report.tenants[*it as usize].0.as_str()).collect()
    };
    let layers = |all: &std::collections::BTreeSet<Layer>| -> Vec<&'static str> {
        all.iter().map(|it| it.as_str()).collect()
    };
    let classes = report.classes.iter().enumerate().map(|(number, it)| JsonClass {
        tenants: report
            .tenants
            .iter()
            .filter(|it| it.1 == number)
            .map(|it| it.0.as_str())
            .collect(),
        compute: it.isolation.compute.as_str(),
        database: it.isolation.database.map(|it| it.as_str()),
        network: it.isolation.network.as_str(),
        secrets: it.isolation.secrets.as_str(),
        keys: it.isolation.keys.as_str(),
        logs: it.isolation.logs.as_str(),
        routed: it.isolation.routed,
    });
    let rows = report.rows.iter().map(|it| JsonRow {
        one: it.one,
        other: it.other,
        pairs: it.pairs,
        cells: it.cells.iter().map(json_cell).collect(),
    });
    let broken = report.broken.iter().map(|it| JsonBroken {
        code: it.code.to_string(),
        layers: layers(&it.layers),
        culprit: it.culprit.as_ref().map(|it| JsonCulprit {
            resource: &it.resource,
            declaration: &it.declaration,
            file: it.loc.file,
            line: it.loc.line,
            column: it.loc.column,
        }),
        message: &it.message,
        notes: &it.notes,
        tenant: &it.tenant,
        file: it.loc.file,
        line: it.loc.line,
        column: it.loc.column,
        pairs: &it.pairs,
        count: it.count,
    });
    let boundaries = report.boundaries.iter().map(|it| JsonBoundary {
        name: &it.name,
        why: &it.why,
        layers: layers(&it.layers),
        tenants: names(&it.tenants),
    });
    let unknown = report.unknown.iter().map(|it| JsonUnknown {
        what: &it.what,
        layers: layers(&it.layers),
        tenants: names(&it.tenants),
    });
    let pool = JsonPool {
        architecture,
        environment,
        pool: &report.pool,
        tenants: report.tenants.len(),
        holds: !report.is_broken(),
        classes: classes.collect(),
        rows: rows.collect(),
        broken: broken.collect(),
        boundaries: boundaries.collect(),
        unknown: unknown.collect(),
        pair: pair.map(|it| JsonPair {
            one: &it.one,
            other: &it.other,
            cells: it.cells.iter().map(json_cell).collect(),
        }),
    };
    let text = serde_json::to_string(&pool).expect("invariant: strings and numbers are JSON");
    format!("{text}\n")
}

#[cfg(test)]
#[path = "isolation_tests.rs"]
mod tests;
