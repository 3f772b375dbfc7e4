//! All pairs: one JSON object a line, or a table of what gets through. Both are written source by
//! source, so that memory does not grow with pairs.

use std::io::{self, BufWriter, Write};

use archgen::core::network::{Answer, Family, Model, Relation};
use archgen::relation::{self, Line};
use serde::Serialize;

use super::question::word;
use crate::error::Error;
use crate::output::{self, Paint};

/// A line of the relation, as `docs/reach.schema.json` describes it.
#[derive(Serialize)]
struct JsonLine<'a> {
    from: &'a str,
    to: &'a str,
    protocol: &'a str,
    ports: &'a str,
    family: &'static str,
    reachable: &'static str,
    via: &'a [String],
}

/// Prints every line of the relation as a JSON object.
pub fn json(model: &Model, relation: &Relation) -> Result<(), Error> {
    let mut out = Out::new();
    for line in relation::lines(relation, relation::families(model)) {
        let line = JsonLine {
            from: &line.from,
            to: &line.to,
            protocol: &line.protocol,
            ports: &line.ports,
            family: line.family.as_str(),
            reachable: word(line.reachable),
            via: &line.via,
        };
        let text =
            serde_json::to_string(&line).expect("invariant: strings and lists of strings are JSON");
        if !out.write(&format!("{text}\n"))? {
            return Ok(());
        }
    }
    out.finish()
}

/// Prints what gets through, grouped by who connects, and how many pairs there are.
pub fn human(model: &Model, relation: &Relation, paint: Paint) -> Result<(), Error> {
    let families = relation::families(model);
    let width = relation.names().iter().map(|it| it.chars().count()).max().unwrap_or(0).min(30);
    let mut out = Out::new();
    let mut counts = Counts::default();
    let mut group: Vec<Line> = Vec::new();
    for line in relation::lines(relation, families) {
        counts.add(&line);
        if group.first().is_some_and(|it| it.from != line.from) {
            if !out.write(&table(&group, width, families, paint))? {
                return Ok(());
            }
            group.clear();
        }
        if line.reachable != Answer::No {
            group.push(line);
        }
    }
    out.write(&table(&group, width, families, paint))?;
    out.write(&counts.text(relation.names().len(), families))?;
    out.finish()
}

/// What one endpoint reaches: one line for each other endpoint, way and answer.
fn table(group: &[Line], width: usize, families: &[Family], paint: Paint) -> String {
    let Some(first) = group.first() else {
        return String::new();
    };
    let mut text = format!("{}\n", paint.bold(&first.from));
    let same = |a: &Line, b: &Line| {
        (&a.to, a.family, a.reachable, &a.via) == (&b.to, b.family, b.reachable, &b.via)
    };
    for lines in group.chunk_by(same) {
        let Some(line) = lines.first() else { continue };
        let mut traffic = String::new();
        for (index, lines) in lines.chunk_by(|a, b| a.protocol == b.protocol).enumerate() {
            let ports: Vec<&str> = lines.iter().map(|it| it.ports.as_str()).collect();
            let protocol = lines.first().map_or("", |it| it.protocol.as_str());
            let gap = if index > 0 { " " } else { "" };
            traffic += &match (protocol, ports.as_slice()) {
                ("all", _) => "all traffic".to_owned(),
                (_, ["all"]) => format!("{gap}{protocol}"),
                (_, ports) => format!("{gap}{protocol}/{}", ports.join(",")),
            };
        }
        let family =
            if families.len() > 1 { format!("{}  ", line.family.as_str()) } else { String::new() };
        let mark = if line.reachable == Answer::Yes { " " } else { "?" };
        let mut notes = Vec::new();
        if line.reachable == Answer::Unknown {
            notes.push("not known".to_owned());
        }
        if !line.via.is_empty() && line.via != ["local"] {
            notes.push(format!("via {}", line.via.join(", ")));
        }
        let notes =
            if notes.is_empty() { String::new() } else { format!("  {}", notes.join("; ")) };
        let to = &line.to;
        text += &format!("{mark} → {to:width$}  {family}{traffic}{}\n", paint.dim(&notes));
    }
    text.push('\n');
    text
}

/// How many pairs there are of each answer.
#[derive(Default)]
struct Counts {
    pair: Option<(String, String, Family)>,
    best: Option<Answer>,
    yes: usize,
    unknown: usize,
    no: usize,
}

impl Counts {
    fn add(&mut self, line: &Line) {
        let same = self.pair.as_ref().is_some_and(|(from, to, family)| {
            (from, to, family) == (&line.from, &line.to, &line.family)
        });
        if !same {
            self.close();
            self.pair = Some((line.from.clone(), line.to.clone(), line.family));
        }
        self.best = self.best.max(Some(line.reachable));
    }

    fn close(&mut self) {
        match self.best.take() {
            Some(Answer::Yes) => self.yes += 1,
            Some(Answer::Unknown) => self.unknown += 1,
            Some(Answer::No) => self.no += 1,
            None => {}
        }
    }

    fn text(mut self, endpoints: usize, families: &[Family]) -> String {
        self.close();
        let over = if families.len() > 1 { ", over IPv4 and IPv6 each" } else { "" };
        let unknown = match self.unknown {
            0 => String::new(),
            it => format!(", {it} may reach the other"),
        };
        format!(
            "{} of {}{over}: {} reach the other{unknown}, {} do not\n",
            output::count(self.yes + self.unknown + self.no, "pair"),
            output::count(endpoints, "endpoint"),
            self.yes,
            self.no,
        )
    }
}

/// Standard output with a buffer. A reader that went away (`| head`) ends the writing.
struct Out {
    stream: BufWriter<io::StdoutLock<'static>>,
}

impl Out {
    fn new() -> Out {
        Out { stream: BufWriter::with_capacity(1 << 16, io::stdout().lock()) }
    }

    /// Whether anybody still reads.
    fn write(&mut self, text: &str) -> Result<bool, Error> {
        output::unless_gone(self.stream.write_all(text.as_bytes()))
    }

    fn finish(mut self) -> Result<(), Error> {
        output::unless_gone(self.stream.flush()).map(|_| ())
    }
}
