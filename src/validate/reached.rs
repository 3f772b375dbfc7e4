//! Everything that reaches anything, of an architecture and of its template.
//!
//! Both relations come as classes of endpoints. Where the classes are the same, nothing has to be spelled
//! out; otherwise the pairs are compared, source by source.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::network::relation::Row;
use archgen_core::network::{Admitted, Family, Relation};

use super::names::Names;
use super::{Difference, difference};

/// Where the relations differ.
pub(super) fn differences(before: &Relation, after: &Relation, names: &Names) -> Vec<Difference> {
    let numbers = Numbers::new([before, after], names);
    let (before, after) = (numbers.rows(before), numbers.rows(after));
    if classes(&before) == classes(&after) {
        return Vec::new();
    }
    let (before, after) = (by_source(&before), by_source(&after));
    let sources: BTreeSet<&u32> = before.keys().chain(after.keys()).collect();
    let mut all = Vec::new();
    for from in sources {
        let of = |rows: &BTreeMap<u32, Vec<&Class>>| {
            numbers.reached(*from, rows.get(from).map(Vec::as_slice).unwrap_or_default())
        };
        let (before, mut after) = (of(&before), of(&after));
        for (key, admitted) in &before {
            let other = after.remove(key).unwrap_or_default();
            all.extend(numbers.compare(*from, key, admitted, &other));
        }
        for (key, admitted) in &after {
            all.extend(numbers.compare(*from, key, &Admitted::none(), admitted));
        }
    }
    all
}

/// A row with the endpoints of both sides under the same numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Class {
    from: Vec<u32>,
    to: Vec<u32>,
    family: Family,
    /// The load balancers of a chain; none for one connection.
    chain: Option<BTreeSet<String>>,
    admitted: Admitted,
}

/// Where something gets through, and by which load balancers.
type Key = (u32, Family, Option<BTreeSet<String>>);

/// The endpoints by the names that the author wrote.
struct Numbers<'a> {
    names: &'a Names,
    all: Vec<String>,
    by_name: BTreeMap<String, u32>,
}

impl<'a> Numbers<'a> {
    fn new(relations: [&Relation; 2], names: &'a Names) -> Numbers<'a> {
        let sorted: BTreeSet<String> = relations
            .iter()
            .flat_map(|it| it.names().iter())
            .map(|it| names.endpoint(it))
            .collect();
        let all: Vec<String> = sorted.into_iter().collect();
        let by_name = all.iter().cloned().zip(0..).collect();
        Numbers { names, all, by_name }
    }

    fn rows(&self, relation: &Relation) -> Vec<Class> {
        let numbers: Vec<u32> = relation
            .names()
            .iter()
            .map(|it| self.by_name.get(&self.names.endpoint(it)).copied().unwrap_or(u32::MAX))
            .collect();
        let side = |members: &[u32]| {
            let mut all: Vec<u32> = members.iter().map(|it| numbers[*it as usize]).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let class = |it: Row| Class {
            from: side(&it.from),
            to: side(&it.to),
            family: it.family,
            chain: it.chain.then(|| it.via.iter().map(|it| self.names.endpoint(it)).collect()),
            admitted: it.admitted,
        };
        relation.rows().chain(relation.chains()).map(class).collect()
    }

    /// What one endpoint reaches.
    fn reached(&self, from: u32, rows: &[&Class]) -> BTreeMap<Key, Admitted> {
        let name = &self.all[from as usize];
        let mut reached: BTreeMap<Key, Admitted> = BTreeMap::new();
        for row in rows {
            if row.chain.as_ref().is_some_and(|it| it.contains(name)) {
                continue;
            }
            for to in row.to.iter().filter(|it| row.chain.is_none() || **it != from) {
                let known = reached.entry((*to, row.family, row.chain.clone())).or_default();
                *known = known.union(&row.admitted);
            }
        }
        reached
    }

    fn compare(
        &self,
        from: u32,
        key: &Key,
        one: &Admitted,
        other: &Admitted,
    ) -> Option<Difference> {
        let (to, family, chain) = key;
        let through = match chain {
            None => String::new(),
            Some(it) => {
                let it: Vec<&str> = it.iter().map(String::as_str).collect();
                format!(" through `{}`", it.join("`, `"))
            }
        };
        let (from, to) = (&self.all[from as usize], &self.all[*to as usize]);
        let about = format!("from `{from}` to `{to}`{through} over {}", family.name());
        difference(about, words(one), words(other))
    }
}

/// What a class is but for its targets.
type Source<'a> = (&'a [u32], Family, &'a Option<BTreeSet<String>>, &'a Admitted);

/// The classes, those that are alike but for their targets as one.
fn classes(rows: &[Class]) -> BTreeMap<Source<'_>, BTreeSet<u32>> {
    let mut all: BTreeMap<Source<'_>, BTreeSet<u32>> = BTreeMap::new();
    for it in rows {
        let key = (it.from.as_slice(), it.family, &it.chain, &it.admitted);
        all.entry(key).or_default().extend(&it.to);
    }
    all
}

fn by_source(rows: &[Class]) -> BTreeMap<u32, Vec<&Class>> {
    let mut all: BTreeMap<u32, Vec<&Class>> = BTreeMap::new();
    for row in rows {
        for from in &row.from {
            all.entry(*from).or_default().push(row);
        }
    }
    all
}

/// What gets through, in words.
fn words(it: &Admitted) -> Vec<String> {
    let maybe = it.possible.subtract(&it.certain);
    let mut words = Vec::new();
    if !it.certain.is_empty() {
        words.push(format!("{} gets through", it.certain));
    }
    if !maybe.is_empty() {
        words.push(format!("{maybe} may get through"));
    }
    if words.is_empty() {
        words.push("nothing gets through".to_string());
    }
    words
}
