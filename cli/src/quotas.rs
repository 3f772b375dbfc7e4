//! `archgen check --quotas`: how much of AWS's quotas a network uses, and what is left.

use archgen::core::check::network::quota::{Usage, usage};
use archgen::core::resource::ResourceGraph;
use serde::Serialize;

use crate::arguments::CheckFormat;
use crate::error::Error;
use crate::output::{self, Paint};

/// Prints the use of every quota, the tightest first. `network` says which network it is.
pub fn print(network: &str, graph: &ResourceGraph, format: CheckFormat) -> Result<(), Error> {
    let mut all = usage(graph);
    // Used shares without fractions: `a/b` before `c/d` where `a·d > c·b`.
    all.sort_by(|a, b| {
        (b.used * a.limit)
            .cmp(&(a.used * b.limit))
            .then_with(|| (&a.subject, a.quota).cmp(&(&b.subject, b.quota)))
    });
    // Several interfaces of one declaration say the same.
    let same =
        |a: &Usage, b: &Usage| (&a.subject, a.quota, a.used) == (&b.subject, b.quota, b.used);
    all.dedup_by(|a, b| same(a, b));
    match format {
        CheckFormat::Human => output::stdout(&table(network, &all, Paint::stdout())),
        CheckFormat::Json => {
            let lines: String = all.iter().map(|it| json_line(network, it)).collect();
            output::stdout(&lines)
        }
    }
}

fn table(network: &str, all: &[Usage], paint: Paint) -> String {
    let mut text = format!("quotas of `{network}`: used, of what AWS gives by default, and left\n");
    for it in all {
        let numbers = format!(
            "{:>7} of {:<7} {:>7} left",
            it.used,
            it.limit,
            it.limit.saturating_sub(it.used)
        );
        let numbers = if it.is_over() {
            paint.red(&numbers)
        } else if it.is_tight() {
            paint.bold(&numbers)
        } else {
            numbers
        };
        text += &format!("{numbers}  {}: {}\n", it.subject, it.quota.what());
    }
    text
}

/// The use of a quota as JSON.
#[derive(Serialize)]
struct JsonUsage<'a> {
    network: &'a str,
    subject: String,
    quota: String,
    used: usize,
    limit: usize,
    headroom: usize,
    most: Option<usize>,
}

fn json_line(network: &str, it: &Usage) -> String {
    let line = JsonUsage {
        network,
        subject: it.subject.replace('`', ""),
        quota: it.quota.what(),
        used: it.used,
        limit: it.limit,
        headroom: it.limit.saturating_sub(it.used),
        most: it.quota.most(),
    };
    let text = serde_json::to_string(&line).expect("invariant: strings and numbers are JSON");
    format!("{text}\n")
}
