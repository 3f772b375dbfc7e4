//! Tests of writing a folder: other people's files, stale files, interruptions.

use super::*;

fn contents(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().expect("a temporary folder");
    let folder = root.path().join("a/production/cloudformation");
    (root, folder)
}

fn text(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn a_new_folder_is_written_and_writing_it_again_changes_nothing() {
    let (_root, folder) = folder();
    let files = contents(&[("template.json", "{}"), ("docs/a.md", "a")]);
    assert!(write(&folder, &files).expect("it is written"));
    assert_eq!(text(folder.join("docs/a.md")), "a");
    assert!(compare(&folder, &files).expect("it is read").is_empty());
    assert!(!write(&folder, &files).expect("it is the same"));
    let beside: Vec<_> =
        fs::read_dir(folder.parent().expect("a parent")).expect("it exists").collect();
    assert_eq!(beside.len(), 1, "no temporary folder stays");
}

#[test]
fn a_foreign_file_is_refused_and_a_file_of_our_own_is_replaced() {
    let (_root, folder) = folder();
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("template.json"), "mine").expect("a file");
    let files = contents(&[("template.json", "{}")]);
    assert!(matches!(refuse_foreign(&folder, &files), Err(FileError::Foreign { .. })));
    assert_eq!(text(folder.join("template.json")), "mine");
    // as `--force` does
    write(&folder, &files).expect("it is written");
    let changed = contents(&[("template.json", "{1}")]);
    refuse_foreign(&folder, &changed).expect("now it is archgen's own");
    write(&folder, &changed).expect("it is written");
    assert_eq!(text(folder.join("template.json")), "{1}");
}

#[test]
fn a_file_where_the_folder_should_be_is_refused() {
    let (_root, folder) = folder();
    fs::create_dir_all(folder.parent().expect("a parent")).expect("a folder");
    fs::write(&folder, "mine").expect("a file");
    assert!(matches!(
        refuse_foreign(&folder, &contents(&[("a", "a")])),
        Err(FileError::Foreign { .. })
    ));
}

#[test]
fn stale_files_of_our_own_go_and_files_of_others_stay() {
    let (_root, folder) = folder();
    write(&folder, &contents(&[("template.json", "{}"), ("old/a.txt", "a")]))
        .expect("it is written");
    fs::write(folder.join("notes.txt"), "mine").expect("a file");
    let files = contents(&[("template.yaml", "{}")]);
    assert_eq!(
        compare(&folder, &files).expect("it is read"),
        [
            Difference::Missing("template.yaml".into()),
            Difference::Stale("old/a.txt".into()),
            Difference::Stale("template.json".into())
        ]
    );
    write(&folder, &files).expect("it is written");
    assert!(!folder.join("template.json").exists());
    assert!(!folder.join("old").exists());
    assert_eq!(text(folder.join("notes.txt")), "mine");
    assert!(compare(&folder, &files).expect("it is read").is_empty());
}

#[test]
fn a_marker_cannot_make_us_remove_files_elsewhere() {
    let (root, folder) = folder();
    fs::write(root.path().join("precious"), "mine").expect("a file");
    write(&folder, &contents(&[("template.json", "{}")])).expect("it is written");
    fs::write(folder.join(MARKER), "template.json\n../../../precious\n/etc/nothing\n")
        .expect("a marker");
    write(&folder, &contents(&[("template.json", "{1}")])).expect("it is written");
    assert_eq!(text(root.path().join("precious")), "mine");
}

#[test]
fn a_write_that_fails_half_way_leaves_the_old_files() {
    let (_root, folder) = folder();
    let old = contents(&[("a.json", "old"), ("b.json", "old")]);
    write(&folder, &old).expect("it is written");
    // `c` cannot be both a file and a folder, so the new files are never complete.
    let impossible = contents(&[("a.json", "new"), ("c", "new"), ("c/d.json", "new")]);
    assert!(matches!(write(&folder, &impossible), Err(FileError::Io { .. })));
    assert!(compare(&folder, &old).expect("it is read").is_empty());
    refuse_foreign(&folder, &old).expect("they are still archgen's own");
}

#[test]
fn a_changed_file_is_found() {
    let (_root, folder) = folder();
    let files = contents(&[("template.json", "{}")]);
    write(&folder, &files).expect("it is written");
    fs::write(folder.join("template.json"), "edited").expect("a file");
    assert_eq!(
        compare(&folder, &files).expect("it is read"),
        [Difference::Changed { path: "template.json".into(), found: b"edited".to_vec() }]
    );
}
