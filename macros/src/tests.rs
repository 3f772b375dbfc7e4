//! The macros against the code they expand to.

use std::path::Path;

use archgen_core::Environment;
use syn::{Item, ItemFn};

use crate::architecture::evaluate_function;

/// The `#[architecture]` function of a blueprint's source.
fn function(file: &str) -> ItemFn {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../blueprints/src").join(file);
    let text = std::fs::read_to_string(&path).expect("the blueprint's source");
    let parsed = syn::parse_file(&text).expect("Rust");
    parsed
        .items
        .into_iter()
        .find_map(|item| match item {
            Item::Fn(it) if it.attrs.iter().any(|it| it.path().is_ident("architecture")) => {
                Some(it)
            }
            _ => None,
        })
        .expect("an architecture")
}

/// Whether something in it is not known: a field prints as `?`.
fn has_unknown(text: &str) -> bool {
    text.lines().any(|it| it.trim_end_matches(',').ends_with('?'))
}

/// Invariant: what the macros see while compiling is what the same code gives at build time. What depends on options
/// they do not see; whatever else is declared is the same.
#[test]
fn compile_time_and_build_time_agree_on_every_blueprint() {
    for entry in archgen_blueprints::ARCHITECTURES {
        let file = entry.name.replace('-', "_") + ".rs";
        let function = function(&file);
        for environment in entry.environments {
            let built = (entry.build)(*environment, &[]).expect("no options");
            let same = Environment::ALL
                .iter()
                .find(|it| it.as_str() == environment.as_str())
                .expect("the same environments");
            let seen = evaluate_function(&function, entry.name, *same);
            let (seen_text, built_text) = (format!("{seen:#?}"), format!("{built:#?}"));
            if !has_unknown(&seen_text) {
                assert_eq!(seen_text, built_text, "{} {environment}", entry.name);
                continue;
            }
            assert!(function.sig.inputs.len() > 1, "{} has no options", entry.name);
            let there: Vec<String> =
                built.declarations.iter().map(|it| format!("{it:#?}")).collect();
            let mut same = 0;
            for it in seen.declarations.iter().map(|it| format!("{it:#?}")) {
                // The role of tenants that share tasks is told to the service they share.
                if !has_unknown(&it) && !it.contains("\"api\"") {
                    assert!(there.contains(&it), "{} {environment}: {it}", entry.name);
                    same += 1;
                }
            }
            assert!(same * 2 > seen.declarations.len(), "{same} of {}", seen.declarations.len());
        }
    }
}
