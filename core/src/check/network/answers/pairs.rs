//! The connections that groups admit, by pair of subnets, where an ACL of the team's own stands between.

use std::collections::{BTreeMap, BTreeSet};

use super::{has_acl, internet, place};
use crate::check::network::Scope;
use crate::network::Family;
use crate::network::model::Layer;
use crate::network::model::{
    Endpoint, Groups, Holds, Interface, Match, SubnetAcl, WIDE_PORTS, client_ports,
};
use crate::network::side::Place;
use crate::network::traffic::{Protocol, Ranges};
use crate::resource::network::Direction;
use crate::value::Value;

/// The last port that no client uses for itself. An ACL's entry for ports up to it is for connections, and
/// not for answers.
const LAST_WELL_KNOWN: u16 = 1023;

/// A side of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// In a subnet, with the ports its connections come from, and whether it has a public address.
    Subnet(usize, Family, (u16, u16), bool),
    /// On the internet.
    Internet(Family),
}

impl End {
    /// Interfaces there that no group filters.
    pub(super) fn place(self, scope: &Scope<'_>) -> Option<Place> {
        match self {
            End::Subnet(it, family, ports, public) => {
                let mut place = place(scope, it, family, ports)?;
                place.public = if public { Holds::Yes } else { Holds::No };
                Some(place)
            }
            End::Internet(family) => Some(internet(family)),
        }
    }
}

/// Where interfaces with a group stand: subnets, and the ports from which they connect.
type Stands = BTreeSet<(usize, (u16, u16))>;

/// The TCP ports that are admitted between each two sides.
type Wanted = BTreeMap<(End, End), Ranges>;

/// What groups admit, and so is meant to work.
pub(super) fn wanted(scope: &Scope<'_>) -> Wanted {
    let mut wanted = Wanted::new();
    between_groups(scope, &mut wanted);
    internet_flows(scope, &mut wanted);
    wanted
}

fn add(wanted: &mut Wanted, from: End, to: End, ports: &Ranges) {
    if from != to && !ports.is_empty() {
        let all = wanted.entry((from, to)).or_default();
        *all = all.union(ports);
    }
}

/// What the groups of one side let out to the other.
#[derive(Default)]
struct Out {
    /// To every IPv4 address, and so to whatever has a group.
    anywhere: Ranges,
    to: BTreeMap<usize, Ranges>,
}

fn out(scope: &Scope<'_>, group: usize) -> Out {
    let group = &scope.model.groups[group];
    let mut out = Out::default();
    if group.default_egress == Value::Literal(true) {
        out.anywhere = Ranges::all();
        return out;
    }
    for rule in group.rules.iter().filter(|it| it.direction == Direction::Egress) {
        let ports = rule.traffic.certain.of_protocol(Protocol::Tcp);
        match &rule.peer {
            Match::Block(Value::Literal(it)) if it.prefix_len() == 0 && it.addr().is_ipv4() => {
                out.anywhere = out.anywhere.union(ports);
            }
            Match::Group(Some(it)) => {
                let all = out.to.entry(*it).or_default();
                *all = all.union(ports);
            }
            Match::Block(_) | Match::Group(None) | Match::Public => {}
        }
    }
    out
}

/// Rules that name a group: its interfaces are meant to connect.
fn between_groups(scope: &Scope<'_>, wanted: &mut Wanted) {
    let model = scope.model;
    let mut stands: Vec<Stands> = model.groups.iter().map(|_| Stands::new()).collect();
    for endpoint in &model.endpoints {
        for interface in &endpoint.interfaces {
            let Groups::Known(groups) = &interface.groups else { continue };
            for group in groups {
                let ports = client_ports(endpoint.kind);
                stands[*group].extend(interface.subnets.iter().map(|it| (*it, ports)));
            }
        }
    }
    // Thousands of groups stand in the same few subnets: their rules are joined before pairs are made.
    let mut numbers: BTreeMap<&Stands, usize> = BTreeMap::new();
    let mut different: Vec<&Stands> = Vec::new();
    let mut number_of: Vec<usize> = Vec::with_capacity(stands.len());
    for it in &stands {
        let number = *numbers.entry(it).or_insert_with(|| {
            different.push(it);
            different.len() - 1
        });
        number_of.push(number);
    }
    let guarded: Vec<bool> =
        different.iter().map(|it| it.iter().any(|(it, _)| has_acl(scope, *it))).collect();
    let mut joined: BTreeMap<(usize, usize), Ranges> = BTreeMap::new();
    let mut outs: BTreeMap<usize, Out> = BTreeMap::new();
    for (own, group) in model.groups.iter().enumerate() {
        for rule in group.rules.iter().filter(|it| it.direction == Direction::Ingress) {
            let Match::Group(Some(peer)) = rule.peer else { continue };
            let pair = (number_of[peer], number_of[own]);
            if !guarded[pair.0] && !guarded[pair.1] {
                continue;
            }
            let out = outs.entry(peer).or_insert_with(|| out(scope, peer));
            let named = out.to.get(&own);
            let ports = rule.traffic.certain.of_protocol(Protocol::Tcp);
            let mut admitted = out.anywhere.intersect(ports);
            if let Some(named) = named {
                admitted = admitted.union(&named.intersect(ports));
            }
            let all = joined.entry(pair).or_default();
            if !all.contains(&admitted) {
                *all = all.union(&admitted);
            }
        }
    }
    for ((from, to), ports) in joined {
        for (source, source_ports) in different[from] {
            for (target, _) in different[to] {
                if source != target && (has_acl(scope, *source) || has_acl(scope, *target)) {
                    let from = End::Subnet(*source, Family::Ipv4, *source_ports, false);
                    let to = End::Subnet(*target, Family::Ipv4, WIDE_PORTS, false);
                    add(wanted, from, to, &ports);
                }
            }
        }
    }
}

/// Connections from the internet and to it.
fn internet_flows(scope: &Scope<'_>, wanted: &mut Wanted) {
    let model = scope.model;
    let mut open: BTreeMap<(usize, Family), Ranges> = BTreeMap::new();
    for endpoint in &model.endpoints {
        for interface in &endpoint.interfaces {
            let Groups::Known(groups) = &interface.groups else { continue };
            let guarded = interface.subnets.iter().any(|it| has_acl(scope, *it));
            if !guarded {
                continue;
            }
            let filters = |it: &&usize| model.groups[**it].layer == Layer::SecurityGroup;
            for group in groups.iter().filter(filters) {
                for family in Family::ALL {
                    let ports = open
                        .entry((*group, family))
                        .or_insert_with(|| from_everybody(scope, *group, family))
                        .clone();
                    inward(interface, family, &ports, wanted);
                }
                outward(scope, endpoint, interface, *group, wanted);
            }
        }
    }
}

/// The TCP ports that a group opens to everybody.
fn from_everybody(scope: &Scope<'_>, group: usize, family: Family) -> Ranges {
    let mut ports = Ranges::default();
    for rule in &scope.model.groups[group].rules {
        if let Match::Block(Value::Literal(it)) = &rule.peer
            && rule.direction == Direction::Ingress
            && it.prefix_len() == 0
            && it.addr().is_ipv4() == (family == Family::Ipv4)
        {
            ports = ports.union(rule.traffic.certain.of_protocol(Protocol::Tcp));
        }
    }
    ports
}

fn inward(interface: &Interface, family: Family, ports: &Ranges, wanted: &mut Wanted) {
    let addressed = match family {
        Family::Ipv4 => interface.public,
        Family::Ipv6 => interface.ipv6,
    };
    if addressed != Holds::Yes {
        return;
    }
    for subnet in &interface.subnets {
        let to = End::Subnet(*subnet, family, WIDE_PORTS, true);
        add(wanted, End::Internet(family), to, ports);
    }
}

/// What opens connections to the internet: a group that lets it, and entries of the ACL for ports to which
/// no answer goes.
fn outward(
    scope: &Scope<'_>,
    endpoint: &Endpoint,
    interface: &Interface,
    group: usize,
    wanted: &mut Wanted,
) {
    let out = out(scope, group).anywhere;
    for subnet in &interface.subnets {
        let SubnetAcl::Acl(acl) = scope.model.subnets[*subnet].acl else { continue };
        let mut meant = Ranges::default();
        for entry in &scope.model.acls[acl].entries {
            let everybody =
                entry.block.literal().is_some_and(|it| it.prefix_len() == 0 && it.addr().is_ipv4());
            if entry.allow && entry.direction == Direction::Egress && everybody {
                for (first, last) in entry.traffic.certain.of_protocol(Protocol::Tcp).iter() {
                    if last <= LAST_WELL_KNOWN {
                        meant = meant.union(&Ranges::of(first, last));
                    }
                }
            }
        }
        let public = interface.public == Holds::Yes;
        let from = End::Subnet(*subnet, Family::Ipv4, client_ports(endpoint.kind), public);
        add(wanted, from, End::Internet(Family::Ipv4), &out.intersect(&meant));
    }
}
