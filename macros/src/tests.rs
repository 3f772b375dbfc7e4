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

/// Invariant: what the macros see while compiling is what the same code gives at build time.
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
            assert_eq!(format!("{seen:#?}"), format!("{built:#?}"), "{} {environment}", entry.name);
        }
    }
}
