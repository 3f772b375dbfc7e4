//! The team's own command, run as a person would run it.

use std::process::Command;

fn emit(options: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_own-command-example"))
        .args(["emit", "--env", "production", "--target", "cloudformation", "--stdout"])
        .args(options)
        .output()
        .expect("the command runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

#[test]
fn an_option_changes_what_is_emitted() {
    let plain = emit(&[]);
    assert!(plain.contains("\"FARGATE\"") && !plain.contains("\"FARGATE_SPOT\""));
    assert!(emit(&["--set", "spot=true"]).contains("\"FARGATE_SPOT\""));
}

#[test]
fn workers_made_in_a_loop_keep_their_names() {
    let template = emit(&[]);
    for worker in ["Worker1Service", "Worker2Service", "Worker3Service"] {
        assert!(template.contains(worker), "{worker}");
    }
}

#[test]
fn an_unknown_option_is_refused_with_what_there_is() {
    let done = Command::new(env!("CARGO_BIN_EXE_own-command-example"))
        .args(["check", "--set", "spto=true"])
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("did you mean `spot`"), "{said}");
}
