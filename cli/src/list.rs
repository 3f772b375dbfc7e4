//! `archgen list`: the architectures, their environments and options.

use archgen::Entry;
use serde_json::json;

use crate::arguments::{List, ListFormat, environment_names};
use crate::error::Error;
use crate::output::{self, Paint};

/// Prints the list.
pub fn run(arguments: &List, entries: &[Entry]) -> Result<(), Error> {
    output::stdout(&match arguments.format {
        ListFormat::Human => human(entries, Paint::stdout()),
        ListFormat::Names => entries.iter().map(|it| format!("{}\n", it.name)).collect(),
        ListFormat::Json => json(entries),
    })
}

fn human(entries: &[Entry], paint: Paint) -> String {
    let width = entries.iter().map(|it| it.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for entry in entries {
        let name = format!("{:width$}", entry.name);
        text += &format!("{}  {}\n", paint.bold(&name), entry.summary);
        text += &format!("{:width$}  environments: {}\n", "", environment_names(entry).join(", "));
        for option in entry.options {
            let usage = format!("--set {}=…", option.name);
            text += &format!("{:width$}  {}  {}\n", "", usage, paint.dim(option.doc));
        }
    }
    if entries.is_empty() {
        text += "no architectures\n";
    }
    text
}

fn json(entries: &[Entry]) -> String {
    let list: Vec<_> = entries
        .iter()
        .map(|entry| {
            let options: Vec<_> =
                entry.options.iter().map(|it| json!({ "name": it.name, "doc": it.doc })).collect();
            json!({
                "name": entry.name,
                "summary": entry.summary,
                "environments": environment_names(entry),
                "options": options,
                "source": entry.source,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(list))
}
