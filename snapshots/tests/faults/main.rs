//! Faults put into platforms whose tenants are apart: each that lets one tenant at another must be found, with the
//! resource that does it and the layer that it breaks; and no harmless edit gives an alarm.
//!
//! What a fault breaks is known here from how the platforms are made, and by nothing that the proof uses.
//!
//! `ARCHGEN_FAULTS` says how many there are of each kind, 60 unless said otherwise.

mod graph;
mod platform;
mod template;

use archgen::core::isolation::PoolReport;
use archgen::core::tenant_fields::Layer;

/// What was done to a platform.
struct Edit {
    /// In words.
    what: String,
    /// The resources of which one must be named; empty if nothing is broken.
    culprits: Vec<String>,
    /// The layers of which one must be broken.
    layers: Vec<Layer>,
}

impl Edit {
    /// An edit that breaks nothing.
    fn harmless(what: String) -> Edit {
        Edit { what, culprits: Vec::new(), layers: Vec::new() }
    }

    /// An edit of `culprit` that breaks one of `layers`.
    fn fault(what: String, culprit: &str, layers: &[Layer]) -> Edit {
        Edit { what, culprits: vec![culprit.to_string()], layers: layers.to_vec() }
    }

    /// What the reports should say and do not.
    fn missed(&self, reports: &[PoolReport]) -> Option<String> {
        let broken: Vec<_> = reports.iter().flat_map(|it| &it.broken).collect();
        let said: Vec<String> = broken
            .iter()
            .map(|it| {
                let culprit = it.culprit.as_ref().map_or("nobody", |it| &it.resource);
                format!("{} {:?} by {culprit}: {}", it.code, it.layers, it.message)
            })
            .collect();
        if self.culprits.is_empty() {
            return (!broken.is_empty()).then(|| format!("{}: alarm: {said:?}", self.what));
        }
        let is_found = broken.iter().any(|it| {
            self.layers.iter().any(|layer| it.layers.contains(layer))
                && it.culprit.as_ref().is_some_and(|it| self.culprits.contains(&it.resource))
        });
        (!is_found).then(|| format!("{}: not found, by {:?}: {said:?}", self.what, self.culprits))
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Two different tenants.
    fn two(&mut self) -> (&'static str, &'static str) {
        let all = platform::TENANTS;
        let first = self.below(all.len());
        let second = (first + 1 + self.below(all.len() - 1)) % all.len();
        (all[first], all[second])
    }
}

/// How many edits there are of each kind.
fn count() -> usize {
    let given = std::env::var("ARCHGEN_FAULTS").ok();
    given.and_then(|it| it.parse().ok()).unwrap_or(60)
}

/// Makes edits, and collects what was missed of them.
fn run(seed: u64, mut one: impl FnMut(&mut Random) -> (Edit, Vec<PoolReport>)) {
    let mut random = Random(seed);
    let mut missed = Vec::new();
    let mut kinds = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..count() {
        let (edit, reports) = one(&mut random);
        let kind = edit.what.split(':').next().unwrap_or_default().to_string();
        *kinds.entry(kind).or_default() += 1;
        missed.extend(edit.missed(&reports));
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), count(), missed.join("\n"));
    assert!(count() < 60 || kinds.len() > 5, "too few kinds of edits: {kinds:?}");
}

#[test]
fn faults_in_the_graph_are_found() {
    let silo = graph::graph(&platform::silo());
    run(1, |random| graph::prove(&silo, |it| graph::fault(it, random)));
}

#[test]
fn harmless_edits_of_the_graph_give_no_alarm() {
    let silo = graph::graph(&platform::silo());
    run(2, |random| graph::prove(&silo, |it| graph::harmless(it, random)));
}

#[test]
fn faults_in_a_graph_with_shared_tasks_are_found() {
    let pool = graph::graph(&platform::pool());
    run(3, |random| graph::prove(&pool, |it| graph::fault_of_shared(it, random)));
}

#[test]
fn faults_in_templates_are_found() {
    let silo = template::Emitted::new(&platform::silo());
    run(4, |random| silo.prove(|it| template::fault(it, random)));
}

#[test]
fn harmless_edits_of_templates_give_no_alarm() {
    let silo = template::Emitted::new(&platform::silo());
    run(5, |random| silo.prove(|it| template::harmless(it, random)));
}
