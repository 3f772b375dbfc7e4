//! `archgen.lock` from outside: made by the first emit, kept by the next, refused where it cannot be used.

use std::fs;

use crate::{archgen, code, emit, stderr, stdout};

#[test]
fn the_first_emit_writes_the_lock_and_the_next_keeps_it() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let lock = root.path().join("archgen.lock");
    let locked = emit(root.path(), &["--locked"]);
    assert_eq!(locked.status.code(), Some(2), "there is none yet");
    assert!(stderr(&locked).contains("[AG0909]"), "{}", stderr(&locked));
    assert!(fs::read_dir(root.path()).expect("a folder").next().is_none(), "nothing was written");

    assert_eq!(emit(root.path(), &[]).status.code(), Some(0));
    let first = fs::read_to_string(&lock).expect("the lock");
    assert!(first.starts_with("# Written by archgen."), "{first}");
    assert!(first.contains("[prod-infra.production.resources]"), "{first}");
    let again = emit(root.path(), &["--locked"]);
    assert_eq!(again.status.code(), Some(0));
    assert!(!stdout(&again).contains("archgen.lock"), "{}", stdout(&again));
    assert_eq!(fs::read_to_string(&lock).expect("the lock"), first);
    assert_eq!(emit(root.path(), &["--check"]).status.code(), Some(0));

    // Another block for a subnet is what the next emit keeps, and the check compares with.
    let subnet = first.lines().find(|it| it.contains("cidr = ")).expect("a subnet");
    let line = first.replace(&format!("{subnet}\n"), "");
    fs::write(&lock, line).expect("a change");
    let changed = emit(root.path(), &["--check"]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(stderr(&changed).contains("archgen.lock"), "{}", stderr(&changed));
    assert_eq!(emit(root.path(), &[]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&lock).expect("the lock"), first);
}

#[test]
fn without_a_lock_none_is_read_or_written() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let out = root.path().to_str().expect("a path of ASCII");
    assert_eq!(code(&["emit", "prod-infra", "--out", out, "--no-lock"]), Some(0));
    assert!(!root.path().join("archgen.lock").exists());
}

#[test]
fn a_lock_that_cannot_be_used_is_refused() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let lock = root.path().join("archgen.lock");
    for (text, part) in [
        ("version = 1\n<<<<<<< ours\n", "merge conflict in line 2"),
        ("version = 7\n", "version 7"),
        ("{}", "cannot be understood"),
    ] {
        fs::write(&lock, text).expect("a lock");
        let refused = emit(root.path(), &[]);
        assert_eq!(refused.status.code(), Some(2), "{text}");
        let message = stderr(&refused);
        assert!(message.contains("[AG0909]") && message.contains(part), "{message}");
        assert_eq!(fs::read_to_string(&lock).expect("the lock"), text);
        let path = lock.to_str().expect("a path of ASCII");
        assert_eq!(code(&["check", "prod-infra", "--lock", path]), Some(2), "{text}");
    }
}

/// A lock in which the VPC of `prod-infra` had another name.
#[test]
fn what_was_renamed_without_saying_so_is_refused_until_it_is_forgotten() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let lock = root.path().join("archgen.lock");
    let path = lock.to_str().expect("a path of ASCII");
    assert_eq!(emit(root.path(), &[]).status.code(), Some(0));
    let first = fs::read_to_string(&lock).expect("the lock");
    assert!(first.contains("\nnetwork = "), "{first}");
    let before = first
        .replace("\nnetwork = { kind = \"vpc\" }", "\nold_network = { kind = \"vpc\" }")
        .replace("\n\"network.", "\n\"old_network.");
    assert_ne!(before, first, "the VPC of the blueprint is called `network`");
    fs::write(&lock, &before).expect("a lock");

    let refused = emit(root.path(), &[]);
    let message = stderr(&refused);
    assert_eq!(refused.status.code(), Some(1), "{message}");
    assert!(message.contains("AG0114"), "{message}");
    assert!(message.contains("renamed_from: \"old_network\""), "{message}");
    assert!(message.contains("archgen lock forget old_network --arch prod-infra"), "{message}");
    assert_eq!(fs::read_to_string(&lock).expect("the lock"), before, "nothing was written");

    let mistyped =
        archgen(&["lock", "forget", "old_netwrk", "--arch", "prod-infra", "--lock", path]);
    assert_eq!(mistyped.status.code(), Some(2));
    assert!(stderr(&mistyped).contains("did you mean `old_network`?"), "{}", stderr(&mistyped));
    let forget = ["lock", "forget", "old_network", "--arch", "prod-infra", "--lock", path];
    let forgotten = archgen(&forget);
    assert_eq!(forgotten.status.code(), Some(0), "{}", stderr(&forgotten));
    assert!(stdout(&forgotten).contains("forgot `old_network` (production)"));
    assert_eq!(emit(root.path(), &[]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&lock).expect("the lock"), first);
}
