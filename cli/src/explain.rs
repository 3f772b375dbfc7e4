//! `archgen explain`: the text behind a code, of a diagnostic or of the command itself.

use archgen::Code;

use crate::arguments::Explain;
use crate::codes;
use crate::error::Error;
use crate::output::{self, Paint, similar};

/// Prints one explanation, or the list of all codes.
pub fn run(arguments: &Explain) -> Result<(), Error> {
    let table = table();
    let Some(code) = &arguments.code else {
        let paint = Paint::stdout();
        let lines: String =
            table.iter().map(|it| format!("{}  {}\n", paint.bold(it.code), it.summary)).collect();
        return output::stdout(&lines);
    };
    match table.iter().find(|it| it.code.eq_ignore_ascii_case(code)) {
        Some(it) => {
            let explanation = it.explanation.trim_end();
            // An explanation may open with its own title.
            let title = if explanation.starts_with("# ") {
                String::new()
            } else {
                format!("# {}: {}\n\n", it.code, it.summary)
            };
            output::stdout(&format!("{title}{explanation}\n"))
        }
        None => Err(Error::UnknownCode {
            code: code.clone(),
            similar: similar(code, table.iter().map(|it| it.code)).map(str::to_owned),
        }),
    }
}

struct Row {
    code: &'static str,
    summary: &'static str,
    explanation: &'static str,
}

/// The codes of diagnostics and those of the command, sorted; one that both know is the diagnostics'.
fn table() -> Vec<Row> {
    let mut rows: Vec<Row> = Code::ALL
        .iter()
        .map(|it| Row { code: it.as_str(), summary: it.summary(), explanation: it.explanation() })
        .collect();
    for it in codes::ALL {
        if rows.iter().all(|row| row.code != it.code) {
            rows.push(Row { code: it.code, summary: it.summary, explanation: it.explanation });
        }
    }
    rows.sort_by_key(|row| row.code);
    rows
}
