//! The report as a table with what it rests on, for terminals and in Markdown.

use archgen::core::Loc;
use archgen::core::isolation::capacity::Room;
use archgen::core::isolation::{Broken, Cell, PoolReport, Verdict};
use archgen::core::resource::tenancy::Isolation;
use archgen::core::tenant_fields::Layer;

use super::Pair;
use crate::output::{self, Paint};

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
pub(super) fn table(report: &PoolReport) -> Vec<Vec<String>> {
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

pub(super) fn human(
    subject: &str,
    report: &PoolReport,
    rooms: &[Room],
    pair: Option<&Pair>,
    paint: Paint,
) -> String {
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
    if pair.is_none() && !rooms.is_empty() {
        text += &format!("\n{}\n", paint.bold("room for more, by AWS's default limits:"));
        for it in rooms {
            let line = room_line(it);
            text += &format!(
                "  {} {}\n",
                paint.blue("="),
                if it.left() == 0 { paint.red(&line) } else { line }
            );
        }
    }
    text
}

/// `rules of the load balancer edge: 41 of 100, 59 left; not enough for 100 tenants`.
fn room_line(it: &Room) -> String {
    let end = match it.breaks_at() {
        Some(at) => format!(
            "; not enough for {}",
            output::count(usize::try_from(at).unwrap_or(usize::MAX), "tenant")
        ),
        None => String::new(),
    };
    format!("{}: {} of {}, {} left{end}", it.what, it.used, it.limit, it.left())
}

pub(super) fn markdown(
    subject: &str,
    report: &PoolReport,
    rooms: &[Room],
    pair: Option<&Pair>,
) -> String {
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
    if pair.is_none() && !rooms.is_empty() {
        text += "\n## Room for more\n\n| | used | of | left | not enough for |\n|---|---|---|---|---|\n";
        for it in rooms {
            let at = it.breaks_at().map_or_else(String::new, |it| format!("{it} tenants"));
            text += &format!(
                "| [{}]({}) | {} | {} | {} | {at} |\n",
                it.what,
                it.source,
                it.used,
                it.limit,
                it.left()
            );
        }
    }
    text
}
