//! Paths and fixes in words, with the names that authors know.

use super::address::Address;
use super::chain::Chain;
use super::hop::{Component, Hop, RouteOutcome, Way};
use super::model::{Group, Groups, Holds, Layer, Model, Rule, SubnetAcl};
use super::reach::Answer;
use super::reach::{Path, Question, Wanted, judge};
use super::side::{Place, Where};
use super::traffic::{Protocol, TrafficSet};
use crate::loc::Loc;
use crate::resource::network::Direction;

/// The number between the numbers of entries that archgen proposes.
const ACL_STEP: u16 = 10;

impl Model {
    /// `backend ─ route local ─ NACL ok ─ security group …`: the path with what blocks it.
    pub fn path_text(&self, path: &Path, wanted: &Wanted, question: Question) -> String {
        let mut parts = vec![bare(&path.from.name)];
        let mut shown = 1;
        for hop in &path.hops {
            let blocks = blocks(hop, wanted, question);
            let text = if blocks {
                Some(self.blocked_text(path, hop, wanted))
            } else if hop.way == Way::There {
                passed_text(self, path, hop)
            } else {
                None
            };
            if let Some(text) = text
                && !parts[1..].contains(&text)
            {
                parts.push(text);
                if blocks {
                    shown = parts.len();
                }
            }
        }
        if shown > 1 {
            // What lies behind the last obstacle does not matter.
            parts.truncate(shown);
        } else {
            parts.push(bare(&path.to.name));
        }
        parts.join(" ─ ")
    }

    /// Both paths of a chain.
    pub fn chain_text(&self, chain: &Chain<'_>, question: Question) -> String {
        let text = |path: &Option<Path>, wanted: &Wanted| {
            path.as_ref().map(|it| self.path_text(it, wanted, question)).unwrap_or_default()
        };
        let (first, second) =
            (text(&chain.first.path, &chain.listener), text(&chain.second.path, &chain.port));
        format!("{first}, then {second} on {}", chain.port.set)
    }

    /// The smallest change that opens a path.
    pub fn fix(&self, path: &Path, wanted: &Wanted, question: Question) -> Option<String> {
        let mut fixes: Vec<String> = Vec::new();
        for hop in path.blocking(wanted, question) {
            if let Some(fix) = self.fix_of(path, hop, wanted)
                && !fixes.contains(&fix)
            {
                fixes.push(fix);
            }
        }
        // A group of another VPC admits nobody before the VPCs are connected: that comes first, and
        // with it the rules that `connect!` derives hold.
        if fixes.iter().any(|it| it.contains("`vpc_peering!`")) {
            fixes.retain(|it| !it.starts_with("add `connect!("));
        }
        (!fixes.is_empty()).then(|| fixes.join("; and "))
    }

    /// The rule, entry or route that lets a path through, nearest to what is connected to.
    pub fn opening(&self, path: &Path, wanted: &Wanted) -> Option<(Loc, String)> {
        for direction in [Direction::Ingress, Direction::Egress] {
            let layer = Layer::SecurityGroup;
            if let Some((group, rule)) = self.admitting_rule(path, direction, layer, wanted) {
                let text = match direction {
                    Direction::Ingress => "this rule of {} admits it",
                    Direction::Egress => "this rule of {} lets it out",
                };
                let name = format!("security group `{}`", group.name);
                return Some((rule.loc, text.replace("{}", &name)));
            }
        }
        None
    }

    /// The first rule that certainly admits some of the traffic.
    pub fn admitting_rule(
        &self,
        path: &Path,
        direction: Direction,
        layer: Layer,
        wanted: &Wanted,
    ) -> Option<(&Group, &Rule)> {
        let (own, other, address) = match direction {
            Direction::Egress => (&path.from, &path.to, &path.destination),
            Direction::Ingress => (&path.to, &path.from, &path.source),
        };
        for group in self.layer_at(own, layer) {
            for rule in group.rules.iter().filter(|it| it.direction == direction) {
                let admits = !rule.traffic.certain.intersect(&wanted.set).is_empty();
                let inside = matches!(
                    (path.from.position, path.to.position),
                    (Where::Subnet(_), Where::Subnet(_))
                );
                let peered = if inside { Holds::Yes } else { Holds::No };
                if admits && self.rule_matches(rule, other, address, peered) == Holds::Yes {
                    return Some((group, rule));
                }
            }
        }
        None
    }

    pub(super) fn blocked_text(&self, path: &Path, hop: &Hop, wanted: &Wanted) -> String {
        let missing = missing(hop, wanted);
        match &hop.component {
            Component::Egress => {
                let to = self.peer_text(&path.to);
                let groups = self.groups_text(&path.from);
                format!("{groups}: no egress rule admits {missing} to {to}")
            }
            Component::Ingress => {
                let from = self.peer_text(&path.from);
                let groups = self.groups_text(&path.to);
                format!("{groups}: no ingress rule admits {missing} from {from}")
            }
            Component::PolicyEgress => {
                let (from, to) = (bare(&path.from.name), self.peer_named(&path.to));
                format!("network policy of {from}: no egress rule admits {missing} to {to}")
            }
            Component::PolicyIngress => {
                let (to, from) = (bare(&path.to.name), self.peer_named(&path.from));
                format!("network policy of {to}: no ingress rule admits {missing} from {from}")
            }
            Component::Acl { subnet, acl, direction, remote } => {
                let name = match acl {
                    SubnetAcl::Acl(it) => format!("network ACL `{}`", self.acls[*it].name),
                    SubnetAcl::Default | SubnetAcl::Unknown => "network ACL".to_string(),
                };
                let side = match direction {
                    Direction::Ingress => "ingress",
                    Direction::Egress => "egress",
                };
                let tier = &self.subnets[*subnet].name;
                let remote = self.remote_text(path, remote);
                match (hop.way, direction) {
                    (Way::There, Direction::Ingress) => {
                        format!("{name} (on {tier}): its {side} denies {missing} from {remote}")
                    }
                    (Way::There, Direction::Egress) => {
                        format!("{name} (on {tier}): its {side} denies {missing} to {remote}")
                    }
                    (Way::Back { ports, .. }, direction) => {
                        let back = answers(wanted, ports);
                        let word = match direction {
                            Direction::Ingress => "from",
                            Direction::Egress => "to",
                        };
                        format!(
                            "{name} (on {tier}): its {side} denies the answers {word} {remote} on {back}"
                        )
                    }
                }
            }
            Component::Route { subnet, to, outcome } => {
                let table = match subnet {
                    Some(it) => format!("route table of {}", self.subnets[*it].tier),
                    None => "routes".to_string(),
                };
                let back = if hop.way == Way::There { "to" } else { "back to" };
                let why = if let RouteOutcome::Dead(it) = outcome {
                    it.why.clone()
                } else {
                    format!("no route {back} {}", self.remote_text(path, to))
                };
                format!("{table}: {why}")
            }
            Component::PublicAddress(name) => format!("{name} has no public address"),
            Component::NatProtocols => "NAT gateways carry only TCP, UDP and ICMP".to_string(),
            Component::Addressed(name, family) => {
                format!("{name} has no {} address", family.name())
            }
            Component::Resolver => "the resolver answers its own VPC, on port 53".to_string(),
            Component::Unknown(why) => why.clone(),
        }
    }

    fn fix_of(&self, path: &Path, hop: &Hop, wanted: &Wanted) -> Option<String> {
        let needed = written(&missing(hop, wanted));
        match &hop.component {
            Component::Egress => {
                let group = self.groups_at(&path.from).first().copied()?;
                let to = self.peer_written(&path.to);
                Some(if group.authored {
                    format!("add `{to} => {needed}` to the egress of `{}`", group.name)
                } else {
                    format!("add `connect!({} => {to}: {needed})`", bare(&path.from.name))
                })
            }
            Component::Ingress => {
                let group = self.groups_at(&path.to).first().copied()?;
                let from = self.peer_written(&path.from);
                Some(if group.authored {
                    format!(
                        "add `{from} => {needed}` to the ingress of `{}`, or give {} its own \
                         security group",
                        group.name, path.to.name
                    )
                } else {
                    format!("add `connect!({from} => {}: {needed})`", bare(&path.to.name))
                })
            }
            Component::PolicyEgress | Component::PolicyIngress => {
                let written = |it: &Place| match self.layer_at(it, Layer::NetworkPolicy).first() {
                    Some(_) => bare(&it.name),
                    None => self.peer_written(it),
                };
                let (from, to) = (written(&path.from), written(&path.to));
                Some(format!("add `connect!({from} => {to}: {needed})`"))
            }
            Component::Acl { acl: SubnetAcl::Acl(acl), direction, remote, .. } => {
                let needed = match hop.way {
                    Way::There => needed,
                    Way::Back { ports, .. } => written(&answers(wanted, ports)),
                };
                let acl = &self.acls[*acl];
                let side = match direction {
                    Direction::Ingress => "ingress",
                    Direction::Egress => "egress",
                };
                let number = free_number(acl, *direction)?;
                let remote = match remote_block(path, remote, hop) {
                    Some(it) => format!("\"{it}\""),
                    None => "internet".to_string(),
                };
                Some(format!(
                    "add `{number} => allow({remote}, {needed})` to the {side} of `{}`",
                    acl.name
                ))
            }
            Component::Acl { acl: SubnetAcl::Default | SubnetAcl::Unknown, .. } => None,
            Component::Route { subnet: Some(subnet), outcome, .. } => {
                let here = &self.subnets[*subnet];
                let vpc = &self.vpcs[here.vpc].name;
                match (path.from.position, path.to.position) {
                    (Where::Subnet(from), Where::Subnet(to)) => {
                        let (from, to) = (self.subnets[from].vpc, self.subnets[to].vpc);
                        let (from, to) = (&self.vpcs[from].name, &self.vpcs[to].name);
                        Some(format!("connect `{from}` and `{to}` with a `vpc_peering!`"))
                    }
                    (Where::Subnet(_), Where::Internet | Where::Service(_)) => {
                        if let RouteOutcome::Dead(_) = outcome {
                            return None;
                        }
                        Some(format!(
                            "give `{vpc}` NAT gateways, such as `nat: PerZone`, and `{}` a route to \
                             them",
                            here.tier
                        ))
                    }
                    (Where::Internet, Where::Subnet(_)) => Some(format!(
                        "let {} stand in a tier that routes to an internet gateway",
                        path.to.name
                    )),
                    (
                        Where::Subnet(_) | Where::UnknownSubnet,
                        Where::Peered(_) | Where::Nowhere | Where::UnknownSubnet,
                    )
                    | (Where::Peered(_) | Where::Nowhere, _) => {
                        Some(format!("connect `{vpc}` with that network by a `vpc_peering!`"))
                    }
                    (Where::UnknownSubnet | Where::Internet | Where::Service(_), _)
                    | (Where::Resolver(_) | Where::Unaddressed, _)
                    | (_, Where::Resolver(_) | Where::Unaddressed) => None,
                }
            }
            Component::PublicAddress(_) => Some(match path.to.position {
                Where::Internet | Where::Service(_) => {
                    format!("let {} stand in a tier that routes to a NAT gateway", path.from.name)
                }
                Where::Subnet(_)
                | Where::UnknownSubnet
                | Where::Peered(_)
                | Where::Nowhere
                | Where::Resolver(_)
                | Where::Unaddressed => {
                    format!("put an internet-facing `alb!` in front of {}", path.to.name)
                }
            }),
            Component::Route { subnet: None, .. }
            | Component::NatProtocols
            | Component::Addressed(..)
            | Component::Resolver
            | Component::Unknown(_) => None,
        }
    }

    /// The groups at a place: "security group `ecs_sg` (on redis)".
    fn groups_text(&self, place: &Place) -> String {
        let groups = self.groups_at(place);
        let on = bare(&place.name);
        match groups.as_slice() {
            [] => format!("security groups of {on}"),
            [one] if one.authored => format!("security group `{}` (on {on})", one.name),
            [_] => format!("security group of {on}"),
            several => {
                let names: Vec<String> =
                    several.iter().map(|it| format!("`{}`", it.name)).collect();
                format!("security groups {} (on {on})", names.join(", "))
            }
        }
    }

    /// A place as rules name it: by its group, or by its addresses.
    fn peer_text(&self, place: &Place) -> String {
        match self.groups_at(place).first() {
            Some(it) => format!("`{}`", it.name),
            None => place.name.clone(),
        }
    }

    /// A place as network policies name it: by its own name.
    fn peer_named(&self, place: &Place) -> String {
        match self.layer_at(place, Layer::NetworkPolicy).first() {
            Some(_) => place.name.clone(),
            None => self.peer_text(place),
        }
    }

    /// A place as authors write it in a rule.
    fn peer_written(&self, place: &Place) -> String {
        match (self.groups_at(place).first(), place.position) {
            (Some(it), _) => it.name.clone(),
            (None, Where::Internet | Where::Service(_)) if !place.name.contains('/') => {
                "internet".to_string()
            }
            (None, _) if place.name.contains('/') => format!("\"{}\"", place.name),
            (None, _) => bare(&place.name),
        }
    }

    /// An address on the other side of an ACL or route.
    fn remote_text(&self, path: &Path, remote: &Address) -> String {
        let place = if *remote == path.destination { &path.to } else { &path.from };
        match place.position {
            Where::Internet => match place.name.as_str() {
                "the internet" => place.name.clone(),
                _ => remote.text(),
            },
            Where::Service(_) => place.name.clone(),
            Where::Subnet(_)
            | Where::UnknownSubnet
            | Where::Peered(_)
            | Where::Nowhere
            | Where::Resolver(_)
            | Where::Unaddressed => remote.text(),
        }
    }
}

/// The block on the other side of an ACL; none is the internet.
fn remote_block(path: &Path, remote: &Address, _hop: &Hop) -> Option<String> {
    let place = if *remote == path.destination { &path.to } else { &path.from };
    match (place.position, remote) {
        (Where::Internet, _) if place.name == "the internet" => None,
        // What Amazon will choose cannot be written.
        (_, Address::Within(span)) if span.is_stand_in() => Some("::/0".to_string()),
        (_, Address::Within(span)) => Some(span.text()),
        (_, Address::UnknownInside(_) | Address::SomePublic(_)) => None,
    }
}

/// Whether a hop alone keeps the answer from being what is wanted.
fn blocks(hop: &Hop, wanted: &Wanted, question: Question) -> bool {
    judge(std::slice::from_ref(hop), wanted, question) == Answer::No
}

/// What a hop that is passed is called; nothing if it goes without saying.
fn passed_text(model: &Model, path: &Path, hop: &Hop) -> Option<String> {
    match &hop.component {
        Component::Egress => {
            matches!(path.from.groups, Groups::Known(_)).then(|| "egress ok".to_string())
        }
        Component::Ingress => {
            matches!(path.to.groups, Groups::Known(_)).then(|| "ingress ok".to_string())
        }
        Component::PolicyEgress | Component::PolicyIngress => Some("network policy ok".to_string()),
        Component::Acl { .. } => Some("NACL ok".to_string()),
        Component::Route { outcome, .. } => match outcome {
            RouteOutcome::Local => Some("route local".to_string()),
            RouteOutcome::InternetGateway => Some("route internet gateway".to_string()),
            RouteOutcome::Nat(_) => Some("route NAT gateway".to_string()),
            RouteOutcome::Peering(it) => {
                Some(format!("route peering `{}`", model.peerings[*it].name))
            }
            RouteOutcome::GatewayEndpoint => Some("route gateway endpoint".to_string()),
            RouteOutcome::EgressOnly => Some("route egress-only internet gateway".to_string()),
            RouteOutcome::TransitGateway(it) => {
                Some(format!("route transit gateway `{}`", model.transits[*it].name))
            }
            RouteOutcome::Appliance(it) => Some(format!("route appliance `{it}`")),
            RouteOutcome::Unfollowed(_) => Some("route NAT gateway".to_string()),
            RouteOutcome::Unknown(_) => Some("route not known".to_string()),
            RouteOutcome::Missing | RouteOutcome::Dead(_) => None,
        },
        Component::Unknown(why) => Some(why.clone()),
        Component::Resolver => Some("resolver".to_string()),
        Component::PublicAddress(_) | Component::NatProtocols | Component::Addressed(..) => None,
    }
}

/// The traffic that a hop does not let through.
fn missing(hop: &Hop, wanted: &Wanted) -> TrafficSet {
    let missing = wanted.set.subtract(&hop.admitted.possible);
    if missing.is_empty() { wanted.set.clone() } else { missing }
}

/// The answers to traffic, by protocol.
fn answers(wanted: &Wanted, ports: (u16, u16)) -> TrafficSet {
    let mut all = TrafficSet::none();
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        if !wanted.set.of_protocol(protocol).is_empty() {
            let ranges = super::traffic::Ranges::of(ports.0, ports.1);
            all = all.union(&TrafficSet::of(protocol, ranges));
        }
    }
    for protocol in [Protocol::Icmp, Protocol::Icmpv6] {
        if !wanted.set.of_protocol(protocol).is_empty() {
            let all_types = super::traffic::Ranges::all();
            all = all.union(&TrafficSet::of(protocol, all_types));
        }
    }
    all
}

/// A number at which a new entry of an ACL comes before every other.
fn free_number(acl: &super::model::Acl, direction: Direction) -> Option<u16> {
    let first =
        acl.entries.iter().filter(|it| it.direction == direction).filter_map(|it| it.number).min();
    match first {
        None => Some(100),
        Some(it) if it > ACL_STEP => Some(it - ACL_STEP),
        Some(it) if it > 1 => Some(it - 1),
        Some(_) => None,
    }
}

/// Traffic as authors write it: `tcp(443, 8000..=8080)`.
pub fn written(set: &TrafficSet) -> String {
    if set.is_all() {
        return "all".to_string();
    }
    let mut parts = Vec::new();
    for protocol in Protocol::ALL {
        let ranges = set.of_protocol(protocol);
        let name = protocol.as_str();
        if ranges.is_empty() {
            continue;
        }
        if set.has_all_of(protocol) {
            parts.push(name.to_string());
            continue;
        }
        let icmp = matches!(protocol, Protocol::Icmp | Protocol::Icmpv6);
        let numbers: Vec<String> = ranges
            .iter()
            .map(|(first, last)| match (icmp, first == last) {
                (true, _) => first.to_be_bytes()[0].to_string(),
                (false, true) => first.to_string(),
                (false, false) => format!("{first}..={last}"),
            })
            .collect();
        parts.push(format!("{name}({})", numbers.join(", ")));
    }
    parts.join(", ")
}

/// A name without its backticks.
fn bare(name: &str) -> String {
    name.replace('`', "")
}
