//! An answer as JSON; `docs/reach.schema.json` describes it.

use archgen::core::network::report::{Flow, Step};
use serde::Serialize;

use super::question::{Answered, word};

#[derive(Serialize)]
struct JsonAnswer<'a> {
    from: &'a str,
    to: &'a str,
    protocol: &'a str,
    ports: &'a str,
    family: &'static str,
    reachable: &'static str,
    everywhere: &'static str,
    via: Vec<String>,
    flows: Vec<JsonFlow<'a>>,
    exception: Option<JsonFlow<'a>>,
    unknown: Option<&'a str>,
    fix: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonFlow<'a> {
    from: &'a str,
    source: &'a str,
    to: &'a str,
    destination: &'a str,
    traffic: String,
    family: &'static str,
    reachable: &'static str,
    steps: Vec<JsonStep<'a>>,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    kind: &'static str,
    name: &'a str,
    direction: &'static str,
    verdict: &'static str,
    text: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    aws_code: Option<&'static str>,
}

/// The answer on one line.
pub fn line(answered: &Answered) -> String {
    let it = &answered.explanation;
    let answer = JsonAnswer {
        from: &answered.from,
        to: &answered.to,
        protocol: &answered.protocol,
        ports: &answered.ports,
        family: answered.family.as_str(),
        reachable: word(it.answer),
        everywhere: word(it.everywhere),
        via: answered.via(),
        flows: it.flows.iter().map(flow).collect(),
        exception: it.exception.as_ref().map(flow),
        unknown: it.unknown.as_deref(),
        fix: it.fix.as_deref(),
    };
    let text = serde_json::to_string(&answer).expect("invariant: strings and numbers are JSON");
    format!("{text}\n")
}

fn flow(it: &Flow) -> JsonFlow<'_> {
    JsonFlow {
        from: &it.from,
        source: &it.source,
        to: &it.to,
        destination: &it.destination,
        traffic: it.traffic.to_string(),
        family: it.family.as_str(),
        reachable: word(it.answer),
        steps: it.steps.iter().map(step).collect(),
    }
}

fn step(it: &Step) -> JsonStep<'_> {
    use archgen::core::network::Answer;
    JsonStep {
        kind: it.kind.as_str(),
        name: &it.name,
        direction: if it.back { "back" } else { "there" },
        verdict: match it.answer {
            Answer::Yes => "passes",
            Answer::No => "blocks",
            Answer::Unknown => "unknown",
        },
        text: &it.text,
        file: it.loc.map(|it| it.file),
        line: it.loc.map(|it| it.line),
        column: it.loc.map(|it| it.column),
        aws_code: it.code,
    }
}
