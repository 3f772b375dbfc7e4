//! Wrong architectures and what rustc prints about them; right ones, of which it prints nothing.
//!
//! `TRYBUILD=overwrite cargo test -p archgen-macros --test ui` writes the expected output anew; read
//! every line of the difference.

use std::path::{Path, PathBuf};

/// The files with this ending in a folder of `tests/`.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut all: Vec<PathBuf> = std::fs::read_dir(&path)
        .expect("the folder")
        .map(|it| it.expect("an entry").path())
        .filter(|it| it.extension().is_some_and(|it| it == ending))
        .collect();
    all.sort();
    all
}

/// Every wrong architecture gives exactly the expected output; every right one builds and runs.
#[test]
fn compile() {
    let tests = trybuild::TestCases::new();
    tests.compile_fail("tests/ui/*.rs");
    tests.pass("tests/pass/*.rs");
}

/// What rustc prints are our findings and nothing else: no error of its own, no warning.
#[test]
fn only_our_findings_are_printed() {
    let expected = files("ui", "stderr");
    assert!(expected.len() >= 35, "{} wrong architectures", expected.len());
    for path in expected {
        let text = std::fs::read_to_string(&path).expect("the expected output");
        let shown = path.display();
        let mut found = 0;
        for line in text.lines() {
            // Every finding starts a line; notes and source lines are indented or start with `|`.
            if line.starts_with("error") {
                assert!(line.starts_with("error: [AG"), "{shown}: not ours: {line}");
                found += 1;
            }
            assert!(!line.starts_with("warning"), "{shown}: a warning: {line}");
            assert!(
                !line.contains("this error originates in"),
                "{shown}: points into a macro: {line}"
            );
        }
        assert!(found > 0, "{shown}: no finding");
    }
}

/// No expected output without its architecture, none the other way round.
#[test]
fn every_wrong_architecture_has_its_output() {
    let stems = |ending: &str| -> Vec<PathBuf> {
        files("ui", ending).into_iter().map(|it| it.with_extension("")).collect()
    };
    assert_eq!(stems("rs"), stems("stderr"));
}
