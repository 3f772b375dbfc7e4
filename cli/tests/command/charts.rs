//! `archgen emit --target helm`: one chart for all environments.

use super::{archgen, stderr, stdout};

#[test]
fn a_chart_is_for_all_environments_whichever_is_asked_for() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let out = root.path().to_str().expect("a path of ASCII");
    let emit = |more: &[&str]| {
        let arguments = ["emit", "kinexus", "--target", "helm", "--no-lock", "--out", out];
        archgen(&[&arguments[..], more].concat())
    };
    let output = emit(&["--env", "production"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let chart = root.path().join("kinexus/helm");
    for environment in ["dev", "staging", "prod"] {
        assert!(chart.join(format!("values-{environment}.yaml")).is_file(), "{environment}");
    }
    assert!(!root.path().join("kinexus/production").exists(), "nothing else is written");
    // The same chart, so there is nothing to do.
    let again = emit(&[]);
    assert!(stdout(&again).lines().all(|it| it.starts_with("unchanged ")), "{}", stdout(&again));
    assert_eq!(emit(&["--check"]).status.code(), Some(0));
    std::fs::write(chart.join("values-staging.yaml"), "{}").expect("a file");
    let changed = emit(&["--check"]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(stderr(&changed).contains("values-staging.yaml"), "{}", stderr(&changed));
}

#[test]
fn what_a_chart_cannot_say_is_listed() {
    let output = archgen(&["capabilities", "kinexus", "--env", "production", "--target", "helm"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("none: what a service may do in AWS (api, worker)"), "{text}");
}
