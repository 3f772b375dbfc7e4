//! What a group of resources would add to a stack, whether there is room for it, and putting it there.

use std::collections::{BTreeMap, BTreeSet};

use super::super::limits::{ENTRY_BYTES, LINK_BYTES, Load};
use super::super::order::Order;
use super::{Item, Link, Mark, Placer};

/// What is taken from a stack: each link once, and how many there are.
type Taken = (BTreeSet<Link>, usize);

/// What a group would add to the stacks.
pub(super) struct Needs {
    /// The stacks of what it refers to, and of what refers to it.
    pub(super) before: Vec<usize>,
    pub(super) after: Vec<usize>,
    /// The same with what would best come first.
    soft_before: Vec<usize>,
    soft_after: Vec<usize>,
    /// What it refers to in each stack, and how often.
    takes: BTreeMap<usize, Taken>,
    /// What each stack takes of it.
    gives: BTreeMap<usize, BTreeSet<Link>>,
    /// What other families will take of it.
    wanted: BTreeSet<Link>,
    parameters: BTreeSet<usize>,
    /// What is still to come of its tenants, and how much of the group some stack keeps room for.
    rest: Load,
    kept: BTreeMap<usize, Load>,
    /// It by itself.
    pub(super) load: Load,
}

impl Placer<'_> {
    /// What a group would add.
    pub(super) fn needs(&self, group: &[usize]) -> Needs {
        let stacks = |of: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
            let all: BTreeSet<usize> = of.filter_map(|it| self.at[it]).collect();
            all.into_iter().collect()
        };
        let items = || group.iter().map(|it| &self.items[*it]);
        let hard = |it: &Item| -> Vec<usize> {
            it.links.iter().map(|it| it.0).chain(it.after.iter().copied()).collect()
        };
        let mut before = items().flat_map(hard);
        let mut after = group.iter().flat_map(|it| self.users[*it].iter().copied());
        let mut soft_before =
            items().flat_map(|it| hard(it).into_iter().chain(it.rather_after.clone()));
        let mut soft_after = group
            .iter()
            .flat_map(|it| self.users[*it].iter().chain(&self.soft_users[*it]).copied());
        let mut takes: BTreeMap<usize, Taken> = BTreeMap::new();
        for link in items().flat_map(|it| &it.links) {
            if let Some(bin) = self.at[link.0] {
                let all = takes.entry(bin).or_default();
                all.0.insert(*link);
                all.1 += 1;
            }
        }
        let mut gives: BTreeMap<usize, BTreeSet<_>> = BTreeMap::new();
        let mut wanted = BTreeSet::new();
        for at in group {
            for user in &self.users[*at] {
                let Some(bin) = self.at[*user] else { continue };
                let links = self.items[*user].links.iter().filter(|it| it.0 == *at);
                gives.entry(bin).or_default().extend(links);
            }
            wanted.extend(self.wanted[*at].iter().map(|it| (*at, *it)));
        }
        let parameters: BTreeSet<usize> = items().flat_map(|it| it.parameters.clone()).collect();
        let load = Load {
            resources: group.len(),
            bytes: items().map(|it| it.bytes).sum::<usize>()
                + (wanted.len() + parameters.len()) * ENTRY_BYTES,
            outputs: items().map(|it| it.outputs).sum::<usize>() + wanted.len(),
            parameters: parameters.len(),
        };
        let (mut rest, mut kept) = (Load::default(), BTreeMap::new());
        let mut seen = BTreeSet::new();
        for it in items() {
            match self.rest.get(&it.unit) {
                Some((_, Some(bin))) => {
                    let all: &mut Load = kept.entry(*bin).or_default();
                    *all = all.plus(it.share());
                }
                Some((open, None)) => {
                    if seen.insert(&it.unit) {
                        rest = rest.plus(*open);
                    }
                    rest = rest.minus(it.share());
                }
                None => {}
            }
        }
        Needs {
            rest,
            kept,
            before: stacks(&mut before),
            after: stacks(&mut after),
            soft_before: stacks(&mut soft_before),
            soft_after: stacks(&mut soft_after),
            takes,
            gives,
            wanted,
            parameters,
            load,
        }
    }

    /// What a stack would hold with a group in it.
    fn with(&self, needs: &Needs, bin: usize) -> Load {
        let it = &self.bins[bin];
        let given = needs.gives.iter().filter(|it| *it.0 != bin).flat_map(|it| it.1);
        let given: BTreeSet<_> = given.filter(|it| !needs.wanted.contains(it)).collect();
        let links: usize = needs.takes.iter().filter(|it| *it.0 != bin).map(|it| it.1.1).sum();
        let more = Load {
            resources: 0,
            bytes: given.len() * ENTRY_BYTES + links * LINK_BYTES,
            outputs: given.len(),
            parameters: 0,
        };
        let mut all = it.load.plus(needs.load).plus(more);
        let known = needs.parameters.intersection(&it.parameters).count();
        all.parameters -= known;
        all.bytes -= known * ENTRY_BYTES;
        all
    }

    /// Whether a group may go into a stack.
    pub(super) fn fits(&self, needs: &Needs, bin: usize, mark: Mark, soft: bool) -> bool {
        let limits = match mark {
            Mark::Fill => self.limits.fill(),
            Mark::Most => self.most,
        };
        let order = if soft { &self.soft_order } else { &self.order };
        let (before, after) = if soft {
            (&needs.soft_before, &needs.soft_after)
        } else {
            (&needs.before, &needs.after)
        };
        let quick = self.bins[bin].load.plus(needs.load);
        if quick.resources > limits.resources {
            return false;
        }
        let mut all = self.with(needs, bin);
        if mark == Mark::Fill {
            let kept = needs.kept.get(&bin).copied().unwrap_or_default();
            all = all.plus(self.bins[bin].reserved.minus(kept)).plus(needs.rest);
        }
        if !all.is_within(&limits) {
            return false;
        }
        let room = |(from, takes): (&usize, &Taken)| {
            let it = &self.bins[*from];
            let new = takes.0.difference(&it.exports).count();
            new == 0 || it.load.outputs + new <= self.most.outputs
        };
        !order.closes(bin, before, after) && needs.takes.iter().filter(|it| *it.0 != bin).all(room)
    }

    /// Puts a group into a stack.
    pub(super) fn put(&mut self, group: &[usize], bin: usize) {
        let needs = self.needs(group);
        self.bins[bin].load = self.with(&needs, bin);
        self.bins[bin].parameters.extend(&needs.parameters);
        self.bins[bin].exports.extend(&needs.wanted);
        for (to, given) in &needs.gives {
            if *to != bin {
                self.bins[bin].exports.extend(given);
            }
        }
        for (from, (taken, _)) in &needs.takes {
            if *from != bin {
                let it = &mut self.bins[*from];
                let before = it.exports.len();
                it.exports.extend(taken);
                let more = it.exports.len() - before;
                it.load.outputs += more;
                it.load.bytes += more * ENTRY_BYTES;
            }
        }
        for at in group {
            self.at[*at] = Some(bin);
            let it = &self.items[*at];
            self.homes.entry(&it.unit).or_default().insert(bin);
            if let Some((open, home)) = self.rest.get_mut(&it.unit) {
                *open = open.minus(it.share());
                match home {
                    Some(home) => {
                        let home = &mut self.bins[*home];
                        home.reserved = home.reserved.minus(it.share());
                    }
                    None => {
                        *home = Some(bin);
                        self.bins[bin].reserved = self.bins[bin].reserved.plus(*open);
                    }
                }
            }
        }
        for it in needs.before {
            self.order.add(bin, it);
            self.soft_order.add(bin, it);
        }
        for it in needs.after {
            self.order.add(it, bin);
            self.soft_order.add(it, bin);
        }
        let soft = |order: &mut Order, one: usize, other: usize| {
            if one != other && !order.needs(other, one) {
                order.add(one, other);
            }
        };
        needs.soft_before.iter().for_each(|it| soft(&mut self.soft_order, bin, *it));
        needs.soft_after.iter().for_each(|it| soft(&mut self.soft_order, *it, bin));
    }
}
