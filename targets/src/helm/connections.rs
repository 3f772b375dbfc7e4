//! The network of a chart's services: what the relation of the graph has of them, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::network::model::{Model, PeeredSide};
use archgen_core::network::relation::{INTERNET, Relation};
use archgen_core::network::traffic::Protocol;
use archgen_core::network::{Admitted, TrafficSet};
use archgen_core::resource::network::Traffic;
use archgen_core::value::Value;

use super::outside::Outside;
use super::shape::camel;
use super::text::{Block, Piece, Text};
use super::values::{Connection, Connections, Peer, Ports};

/// SCTP, the one protocol beside TCP and UDP that network policies have.
const SCTP: u16 = 132;

/// What gets through for certain, by the name of one end and then of the other.
type Through = BTreeMap<String, BTreeMap<String, TrafficSet>>;

/// The network of a chart.
pub(super) struct Network {
    model: Model,
    /// What services send.
    sent: Through,
    /// What services take.
    taken: Through,
    /// The addresses of what stands outside the cluster, by name.
    pub networks: BTreeMap<String, Vec<Block>>,
}

impl Network {
    /// The network of a graph.
    pub fn new(outside: &Outside<'_>) -> Network {
        let model = Model::new(outside.graph);
        let relation = Relation::new(&model);
        let names = relation.names();
        let (mut sent, mut taken) = (Through::new(), Through::new());
        let add = |all: &mut Through, one: &String, other: &String, more: &TrafficSet| {
            if outside.services.contains_key(one.as_str()) {
                let set = all.entry(one.clone()).or_default().entry(other.clone()).or_default();
                *set = set.union(more);
            }
        };
        for row in relation.rows().filter(|it| !it.admitted.certain.is_empty()) {
            for from in row.from.iter() {
                for to in row.to.iter() {
                    let (from, to) = (&names[*from as usize], &names[*to as usize]);
                    add(&mut sent, from, to, &row.admitted.certain);
                    add(&mut taken, to, from, &row.admitted.certain);
                }
            }
        }
        Network { model, sent, taken, networks: BTreeMap::new() }
    }

    /// The connections of the service of a declaration.
    pub fn connections(&mut self, outside: &mut Outside<'_>, declaration: &str) -> Connections {
        let mut it = Connections { ingress: Vec::new(), egress: Vec::new() };
        for (from, set) in self.taken.get(declaration).cloned().unwrap_or_default() {
            it.ingress.extend(self.connection(outside, &from, &set));
        }
        for (to, set) in self.sent.get(declaration).cloned().unwrap_or_default() {
            it.egress.extend(self.connection(outside, &to, &set));
        }
        for all in [&mut it.ingress, &mut it.egress] {
            all.sort_by(|a, b| a.peer.cmp(&b.peer));
        }
        it
    }

    fn connection(
        &mut self,
        outside: &mut Outside<'_>,
        other: &str,
        set: &TrafficSet,
    ) -> Option<Connection> {
        let ports = if is_everything(set) { Vec::new() } else { ports(set) };
        // Network policies say nothing of other protocols, such as ICMP.
        if ports.is_empty() && !is_everything(set) {
            return None;
        }
        let peer = match outside.services.get(other) {
            Some(it) => Peer::Service(it.clone()),
            None if outside.elsewhere.contains(other) => return None,
            None if other == INTERNET => Peer::Internet,
            None => {
                let name = camel(&outside.said(other));
                let blocks = self.blocks(outside, other);
                if blocks.is_empty() {
                    return None;
                }
                self.networks.insert(name.clone(), blocks);
                Peer::Network(name)
            }
        };
        Some(Connection { peer, ports })
    }

    /// The addresses of what has this name: the subnets it stands in, or what a peering leads to.
    fn blocks(&self, outside: &mut Outside<'_>, name: &str) -> Vec<Block> {
        let mut all: Vec<Value<String>> = Vec::new();
        if let Some(endpoint) = self.model.endpoint(name) {
            let subnets: BTreeSet<usize> =
                endpoint.interfaces.iter().flat_map(|it| it.subnets.iter().copied()).collect();
            all.extend(
                subnets
                    .into_iter()
                    .map(|it| self.model.subnets[it].block.map_ref(ToString::to_string)),
            );
        }
        for peering in self.model.peerings.iter().filter(|it| it.name == name) {
            if let PeeredSide::External(blocks) = &peering.accepter {
                all.extend(blocks.iter().map(|it| it.map_ref(ToString::to_string)));
            }
        }
        all.sort();
        all.dedup();
        all.iter()
            .filter_map(|it| match it {
                Value::Literal(it) => Some(Text::literal(it.clone())),
                Value::Parameter(it) => Some(Text(vec![Piece::Parameter(outside.parameter(it))])),
                Value::Unknown => None,
            })
            .map(Block)
            .collect()
    }
}

/// The ports of what a rule of a network policy admits.
pub(super) fn ports_of(traffic: &Traffic) -> Vec<Ports> {
    let set = Admitted::of(traffic).certain;
    if is_everything(&set) { Vec::new() } else { ports(&set) }
}

/// Whether it is all traffic of a family: ICMP of the other one is none.
fn is_everything(set: &TrafficSet) -> bool {
    [Protocol::Icmp, Protocol::Icmpv6]
        .into_iter()
        .any(|it| set.clone().without(it) == TrafficSet::all().without(it))
}

/// What network policies can say of some traffic.
fn ports(set: &TrafficSet) -> Vec<Ports> {
    let mut all = Vec::new();
    for (protocol, name) in [(Protocol::Tcp, "TCP"), (Protocol::Udp, "UDP")] {
        if set.has_all_of(protocol) {
            all.push(Ports { protocol: name, first: None, last: None });
            continue;
        }
        for (first, last) in set.of_protocol(protocol).iter().filter(|it| it.1 > 0) {
            let first = first.max(1);
            let last = (last > first).then_some(last);
            all.push(Ports { protocol: name, first: Some(first), last });
        }
    }
    let others = set.of_protocol(Protocol::Other);
    if others.iter().any(|(first, last)| (first..=last).contains(&SCTP)) {
        all.push(Ports { protocol: "SCTP", first: None, last: None });
    }
    all
}
