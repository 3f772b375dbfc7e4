//! What survives edits keeps its logical ID, its address and its CIDR block; what is renamed is mapped, one
//! to one, and nothing else about it changes.

use std::collections::{BTreeMap, BTreeSet};

use archgen::core::history::{History, PastResource};
use archgen::core::resource::ResourceId;
use archgen::{Checked, Lock, check};
use archgen_snapshots::edits::Edited;

/// Emits a version over what the lock has, and records it.
fn emit(edited: &Edited, lock: &mut Lock) -> Checked {
    let mut architecture = edited.architecture();
    if let Some(history) = lock.history(&architecture.name, architecture.environment) {
        architecture = architecture.with_history(history.clone());
    }
    let checked = check(&architecture).unwrap_or_else(|found| {
        panic!("{:#?}\n{edited:#?}", found.iter().map(|it| it.plain()).collect::<Vec<_>>())
    });
    lock.record(&checked);
    // Through the file, as between two runs.
    *lock = Lock::parse(&lock.to_string()).expect("what was written is read");
    checked
}

fn history(lock: &Lock) -> History {
    lock.entries().next().map(|it| it.2.clone()).unwrap_or_default()
}

/// The subnets' blocks.
fn places(it: &PastResource) -> (Option<String>, Option<u8>) {
    (it.cidr.map(|it| it.to_string()), it.ipv6)
}

fn run(seed: u64, steps: usize) {
    let mut edited = Edited::new(seed);
    let mut lock = Lock::default();
    emit(&edited, &mut lock);
    for step in 0..steps {
        let before = history(&lock);
        let tiers: BTreeMap<String, u8> = edited.tiers.iter().cloned().collect();
        edited.edit();
        let checked = emit(&edited, &mut lock);
        let now = history(&lock);
        let place = format!("seed {seed}, step {step}: {edited:#?}");

        // The new names of old declarations.
        let renamed: BTreeMap<&str, &str> = edited
            .items
            .iter()
            .chain([&edited.network, &edited.edge])
            .filter_map(|it| Some((it.renamed_from.as_deref()?, it.name.as_str())))
            .filter(|(from, to)| {
                before.declarations.contains_key(*from) && now.declarations.contains_key(*to)
            })
            .collect();
        for (from, to) in &renamed {
            assert_eq!(
                before.declarations[*from].identity, now.declarations[*to].identity,
                "{place}"
            );
        }
        for (name, past) in &before.declarations {
            let same = now.declarations.get(name).filter(|it| it.kind == past.kind);
            assert!(same.is_none_or(|it| it.identity == past.identity), "{name}, {place}");
        }

        // A mapping from what was to what is, one to one.
        let moved: BTreeMap<&str, &ResourceId> =
            checked.graph().moved.iter().map(|it| (it.logical_id.as_str(), &it.resource)).collect();
        assert_eq!(moved.len(), checked.graph().moved.len(), "{place}");
        let targets: BTreeSet<&&ResourceId> = moved.values().collect();
        assert_eq!(targets.len(), moved.len(), "{place}");
        for (id, past) in &before.resources {
            let owner = id.as_str().split('.').next().unwrap_or_default();
            let twin = match now.resources.get(id) {
                Some(it) => {
                    assert!(!moved.contains_key(past.logical_id.as_str()), "{id}, {place}");
                    Some(it)
                }
                None => moved.get(past.logical_id.as_str()).map(|it| &now.resources[*it]),
            };
            // All of a renamed declaration is mapped, as long as the new one makes it.
            if let (Some(to), None) = (renamed.get(owner), twin) {
                let rest: Vec<&str> = id.as_str().split('.').skip(1).collect();
                let known: BTreeSet<&str> = renamed.keys().copied().collect();
                if !rest.iter().any(|it| known.contains(it)) {
                    let expected = ResourceId::new(&[&[*to][..], &rest].concat());
                    assert!(!now.resources.contains_key(&expected), "{id} to {expected}, {place}");
                }
            }
            let Some(twin) = twin else { continue };
            if now.resources.contains_key(id) {
                assert_eq!(twin.logical_id, past.logical_id, "{id}, {place}");
                assert_eq!(twin.addresses, past.addresses, "{id}, {place}");
            } else {
                let was = twin.was.as_ref();
                assert_eq!(was.map(|it| &it.addresses), Some(&past.addresses), "{id}, {place}");
            }
            let tier = id.as_str().split('.').nth(1).unwrap_or_default();
            let resized =
                tiers.get(tier) != edited.tiers.iter().find(|it| it.0 == tier).map(|it| &it.1);
            if past.cidr.is_some() && !resized {
                assert_eq!(places(twin), places(past), "{id}, {place}");
            }
            let origin =
                |it: &PastResource, id: &ResourceId| it.origin.clone().unwrap_or(id.clone());
            if !now.resources.contains_key(id) {
                let at = moved[past.logical_id.as_str()];
                assert_eq!(origin(twin, at), origin(past, id), "{id}, {place}");
            }
        }
    }
}

#[test]
fn what_survives_edits_stays_what_it_is() {
    for seed in 0..60 {
        run(seed, 12);
    }
}

#[test]
fn emitting_twice_changes_nothing() {
    for seed in 0..20 {
        let mut edited = Edited::new(seed);
        let mut lock = Lock::default();
        emit(&edited, &mut lock);
        for _ in 0..6 {
            edited.edit();
            emit(&edited, &mut lock);
            let text = lock.to_string();
            emit(&edited, &mut lock);
            assert_eq!(lock.to_string(), text);
        }
    }
}
