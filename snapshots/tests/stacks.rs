//! An architecture of several stacks, from its description to the proof that they are what was checked.

use std::path::Path;

use archgen::build::{check_over, emit_to};
use archgen::validate::emitted;
use archgen::{Checked, Environment, Files, Lock, Target, cloudformation};
use archgen_snapshots::crowd::CROWD;

/// Tenants from a number on, with tasks of their own or as it is said, over what was emitted.
fn crowd(first: u32, tenants: u32, more: &[(&str, &str)], lock: &Lock) -> Checked {
    let (first, tenants) = (first.to_string(), tenants.to_string());
    let options = [("first", first.as_str()), ("tenants", tenants.as_str())];
    let options: Vec<(String, String)> =
        options.iter().chain(more).map(|(name, it)| (name.to_string(), it.to_string())).collect();
    let (all, found) =
        check_over(&CROWD, &[Environment::Production], &options, lock).expect("options are right");
    all.into_iter().next().unwrap_or_else(|| panic!("{found:#?}"))
}

fn files(checked: &Checked) -> Files {
    cloudformation::files(checked, cloudformation::Format::Json)
}

#[test]
fn a_lock_keeps_every_resource_in_its_stack() {
    let mut lock = Lock::default();
    let small = crowd(1, 4, &[], &lock);
    assert_eq!(files(&small).keys().collect::<Vec<_>>(), ["template.json"]);
    lock.record(&small);
    for tenants in [60, 61, 90, 80] {
        let before = lock.clone();
        for gone in tenants + 1..=90 {
            lock.forget("crowd", None, &format!("seats.t{gone:05}"));
        }
        let now = crowd(1, tenants, &[], &lock);
        emitted(&now, Target::CloudFormation, &files(&now)).expect("they are what was checked");
        lock.record(&now);
        // What is written can be read.
        assert_eq!(Lock::parse(&lock.to_string()).expect("a lock"), lock);
        let (was, is) = [&before, &lock]
            .map(|it| it.history("crowd", Environment::Production).expect("emitted"))
            .into();
        for (id, past) in &was.resources {
            let now = is.resources.get(id).map(|it| it.stack.as_str());
            // A dashboard holds nothing: it goes where it can look at everything.
            let looks = id.as_str().ends_with("dashboard") && now == Some("last");
            assert!(looks || now.is_none_or(|it| it == past.stack), "{id} moved to {now:?}");
        }
    }
    let history = lock.history("crowd", Environment::Production).expect("emitted");
    assert!(history.resources.values().any(|it| it.stack == "seats-2"));
}

#[test]
fn yaml_has_the_same_stacks() {
    let checked = crowd(1, 60, &[], &Lock::default());
    let yaml = cloudformation::files(&checked, cloudformation::Format::Yaml);
    emitted(&checked, Target::CloudFormation, &yaml).expect("they are what was checked");
    let names = |files: &Files, ending: &str| -> Vec<String> {
        let stems = files.keys().filter_map(|it| it.strip_suffix(ending));
        stems.filter(|it| it.starts_with("stacks/")).map(str::to_string).collect()
    };
    assert_eq!(names(&yaml, ".yaml"), names(&files(&checked), ".json"));
}

#[test]
fn an_import_of_something_else_is_found() {
    let checked = crowd(1, 50, &[("compute", "Silo")], &Lock::default());
    let files = files(&checked);
    let path = "stacks/seats-1.json";
    let text = String::from_utf8(files[path].clone()).expect("text");
    // A group in another stack, of something else.
    let imports: Vec<&str> = text
        .split("\"Fn::ImportValue\": \"")
        .skip(1)
        .filter_map(|it| it.split('"').next())
        .filter(|it| it.ends_with(":GroupId"))
        .collect();
    let (one, other) = (imports[0], imports.iter().find(|it| **it != imports[0]));
    let other = other.expect("two groups are imported");
    let changed = text.replacen(&format!("\"{one}\""), &format!("\"{other}\""), 1);
    let mut files = files.clone();
    files.insert(path.to_string(), changed.into_bytes());
    let mismatch = emitted(&checked, Target::CloudFormation, &files).expect_err("another network");
    assert_eq!(mismatch.file, "stacks/*");
    assert!(!mismatch.differences.is_empty());
}

#[test]
fn a_build_script_writes_them_too() {
    let folder = std::env::temp_dir().join(format!("archgen-stacks-{}", std::process::id()));
    let written = emit_to(&[CROWD], &[Target::CloudFormation], &folder);
    let path = |it: &str| folder.join("crowd/production/cloudformation").join(it);
    let found =
        ["stacks.json", "stacks/main.json", "stacks/seats-1.json"].map(|it| path(it).is_file());
    let _ = std::fs::remove_dir_all(&folder);
    assert!(written.is_ok() && !Path::new(&folder).exists());
    assert_eq!(found, [true; 3]);
}
