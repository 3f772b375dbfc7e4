//! What is asked: the two sides, the traffic and the family, and the questions that come of it.

use archgen::core::network::model::Model;
use archgen::core::network::report::StepKind;
use archgen::core::network::traffic::{Protocol, Ranges};
use archgen::core::network::{Answer, Explanation, Family, Relation, Side, TrafficSet, Wanted};
use archgen::core::resource::network::Traffic;
use archgen::core::types::Port;
use archgen::core::value::Value;
use archgen::relation::{self, Part};

use super::arguments::{Asked, Reach};
use crate::error::Error;
use crate::network::Network;
use crate::output::similar;

/// A question, and its answer.
pub struct Answered {
    /// Who connects, as it was asked.
    pub from: String,
    /// Who is connected to, as it was asked.
    pub to: String,
    /// `tcp`, `all`, `47`.
    pub protocol: String,
    /// `443`, `8000-8080`, `all`; `unknown` where B listens on a port that is not known.
    pub ports: String,
    /// The family.
    pub family: Family,
    /// Of a question about more than one port, what gets through, as far as both sides are endpoints.
    pub passes: Vec<Part>,
    /// The answer.
    pub explanation: Explanation,
}

impl Answered {
    /// The traffic in words: `tcp/443`, `all traffic`.
    pub fn traffic(&self) -> String {
        match (self.protocol.as_str(), self.ports.as_str()) {
            ("all", _) => "all traffic".to_owned(),
            (protocol, "all") if protocol.starts_with(|it: char| it.is_ascii_digit()) => {
                format!("protocol {protocol}")
            }
            (protocol, "all") => protocol.to_owned(),
            (protocol, "unknown") => format!("a {protocol} port that is not known"),
            (protocol, ports) => format!("{protocol}/{ports}"),
        }
    }

    /// The load balancers of the path.
    pub fn balancers(&self) -> Vec<String> {
        let flows = &self.explanation.flows;
        flows.iter().take(flows.len().saturating_sub(1)).map(|it| it.to.clone()).collect()
    }

    /// What the path passes: load balancers, or else gateways.
    pub fn via(&self) -> Vec<String> {
        if self.explanation.answer == Answer::No {
            return Vec::new();
        }
        let balancers = self.balancers();
        if !balancers.is_empty() {
            return balancers;
        }
        let mut via: Vec<String> = self
            .explanation
            .flows
            .iter()
            .flat_map(|it| &it.steps)
            .filter(|it| it.kind == StepKind::Route && !it.back && it.answer == Answer::Yes)
            .map(|it| it.text.clone())
            .collect();
        via.sort();
        via.dedup();
        via
    }

    /// Whether only one port is asked about, so that some of the traffic is all of it.
    pub fn is_one_port(&self) -> bool {
        self.ports.parse::<u16>().is_ok()
    }
}

/// The answer in one word.
pub fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Unknown => "unknown",
    }
}

/// Answers: one question, or one for each port that B says it listens on.
pub fn answers(network: &Network, asked: &Reach) -> Result<Vec<Answered>, Error> {
    let model = &network.model;
    let (from_name, to_name) =
        (asked.from.as_deref().unwrap_or_default(), asked.to.as_deref().unwrap_or_default());
    let from = side(model, from_name)?;
    let to = side(model, to_name)?;
    let family = family(&from, &to, asked)?;
    let listens = match &to {
        Side::Endpoint(name) => network.listens(name),
        Side::Group(_)
        | Side::Tier(_)
        | Side::Vpc(_)
        | Side::Internet
        | Side::Block(_)
        | Side::Service(_)
        | Side::Host(_) => Vec::new(),
    };
    traffic(asked, family, listens)?
        .into_iter()
        .map(|(protocol, ports, wanted)| {
            let wanted = wanted.with_family(family);
            let mut explanation = model.explain(&from, &to, &wanted);
            let mut passes = Vec::new();
            if explanation.answer == Answer::Yes && ports.parse::<u16>().is_err() {
                passes = relation::parts(
                    &Relation::new(model),
                    (from_name, to_name),
                    family,
                    &wanted.set,
                );
                narrow(model, (&from, &to), &mut explanation, &passes);
            }
            Ok(Answered {
                passes,
                from: from_name.to_owned(),
                to: to_name.to_owned(),
                protocol,
                ports,
                family,
                explanation,
            })
        })
        .collect()
}

/// Shows the path of traffic that gets through, where a part of what was asked about does not.
fn narrow(
    model: &Model,
    (from, to): (&Side, &Side),
    explanation: &mut Explanation,
    passes: &[Part],
) {
    let direct = |it: &&Part| !it.chain && it.line.reachable == Answer::Yes;
    if explanation.flows.len() > 1 {
        return;
    }
    if let Some(part) = passes.iter().find(direct) {
        let wanted = Wanted::exactly(part.set.clone()).with_family(part.line.family);
        let narrowed = model.explain(from, to, &wanted);
        if narrowed.answer == Answer::Yes {
            explanation.flows = narrowed.flows;
        }
    }
}

fn side(model: &Model, name: &str) -> Result<Side, Error> {
    model.side(name).ok_or_else(|| {
        let known = model.side_names();
        Error::UnknownSide {
            name: name.to_owned(),
            similar: similar(name, known.iter().map(String::as_str)).map(str::to_owned),
            known,
        }
    })
}

fn family(from: &Side, to: &Side, asked: &Reach) -> Result<Family, Error> {
    let wanted = if asked.ipv6 { Some(Family::Ipv6) } else { None };
    let said = [(from.family(), &asked.from), (to.family(), &asked.to)];
    let mut family = wanted;
    for (one, name) in said {
        match (family, one) {
            (Some(before), Some(one)) if before != one => {
                return Err(Error::Families {
                    side: name.clone().unwrap_or_default(),
                    family: one.name(),
                    other: before.name(),
                });
            }
            (None, Some(one)) => family = Some(one),
            (Some(_) | None, _) => {}
        }
    }
    Ok(family.unwrap_or(Family::Ipv4))
}

/// A protocol and ports in words, and as a set.
type Traffics = Vec<(String, String, Wanted)>;

fn traffic(asked: &Reach, family: Family, listens: Vec<Value<Port>>) -> Result<Traffics, Error> {
    let all = || "all".to_owned();
    let protocol = match (asked.protocol, asked.port, listens.is_empty()) {
        (Some(it), _, _) => it,
        (None, None, true) => Asked::All,
        (None, Some(_), _) | (None, None, false) => Asked::Tcp,
    };
    let (word, numbered) = match protocol {
        Asked::Tcp => ("tcp", Protocol::Tcp),
        Asked::Udp => ("udp", Protocol::Udp),
        Asked::Icmp | Asked::Number(_) | Asked::All if asked.port.is_some() => {
            return Err(Error::PortsOfProtocol);
        }
        Asked::Icmp => match family {
            Family::Ipv4 => ("icmp", Protocol::Icmp),
            Family::Ipv6 => ("icmpv6", Protocol::Icmpv6),
        },
        Asked::Number(number) => {
            let set = TrafficSet::of(Protocol::Other, Ranges::of(number.into(), number.into()));
            return Ok(vec![(number.to_string(), all(), Wanted::exactly(set))]);
        }
        Asked::All => return Ok(vec![(all(), all(), Wanted::anything())]),
    };
    if let Some((first, last)) = asked.port {
        let set = TrafficSet::of(numbered, Ranges::of(first, last));
        let text = if first == last { first.to_string() } else { format!("{first}-{last}") };
        return Ok(vec![(word.to_owned(), text, Wanted::exactly(set))]);
    }
    if numbered == Protocol::Tcp && !listens.is_empty() {
        let mut listens = listens;
        listens.sort();
        listens.dedup();
        return Ok(listens
            .into_iter()
            .map(|it| {
                let text = it.literal().map_or_else(|| "unknown".to_owned(), |it| it.0.to_string());
                (word.to_owned(), text, Wanted::of(&Traffic::tcp(it)))
            })
            .collect());
    }
    Ok(vec![(word.to_owned(), all(), Wanted::exactly(TrafficSet::of(numbered, Ranges::all())))])
}
