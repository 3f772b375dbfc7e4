//! `archgen capabilities` from outside.

use serde_json::Value;

use super::{archgen, code, stderr, stdout};

fn json(arguments: &[&str]) -> Value {
    let output = archgen(&[&["capabilities", "--format", "json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).expect("it is JSON")
}

#[test]
fn the_table_says_for_every_target_what_it_cannot() {
    let text = stdout(&archgen(&["capabilities"]));
    for expected in ["CloudFormation\n", "Terraform\n", "SecureString", "full: ", "instead:"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let all = json(&[]);
    let all = all.as_array().expect("an array");
    let of = |target: &str| all.iter().filter(|it| it["target"] == target).count();
    assert!(of("cloudformation") > 0 && of("terraform") > 0);
    assert!(all.iter().any(|it| it["support"] == "full"));
    let one = json(&["--target", "terraform"]);
    assert_eq!(one.as_array().map(Vec::len), Some(of("terraform")));
    assert_eq!(code(&["capabilities", "--target", "pulumi"]), Some(2));
}

#[test]
fn with_a_name_it_says_what_concerns_that_architecture_and_what_is_written() {
    let all = json(&["kinexus", "--env", "production"]);
    let all = all.as_array().expect("an array");
    assert_eq!(all.len(), 3);
    for it in all {
        assert_eq!(it["architecture"], "kinexus");
        assert_eq!(it["environment"], "production");
        for limit in it["limits"].as_array().expect("an array") {
            assert!(limit["concerns"].is_array(), "{limit}");
        }
    }
    assert!(all[0]["types"]["AWS::EC2::VPC"].as_u64().is_some_and(|it| it > 0));
    assert!(
        all[1]["types"]["aws_s3_bucket"].is_u64()
            || all[1]["types"]["aws_cloudwatch_log_group"].is_u64()
    );
    let text = stdout(&archgen(&["capabilities", "kinexus", "--env", "production"]));
    assert!(text.contains("kinexus in production: Terraform\n"), "{text}");
    assert_eq!(code(&["capabilities", "no-such-name"]), Some(2));
}
