//! Snapshots of every blueprint and environment: what was declared, the resources, what is written.

mod common;

use std::collections::BTreeMap;

use archgen::{Architecture, Checked, Environment, Files, cloudformation, helm, terraform};
use archgen_blueprints::ARCHITECTURES;
use archgen_blueprints::seiketsu::SEIKETSU;
use common::checked;

/// Blueprints with so much of the same, for each of their tenants, that their snapshots are what there is of it and
/// how often (`what_there_is_how_often`); pools in full are cases.
const BY_STRUCTURE: &[&str] = &["seiketsu"];

/// Every blueprint in every environment it is for.
fn every() -> impl Iterator<Item = (&'static str, Environment, Architecture)> {
    common::built(ARCHITECTURES)
}

/// Those that are looked at in full.
fn cases() -> impl Iterator<Item = (&'static str, Environment, Architecture)> {
    every().filter(|(name, _, _)| !BY_STRUCTURE.contains(name))
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
    for entry in ARCHITECTURES.iter().filter(|it| !BY_STRUCTURE.contains(&it.name)) {
        let all: Vec<Checked> = common::built(std::slice::from_ref(entry))
            .map(|(_, _, architecture)| checked(&architecture))
            .collect();
        common::chart(entry.name, &all);
    }
}

#[test]
fn warnings() {
    for (name, environment, architecture) in every() {
        golden(name, environment, "warnings", &common::warnings(&checked(&architecture)));
    }
}

/// How many resources of each type there are, of nobody's and of each tenant; the same line stands for all tenants
/// that have the same.
fn structure(checked: &Checked) -> String {
    let mut owners: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let graph = checked.graph();
    for (id, resource) in &graph.resources {
        let tenants = graph.tenancies.values().flat_map(|it| &it.tenants);
        let owner = tenants.filter(|(_, it)| it.resources.contains(id)).map(|(key, _)| key);
        let owner = owner.map(String::as_str).next().unwrap_or_default();
        *owners
            .entry(owner)
            .or_default()
            .entry(resource.kind.cloudformation_type())
            .or_default() += 1;
    }
    let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (owner, counts) in owners {
        let lines: Vec<String> =
            counts.into_iter().map(|(name, count)| format!("  {count} {name}")).collect();
        alike.entry(lines.join("\n")).or_default().push(owner);
    }
    let title = |all: &[&str]| match all {
        [""] => "nobody's".to_string(),
        [first, .., last] => format!("{} tenants, {first} to {last}", all.len()),
        _ => all.concat(),
    };
    let text: Vec<String> =
        alike.iter().map(|(counts, all)| format!("{}\n{counts}", title(all))).collect();
    text.join("\n\n")
}

#[test]
fn what_there_is_how_often() {
    for entry in ARCHITECTURES.iter().filter(|it| BY_STRUCTURE.contains(&it.name)) {
        for (name, environment, architecture) in common::built(std::slice::from_ref(entry)) {
            golden(name, environment, "structure", &structure(&checked(&architecture)));
        }
    }
}

/// Forty clients in each way of keeping them apart.
#[test]
fn forty_clients_in_each_mode() {
    for (mode, options) in [
        ("bridge", vec![("compute", "Bridge")]),
        ("silo", vec![("compute", "Silo"), ("network", "PerTenant"), ("keys", "PerTenant")]),
        ("instances", vec![("compute", "Pool"), ("database", "Instance")]),
    ] {
        let options: Vec<(String, String)> = options
            .into_iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        let built = (SEIKETSU.build)(Environment::Production, &options).expect("its options");
        let what = format!("structure-{mode}");
        golden("seiketsu", Environment::Production, &what, &structure(&checked(&built)));
    }
}

/// Invariant: emitting twice, from declarations in any order, gives the same bytes.
#[test]
fn order_does_not_matter() {
    for (name, environment, architecture) in every() {
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
        every().map(|(name, environment, _)| format!("{name}/{environment}")).collect();
    for name in common::folders("").into_iter().filter(|it| it != "cases") {
        for environment in common::folders(&name).into_iter().filter(|it| it != "helm") {
            let case = format!("{name}/{environment}");
            assert!(known.contains(&case), "no blueprint has the snapshots in out/{case}");
        }
    }
}
