//! Endpoints by where they stand and which groups they have, and classes of those by their rules about
//! addresses.

use std::collections::{BTreeMap, BTreeSet};

use super::wide_rules;
use crate::network::model::{Group, Groups, Holds, Interface, Layer, Match, Model, PeeredSide};
use crate::network::side::{Place, Side, Where};
use crate::network::span::{self, Family, Span};
use crate::network::traffic::Admitted;
use crate::resource::network::Direction;
use crate::value::Value;

/// Endpoints that stand in one place with one set of groups.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    /// The place, without a name.
    pub place: Place,
    /// The number of its set of groups.
    pub set: usize,
    /// The endpoints, by number.
    pub members: Vec<u32>,
}

/// What makes endpoints stand together.
type StandKey = (Groups, Where, Family, Holds, (u16, u16));

/// Stands that rules about addresses treat alike.
#[derive(Clone, Debug)]
pub(super) struct WideClass {
    pub key: WideKey,
    /// The stands, by number.
    pub stands: Vec<usize>,
    /// Whether a rule about addresses lets anything out.
    pub opens: bool,
    /// Whether a rule about addresses lets anything in.
    pub admits: bool,
}

impl WideClass {
    /// Whether nothing stands in it any more.
    pub fn is_empty(&self) -> bool {
        self.stands.is_empty()
    }
}

/// What makes stands one class.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WideKey {
    pub position: Where,
    pub family: Family,
    pub public: Holds,
    pub client_ports: (u16, u16),
    pub rules: usize,
}

/// The rules about addresses of a set of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WideRules {
    /// Whether no group is asked.
    pub open: bool,
    /// The layers, each of which must admit.
    pub layers: Vec<LayerRules>,
    /// The groups of the set that rules treat like addresses.
    pub big_groups: BTreeSet<usize>,
}

/// The rules about addresses of one layer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LayerRules {
    /// The layer.
    pub layer: Layer,
    /// Traffic that is let out whatever the address: by AWS's default rule, or perhaps.
    pub egress: Admitted,
    /// Traffic that is perhaps let in whatever the address.
    pub ingress: Admitted,
    /// The rules.
    pub rules: BTreeSet<(Direction, WidePeer, Admitted)>,
}

impl LayerRules {
    /// A layer that admits nothing.
    fn new(layer: Layer) -> LayerRules {
        let nothing = Admitted::none();
        LayerRules { layer, egress: nothing.clone(), ingress: nothing, rules: BTreeSet::new() }
    }

    /// Whether it may let anything through.
    fn opens(&self, direction: Direction) -> bool {
        let always = match direction {
            Direction::Egress => &self.egress,
            Direction::Ingress => &self.ingress,
        };
        !always.possible.is_empty() || self.rules.iter().any(|it| it.0 == direction)
    }
}

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WidePeer {
    Block(Value<ipnet::IpNet>),
    Group(usize),
    UnknownGroup,
    Public,
}

impl WideRules {
    /// The blocks of the rules.
    pub fn blocks(&self) -> impl Iterator<Item = Span> + '_ {
        self.layers.iter().flat_map(|it| &it.rules).flat_map(|(_, peer, _)| match peer {
            WidePeer::Block(it) => it.literal().map(|it| Span::of(*it)).into_iter().collect(),
            WidePeer::Public => span::internet(Family::Ipv4),
            WidePeer::Group(_) | WidePeer::UnknownGroup => Vec::new(),
        })
    }

    /// Whether every layer may let something through.
    fn opens(&self, direction: Direction) -> bool {
        self.open || self.layers.iter().all(|it| it.opens(direction))
    }
}

/// Where everything stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Stands {
    pub all: Vec<Stand>,
    /// The distinct sets of groups.
    pub sets: Vec<Groups>,
    /// The stands of each set.
    pub by_set: Vec<Vec<usize>>,
    /// The rules about addresses of each set, by number.
    pub rules_of_set: Vec<usize>,
    /// The distinct rules about addresses.
    pub rules: Vec<WideRules>,
    pub rule_numbers: BTreeMap<WideRules, usize>,
    pub wide: Vec<WideClass>,
    pub wide_numbers: BTreeMap<WideKey, usize>,
    sets_with: Vec<Vec<usize>>,
}

impl Stands {
    /// Everything of a model.
    pub fn new(model: &Model) -> Stands {
        let mut stands =
            Stands { sets_with: vec![Vec::new(); model.groups.len()], ..Stands::default() };
        let mut numbers: BTreeMap<StandKey, usize> = BTreeMap::new();
        let mut set_numbers: BTreeMap<Groups, usize> = BTreeMap::new();
        // Where nothing has an IPv6 address, nothing is asked about them.
        let somewhere = |it: &Interface| it.subnets.is_empty() && it.ipv6 != Holds::No;
        let ipv6 = model.vpcs.iter().any(|it| !it.ipv6.is_empty())
            || model.endpoints.iter().flat_map(|it| &it.interfaces).any(somewhere);
        let families: &[Family] = if ipv6 { &Family::ALL } else { &[Family::Ipv4] };
        let mut add = |stands: &mut Stands, place: Place, member: u32| {
            if place.position == Where::Unaddressed {
                return;
            }
            let mut groups = place.groups.clone();
            if let Groups::Known(it) = &mut groups {
                it.sort_unstable();
                it.dedup();
            }
            let set = *set_numbers.entry(groups.clone()).or_insert_with(|| {
                if let Groups::Known(all) = &groups {
                    for it in all {
                        stands.sets_with[*it].push(stands.sets.len());
                    }
                }
                stands.by_set.push(Vec::new());
                stands.sets.push(groups.clone());
                stands.sets.len() - 1
            });
            let key = (groups, place.position, place.family, place.public, place.client_ports);
            let number = *numbers.entry(key).or_insert_with(|| {
                stands.by_set[set].push(stands.all.len());
                stands.all.push(Stand { place, set, members: Vec::new() });
                stands.all.len() - 1
            });
            let members = &mut stands.all[number].members;
            if members.last() != Some(&member) {
                members.push(member);
            }
        };
        for family in families {
            for (number, endpoint) in model.endpoints.iter().enumerate() {
                for interface in &endpoint.interfaces {
                    for place in model.places_of(endpoint, interface, *family) {
                        add(&mut stands, place, number as u32);
                    }
                }
            }
            let mut number = model.endpoints.len() as u32;
            for place in model.places(&Side::Internet, *family).concat() {
                add(&mut stands, place, number);
            }
            for (index, peering) in model.peerings.iter().enumerate() {
                let PeeredSide::External(blocks) = &peering.accepter else {
                    continue;
                };
                number += 1;
                for block in blocks.iter().filter_map(Value::literal) {
                    let spans = vec![Span::of(*block)];
                    if spans[0].family() == *family {
                        add(&mut stands, model.peered_place(index, spans), number);
                    }
                }
            }
        }
        for set in 0..stands.sets.len() {
            stands.class_of_set(model, set);
        }
        stands
    }

    /// The sets that hold a group.
    pub fn sets_with(&self, group: usize) -> &[usize] {
        &self.sets_with[group]
    }

    /// Whether rules about a group are treated like rules about addresses.
    pub fn is_big(&self, group: usize) -> bool {
        self.sets_with[group].len() > super::SMALL
    }

    /// The endpoints of a class.
    pub fn wide_members(&self, class: usize) -> Vec<u32> {
        let stands = &self.wide[class].stands;
        let mut members: Vec<u32> =
            stands.iter().flat_map(|it| self.all[*it].members.iter().copied()).collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// Puts the stands of a set into their classes; gives the classes.
    pub fn class_of_set(&mut self, model: &Model, set: usize) -> BTreeSet<usize> {
        let rules = self.wide_rules_of(model, set);
        let opens = rules.opens(Direction::Egress);
        let admits = rules.opens(Direction::Ingress);
        let number = *self.rule_numbers.entry(rules.clone()).or_insert_with(|| {
            self.rules.push(rules);
            self.rules.len() - 1
        });
        if self.rules_of_set.len() <= set {
            self.rules_of_set.resize(set + 1, 0);
        }
        self.rules_of_set[set] = number;
        let mut classes = BTreeSet::new();
        for stand in self.by_set[set].clone() {
            let place = &self.all[stand].place;
            let key = WideKey {
                position: place.position,
                family: place.family,
                public: place.public,
                client_ports: place.client_ports,
                rules: number,
            };
            let class = *self.wide_numbers.entry(key.clone()).or_insert_with(|| {
                self.wide.push(WideClass { key, stands: Vec::new(), opens, admits });
                self.wide.len() - 1
            });
            self.wide[class].stands.push(stand);
            classes.insert(class);
        }
        classes
    }

    /// Takes the stands of a set out of their classes; gives the classes.
    pub fn leave_classes(&mut self, set: usize) -> BTreeSet<usize> {
        let rules = self.rules_of_set[set];
        let mut left = BTreeSet::new();
        for stand in self.by_set[set].clone() {
            let place = &self.all[stand].place;
            let key = WideKey {
                position: place.position,
                family: place.family,
                public: place.public,
                client_ports: place.client_ports,
                rules,
            };
            if let Some(class) = self.wide_numbers.get(&key) {
                self.wide[*class].stands.retain(|it| *it != stand);
                left.insert(*class);
            }
        }
        left
    }

    fn wide_rules_of(&self, model: &Model, set: usize) -> WideRules {
        let mut all = WideRules::default();
        let groups = match &self.sets[set] {
            Groups::NotAsked => {
                all.open = true;
                return all;
            }
            Groups::Unknown => {
                all.layers.push(LayerRules {
                    egress: Admitted::unknown(),
                    ingress: Admitted::unknown(),
                    ..LayerRules::new(Layer::SecurityGroup)
                });
                return all;
            }
            Groups::Known(it) => it,
        };
        all.big_groups = groups.iter().copied().filter(|it| self.is_big(*it)).collect();
        for layer in Layer::ALL {
            let of_layer =
                || groups.iter().map(|it| &model.groups[*it]).filter(|it| it.layer == layer);
            // Security groups always filter, a policy where one of the pods' is one that does.
            if layer == Layer::SecurityGroup || of_layer().any(|it| it.filters) {
                all.layers.push(self.layer_rules(layer, of_layer()));
            }
        }
        all
    }

    fn layer_rules<'a>(&self, layer: Layer, groups: impl Iterator<Item = &'a Group>) -> LayerRules {
        let mut all = LayerRules::new(layer);
        for group in groups {
            match group.default_egress {
                Value::Literal(true) => all.egress = Admitted::all(),
                Value::Literal(false) => {}
                Value::Parameter(_) | Value::Unknown => {
                    all.egress = all.egress.union(&Admitted::unknown());
                }
            }
            for direction in &group.unknown_rules {
                let side = match direction {
                    Direction::Egress => &mut all.egress,
                    Direction::Ingress => &mut all.ingress,
                };
                *side = side.union(&Admitted::unknown());
            }
            for rule in wide_rules(group, |it| self.is_big(it)) {
                let peer = match &rule.peer {
                    Match::Block(it) => WidePeer::Block(it.clone()),
                    Match::Group(Some(it)) => WidePeer::Group(*it),
                    Match::Group(None) => WidePeer::UnknownGroup,
                    Match::Public => WidePeer::Public,
                };
                all.rules.insert((rule.direction, peer, rule.traffic.clone()));
            }
        }
        all
    }
}
