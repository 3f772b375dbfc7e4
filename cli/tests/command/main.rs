//! The binary from outside: exit codes, where output goes, and what is on disk afterwards.

mod capabilities;
mod charts;
mod check;
mod lock;
mod modules;
mod reach;
mod schema;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the command inside archgen's own workspace, where the shipped blueprints are used.
fn archgen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_archgen"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("the command starts")
}

#[track_caller]
fn code(arguments: &[&str]) -> Option<i32> {
    archgen(arguments).status.code()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn emit<'a>(out: &'a Path, more: &[&'a str]) -> Output {
    let lock = out.join("archgen.lock");
    let (out, lock) = (out.to_str().expect("a path of ASCII"), lock.to_str().expect("likewise"));
    let arguments = [
        &["emit", "prod-infra", "--env", "production", "--target", "cloudformation", "--out", out],
        &["--lock", lock][..],
        more,
    ];
    archgen(&arguments.concat())
}

#[test]
fn list_prints_names_and_json() {
    let names = archgen(&["list", "--format", "names"]);
    assert_eq!(names.status.code(), Some(0));
    assert!(stdout(&names).lines().any(|it| it == "prod-infra"));
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&archgen(&["list", "--format", "json"]))).expect("it is JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(stdout(&names).lines().count()));
    assert!(json[0]["environments"].is_array());
}

#[test]
fn emit_writes_then_checks_and_refuses_what_it_did_not_write() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let template = root.path().join("prod-infra/production/cloudformation/template.json");
    assert_eq!(emit(root.path(), &["--check"]).status.code(), Some(1), "nothing is there yet");
    assert!(!template.exists(), "--check writes nothing");

    assert_eq!(emit(root.path(), &[]).status.code(), Some(0));
    let first = fs::read(&template).expect("the template");
    assert_eq!(emit(root.path(), &["--check"]).status.code(), Some(0));

    fs::write(&template, "{}").expect("a change");
    let different = emit(root.path(), &["--check"]);
    assert_eq!(different.status.code(), Some(1));
    assert!(stderr(&different).contains("differs: "), "{}", stderr(&different));
    assert_eq!(emit(root.path(), &[]).status.code(), Some(0));
    assert_eq!(fs::read(&template).expect("the template"), first);

    fs::remove_file(template.with_file_name(".archgen")).expect("the list of files");
    fs::write(&template, "mine").expect("a file");
    let refused = emit(root.path(), &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("[AG0905]"), "{}", stderr(&refused));
    assert_eq!(fs::read(&template).expect("the file"), b"mine");
    assert_eq!(emit(root.path(), &["--force"]).status.code(), Some(0));
    assert_eq!(fs::read(&template).expect("the template"), first);
}

#[test]
fn emit_prints_the_template_it_would_write() {
    let root = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(emit(root.path(), &[]).status.code(), Some(0));
    let written = fs::read(root.path().join("prod-infra/production/cloudformation/template.json"))
        .expect("the template");
    assert_eq!(archgen(&["emit", "prod-infra", "--env", "production", "--stdout"]).stdout, written);
    assert_eq!(code(&["emit", "kinexus", "--stdout"]), Some(2), "several templates are not one");
}

#[test]
fn check_finds_the_blueprints_right() {
    assert_eq!(code(&["check", "prod-infra"]), Some(0));
    assert_eq!(code(&["check", "prod-infra", "--env", "production", "--format", "json"]), Some(0));
}

#[test]
fn wrong_usage_is_a_tool_failure_with_a_suggestion() {
    let unknown = archgen(&["check", "prod-infa"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("did you mean `prod-infra`?"), "{}", stderr(&unknown));
    assert_eq!(code(&["check"]), Some(2), "several architectures exist");
    assert_eq!(code(&["check", "prod-infra", "--env", "prod"]), Some(2));
    assert_eq!(code(&["check", "prod-infra", "--set", "no_such_option=1"]), Some(2));
    assert_eq!(code(&["emit", "prod-infra"]), Some(2), "`--out` is missing");
    assert_eq!(code(&["no-such-command"]), Some(2));
    assert_eq!(code(&["--help"]), Some(0));
}

#[test]
fn explain_knows_every_code_it_lists() {
    let list = stdout(&archgen(&["explain"]));
    assert!(list.contains("AG0905"));
    let explained = archgen(&["explain", "ag0905"]);
    assert_eq!(explained.status.code(), Some(0));
    assert!(stdout(&explained).starts_with("# AG0905: "));
    let unknown = archgen(&["explain", "AG905"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("did you mean `AG0905`?"), "{}", stderr(&unknown));
}

#[cfg(feature = "deploy")]
#[test]
fn deploy_refuses_what_needs_no_aws_to_be_refused() {
    assert_eq!(code(&["deploy", "kinexus"]), Some(2), "exactly one environment is needed");
    let unknown =
        archgen(&["deploy", "prod-infra", "--env", "production", "--param", "NoSuchParameter=1"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("[AG0921]"), "{}", stderr(&unknown));
    assert_eq!(
        code(&["deploy", "prod-infra", "--env", "production", "--stack-name", "a_b"]),
        Some(2)
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_archgen"))
        .arg("explain")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
}

#[test]
fn an_architecture_without_a_pool_has_nothing_to_prove() {
    let output = archgen(&["isolation", "prod-infra", "--env", "production", "--no-lock"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("has no pool of tenants"), "{}", stderr(&output));
    // What is given is checked first.
    assert_eq!(
        code(&["isolation", "prod-infra", "--env", "production", "--param", "a=b"]),
        Some(2)
    );
}

#[test]
fn several_stacks_are_proved_by_their_folder() {
    let work = tempfile::tempdir().expect("a folder");
    let out = work.path().to_str().expect("a path of ASCII");
    let pool = ["seiketsu", "--env", "production", "--no-lock", "--set", "compute=Silo"];
    let emitted =
        archgen(&[&["emit"], &pool[..], &["--target", "cloudformation", "--out", out]].concat());
    assert_eq!(emitted.status.code(), Some(0), "{}", stderr(&emitted));
    let folder = format!("{out}/seiketsu/production/cloudformation");
    let manifest = format!("{folder}/stacks.json");
    let report = |more: &[&str]| {
        let output = archgen(&[&["isolation"], &pool[..], &["--format", "json"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        serde_json::from_str::<serde_json::Value>(&stdout(&output)).expect("it is JSON")
    };
    let (model, stacks) = (report(&[]), report(&["--template", &folder]));
    assert_eq!(stacks, report(&["--template", &manifest]));
    assert_eq!(model["tenants"], 40);
    for key in ["tenants", "holds", "classes"] {
        assert_eq!(model[key], stacks[key], "{key}");
    }
}
