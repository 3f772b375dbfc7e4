//! The invariants of ARCHITECTURE.md that are not tested beside the code they are about.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use archgen::core::declare::Kind;
use archgen::{Architecture, check, cloudformation};
use archgen_blueprints::ARCHITECTURES;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The names of the dependencies of a package, without those of its tests.
fn dependencies(folder: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("a manifest");
    let (_, section) = text.split_once("\n[dependencies]\n").expect("dependencies");
    section
        .lines()
        .take_while(|it| !it.starts_with('['))
        .filter_map(|it| it.split(['.', ' ', '=']).next())
        .filter(|it| !it.is_empty() && !it.starts_with('#'))
        .map(str::to_string)
        .collect()
}

/// Every Rust file below a folder.
fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|it| it == "rs") {
            all.push(path);
        }
    }
}

/// Invariant 1: what a user's `build.rs` pulls in is lean, and the layers depend on each other one way.
#[test]
fn layers_depend_one_way() {
    let set = |names: &[&str]| names.iter().map(|it| it.to_string()).collect::<BTreeSet<_>>();
    assert_eq!(dependencies("core"), set(&["ipnet", "thiserror"]));
    assert_eq!(dependencies("macros"), set(&["archgen-core", "proc-macro2", "quote", "syn"]));
    let allowed = set(&[
        "archgen-core",
        "hcl-edit",
        "ipnet",
        "saphyr-parser",
        "serde",
        "serde_json",
        "thiserror",
    ]);
    assert!(dependencies("targets").is_subset(&allowed), "{:?}", dependencies("targets"));
    let own = ["archgen-core", "archgen-macros", "archgen-targets"];
    let allowed = set(&[own.as_slice(), &["annotate-snippets", "toml"]].concat());
    assert_eq!(dependencies("."), allowed);
    assert_eq!(dependencies("blueprints"), set(&["archgen"]));
}

/// Invariant 1: `core`, `macros` and `targets` touch no file, network, process or clock.
#[test]
fn only_the_command_does_input_and_output() {
    let forbidden = ["std::fs", "TcpStream", "UdpSocket", "std::process", "std::time", "std::io"];
    for folder in ["core/src", "macros/src", "targets/src"] {
        let mut files = Vec::new();
        sources(&root().join(folder), &mut files);
        assert!(!files.is_empty());
        for file in files {
            let name = file.to_string_lossy().into_owned();
            if name.contains("test") {
                continue;
            }
            let text = std::fs::read_to_string(&file).expect("a source file");
            for word in forbidden {
                assert!(!text.contains(word), "{name} uses {word}");
            }
        }
    }
}

/// The logical IDs of an architecture's template.
fn logical_ids(architecture: &Architecture) -> BTreeSet<String> {
    let checked = check(architecture).unwrap_or_else(|found| {
        panic!("{}", archgen::render::human(&found, &archgen::build::read_source, false))
    });
    let template = cloudformation::template(&checked);
    template.resources().map(|(id, ..)| id.to_string()).collect()
}

/// Invariant 6: logical IDs come from names: removing a declaration renames nothing that stays.
#[test]
fn removing_a_declaration_renames_nothing() {
    for entry in ARCHITECTURES {
        let environment = *entry.environments.last().expect("an environment");
        let whole = (entry.build)(environment, &[]).expect("no options");
        let all = logical_ids(&whole);
        for (position, removed) in whole.raw().iter().enumerate() {
            if !matches!(removed.kind, Kind::Alarm | Kind::Dashboard) {
                continue;
            }
            let mut builder = Architecture::builder(entry.name, environment);
            for (other, raw) in whole.raw().iter().enumerate() {
                if other != position {
                    builder.push(raw.clone());
                }
            }
            let rest = logical_ids(&builder.done());
            assert!(rest.is_subset(&all), "removing `{}` made new names", removed.name);
            assert_eq!(all.len() - rest.len(), 1, "removing `{}` removes one", removed.name);
        }
    }
}
