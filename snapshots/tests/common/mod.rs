//! What both snapshot tests use.

use archgen::{Architecture, Checked, Entry, Environment, Files, check, helm, terraform};

/// Every architecture of these in every environment it is for.
pub fn built(
    entries: &'static [Entry],
) -> impl Iterator<Item = (&'static str, Environment, Architecture)> {
    entries.iter().flat_map(|entry| {
        entry.environments.iter().map(|environment| {
            let built = (entry.build)(*environment, &[]).expect("no options");
            (entry.name, *environment, built)
        })
    })
}

/// The architecture, checked; what is wrong with it fails the test.
pub fn checked(architecture: &Architecture) -> Checked {
    check(architecture).unwrap_or_else(|found| {
        panic!("{}", archgen::render::human(&found, &archgen::build::read_source, false))
    })
}

/// Its warnings, as they are printed.
pub fn warnings(checked: &Checked) -> String {
    let text: Vec<String> = checked.diagnostics().iter().map(archgen::Diagnostic::plain).collect();
    text.join("\n\n")
}

/// Compares with `out/FOLDER/WHAT.snap`.
pub fn golden(folder: &str, what: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../out/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(what, text));
}

/// Compares the files of the Terraform module with `out/FOLDER/terraform/FILE.snap`, of which there are no
/// others.
pub fn module(folder: &str, checked: &Checked) {
    all_of(&format!("{folder}/terraform"), &terraform::files(checked));
}

/// Compares what a chart has of its own with `out/FOLDER/helm/FILE.snap`; its templates are the same in every
/// chart.
pub fn chart(folder: &str, all: &[Checked]) {
    let mut files = helm::files(all);
    files.retain(|path, _| !path.contains("templates/") && !path.ends_with(".helmignore"));
    if !files.is_empty() {
        all_of(&format!("{folder}/helm"), &files);
    }
}

/// Compares every file, and there are no other snapshots.
fn all_of(folder: &str, files: &Files) {
    let mut names = Vec::new();
    for (file, text) in files {
        let name = file.trim_end_matches(".tf.json").replace('/', "__");
        golden(folder, &name, &String::from_utf8_lossy(text));
        names.push(format!("{name}.snap"));
    }
    for it in folders(folder) {
        assert!(names.contains(&it), "no file has the snapshot out/{folder}/{it}");
    }
}

/// The names of what is in `out/FOLDER`.
pub fn folders(folder: &str) -> Vec<String> {
    let out = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("out").join(folder);
    let all = std::fs::read_dir(out).expect("snapshots").flatten();
    all.map(|it| it.file_name().to_string_lossy().into_owned()).collect()
}
