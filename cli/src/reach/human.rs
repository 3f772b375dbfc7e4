//! An answer to read: one line that says it, the path as a column of hops, and what to do.
//!
//! ```text
//! no: `backend` does not reach `redis` on tcp/6379
//!
//!   backend  10.0.3.0/24
//!   ├ security group `app` lets out all traffic to 0.0.0.0/0
//!   ├ route of network.private: local
//!   ✗ security group `store` (on redis): no ingress rule admits tcp/6379 from `app`
//!   ╎ [ENI_SG_RULES_MISMATCH]
//!   redis  10.0.4.0/24
//!
//!   = help: add `app => tcp(6379)` to the ingress of `store`
//! ```

use archgen::core::network::report::{Flow, Step, StepKind};
use archgen::core::network::{Answer, Family};

use super::question::Answered;
use crate::output::Paint;

/// How wide the text is, in characters.
const WIDTH: usize = 80;

/// The answer.
pub fn text(answered: &Answered, paint: Paint) -> String {
    let it = &answered.explanation;
    let mut text = headline(answered, paint);
    let chain = it.flows.len() > 1;
    for (number, flow) in it.flows.iter().enumerate() {
        text.push('\n');
        if chain {
            let title = format!("connection {}", number + 1);
            let traffic = format!("{} over {}", flow.traffic, flow.family.name());
            text += &format!("  {}  {}\n", paint.bold(&title), paint.dim(&traffic));
        }
        text += &column(flow, paint);
    }
    let mut notes = Vec::new();
    if let Some(passes) = passes(answered) {
        notes.push(("note", passes));
    }
    // Of all traffic some is always missing.
    if let Some(flow) = it.exception.as_ref().filter(|_| answered.protocol != "all") {
        let what = match blocking(flow) {
            Some(step) => words(step),
            None => "several hops together".to_owned(),
        };
        let ends =
            format!("{} to {}", end(&flow.from, &flow.source), end(&flow.to, &flow.destination));
        let which = if answered.is_one_port() { "not always" } else { "not all of it always" };
        notes.push(("note", format!("{which}: from {ends}, {what}")));
    }
    if let Some(why) = &it.unknown {
        notes.push(("note", format!("not known: {why}")));
    }
    if let Some(fix) = &it.fix {
        notes.push(("help", fix.clone()));
    }
    if !notes.is_empty() {
        text.push('\n');
    }
    for (kind, note) in notes {
        let first = format!("  {} {kind}: ", paint.blue("="));
        text +=
            &wrapped(&first, 4 + kind.len() + 2, &" ".repeat(4 + kind.len() + 2), &note, &|it| {
                it.to_owned()
            });
    }
    text
}

/// The answer in words.
fn headline(answered: &Answered, paint: Paint) -> String {
    let it = &answered.explanation;
    let (from, to) = (&answered.from, &answered.to);
    let (answer, verb) = match it.answer {
        Answer::Yes => (paint.green("yes"), "reaches"),
        Answer::No => (paint.red("no"), "does not reach"),
        Answer::Unknown => (paint.bold("unknown"), "may reach"),
    };
    let over = match answered.family {
        Family::Ipv4 => "",
        Family::Ipv6 => " over IPv6",
    };
    let traffic = match (it.answer, answered.traffic()) {
        (Answer::No, it) if it == "all traffic" => "at all".to_owned(),
        (Answer::Yes | Answer::Unknown, it) if it == "all traffic" => {
            "with some traffic".to_owned()
        }
        (_, it) => format!("on {it}"),
    };
    // Of what is asked about some gets through, from somewhere, by a port that the client may choose.
    let partly = it.answer == Answer::Yes && it.everywhere == Answer::No && it.flows.len() < 2;
    let part = match (partly, answered.is_one_port()) {
        (true, true) => ", but not always",
        (true, false) if answered.protocol != "all" => ", in part",
        (true | false, _) => "",
    };
    let through = match answered.balancers().as_slice() {
        [] => String::new(),
        all => format!(", through {}", crate::output::list(all)),
    };
    format!("{answer}: `{from}` {verb} `{to}` {traffic}{over}{through}{part}\n")
}

/// One connection: who connects, what is on the way, who is connected to; and what the answers meet,
/// where that says something.
fn column(flow: &Flow, paint: Paint) -> String {
    let mut text = format!("  {}\n", ends(&flow.from, &flow.source, paint));
    let mut open = true;
    for step in flow.steps.iter().filter(|it| !it.back) {
        text += &hop("  ", step, open, paint);
        open = open && step.answer != Answer::No;
    }
    text += &format!("  {}\n", ends(&flow.to, &flow.destination, paint));
    let back: Vec<&Step> = flow.steps.iter().filter(|it| it.back && says_something(it)).collect();
    if !back.is_empty() {
        text += &format!("    {}\n", paint.dim("the answers on their way back"));
        for step in back {
            text += &hop("    ", step, open, paint);
            open = open && step.answer != Answer::No;
        }
    }
    text
}

/// One hop. What comes behind one that blocks hangs on a broken line.
fn hop(indent: &str, step: &Step, open: bool, paint: Paint) -> String {
    let (mark, line) = match (step.answer, open) {
        (Answer::No, _) => (paint.red("✗"), paint.red("╎")),
        (Answer::Unknown, _) => (paint.bold("?"), paint.dim("│")),
        (Answer::Yes, true) => (paint.dim("├"), paint.dim("│")),
        (Answer::Yes, false) => (paint.dim("┆"), paint.dim("┆")),
    };
    let what = words(step);
    let blocks = step.answer == Answer::No;
    let style = |it: &str| if blocks { paint.red(it) } else { it.to_owned() };
    let more = format!("{indent}{line}   ");
    let mut text = wrapped(&format!("{indent}{mark} "), indent.len() + 2, &more, &what, &style);
    if let Some(code) = step.code {
        text += &format!("{more}{}\n", paint.dim(&format!("[{code}]")));
    }
    if let Some(loc) = step.loc {
        text += &format!("{more}{}\n", paint.dim(&format!("at {loc}")));
    }
    text
}

/// What a hop is and says.
fn words(step: &Step) -> String {
    let (name, text) = (&step.name, &step.text);
    if step.answer == Answer::No {
        return text.clone();
    }
    match (step.kind, step.answer) {
        (StepKind::Egress | StepKind::Ingress, Answer::Unknown) => {
            format!("security groups of `{name}`: {text}")
        }
        (StepKind::Egress | StepKind::Ingress, _) => format!("security group {text}"),
        (StepKind::PolicyEgress | StepKind::PolicyIngress, _) => {
            format!("network policy of `{name}`: {text}")
        }
        (StepKind::NetworkAcl, _) if name.contains(' ') => format!("{name} {text}"),
        (StepKind::NetworkAcl, _) => format!("network ACL `{name}` {text}"),
        (StepKind::Route, _) if name.is_empty() => format!("route: {text}"),
        (StepKind::Route, _) => format!("route of {name}: {text}"),
        (StepKind::NatGateway, _) => format!("NAT gateway {text}"),
        (StepKind::Resolver, _) => format!("Amazon's resolver: {text}"),
        (StepKind::PublicAddress | StepKind::Address, _) => format!("{name} {text}"),
        (StepKind::Unknown, _) => text.clone(),
    }
}

/// Whether it is worth a line of its own that the answers meet this.
fn says_something(step: &Step) -> bool {
    let default = step.kind == StepKind::NetworkAcl && step.name.contains(' ');
    step.answer != Answer::Yes || (step.kind == StepKind::NetworkAcl && !default)
}

fn blocking(flow: &Flow) -> Option<&Step> {
    flow.steps.iter().find(|it| it.answer == Answer::No)
}

fn end(name: &str, addresses: &str) -> String {
    if addresses.is_empty() || name == addresses {
        name.to_owned()
    } else {
        format!("{name} ({addresses})")
    }
}

fn ends(name: &str, addresses: &str, paint: Paint) -> String {
    // The internet is everywhere.
    if addresses.is_empty() || name == addresses || name == "the internet" {
        return paint.bold(name);
    }
    format!("{}  {}", paint.bold(name), paint.dim(addresses))
}

/// Of the traffic that was asked about, what gets through between two endpoints.
fn passes(answered: &Answered) -> Option<String> {
    let mut found: Vec<String> = answered
        .passes
        .iter()
        .map(|it| {
            let text = match (it.line.protocol.as_str(), it.line.ports.as_str()) {
                ("all", _) => "all traffic".to_owned(),
                (protocol, "all") => protocol.to_owned(),
                (protocol, ports) => format!("{protocol}/{ports}"),
            };
            match (it.line.reachable, it.chain) {
                (Answer::Unknown, _) => format!("{text} (not known)"),
                (Answer::Yes | Answer::No, true) => {
                    format!("{text} through {}", it.line.via.join(", "))
                }
                (Answer::Yes | Answer::No, false) => text,
            }
        })
        .collect();
    found.dedup();
    (!found.is_empty()).then(|| format!("what gets through: {}", found.join(", ")))
}

/// A paragraph that breaks between words.
fn wrapped(
    first: &str,
    taken: usize,
    more: &str,
    text: &str,
    style: &dyn Fn(&str) -> String,
) -> String {
    let room = WIDTH.saturating_sub(taken);
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    let mut all = String::new();
    for (number, line) in lines.iter().enumerate() {
        let before = if number == 0 { first } else { more };
        all += &format!("{before}{}\n", style(line));
    }
    all
}
