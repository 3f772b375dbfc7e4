//! Charts of every blueprint and case: what they rest on exists, and the order of declarations does not
//! matter.

use archgen::core::declare::Kind;
use archgen::{Architecture, Checked, Files, check, cloudformation, helm, terraform};
use archgen_blueprints::ARCHITECTURES;
use archgen_snapshots::CASES;

/// The architectures of each entry, by name, in the order of its environments.
fn built() -> impl Iterator<Item = (&'static str, Vec<Architecture>)> {
    ARCHITECTURES.iter().chain(CASES).map(|entry| {
        let build =
            |it: &archgen::Environment| (entry.build)(*it, &[]).expect("it needs no options");
        (entry.name, entry.environments.iter().map(build).collect())
    })
}

fn all_checked(all: &[Architecture]) -> Vec<Checked> {
    all.iter().map(|it| check(it).expect("it is right")).collect()
}

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    std::str::from_utf8(&files[path]).expect("text")
}

#[test]
fn every_architecture_with_services_has_a_chart() {
    for (name, all) in built() {
        let files = helm::files(&all_checked(&all));
        let environments = files.keys().filter(|it| it.starts_with("values-")).count();
        let has = |kind: Kind| all.iter().any(|it| it.raw().iter().any(|it| it.kind == kind));
        let wanted = if has(Kind::EcsService) { all.len() } else { 0 };
        assert_eq!(environments, wanted, "{name}");
        let charts = |folder: &str| {
            let is = |it: &&String| it.starts_with(folder) && it.ends_with("/Chart.yaml");
            files.keys().filter(is).count()
        };
        assert_eq!(charts("namespaces/") > 0, has(Kind::Namespace), "{name}");
        assert_eq!(charts("services/") > 0, has(Kind::K8sService), "{name}");
    }
}

/// What a values file calls an output is one, of both targets.
#[test]
fn outputs_that_charts_name_exist() {
    let mut count = 0;
    for (name, all) in built() {
        let all = all_checked(&all);
        let files = helm::files(&all);
        if files.is_empty() {
            continue;
        }
        let template = cloudformation::template(&all[0]).json();
        let template: serde_json::Value = serde_json::from_str(&template).expect("JSON");
        let module = terraform::files(&all[0]);
        // Add-ons say it beside each value.
        for values in files.keys().filter(|it| it.ends_with("/values.yaml")) {
            for line in text(&files, values).lines().filter(|it| it.contains(": the output `")) {
                let names: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
                let [logical, variable] = names.as_slice() else { panic!("{name}: {line}") };
                assert!(template["Outputs"].get(logical).is_some(), "{name}: {logical}");
                let outputs = text(&module, "outputs.tf.json");
                assert!(outputs.contains(&format!("\"{variable}\": {{")), "{name}: {variable}");
                count += 1;
            }
        }
        let values = files.keys().filter(|it| it.ends_with("/values.yaml") || *it == "values.yaml");
        let all: Vec<&str> = values
            .filter(|it| !it.ends_with("ci/values.yaml"))
            .filter_map(|it| text(&files, it).split("\nstores:\n").nth(1)?.split("\n\n").next())
            .flat_map(str::lines)
            .collect();
        for lines in all.windows(2) {
            if !lines[1].ends_with(": \"\"") {
                continue;
            }
            let mut names = lines[0].split('`').skip(1).step_by(2);
            // What a tenant has is no output: there are only 200 of a stack.
            if names.clone().next().is_some_and(|it| it.contains('.')) {
                continue;
            }
            let (Some(logical), Some(variable)) = (names.next(), names.next()) else {
                panic!("{name}: no output has `{}`", lines[1]);
            };
            assert!(template["Outputs"].get(logical).is_some(), "{name}: {logical}");
            let outputs = text(&module, "outputs.tf.json");
            assert!(outputs.contains(&format!("\"{variable}\": {{")), "{name}: {variable}");
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

/// A tenant who comes adds a file, of nothing that another has, and changes none.
#[test]
fn a_tenant_more_is_a_file_more() {
    let of = |tenants: u32| {
        let options = [
            ("tenants".to_string(), tenants.to_string()),
            ("compute".to_string(), "Silo".to_string()),
            ("network".to_string(), "PerTenant".to_string()),
        ];
        let build = |it: &archgen::Environment| {
            (archgen_blueprints::seiketsu::SEIKETSU.build)(*it, &options).expect("its options")
        };
        let all: Vec<Architecture> =
            archgen_blueprints::seiketsu::SEIKETSU.environments.iter().map(build).collect();
        helm::files(&all_checked(&all))
    };
    let (before, after) = (of(3), of(4));
    for (path, text) in &before {
        assert!(after.get(path) == Some(text), "{path}");
    }
    let new: Vec<&String> = after.keys().filter(|it| !before.contains_key(*it)).collect();
    assert!(!new.is_empty());
    for path in new {
        assert!(path.starts_with("tenants/clients-") && path.contains('4'), "{path}");
        assert!(text(&after, path).contains("\nservices:\n") || path.matches('.').count() == 2);
    }
}

#[test]
fn order_does_not_matter() {
    for (name, all) in built() {
        let expected = helm::files(&all_checked(&all));
        for turn in 0..3 {
            let shuffled: Vec<Architecture> = all
                .iter()
                .map(|it| {
                    let mut raw = it.raw().to_vec();
                    let half = raw.len() / 2;
                    raw.rotate_left(half + turn);
                    raw.reverse();
                    let mut builder = Architecture::builder(name, it.environment);
                    for it in &raw {
                        builder.push(it.clone());
                    }
                    builder.done()
                })
                .collect();
            assert!(helm::files(&all_checked(&shuffled)) == expected, "{name}");
        }
    }
}
