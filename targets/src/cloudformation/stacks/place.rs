//! Which stack each resource is in: one that was placed stays where it is; what is new goes with what it
//! belongs to, into a stack with room, so that stacks need each other in one direction only.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::history::MAIN_STACK;

use super::limits::{Limits, Load};
use super::order::{Order, components};
use super::{LAST, family};
use room::Needs;

mod room;

/// What belongs together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    /// What comes from one declaration.
    Declaration(String),
    /// A resource by itself, which goes with what it refers to.
    Own(String),
    /// What is one tenant's of a pool.
    Tenant(String, String),
}

/// Something that is referred to: an item, and an attribute of it.
pub(super) type Link = (usize, Option<&'static str>);

/// A resource of a template, as far as its place depends on it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Its logical ID.
    pub(super) id: String,
    /// What it belongs to.
    pub(super) unit: Unit,
    /// How many characters it takes.
    pub(super) bytes: usize,
    /// The parameters that it uses, by number.
    pub(super) parameters: Vec<usize>,
    /// The outputs that are in its stack.
    pub(super) outputs: usize,
    /// What it refers to, each as often as it does, with the attribute.
    pub(super) links: Vec<Link>,
    /// What must exist first though no property refers to it.
    pub(super) after: Vec<usize>,
    /// What would best exist first; stacks need not be in that order.
    pub(super) rather_after: Vec<usize>,
    /// What it must be in one stack with: it refers to what changes with every deployment, or to a list.
    pub(super) tied: Vec<usize>,
    /// The stack it was in.
    pub(super) stack: Option<String>,
    /// Whether it looks at everything and can be made anew at any time: a dashboard.
    pub(super) is_view: bool,
}

impl Item {
    /// What it takes by itself.
    fn share(&self) -> Load {
        Load { resources: 1, bytes: self.bytes, ..Load::default() }
    }
}

/// A stack that is being filled.
#[derive(Clone, Debug)]
pub(super) struct Bin {
    /// Its name: that of its family, with a number.
    pub(super) name: String,
    family: String,
    number: usize,
    load: Load,
    /// What is still to come of tenants of which something is in it.
    reserved: Load,
    parameters: BTreeSet<usize>,
    /// What others take from it, or will.
    exports: BTreeSet<Link>,
}

/// Where everything is.
pub(super) struct Placed {
    /// The stacks; those without resources included.
    pub(super) bins: Vec<Bin>,
    /// The stack of each item.
    pub(super) at: Vec<usize>,
}

/// Places what has no place yet.
pub(super) fn place(items: &[Item], limits: &Limits) -> Placed {
    let mut it = Placer::new(items, limits);
    it.keep();
    for group in it.groups() {
        it.group(&group);
    }
    let at = it.at.iter().map(|it| it.unwrap_or_default()).collect();
    Placed { bins: it.bins, at }
}

/// How far a stack is filled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// As far as it leaves room to grow.
    Fill,
    /// As far as AWS allows.
    Most,
}

struct Placer<'a> {
    items: &'a [Item],
    limits: &'a Limits,
    most: Limits,
    bins: Vec<Bin>,
    at: Vec<Option<usize>>,
    /// What refers to each item: hard, then soft.
    users: Vec<Vec<usize>>,
    soft_users: Vec<Vec<usize>>,
    /// Whether an item is a view, or shared and needs one or something of a tenant's.
    late: Vec<bool>,
    /// The attributes of each item that are surely taken by other families.
    wanted: Vec<BTreeSet<Option<&'static str>>>,
    /// The stacks in which something was that needs an item now.
    needed_in: Vec<BTreeSet<usize>>,
    /// The stacks in which something of a unit is.
    homes: BTreeMap<&'a Unit, BTreeSet<usize>>,
    /// What has no place yet of each tenant, and the stack that keeps room for it.
    rest: BTreeMap<&'a Unit, (Load, Option<usize>)>,
    order: Order,
    /// With what would best come first.
    soft_order: Order,
}

impl<'a> Placer<'a> {
    fn new(items: &'a [Item], limits: &'a Limits) -> Placer<'a> {
        let count = items.len();
        let (mut users, mut soft_users) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (at, it) in items.iter().enumerate() {
            it.links.iter().map(|it| it.0).chain(it.after.iter().copied()).for_each(|to| {
                if users[to].last() != Some(&at) {
                    users[to].push(at);
                }
            });
            it.rather_after.iter().for_each(|to| soft_users[*to].push(at));
        }
        let tenant = |it: usize| matches!(items[it].unit, Unit::Tenant(..));
        let mut late = vec![false; count];
        let mut open: Vec<usize> =
            (0..count).filter(|it| items[*it].is_view || tenant(*it)).collect();
        while let Some(it) = open.pop() {
            late[it] |= items[it].is_view;
            for user in &users[it] {
                let follows = matches!(items[*user].unit, Unit::Own(_));
                if !tenant(*user) && !late[*user] && !follows {
                    late[*user] = true;
                    open.push(*user);
                }
            }
        }
        let class = |it: usize| (late[it], tenant(it));
        let mut wanted = vec![BTreeSet::new(); count];
        for (at, it) in items.iter().enumerate() {
            for (to, attribute) in &it.links {
                if class(at) != class(*to) && !matches!(it.unit, Unit::Own(_)) {
                    wanted[*to].insert(*attribute);
                }
            }
        }
        let mut rest: BTreeMap<&Unit, (Load, Option<usize>)> = BTreeMap::new();
        for it in items.iter().filter(|it| matches!(it.unit, Unit::Tenant(..))) {
            let all = rest.entry(&it.unit).or_default();
            all.0 = all.0.plus(it.share());
        }
        Placer {
            items,
            limits,
            most: limits.most(),
            bins: Vec::new(),
            at: vec![None; count],
            users,
            soft_users,
            late,
            wanted,
            needed_in: vec![BTreeSet::new(); count],
            homes: BTreeMap::new(),
            rest,
            order: Order::default(),
            soft_order: Order::default(),
        }
    }

    /// The stack of a name, which is made if it is new.
    fn bin(&mut self, name: &str) -> usize {
        if let Some(at) = self.bins.iter().position(|it| it.name == name) {
            return at;
        }
        let (family, number) = family(name);
        self.bins.push(Bin {
            name: name.to_string(),
            family: family.to_string(),
            number,
            load: Load::default(),
            reserved: Load::default(),
            parameters: BTreeSet::new(),
            exports: BTreeSet::new(),
        });
        self.order.push();
        self.soft_order.push();
        self.bins.len() - 1
    }

    /// Puts everything where it was.
    fn keep(&mut self) {
        self.bin(MAIN_STACK);
        for at in 0..self.items.len() {
            let it = &self.items[at];
            if let Some(name) = it.stack.as_deref() {
                let bin = self.bin(name);
                // Views hold nothing: one that now looks at a stack that needs its own goes to a later one.
                if !it.is_view {
                    self.put(&[at], bin);
                }
            }
        }
        // What something needs that was there stays best with it.
        let placed: Vec<usize> =
            (0..self.items.len()).filter(|it| self.at[*it].is_some()).collect();
        let mut open: Vec<(usize, usize)> =
            placed.into_iter().filter_map(|it| Some((it, self.at[it]?))).collect();
        while let Some((it, bin)) = open.pop() {
            for to in self.items[it].links.iter().map(|it| it.0).chain(self.items[it].after.clone())
            {
                if self.at[to].is_none() && self.needed_in[to].insert(bin) {
                    open.push((to, bin));
                }
            }
        }
    }

    /// What is to be placed, what is needed first; what belongs together or needs each other as one.
    fn groups(&self) -> Vec<Vec<usize>> {
        let open: Vec<usize> = (0..self.items.len()).filter(|it| self.at[*it].is_none()).collect();
        let mut apart: BTreeSet<&Unit> = BTreeSet::new();
        loop {
            let mut names: BTreeMap<(&Unit, &str), Vec<usize>> = BTreeMap::new();
            for it in &open {
                let unit = &self.items[*it].unit;
                let own = if apart.contains(unit) { self.items[*it].id.as_str() } else { "" };
                names.entry((unit, own)).or_default().push(*it);
            }
            let nodes: Vec<(&Unit, Vec<usize>)> =
                names.into_iter().map(|((unit, _), it)| (unit, it)).collect();
            let all = self.components(nodes.iter().map(|it| it.1.as_slice()));
            // What is shared is taken apart rather than tied to tenants, and tenants at last.
            let is_tenant = |it: &Unit| matches!(it, Unit::Tenant(..));
            let mut more: BTreeSet<&Unit> = BTreeSet::new();
            for them in all.iter().filter(|it| it.len() > 1) {
                let units = || them.iter().map(|it| nodes[*it].0).filter(|it| !apart.contains(it));
                if !them.iter().any(|it| is_tenant(nodes[*it].0)) {
                    continue;
                }
                let shared: BTreeSet<&Unit> =
                    units().filter(|it| matches!(it, Unit::Declaration(_))).collect();
                more.extend(if shared.is_empty() {
                    units().filter(|it| is_tenant(it)).collect()
                } else {
                    shared
                });
            }
            if more.is_empty() {
                let join = |them: Vec<usize>| them.into_iter().flat_map(|it| nodes[it].1.clone());
                return all.into_iter().map(|them| join(them).collect()).collect();
            }
            apart.extend(more);
        }
    }

    /// The nodes that need each other, what is needed first.
    fn components<'n>(&self, nodes: impl Iterator<Item = &'n [usize]>) -> Vec<Vec<usize>> {
        let nodes: Vec<&[usize]> = nodes.collect();
        let mut node_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (node, items) in nodes.iter().enumerate() {
            node_of.extend(items.iter().map(|it| (*it, node)));
        }
        let mut needs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); nodes.len()];
        for (at, node) in &node_of {
            let it = &self.items[*at];
            let links = it.links.iter().map(|it| &it.0);
            for to in links.chain(&it.after).chain(&it.rather_after) {
                if let Some(other) = node_of.get(to).filter(|it| *it != node) {
                    needs[*node].insert(*other);
                }
            }
            for other in it.tied.iter().filter_map(|it| node_of.get(it)).filter(|it| *it != node) {
                needs[*node].insert(*other);
                needs[*other].insert(*node);
            }
        }
        let needs: Vec<Vec<usize>> = needs.into_iter().map(|it| it.into_iter().collect()).collect();
        components(&needs)
    }

    /// Finds a place for a group, or for its parts.
    fn group(&mut self, group: &[usize]) {
        let needs = self.needs(group);
        if let Some(bin) = self.find(group, &needs) {
            return self.put(group, bin);
        }
        let parts: Vec<Vec<usize>> = self
            .components(group.chunks(1))
            .into_iter()
            .map(|them| them.into_iter().map(|it| group[it]).collect())
            .collect();
        if let [_] = parts.as_slice() {
            // There is no place for it; what is wrong with this one is said later.
            let bin = self.preferred(group).first().copied();
            let bin = bin.unwrap_or_else(|| self.newest(&self.family(group)));
            return self.put(group, bin);
        }
        for part in parts {
            self.group(&part);
        }
    }

    /// The stacks in which a group is at home already: what it is tied to, its unit's, and those that need it.
    fn preferred(&self, group: &[usize]) -> Vec<usize> {
        let mut all: Vec<usize> = Vec::new();
        let tied = group.iter().flat_map(|it| &self.items[*it].tied).filter_map(|it| self.at[*it]);
        all.extend(tied);
        let units: BTreeSet<&Unit> = group.iter().map(|it| &self.items[*it].unit).collect();
        all.extend(units.into_iter().filter_map(|it| self.homes.get(it)).flatten());
        let views = group.iter().map(|it| &self.items[*it]).filter(|it| it.is_view);
        let names = views.filter_map(|it| it.stack.as_deref());
        all.extend(names.filter_map(|name| self.bins.iter().position(|it| it.name == name)));
        if !group.iter().any(|it| matches!(self.items[*it].unit, Unit::Tenant(..))) {
            all.extend(group.iter().flat_map(|it| self.needed_in[*it].iter().copied()));
        }
        if group.iter().all(|it| matches!(self.items[*it].unit, Unit::Own(_))) {
            // The latest first: it needs the others as a rule.
            let links = group.iter().flat_map(|it| &self.items[*it].links);
            let mut links: Vec<usize> = links.filter_map(|it| self.at[it.0]).collect();
            links.sort_unstable();
            all.extend(links.into_iter().rev());
        }
        let mut seen = BTreeSet::new();
        all.retain(|it| seen.insert(*it));
        all
    }

    fn find(&mut self, group: &[usize], needs: &Needs) -> Option<usize> {
        let preferred = self.preferred(group);
        let family = self.family(group);
        let mut own: Vec<usize> = (0..self.bins.len())
            .filter(|it| self.bins[*it].family == family && self.bins[*it].load.resources > 0)
            .collect();
        if family == MAIN_STACK && !own.contains(&0) {
            own.push(0);
        }
        own.sort_by_key(|it| self.bins[*it].number);
        for soft in [true, false] {
            let fits = |bin: &usize, mark| self.fits(needs, *bin, mark, soft);
            let found = preferred.iter().find(|it| fits(it, Mark::Most));
            if let Some(it) = found.or_else(|| own.iter().find(|it| fits(it, Mark::Fill))) {
                return Some(*it);
            }
        }
        // A new stack needs what it needs, and is needed by what needs the group.
        let circle = needs
            .before
            .iter()
            .any(|it| needs.after.iter().any(|other| it == other || self.order.needs(*it, *other)));
        if !circle && needs.load.is_within(&self.most) {
            let bin = self.newest(&family);
            if self.fits(needs, bin, Mark::Most, false) {
                return Some(bin);
            }
        }
        let mut around = needs.before.iter().chain(&needs.after).chain(&own);
        around.find(|it| self.fits(needs, **it, Mark::Most, false)).copied()
    }

    /// The family of stacks that a group belongs to.
    fn family(&self, group: &[usize]) -> String {
        let pool = group.iter().find_map(|it| match &self.items[*it].unit {
            Unit::Tenant(pool, _) => Some(pool.replace('_', "-")),
            Unit::Declaration(_) | Unit::Own(_) => None,
        });
        match pool {
            Some(it) if it == MAIN_STACK || it == LAST => it + "-tenants",
            Some(it) => it,
            None if group.iter().any(|it| self.late[*it]) => LAST.to_string(),
            None => MAIN_STACK.to_string(),
        }
    }

    /// Another stack of a family: numbers go on, and tenants' begin with one.
    fn newest(&mut self, family: &str) -> usize {
        let of_family = self.bins.iter().filter(|it| it.family == family && it.load.resources > 0);
        let number = of_family.map(|it| it.number).max().unwrap_or_default() + 1;
        let plain = number == 1 && (family == MAIN_STACK || family == LAST);
        if plain { self.bin(family) } else { self.bin(&format!("{family}-{number}")) }
    }
}
