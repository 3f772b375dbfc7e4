//! `archgen reach`: who reaches whom, before anything is deployed, and why.
//!
//! | Step | Module |
//! |---|---|
//! | what may be asked | `arguments` |
//! | the question, port by port, and its answers | `question` |
//! | an answer to read: the path as a column of hops | `human` |
//! | an answer as JSON, by `docs/reach.schema.json` | `json` |
//! | all pairs, as a table or as JSON | `all` |

mod all;
pub mod arguments;
mod human;
mod json;
mod question;

use std::process::ExitCode;

use archgen::Entry;
use archgen::core::network::{Answer, Relation};

use self::arguments::{Expect, Reach, ReachFormat};
use self::question::word;
use crate::error::{EXIT_FINDINGS, Error};
use crate::network;
use crate::output::{self, Paint};

/// The JSON Schema of what `--format json` prints.
pub const SCHEMA: &str = include_str!("reach.schema.json");

/// Answers the question, or prints the whole relation.
pub fn run(arguments: &Reach, entries: &[Entry]) -> Result<ExitCode, Error> {
    if arguments.schema {
        return output::stdout(SCHEMA).map(|()| ExitCode::SUCCESS);
    }
    let Some(network) = network::load(arguments, entries)? else {
        return Ok(ExitCode::from(EXIT_FINDINGS));
    };
    let model = &network.model;
    if arguments.all {
        let relation = Relation::new(model);
        match arguments.format {
            ReachFormat::Json => all::json(model, &relation)?,
            ReachFormat::Human => all::human(model, &relation, Paint::stdout())?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let answers = question::answers(&network, arguments)?;
    match arguments.format {
        ReachFormat::Json => {
            for answered in &answers {
                output::stdout(&json::line(answered))?;
            }
        }
        ReachFormat::Human => {
            let text: Vec<String> =
                answers.iter().map(|it| human::text(it, Paint::stdout())).collect();
            output::stdout(&text.join("\n"))?;
        }
    }
    network.print_unread();
    let Some(expected) = arguments.expect else {
        return Ok(ExitCode::SUCCESS);
    };
    let expected = match expected {
        Expect::Yes => Answer::Yes,
        Expect::No => Answer::No,
    };
    let paint = Paint::stderr();
    let mut code = ExitCode::SUCCESS;
    for answered in answers.iter().filter(|it| it.explanation.answer != expected) {
        code = ExitCode::from(EXIT_FINDINGS);
        output::stderr(&format!(
            "{} expected `{}` for {}, and the answer is `{}`\n",
            paint.red("error:"),
            word(expected),
            answered.traffic(),
            word(answered.explanation.answer),
        ));
    }
    Ok(code)
}
