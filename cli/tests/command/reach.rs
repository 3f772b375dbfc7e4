//! `archgen reach`: answers, what they look like, all pairs, and templates.

use serde_json::Value;

use super::schema::problems;
use super::{archgen, code, stderr, stdout};

const INFRA: [&str; 2] = ["reach", "prod-infra"];

fn reach(more: &[&str]) -> std::process::Output {
    archgen(&[&INFRA, more].concat())
}

/// The JSON objects that a command prints, each as the schema says.
#[track_caller]
fn objects(more: &[&str]) -> Vec<Value> {
    let output = reach(&[more, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let schema: Value = serde_json::from_str(&stdout(&archgen(&["reach", "--schema"])))
        .expect("the schema is JSON");
    let all: Vec<Value> = stdout(&output)
        .lines()
        .map(|it| serde_json::from_str(it).expect("each line is JSON"))
        .collect();
    for it in &all {
        assert_eq!(problems(&schema, it), Vec::<String>::new(), "{it}");
    }
    all
}

#[test]
fn yes_with_the_admitting_rules() {
    let output = reach(&["--from", "backend", "--to", "redis", "--port", "6379"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        stdout(&output),
        "\
yes: `backend` reaches `redis` on tcp/6379

  backend  10.0.3.0/24
  ├ security group `backend` lets out tcp/6379 to `redis`
  │   at blueprints/src/prod_infra.rs:116:25
  ├ route of network.private: local
  ├ security group `redis` admits tcp/6379 from `backend`
  │   at blueprints/src/prod_infra.rs:116:25
  redis  10.0.3.0/24
"
    );
}

#[test]
fn no_with_everything_that_blocks_and_the_fix() {
    let output = reach(&["--from", "frontend", "--to", "redis"]);
    assert_eq!(output.status.code(), Some(0), "an answer is no failure");
    let text = stdout(&output);
    assert_eq!(
        text,
        "\
no: `frontend` does not reach `redis` on tcp/6379

  frontend  10.0.3.0/24
  ✗ security group of frontend: no egress rule admits tcp/6379 to `redis`
  ╎   [ENI_SG_RULES_MISMATCH]
  ┆ route of network.private: local
  ✗ security group of redis: no ingress rule admits tcp/6379 from `frontend`
  ╎   [ENI_SG_RULES_MISMATCH]
  redis  10.0.3.0/24

  = help: add `connect!(frontend => redis: tcp(6379))`
"
    );
    assert!(text.lines().all(|it| it.chars().count() <= 80));
}

#[test]
fn a_chain_is_shown_connection_by_connection() {
    let text = stdout(&reach(&["--from", "internet", "--to", "backend"]));
    assert!(text.starts_with("yes: `internet` reaches `backend` on tcp/5001, through `edge`\n"));
    assert!(text.contains("  connection 1  tcp/443 over IPv4\n  the internet\n"), "{text}");
    assert!(text.contains("  connection 2  tcp/5001 over IPv4\n  edge  10.0.1.0/24\n"), "{text}");
    let [it] = objects(&["--from", "internet", "--to", "backend"]).try_into().expect("one answer");
    assert_eq!(it["reachable"], "yes");
    assert_eq!(it["via"], serde_json::json!(["edge"]));
    assert_eq!(it["flows"].as_array().map(Vec::len), Some(2));
}

#[test]
fn answers_as_json_have_the_schema() {
    let [yes] = objects(&["--from", "backend", "--to", "redis"]).try_into().expect("one answer");
    assert_eq!((&yes["reachable"], &yes["ports"]), (&"yes".into(), &"6379".into()));
    assert_eq!(yes["flows"][0]["steps"][0]["kind"], "security-group-egress");
    assert_eq!(yes["flows"][0]["steps"][0]["line"], 116);
    let [no] = objects(&["--from", "internet", "--to", "redis"]).try_into().expect("one answer");
    let steps = no["flows"][0]["steps"].as_array().expect("steps");
    assert!(steps.iter().any(|it| it["verdict"] == "blocks" && it["direction"] == "there"));
    assert!(steps.iter().any(|it| it["verdict"] == "blocks" && it["direction"] == "back"));
    assert!(steps.iter().all(|it| it["aws_code"].is_string() == (it["verdict"] == "blocks")));
    assert!(no["fix"].is_string());
    // Each port that it listens on is a question of its own.
    let edge = objects(&["--from", "internet", "--to", "edge"]);
    let ports: Vec<&str> = edge.iter().filter_map(|it| it["ports"].as_str()).collect();
    assert_eq!(ports, ["80", "443"]);
    let part = objects(&["--from", "backend", "--to", "internet", "--port", "400-500"]);
    assert_eq!(part[0]["everywhere"], "no");
    assert!(part[0]["exception"].is_object());
    for more in [["--protocol", "icmp"], ["--protocol", "47"], ["--protocol", "all"]] {
        objects(&[&["--from", "backend", "--to", "10.0.0.0/16"], more.as_slice()].concat());
    }
    objects(&["--from", "internet", "--to", "edge", "--port", "443", "--ipv6"]);
}

#[test]
fn all_pairs_are_sorted_and_have_the_schema() {
    let rows = objects(&["--all"]);
    let names: std::collections::BTreeSet<&str> =
        rows.iter().filter_map(|it| it["from"].as_str()).collect();
    let pairs: Vec<(&str, &str)> =
        rows.iter().filter_map(|it| Some((it["from"].as_str()?, it["to"].as_str()?))).collect();
    assert!(pairs.is_sorted());
    for from in &names {
        for to in names.iter().filter(|it| *it != from) {
            assert!(pairs.contains(&(from, to)), "{from} -> {to}");
        }
    }
    let of = |from: &str, to: &str| -> Vec<String> {
        rows.iter()
            .filter(|it| it["from"] == from && it["to"] == to)
            .map(|it| {
                format!("{} {} {} {}", it["protocol"], it["ports"], it["reachable"], it["via"])
            })
            .collect()
    };
    assert_eq!(of("backend", "redis"), [r#""tcp" "6379" "yes" ["local"]"#]);
    assert_eq!(of("internet", "backend"), [r#""tcp" "5001" "yes" ["edge"]"#]);
    assert_eq!(of("internet", "redis"), [r#""all" "all" "no" []"#]);
    assert_eq!(of("edge", "edge"), Vec::<String>::new());
    let ports: Vec<String> = of("internet", "edge");
    assert!(ports[0].starts_with(r#""tcp" "80" "yes""#), "{ports:?}");
    assert!(ports[1].starts_with(r#""tcp" "443" "yes""#), "{ports:?}");
    assert_eq!(ports.len(), 2);
}

#[test]
fn the_table_says_what_gets_through() {
    let text = stdout(&archgen(&["reach", "kinexus", "--env", "production", "--all"]));
    assert!(text.starts_with("api\n  → cache     tcp/6379\n"), "{text}");
    assert!(text.contains("internet\n  → api       tcp/8000  via edge\n"), "{text}");
    assert!(text.ends_with("30 pairs of 6 endpoints: 12 reach the other, 18 do not\n"), "{text}");
}

#[test]
fn expectations_decide_the_exit_code() {
    let ask = |expected: &'static str| {
        code(&[&INFRA[..], &["--from", "internet", "--to", "redis", "--expect", expected]].concat())
    };
    assert_eq!(ask("no"), Some(0));
    assert_eq!(ask("yes"), Some(1));
    let output = reach(&["--from", "internet", "--to", "edge", "--expect", "no"]);
    assert_eq!(stderr(&output).matches("expected `no`").count(), 2, "{}", stderr(&output));
}

#[test]
fn questions_that_make_no_sense_are_refused() {
    let unknown = reach(&["--from", "bakend", "--to", "redis"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("did you mean `backend`?"), "{}", stderr(&unknown));
    for wrong in [
        &["--from", "backend"] as &[&str],
        &[],
        &["--all", "--from", "backend"],
        &["--from", "10.0.0.0/8", "--to", "::/0"],
        &["--from", "10.0.0.0/8", "--to", "redis", "--ipv6"],
        &["--from", "backend", "--to", "redis", "--protocol", "icmp", "--port", "8"],
        &["--from", "backend", "--to", "redis", "--port", "0-65536"],
        &["--from", "backend", "--to", "redis", "--param", "a=b"],
        &["--from", "backend", "--to", "redis", "--schema"],
    ] {
        assert_eq!(reach(wrong).status.code(), Some(2), "{wrong:?}");
    }
    let environment = archgen(&["reach", "kinexus", "--all"]);
    assert_eq!(environment.status.code(), Some(2), "one environment is needed");
}

#[test]
fn templates_are_asked_by_logical_ids() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let out = root.path().to_str().expect("a path of ASCII");
    assert_eq!(code(&["emit", "prod-infra", "--out", out, "--no-lock"]), Some(0));
    let path = root.path().join("prod-infra/production/cloudformation/template.json");
    let path = path.to_str().expect("a path of ASCII");
    let ask = |more: &[&str]| archgen(&[&["reach", path], more].concat());
    let yes = ask(&["--from", "BackendService", "--to", "RedisService", "--port", "6379"]);
    assert_eq!(yes.status.code(), Some(0), "{}", stderr(&yes));
    assert!(stdout(&yes).starts_with("yes: "), "{}", stdout(&yes));
    let no = ask(&["--from", "internet", "--to", "RedisService", "--expect", "no"]);
    assert_eq!(no.status.code(), Some(0), "{}", stdout(&no));
    assert_eq!(ask(&["--all", "--env", "production"]).status.code(), Some(2));
    assert_eq!(ask(&["--all", "--param", "NoSuchParameter=1"]).status.code(), Some(2));
    let missing = archgen(&["reach", "no-such-file.yaml", "--all"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("`no-such-file.yaml`"), "{}", stderr(&missing));
    let wrong = root.path().join("wrong.json");
    std::fs::write(&wrong, "{").expect("a file");
    let wrong = archgen(&["reach", wrong.to_str().expect("a path of ASCII"), "--all"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("[AG0933]"), "{}", stderr(&wrong));
}
