//! Where the state is kept: an S3 bucket with a lock file, and the small module that makes that bucket.
//!
//! <https://developer.hashicorp.com/terraform/language/backend/s3>

use std::collections::BTreeSet;

use archgen_core::Loc;
use archgen_core::resource::terraform::TerraformSettings;
use archgen_core::value::Value;

use super::address::{Address, Key};
use super::expr::{Expr, Object};
use super::module::{Block, File, Lifecycle, Mode, Module};
use super::settings::{place, versions};

#[cfg(test)]
mod tests;

/// Adds the backend; what it lacks is asked for in an example file.
pub(super) fn add(settings: &TerraformSettings, name: &str, environment: &str, out: &mut Module) {
    let stem = format!("{name}/{environment}");
    let key = given(settings.state_key.as_ref());
    let key = key.map_or_else(|| format!("{stem}/terraform.tfstate"), str::to_string);
    let bucket = given(settings.state_bucket.as_ref());
    let region = region(settings);
    let s3 = Object::new()
        .maybe("bucket", bucket.map(Expr::plain))
        .maybe("dynamodb_table", given(settings.lock_table.as_ref()).map(Expr::plain))
        .with("encrypt", true)
        .with("key", Expr::Plain(key))
        .maybe("region", region.map(Expr::plain))
        .with("use_lockfile", true);
    let backend = Object::new().with("s3", s3);
    out.section(File::Backend, "terraform", Object::new().with("backend", backend));
    let missing: Vec<&str> = [("bucket", bucket), ("region", region)]
        .into_iter()
        .filter(|(_, it)| it.is_none())
        .map(|it| it.0)
        .collect();
    if !missing.is_empty() {
        let mut text = format!(
            "# Where the state of {stem} is kept. Copy this file to `backend.hcl`, fill it in there, and run\n\
             #\n\
             #     terraform init -backend-config=backend.hcl\n\n"
        );
        for name in missing {
            text.push_str(&format!("{name} = \"\"\n"));
        }
        out.texts.insert("backend.hcl.example".to_string(), text.into_bytes());
    }
    if let Some(bucket) = bucket {
        for (path, text) in bootstrap(settings, bucket).files() {
            out.texts.insert(format!("bootstrap/{path}"), text);
        }
    }
}

/// A value that is written out.
fn given(it: Option<&Value<String>>) -> Option<&str> {
    it.and_then(Value::literal).map(String::as_str)
}

/// The Region of the bucket.
fn region(settings: &TerraformSettings) -> Option<&str> {
    given(settings.state_region.as_ref().or(settings.region.as_ref()))
}

/// The module that makes the bucket, and the table that locks if there is one. Its own state is a file:
/// there is no bucket for it yet.
fn bootstrap(settings: &TerraformSettings, bucket: &str) -> Module {
    let mut out = Module::default();
    let place = Object::new().and(
        // No variables here: what one gives is left to the environment.
        place(&TerraformSettings {
            region: region(settings).map(|it| Value::Literal(it.to_string())),
            allowed_account_ids: settings
                .allowed_account_ids
                .iter()
                .filter(|it| it.literal().is_some())
                .cloned()
                .collect(),
            ..TerraformSettings::default()
        }),
    );
    out.section(File::Main, "terraform", versions(settings));
    out.section(File::Main, "provider", Object::new().with("aws", place));
    let own = |kind| Address { kind, name: "state".to_string(), key: Key::None };
    let id = own("aws_s3_bucket").attribute("id");
    // Without its state Terraform no longer knows what it made.
    let keep = Lifecycle { prevent_destroy: true, ..Lifecycle::default() };
    let mut add = |kind, body: Object, lifecycle| {
        out.add(Block {
            mode: Mode::Resource,
            address: own(kind),
            resource: None,
            declaration: String::new(),
            loc: Loc::NONE,
            file: File::Main,
            body,
            depends_on: BTreeSet::new(),
            lifecycle,
        });
    };
    let one = |it: Object| Expr::List(vec![it.into()]);
    add("aws_s3_bucket", Object::new().with("bucket", bucket), keep.clone());
    add(
        "aws_s3_bucket_versioning",
        Object::new()
            .with("bucket", id.clone())
            .with("versioning_configuration", one(Object::new().with("status", "Enabled"))),
        Lifecycle::default(),
    );
    let algorithm = one(Object::new().with("sse_algorithm", "AES256"));
    add(
        "aws_s3_bucket_server_side_encryption_configuration",
        Object::new().with("bucket", id.clone()).with(
            "rule",
            one(Object::new().with("apply_server_side_encryption_by_default", algorithm)),
        ),
        Lifecycle::default(),
    );
    add(
        "aws_s3_bucket_public_access_block",
        Object::new()
            .with("block_public_acls", true)
            .with("block_public_policy", true)
            .with("bucket", id.clone())
            .with("ignore_public_acls", true)
            .with("restrict_public_buckets", true),
        Lifecycle::default(),
    );
    let arn = own("aws_s3_bucket").attribute("arn");
    let insecure = Object::new().with("aws:SecureTransport", "false");
    let statement = Object::new()
        .with("Sid", "OnlyOverTls")
        .with("Effect", "Deny")
        .with("Principal", "*")
        .with("Action", "s3:*")
        .with("Resource", vec![arn.clone(), Expr::concat([arn, Expr::from("/*")])])
        .with("Condition", Object::new().with("Bool", insecure));
    let policy = Object::new().with("Version", "2012-10-17").with("Statement", one(statement));
    add(
        "aws_s3_bucket_policy",
        Object::new()
            .with("bucket", id)
            .with("policy", Expr::call("jsonencode", [Expr::Name("local.policy".into())])),
        Lifecycle::default(),
    );
    let table = given(settings.lock_table.as_ref());
    if let Some(table) = table {
        let hash = Object::new().with("name", "LockID").with("type", "S");
        add(
            "aws_dynamodb_table",
            Object::new()
                .with("attribute", one(hash))
                .with("billing_mode", "PAY_PER_REQUEST")
                .with("hash_key", "LockID")
                .with("name", table),
            keep,
        );
    }
    out.locals.insert((File::Main, "policy".to_string()), policy.into());
    out.texts.insert("README.md".to_string(), readme(bucket, table).into_bytes());
    out
}

/// How the module is used.
fn readme(bucket: &str, table: Option<&str>) -> String {
    let (and_table, table_import) = match table {
        Some(it) => (
            format!(" and the DynamoDB table `{it}` that locks it"),
            format!("terraform import aws_dynamodb_table.state {it}\n"),
        ),
        None => (String::new(), String::new()),
    };
    format!(
        "# The bucket of the state\n\
         \n\
         This module makes the S3 bucket `{bucket}`, which holds Terraform's state{and_table}. Run it once, \
         with credentials of the account that shall own the bucket, before the module beside it:\n\
         \n\
         ```sh\n\
         terraform init\n\
         terraform apply\n\
         ```\n\
         \n\
         Its own state is the file `terraform.tfstate` in this folder. Losing it loses nothing: the bucket \
         stays. Where the bucket exists already, for another environment perhaps, there is nothing to run; \
         to look after it from here, import it first:\n\
         \n\
         ```sh\n\
         terraform import aws_s3_bucket.state {bucket}\n\
         {table_import}\
         ```\n"
    )
}
