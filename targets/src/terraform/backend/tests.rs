//! Where the state is kept, and the module that makes its bucket.

use archgen_core::resource::terraform::TerraformSettings;
use archgen_core::resource::{ResourceGraph, Vpc};
use archgen_core::value::Value as Given;
use serde_json::{Value, json};

use crate::Files;
use crate::terraform::write_graph;
use crate::testing::{Builder, ipv4};

fn literal(text: &str) -> Option<Given<String>> {
    Some(Given::Literal(text.to_string()))
}

fn files(settings: Option<TerraformSettings>) -> Files {
    let mut it = Builder::new();
    it.add("network.vpc", Vpc { cidr: ipv4("10.0.0.0/16") });
    let graph = ResourceGraph { terraform: settings, ..it.0 };
    let files = write_graph("shop", "production", &graph).files();
    // For Terraform itself.
    if graph.terraform.is_some()
        && let Ok(folder) = std::env::var("ARCHGEN_WRITE_MODULE")
    {
        crate::terraform::tests::write(&files, &format!("{folder}/with_bucket"));
    }
    files
}

fn s3(files: &Files) -> Value {
    let file: Value = serde_json::from_slice(&files["backend.tf.json"]).expect("is JSON");
    file["terraform"]["backend"]["s3"].clone()
}

fn text(files: &Files, path: &str) -> String {
    files.get(path).map(|it| String::from_utf8_lossy(it).into_owned()).unwrap_or_default()
}

#[test]
fn what_is_not_said_is_given_to_init() {
    let files = files(None);
    assert_eq!(
        s3(&files),
        json!({
            "encrypt": true,
            "key": "shop/production/terraform.tfstate",
            "use_lockfile": true,
        })
    );
    let example = text(&files, "backend.hcl.example");
    assert!(example.contains("terraform init -backend-config=backend.hcl"), "{example}");
    assert!(example.ends_with("bucket = \"\"\nregion = \"\"\n"), "{example}");
    assert!(files.keys().all(|it| !it.starts_with("bootstrap/")));
}

#[test]
fn what_is_said_stands_in_the_backend() {
    let files = files(Some(TerraformSettings {
        region: literal("eu-west-1"),
        state_bucket: literal("shop-state"),
        state_key: literal("a/b"),
        state_region: literal("us-east-1"),
        lock_table: literal("locks"),
        ..Default::default()
    }));
    assert_eq!(
        s3(&files),
        json!({
            "bucket": "shop-state",
            "dynamodb_table": "locks",
            "encrypt": true,
            "key": "a/b",
            "region": "us-east-1",
            "use_lockfile": true,
        })
    );
    assert!(!files.contains_key("backend.hcl.example"));
}

#[test]
fn the_bucket_is_where_the_architecture_is_unless_said_otherwise() {
    let region = literal("eu-west-1");
    let files = files(Some(TerraformSettings { region, ..Default::default() }));
    assert_eq!(s3(&files)["region"], "eu-west-1");
    assert!(text(&files, "backend.hcl.example").ends_with("\n\nbucket = \"\"\n"));
}

#[test]
fn a_small_module_makes_the_bucket_and_the_table() {
    let settings = TerraformSettings {
        region: Some(Given::Parameter("region".to_string())),
        allowed_account_ids: vec![
            Given::Literal("123456789012".to_string()),
            Given::Parameter("account".to_string()),
        ],
        state_bucket: literal("shop-state"),
        lock_table: literal("locks"),
        ..Default::default()
    };
    let files = files(Some(settings));
    let main: Value = serde_json::from_slice(&files["bootstrap/main.tf.json"]).expect("is JSON");
    // It has no variables: what one gives is left to the environment.
    assert_eq!(main["provider"]["aws"], json!({ "allowed_account_ids": ["123456789012"] }));
    let one = |kind: &str| main["resource"][kind]["state"].clone();
    let keep = json!({ "prevent_destroy": true });
    assert_eq!(one("aws_s3_bucket"), json!({ "bucket": "shop-state", "lifecycle": keep }));
    let id = "${aws_s3_bucket.state.id}";
    assert_eq!(
        one("aws_s3_bucket_versioning"),
        json!({ "bucket": id, "versioning_configuration": [{ "status": "Enabled" }] })
    );
    assert_eq!(
        one("aws_s3_bucket_server_side_encryption_configuration")["rule"],
        json!([{ "apply_server_side_encryption_by_default": [{ "sse_algorithm": "AES256" }] }])
    );
    let public = one("aws_s3_bucket_public_access_block");
    for it in [
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
    ] {
        assert_eq!(public[it], true, "{it}");
    }
    assert_eq!(one("aws_s3_bucket_policy")["policy"], "${jsonencode(local.policy)}");
    let statement = &main["locals"]["policy"]["Statement"][0];
    assert_eq!(statement["Effect"], "Deny");
    assert_eq!(statement["Condition"], json!({ "Bool": { "aws:SecureTransport": "false" } }));
    assert_eq!(
        one("aws_dynamodb_table"),
        json!({
            "attribute": [{ "name": "LockID", "type": "S" }],
            "billing_mode": "PAY_PER_REQUEST",
            "hash_key": "LockID",
            "name": "locks",
            "lifecycle": keep,
        })
    );
    let readme = text(&files, "bootstrap/README.md");
    assert!(readme.contains("`shop-state`") && readme.contains("`locks`"), "{readme}");
    assert!(readme.contains("terraform import aws_dynamodb_table.state locks"), "{readme}");
}
