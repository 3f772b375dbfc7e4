//! Connections through load balancers, and how the internet reaches something.

use super::model::{Forward, Holds, Model};
use super::reach::{Answer, Path, Question, Reach, Wanted};
use super::side::Side;
use super::span::Family;
use crate::resource::network::Traffic;

/// How many load balancers may stand in a row.
pub(super) const LONGEST_CHAIN: usize = 3;

impl Model {
    /// Whether one side reaches an endpoint through a load balancer that sends requests there.
    pub fn through_load_balancer(
        &self,
        from: &Side,
        to: &str,
        wanted: &Wanted,
        question: Question,
    ) -> Option<Chain<'_>> {
        self.through(from, to, wanted, question, LONGEST_CHAIN - 1)
    }

    /// The same with at most so many load balancers before the last one.
    fn through(
        &self,
        from: &Side,
        to: &str,
        wanted: &Wanted,
        question: Question,
        before: usize,
    ) -> Option<Chain<'_>> {
        let mut best: Option<Chain<'_>> = None;
        for forward in self.forwards.iter().filter(|it| it.target == to) {
            let balancer = Side::Endpoint(forward.load_balancer.clone());
            if *from == balancer {
                continue;
            }
            let port = Wanted::of(&Traffic::tcp(forward.target_port.clone()));
            let inner = match question {
                Question::Works if !port.exact || !port.set.contains(&wanted.set) => continue,
                Question::Works => wanted.clone(),
                Question::Open => port.and(wanted),
            };
            if inner.set.is_empty() {
                continue;
            }
            let listener =
                Wanted::of(&Traffic::tcp(forward.listener_port.clone())).with_family(wanted.family);
            let direct = self.reach(from, &balancer, &listener, question);
            // Where nobody connects to it directly, a distribution before it may be the way.
            let before = (direct.answer == Answer::No && before > 0)
                .then(|| {
                    self.through(from, &forward.load_balancer, &listener, question, before - 1)
                })
                .flatten()
                .filter(|it| it.answer != Answer::No)
                .map(Box::new);
            let first = match &before {
                Some(it) => Reach { answer: it.answer, ..it.second.clone() },
                None => direct,
            };
            // Requests go on over IPv4, whatever the client used.
            let inner = inner.with_family(Family::Ipv4);
            let second = self.reach(&balancer, &Side::Endpoint(to.to_string()), &inner, question);
            // Where the target sees the client itself, its groups are asked about the client, and what
            // the engine says of the load balancer's own connection decides nothing.
            let kept = Holds::from(&forward.keeps_client_address);
            let answer = match (first.answer.min(second.answer), kept) {
                (it, Holds::No) => it,
                (Answer::No, _) if first.answer == Answer::No => Answer::No,
                (_, Holds::Yes | Holds::Maybe) => Answer::Unknown,
            };
            let chain = Chain { answer, forward, before, listener, first, port: inner, second };
            if best.as_ref().is_none_or(|it| it.answer < chain.answer) {
                best = Some(chain);
            }
        }
        best
    }

    /// How the internet reaches an endpoint, if it certainly does.
    pub fn exposed(&self, to: &str, wanted: &Wanted) -> Option<Exposure<'_>> {
        Family::ALL.iter().find_map(|it| self.exposed_over(to, &wanted.clone().with_family(*it)))
    }

    fn exposed_over(&self, to: &str, wanted: &Wanted) -> Option<Exposure<'_>> {
        let side = Side::Endpoint(to.to_string());
        let direct = self.reach(&Side::Internet, &side, wanted, Question::Open);
        if direct.answer == Answer::Yes {
            return direct.path.map(|it| Exposure::Direct(Box::new(it)));
        }
        let chain = self.through_load_balancer(&Side::Internet, to, wanted, Question::Open)?;
        (chain.answer == Answer::Yes).then(|| Exposure::Through(Box::new(chain)))
    }

    /// How the internet would reach an endpoint if it had a public address.
    pub fn exposed_but_for_address(&self, to: &str, wanted: &Wanted) -> Option<Path> {
        let mut places = self.places(&Side::Endpoint(to.to_string()), wanted.family).concat();
        for place in &mut places {
            place.public = Holds::Yes;
        }
        let internet = self.places(&Side::Internet, wanted.family).concat();
        let reach = self.open(&internet, &Side::Internet, &places, wanted);
        if reach.answer == Answer::Yes { reach.path } else { None }
    }
}

/// Two connections in a row: to a load balancer, and from it to its target.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    /// The answer for both.
    pub answer: Answer,
    /// The route that joins them.
    pub forward: &'a Forward,
    /// How the load balancer is reached where that takes another one.
    pub before: Option<Box<Chain<'a>>>,
    /// The traffic to the load balancer.
    pub listener: Wanted,
    /// To the load balancer.
    pub first: Reach,
    /// The traffic to the target.
    pub port: Wanted,
    /// From the load balancer to its target.
    pub second: Reach,
}

impl Chain<'_> {
    /// Its connections, from the first on.
    pub fn legs(&self) -> Vec<(&Reach, &Wanted)> {
        let mut legs = match &self.before {
            Some(it) => it.legs(),
            None => vec![(&self.first, &self.listener)],
        };
        legs.push((&self.second, &self.port));
        legs
    }
}

/// How the internet reaches something.
#[derive(Clone, Debug)]
pub enum Exposure<'a> {
    /// By itself.
    Direct(Box<Path>),
    /// Through a load balancer.
    Through(Box<Chain<'a>>),
}
