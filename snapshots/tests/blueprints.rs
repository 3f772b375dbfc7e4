//! Snapshots of every blueprint and environment: what was declared, the resources, what is written.

mod common;

use archgen::{Architecture, Checked, Environment, Files, cloudformation, helm, terraform};
use archgen_blueprints::ARCHITECTURES;
use common::checked;

/// Every blueprint in every environment it is for.
fn cases() -> impl Iterator<Item = (&'static str, Environment, Architecture)> {
    common::built(ARCHITECTURES)
}

/// Compares with `out/NAME/ENVIRONMENT/WHAT.snap`.
fn golden(name: &str, environment: Environment, what: &str, text: &str) {
    common::golden(&format!("{name}/{environment}"), what, text);
}

/// Everything that is written of an architecture, whatever the target.
fn written(checked: &Checked) -> Files {
    let mut all = cloudformation::files(checked, cloudformation::Format::Json);
    all.extend(terraform::files(checked));
    all.extend(helm::files(std::slice::from_ref(checked)));
    all
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
fn what_terraform_is_told() {
    for (name, environment, architecture) in cases() {
        common::module(&format!("{name}/{environment}"), &checked(&architecture));
    }
}

#[test]
fn what_kubernetes_is_told() {
    for entry in ARCHITECTURES {
        let all: Vec<Checked> = common::built(std::slice::from_ref(entry))
            .map(|(_, _, architecture)| checked(&architecture))
            .collect();
        common::chart(entry.name, &all);
    }
}

#[test]
fn warnings() {
    for (name, environment, architecture) in cases() {
        golden(name, environment, "warnings", &common::warnings(&checked(&architecture)));
    }
}

/// Invariant: emitting twice, from declarations in any order, gives the same bytes.
#[test]
fn order_does_not_matter() {
    for (name, environment, architecture) in cases() {
        let expected = written(&checked(&architecture));
        let mut raw = architecture.raw().to_vec();
        for turn in 0..5 {
            let half = raw.len() / 2;
            raw.rotate_left(half + turn);
            raw.reverse();
            let mut builder = Architecture::builder(name, environment);
            for it in &raw {
                builder.push(it.clone());
            }
            let shuffled = written(&checked(&builder.done()));
            assert!(shuffled == expected, "{name} {environment}");
        }
    }
}

/// Every snapshot has its blueprint; those in `out/cases` belong to `declarations.rs`.
#[test]
fn no_forgotten_snapshots() {
    let known: Vec<String> =
        cases().map(|(name, environment, _)| format!("{name}/{environment}")).collect();
    for name in common::folders("").into_iter().filter(|it| it != "cases") {
        for environment in common::folders(&name).into_iter().filter(|it| it != "helm") {
            let case = format!("{name}/{environment}");
            assert!(known.contains(&case), "no blueprint has the snapshots in out/{case}");
        }
    }
}
