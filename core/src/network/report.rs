//! Why one side reaches another, or does not, as data: what is on the way, what admits it, what blocks it,
//! in archgen's words and in those of AWS's Reachability Analyzer.

use ipnet::IpNet;

use super::hop::{Component, Hop, RouteOutcome, Way};
use super::model::{Groups, Layer, Model, SubnetAcl};
use super::reach::{Answer, Path, Question, Wanted};
use super::relation::INTERNET;
use super::side::{Place, Side, Where};
use super::span::{self, Family};
use super::traffic::TrafficSet;
use crate::loc::Loc;
use crate::resource::network::Direction;
use crate::value::Value;

/// Whether one side reaches another, and why.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Whether some of the traffic gets through, from somewhere on the one side to somewhere on the
    /// other, directly or through load balancers.
    pub answer: Answer,
    /// Whether all of it gets through from wherever the one may stand to wherever the other may stand.
    pub everywhere: Answer,
    /// The connections of the path: one, or one more for each load balancer on the way. If nothing gets
    /// through, those of the path with the fewest obstacles.
    pub flows: Vec<Flow>,
    /// A connection that does not work although others do.
    pub exception: Option<Flow>,
    /// What is not known, if that decides.
    pub unknown: Option<String>,
    /// The smallest change that opens the path, if there is one.
    pub fix: Option<String>,
}

/// One connection of a path.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Who connects.
    pub from: String,
    /// From which addresses.
    pub source: String,
    /// Who is connected to.
    pub to: String,
    /// At which addresses.
    pub destination: String,
    /// The traffic that was asked about.
    pub traffic: TrafficSet,
    /// The family.
    pub family: Family,
    /// Whether it gets through.
    pub answer: Answer,
    /// What is on the way there, and then on the way of the answers.
    pub steps: Vec<Step>,
}

/// Something on the way.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// What it is called: a group, an ACL, a subnet's table.
    pub name: String,
    /// Whether it is met by the answers.
    pub back: bool,
    /// Whether it lets the traffic through.
    pub answer: Answer,
    /// What decides: the rule that admits it, or what is missing.
    pub text: String,
    /// Where that was written, if it is known.
    pub loc: Option<Loc>,
    /// AWS's explanation code, if it blocks.
    /// <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>
    pub code: Option<&'static str>,
}

/// What is on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// The security groups of the side that connects.
    Egress,
    /// The security groups of the side that is connected to.
    Ingress,
    /// The network policy of the pods that connect.
    PolicyEgress,
    /// The network policy of the pods that are connected to.
    PolicyIngress,
    /// A network ACL.
    NetworkAcl,
    /// A route table.
    Route,
    /// A public address.
    PublicAddress,
    /// A NAT gateway.
    NatGateway,
    /// An address of the family.
    Address,
    /// The resolver that Amazon runs.
    Resolver,
    /// An edge location of CloudFront.
    CloudFront,
    /// What is not known.
    Unknown,
}

impl StepKind {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            StepKind::Egress => "security-group-egress",
            StepKind::Ingress => "security-group-ingress",
            StepKind::PolicyEgress => "network-policy-egress",
            StepKind::PolicyIngress => "network-policy-ingress",
            StepKind::NetworkAcl => "network-acl",
            StepKind::Route => "route",
            StepKind::PublicAddress => "public-address",
            StepKind::NatGateway => "nat-gateway",
            StepKind::Address => "address",
            StepKind::Resolver => "resolver",
            StepKind::CloudFront => "cloudfront",
            StepKind::Unknown => "unknown",
        }
    }
}

impl Model {
    /// The side with a name: an endpoint, a security group, a tier such as `network.private`, a VPC,
    /// `internet`, or a block.
    pub fn side(&self, name: &str) -> Option<Side> {
        if name == INTERNET {
            return Some(Side::Internet);
        }
        if let Ok(block) = name.parse::<ipnet::IpNet>() {
            return Some(Side::Block(block.trunc()));
        }
        if let Ok(address) = name.parse::<std::net::IpAddr>() {
            return Some(Side::Block(address.into()));
        }
        let owned = name.to_string();
        if self.endpoint(name).is_some() {
            Some(Side::Endpoint(owned))
        } else if self.groups.iter().any(|it| it.name == name) {
            Some(Side::Group(owned))
        } else if !self.tier(name).is_empty() {
            Some(Side::Tier(owned))
        } else if self.vpc(name).is_some() {
            Some(Side::Vpc(owned))
        } else {
            None
        }
    }

    /// The names of every side, for suggestions.
    pub fn side_names(&self) -> Vec<String> {
        let mut names: Vec<String> = vec![INTERNET.to_string()];
        names.extend(self.endpoints.iter().map(|it| it.name.clone()));
        names.extend(self.groups.iter().map(|it| it.name.clone()));
        names.extend(self.subnets.iter().map(|it| it.tier.clone()));
        names.extend(self.vpcs.iter().map(|it| it.name.clone()));
        names.sort();
        names.dedup();
        names
    }

    /// Whether one side reaches another, and why.
    pub fn explain(&self, from: &Side, to: &Side, wanted: &Wanted) -> Explanation {
        let family = from.family().or(to.family()).unwrap_or(wanted.family);
        let wanted = &wanted.clone().with_family(family);
        let open = self.reach(from, to, wanted, Question::Open);
        let works = self.reach(from, to, wanted, Question::Works);
        let chain = self
            .endpoints_of(to)
            .iter()
            .filter_map(|it| self.through_load_balancer(from, it, wanted, Question::Open))
            .max_by_key(|it| it.answer);
        let through = chain.as_ref().filter(|it| it.answer > open.answer);
        let answer = open.answer.max(chain.as_ref().map_or(Answer::No, |it| it.answer));
        let mut explanation = Explanation {
            answer,
            everywhere: works.answer,
            flows: Vec::new(),
            exception: None,
            unknown: None,
            fix: None,
        };
        if let Some(chain) = through {
            for (reach, wanted) in chain.legs() {
                if let Some(path) = &reach.path {
                    explanation.flows.push(self.flow(path, wanted, Question::Open));
                }
            }
            if answer == Answer::Unknown {
                explanation.unknown =
                    chain.legs().iter().find_map(|(it, _)| it.unknown_reason()).or(Some(format!(
                        "whether `{}` keeps the client's address decides",
                        chain.forward.load_balancer
                    )));
            }
            return explanation;
        }
        match answer {
            Answer::Yes | Answer::Unknown => {
                if let Some(path) = &open.path {
                    explanation.flows.push(self.flow(path, wanted, Question::Open));
                }
                explanation.unknown = open.unknown_reason();
                if answer == Answer::Yes
                    && works.answer == Answer::No
                    && let Some(path) = &works.path
                {
                    explanation.exception = Some(self.flow(path, wanted, Question::Works));
                }
            }
            Answer::No => {
                if let Some(path) = self.closest(from, to, wanted) {
                    explanation.fix = self.fix(&path, wanted, Question::Open);
                    explanation.flows.push(self.flow(&path, wanted, Question::Open));
                }
            }
        }
        explanation
    }

    /// One connection as data.
    fn flow(&self, path: &Path, wanted: &Wanted, question: Question) -> Flow {
        let mut steps: Vec<Step> = Vec::new();
        for hop in &path.hops {
            if let Some(step) = self.step(path, hop, wanted, question) {
                steps.push(step);
            }
        }
        Flow {
            from: path.from.name.replace('`', ""),
            source: path.source.text(),
            to: path.to.name.replace('`', ""),
            destination: path.destination.text(),
            traffic: wanted.set.clone(),
            family: path.from.family,
            answer: path.answer(wanted, question),
            steps,
        }
    }

    fn step(&self, path: &Path, hop: &Hop, wanted: &Wanted, question: Question) -> Option<Step> {
        let answer = super::reach::judge(std::slice::from_ref(hop), wanted, question);
        let blocked = || self.blocked_text(path, hop, wanted);
        let back = hop.way != Way::There;
        let mut step = Step {
            kind: StepKind::Unknown,
            name: String::new(),
            back,
            answer,
            text: String::new(),
            loc: None,
            code: if answer == Answer::No { self.code(path, hop) } else { None },
        };
        match &hop.component {
            Component::PolicyEgress | Component::PolicyIngress => {
                let (kind, place, direction) = if hop.component == Component::PolicyIngress {
                    (StepKind::PolicyIngress, &path.to, Direction::Ingress)
                } else {
                    (StepKind::PolicyEgress, &path.from, Direction::Egress)
                };
                step.kind = kind;
                step.name = place.name.replace('`', "");
                step.text = match answer {
                    Answer::No => blocked(),
                    Answer::Unknown => "its rules are not known".to_string(),
                    Answer::Yes => {
                        let (text, loc) =
                            self.admitting(path, direction, Layer::NetworkPolicy, wanted);
                        step.loc = loc;
                        text
                    }
                };
            }
            Component::Egress | Component::Ingress => {
                let ingress = hop.component == Component::Ingress;
                let (kind, place, direction) = if ingress {
                    (StepKind::Ingress, &path.to, Direction::Ingress)
                } else {
                    (StepKind::Egress, &path.from, Direction::Egress)
                };
                // Where no group is asked, there is nothing to say.
                if place.groups == Groups::NotAsked {
                    return None;
                }
                step.kind = kind;
                let names: Vec<&str> =
                    self.groups_at(place).iter().map(|it| it.name.as_str()).collect();
                step.name = names.join(", ");
                step.text = match answer {
                    Answer::No => blocked(),
                    Answer::Unknown => "groups or their rules are not known".to_string(),
                    Answer::Yes => {
                        let (text, loc) =
                            self.admitting(path, direction, Layer::SecurityGroup, wanted);
                        step.loc = loc;
                        text
                    }
                };
            }
            Component::Acl { subnet, acl, direction, .. } => {
                step.kind = StepKind::NetworkAcl;
                let subnet = &self.subnets[*subnet].name;
                let way = match direction {
                    Direction::Ingress => "into",
                    Direction::Egress => "out of",
                };
                step.name = match acl {
                    SubnetAcl::Acl(it) => self.acls[*it].name.clone(),
                    SubnetAcl::Default => "default network ACL".to_string(),
                    SubnetAcl::Unknown => "network ACL".to_string(),
                };
                step.text = match answer {
                    Answer::No => blocked(),
                    Answer::Yes => format!("allows it {way} {subnet}"),
                    Answer::Unknown => format!("its entries for {subnet} are not known"),
                };
            }
            Component::Route { subnet, outcome, .. } => {
                step.kind = StepKind::Route;
                step.name = match subnet {
                    Some(it) => self.subnets[*it].tier.clone(),
                    None => String::new(),
                };
                step.text = match (answer, outcome) {
                    (Answer::No, _) => blocked(),
                    (_, RouteOutcome::Unknown(why)) => why.clone(),
                    (_, RouteOutcome::Local) => "local".to_string(),
                    (Answer::Yes | Answer::Unknown, _) => {
                        super::relation::via(self, hop).unwrap_or_else(|| "not known".to_string())
                    }
                };
            }
            Component::PublicAddress(name) => {
                step.kind = StepKind::PublicAddress;
                step.name = name.replace('`', "");
                step.text = match answer {
                    Answer::Yes => "has a public address".to_string(),
                    Answer::No => blocked(),
                    Answer::Unknown => "whether it has a public address is not known".to_string(),
                };
            }
            Component::NatProtocols => {
                step.kind = StepKind::NatGateway;
                step.text = match answer {
                    Answer::Yes => "carries the protocol".to_string(),
                    Answer::No | Answer::Unknown => blocked(),
                };
            }
            Component::Addressed(name, _) => {
                step.kind = StepKind::Address;
                step.name = name.replace('`', "");
                step.text = blocked();
            }
            Component::Resolver => {
                step.kind = StepKind::Resolver;
                step.text = match answer {
                    Answer::Yes => "neither groups nor network ACLs filter it".to_string(),
                    Answer::No | Answer::Unknown => blocked(),
                };
            }
            Component::CloudFront => {
                step.kind = StepKind::CloudFront;
                step.text = match answer {
                    Answer::Yes => "its edge locations answer everybody".to_string(),
                    Answer::No | Answer::Unknown => blocked(),
                };
            }
            Component::Unknown(why) => step.text = why.clone(),
        }
        Some(step)
    }

    /// The rule that lets traffic pass.
    fn admitting(
        &self,
        path: &Path,
        direction: Direction,
        layer: Layer,
        wanted: &Wanted,
    ) -> (String, Option<Loc>) {
        let place = match direction {
            Direction::Ingress => &path.to,
            Direction::Egress => &path.from,
        };
        if let Some((group, rule)) = self.admitting_rule(path, direction, layer, wanted) {
            let (verb, word) = match direction {
                Direction::Ingress => ("admits", "from"),
                Direction::Egress => ("lets out", "to"),
            };
            let traffic = &rule.traffic.certain;
            let peer = self.match_text(&rule.peer);
            let text = format!("`{}` {verb} {traffic} {word} {peer}", group.name);
            return (text, rule.loc.is_known().then_some(rule.loc));
        }
        let default = |it: &&super::model::Group| {
            direction == Direction::Egress && it.default_egress == Value::Literal(true)
        };
        match self.layer_at(place, layer).into_iter().find(default) {
            Some(it) => (format!("`{}` keeps AWS's rule that lets everything out", it.name), None),
            None => ("several rules together admit it".to_string(), None),
        }
    }

    /// AWS's explanation code for a hop that blocks; AWS knows nothing of network policies.
    fn code(&self, path: &Path, hop: &Hop) -> Option<&'static str> {
        Some(match &hop.component {
            Component::PolicyEgress | Component::PolicyIngress => return None,
            Component::Egress => self.group_code(&path.from, Direction::Egress, path),
            Component::Ingress => self.group_code(&path.to, Direction::Ingress, path),
            Component::Acl { .. } => "SUBNET_ACL_RESTRICTION",
            Component::Route { outcome: RouteOutcome::Dead(it), .. } => it.code,
            Component::Route { .. } => "NO_ROUTE_TO_DESTINATION",
            Component::PublicAddress(_) => match path.from.position {
                Where::Subnet(_) | Where::UnknownSubnet => "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
                Where::Internet
                | Where::Peered(_)
                | Where::Nowhere
                | Where::Service(_)
                | Where::CloudFront
                | Where::Resolver(_)
                | Where::Unaddressed => "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
            },
            Component::NatProtocols => "PROTOCOL_RESTRICTION",
            Component::Addressed(..) => "UNASSOCIATED_COMPONENT",
            Component::Resolver | Component::CloudFront => "TARGET_PORT_RESTRICTION",
            Component::Unknown(_) => "UNKNOWN_DESTINATION",
        })
    }

    fn group_code(&self, place: &Place, direction: Direction, path: &Path) -> &'static str {
        let groups = self.groups_at(place);
        if groups.iter().all(|it| it.rules.iter().all(|it| it.direction != direction)) {
            return "SG_HAS_NO_RULES";
        }
        let transit = path.hops.iter().any(|it| {
            matches!(
                &it.component,
                Component::Route { outcome: RouteOutcome::TransitGateway(_), .. }
            )
        });
        let other = match direction {
            Direction::Ingress => &path.from,
            Direction::Egress => &path.to,
        };
        let named = match &other.groups {
            Groups::Known(others) => others.iter().any(|other| {
                groups.iter().any(|it| it.rules_about(*other).any(|it| it.direction == direction))
            }),
            Groups::NotAsked | Groups::Unknown => false,
        };
        if named && transit {
            "SG_REFERENCING_SUPPORT"
        } else if named {
            "SG_REFERENCES_NOT_PRESERVED"
        } else {
            "ENI_SG_RULES_MISMATCH"
        }
    }

    /// Who a rule is about, in words.
    fn match_text(&self, peer: &super::model::Match) -> String {
        match peer {
            super::model::Match::Block(Value::Literal(it))
                if *it == IpNet::V4(span::cloudfront()) =>
            {
                "the addresses of CloudFront".to_string()
            }
            super::model::Match::Block(Value::Literal(it)) => it.to_string(),
            super::model::Match::Block(Value::Parameter(it)) => format!("the parameter `{it}`"),
            super::model::Match::Block(Value::Unknown) => {
                "addresses that are not known".to_string()
            }
            super::model::Match::Group(Some(it)) => format!("`{}`", self.groups[*it].name),
            super::model::Match::Group(None) => "a group that is not known".to_string(),
            super::model::Match::Public => "the internet".to_string(),
        }
    }
}
