//! `archgen capabilities`: what a target cannot say, or says with a loss, and what of it concerns an
//! architecture.

use std::process::ExitCode;

use archgen::capabilities::{self, Capability};
use archgen::core::declare::Kind;
use archgen::{Checked, Entry, Lock, Target};
use serde_json::json;

use crate::arguments::{Capabilities, CapabilitiesFormat};
use crate::error::{EXIT_FINDINGS, Error};
use crate::findings;
use crate::output::{self, Paint};

/// Prints the table, or what of it concerns an architecture.
pub fn run(arguments: &Capabilities, entries: &[Entry]) -> Result<ExitCode, Error> {
    let targets = match arguments.target {
        Some(it) => vec![it],
        None => Target::ALL.to_vec(),
    };
    if arguments.selection.name.is_none() {
        output::stdout(&match arguments.format {
            CapabilitiesFormat::Human => table(&targets, Paint::stdout()),
            CapabilitiesFormat::Json => table_json(&targets),
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let selected = arguments.selection.resolve(entries)?;
    let findings = findings::find(selected, &arguments.selection.set, &Lock::default())?;
    if findings.errors() > 0 {
        findings.print_to_stderr(selected.entry, "listed");
        return Ok(ExitCode::from(EXIT_FINDINGS));
    }
    let all = findings.checked.iter().map(|(_, checked)| checked);
    let all = all.flat_map(|checked| targets.iter().map(move |target| (checked, *target)));
    output::stdout(&match arguments.format {
        CapabilitiesFormat::Human => {
            let paint = Paint::stdout();
            let parts: Vec<String> =
                all.map(|(it, target)| architecture(it, target, paint)).collect();
            parts.join("\n")
        }
        CapabilitiesFormat::Json => {
            format!(
                "{:#}\n",
                all.map(|(it, target)| architecture_json(it, target))
                    .collect::<serde_json::Value>()
            )
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `rds_postgres!, redis!`.
fn macros(kinds: &[Kind]) -> String {
    let names: Vec<String> = kinds.iter().map(|it| format!("{}!", it.macro_name())).collect();
    names.join(", ")
}

fn rows(target: Target) -> impl Iterator<Item = &'static Capability> {
    capabilities::table().filter(move |it| it.target == target)
}

fn table(targets: &[Target], paint: Paint) -> String {
    let parts = targets.iter().map(|target| {
        let mut text = format!("{}\n", paint.bold(target.title()));
        for it in rows(*target) {
            text += &row(it, &macros(it.declarations), paint);
        }
        text + &format!("  full: {}\n", macros(&capabilities::full(*target)))
    });
    parts.collect::<Vec<String>>().join("\n")
}

/// One row for people; `of` is what it is about.
fn row(it: &Capability, of: &str, paint: Paint) -> String {
    let of = if of.is_empty() { String::new() } else { format!(" ({of})") };
    format!(
        "  {}: {}{of}\n      {}\n      {} {}\n      {}\n",
        it.support.as_str(),
        paint.bold(it.subject),
        it.why,
        paint.blue("instead:"),
        it.alternative,
        paint.dim(it.source),
    )
}

fn row_json(it: &Capability) -> serde_json::Value {
    json!({
        "target": it.target.as_str(),
        "declarations": it.declarations.iter().map(|it| it.macro_name()).collect::<Vec<_>>(),
        "subject": it.subject,
        "support": it.support.as_str(),
        "why": it.why,
        "alternative": it.alternative,
        "source": it.source,
    })
}

/// Every row, and one for each declaration that a target says in full.
fn table_json(targets: &[Target]) -> String {
    let mut all = Vec::new();
    for target in targets {
        all.extend(rows(*target).map(row_json));
        all.extend(capabilities::full(*target).iter().map(|kind| {
            json!({
                "target": target.as_str(),
                "declarations": [kind.macro_name()],
                "support": capabilities::Support::Full.as_str(),
            })
        }));
    }
    format!("{:#}\n", serde_json::Value::Array(all))
}

fn architecture(checked: &Checked, target: Target, paint: Paint) -> String {
    let title = format!("{} in {}: {}", checked.name(), checked.environment(), target.title());
    let mut text = format!("{}\n", paint.bold(&title));
    for it in rows(target) {
        if let Some(concerned) = it.concerns(checked.graph()) {
            let names: Vec<&str> = concerned.keys().map(String::as_str).collect();
            text += &row(it, &names.join(", "), paint);
        }
    }
    let types = capabilities::types(checked, target);
    if types.is_empty() {
        return text;
    }
    let total = types.values().sum::<usize>();
    let count = output::count(total, "resource");
    text += &format!("  {count} of {}\n", output::count(types.len(), "type"));
    let width = total.to_string().len();
    for (name, count) in &types {
        text += &format!("  {count:>width$}  {name}\n");
    }
    text
}

fn architecture_json(checked: &Checked, target: Target) -> serde_json::Value {
    let limits = rows(target).filter_map(|it| {
        let concerned = it.concerns(checked.graph())?;
        let mut row = row_json(it);
        row["concerns"] = concerned.keys().map(String::as_str).collect();
        Some(row)
    });
    json!({
        "architecture": checked.name(),
        "environment": checked.environment().as_str(),
        "target": target.as_str(),
        "limits": limits.collect::<Vec<_>>(),
        "types": capabilities::types(checked, target),
    })
}
