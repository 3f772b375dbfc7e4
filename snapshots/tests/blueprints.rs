//! Snapshots of every blueprint and environment: what was declared, the resources, what is written.

use archgen::{Architecture, Environment, check, cloudformation};
use archgen_blueprints::ARCHITECTURES;

/// Every blueprint in every environment it is for.
fn cases() -> impl Iterator<Item = (&'static str, Environment, Architecture)> {
    ARCHITECTURES.iter().flat_map(|entry| {
        entry.environments.iter().map(|environment| {
            let built = (entry.build)(*environment, &[]).expect("no options");
            (entry.name, *environment, built)
        })
    })
}

fn checked(architecture: &Architecture) -> archgen::Checked {
    check(architecture).unwrap_or_else(|found| {
        panic!("{}", archgen::render::human(&found, &archgen::build::read_source, false))
    })
}

/// Compares with `out/NAME/ENVIRONMENT/WHAT.snap`.
fn golden(name: &str, environment: Environment, what: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../out/{name}/{environment}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(what, text));
}

#[test]
fn what_is_declared() {
    for (name, environment, architecture) in cases() {
        golden(name, environment, "architecture", &format!("{architecture:#?}"));
    }
}

#[test]
fn what_aws_will_run() {
    for (name, environment, architecture) in cases() {
        let checked = checked(&architecture);
        let text = archgen::core::resource::dump::text(checked.graph());
        golden(name, environment, "resources", &text);
    }
}

#[test]
fn what_cloudformation_is_told() {
    for (name, environment, architecture) in cases() {
        let text = cloudformation::template(&checked(&architecture)).json();
        golden(name, environment, "cloudformation", &text);
    }
}

#[test]
fn warnings() {
    for (name, environment, architecture) in cases() {
        let text: Vec<String> =
            checked(&architecture).diagnostics().iter().map(archgen::Diagnostic::plain).collect();
        golden(name, environment, "warnings", &text.join("\n\n"));
    }
}

/// Invariant: emitting twice, from declarations in any order, gives the same bytes.
#[test]
fn order_does_not_matter() {
    for (name, environment, architecture) in cases() {
        let expected = cloudformation::template(&checked(&architecture)).json();
        let mut raw = architecture.raw().to_vec();
        for turn in 0..5 {
            let half = raw.len() / 2;
            raw.rotate_left(half + turn);
            raw.reverse();
            let mut builder = Architecture::builder(name, environment);
            for it in &raw {
                builder.push(it.clone());
            }
            let shuffled = cloudformation::template(&checked(&builder.done())).json();
            assert_eq!(shuffled, expected, "{name} {environment}");
        }
    }
}

/// Every snapshot has its case.
#[test]
fn no_forgotten_snapshots() {
    let out = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("out");
    let known: Vec<String> =
        cases().map(|(name, environment, _)| format!("{name}/{environment}")).collect();
    for name in std::fs::read_dir(&out).expect("snapshots").flatten() {
        for environment in std::fs::read_dir(name.path()).expect("a folder").flatten() {
            let case = format!(
                "{}/{}",
                name.file_name().to_string_lossy(),
                environment.file_name().to_string_lossy()
            );
            assert!(known.contains(&case), "no blueprint has the snapshots in out/{case}");
        }
    }
}
