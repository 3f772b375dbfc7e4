//! Snapshots of the cases, and that nothing of the language is without one: every declaration has its
//! case and its documentation, every code its test.

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use archgen::Code;
use archgen::cloudformation;
use archgen::core::declare::Kind;
use archgen_blueprints::ARCHITECTURES;
use archgen_snapshots::CASES;
use common::{checked, golden};

#[test]
fn cases() {
    for (name, _, architecture) in common::built(CASES) {
        let checked = checked(&architecture);
        let folder = format!("cases/{name}");
        golden(&folder, "resources", &archgen::core::resource::dump::text(checked.graph()));
        golden(&folder, "cloudformation", &cloudformation::template(&checked).json());
        common::module(&folder, &checked);
        common::chart(&folder, std::slice::from_ref(&checked));
        golden(&folder, "warnings", &common::warnings(&checked));
    }
}

/// Every case is for one environment, which its folder need not name.
#[test]
fn no_forgotten_snapshots() {
    let known: Vec<&str> = CASES.iter().map(|it| it.name).collect();
    assert!(CASES.iter().all(|it| it.environments.len() == 1));
    for case in common::folders("cases") {
        assert!(known.contains(&case.as_str()), "no case has the snapshots in out/cases/{case}");
    }
}

/// Every declaration is in a case or a blueprint.
#[test]
fn every_declaration_has_a_case() {
    let used: BTreeSet<Kind> = common::built(CASES)
        .chain(common::built(ARCHITECTURES))
        .flat_map(|(_, _, it)| it.raw().iter().map(|it| it.kind).collect::<Vec<_>>())
        .collect();
    for kind in Kind::ALL {
        assert!(used.contains(kind), "`{}!` is in no case and no blueprint", kind.macro_name());
    }
}

/// Every macro has documentation with an example, which `cargo test --doc` checks.
#[test]
fn every_declaration_has_an_example() {
    let text: String = files("src/declarations", "rs").iter().map(|it| read(it)).collect();
    let names = Kind::ALL.iter().map(|it| it.macro_name()).chain(["architecture"]);
    for name in names {
        let export = format!("pub use archgen_macros::{name};");
        let (before, _) = text.split_once(&export).unwrap_or_else(|| panic!("`{name}!` is hidden"));
        let docs: Vec<&str> = before.lines().rev().take_while(|it| it.starts_with("///")).collect();
        assert!(docs.contains(&"/// ```"), "`{name}!` has no example");
        assert!(
            docs.iter().any(|it| it.contains("https://docs.aws.amazon.com/")),
            "`{name}!` does not say what it rests on"
        );
        for code in docs.iter().flat_map(|it| codes(it)) {
            assert!(code.parse::<Code>().is_ok(), "`{name}!` names {code}, which there is not");
        }
    }
}

/// Codes without a test in the places below, each with the reason.
const ELSEWHERE: &[(Code, &str)] =
    &[(Code::AG0901, "options are given on the command line: cli/tests says `--set` wrongly")];

/// Every code is in a test.
#[test]
fn every_code_has_a_test() {
    let mut text = String::new();
    for path in [files("macros/tests/ui", "stderr"), files("blueprints/tests", "stderr")].concat() {
        text.push_str(&read(&path));
    }
    for path in [files("core/tests", "rs"), files("blueprints/tests", "rs")].concat() {
        text.push_str(&read(&path));
    }
    for path in [files("core/src", "rs"), files("targets/src", "rs")].concat() {
        let source = read(&path);
        let is_test = path.to_string_lossy().contains("test");
        text.push_str(if is_test {
            &source
        } else {
            source.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests)
        });
    }
    let tested: BTreeSet<&str> = codes(&text).collect();
    for code in Code::ALL {
        let elsewhere = ELSEWHERE.iter().any(|(it, _)| it == code);
        let found = tested.contains(code.as_str());
        assert!(found || elsewhere, "{code} ({}) is in no test", code.summary());
        assert!(!(found && elsewhere), "{code} is in a test: it is no exception");
    }
}

/// Everything in a text that looks like a code.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("AG").filter_map(|(at, _)| {
        let code = text.get(at..at + 6)?;
        code[2..].bytes().all(|it| it.is_ascii_digit()).then_some(code)
    })
}

/// The files in a folder of the workspace, and in those below it.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders = vec![root.join(folder)];
    let mut all = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder of the workspace");
        for path in entries.flatten().map(|it| it.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a text")
}
